"""Order calendars: orders are placed when the supplier takes them, and lead times stand still while it is closed.

With the rows of `order_calendar` of the supplier, and those without one, which are for all:

    no order in a period with a row `closed`, nor, where there are rows `order`, in a period without one
    arrival = the lead_time-th period after the order's that is not closed; the order's own where lead_time is 0
"""

from collections.abc import Iterator
from functools import lru_cache

from optimizer.audit.book import Book
from optimizer.audit.book.instance import Instance
from optimizer.audit.book.violation import Violation


@lru_cache(maxsize=1)
def _periods(instance: Instance) -> dict[tuple[str, str], set[int]]:
    """Periods by supplier and kind of row."""
    periods: dict[tuple[str, str], set[int]] = {}
    for row in instance.tables.rows("order_calendar"):
        day = row.day("period")
        if day is not None:
            key = row.text("supplier"), row.text("kind")
            periods.setdefault(key, set()).add(instance.calendar.index(day))
    return periods


def _of(instance: Instance, supplier: str, kind: str) -> set[int]:
    periods = _periods(instance)
    return periods.get((supplier, kind), set()) | periods.get(("", kind), set())


def arrival(book: Book, supplier: str, t: int, lead_time: int) -> int:
    """The period in which an order arrives; one of those after the horizon where it is later."""
    closed = _of(book.instance, supplier, "closed")
    arrives = t
    for _ in range(lead_time):
        arrives += 1
        while arrives in closed and arrives < book.calendar.periods:
            arrives += 1
    return arrives


def check(book: Book) -> Iterator[Violation]:
    """Refuse orders that the supplier does not take then."""
    for order in book.plan.orders:
        closed, taking = (_of(book.instance, order.supplier, kind) for kind in ("closed", "order"))
        if order.order_period in closed or (taking and order.order_period not in taking):
            yield Violation(
                rule="order_calendar",
                file="purchase_orders.csv",
                row=order.row,
                item=order.item,
                supplier=order.supplier,
                location=order.location,
                period=book.calendar.name(order.order_period),
                message="the supplier takes no orders in this period",
            )
