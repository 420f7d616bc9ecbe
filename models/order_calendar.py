"""Order calendar: the shared word for the periods in which a supplier takes orders, and in which it is closed.

closed_s      periods in which s, or every supplier, has a row `closed`
taking_s      periods with a row `order`, where s has any; else all; closed ones never
arrival       of an order placed in o with lead time L: the L-th period after o in which s is not closed; o where L is 0
"""

import numpy as np

from models.instance import Array, Codes, Instance
from models.tables import Table, date, text

ORDER_CALENDAR = Table(
    "order_calendar",
    "When suppliers take orders and when they are closed: one row per supplier and period.",
    key=(
        text("supplier", "The supplier.", refers="suppliers", default="", default_text="all", example="ACME"),
        date("period", "A day of the period.", example="2026-12-21"),
    ),
    columns=(
        text(
            "kind",
            "`order`: orders are taken, and only in periods with such a row; `closed`: no orders, and lead times stand "
            "still.",
            choices=("order", "closed"),
            example="closed",
        ),
    ),
    optional=True,
)


def closed_periods(instance: Instance) -> Array:
    """Whether each supplier is closed in each period: (suppliers, periods)."""
    return _marked(instance, "closed")


def order_periods(instance: Instance) -> Array:
    """Whether each supplier takes orders in each period: (suppliers, periods)."""
    codes, kind = instance.codes("order_calendar", "supplier"), instance["order_calendar"]["kind"]
    chooses = (
        np.isin(np.arange(len(instance["suppliers"])), codes[kind == "order"]) | (codes[kind == "order"] == -1).any()
    )
    open_ones: Array = (_marked(instance, "order") | ~chooses[:, None]) & ~closed_periods(instance)
    return open_ones


def arrivals(instance: Instance, supplier: Codes, period: Codes, lead: Codes) -> Codes:
    """Period in which an order arrives; the horizon's length, or more, where that is after it."""
    arrival = period + lead
    if not len(instance["order_calendar"]):
        return arrival
    horizon, working = instance.calendar.periods, np.cumsum(~closed_periods(instance), axis=1)
    for s in np.flatnonzero(working[:, -1] < horizon):
        mine = np.flatnonzero(supplier == s)
        reached = np.searchsorted(working[s], working[s, period[mine]] + lead[mine])
        after = working[s, period[mine]] + lead[mine] - working[s, -1]  # what is left of it when the horizon ends
        late = np.where(after > 0, horizon - 1 + after, reached)
        arrival[mine] = np.maximum(late, period[mine])
    return arrival


def _marked(instance: Instance, kind: str) -> Array:
    """Whether each supplier has a row of a kind in each period, its own or one for all."""
    rows, horizon = instance["order_calendar"], instance.calendar.periods
    period = instance.calendar.index(rows["period"])
    counts = (rows["kind"] == kind) & (period >= 0) & (period < horizon)
    supplier, period = instance.codes("order_calendar", "supplier")[counts], period[counts]
    marked = np.zeros((len(instance["suppliers"]) + 1, horizon), dtype=np.bool_)
    marked[supplier, period] = True  # -1, all of them, is the last
    whole: Array = marked[:-1] | marked[-1]
    return whole
