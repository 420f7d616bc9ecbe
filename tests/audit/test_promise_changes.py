"""The audit of promise changes: what is told of a line that is planned passes, other words are refused."""

from pathlib import Path

import pytest

from optimizer.audit.promise_changes import PromiseChange
from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN

FILE = "promise_changes.csv"
HEADER = PromiseChange._fields[1:]
LINE = ["A", "C", "2026-11-30", "order", "main"]


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """10 of a are due in week 1 and come in week 2; of b, due with them, nothing ever comes."""
    made = planned(
        tmp_path,
        items=[PLAIN],
        sourcing=[{"unit_cost": 2, "lead_time": 2}],
        demand=[
            {"due": 1, "quantity": 10, "reference": "a", "location": "main"},
            {"due": 1, "quantity": 4, "reference": "b", "location": "main", "max_delay": 0},
            {"due": 2, "quantity": 3, "kind": "forecast", "reference": "f"},
        ],
    )
    rows = [
        ["later", *LINE, "a", "10", "2026-12-06", "2026-12-13", "0", "0"],
        ["short", *LINE, "b", "4", "2026-12-06", "", "0", "4"],
    ]
    text = "\n".join(",".join(row) for row in [list(HEADER), *rows]) + "\n"
    (made.folder / FILE).write_text(text, encoding="utf-8")
    (made.folder / "run.json").unlink()
    return made


def test_changes_of_promises_that_the_plan_makes_pass(plan: Planned) -> None:
    assert plan.violations() == []
    (plan.folder / FILE).unlink()
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("row", "column", "value", "wrong"),
    [
        (2, "change", "sooner", True), (2, "promise_before", "2026-12-20", True), (2, "promise_before", "", True),
        (2, "promise", "2026-12-20", True), (2, "promise", "", True), (2, "quantity", "9", True),
        (2, "short_quantity", "1", True), (2, "short_before", "1", True), (2, "reference", "b", True),
        (2, "reference", "x", True), (3, "change", "later", True), (3, "short_before", "5", True),
        (3, "promise", "2026-12-13", True), (2, "promise_before", "2026-11-30", False), (3, "short_before", "3", False),
    ],
)  # fmt: skip
def test_other_words(plan: Planned, row: int, column: str, value: str, wrong: bool) -> None:
    plan.cell(FILE, row, column, value)
    assert plan.violations() == (["promise_changes"] if wrong else [])


def test_a_line_is_told_of_once_and_a_forecast_never(plan: Planned) -> None:
    row = plan.rows(FILE)[1]
    plan.add(FILE, row)
    assert plan.violations() == ["promise_changes"]
    plan.cell(FILE, 4, "kind", "forecast")
    assert plan.violations() == ["promise_changes"]


def test_more_or_less_than_before(plan: Planned) -> None:
    plan.cell(FILE, 3, "short_before", "5")
    plan.cell(FILE, 3, "change", "covered")
    plan.cell(FILE, 2, "promise_before", "")
    plan.cell(FILE, 2, "change", "sooner")
    assert plan.violations() == []
