"""Demand spikes: a line far above what the customer usually takes of the item.

Usual is the median of the other lines of the item and customer, of which there must be four or more.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.findings import Finding, shown, warning
from models.instance import Instance
from optimizer.check.ratios import ratio

FACTOR = 10.0
FEWEST_LINES = 5


def look(instance: Instance) -> Iterator[Finding]:
    """Lines of ten times the usual quantity or more."""
    demand = instance.tables.get("demand")
    if demand is None or not len(demand) or "quantity" not in demand.columns:
        return
    frame = pd.DataFrame({"item": demand["item"], "customer": demand["customer"], "quantity": demand["quantity"]})
    frame = frame[frame["quantity"] > 0]
    groups = frame.groupby(["item", "customer"], sort=False)["quantity"]
    usual = groups.transform("median").to_numpy()
    lines = groups.transform("size").to_numpy()
    spikes = (lines >= FEWEST_LINES) & (frame["quantity"].to_numpy() >= FACTOR * usual)
    for place in map(int, np.flatnonzero(spikes)):
        row = int(frame.index[place])
        quantity = float(frame["quantity"].iloc[place])
        message = (
            f"{shown(quantity)} is {ratio(quantity / usual[place])} times {shown(float(usual[place]))}, what customer "
            f"'{demand['customer'][row]}' usually takes of item '{demand['item'][row]}'; is the quantity right?"
        )
        yield warning("demand spike", message, table="demand", row=row, column="quantity", value=quantity)
