"""Order calendars: a supplier takes orders in some periods only, and is closed in others.

Subject to  no order line of s in a period in which s takes no orders
            an order placed in o arrives in the L-th period after o in which s is not closed     L: its lead time

Periods by table `order_calendar` (models/order_calendar.py); a row without a supplier is for all of them. Faster ways
of transport wait for a closed supplier, too. What is on order already arrives as it was agreed.

Source: planning calendars of ERP systems; orders in given periods only are the static rule of Bookbinder & Tan (1988),
Management Science 34(9).
"""

from collections.abc import Iterator

import numpy as np

from models.findings import Finding, warning
from models.instance import Instance
from models.limits import Limit
from models.order_calendar import ORDER_CALENDAR, order_periods
from models.part import Part


class OrderCalendars(Part):
    """Periods of ordering, and holidays."""

    needs = (ORDER_CALENDAR,)
    limits = (
        Limit("order_calendar", "kind", "closed", only=("closed",), whole_row=True),
        Limit(
            "order_calendar",
            "kind",
            "orders are taken in other periods only",
            only=("order",),
            whole_row=True,
            together=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Suppliers that take no orders in the whole horizon."""
        if not len(instance["order_calendar"]):
            return
        for s in np.flatnonzero(~order_periods(instance).any(axis=1)):
            yield warning(
                "no orders taken",
                "by order_calendar the supplier takes no orders within the horizon: nothing new can be ordered from it",
                table="suppliers",
                row=int(s),
                column="supplier",
                value=instance["suppliers"]["supplier"][s],
            )
