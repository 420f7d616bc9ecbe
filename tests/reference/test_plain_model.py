"""The plain model on instances that are solved by hand, and with two solvers."""

from fractions import Fraction
from typing import Any

import pytest

from tests.reference.contract import Contract, read_contract
from tests.reference.plain_model import common_multiple, solve, solve_tables
from tests.reference.random_instances import random_instance

SETTINGS: dict[str, Any] = {"name": "hand", "start": "2026-11-23", "periods": 3}


def tables(**more: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    """One item at 2 a unit, packs of 5, a week on the way; 4 units due now and 6 in week 1; one on hand."""
    base = {
        "items": {
            "item": ["A"], "holding_cost": ["0.5"], "backorder_cost": ["1"], "shortage_cost": ["50"], "ending_value":
            ["0"],
        },
        "suppliers": {"supplier": ["S"], "order_cost": ["3"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["1"], "multiple": ["5"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["1"]},
        "demand": {"item": ["A"] * 2, "customer": ["C"] * 2, "due": ["2026-11-23", "2026-11-30"], "quantity": ["4",
        "6"]},
    }  # fmt: skip
    return base | more


def read(extra: dict[str, Any] | None = None, **more: dict[str, list[str]]) -> Contract:
    return read_contract(tables(**more), SETTINGS | (extra or {}))


@pytest.mark.parametrize("solver", ["highs", "scip"])
def test_one_order_of_two_packs(solver: Any) -> None:
    # 10 units: 20 purchase + 3 order + 3 units of the first line wait a week: 3; one unit is left for weeks 1 and 2: 2
    # × 0.5.
    assert solve(read(), solver=solver).objective == pytest.approx(20 + 3 + 3 + 1)


def test_fractional_packs() -> None:
    # Only what is missing, 9 units, is bought: 18 + 3 + 3 waiting, and nothing is left.
    assert solve(read({"horizon": {"whole_packs": 0}})).objective == pytest.approx(24)


def test_a_frozen_week_makes_everything_wait() -> None:
    # The order lands in week 2: 3 units wait two weeks, 6 units one; a unit is left at the end.
    assert solve(read({"horizon": {"frozen": 1}})).objective == pytest.approx(20 + 3 + 6 + 6 + 0.5)


def test_capacity_overtime_and_setup() -> None:
    capacity = {
        "supplier": ["S"] * 2, "period": ["2026-11-23", "2026-11-30"], "capacity": ["7", "0"],
        "overtime_capacity": ["5", ""], "overtime_cost": ["4", ""],
    }  # fmt: skip
    sourcing = tables()["sourcing"] | {"capacity_setup": ["2"]}
    # Ten units and a setup of 2 use 12: 5 above 7, at 4 each = 20 on top of the 27.
    assert solve(read(supplier_capacity=capacity, sourcing=sourcing)).objective == pytest.approx(47)


def test_a_minimum_order_value_is_filled_or_nothing_is_ordered() -> None:
    suppliers = {"supplier": ["S"], "minimum_order_value": ["21"]}
    # Fifteen units for 30; 3 wait; 6 are left for two weeks: 6 × 0.5 × 2.
    assert solve(read(suppliers=suppliers)).objective == pytest.approx(30 + 3 + 6)
    suppliers = {"supplier": ["S"], "minimum_order_value": ["1000"], "maximum_order_value": ["1004"]}
    # 500 units for 1000, 3 wait, 491 are left twice: 491; all is short instead: 9 × 50 = 450.
    assert solve(read(suppliers=suppliers)).objective == pytest.approx(450)


def test_shares_split_an_item() -> None:
    sourcing = {
        "item": ["A"] * 2, "supplier": ["S", "R"], "unit_cost": ["2", "3"], "lead_time": ["1"] * 2,
        "share_max": ["0.5", ""],
    }  # fmt: skip
    suppliers = {"supplier": ["S", "R"]}
    # Of the 9 units half are bought at 2 and half at 3: 22.5, and 3 wait.
    assert solve(read(sourcing=sourcing, suppliers=suppliers)).objective == pytest.approx(25.5)


def test_safety_stock_overstock_and_ending_value() -> None:
    inventory = {
        "item": ["A"], "location": ["main"], "on_hand": ["20"], "safety_stock": ["12"], "safety_stock_cost": ["0.7"],
        "maximum": ["15"], "overstock_cost": ["0.25"],
    }  # fmt: skip
    items = tables()["items"] | {"ending_value": ["1.5"]}
    # Stock 16, 10, 10: holding 18; one above 15: 0.25; two below 12 twice: 2.8; ten left: −15.
    assert solve(read(inventory=inventory, items=items)).objective == pytest.approx(18 + 0.25 + 2.8 - 15)


def test_steps_leave_the_odd_unit_short() -> None:
    items = tables()["items"] | {"quantity_step": ["4"]}
    demand = tables()["demand"] | {"quantity": ["4", "6"]}
    # One on hand can never be delivered (steps of 4). A common multiple of 4 and 5: an order of 20 serves 4 (which
    # wait) and 4: 40 + 3 + 4 waiting + 2 short × 50 + 13 left × 0.5 in weeks 1 and 2 + 0.5 for the unit in week 0 =
    # 160.5.
    assert solve(read(items=items, demand=demand)).objective == pytest.approx(40 + 3 + 4 + 100 + 13 + 0.5)


def test_given_orders_are_priced() -> None:
    key = ("A", "S", "main", 0)
    assert solve(read(), fixed_orders={key: 10}).objective == pytest.approx(27)
    assert solve(read(), fixed_orders={}).objective == pytest.approx(450)  # 9 units short at 50
    assert solve(read(), fixed_orders={key: 7}).status == "none"  # no whole pack
    assert solve(read(), fixed_orders={("A", "S", "main", 2): 5}).status == "none"  # lands after the horizon


def test_two_solvers_agree() -> None:
    for seed in range(12):
        tables, settings = random_instance(seed, "small")
        highs, scip = (solve_tables(tables, settings, solver=solver) for solver in ("highs", "scip"))
        assert highs.objective == pytest.approx(scip.objective, rel=1e-6, abs=1e-4), seed


def test_common_multiples_of_fractions() -> None:
    assert common_multiple(Fraction(4), Fraction(6)) == 12
    assert common_multiple(Fraction(1, 2), Fraction(3, 4)) == Fraction(3, 2)
    assert common_multiple(None, Fraction(3)) == 3
    assert common_multiple(None, None) == 0
