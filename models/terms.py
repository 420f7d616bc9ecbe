"""Terms: which row of `sourcing` holds for an item, supplier, location and period, and the order lines that follow.

A location's own row comes before a row for all locations, period by period. A dated row holds from the period that
contains `valid_from` to the one that contains `valid_to`; where two meet in one period, the one that holds on its first
day. Suppliers take orders, and deliver, as their calendar says.
"""

import numpy as np

from models.dated import DAY_ONE, on_first_day, valid_periods
from models.entities import pair_places
from models.instance import Codes, Instance
from models.order_calendar import arrivals, order_periods
from models.orders import OrderLines


def lead_times(instance: Instance) -> Codes:
    """Lead time of each row [periods]; 0 where none is given, which is a fault."""
    rows = instance["sourcing"]
    from_days = np.ceil(rows["lead_time_days"] / instance.calendar.days)
    return np.nan_to_num(np.where(np.isnan(rows["lead_time"]), from_days, rows["lead_time"])).astype(np.int64)


def lines_in_force(instance: Instance) -> OrderLines:
    """One line for each item, supplier, location and period in which an order is taken and arrives in time."""
    rows, calendar = instance["sourcing"], instance.calendar
    row, place, period = _in_force(instance)
    supplier = instance.codes("sourcing", "supplier")[row]
    lines = OrderLines(
        item=instance.codes("sourcing", "item")[row],
        supplier=supplier,
        location=place,
        period=period,
        arrival=arrivals(instance, supplier, period, lead_times(instance)[row]),
        row=row,
        unit_cost=rows["unit_cost"][row],
    )
    order = np.lexsort((lines.period, lines.location, lines.supplier, lines.item))
    lines = lines.only(order)
    if len(instance["order_calendar"]):
        lines = lines.only(order_periods(instance)[lines.supplier, lines.period])
    return lines.only(lines.arrival < calendar.periods)


def _in_force(instance: Instance) -> tuple[Codes, Codes, Codes]:
    """Row, location and period of the terms that hold: own rows first, then what holds on the period's first day."""
    rows, calendar, locations = instance["sourcing"], instance.calendar, len(instance.labels["location"])
    own = instance.codes("sourcing", "location")
    copies = np.where(own == -1, locations, 1)
    row = np.repeat(np.arange(len(rows)), copies)
    place = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
    place = np.where(own[row] == -1, place, own[row])

    first, last = valid_periods(instance, "sourcing")
    length = np.maximum(last - first + 1, 0)[row]
    period = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    row, place = np.repeat(row, length), np.repeat(place, length)
    period = period + first[row]

    holds = on_first_day(instance, "sourcing", row, period)
    starts = rows["valid_from"][row]
    key = (
        pair_places(instance, instance.codes("sourcing", "item")[row], place) * len(instance.labels["supplier"])
        + instance.codes("sourcing", "supplier")[row]
    ) * calendar.periods + period
    earliest = np.where(np.isnat(starts), DAY_ONE, starts)
    best = np.lexsort((earliest, ~holds, own[row] == -1, key))
    _, chosen = np.unique(key[best], return_index=True)
    return row[best][chosen], place[best][chosen], period[best][chosen]
