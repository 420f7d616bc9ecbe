"""Overstock, solved by hand."""

import pytest

from tests.models.solved import PLAIN, found, instance, places, solved


def test_stock_above_its_maximum_costs_extra() -> None:
    made = instance(
        periods=3,
        inventory=[{"on_hand": 20, "maximum": 15, "overstock_cost": 0.5}],
        demand=[{"due": 1, "quantity": 3}, {"due": 2, "quantity": 7}],
    )
    plan = solved(made)
    # Stock 20, 17, 10: 47 holding; 5 and 2 above 15 at 0.5.
    assert plan.amounts["overstock"] == pytest.approx(3.5)
    assert plan.objective == pytest.approx(47 + 3.5)


def test_the_default_is_four_times_the_holding_cost() -> None:
    made = instance(periods=2, items=[PLAIN | {"holding_cost": 0.5}], inventory=[{"on_hand": 20, "maximum": 15}])
    # 20 × 0.5 a week, and 5 × 4 × 0.5.
    assert solved(made).objective == pytest.approx(2 * (10 + 10))


def test_a_maximum_of_zero_is_a_maximum() -> None:
    made = instance(periods=1, inventory=[{"on_hand": 2, "maximum": 0, "overstock_cost": 3}])
    assert solved(made).objective == pytest.approx(2 + 6)


def test_a_pack_is_split_over_two_orders_to_stay_below_it() -> None:
    made = instance(
        periods=2,
        sourcing=[{"unit_cost": 2, "lead_time": 0, "order_cost": 9}],
        inventory=[{"maximum": 4, "overstock_cost": 2}],
        demand=[{"due": 0, "quantity": 5}, {"due": 1, "quantity": 6}],
    )
    # Once: 22 + 9 + 6 holding + 2 above × 2 = 41. Twice: 22 + 18 = 40.
    assert solved(made).objective == pytest.approx(40)


def test_what_has_no_maximum_has_no_rows() -> None:
    made = instance(inventory=[{"on_hand": 5}, {"location": "east", "maximum": 7}])
    plan = solved(made)
    assert list(plan.model.above_maximum) == [("A", "east", t) for t in range(4)]


def test_a_maximum_below_the_safety_stock_is_told() -> None:
    made = instance(
        inventory=[
            {"location": "east", "maximum": 10, "safety_stock": 10},
            {"location": "west", "maximum": 9, "safety_stock": 10},
            {"location": "north", "safety_stock": 10},
        ]
    )
    findings = found("overstock", made)
    assert places(findings) == [("maximum below safety stock", "inventory", 1, "maximum")]
    assert findings[0].value == "9" and "safety stock of 10" in findings[0].message
