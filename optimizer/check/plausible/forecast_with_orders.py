"""Forecast with orders: an item and customer with both in one period. Forecast must be net of orders, or be made so."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.findings import Finding, shown, warning
from models.instance import Instance


def look(instance: Instance) -> Iterator[Finding]:
    """Forecast lines beside firm orders of the same item, customer and period."""
    demand = instance.tables.get("demand")
    if demand is None or not len(demand) or "kind" not in demand.columns:
        return
    period = instance.calendar.index(demand["due"])
    frame = pd.DataFrame(
        {
            "item": demand["item"],
            "customer": demand["customer"],
            "period": period,
            "kind": demand["kind"],
            "quantity": demand["quantity"],
        }
    )
    frame = frame[~_made_net(instance)]
    frame = frame[(frame["period"] >= 0) & (frame["period"] < instance.calendar.periods) & (frame["quantity"] > 0)]
    ordered = (
        frame["quantity"]
        .where(frame["kind"] == "order", 0.0)
        .groupby([frame["item"], frame["customer"], frame["period"]])
        .transform("sum")
    )
    for place in map(int, np.flatnonzero((frame["kind"] == "forecast").to_numpy() & (ordered > 0).to_numpy())):
        line = frame.iloc[place]
        forecast, orders = shown(float(line["quantity"])), shown(float(ordered.iloc[place]))
        message = (
            f"forecast of {forecast} beside orders of {orders} of item '{line['item']}' for customer "
            f"'{line['customer']}' in the period of {instance.calendar.first_day(int(line['period']))}: "
            "both count; a forecast is what is expected beside the orders"
        )
        yield warning(
            "forecast with orders",
            message,
            table="demand",
            row=int(frame.index[place]),
            column="kind",
            value="forecast",
        )


def _made_net(instance: Instance) -> NDArray[np.bool_]:
    """Rows of demand whose item has a window in which orders use up its forecast; tables with faults may be missing."""
    items, named = instance.tables.get("items"), instance["demand"]["item"]
    used_up: set[str] = set()
    for name in ("backward_consumption", "forward_consumption"):
        if items is not None and "item" in items.columns and name in items.columns:
            used_up |= set(items["item"][np.isfinite(items[name])].tolist())
    return np.array([item in used_up for item in named.tolist()], dtype=np.bool_)
