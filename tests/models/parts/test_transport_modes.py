"""Transport modes, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, orders, places, result_tables, solved

BESIDE = {
    "transport_modes": [
        {
            "item": "nut", "supplier": "ACME", "mode": "air", "lead_time": 0, "unit_cost": 1, "order_cost": 2,
            "minimum_quantity": 4,
        },
        {"item": "rod", "supplier": "BOLT", "mode": "air", "lead_time": 0, "unit_cost": 3},
    ]
}  # fmt: skip
AIR: Row = {"item": "", "mode": "air", "lead_time": 0, "unit_cost": 4}


def made(*modes: Row, **more: Any) -> Any:
    """10 wanted now and 10 in week 2; a supplier takes 2 weeks, 20 an order line; waiting costs 3 a week."""
    tables: dict[str, Any] = {
        "sourcing": [{"unit_cost": 2, "lead_time": 2, "order_cost": 20}],
        "demand": [{"due": 0, "quantity": 10}, {"due": 2, "quantity": 10}],
    }
    return instance(periods=4, **{**tables, "transport_modes": modes, **more})


def test_without_a_mode_what_is_wanted_waits() -> None:
    # 20 come in week 2: 40 + 20, and 10 wait two weeks: 60.
    assert solved(made()).objective == pytest.approx(120)


def test_part_of_an_order_comes_sooner() -> None:
    # 10 of the 20 by air, at 4: 40 + 20 + 40.
    plan = solved(made(AIR))
    assert plan.objective == pytest.approx(100)
    assert plan.values["sped"] == {("A", "S", "main", 0, 0): 10}
    assert plan.amounts["expedite"] == pytest.approx(40)


def test_a_dear_mode_is_not_taken() -> None:
    # Waiting costs 6 a unit.
    assert solved(made(AIR | {"unit_cost": 7})).objective == pytest.approx(120)
    assert solved(made(AIR | {"order_cost": 21})).objective == pytest.approx(120)
    assert solved(made(AIR | {"order_cost": 19})).objective == pytest.approx(119)


def test_limits_of_a_mode() -> None:
    # At most 6: 24 for them, 4 wait: 24. At least 12: 48, and 2 are on hand for two weeks: 4.
    assert solved(made(AIR | {"maximum_quantity": 6})).objective == pytest.approx(60 + 24 + 24)
    assert solved(made(AIR | {"minimum_quantity": 12})).objective == pytest.approx(60 + 48 + 4)


def test_the_slower_of_two_modes_for_what_can_wait() -> None:
    # By train in a week at 1: 10 + 30 of waiting, as dear as air at 4; at 0.5, 5 less.
    train = AIR | {"mode": "train", "lead_time": 1, "unit_cost": 0.5}
    assert solved(made(AIR, train)).objective == pytest.approx(60 + 5 + 30)


def test_whole_pieces_come_sooner() -> None:
    items = [PLAIN | {"quantity_step": 4}]
    demand = [{"due": 0, "quantity": 8}, {"due": 2, "quantity": 8}]
    plan = solved(made(AIR | {"maximum_quantity": 7}, items=items, demand=demand))
    assert plan.values["sped"] == {("A", "S", "main", 0, 0): 4}


def test_what_only_a_mode_can_serve_can_be_ordered() -> None:
    # The line may not wait: by its usual way an order could serve nothing.
    demand = [{"due": 0, "quantity": 10, "max_delay": 0}]
    assert orders(made(demand=demand)) == {}
    assert orders(made(AIR, demand=demand))["A", "S", "main", 0] == (0.0, 10.0)
    assert solved(made(AIR, demand=demand)).objective == pytest.approx(20 + 20 + 40)


def test_the_tight_formulation_has_the_same_optimum() -> None:
    for mode in (AIR, AIR | {"order_cost": 15, "minimum_quantity": 8}):
        assert solved(made(mode), parts()).objective == pytest.approx(solved(made(mode)).objective)


@pytest.mark.parametrize("cheaper", [{"unit_cost": 3}, {"order_cost": 0}, {"minimum_quantity": 5}, {"lead_time": 0}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    mode = AIR | {"order_cost": 5, "minimum_quantity": 12, "lead_time": 1}
    assert solved(made(mode | cheaper)).objective <= solved(made(mode)).objective + 1e-6 <= solved(made()).objective + 1


def test_the_planner_sees_what_comes_sooner_and_stock_adds_up() -> None:
    tables = result_tables(made(AIR))
    (row,) = tables["expedited"]
    assert (row["mode"], row["arrival_period"], row["quantity"], row["cost"]) == ("air", "2026-11-23", 10, 40)
    assert [stock["receipts"] for stock in tables["inventory"]] == [10, 10]
    assert tables["purchase_orders"][0]["quantity"] == 20


def test_a_mode_that_is_no_faster_is_told_and_has_no_effect() -> None:
    slow = made(AIR | {"lead_time": 2})
    assert places(found("transport_modes", slow)) == [("mode no faster", "transport_modes", 0, "lead_time")]
    assert found("transport_modes", made(AIR)) == []
    assert solved(slow).columns("sped") == 0
