"""The frame of campaigns: numbers, what is kept, Ctrl-C, what is printed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaigns.campaign import Campaign, Run, carried_out, main, on_instances
from tests.campaigns.drawn.instance import without_rules
from tests.campaigns.drawn.rule import Drawn


def case(number: int, run: Run) -> Iterator[str]:
    run.counts["odd"] += number % 2
    run.most("largest", number)
    if number == 3:
        yield "three"
    if number == 5:
        raise ZeroDivisionError("five")


COUNTED = Campaign("counted", 99, "0", 6, 2, case)


def test_cases_are_numbered_from_the_seed_on() -> None:
    run = carried_out(COUNTED, 2, 3)
    assert (run.cases, run.counts["odd"], run.figures["largest"]) == (2, 1, 4)
    assert [(one["case"], one["what"]) for one in run.found] == [(3, "three")]
    assert carried_out(COUNTED, 2, 3, "--at-most", "-1").cases == 0


def test_figures_are_printed_and_the_code_says_whether_anything_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(COUNTED, ["--count", "2"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {name: printed[name] for name in ("campaign", "row", "count", "seed", "found", "largest")} == {
        "campaign": "counted", "row": 99, "count": 2, "seed": 1, "found": 0, "largest": 2,
    }  # fmt: skip
    assert main(COUNTED, []) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [one["what"] for one in printed["wrong"]] == ["three", "ZeroDivisionError: five"]


def test_after_ctrl_c_there_is_what_there_was_by_then() -> None:
    def stopped(number: int, run: Run) -> Iterator[str]:
        if number == 4:
            raise KeyboardInterrupt
        yield "no"

    run = carried_out(Campaign("stopped", 99, "0", 9, 1, stopped), 9, 1)
    assert (run.cases, len(run.found), run.figures) == (3, 3, {"stopped": True})


def test_what_cases_share_is_made_once_and_stays() -> None:
    def shares(number: int, run: Run) -> Iterator[str]:
        home = run.once("home", lambda home: home)
        yield f"{len(list(home.iterdir()))}"
        (home / str(number)).touch()

    run = carried_out(Campaign("shares", 99, "0", 9, 1, shares), 3, 1)
    assert [one["what"] for one in run.found] == ["0", "1", "2"]


def test_an_instance_of_which_something_is_wrong_is_kept(tmp_path: Path) -> None:
    def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
        if number == 2:
            yield "wrong"

    campaign = Campaign("kept", 99, "0", 9, 1, on_instances(without_rules, check))
    run = carried_out(campaign, 3, 1, keep=tmp_path)
    assert [one["folder"] for one in run.found] == [str(tmp_path / "kept-2")]
    assert [path.name for path in tmp_path.iterdir()] == ["kept-2"]
    assert 'check = "kept"' in (tmp_path / "kept-2" / "case.toml").read_text(encoding="utf-8")
