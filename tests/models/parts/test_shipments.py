"""Shipments, by hand."""

from itertools import pairwise
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "mill", "minimum_shipment": 7}],
    "demand": [{"item": "nut", "customer": "mill", "due": 1, "quantity": 8}],
}


def made(least: float, **more: Any) -> Any:
    """C wants 4 of A this week and 3 of B next week; all are there. A week of waiting costs 3, one on hand 1."""
    tables: dict[str, Any] = {
        "items": [PLAIN, PLAIN | {"item": "B"}],
        "customers": [{"customer": "C", "minimum_shipment": least}],
        "inventory": [{"on_hand": 4}, {"item": "B", "on_hand": 3}],
        "demand": [{"due": 0, "quantity": 4}, {"item": "B", "due": 1, "quantity": 3}],
    }
    return instance(periods=3, **{**tables, **more})


def given(least: float, **more: Any) -> dict[tuple[int, int], float]:
    """Quantity by demand line and period."""
    values = solved(made(least, **more)).values.get("deliver", {})
    return {(d, t): quantity for (d, _, t), quantity in values.items()}


def test_small_shipments_wait_for_each_other() -> None:
    assert given(0) == {(0, 0): 4, (1, 1): 3}
    # 4 of A leave with 3 of B in week 1: 4 × (3 + 1), and 3 for B in week 0.
    assert given(5) == {(0, 1): 4, (1, 1): 3}
    assert solved(made(5)).objective == pytest.approx(16 + 3)
    # With 4 only B is too small: one of A could leave with it, and the 3 that are left be too few. All waits.
    assert given(4) == {(0, 1): 4, (1, 1): 3}
    assert given(8) == {}


def test_each_location_and_customer_counts_by_itself() -> None:
    apart: dict[str, Any] = {"inventory": [{"on_hand": 4}, {"item": "B", "location": "west", "on_hand": 3}]}
    assert given(4, **apart) == {(0, 0): 4}
    others: dict[str, Any] = {"customers": [{"customer": "C", "minimum_shipment": 4}, {"customer": "D"}]}
    demand = [{"due": 0, "quantity": 4}, {"item": "B", "customer": "D", "due": 1, "quantity": 3}]
    assert given(4, demand=demand, **others) == {(0, 0): 4, (1, 1): 3}


def test_smaller_shipments_never_cost_more() -> None:
    costs = [solved(made(least)).objective for least in (0, 3, 5, 8)]
    assert all(one <= other + 1e-6 for one, other in pairwise(costs))


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"item": item, "unit_cost": 2, "lead_time": 1, "order_cost": 9} for item in "AB"]
    one = made(5, sourcing=source, inventory=[{"on_hand": 2}])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_size() -> None:
    assert solved(made(0)).columns("shipped") == solved(made(0)).rows("shipped_delivery") == 0


def test_a_shipment_above_all_demand_is_told() -> None:
    assert places(found("shipments", made(8))) == [("shipment above demand", "customers", 0, "minimum_shipment")]
    assert found("shipments", made(7)) == []
