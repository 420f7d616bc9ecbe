"""The command: tables for people, JSON for others, exit codes."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from optimizer import cli
from optimizer.commands import terminal

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`replenish explain` in this process: exit code, output, errors."""

    def one(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["replenish", "explain", *map(str, words)])
        monkeypatch.setattr(terminal, "out", Console(highlight=False, width=100, file=sys.stdout))
        monkeypatch.setattr(terminal, "err", Console(highlight=False, width=100, file=sys.stderr))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return one


def test_an_order_for_people(run: Run, cogs_plan: Path) -> None:
    code, out, _ = run(cogs_plan, "--order", "pin,near,2026-11-30", "--instead", "none", "--flip")
    assert code == 0
    for said in (
        "12 ordered, arrives 2026-12-07",
        "ending stock",
        "whole packs of pin, near, main",
        "Free to move: pin",
    ):
        assert said in out
    assert "How far from here pin,near,main,2026-11-30 stays" in out


def test_values_and_rules_as_json(run: Run, capacity_plan: Path) -> None:
    code, out, _ = run(capacity_plan, "--values", "--rules", "--supplier", "near", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["values"][0]["saves"] == pytest.approx(3.0)
    assert told["values"][0]["named"]["about"] == {"supplier": "near", "period": "2026-11-23"}
    assert {one["rule"] for one in told["rules"]} >= {"supplier_capacity"}
    code, out, _ = run(capacity_plan, "--values", "--item", "nut")
    assert code == 0
    assert "nut in stock at main in 2026-11-23" in out
    assert "a week less from other" in out


def test_lines_items_and_suppliers_for_people(run: Run, capacity_plan: Path) -> None:
    code, out, _ = run(capacity_plan, "--line", "cog,shop,2026-11-30", "--item", "cog", "--supplier", "near")
    assert code == 0
    for said in ("Price of a promise", "20.00", "Receipts and what they cover", "Supplier near"):
        assert said in out
    code, out, _ = run(capacity_plan, "--line", "nut,shop,2026-11-23", "--json")
    assert json.loads(out)["line"]["promise"]["most"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Ask for something"),
        (("--instead", "none"), "name it with --order"),
        (("--by", "2026-12-07"), "name it with --line"),
        (("--item", "bolt"), "there is no item 'bolt'"),
        (("--order", "cog,near,2027-11-01"), "outside the horizon"),
    ],
)
def test_wrong_calls(run: Run, cogs_plan: Path, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(cogs_plan, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_no_plan_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "--rules")[0] == 2


def test_a_plan_that_a_crash_set_aside_is_put_back_first(run: Run, cogs_plan: Path, tmp_path: Path) -> None:
    shutil.copytree(cogs_plan, tmp_path / "out.previous")
    (tmp_path / ".out.swap").write_text("swap\n")
    assert run(tmp_path / "out", "--supplier", "far")[0] == 0


def test_tables_that_changed_since_are_told(run: Run, cogs_plan: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (cogs_plan.parent / "instance").iterdir():
        text = file.read_text().replace("cog,1,5,100,0", "cog,2,5,100,0")
        (copy / file.name).write_text(text)
    code, _, err = run(cogs_plan, "--supplier", "far", "--instance", copy)
    assert code == 0
    # No cog waits in stock, so that the plan costs what it did.
    assert "items.csv changed since this was planned" in " ".join(err.split())
