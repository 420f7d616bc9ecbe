"""The page about reliability is what its command makes of the kept figures; they are kept with date and commit."""

import json
from pathlib import Path

import pytest

from tests.campaigns import __main__ as command
from tests.campaigns import page, results
from tests.campaigns.scoreboard import HERE, ROWS, framed, row_of, there


def test_the_page_is_what_the_command_writes() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page(
        results.latest(), page.NOTES.read_text(encoding="utf-8")
    ), "write it anew: python -m tests.campaigns.page"


def test_rows_and_found_cases_are_on_the_page() -> None:
    figures = {
        "campaign": "metamorphic", "row": 8, "count": 4321, "seed": 1, "seconds": 9.0, "found": 1, "date": "2026-11-23",
        "commit": "abc1234", "command": "python -m tests.campaigns.metamorphic --count 4321", "rows permuted": 432,
        "rules": {"a": 3, "b": 5}, "wrong": [{"case": 7, "what": "a | b", "folder": None}],
    }  # fmt: skip
    text = page.page({"metamorphic": figures}, "## Notes\n")
    assert "| 4,321 `metamorphic` | 1 | 2026-11-23 | abc1234 |" in text
    assert "rows permuted: 432" in text and "2 kinds, of each 3 to 5" in text and "- found: a \\| b" in text
    assert text.count("\n| ") >= len(ROWS)


def test_figures_are_kept_in_the_order_of_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    for name, count in (("roads", 5), ("audited", 7), ("roads", 9)):
        results.keep({"campaign": name, "count": count, "seed": 1, "found": 0}, path=path)
    kept = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(one["campaign"], one["count"]) for one in kept] == [("audited", 7), ("roads", 9)]
    assert kept[1]["command"] == "python -m tests.campaigns.roads --count 9 --seed 1"
    assert kept[1]["date"] and kept[1].keys() >= {"commit"}


def test_every_campaign_has_its_row_and_every_row_its_number() -> None:
    assert [row.number for row in ROWS] == list(range(1, 25))
    for name in framed():
        row = row_of(name)
        assert row is not None and f"row {row.number}" not in name
    commands = {path.stem for path in HERE.glob("[!t]*.py") if "\nif __name__" in path.read_text(encoding="utf-8")}
    named = {name for row in ROWS for name in row.campaigns}
    without = {"__main__", "baseline", "page", "shrink", "explanations", "marginal_values", "sweeps"}  # a row
    assert commands - named <= without


def test_rows_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    told = capsys.readouterr().out
    assert all(f"python -m tests.campaigns.{name}" in told for row in ROWS for name in row.campaigns if there(name))


def test_a_campaign_that_prints_no_figures_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PYTHON", ["python3", "-c", "print('no')"])
    assert command._full("audited", [])["found"] == 1
