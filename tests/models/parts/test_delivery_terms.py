"""Delivery terms, by hand."""

from itertools import pairwise, product
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, day, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "mill", "one_delivery": "yes"}],
    "demand": [
        {"item": "nut", "customer": "mill", "due": 1, "quantity": 8, "complete": "yes"},
        {"item": "nut", "customer": "shop", "due": 0, "minimum_delivery": 6},
    ],
}


def made(stock: float = 6, **line: Any) -> Any:
    """A line of 10 is due in week 0: 6 are there, and a supplier with a lead time of two weeks sells 7 more at most."""
    more = line.pop("tables", {})
    tables: dict[str, Any] = {
        "inventory": [{"on_hand": stock}],
        "sourcing": [{"unit_cost": 2, "lead_time": 2, "maximum_quantity": 7, "valid_to": day(0)}],
        "demand": [{"due": 0, "quantity": 10, **line}],
    }
    return instance(periods=4, **{**tables, **more})


def given(**line: Any) -> dict[int, float]:
    """Quantity by period."""
    return {t: quantity for (_, _, t), quantity in solved(made(**line)).values.get("deliver", {}).items()}


def test_without_terms_each_unit_comes_as_soon_as_it_can() -> None:
    assert given() == {0: 6, 2: 4}


def test_one_delivery_waits_for_all_of_it_or_goes_without_the_rest() -> None:
    # All in week 2: 10 × 6 waiting, 6 × 2 holding, 8 for goods. Six now would lose 4.
    plan = solved(made(one_delivery="yes"))
    assert plan.values["deliver"] == {(0, "main", 2): 10}
    assert plan.objective == pytest.approx(60 + 12 + 8)
    # With a loss of 10 a unit: 40 for the 4 that are lost.
    cheap = {"items": [PLAIN | {"shortage_cost": 10}]}
    assert given(one_delivery="yes", tables=cheap) == {0: 6}


def test_all_of_it_or_nothing() -> None:
    assert given(complete="yes") == {0: 6, 2: 4}
    assert given(complete="yes", quantity=14) == {}  # 13 can be there
    assert given(complete="yes", quantity=13) == {0: 6, 2: 7}
    assert given(complete="yes", one_delivery="yes", max_delay=1) == {}
    assert given(complete="yes", one_delivery="yes", quantity=6) == {0: 6}


def test_a_delivery_has_a_size() -> None:
    # 6 and 4: 5 + 5 at least, or more at once.
    assert given(minimum_delivery=5) == {0: 5, 2: 5}
    assert given(minimum_delivery=6) == {2: 10}
    # A line that asks for less takes all of it.
    assert given(minimum_delivery=20, quantity=6) == {0: 6}


def test_terms_are_the_customers_where_the_line_has_none() -> None:
    customers = [{"customer": "C", "one_delivery": "yes", "minimum_delivery": 6, "complete": "yes"}]
    assert given(tables={"customers": customers}) == {2: 10}
    assert given(one_delivery="no", tables={"customers": customers}) == {2: 10}
    assert given(one_delivery="no", minimum_delivery=0, tables={"customers": customers}) == {0: 6, 2: 4}
    assert given(tables={"customers": customers}, quantity=14) == {}
    assert given(tables={"customers": customers}, quantity=14, complete="no") == {2: 13}


@pytest.mark.parametrize("stock", range(0, 9, 2))
@pytest.mark.parametrize("least", [0, 2, 3, 5])
def test_the_optimum_is_that_of_trying_every_delivery(stock: int, least: int) -> None:
    # Whole units: a now, c in week 2, of which what is not on hand is bought for 2. A unit on hand costs 1 a week.
    best = min(
        6 * c + 100 * (8 - a - c) + 2 * max(a + c - stock, 0) + 2 * (stock - a) + 2 * max(stock - a - c, 0)
        for a, c in product(range(9), range(9))
        if a <= stock and a + c <= min(stock + 7, 8) and all(x == 0 or x >= min(least, 8) for x in (a, c))
    )
    assert solved(made(stock, quantity=8, minimum_delivery=least)).objective == pytest.approx(best)


def test_looser_terms_never_cost_more() -> None:
    costs = [
        solved(made(quantity=12, **terms)).objective
        for terms in (
            {},
            {"minimum_delivery": 4},
            {"minimum_delivery": 6},
            {"minimum_delivery": 6, "one_delivery": "yes"},
        )
    ]
    assert all(one <= other + 1e-6 for one, other in pairwise(costs))


@pytest.mark.parametrize("terms", [{"complete": "yes"}, {"one_delivery": "yes"}, {"minimum_delivery": 6}])
def test_the_tight_formulation_has_the_same_optimum(terms: dict[str, Any]) -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 30, "maximum_quantity": 7}]
    one = made(quantity=12, tables={"sourcing": source}, **terms)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_terms() -> None:
    plan = solved(made())
    assert plan.columns("sent") == plan.columns("whole_line") == plan.rows("one_delivery") == 0


def test_a_size_above_the_line_is_told() -> None:
    assert places(found("delivery_terms", made(minimum_delivery=11))) == [
        ("minimum above the line", "demand", 0, "minimum_delivery")
    ]
    assert found("delivery_terms", made(minimum_delivery=10)) == []
