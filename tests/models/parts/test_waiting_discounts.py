"""Waiting discounts, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, day, found, instance, places, result_tables, solved

BESIDE: dict[str, Any] = {
    "waiting_discounts": [
        {"periods": 1, "discount": 2},
        {"item": "nut", "customer": "shop", "periods": 2, "discount": 3.5},
    ],
    "demand": [{"item": "nut", "customer": "shop", "due": 0, "reference": "W", "quantity": 3, "max_delay": 0}],
}
WEEK: Any = {"periods": 1, "discount": 1}
TWO: Any = {"periods": 2, "discount": 5}
THREE: Any = {"periods": 3, "discount": 8}


def made(*discounts: Any, lead: int = 2, line: Any = None, **more: Any) -> Any:
    """10 wanted in week 0 and not later; bought for 2 they are there after the lead time. A week of waiting costs 3."""
    tables: dict[str, Any] = {
        "sourcing": [{"unit_cost": 2, "lead_time": lead, "valid_to": day(0)}],
        "demand": [{"due": 0, "quantity": 10, "max_delay": 0, **(line or {})}],
        "waiting_discounts": discounts,
    }
    return instance(periods=5, **{**tables, **more})


@pytest.mark.parametrize(
    ("lead", "discount"), [(0, 0), (1, 1), (2, 5), (3, 8)]
)  # nothing in time; then the least that reaches so far
def test_who_waits_longer_gets_the_least_discount_for_that(lead: int, discount: float) -> None:
    plan = solved(made(THREE, WEEK, TWO, lead=lead))
    assert plan.objective == pytest.approx(10 * (2 + 3 * lead + discount))
    assert plan.amounts.get("waiting_discount", 0) == pytest.approx(10 * discount)


def test_nobody_waits_longer_than_that() -> None:
    assert solved(made(WEEK, TWO, THREE, lead=4)).objective == pytest.approx(1000)
    assert solved(made()).objective == pytest.approx(1000)


def test_the_plan_may_choose_not_to_offer_it() -> None:
    # A unit lost costs 100; one that comes for 2 after two weeks 8, and what is taken off.
    assert solved(made(TWO | {"discount": 91})).objective == pytest.approx(10 * 99)
    assert solved(made(TWO | {"discount": 93})).objective == pytest.approx(1000)


def test_it_is_offered_for_part_of_a_line() -> None:
    # 4 are on hand, 3 can be bought; 3 are lost.
    some: dict[str, Any] = {
        "inventory": [{"on_hand": 4}],
        "supplier_capacity": [{"period": 0, "capacity": 3}],
    }
    paid = {account: amount for account, amount in solved(made(TWO, **some)).amounts.items() if amount}
    assert paid == {"purchase": 6, "backorder": 18, "waiting_discount": 15, "shortage": 300}
    (offer,) = result_tables(made(TWO, **some))["waiting_offers"]
    assert (offer["item"], offer["customer"], offer["delivery_period"]) == ("A", "C", day(2))
    assert (offer["quantity"], offer["discount"], offer["cost"]) == (3, 5, 15)


def test_within_its_own_window_a_line_gets_no_discount() -> None:
    assert solved(made(TWO, line={"max_delay": 2})).amounts["waiting_discount"] == 0
    # One week beyond its own: the row for one week.
    assert solved(made(WEEK, TWO, line={"max_delay": 1})).amounts["waiting_discount"] == 10


def test_a_row_is_for_its_lines_alone_and_no_weight_counts() -> None:
    other: dict[str, Any] = {
        "items": [PLAIN, PLAIN | {"item": "B"}],
        "customers": [{"customer": "C", "weight": 2}, {"customer": "D"}],
    }
    for row in ({"item": "B"}, {"customer": "D"}):
        assert solved(made(TWO | row, **other)).objective == pytest.approx(2000)
    assert solved(made(TWO | {"item": "A", "customer": "C"}, **other)).amounts["waiting_discount"] == 50


def test_who_cancels_while_he_waits_does_so_for_a_discount_too() -> None:
    # Half of them go in a week: 2.5 are left after two.
    assert solved(made(TWO, line={"cancel_share": 0.5})).amounts["waiting_discount"] == pytest.approx(12.5)


def test_a_substitute_comes_in_the_window_that_was_asked_for() -> None:
    both: dict[str, Any] = {
        "items": [PLAIN, PLAIN | {"item": "B"}],
        "sourcing": [{"item": "B", "unit_cost": 2, "lead_time": 1, "valid_to": day(0)}],
        "substitutes": [{"substitute": "B"}],
    }
    assert solved(made(TWO, **both)).objective == pytest.approx(1000)
    assert solved(made(line={"max_delay": 1}, **both)).objective == pytest.approx(10 * (2 + 3))


def test_an_offer_never_costs_more_and_the_tight_formulation_has_the_same_optimum() -> None:
    more: dict[str, Any] = {
        "demand": [{"due": t, "quantity": 4 + t, "max_delay": t % 2} for t in range(3)],
        "sourcing": [{"unit_cost": 2, "lead_time": 1, "order_cost": 30, "minimum_quantity": 5}],
    }
    costs = [solved(made(*rows, **more)).objective for rows in ((), (TWO,), (TWO, WEEK))]
    assert costs == sorted(costs, reverse=True) and costs[2] < costs[0]
    assert solved(made(TWO, WEEK, **more), parts()).objective == pytest.approx(costs[2])


def test_without_a_row_there_is_nothing() -> None:
    assert len(solved(made()).book.indexes["offered_deliveries"]) == 0
    assert len(solved(made(TWO, line={"max_delay": None})).book.indexes["offered_deliveries"]) == 0


def test_a_row_for_which_nobody_waits_longer_is_a_fault() -> None:
    assert places(found("waiting_discounts", made(TWO | {"periods": 0}))) == [
        ("no longer wait", "waiting_discounts", 0, "periods")
    ]
    assert found("waiting_discounts", made(TWO)) == []
