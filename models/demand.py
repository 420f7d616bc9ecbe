"""Demand: the shared word for "a demand line that counts", with its window and its weighted costs.

τ            period of `due`; before `start` it is negative, and the line counts from period 0
window       max(τ, 0) … max(τ, 0) + max_delay, within the horizon
waiting cost  w_c · b_d, shortage cost  w_c · p_d, with the defaults of the line's item and of the settings
"""

from dataclasses import dataclass

import numpy as np

from models.entities import price
from models.instance import Codes, Figures, Instance


@dataclass(frozen=True)
class DemandLines:
    """Demand lines that count, by column; `row` is the row of the demand table."""

    row: Codes
    item: Codes
    customer: Codes
    location: Codes  # -1: any
    due: Codes  # period, true: negative before start
    first: Codes  # first period of delivery, and from which waiting counts
    last: Codes  # last period of delivery
    quantity: Figures
    waiting_cost: Figures  # weighted, per unit and period
    shortage_cost: Figures  # weighted, per unit


def demand_lines(instance: Instance) -> DemandLines:
    """The demand lines that count: something is asked, within the horizon, and a forecast is not past."""
    demand, items, horizon = instance["demand"], instance["items"], instance.calendar.periods
    due = instance.calendar.index(demand["due"])
    counts = (demand["quantity"] > 0) & (due < horizon) & ((due >= 0) | (demand["kind"] == "order"))
    row = np.flatnonzero(counts)
    item, customer, due = instance.codes("demand", "item")[row], instance.codes("demand", "customer")[row], due[row]

    def own(column: str, of_item: Figures) -> Figures:
        return np.where(np.isnan(demand[column][row]), of_item[item], demand[column][row])

    def by_rate(column: str) -> Figures:
        rate = instance.setting(f"costs.{column.replace('_cost', '_rate')}")
        return np.where(np.isnan(items[column]), price(instance) * rate, items[column])

    first = np.maximum(due, 0)
    delay = own("max_delay", items["max_delay"])
    weight = instance["customers"]["weight"][customer] if len(instance["customers"]) else np.ones(len(row))
    return DemandLines(
        row=row,
        item=item,
        customer=customer,
        location=instance.codes("demand", "location")[row],
        due=due,
        first=first,
        last=np.where(np.isnan(delay), horizon - 1, np.minimum(first + np.nan_to_num(delay), horizon - 1)).astype(
            np.int64
        ),
        quantity=demand["quantity"][row],
        waiting_cost=weight * own("backorder_cost", by_rate("backorder_cost")),
        shortage_cost=weight * own("shortage_cost", by_rate("shortage_cost")),
    )
