"""Years of stock: a smallest order that would cover more than two years of the item's demand.

The smallest order is the larger of minimum and multiple; demand of the horizon is scaled to a year.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.findings import Finding, shown, warning
from models.instance import Instance
from optimizer.check.ratios import ratio

MOST_YEARS = 2.0


def look(instance: Instance) -> Iterator[Finding]:
    """Rows of sourcing with such a minimum or multiple; items without demand are passed over."""
    sourcing, demand = instance.tables.get("sourcing"), instance.tables.get("demand")
    if (
        sourcing is None
        or demand is None
        or not len(demand)
        or not {"minimum_quantity", "multiple"} <= set(sourcing.columns)
    ):
        return
    due = instance.calendar.index(demand["due"])
    asked = pd.Series(np.where(due < instance.calendar.periods, demand["quantity"], 0.0)).groupby(demand["item"]).sum()
    a_year = asked.reindex(sourcing["item"]).to_numpy() * instance.calendar.a_year / instance.calendar.periods
    minimum, pack = np.nan_to_num(sourcing["minimum_quantity"]), np.nan_to_num(sourcing["multiple"])
    least = np.maximum(minimum, pack)
    for row in np.flatnonzero((a_year > 0) & (least > MOST_YEARS * a_year)):
        column = "minimum_quantity" if minimum[row] >= pack[row] else "multiple"
        item = sourcing["item"][row]
        smallest, asked_for = shown(float(least[row])), shown(round(float(a_year[row]), 1))
        message = (
            f"the smallest order, {smallest}, would cover {ratio(least[row] / a_year[row])} years of item '{item}', "
            f"of which {asked_for} are asked for a year; is it in the item's unit?"
        )
        yield warning("years of stock", message, table="sourcing", row=int(row), column=column, value=float(least[row]))
