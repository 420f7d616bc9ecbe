"""Handling, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, day, found, instance, places, solved

BESIDE = {
    "items": [{"item": "nut", "handling_use": 0.5}],
    "handling": [
        {
            "receiving_capacity": 14, "receiving_overtime_cost": 0.25, "shipping_capacity": 8,
            "shipping_overtime_cost": 2,
        },
        {"period": 2, "shipping_capacity": 6, "shipping_overtime_cost": 1},
    ],
}  # fmt: skip
SHIPPING: Row = {"shipping_capacity": 12, "shipping_overtime_cost": 10}
RECEIVING: Row = {"receiving_capacity": 6, "receiving_overtime_cost": 10}


def made(*rows: Row, **more: Any) -> Any:
    """20 on hand, of A and of B; 10 of each wanted now, which may wait at 3 a week."""
    tables: dict[str, Any] = {
        "items": [
            PLAIN | {"item": "A", "holding_cost": 0},
            PLAIN | {"item": "B", "holding_cost": 0, "handling_use": 2},
        ],
        "inventory": [{"item": name, "on_hand": 10} for name in "AB"],
        "demand": [{"item": name, "due": 0, "quantity": 10} for name in "AB"],
    }
    return instance(periods=4, **{**tables, "handling": rows, **more})


def test_without_limits_all_leaves_at_once() -> None:
    assert solved(made()).objective == pytest.approx(0)


def test_what_cannot_be_shipped_waits() -> None:
    # 30 of work, 12 a week: all A and 1 B now, 6 B next week, 3 after that: 6 × 3 + 3 × 6.
    plan = solved(made(SHIPPING))
    assert plan.objective == pytest.approx(36)


def test_overtime_where_waiting_is_dearer() -> None:
    # Overtime of 0.5 a unit of work costs 1 for a B, waiting 3: 18 of work beyond 12.
    plan = solved(made(SHIPPING | {"shipping_overtime_cost": 0.5}))
    assert plan.objective == pytest.approx(9)
    assert plan.values["shipping_overtime"] == {("main", 0): 18}


def test_a_period_has_limits_of_its_own() -> None:
    # Nothing can leave in week 1 at a sensible price: the 9 B of week 1 and 2 leave in weeks 2 (6) and 3 (3).
    plan = solved(made(SHIPPING, SHIPPING | {"period": 1, "shipping_capacity": 0, "shipping_overtime_cost": 99}))
    assert plan.objective == pytest.approx(6 * 6 + 3 * 9)
    # No capacity in its row: no limit.
    assert solved(made(SHIPPING, {"period": 0})).objective == pytest.approx(0)
    # Rows outside the horizon limit nothing.
    outside = [SHIPPING | {"period": day(week), "shipping_capacity": 0} for week in (-1, 9)]
    assert solved(made(*outside)).objective == pytest.approx(0)


def test_what_arrives_has_to_be_received() -> None:
    # 10 wanted in week 1: 6 received then, and 4 the week before, on hand for a week at 1.
    items = [PLAIN]
    case = {
        "items": items, "inventory": [{}], "demand": [{"due": 1, "quantity": 10}],
        "sourcing": [{"unit_cost": 2, "lead_time": 0}],
    }  # fmt: skip
    assert solved(made(**case)).objective == pytest.approx(20)
    assert solved(made(RECEIVING, **case)).objective == pytest.approx(24)
    # Overtime at 0.5 is cheaper than holding.
    assert solved(made(RECEIVING | {"receiving_overtime_cost": 0.5}, **case)).objective == pytest.approx(22)
    # An open order of 5 in week 0 leaves room for 1 there: 5 of it are held for a week; 5 more are bought in week 1.
    late = solved(made(RECEIVING, **case, open_orders=[{"arrival": 0, "quantity": 5}]))
    assert late.objective == pytest.approx(5 + 10)


def test_transfers_use_both_ends() -> None:
    # 10 leave the east and arrive in the west; the west ships them: 4 a week can be received, 2 a week sent.
    case = {
        "items": [PLAIN | {"holding_cost": 0}],
        "inventory": [{"location": "east", "on_hand": 10}, {"location": "west"}],
        "demand": [{"due": 0, "quantity": 10, "location": "west"}],
        "transfers": [{"from_location": "east", "to_location": "west", "lead_time": 0}],
    }
    # 4, 4, 2: 4 × 3 + 2 × 6.
    assert solved(made(RECEIVING | {"location": "west", "receiving_capacity": 4}, **case)).objective == pytest.approx(
        24
    )
    # 2 a week: waiting three weeks costs 9; the last 2 leave at once by overtime, at 10. 2 × 3 + 2 × 6 + 2 × 9 + 20.
    plan = solved(made(SHIPPING | {"location": "east", "shipping_capacity": 2}, **case))
    assert plan.objective == pytest.approx(6 + 12 + 18 + 20)


@pytest.mark.parametrize("cheaper", [{"shipping_capacity": 13}, {"shipping_overtime_cost": 2}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    assert solved(made(SHIPPING | cheaper)).objective <= solved(made(SHIPPING)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    # Though there is stock, lines wait: pegging must not forbid it.
    for row in (SHIPPING, SHIPPING | RECEIVING):
        assert solved(made(row), parts()).objective == pytest.approx(solved(made(row)).objective)


def test_faults() -> None:
    wrong = made(
        {"shipping_capacity": 3, "period": 0},
        RECEIVING | {"period": day(0, 3)},
        RECEIVING,
        {"receiving_capacity": 1},
    )
    assert places(found("handling", wrong)) == [
        ("no overtime cost", "handling", 3, "receiving_overtime_cost"),
        ("no overtime cost", "handling", 0, "shipping_overtime_cost"),
        ("two capacities", "handling", 1, "period"), ("two capacities", "handling", 3, "period"),
    ]  # fmt: skip
    assert found("handling", made(SHIPPING)) == []
