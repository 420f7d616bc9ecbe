"""Why: what would be missing without an order, all else as planned, in a few words.

With q the order's quantity and a the period of its arrival, an order

    is waited for           where the backlog falls in a
    keeps from running out  from the first t >= a in which on_hand[t] < q
    keeps the safety stock  from the first t >= a in which on_hand[t] < q + safety_stock

This reads the projection alone; which demand lines a receipt covers, and what another choice costs, is more than that.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.tables import Column, text

TINY = 1e-6
REASON = text("why", "What would be missing without this order, all else as planned.")
WAITED_FOR = "customers wait for it"
FOR_LATER = "for what comes later, or for its price"


def with_reason(columns: Sequence[Column], *others: Column) -> tuple[Column, ...]:
    """Columns of orders with the reason, and others, before the arrival: the money stays last."""
    place = next(place for place, column in enumerate(columns) if column.name == "arrival_period")
    return (*columns[:place], REASON, *others, *columns[place:])


def reasons(orders: pd.DataFrame, projection: pd.DataFrame) -> list[str]:
    """The reason of each order.

    Args:
        orders: rows of the table `purchase_orders`.
        projection: of the plan (`optimizer.report.projection`), all items and locations that the orders name.

    Returns:
        A sentence for each row.
    """
    if not len(orders) or not len(projection):
        return [""] * len(orders)
    first = projection.iloc[0]
    same = (projection["item"] == first["item"]) & (projection["location"] == first["location"])
    days = projection["period"][same].tolist()
    shape = (-1, len(days))
    on_hand, backlog, safety = (
        projection[name].to_numpy(dtype=float).reshape(shape) for name in ("on_hand", "backlog", "safety_stock")
    )
    pairs = pd.MultiIndex.from_frame(projection.iloc[:: len(days)][["item", "location"]].astype(object))
    rows = pairs.get_indexer(pd.MultiIndex.from_frame(orders[["item", "location"]].astype(object)))
    place = {day: t for t, day in enumerate(days)}
    arrivals = [place.get(day, -1) for day in orders["arrival_period"]]
    found = []
    for row, arrival, quantity in zip(rows.tolist(), arrivals, orders["quantity"].tolist(), strict=True):
        if row < 0 or arrival < 0:
            found.append("")
            continue
        without = on_hand[row, arrival:] - quantity
        waited = arrival > 0 and backlog[row, arrival - 1] > backlog[row, arrival] + TINY
        found.append(_reason(waited, _first(without < -TINY), _first(without < safety[row, 0] - TINY), days[arrival:]))
    return found


def _reason(waited: bool, out: int, thin: int, days: list[str]) -> str:
    if waited and out == 0:
        return WAITED_FOR
    missing = ""
    if out >= 0:
        missing = f"without it, out of stock from {days[out]}"
    elif thin >= 0:
        missing = f"without it, below safety stock from {days[thin]}"
    return "; ".join(part for part in (WAITED_FOR if waited else "", missing) if part) or FOR_LATER


def _first(marks: NDArray[np.bool_]) -> int:
    return int(marks.argmax()) if marks.any() else -1
