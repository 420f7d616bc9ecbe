"""The audit of supplier counts: plans with so many suppliers pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


def plan(folder: Path, item: dict[str, Any], settings: dict[str, Any] | None = None) -> Planned:
    """10 wanted; S sells at 2, Z at 3."""
    return planned(
        folder,
        items=[PLAIN | item],
        suppliers=[{"supplier": "S"}, {"supplier": "Z"}],
        sourcing=[{"supplier": s, "unit_cost": cost, "lead_time": 0} for s, cost in (("S", 2), ("Z", 3))],
        demand=[{"due": 0, "quantity": 10}],
        settings=settings,
    )


def test_a_plan_with_two_suppliers_passes_and_with_other_limits_not(tmp_path: Path) -> None:
    made = plan(tmp_path, {"minimum_suppliers": 2, "supplier_quantity": 4, "maximum_suppliers": 2})
    assert made.plan.objective == pytest.approx(6 * 2 + 4 * 3)
    assert made.violations() == []
    items = made.source.text["items"]
    for column, cell, rule in (
        ("minimum_suppliers", "3", "minimum_suppliers"),
        ("maximum_suppliers", "1", "maximum_suppliers"),
        ("supplier_quantity", "4.1", "supplier_quantity"),
    ):
        assert made.violations(items={**items, column: [cell]}) == [rule]


def test_who_gets_a_unit_counts_as_a_supplier_unless_more_is_asked(tmp_path: Path) -> None:
    made = plan(tmp_path, {"minimum_suppliers": 2, "supplier_quantity": 4, "maximum_suppliers": 2})
    row = next(k for k, row in enumerate(made.rows("purchase_orders.csv"), start=1) if row[1] == "Z")
    items = made.source.text["items"] | {"supplier_quantity": [""]}
    for quantity, too_little in (("1.5", False), ("1", False), ("0.9", True)):
        made.cell("purchase_orders.csv", row, "quantity", quantity)
        assert ("supplier_quantity" in made.violations(items=items)) == too_little


def test_the_number_of_all_suppliers(tmp_path: Path) -> None:
    made = plan(tmp_path, {}, {"sourcing": {"maximum_suppliers": 1}})
    assert made.plan.objective == pytest.approx(20)
    assert made.violations() == []
    made.source.settings_text["sourcing"] = {"maximum_suppliers": 0}
    assert made.violations() == ["maximum_suppliers"]
