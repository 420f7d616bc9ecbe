"""The audit of shelf life: batches that are there and fresh enough pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN, day

FILE = "batches.csv"
TABLES: dict[str, Any] = {
    "items": [PLAIN | {"shelf_life": 2, "waste_cost": 3}],
    "customers": [{"customer": "C", "minimum_remaining_life": 1}, {"customer": "D"}],
    "inventory": [{"on_hand": 10}],
    "batches": [{"expiry": day(0, 6), "quantity": 5}],
    "open_orders": [{"arrival": 1, "quantity": 6, "expiry": day(1, 3)}],
    "demand": [
        {"due": 0, "quantity": 3, "customer": "C"}, {"due": 0, "quantity": 4, "customer": "D"},
        {"due": 1, "quantity": 7, "customer": "D"},
    ],
}  # fmt: skip
# Week 0: C gets 3 that last a week longer, D 4 of the 5 that expire: 1 wasted. In week 1 the other 2 and 6 of the order
# are one too many: it is thrown away at once.


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_with_batches_passes(plan: Planned) -> None:
    assert plan.rows(FILE)[1:] == [
        ["A", "main", "2026-11-29", "2026-11-23", "4", "1"],
        ["A", "main", "2026-12-06", "2026-11-23", "3", "1"],
        ["A", "main", "2026-12-06", "2026-11-30", "7", "0"],
    ]
    assert plan.plan.accounts["waste"] == pytest.approx(6)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("row", "column", "value", "rules"),
    [
        (2, "taken", "5", {"batch"}), (2, "taken", "3", {"batch"}), (3, "taken", "4", {"batch"}),
        (2, "wasted", "0", {"batch", "wasted", "balance", "account"}), (3, "wasted", "2", {"batch"}),
        (2, "expiry", "2026-12-06", {"batch"}), (2, "expiry", "2026-12-01", {"batch"}),
        (2, "expiry", "soon", {"batch"}),
        (4, "period", "2026-12-07", {"batch"}), (2, "item", "Z", {"batch"}), (4, "wasted", "-1", {"batch"}),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_refused(plan: Planned, row: int, column: str, value: str, rules: set[str]) -> None:
    plan.cell(FILE, row, column, value)
    assert rules <= set(plan.violations())


def test_waste_is_told_in_the_inventory_too(plan: Planned) -> None:
    plan.cell("inventory.csv", 2, "wasted", "0")
    assert "wasted" in plan.violations()


@pytest.mark.parametrize(
    ("table", "column", "cells", "rule"),
    [
        ("items", "shelf_life", ["1"], "batch"), ("items", "waste_cost", ["4"], "account"),
        ("items", "shelf_life", ["3"], "batch"), ("batches", "quantity", ["4"], "batch"),
        ("batches", "expiry", [day(1, 6)], "batch"), ("open_orders", "expiry", [""], "batch"),
        ("customers", "minimum_remaining_life", ["2", "0"], "batch"),
        ("customers", "minimum_remaining_life", ["1", "1"], "batch"),
    ],
)  # fmt: skip
def test_another_instance_refuses_it(plan: Planned, table: str, column: str, cells: list[str], rule: str) -> None:
    assert rule in plan.violations(**{table: {**plan.source.text[table], column: cells}})


def test_what_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / FILE).unlink()
    assert {"batch", "balance", "account"} <= set(plan.violations())


def test_a_batch_may_last_beyond_the_horizon(tmp_path: Path) -> None:
    items = [PLAIN | {"shelf_life": 9}]
    plan = planned(tmp_path, items=items, inventory=[{"on_hand": 3}], demand=[{"due": 0, "quantity": 3}])
    assert plan.rows(FILE)[1:] == [["A", "main", "2027-01-24", "2026-11-23", "3", "0"]]
    assert plan.violations() == []


def test_who_is_not_listed_asks_for_no_more_than_the_period(plan: Planned) -> None:
    assert plan.violations(customers={"customer": ["C"], "minimum_remaining_life": ["1"]}) == []


def test_an_open_order_of_the_first_week_has_its_own_expiry(tmp_path: Path) -> None:
    orders = [{"arrival": 0, "quantity": 6, "expiry": day(0, 3)}]
    items = [PLAIN | {"shelf_life": 2}]
    plan = planned(tmp_path, items=items, open_orders=orders, demand=[{"due": 0, "quantity": 6}])
    assert plan.rows(FILE)[1:] == [["A", "main", "2026-11-29", "2026-11-23", "6", "0"]]
    assert plan.violations() == []


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"unit_cost": 2, "lead_time": 1}])
    alone = {"items": TABLES["items"], "inventory": [{}], "demand": [{"due": 2, "quantity": 9}]}
    assert decided_as_a_whole(**alone, sourcing=[{"unit_cost": 2, "lead_time": 0}])


def test_beside_what_expires_there_may_be_what_keeps(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        items=[PLAIN | {"shelf_life": 2}, PLAIN | {"item": "B"}],
        inventory=[{"on_hand": 3}],
        open_orders=[{"arrival": 1, "quantity": 5, "item": "B"}],
        demand=[{"due": 0, "quantity": 3}, {"item": "B", "due": 1, "quantity": 5}],
    )
    assert [row[0] for row in plan.rows(FILE)[1:]] == ["A"]
    assert plan.violations() == []


def test_what_keeps_for_ever_has_no_batches(plan: Planned) -> None:
    plan.add(FILE, ["Z", "main", "2026-11-29", "2026-11-23", "1", "0"])
    assert "batch" in plan.violations()


@pytest.mark.parametrize("text", [None, b"\xff", b"item,location,period,wasted\nA,main,2026-11-23,x\n"])
def test_an_inventory_that_cannot_be_read_is_refused(plan: Planned, text: bytes | None) -> None:
    path = plan.folder / "inventory.csv"
    path.unlink() if text is None else path.write_bytes(text)
    assert "file" in plan.violations()


def test_batches_and_orders_that_tell_of_nothing_else(plan: Planned) -> None:
    """A batch of no stock here, one without a day, and an order after the horizon with one."""
    text = plan.source.text
    batches = {name: [*cells, cells[0], cells[0]] for name, cells in text["batches"].items()}
    batches["location"][1:], batches["expiry"][1:] = ["nowhere", "main"], [batches["expiry"][0], ""]
    orders = {name: [*cells, cells[0]] for name, cells in text["open_orders"].items()}
    orders["order"][1], orders["arrival"][1], orders["expiry"][1] = "late", "2027-06-07", "2027-06-21"
    assert plan.violations(batches=batches, open_orders=orders) == []
