"""Reserved stock, by hand."""

from itertools import product
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, day, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "shop", "tier": 2}, {"customer": "mill", "tier": 1}],
    "demand": [{"item": "nut", "customer": "mill", "due": 1, "quantity": 8}],
    "reserved_stock": [{"item": "nut", "location": "main", "tier": 1, "quantity": 3}],
}
THREE = [{"customer": "C"}, {"customer": "D", "tier": 2, "weight": 2}, {"customer": "E", "tier": 1, "weight": 3}]


def made(*reserves: Any, stock: float = 10, **more: Any) -> Any:
    """10 on hand. In week 0 C (of no tier) wants 6 and D (tier 2) 3; in week 1 E (tier 1) wants 2."""
    tables: dict[str, Any] = {
        "customers": THREE,
        "inventory": [{"on_hand": stock}],
        "demand": [
            {"due": 0, "quantity": 6},
            {"customer": "D", "due": 0, "quantity": 3},
            {"customer": "E", "due": 1, "quantity": 2},
        ],
        "reserved_stock": reserves,
    }
    return instance(periods=3, **{**tables, **more})


def given(*reserves: Any, **more: Any) -> dict[tuple[int, int], float]:
    """Quantity by demand line and period."""
    values = solved(made(*reserves, **more)).values["deliver"]
    return {(d, t): quantity for (d, _, t), quantity in values.items()}


def test_lower_tiers_leave_the_reserve() -> None:
    # 4 stay for tiers 1 and 2: C gets 3 beside the 3 of D, and E takes 2 of the 4 in week 1.
    assert given({"tier": 2, "quantity": 4}) == {(0, 0): 3, (1, 0): 3, (2, 1): 2}
    # For tier 1 alone: 10 - 4 for C and D together in week 0, and the rest when E has got hers.
    got = given({"tier": 1, "quantity": 4})
    assert got[0, 0] + got[1, 0] == pytest.approx(6) and got[2, 1] == 2


def test_below_the_reserve_only_higher_tiers_are_served() -> None:
    assert given({"tier": 2, "quantity": 12}) == {(1, 0): 3, (2, 1): 2}


def test_no_higher_tier_waits_for_the_sake_of_a_lower_one() -> None:
    # By weight alone D would wait a week, so that C gets 6 and 4 are left.
    light = [{"customer": "C"}, {"customer": "D", "tier": 2}, {"customer": "E", "tier": 1}]
    assert given({"tier": 2, "quantity": 4}, customers=light) == {(0, 0): 3, (1, 0): 3, (2, 1): 2}


def test_the_reserve_is_filled_up_before_a_lower_tier_is_served_again() -> None:
    # E takes the 2 at once; 5 arrive in week 1: all of them stay where 5 are reserved, 3 go to C where 2 are.
    source = [{"unit_cost": 2, "lead_time": 1, "maximum_quantity": 5, "valid_to": day(0)}]
    demand = [{"due": 1, "quantity": 4, "max_delay": 0}, {"customer": "E", "due": 0, "quantity": 2, "max_delay": 0}]
    base: dict[str, Any] = {"demand": demand, "sourcing": source, "stock": 2}
    assert given({"tier": 1, "quantity": 5}, **base) == {(1, 0): 2}
    assert given({"tier": 1, "quantity": 2}, **base) == {(0, 1): 3, (1, 0): 2}
    # As much as it takes is bought: the reserve of 3, and C's 4, though only 4 are wanted.
    more = solved(made({"tier": 1, "quantity": 3}, **{**base, "sourcing": [{"unit_cost": 2, "lead_time": 1}]}))
    assert more.values["order"] == {("A", "S", "main", 0): 7}


@pytest.mark.parametrize("reserve", [0, 1, 3, 6, 9, 12])
def test_the_optimum_is_that_of_trying_every_split(reserve: int) -> None:
    # Whole units, all in the period in which they are due: C gets c, D d, E e. A unit on hand costs 1 a week.
    best = min(
        100 * (6 - c) + 200 * (3 - d) + 300 * (2 - e) + (10 - c - d) + 2 * (10 - c - d - e)
        for c, d, e in product(range(7), range(4), range(3))
        if c + d + e <= 10 and (c == 0 or (10 - c - d >= reserve and (d == 3 or not reserve)))
    )
    demand = [{**row, "max_delay": 0} for row in (
        {"due": 0, "quantity": 6}, {"customer": "D", "due": 0, "quantity": 3}, {"customer": "E", "due": 1,
                                                                                 "quantity": 2})]  # fmt: skip
    assert solved(made({"tier": 2, "quantity": reserve}, demand=demand)).objective == pytest.approx(best)


def test_a_smaller_reserve_never_costs_more() -> None:
    costs = [solved(made({"tier": 1, "quantity": reserve})).objective for reserve in (0, 2, 4, 8)]
    assert costs == pytest.approx(sorted(costs))


def test_the_tight_formulation_has_the_same_optimum() -> None:
    one = made({"tier": 1, "quantity": 5}, sourcing=[{"unit_cost": 2, "lead_time": 1, "order_cost": 9}], items=[PLAIN])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_reserve() -> None:
    assert solved(made()).columns("above_reserve") == solved(made()).rows("reserve_closed") == 0


def test_a_reserve_for_nobody_is_told() -> None:
    odd = made({"tier": 1, "quantity": 4}, customers=[{"customer": name, "tier": 2} for name in "CDE"])
    assert places(found("reserved_stock", odd)) == [("reserve for nobody", "reserved_stock", 0, "tier")]
    assert found("reserved_stock", made({"tier": 1, "quantity": 4})) == []
