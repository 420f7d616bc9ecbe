"""Frozen periods, solved by hand."""

from typing import Any

import pytest

from models.instance import Instance
from tests.models.solved import instance, orders, result_tables, solved


def frozen(periods: int, **more: Any) -> Instance:
    """Ten units due in week 1, from a supplier a week away, with so many frozen weeks."""
    return instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        demand=[{"due": 1, "quantity": 10}],
        settings={"horizon.frozen": periods},
        **more,
    )


@pytest.mark.parametrize(
    ("periods", "cost"),
    [
        (0, 20),  # bought in week 0
        (1, 20 + 10 * 3),  # bought in week 1: they wait a week
        (2, 20 + 10 * 6),
        (3, 1000),  # an order of week 3 would arrive after the horizon: all are short
        (9, 1000),
    ],
)
def test_nothing_is_ordered_in_frozen_weeks(periods: int, cost: float) -> None:
    assert solved(frozen(periods)).objective == pytest.approx(cost)


def test_frozen_weeks_have_no_order_lines() -> None:
    assert [key[3] for key in orders(frozen(2))] == [2]


def test_open_orders_arrive_all_the_same() -> None:
    made = frozen(4, open_orders=[{"arrival": 1, "quantity": 10}])
    assert solved(made).objective == pytest.approx(0)


def test_the_first_week_that_is_not_frozen_is_released() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 1, "quantity": 10}, {"due": 2, "quantity": 5}],
        settings={"horizon.frozen": 1},
    )
    actions = [(row["order_period"], row["action"]) for row in result_tables(made)["purchase_orders"]]
    assert actions == [("2026-11-30", "release"), ("2026-12-07", "planned")]
