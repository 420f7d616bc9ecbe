"""The audit of open order changes: those within terms pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN

FILE = "open_order_changes.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"item": item} for item in "ABC"],
        demand=[{"due": 0, "quantity": 10}, {"item": "B", "due": 3, "quantity": 10}],
        open_orders=[
            {"order": "a", "arrival": "2026-W50", "quantity": 10, "sooner_periods": 2, "sooner_cost": 2},
            {"order": "b", "arrival": 1, "quantity": 10, "later_periods": 2, "later_cost": 0.5, "change_cost": 3}
            | {"item": "B"},
            {"order": "c", "arrival": 0, "quantity": 7, "cancel_cost": 2, "unit_cost": 1.5, "item": "C"},
        ],
    )


def test_changes_within_terms_pass(plan: Planned) -> None:
    # a in week 0 for 40, not 60 of waiting; b in week 3 for 3 + 10, not 20 of holding; nobody wants c: 3.5, not 28.
    changes = {row[0]: row[6:] for row in plan.rows(FILE)[1:]}
    assert changes == {
        "a": ["expedite", "2026-11-23", "40"], "b": ["postpone", "2026-12-14", "13"], "c": ["cancel", "", "3.5"],
    }  # fmt: skip
    assert plan.rows(FILE)[1][2] == "2026-W50"
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        (2, "new_arrival", "2026-11-30", "receipts"), (2, "action", "postpone", "open_order_change"),
        (2, "new_arrival", "2027-11-30", "open_order_change"), (2, "arrival", "2026-12-07", "open_order_change"),
        (2, "quantity", "9", "open_order_change"), (3, "cost", "12", "open_order_change"),
        (3, "new_arrival", "2026-11-30", "open_order_change"), (3, "new_arrival", "", "open_order_change"),
        (4, "new_arrival", "2026-11-30", "open_order_change"), (4, "item", "B", "open_order_change"),
    ],
)  # fmt: skip
def test_a_change_that_is_wrong_is_refused(plan: Planned, row: int, column: str, value: str, rule: str) -> None:
    plan.cell(FILE, row, column, value)
    assert rule in plan.violations()


@pytest.mark.parametrize(
    ("column", "values", "rule"),
    [
        ("sooner_periods", ["1", "", ""], "open_order_change"), ("sooner_cost", ["3", "", ""], "account"),
        ("later_periods", ["", "1", ""], "open_order_change"), ("later_cost", ["", "1", ""], "account"),
        ("change_cost", ["", "", "1"], "account"), ("cancel_cost", ["", "", ""], "open_order_change"),
        ("unit_cost", ["", "", "1"], "account"),
    ],
)  # fmt: skip
def test_other_terms_refuse_it(plan: Planned, column: str, values: list[str], rule: str) -> None:
    assert rule in plan.violations(open_orders={**plan.source.text["open_orders"], column: values})


def test_a_change_that_is_not_told_or_told_twice_is_refused(plan: Planned) -> None:
    plan.cell(FILE, 3, "order", "a")
    plan.cell(FILE, 3, "arrival", "2026-W50")
    assert {"open_order_change", "receipts"} <= set(plan.violations())


def test_an_order_is_changed_once(plan: Planned) -> None:
    plan.add(FILE, plan.rows(FILE)[1])
    assert "open_order_change" in plan.violations()


def test_an_order_after_the_horizon_is_not_changed(plan: Planned) -> None:
    orders = plan.source.text["open_orders"]
    assert "open_order_change" in plan.violations(
        open_orders={**orders, "arrival": ["2027-06-07", *orders["arrival"][1:]]}
    )
