"""`replenish tune`: each way of tuning, what is printed, and calls that are wrong."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from optimizer import cli
from optimizer.commands import terminal
from optimizer.commands import tune as command
from tests.solve.in_process import InProcess
from tests.tune.breaking_even import tables

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in this process, in a folder with the instance `in`."""
    monkeypatch.setattr(command, "Engine", InProcess)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name, table in tables().items():
        rows = [",".join(table), *(",".join(cells) for cells in zip(*table.values(), strict=True))]
        (tmp_path / "in" / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = 'name = "even"\nstart = 2026-11-23\nperiods = 2\n[solve]\ntime_limit = 100000\n'
    (tmp_path / "in" / "instance.toml").write_text(text, encoding="utf-8")

    def one(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["replenish", *map(str, words)])
        monkeypatch.setattr(terminal, "out", Console(highlight=False, width=100, file=sys.stdout))
        monkeypatch.setattr(terminal, "err", Console(highlight=False, width=100, file=sys.stderr))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        text = capsys.readouterr()
        return int(ended.value.code or 0), text.out, text.err

    return one


def test_a_sweep(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("tune", "in", "--vary", "shortage_cost=0.5..2", "--steps", "4", "-o", "out")
    assert code == 0
    assert "× 1.5" in out
    assert "out" in out
    assert (tmp_path / "out" / "frontier.svg").is_file()


def test_a_target_as_json(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("tune", "in", "--target", "fill_rate=0.97", "--json")
    assert code == 0
    said = json.loads(out)
    assert said["targets"][0]["misses_at"] <= 1.25 <= said["targets"][0]["factor"]
    assert Path(said["folder"]).parent == tmp_path / "tuned" / "even"
    assert (tmp_path / "tuned" / "even" / "latest" / "suggested" / "items.csv").is_file()


def test_what_if(run: Run) -> None:
    # With 8 for a unit that is short, the break-even of 5 is at 0.625.
    code, out, _ = run("tune", "in", "--target", "fill_rate=1", "--json", "--set", "items.shortage_cost=8")
    assert code == 0
    assert json.loads(out)["targets"][0]["misses_at"] <= 0.625


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Say what to tune"),
        (["--vary", "shortage_cost=1..2", "--target", "fill_rate=1"], "Say what to tune"),
        (["--vary", "shortage=1..2"], "no table has a column 'shortage'"),
        (["--vary", "shortage_cost=1..2", "--steps", "1"], "2 to 1,000"),
        (["--target", "fill_rate=2"], "at most 1"),
        (["--frontier", "stability"], "no last plan"),
        (["--frontier", "fairness", "--last-plan", "x"], "goes with --frontier stability"),
        (["--frontier", "fairness"], "has one"),
        (["--target", "fill_rate=1", "--set", "nothing"], "--set"),
    ],
)
def test_a_wrong_call(words: list[str], message: str, run: Run, tmp_path: Path) -> None:
    code, out, err = run("tune", "in", *words)
    assert code == terminal.WRONG_CALL
    assert message in err
    assert out == ""
    assert not list(tmp_path.glob("tuned/even/2*"))
