"""Reasons of orders, from projections reckoned by hand."""

import pandas as pd
import pytest

from optimizer.report.projection import projection
from optimizer.report.why import FOR_LATER, WAITED_FOR, reasons, with_reason
from optimizer.write.columns import RESULTS
from tests.write.plans import WEEKS, instance, tables


def stock(on_hand: list[float], backlog: list[float], safety: float) -> pd.DataFrame:
    count = len(WEEKS)
    return pd.DataFrame(
        {
            "item": ["a"] * count,
            "location": ["main"] * count,
            "period": WEEKS,
            "on_hand": on_hand,
            "backlog": backlog,
            "safety_stock": [safety] * count,
        }
    )


def order(quantity: float, arrival: str, item: str = "a") -> pd.DataFrame:
    return pd.DataFrame({"item": [item], "location": ["main"], "arrival_period": [arrival], "quantity": [quantity]})


@pytest.mark.parametrize(
    ("on_hand", "backlog", "safety", "reason"),
    [
        ([0, 4, 4, 4], [2, 0, 0, 0], 0.0, WAITED_FOR),  # 2 waited; without the 5 there would be -1 at once
        ([9, 9, 6, 3], [0, 0, 0, 0], 0.0, f"without it, out of stock from {WEEKS[3]}"),  # 9 - 5, 6 - 5, 3 - 5 < 0
        ([9, 9, 7, 7], [0, 0, 0, 0], 3.0, f"without it, below safety stock from {WEEKS[2]}"),  # 7 - 5 < 3, not < 0
        ([9, 9, 9, 9], [0, 0, 0, 0], 3.0, FOR_LATER),  # 9 - 5 = 4 throughout
        ([9, 9, 9, 4], [2, 0, 0, 0], 0.0, f"{WAITED_FOR}; without it, out of stock from {WEEKS[3]}"),  # 4 - 5 < 0
        ([2, 5, 5, 5], [0, 0, 0, 0], 0.0, FOR_LATER),  # before it arrives, there may be as little as there is
    ],
)
def test_what_would_be_missing(on_hand: list[float], backlog: list[float], safety: float, reason: str) -> None:
    assert reasons(order(5, WEEKS[1]), stock(on_hand, backlog, safety)) == [reason]


def test_of_the_small_plan() -> None:
    # 1 of 00123 waits when the 10 arrive in week 2.
    small = tables()
    assert reasons(small["purchase_orders"], projection(small, instance())) == [WAITED_FOR]


def test_what_is_not_in_the_projection_has_none() -> None:
    there = stock([1, 1, 1, 1], [0, 0, 0, 0], 0.0)
    assert reasons(order(1, "2030-01-07"), there) == [""]
    assert reasons(order(1, WEEKS[0], item="b"), there) == [""]
    assert reasons(order(1, WEEKS[0]), there.head(0)) == [""]
    assert reasons(order(1, WEEKS[0]).head(0), there) == []


def test_the_money_of_orders_stays_the_last_figure() -> None:
    names = [column.name for column in with_reason(RESULTS["purchase_orders"])]
    assert names.index("why") == names.index("arrival_period") - 1
    assert len(names) == len(RESULTS["purchase_orders"]) + 1
