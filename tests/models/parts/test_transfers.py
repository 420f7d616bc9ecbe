"""Transfers, by hand."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, orders, places, result_tables, solved

BESIDE = {
    "locations": [{"location": "main"}, {"location": "north"}],
    "inventory": [{"item": "nut", "location": "north"}, {"item": "rod", "location": "north"}],
    "transfers": [
        {
            "item": "nut", "from_location": "main", "to_location": "north", "lead_time": 1, "unit_cost": 0.5,
            "shipment_cost": 3, "minimum_quantity": 4,
        },
        {"item": "rod", "from_location": "north", "to_location": "main", "lead_time": 0, "maximum_quantity": 5},
    ],
}  # fmt: skip
ROUTE: Row = {"from_location": "east", "to_location": "west", "lead_time": 1}


def made(*routes: Row, **more: Any) -> Any:
    """East has 10; west wants 6 in week 1 and 4 in week 2, may not wait long, and can buy nothing."""
    tables: dict[str, Any] = {
        "inventory": [{"location": "east", "on_hand": 10}, {"location": "west"}],
        "demand": [
            {"due": 1, "quantity": 6, "location": "west"},
            {"due": 2, "quantity": 4, "location": "west"},
        ],
    }
    return instance(periods=4, **{**tables, "transfers": routes, **more})


def test_without_a_route_stock_stays_where_it_is() -> None:
    # 10 are short: 1,000; 10 are on hand for four weeks: 40.
    assert solved(made()).objective == pytest.approx(1040)


def test_stock_goes_where_it_is_wanted_just_in_time() -> None:
    # 6 leave in week 0, and 4 in week 1, which are on hand at the end of week 0; moving costs 2 a unit. 4 + 20.
    plan = solved(made(ROUTE | {"unit_cost": 2, "maximum_quantity": 6}))
    assert plan.objective == pytest.approx(24)
    assert plan.values["ship"] == {("A", "east", "west", 0): 6, ("A", "east", "west", 1): 4}
    assert plan.amounts["transfer"] == pytest.approx(20)


def test_a_fixed_cost_gathers_shipments() -> None:
    # Two at 3 cost 6 + 4 of holding; one at 3 costs 3, and 4 are in the west at the end of week 1: 4.
    plan = solved(made(ROUTE | {"shipment_cost": 3}))
    assert plan.objective == pytest.approx(7)
    assert plan.values["ship"] == {("A", "east", "west", 0): 10}
    assert plan.values["send"] == {("A", "east", "west", 0): 1}


def test_minimum_and_maximum() -> None:
    # At most 5 a week: 5 and 5; one of the 6 waits a week: 3; holding 5 at the end of week 0.
    assert solved(made(ROUTE | {"maximum_quantity": 5})).objective == pytest.approx(3 + 5)
    # At least 9: 9 or 10 at once, 4 in the west for a week.
    assert solved(made(ROUTE | {"minimum_quantity": 9})).objective == pytest.approx(4)


def test_whole_pieces_are_moved() -> None:
    items = [PLAIN | {"quantity_step": 4}]
    demand = [{"due": 1, "quantity": 8, "location": "west"}]
    plan = solved(made(ROUTE | {"maximum_quantity": 7}, items=items, demand=demand))
    # 4 and 4, of which the second wait a week: 12; 6, 2, 2 and 2 are left in the east.
    assert plan.values["ship"] == {("A", "east", "west", 0): 4, ("A", "east", "west", 1): 4}
    assert plan.objective == pytest.approx(12 + 6 + 2 + 2 + 2)


def test_what_arrives_is_sent_on_in_the_same_period() -> None:
    # Cross-docking: 10 bought for the dock in week 0 are in the west in week 1, and nowhere on hand.
    plan = solved(
        made(
            ROUTE | {"from_location": "dock", "unit_cost": 1},
            locations=[{"location": "dock"}, {"location": "west"}],
            inventory=[{"location": "west"}],
            sourcing=[{"location": "dock", "unit_cost": 2, "lead_time": 0}],
            demand=[{"due": 1, "quantity": 10, "location": "west"}],
        )
    )
    assert plan.objective == pytest.approx(20 + 10)
    assert "on_hand" not in plan.values or not plan.values["on_hand"]


def test_what_is_wanted_elsewhere_is_a_reason_to_buy() -> None:
    sourcing = [{"location": "east", "unit_cost": 2, "lead_time": 0}]
    inventory = [{"location": "east"}, {"location": "west", "safety_stock": 3}]
    bought = orders(made(ROUTE | {"minimum_quantity": 12}, sourcing=sourcing, inventory=inventory))
    # 10 wanted and 3 in reserve; 12 more, because so much must be sent at once.
    assert bought["A", "S", "east", 0] == (0.0, 25.0)
    over = [ROUTE | {"to_location": "hub"}, ROUTE | {"from_location": "hub"}]
    locations = [{"location": name} for name in ("east", "west", "hub")]
    assert orders(made(*over, sourcing=sourcing, inventory=inventory, locations=locations))["A", "S", "east", 0] == (
        0,
        13,
    )


def test_a_minimum_may_be_worth_more_than_is_wanted() -> None:
    # 6 wanted, at least 8 sent: 8 bought at 2, two of them left in the west for three weeks at 1.
    plan = solved(
        made(
            ROUTE | {"minimum_quantity": 8},
            inventory=[{"location": "east"}, {"location": "west"}],
            sourcing=[{"location": "east", "unit_cost": 2, "lead_time": 0}],
            demand=[{"due": 1, "quantity": 6, "location": "west"}],
        )
    )
    assert plan.objective == pytest.approx(16 + 6)


def test_enumerated() -> None:
    """Every choice of two shipments, 0 to 10 units each in steps of 1, against the model."""

    def cost(first: int, second: int, least: int, fixed: float, unit: float) -> float:
        if any(0 < sent < least for sent in (first, second)) or first + second > 10:
            return np.inf
        money = unit * (first + second) + fixed * ((first > 0) + (second > 0))
        best = np.inf
        # What is delivered in weeks 1 and 2 of the lines of 6 and 4; the first may wait, which costs 3.
        for now, later, second_line in product(range(7), range(7), range(5)):
            stock = first - now
            if stock < 0 or now + later > 6 or stock + second - later - second_line < 0:
                continue
            left = stock + second - later - second_line
            short = 100 * (10 - now - later - second_line)
            holding = (10 - first) + 3 * (10 - first - second) + stock + 2 * left
            best = min(best, money + short + holding + 3 * later)
        return best

    for least, fixed, unit in product((0, 5, 7), (0.0, 3.0, 11.0), (0.0, 2.0)):
        expected = min(cost(first, second, least, fixed, unit) for first, second in product(range(11), range(11)))
        route = ROUTE | {"minimum_quantity": least, "shipment_cost": fixed, "unit_cost": unit}
        assert solved(made(route)).objective == pytest.approx(expected), (least, fixed, unit)


@pytest.mark.parametrize(
    "cheaper",
    [{"unit_cost": 1}, {"shipment_cost": 0}, {"minimum_quantity": 5}, {"maximum_quantity": None}],
)
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    route = ROUTE | {"unit_cost": 3, "shipment_cost": 9, "minimum_quantity": 6, "maximum_quantity": 8, "lead_time": 1}
    assert solved(made(route | cheaper)).objective <= solved(made(route)).objective + 1e-6
    assert solved(made(route)).objective <= solved(made()).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    sourcing = [{"location": "east", "unit_cost": 2, "lead_time": 0, "order_cost": 15, "minimum_quantity": 5}]
    for route in (ROUTE, ROUTE | {"shipment_cost": 4, "minimum_quantity": 3}):
        for beside in ({}, {"sourcing": sourcing, "inventory": [{"location": "west", "safety_stock": 2}]}):
            case = made(route, locations=[{"location": "east"}, {"location": "west"}], **beside)
            assert solved(case, parts()).objective == pytest.approx(solved(case).objective)


def test_the_planner_sees_what_moves_and_stock_adds_up() -> None:
    tables = result_tables(made(ROUTE | {"unit_cost": 2, "shipment_cost": 1}))
    first = tables["transfers"][0]
    assert (first["from_location"], first["period"], first["arrival_period"]) == ("east", "2026-11-23", "2026-11-30")
    assert sum(row["quantity"] for row in tables["transfers"]) == 10
    for column in ("transfers_in", "transfers_out"):
        assert sum(row[column] for row in tables["inventory"]) == 10
    assert "transfers" not in result_tables(made())


def test_routes_that_lead_nowhere_are_told() -> None:
    wrong = made(
        ROUTE | {"to_location": "east"}, ROUTE | {"minimum_quantity": 5, "maximum_quantity": 4, "lead_time": 4}
    )
    assert places(found("transfers", wrong)) == [
        ("route to itself", "transfers", 0, "to_location"),
        ("maximum below minimum", "transfers", 1, "maximum_quantity"),
        ("route too long", "transfers", 1, "lead_time"),
    ]  # fmt: skip
    assert found("transfers", made(ROUTE)) == []
