"""Fair shares, by hand."""

from typing import Any

import pytest

from models.parts import parts
from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "mill"}],
    "demand": [{"item": "nut", "customer": "mill", "due": 1, "quantity": 8}],
    "fair_shares": [
        {"item": "nut", "kind": "proportional", "tolerance": 0.125},
        {"item": "nut", "kind": "max_min", "cost": 5},
        {"kind": "proportional", "cost": 2},
    ],
}


def made(*rules: Any, stock: float = 9, **more: Any) -> Any:
    """9 on hand; in week 0 C wants 12 and D, who weighs twice as much, 6. Nothing can be bought."""
    tables: dict[str, Any] = {
        "customers": [{"customer": "C"}, {"customer": "D", "weight": 2}],
        "inventory": [{"on_hand": stock}],
        "demand": [{"due": 0, "quantity": 12}, {"customer": "D", "due": 0, "quantity": 6}],
        "fair_shares": rules,
    }
    return instance(periods=2, **{**tables, **more})


def given(*rules: Any, **more: Any) -> dict[int, float]:
    """Quantity by demand line."""
    return {d: quantity for (d, _, _), quantity in solved(made(*rules, **more)).values["deliver"].items()}


def test_without_a_rule_stock_goes_where_it_is_worth_most() -> None:
    assert given() == {0: 3, 1: 6}


def test_all_lack_the_same_share() -> None:
    # Half of all is there: 6 of 12 and 3 of 6.
    assert given({"kind": "proportional"}) == {0: 6, 1: 3}
    assert solved(made({"kind": "proportional"})).objective == pytest.approx(600 + 600)


def test_give_or_take_a_tolerance() -> None:
    # D lacks 3 by its share, and may lack 0.25 × 6 less; C 3 more than 6, which it does not reach.
    assert given({"kind": "proportional", "tolerance": 0.25}) == {0: 4.5, 1: 4.5}


def test_proportion_at_a_cost() -> None:
    # A unit from C to D saves 100 and costs twice the cost: both are off by one.
    assert given({"kind": "proportional", "cost": 51}) == {0: 6, 1: 3}
    plan = solved(made({"kind": "proportional", "cost": 49}))
    assert plan.amounts["fairness"] == pytest.approx(2 * 3 * 49)


def test_the_worst_served_is_paid_for() -> None:
    # A unit from D to C costs 100, and C lacks 1/12 less: at a cost of 18 × p / 12 it pays from p = 67 on, until D is
    # as badly served as C.
    assert given({"kind": "max_min", "cost": 66}) == {0: 3, 1: 6}
    assert given({"kind": "max_min", "cost": 67}) == {0: 6, 1: 3}
    # 9 of 12 lacking: 18 × 66 × 0.75.
    assert solved(made({"kind": "max_min", "cost": 66})).amounts["fairness"] == pytest.approx(891)


def test_each_item_is_shared_by_itself() -> None:
    tables: dict[str, Any] = {
        "items": [PLAIN, PLAIN | {"item": "B", "class": "x"}],
        "inventory": [{"on_hand": 5}, {"item": "B", "on_hand": 5}],
        "demand": [
            {"item": item, "customer": customer, "due": 0, "quantity": 10} for item in "AB" for customer in "CD"
        ],
    }
    assert given({"kind": "proportional"}, **tables) == dict.fromkeys(range(4), 2.5)
    assert given({"item_class": "x", "kind": "proportional"}, **tables) == {1: 5, 2: 2.5, 3: 2.5}
    assert given({"item": "A", "kind": "proportional"}, **tables) == {0: 2.5, 1: 2.5, 3: 5}


def test_a_wider_tolerance_never_costs_more() -> None:
    costs = [solved(made({"kind": "proportional", "tolerance": wide})).objective for wide in (0.5, 0.2, 0.1, 0)]
    assert costs == sorted(costs)


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 30, "maximum_quantity": 4}]
    one = made({"kind": "proportional"}, {"kind": "max_min", "cost": 20}, sourcing=source)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_rule() -> None:
    plan = solved(made())
    assert plan.rows("fair_share_most") == plan.rows("worst_share") == plan.columns("worst") == 0


def test_the_worst_served_needs_a_cost() -> None:
    assert places(found("fair_shares", made({"kind": "max_min"}))) == [
        ("no cost of unfairness", "fair_shares", 0, "cost")
    ]
    assert found("fair_shares", made({"kind": "proportional"})) == []


def test_shares_that_cannot_be_fair_are_told() -> None:
    # C must get 9 of its 12, and D 3: of 18 asked for, 12 come to 8 for C.
    rules = [{"customer": "C", "minimum_quantity": 9}]
    told = contradictions(made({"kind": "proportional"}, quotas=rules), 600)
    assert {finding.table for finding in told} == {"fair_shares", "quotas"}
