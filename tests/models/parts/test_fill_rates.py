"""Fill rates, by hand."""

from typing import Any

import pytest

from models.parts import parts
from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "shop", "minimum_fill_rate": 0.125}],
    "fill_rates": [
        {"item": "nut", "minimum_fill_rate": 0.75, "cost": 40},
        {"customer": "shop", "item": "rod", "minimum_fill_rate": 0.25},
    ],
}
TWO = [{"customer": "C"}, {"customer": "D", "weight": 2, "class": "vip"}]


def made(stock: float = 10, **more: Any) -> Any:
    """10 on hand; C and D want 10 each in week 0, and D weighs twice as much. Nothing can be bought."""
    tables: dict[str, Any] = {
        "customers": TWO,
        "inventory": [{"on_hand": stock}],
        "demand": [{"due": 0, "quantity": 10}, {"customer": "D", "due": 0, "quantity": 10}],
    }
    return instance(periods=2, **{**tables, **more})


def given(**more: Any) -> dict[int, float]:
    """Quantity by demand line."""
    got: dict[int, float] = {}
    for (d, _, _), quantity in solved(made(**more)).values["deliver"].items():
        got[d] = got.get(d, 0.0) + quantity
    return got


def test_without_a_target_stock_goes_where_it_is_worth_most() -> None:
    assert given() == {1: 10}


def test_a_customer_gets_its_share_at_least() -> None:
    # 4 for C, 6 for D: 6 × 100 + 4 × 200 are lost.
    customers = [{"customer": "C", "minimum_fill_rate": 0.4}, TWO[1]]
    assert given(customers=customers) == {0: 4, 1: 6}
    assert solved(made(customers=customers)).objective == pytest.approx(1400)


def test_a_target_with_a_cost_is_reached_where_that_pays() -> None:
    # A unit taken from D costs 100 more than it saves: a cost of 99 is paid, one of 101 is not.
    target = {"customer": "C", "minimum_fill_rate": 0.4}
    paid = solved(made(fill_rates=[target | {"cost": 99}]))
    assert paid.amounts["fill_rate"] == pytest.approx(4 * 99) and paid.objective == pytest.approx(1000 + 396)
    assert given(fill_rates=[target | {"cost": 101}]) == {0: 4, 1: 6}


def test_a_target_may_be_for_a_class_of_customers_or_items() -> None:
    items = [PLAIN, PLAIN | {"item": "B", "class": "x", "shortage_cost": 1000}]
    tables: dict[str, Any] = {
        "items": items,
        "inventory": [{"on_hand": 5}, {"item": "B", "on_hand": 5}],
        "demand": [
            {"item": item, "customer": customer, "due": 0, "quantity": 10} for item in "AB" for customer in "CD"
        ],
        "customers": [{"customer": "C", "class": "vip"}, {"customer": "D", "weight": 2}],
    }
    assert given(**tables) == {1: 5, 3: 5}
    # Of the 20 that vips want, 7 must go to them: those of A are cheaper to take from D.
    vips = [{"customer_class": "vip", "minimum_fill_rate": 0.35}]
    assert given(**tables, fill_rates=vips) == {0: 5, 2: 2, 3: 3}
    both = [{"customer_class": "vip", "item_class": "x", "minimum_fill_rate": 0.3}]
    assert given(**tables, fill_rates=both) == {1: 5, 2: 3, 3: 2}
    one = [{"customer_class": "vip", "item": "A", "minimum_fill_rate": 0.3}]
    assert given(**tables, fill_rates=one) == {0: 3, 1: 2, 3: 5}


def test_late_counts_as_delivered() -> None:
    source = [{"unit_cost": 2, "lead_time": 1}]
    cheap = [PLAIN | {"shortage_cost": 1}]
    plan = solved(made(0, items=cheap, sourcing=source, fill_rates=[{"minimum_fill_rate": 0.5}]))
    assert sum(plan.values["deliver"].values()) == pytest.approx(10)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.8])
def test_a_lower_rate_never_costs_more(rate: float) -> None:
    customers = [{"customer": "C", "minimum_fill_rate": rate}, TWO[1]]
    higher = [{"customer": "C", "minimum_fill_rate": rate + 0.2}, TWO[1]]
    assert solved(made(customers=customers)).objective <= solved(made(customers=higher)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 30}]
    one = made(3, sourcing=source, fill_rates=[{"customer": "C", "minimum_fill_rate": 0.4}])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_target() -> None:
    plan = solved(made())
    assert plan.rows("fill_rate") == plan.rows("fill_rate_wanted") == plan.columns("unfilled") == 0


def test_a_target_without_demand_is_told() -> None:
    odd = made(fill_rates=[{"customer_class": "none", "minimum_fill_rate": 0.9}])
    assert places(found("fill_rates", odd)) == [("target without demand", "fill_rates", 0, "minimum_fill_rate")]
    assert solved(odd).rows("fill_rate") == 0
    assert found("fill_rates", made()) == []


def test_what_cannot_be_reached_is_told() -> None:
    # 12 of C's and D's 20 are asked for, and 10 are there.
    (told,) = contradictions(made(fill_rates=[{"minimum_fill_rate": 0.6}]), 600)
    assert told.message.startswith("customers: 12 of 20 must be delivered, and no more than 10 can be")
    assert places([told]) == [("fill rate out of reach", "fill_rates", 0, "minimum_fill_rate")]
    (own,) = contradictions(made(8, customers=[{"customer": "C", "minimum_fill_rate": 0.9}, TWO[1]]), 600)
    assert own.message.startswith("C: 9 of 10") and "no more than 8" in own.message
