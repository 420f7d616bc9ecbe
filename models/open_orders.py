"""Open orders: the shared word for what is already placed, and when it is expected.

One that is overdue is expected `[horizon] overdue_arrival` periods after `start`; one that arrives after the horizon is
left out.
"""

import numpy as np

from models.instance import Codes, Instance
from models.tables import Kind, Setting, Table, date, text

OPEN_ORDERS = Table(
    "open_orders",
    "What is already ordered and not yet received: one row per order line and arrival.",
    key=(
        text("order", "Number of the order.", example="PO-1001"),
        text("line", "Line of the order.", default="", default_text="none", example="1"),
        date("arrival", "When it is expected.", example="2026-12-02"),
    ),
    optional=True,
)
OVERDUE_ARRIVAL = Setting(
    "horizon",
    "overdue_arrival",
    Kind.COUNT,
    "Periods after start in which overdue open orders are expected.",
    unit="periods",
    default=1.0,
)


def expected_periods(instance: Instance) -> Codes:
    """Period in which each row of `open_orders` is expected; the horizon's length or more: after it."""
    period = instance.calendar.index(instance["open_orders"]["arrival"])
    return np.where(period < 0, int(instance.setting("horizon.overdue_arrival")), period)


def arriving(instance: Instance) -> Codes:
    """Rows of `open_orders` of which something arrives within the horizon."""
    inside = expected_periods(instance) < instance.calendar.periods
    return np.flatnonzero(inside & (instance["open_orders"]["quantity"] > 0))
