"""Supplier terms, solved by hand."""

import pytest

from models.instance import Instance
from tests.models.solved import PLAIN, Row, found, instance, orders, places, solved


def two_items(supplier: Row, demand: list[Row] | None = None, sourcing: Row | None = None) -> Instance:
    """Items A at 2 and B at 3, five of each wanted in week 1, from one supplier who delivers at once."""
    rows: list[Row] = [
        {"item": "A", "unit_cost": 2, "lead_time": 0} | (sourcing or {}),
        {"item": "B", "unit_cost": 3, "lead_time": 0} | (sourcing or {}),
    ]
    lines: list[Row] = [{"item": name, "due": 1, "quantity": 5} for name in ("A", "B")]
    return instance(items=[PLAIN, PLAIN | {"item": "B"}], suppliers=[supplier], sourcing=rows, demand=demand or lines)


def cost(made: Instance) -> float:
    """The cheapest plan's cost."""
    return solved(made).objective


def test_an_order_to_a_supplier_costs_once_whatever_is_in_it() -> None:
    plan = solved(two_items({"order_cost": 20}))
    assert plan.values["open_order"] == {("S", 1): 1}
    assert plan.amounts["ordering"] == pytest.approx(20)
    assert plan.objective == pytest.approx(10 + 15 + 20)


def test_it_brings_items_and_weeks_together() -> None:
    lines: list[Row] = [{"item": "A", "due": 1, "quantity": 5}, {"item": "B", "due": 2, "quantity": 5}]
    assert cost(two_items({"order_cost": 20}, lines)) == pytest.approx(25 + 20 + 5)  # B is held for a week
    assert cost(two_items({"order_cost": 4}, lines)) == pytest.approx(25 + 8)


def test_line_costs_come_on_top() -> None:
    assert cost(two_items({"order_cost": 20}, sourcing={"order_cost": 7})) == pytest.approx(25 + 20 + 14)


def test_each_supplier_and_each_location_together() -> None:
    made = instance(
        suppliers=[{"supplier": "S", "order_cost": 20}, {"supplier": "R", "order_cost": 30}],
        items=[PLAIN, PLAIN | {"item": "B"}],
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=[
            {"item": "A", "supplier": "S", "unit_cost": 2, "lead_time": 0},
            {"item": "B", "supplier": "R", "unit_cost": 2, "lead_time": 0},
        ],
        demand=[
            {"item": name, "due": 1, "quantity": 5, "location": place}
            for name in ("A", "B")
            for place in ("east", "west")
        ],
    )
    assert cost(made) == pytest.approx(20 * 2 + 20 + 30)


def test_an_order_is_nothing_or_at_least_its_minimum_value() -> None:
    # 25 are needed: 5 more buy two and a half A at 2, held in weeks 1, 2 and 3 — or, for 5 ÷ 3 units of B, less.
    plan = solved(two_items({"minimum_order_value": 30}))
    assert plan.objective == pytest.approx(30 + 3 * 5 / 3)
    # Ten short at 100 are cheaper than a minimum of 1500.
    assert cost(two_items({"minimum_order_value": 1500})) == pytest.approx(1000)


def test_the_minimum_value_may_be_filled_with_what_nobody_wants() -> None:
    made = two_items({"minimum_order_value": 300}, [{"item": "A", "due": 3, "quantity": 5}])
    # Five A for 10; 290 more buy 145 of A or 290 ÷ 3 of B, which is less to hold for the last week.
    assert cost(made) == pytest.approx(300 + 290 / 3)
    assert orders(made)["A", "S", "main", 3][1] == 5 + 150


def test_each_supplier_has_limits_of_its_own() -> None:
    made = instance(
        items=[PLAIN | {"item": name} for name in ("A", "B", "D")],
        suppliers=[
            {"supplier": "Q"},
            {"supplier": "S", "maximum_order_value": 6},
            {"supplier": "R", "minimum_order_value": 4},
        ],
        sourcing=[
            {"item": item, "supplier": supplier, "unit_cost": 0.5, "lead_time": 3}
            for item, supplier in (("A", "Q"), ("B", "S"), ("D", "R"))
        ],
        demand=[
            {"item": "A", "due": 3, "quantity": 20},
            {"item": "B", "due": 3, "quantity": 20},
            {"item": "D", "due": 3, "quantity": 2},
        ],
    )
    # Q: 10 for twenty. S: 6 for twelve of twenty, eight are short. R: 4 for eight, of which six are left once.
    assert cost(made) == pytest.approx(10 + 6 + 800 + 4 + 6)
    assert [limits[1] for limits in orders(made).values()] == [20, 12, 10]


def test_the_minimum_value_is_of_goods_and_not_of_order_costs() -> None:
    made = two_items({"minimum_order_value": 30, "order_cost": 5}, sourcing={"order_cost": 1})
    assert cost(made) == pytest.approx(30 + 5 + 5 + 2)


def test_the_minimum_value_holds_in_every_period() -> None:
    lines: list[Row] = [
        {"item": "A", "due": 1, "quantity": 5, "max_delay": 0},
        {"item": "B", "due": 2, "quantity": 5, "max_delay": 0},
    ]
    # Once, in week 1, for 25: B is held for a week. Twice would be 25 + 25.
    assert cost(two_items({"minimum_order_value": 25}, lines)) == pytest.approx(25 + 5)


def test_a_minimum_value_over_all_locations() -> None:
    made = instance(
        suppliers=[{"minimum_order_value": 20}],
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 1, "quantity": 5, "location": place} for place in ("east", "west")],
    )
    assert cost(made) == pytest.approx(20)


def test_a_period_is_at_most_its_maximum_value() -> None:
    # Week 1 takes 20: all of B and five halves of A; the rest of A is bought a week before, and held.
    assert cost(two_items({"maximum_order_value": 20})) == pytest.approx(25 + 5 / 3)
    assert cost(two_items({"maximum_order_value": 25})) == pytest.approx(25)
    assert cost(two_items({"maximum_order_value": 0})) == pytest.approx(1000)


def test_a_maximum_value_limits_each_line() -> None:
    made = two_items({"maximum_order_value": 8})
    assert orders(made)["A", "S", "main", 0][1] == 4
    assert orders(made)["B", "S", "main", 0][1] == pytest.approx(8 / 3)


def test_goods_that_cost_nothing_have_no_value() -> None:
    free: Row = {"unit_cost": 0}
    assert cost(two_items({"maximum_order_value": 0}, sourcing=free)) == pytest.approx(0)
    assert cost(two_items({"minimum_order_value": 1}, sourcing=free)) == pytest.approx(1000)


def test_a_supplier_without_terms_has_no_rows() -> None:
    plan = solved(two_items({}))
    assert plan.columns("open_order") == 0
    assert {plan.rows(name) for name in ("joint_order", "minimum_order_value", "maximum_order_value")} == {0}


def test_a_maximum_below_the_minimum_is_a_fault() -> None:
    made = instance(
        suppliers=[
            {"supplier": "S", "minimum_order_value": 100, "maximum_order_value": 100},
            {"supplier": "R", "minimum_order_value": 100, "maximum_order_value": 99.5},
            {"supplier": "Q", "minimum_order_value": 100},
        ]
    )
    findings = found("supplier_terms", made)
    assert places(findings) == [("maximum below minimum", "suppliers", 1, "maximum_order_value")]
    assert findings[0].value == "99.5" and "below minimum_order_value (100)" in findings[0].message
