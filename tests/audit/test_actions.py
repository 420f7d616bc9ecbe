"""The audit of the worklist: one that says what the plan says passes, any other is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN

FILE = "actions.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """Rank 1 a line that is short (1,000), 2 an order to release (10 of B at 3: 30), 3 an overdue one (30)."""
    return planned(
        tmp_path,
        items=[PLAIN, PLAIN | {"item": "B"}],
        sourcing=[{"item": "B", "unit_cost": 2, "lead_time": 2}],
        open_orders=[{"order": "PO", "arrival": "2026-11-02", "quantity": 10}],
        demand=[{"due": 1, "quantity": 10}, {"due": 3, "quantity": 10}, {"item": "B", "due": 2, "quantity": 10}],
    )


def test_what_the_plan_says_passes(plan: Planned) -> None:
    assert [row[1] for row in plan.rows(FILE)[1:]] == ["tell", "release", "chase"]
    assert plan.violations() == []
    (plan.folder / FILE).unlink()
    (plan.folder / "run.json").unlink()
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (2, "rank", "3"), (2, "action", "chase"), (2, "quantity", "9"), (2, "customer", "D"),
        (2, "promise", "2026-12-20"),
        (2, "money", "999"), (2, "money", "1"), (3, "item", "A"), (3, "supplier", "T"), (3, "quantity", "11"),
        (3, "money", "21"), (3, "latest_safe_date", "2026-12-06"), (3, "latest_safe_date", ""),
        (3, "cost_of_waiting", "-1"), (3, "promise", "2026-12-06"), (4, "reference", "PO 1"),
        (4, "latest_safe_date", "2026-12-13"), (4, "cost_of_waiting", "31"), (4, "action", "tell"),
        (2, "due", "2026-12-15"), (2, "latest_safe_date", "2026-12-13"), (2, "cost_of_waiting", "1"), (3, "due", ""),
        (3, "due", "2026-12-14"), (3, "cost_of_waiting", "30.01"), (4, "due", "2026-11-03"), (4, "money", "20.01"),
    ],
)  # fmt: skip
def test_another_word_is_refused(plan: Planned, row: int, column: str, value: str) -> None:
    plan.cell(FILE, row, column, value)
    assert "actions" in plan.violations()


@pytest.fixture
def changed(tmp_path: Path) -> Planned:
    """10 are brought in, 10 of B put off, 7 of C cancelled; D's comes by air but for 4, two lines of it are late."""
    return planned(
        tmp_path,
        items=[PLAIN | {"item": item} for item in "ABCD"],
        sourcing=[{"item": "D", "unit_cost": 2, "lead_time": 2, "order_cost": 1}],
        transport_modes=[{"mode": "air", "lead_time": 1, "unit_cost": 1}],
        demand=[
            {"due": 0, "quantity": 10},
            {"item": "B", "due": 3, "quantity": 10},
            {"item": "D", "due": 1, "quantity": 5},
            {"item": "D", "due": 2, "quantity": 4},
            {"item": "D", "due": 0, "quantity": 1},
            {"item": "D", "due": "2026-11-16", "quantity": 1},
        ],
        open_orders=[
            {"order": "a", "arrival": "2026-W50", "quantity": 10, "sooner_periods": 2, "sooner_cost": 2},
            {"order": "b", "arrival": 1, "quantity": 10, "later_periods": 2, "later_cost": 0.5, "item": "B"},
            {"order": "c", "arrival": 0, "quantity": 7, "cancel_cost": 2, "unit_cost": 1.5, "item": "C"},
        ],
    )


@pytest.mark.parametrize("column", ["due", "latest_safe_date", "cost_of_waiting", "money", "promise"])
def test_every_cell_is_judged(changed: Planned, column: str) -> None:
    header, *told = changed.rows(FILE)
    named = {(row[1], row[2]) for row in told}
    assert named == {
        ("expedite", "A"), ("postpone", "B"), ("cancel", "C"), ("expedite", "D"), ("release", "D"), ("tell", "D"),
    }  # fmt: skip
    place = header.index(column)
    for number, row in enumerate(told, start=2):
        changed.cell(FILE, number, column, "7777" if column in ("money", "cost_of_waiting") else "2026-12-25")
        assert "actions" in changed.violations(), row
        changed.cell(FILE, number, column, row[place])
    assert changed.violations() == []


def test_a_row_that_is_missing_or_told_twice_is_refused(plan: Planned) -> None:
    path = plan.folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert "actions" in plan.violations()
    path.write_text("".join([*lines, lines[-1].replace("3,", "4,", 1)]), encoding="utf-8")
    assert "actions" in plan.violations()
