"""Open orders, solved by hand."""

from typing import Any

import pytest

from tests.models.solved import MONDAY, PLAIN, day, found, instance, places, solved

DEMAND = [{"due": 1, "quantity": 10}]


def test_they_arrive_as_agreed_and_are_not_paid_again() -> None:
    made = instance(open_orders=[{"arrival": day(1, 4), "quantity": 10}], demand=DEMAND)  # the Friday of week 1
    plan = solved(made)
    assert plan.objective == pytest.approx(0)
    assert plan.values["deliver"] == {(0, "main", 1): 10}


def test_orders_that_arrive_together_add_up() -> None:
    made = instance(
        open_orders=[
            {"order": "1", "arrival": day(1), "quantity": 4},
            {"order": "2", "arrival": day(1, 6), "quantity": 5},
            {"order": "2", "line": "2", "arrival": day(1, 6), "quantity": 3},
        ],
        demand=DEMAND,
    )
    # 12 arrive, 10 go; two are left in weeks 1, 2 and 3.
    assert solved(made).objective == pytest.approx(3 * 2)


def test_each_arrives_where_and_as_what_it_was_ordered() -> None:
    made = instance(
        items=[PLAIN, PLAIN | {"item": "B"}],
        locations=[{"location": "east"}, {"location": "west"}],
        open_orders=[
            {"order": "1", "item": "A", "location": "west", "arrival": 2, "quantity": 3},
            {"order": "2", "item": "B", "location": "east", "arrival": 0, "quantity": 5},
        ],
    )
    # Three of A in the west from week 2 on, five of B in the east from week 0 on.
    on_hand = {("A", "west", 2): 3, ("A", "west", 3): 3} | {("B", "east", t): 5 for t in range(4)}
    assert solved(made).values["on_hand"] == on_hand


@pytest.mark.parametrize(
    ("overdue_arrival", "cost"),
    [
        (0, 10),  # held for week 0
        (1, 0),
        (2, 30),  # ten units wait a week
        (4, 1000),  # after the horizon
    ],
)
def test_overdue_orders_are_expected_some_weeks_after_the_start(overdue_arrival: int, cost: float) -> None:
    made = instance(
        open_orders=[{"arrival": day(-2), "quantity": 10}],
        demand=DEMAND,
        settings={"horizon.overdue_arrival": overdue_arrival},
    )
    assert solved(made).objective == pytest.approx(cost)


def test_overdue_orders_are_expected_a_week_after_the_start_by_default() -> None:
    made = instance(open_orders=[{"arrival": day(-1, 6), "quantity": 10}], demand=DEMAND)
    assert solved(made).objective == pytest.approx(0)


def test_an_order_of_week_0_is_not_overdue() -> None:
    made = instance(open_orders=[{"arrival": day(0), "quantity": 10}], demand=DEMAND)
    assert solved(made).objective == pytest.approx(10)  # held for week 0
    assert found("open_orders", made) == []


def test_what_arrives_after_the_horizon_is_left_out() -> None:
    made = instance(
        open_orders=[{"arrival": day(4), "quantity": 10}, {"order": "2", "arrival": day(3, 6), "quantity": 10}],
        demand=DEMAND,
    )
    # The second arrives on the last Sunday of the horizon: ten units wait two weeks.
    assert solved(made).objective == pytest.approx(10 * 2 * 3)


def test_they_use_no_capacity_share_or_order_value() -> None:
    terms: dict[str, Any] = {
        "suppliers": [{"minimum_order_value": 1000, "order_cost": 50}, {"supplier": "R"}],
        "supplier_capacity": [{"period": t, "capacity": 0} for t in range(4)],
        "sourcing": [
            {"unit_cost": 2, "lead_time": 1, "share_max": 0.5},
            {"supplier": "R", "unit_cost": 2, "lead_time": 1},
        ],
    }
    made = instance(open_orders=[{"supplier": "S", "arrival": 1, "quantity": 10}], demand=DEMAND, **terms)
    assert solved(made).objective == pytest.approx(0)


def test_without_rows_nothing_arrives() -> None:
    plan = solved(instance(demand=DEMAND, inventory=[{}]))
    assert plan.objective == pytest.approx(1000)
    assert len(plan.model.open_arrivals) == 0


def test_a_line_for_nothing_is_passed_over() -> None:
    plan = solved(instance(open_orders=[{"arrival": 1, "quantity": 0}], demand=DEMAND))
    assert plan.objective == pytest.approx(1000)


def test_overdue_and_too_late_orders_are_told() -> None:
    made = instance(
        open_orders=[
            {"order": "P1", "arrival": day(-1, 6), "quantity": 1},
            {"order": "P2", "arrival": day(0), "quantity": 1},
            {"order": "P3", "arrival": day(4), "quantity": 1},
        ],
    )
    findings = found("open_orders", made)
    assert places(findings) == [
        ("overdue open order", "open_orders", 0, "arrival"),
        ("open order after the horizon", "open_orders", 2, "arrival"),
    ]
    assert [finding.value for finding in findings] == ["2026-11-22", "2026-12-21"]
    assert f"order P1 was due before {MONDAY}" in findings[0].message
    assert "in the period of 2026-11-30" in findings[0].message
    assert "ends on 2026-12-20" in findings[1].message
