"""Quantity steps, solved by hand."""

import pytest

from tests.models.solved import PLAIN, instance, orders, solved


def test_orders_and_deliveries_come_in_whole_steps() -> None:
    made = instance(
        items=[PLAIN | {"quantity_step": 5}],
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 7}],
    )
    plan = solved(made)
    # Five of seven can be delivered: 10 for them, and two are short.
    assert plan.values["order_steps"] == {("A", "S", "main", 0): 1}
    assert plan.objective == pytest.approx(10 + 200)


def test_stock_may_be_broken_and_stays() -> None:
    made = instance(
        periods=2,
        items=[PLAIN | {"quantity_step": 5}],
        inventory=[{"on_hand": 8}],
        demand=[{"due": 0, "quantity": 8}],
    )
    # Five go, three stay for two weeks and are short.
    assert solved(made).objective == pytest.approx(2 * 3 + 300)


def test_a_line_may_be_split_in_whole_steps_only() -> None:
    made = instance(
        items=[PLAIN | {"quantity_step": 2}],
        inventory=[{"on_hand": 3}],
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        demand=[{"due": 0, "quantity": 4}],
    )
    # Two now; two are bought and wait a week; the odd unit of stock is held to the end.
    assert solved(made).objective == pytest.approx(4 + 2 * 3 + 4)


def test_a_step_may_be_a_fraction() -> None:
    made = instance(
        items=[PLAIN | {"quantity_step": 0.25}],
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 1.6}],
    )
    assert solved(made).objective == pytest.approx(1.5 * 2 + 0.1 * 100)


@pytest.mark.parametrize(("pack", "step", "both"), [(6, 4, 12), (4, 4, 4), (5, 1, 5), (0.75, 0.5, 1.5), (1, 5, 5)])
def test_with_packs_an_order_is_a_common_multiple(pack: float, step: float, both: float) -> None:
    made = instance(
        items=[PLAIN | {"quantity_step": step}],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "multiple": pack}],
        demand=[{"due": 0, "quantity": 0.1}],
    )
    assert orders(made)["A", "S", "main", 0] == pytest.approx((both, both))


def test_packs_and_steps_together() -> None:
    made = instance(
        periods=1,
        items=[PLAIN | {"quantity_step": 4}],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "multiple": 6}],
        demand=[{"due": 0, "quantity": 9}],
    )
    # Twelve are bought for 24; eight of nine are delivered (steps of 4), one is short; four are left for a week.
    assert solved(made).objective == pytest.approx(24 + 100 + 4)


def test_steps_stay_whole_where_packs_may_be_fractional() -> None:
    made = instance(
        periods=1,
        items=[PLAIN | {"quantity_step": 4}],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "multiple": 6}],
        demand=[{"due": 0, "quantity": 9}],
        settings={"horizon.whole_packs": 0},
    )
    assert solved(made).objective == pytest.approx(16 + 100)


def test_items_without_a_step_have_no_rows() -> None:
    made = instance(
        items=[PLAIN, PLAIN | {"item": "B", "quantity_step": 1}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 3} for name in ("A", "B")],
        demand=[{"item": name, "due": 3, "quantity": 1.5} for name in ("A", "B")],
    )
    plan = solved(made)
    assert list(plan.model.order_steps) == [("B", "S", "main", 0)]
    assert list(plan.model.deliver_steps) == [(1, "main", 3)]
    assert plan.objective == pytest.approx(3 + 2 + 50)  # 1.5 of A; one of B, half of it short
