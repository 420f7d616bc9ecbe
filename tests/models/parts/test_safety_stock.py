"""Safety stock, solved by hand."""

from typing import Any

import pytest

from tests.models.solved import PLAIN, Row, day, found, instance, orders, places, solved


def test_what_is_missing_costs_in_every_period() -> None:
    made = instance(periods=2, inventory=[{"on_hand": 4, "safety_stock": 10, "safety_stock_cost": 0.5}])
    # Six are missing for two weeks at 0.5; four are held for two.
    plan = solved(made)
    assert plan.amounts["safety_stock"] == pytest.approx(6)
    assert plan.objective == pytest.approx(6 + 8)


def test_a_reserve_is_a_reason_to_buy() -> None:
    made = instance(
        periods=2,
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        inventory=[{"on_hand": 4, "safety_stock": 10, "safety_stock_cost": 5}],
    )
    # Six for 12, ten held for two weeks; against 6 × 5 × 2 + 8 without.
    assert solved(made).objective == pytest.approx(12 + 20)
    assert orders(made)["A", "S", "main", 0][1] == 10


def missing(lines: list[Row], **more: Any) -> float:
    """Money for one unit that is missing for one week, at the default cost; the item's holding cost is 1."""
    made = instance(periods=1, inventory=[{"safety_stock": 1}], demand=lines, **more)
    return solved(made).amounts["safety_stock"]


def test_the_default_is_four_times_the_holding_cost() -> None:
    assert missing([], items=[PLAIN | {"holding_cost": 0.5}]) == pytest.approx(2)
    assert missing([]) == pytest.approx(4)
    assert missing([{"due": 0, "quantity": 1, "backorder_cost": 5}]) == pytest.approx(4)


def test_the_default_is_not_above_the_smallest_weighted_backorder_cost() -> None:
    dear: Row = {"due": 0, "quantity": 1, "reference": "1", "backorder_cost": 3.5}
    cheap: Row = {"due": 0, "quantity": 1, "reference": "2", "backorder_cost": 3}
    assert missing([dear]) == pytest.approx(3.5)
    assert missing([dear, cheap]) == pytest.approx(3)
    assert missing([cheap], customers=[{"weight": 0.5}]) == pytest.approx(1.5)
    assert missing([cheap], customers=[{"weight": 2}]) == pytest.approx(4)


def test_lines_that_are_not_planned_do_not_lower_the_default() -> None:
    dropped: Row = {"due": day(-1), "kind": "forecast", "quantity": 1, "backorder_cost": 1}
    after: Row = {"due": 1, "quantity": 1, "backorder_cost": 1}
    nothing: Row = {"due": 0, "quantity": 0, "backorder_cost": 1}
    assert missing([dropped, after, nothing]) == pytest.approx(4)


def test_lines_of_another_item_do_not_lower_the_default() -> None:
    other: Row = {"item": "B", "due": 0, "quantity": 1, "backorder_cost": 1}
    assert missing([other], items=[PLAIN, PLAIN | {"item": "B"}]) == pytest.approx(4)


def test_no_customer_waits_for_the_sake_of_a_reserve() -> None:
    made = instance(periods=2, inventory=[{"on_hand": 10, "safety_stock": 10}], demand=[{"due": 0, "quantity": 10}])
    # Delivered at once: 10 missing at min(4, 3) for two weeks = 60. A week later: 30 waiting + 10 holding + 30.
    plan = solved(made)
    assert plan.values["deliver"] == {(0, "main", 0): 10}
    assert plan.objective == pytest.approx(60)


def test_a_stated_cost_may_be_above_the_backorder_cost() -> None:
    made = instance(
        periods=2,
        inventory=[{"on_hand": 10, "safety_stock": 10, "safety_stock_cost": 50}],
        demand=[{"due": 0, "quantity": 10}],
    )
    # Kept for week 0 and given away in the last: 10 holding + 30 waiting + 500 missing; at once costs 1000, never 1020.
    assert solved(made).objective == pytest.approx(540)


def test_a_safety_stock_of_zero_has_no_rows() -> None:
    plan = solved(instance(inventory=[{"on_hand": 5, "safety_stock_cost": 9}]))
    assert len(plan.model.below_safety) == 0


def test_opening_stock_below_it_is_told() -> None:
    made = instance(
        inventory=[
            {"location": "east", "on_hand": 10, "safety_stock": 10},
            {"location": "west", "on_hand": 9.5, "safety_stock": 10},
        ]
    )
    findings = found("safety_stock", made)
    assert places(findings) == [("below safety stock", "inventory", 1, "on_hand")]
    assert findings[0].value == "9.5"
    assert "9.5 is below the safety stock of 10" in findings[0].message
