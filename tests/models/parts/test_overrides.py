"""Overrides, by hand."""

from typing import Any

import pytest

from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, Row, found, instance, orders, places, solved

BESIDE = {
    "overrides": [
        {"item": "nut", "period": 1, "minimum_quantity": 9, "maximum_quantity": 30},
        {"item": "rod", "supplier": "BOLT", "period": 1, "quantity": 6},
    ]
}
SOURCE: Row = {"unit_cost": 2, "lead_time": 0, "order_cost": 10}


def made(*overrides: Row, source: Row = SOURCE, **more: Any) -> Any:
    demand = [{"due": t, "quantity": 10} for t in range(3)]
    return instance(periods=3, **{"sourcing": [source], "demand": demand, "overrides": overrides, **more})


def ordered(*overrides: Row, **more: Any) -> tuple[float, dict[int, float]]:
    """Cost, and what is ordered by period."""
    plan = solved(made(*overrides, **more))
    by_period: dict[int, float] = {}
    for (_, _, _, t), quantity in plan.values["order"].items():
        by_period[t] = by_period.get(t, 0) + quantity
    return plan.objective, by_period


def test_the_plan_without_overrides() -> None:
    # 10 a week, a week's holding 10: as dear as an order; 60 + 3 × 10 in any case.
    assert ordered()[0] == pytest.approx(90)


@pytest.mark.parametrize(
    ("override", "cost", "quantity"),
    [
        ({"quantity": 25}, 60 + 20 + 15 + 5, 25),  # 25 in week 0, 5 in week 2: 15 and 5 held
        ({"quantity": 0}, 60 + 20 + 30, 0),  # the first 10 wait a week: 30; orders in weeks 1 and 2
        ({"maximum_quantity": 4}, None, 4),
        ({"minimum_quantity": 40}, 80 + 10 + 30 + 20 + 10, 40),
    ],
)
def test_an_order_is_as_the_planner_says(override: Row, cost: float | None, quantity: float) -> None:
    objective, by_period = ordered({"period": 0, **override})
    assert by_period.get(0, 0) == pytest.approx(quantity)
    if cost is not None:
        assert objective == pytest.approx(cost)


def test_suppliers_together() -> None:
    more: dict[str, Any] = {
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [SOURCE | {"maximum_quantity": 12}, {"supplier": "Z", "unit_cost": 3, "lead_time": 0}],
    }
    plan = solved(made({"supplier": "", "period": 0, "quantity": 20}, **more))
    by_supplier = {s: quantity for (_, s, _, t), quantity in plan.values["order"].items() if t == 0}
    assert by_supplier == {"S": pytest.approx(12), "Z": pytest.approx(8)}
    assert plan.rows("override_minimum") == plan.rows("override_maximum") == 1


def test_a_line_alone_needs_no_row_for_its_maximum() -> None:
    override: Row = {"period": 1, "maximum_quantity": 7}
    assert orders(made(override))["A", "S", "main", 1] == (0.0, 7.0)
    assert solved(made(override)).rows("override_maximum") == 0
    assert ("A", "S", "main", 1) not in orders(made({"period": 1, "quantity": 0}))


def test_a_minimum_beyond_all_demand_can_be_ordered() -> None:
    assert ordered({"period": 2, "minimum_quantity": 1000})[1][2] == pytest.approx(1000)


@pytest.mark.parametrize("wider", [{"minimum_quantity": 20, "maximum_quantity": 30}, {"minimum_quantity": 10}, {}])
def test_relaxing_never_costs_more(wider: Row) -> None:
    assert ordered(*([{"period": 0, **wider}] if wider else []))[0] <= ordered({"period": 0, "quantity": 25})[0] + 1e-6


@pytest.mark.parametrize(
    ("override", "rule", "column"),
    [
        ({}, "override of nothing", "quantity"),
        ({"quantity": 5, "maximum_quantity": 6}, "two overrides", "quantity"),
        ({"minimum_quantity": 5, "maximum_quantity": 4}, "maximum below minimum", "minimum_quantity"),
        ({"quantity": 5, "period": 3}, "override outside the horizon", "period"),
    ],
)
def test_a_row_that_says_nothing_or_too_much_is_told(override: Row, rule: str, column: str) -> None:
    assert places(found("overrides", made({"period": 0, **override}))) == [(rule, "overrides", 0, column)]


def test_two_rows_of_one_week_are_told() -> None:
    two = made({"period": "2026-11-23", "quantity": 5}, {"period": "2026-11-25", "quantity": 6})
    assert places(found("overrides", two)) == [("two overrides", "overrides", 1, "period")]


@pytest.mark.parametrize(
    ("source", "override", "message"),
    [
        (
            {"lead_time": 3},
            {"quantity": 8},
            "it would arrive after the horizon, or no row of sourcing is valid then",
        ),
        ({"maximum_quantity": 5}, {"quantity": 8}, "maximum_quantity of S allows 5"),
        ({"minimum_quantity": 12}, {"quantity": 8}, "minimum_quantity of S is 12, and at most 8 may be ordered"),
        ({"multiple": 5}, {"quantity": 8}, "it comes from S in packs of 5"),
        ({"multiple": 5}, {"minimum_quantity": 6, "maximum_quantity": 9}, "it comes from S in packs of 5"),
    ],
)
def test_an_order_that_cannot_be_is_told(source: Row, override: Row, message: str) -> None:
    (finding,) = found("overrides", made({"period": 0, **override}, source=SOURCE | source))
    assert finding.message.startswith(f"{min(override.values()):g} of A in the week of 2026-11-23 cannot be ordered: ")
    assert finding.message.endswith(message)


def test_who_sells_it_and_takes_orders_then_is_told() -> None:
    closed: dict[str, Any] = {"order_calendar": [{"supplier": "S", "period": 0, "kind": "closed"}]}
    (finding,) = found("overrides", made({"period": 0, "quantity": 8}, **closed))
    assert finding.message.endswith("cannot be ordered: S takes no orders then (order_calendar)")
    two: dict[str, Any] = {"suppliers": [{}, {"supplier": "Z"}]}
    (finding,) = found("overrides", made({"supplier": "Z", "period": 0, "quantity": 8}, **two))
    assert finding.message.endswith("Z does not sell it (sourcing)")


def test_a_frozen_week_is_told() -> None:
    (finding,) = found("overrides", made({"period": 0, "quantity": 8}, settings={"horizon.frozen": 1}))
    assert finding.message.endswith("the first 1 order periods are frozen")


def test_a_pack_within_the_bounds_will_do() -> None:
    packs = SOURCE | {"multiple": 5}
    assert found("overrides", made({"period": 0, "minimum_quantity": 6, "maximum_quantity": 10}, source=packs)) == []
    assert ordered({"period": 0, "minimum_quantity": 6, "maximum_quantity": 10}, source=packs)[1][0] == 10


def test_an_item_without_a_row_is_free() -> None:
    two = made({"period": 0, "quantity": 25}, items=[PLAIN, PLAIN | {"item": "B"}])
    assert solved(two).rows("override_minimum") == 1


def test_an_order_against_other_rules_is_told() -> None:
    # A budget of 30 pays for 15; the planner wants 20 of them in week 1.
    budget: dict[str, Any] = {"budgets": [{"period": 1, "amount": 30}]}
    told, limit = contradictions(made({"period": 1, "quantity": 20}, **budget), 600)
    assert (limit.table, limit.row) == ("budgets", 0)
    assert (told.table, told.row, told.column) == ("overrides", 0, "quantity")
    assert "20 of A in the week of 2026-11-30" in told.message and "5 are missing" in told.message


def test_too_little_for_other_rules_is_told() -> None:
    # Both suppliers are promised 10 each, and none of it may be changed; the planner wants no more than 15.
    more: dict[str, Any] = {
        "suppliers": [{"supplier": name, "maximum_change": 0} for name in "SZ"],
        "sourcing": [SOURCE, {"supplier": "Z", "unit_cost": 3, "lead_time": 0}],
        "last_plan": [{"supplier": name, "order_period": 0, "quantity": 10} for name in "SZ"],
    }
    told = contradictions(made({"supplier": "", "period": 0, "maximum_quantity": 15}, **more), 600)
    assert {finding.table for finding in told} == {"overrides", "last_plan"}
