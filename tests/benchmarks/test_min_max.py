"""The min/max rule by hand, and within every hard rule on random instances."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.min_max import Rule, min_max
from benchmarks.plan_folder import write_plan
from optimizer.audit import audit
from tests.reference.contract import Contract, read_contract
from tests.reference.random_instances import random_instance

SETTINGS: dict[str, Any] = {"name": "hand", "start": "2026-11-23", "periods": 6}
WEEKS = ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]


def contract(**more: dict[str, list[str]]) -> Contract:
    """Ten a week from two suppliers, the cheaper one two weeks away; 25 on hand and a safety stock of 5."""
    tables = {
        "items": {"item": ["A"]},
        "suppliers": {"supplier": ["near", "far"]},
        "sourcing": {
            "item": ["A", "A"], "supplier": ["near", "far"], "unit_cost": ["3", "2"], "lead_time": ["1", "2"],
            "multiple": ["", "8"],
        },
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["25"], "safety_stock": ["5"]},
        "demand": {"item": ["A"] * 6, "customer": ["C"] * 6, "due": WEEKS, "quantity": ["10"] * 6},
    }  # fmt: skip
    return read_contract(tables | more, SETTINGS)


def test_orders_up_to_the_level_from_the_cheapest_that_can_deliver() -> None:
    orders = min_max(contract(), Rule(cover=2)).orders
    # s = 10 × (2 + 1) + 5 = 35, S = 55 while "far" can deliver (up to week 3).
    # Week 0: position 25, 30 missing, 4 packs of 8 = 32. Week 1: 25 + 32 − 10 = 47. Week 2: 37. Week 3: 27, 28
    # missing, 32. Week 4: only "near" can deliver: s = 25, S = 45; position 49.
    assert orders == {("A", "far", "main", 0): 32, ("A", "far", "main", 3): 32}


def test_capacity_sends_the_rest_to_the_next_cheapest() -> None:
    capacity = {"supplier": ["far"], "period": ["2026-11-23"], "capacity": ["20"]}
    orders = min_max(contract(supplier_capacity=capacity), Rule(cover=2)).orders
    # Two packs of 8 fit into 20; 30 − 16 = 14 are left for "near".
    assert orders["A", "far", "main", 0] == 16
    assert orders["A", "near", "main", 0] == 14


def test_a_minimum_order_value_is_filled_up_or_waited_for() -> None:
    near_enough = {"supplier": ["near", "far"], "minimum_order_value": ["", "100"]}
    # 32 units are worth 64, more than half of 100: 50 units are needed, 7 packs are 56.
    assert min_max(contract(suppliers=near_enough), Rule(cover=2)).orders["A", "far", "main", 0] == 56
    too_far = {"supplier": ["near", "far"], "minimum_order_value": ["", "200"]}
    # Worth 64 of 200: nothing in week 0. Week 1: position 15, 40 missing, 80. Week 2: 5, 50 missing, 56 units for 112:
    # filled to 104.
    orders = min_max(contract(suppliers=too_far), Rule(cover=2)).orders
    assert orders["A", "far", "main", 2] == 104
    assert {key[3] for key in orders if key[1] == "far"} == {2}


def test_shares_hold_after_every_order() -> None:
    sourcing = {
        "item": ["A", "A"], "supplier": ["near", "far"], "unit_cost": ["3", "2"], "lead_time": ["1", "1"],
        "share_min": ["0.4", ""],
    }  # fmt: skip
    plan = min_max(contract(sourcing=sourcing), Rule(cover=1))
    # s = 25, S = 35. Week 0: 10 missing; "far" alone would have all, so "near" gets them. Week 1: 25 again, 10 from
    # "far" (10 of 20). Week 2: "far" would have 20 of 30, so "near". Week 3: "far" with 20 of 40; week 4: again,
    # because "near" then has 20 of 50, just 0.4.
    assert [(key[1], int(quantity)) for key, quantity in sorted(plan.orders.items(), key=lambda o: o[0][3])] == [
        ("near", 10), ("far", 10), ("near", 10), ("far", 10), ("far", 10),
    ]  # fmt: skip
    assert plan.given_up == ()


def test_scarce_stock_goes_to_the_oldest_line_first() -> None:
    demand = {
        "item": ["A"] * 3, "customer": ["late", "dear", "old"], "due": ["2026-11-23", "2026-11-23", "2026-11-09"],
        "quantity": ["10"] * 3, "backorder_cost": ["1", "2", "0.5"],
    }  # fmt: skip
    deliveries = min_max(contract(demand=demand)).deliveries
    # 25 on hand: 10 for the old line, 10 for whom waiting costs 2, 5 for the last.
    assert {key[0]: quantity for key, quantity in deliveries.items() if key[2] == 0} == {2: 10, 1: 10, 0: 5}


def test_demand_that_is_known_moves_the_levels() -> None:
    demand = {"item": ["A"], "customer": ["C"], "due": ["2026-12-21"], "quantity": ["60"]}
    orders = min_max(contract(demand=demand), Rule(cover=1, coming=True)).orders
    # Week 2 sees 60 due within its lead time + 1: 65 − 25 = 40 missing, 5 packs. The mean rule would have begun in
    # week 0.
    assert orders == {("A", "far", "main", 2): 40}


def test_random_plans_keep_every_hard_rule(tmp_path: Path) -> None:
    ordered = 0
    for seed in range(60):
        tables, settings = random_instance(seed, "small")
        instance = read_contract(tables, settings)
        plan = min_max(instance, Rule(coming=seed % 2 == 0))
        ordered += bool(plan.orders)
        write_plan(tmp_path / str(seed), instance, plan.orders, plan.deliveries)
        assert audit(tables, settings, tmp_path / str(seed)) == [], seed
        assert all(isinstance(quantity, Fraction) for quantity in plan.orders.values())
    assert ordered >= 25
