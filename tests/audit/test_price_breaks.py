"""The audit of price breaks: orders at the price of their quantity pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


def plan(folder: Path, kind: str) -> Planned:
    """12 wanted; 2 a unit, 1.5 from 10 on."""
    return planned(
        folder,
        suppliers=[{"minimum_order_value": 18}],
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 12}],
        price_breaks=[{"minimum_quantity": q, "unit_cost": c, "kind": kind} for q, c in ((10, 1.5), (20, 1.25))],
    )


@pytest.mark.parametrize(("kind", "cost"), [("all_units", 18), ("incremental", 23)])
def test_a_plan_at_its_prices_passes(tmp_path: Path, kind: str, cost: float) -> None:
    made = plan(tmp_path, kind)
    assert made.plan.accounts["purchase"] == pytest.approx(cost)
    assert made.violations() == []


@pytest.mark.parametrize(
    ("kind", "column", "cells"),
    [
        ("all_units", "unit_cost", ["1.4", "1.25"]),
        ("all_units", "minimum_quantity", ["12.1", "20"]),
        ("all_units", "minimum_quantity", ["10", "12"]),
        ("all_units", "kind", ["incremental", "incremental"]),
        ("incremental", "unit_cost", ["1.6", "1.25"]),
        ("incremental", "minimum_quantity", ["9", "20"]),
        ("incremental", "minimum_quantity", ["10", "11"]),
    ],
)
def test_other_prices_refuse_it(tmp_path: Path, kind: str, column: str, cells: list[str]) -> None:
    made = plan(tmp_path, kind)
    rules = made.violations(price_breaks={**made.source.text["price_breaks"], column: cells})
    assert {"account", "unit_cost", "order_value"} <= set(rules)


def test_the_value_of_the_suppliers_order_is_what_it_costs(tmp_path: Path) -> None:
    made = plan(tmp_path, "all_units")
    suppliers = {**made.source.text["suppliers"], "minimum_order_value": ["18.1"]}
    assert made.violations(suppliers=suppliers) == ["minimum_order_value"]


def test_dates_and_locations_count(tmp_path: Path) -> None:
    # One order of week 0 (Monday 2026-11-23) at `main`: 12 at 1.5.
    made = plan(tmp_path, "all_units")
    breaks = made.source.text["price_breaks"]

    def refused(**columns: list[str]) -> bool:
        return "account" in made.violations(price_breaks={**breaks, **columns})

    assert not refused(valid_from=["2026-11-25", "2026-11-25"])  # its week is the first
    assert refused(valid_from=["2026-11-30", "2026-11-30"])
    assert refused(valid_to=["2026-11-22", "2026-11-22"])
    assert refused(valid_to=["2026-11-23", ""], valid_from=["", "2026-11-24"], minimum_quantity=["13", "10"])
    assert not refused(valid_to=["2026-11-23", ""], valid_from=["", "2026-11-24"], minimum_quantity=["10", "11"])
    assert refused(location=["", "main"], minimum_quantity=["10", "11"])  # its own list comes first: 1.25
    assert not refused(location=["main", ""], minimum_quantity=["10", "11"])
