"""The audit of substitutes: what the customer consents to passes, anything else is refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN

FILE = "allocations.csv"
TABLES: dict[str, Any] = {
    "items": [PLAIN | {"item": "A", "quantity_step": 1}, PLAIN | {"item": "B", "quantity_step": 2}],
    "customers": [{"customer": "C"}],
    "inventory": [{"item": "A", "on_hand": 4}, {"item": "B", "on_hand": 20}],
    "demand": [{"item": "A", "due": 0, "quantity": 10}],
    "substitutes": [{"item": "A", "substitute": "B", "ratio": 2, "unit_cost": 5}],
}


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES, sourcing=[{"item": "A", "unit_cost": 2, "lead_time": 99}])


def test_a_plan_with_a_substitute_passes(plan: Planned) -> None:
    assert [(row[8], row[11]) for row in plan.rows(FILE)[1:]] == [("4", ""), ("6", "B")]
    assert plan.plan.accounts["substitution"] == pytest.approx(30)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("row", "value", "rules"),
    [(3, "", {"account", "delivered"}), (3, "A", {"substitute"}), (3, "Z", {"substitute"}), (2, "B", {"account"})],
)
def test_another_item_is_refused(plan: Planned, row: int, value: str, rules: set[str]) -> None:
    plan.cell(FILE, row, "delivered_item", value)
    assert rules <= set(plan.violations())


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("unit_cost", "6", "account"), ("ratio", "1", "delivered"), ("ratio", "1.5", "substitute"),
        ("customer", "D", "substitute"), ("substitute", "A", "substitute"),
    ],
)  # fmt: skip
def test_another_row_refuses_it(plan: Planned, column: str, value: str, rule: str) -> None:
    assert rule in plan.violations(substitutes={**plan.source.text["substitutes"], column: [value]})


def test_a_customer_who_says_no_is_asked_in_its_own_row_only(plan: Planned) -> None:
    customers = {**plan.source.text["customers"], "substitutes": ["no"]}
    assert "substitute" in plan.violations(customers=customers)
    rows = plan.source.text["substitutes"]
    assert plan.violations(customers=customers, substitutes={**rows, "customer": ["C"]}) == []


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"item": name, "unit_cost": 2, "lead_time": 1} for name in "AB"])


def test_reserved_stock_is_no_substitute(plan: Planned) -> None:
    for item in "AB":
        assert plan.violations(reserved_stock={"item": [item], "tier": ["1"], "quantity": ["0"]}) == ["reserved_stock"]


@pytest.mark.parametrize("text", [None, b"\xff,"])
def test_deliveries_that_cannot_be_read_are_told_once(plan: Planned, text: bytes | None) -> None:
    path = plan.folder / FILE
    path.unlink() if text is None else path.write_bytes(text)
    rules = plan.violations()
    assert "file" in rules and "substitute" not in rules
