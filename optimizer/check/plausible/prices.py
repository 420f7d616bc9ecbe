"""Prices: a unit cost ten times what its neighbours are, or a tenth.

The neighbours of a sourcing row are the item's other rows; where it has none, the items of its class (five or more
with prices). An outlier is told on the row itself: with two rows only, on the dearer one.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.findings import Finding, shown, warning
from models.instance import Array, Instance
from optimizer.check.ratios import ratio

FACTOR = 10.0
FEWEST_IN_CLASS = 5


def look(instance: Instance) -> Iterator[Finding]:
    """Prices far off, in sourcing, in price breaks, and of items."""
    for table in ("sourcing", "price_breaks"):
        records = instance.tables.get(table)
        if records is not None and len(records) and "unit_cost" in records.columns:
            yield from _beside_own_rows(table, records["item"], records["unit_cost"])
    yield from _beside_class(instance)
    yield from _beside_cost(instance)


def _beside_own_rows(table: str, items: Array, costs: Array) -> Iterator[Finding]:
    frame = pd.DataFrame({"item": items, "cost": costs})
    frame = frame[frame["cost"] > 0]
    many = frame.groupby("item")["cost"]
    extremes = pd.DataFrame({"least": many.transform("min"), "most": many.transform("max")})
    for item, rows in frame[extremes["most"] >= FACTOR * extremes["least"]].groupby("item", sort=False):
        for row, cost in zip(rows.index, rows["cost"], strict=True):
            others = rows["cost"].drop(row)
            usual = float(others.median())
            if cost >= FACTOR * usual or (len(others) > 1 and cost * FACTOR <= usual):
                yield _far_off((table, int(row), "unit_cost"), float(cost), usual, f"other rows of item '{item}'")


def _beside_class(instance: Instance) -> Iterator[Finding]:
    """Items with one price only, beside the other items of their class."""
    sourcing = instance.tables.get("sourcing")
    if sourcing is None or "class" not in instance["items"].columns or "unit_cost" not in sourcing.columns:
        return
    frame = pd.DataFrame({"item": sourcing["item"], "cost": sourcing["unit_cost"]})
    frame = frame[(frame["cost"] > 0) & ~frame["item"].duplicated(keep=False)]
    classes = dict(zip(instance["items"]["item"], instance["items"]["class"], strict=True))
    frame["class"] = frame["item"].map(classes)
    for name, rows in frame[frame["class"] != ""].groupby("class", sort=False):
        if len(rows) < FEWEST_IN_CLASS:
            continue
        usual = float(rows["cost"].median())
        # A class may hold cheap and dear items: only what lies far outside of all the others is worth a look.
        ordered = rows["cost"].sort_values()
        for row in (ordered.index[0], ordered.index[-1]):
            cost = float(rows["cost"][row])
            others = rows["cost"].drop(row)
            if cost >= FACTOR * others.max() or cost * FACTOR <= others.min():
                yield _far_off(("sourcing", int(row), "unit_cost"), cost, usual, f"items of class '{name}'")


def _beside_cost(instance: Instance) -> Iterator[Finding]:
    """An item's stated price beside what it can be bought for."""
    items = instance["items"]
    sourcing = instance.tables.get("sourcing")
    if sourcing is None or "price" not in items.columns or "unit_cost" not in sourcing.columns:
        return
    lowest = pd.Series(sourcing["unit_cost"]).groupby(sourcing["item"]).min()
    cost = lowest.reindex(items["item"]).to_numpy()
    price = items["price"]
    far = (price > 0) & (cost > 0) & ((price >= FACTOR * cost) | (price * FACTOR <= cost))
    for row in np.flatnonzero(far):
        yield _far_off(("items", int(row), "price"), float(price[row]), float(cost[row]), "its lowest unit_cost")


def _far_off(place: tuple[str, int, str], value: float, usual: float, neighbours: str) -> Finding:
    table, row, column = place
    times = f"{ratio(value / usual)} times" if value > usual else f"1/{ratio(usual / value)} of"
    message = f"{shown(value)} is {times} {shown(usual)}, that of {neighbours}; is the decimal point or the unit right?"
    return warning("price far off", message, table=table, row=row, column=column, value=value)
