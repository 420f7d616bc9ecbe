"""Lanes: deliveries come from locations that serve the customer, leave when that says, and are paid for.

Where table `lanes` has rows, for a delivery of q in period t from location l to customer c:

    there is a row for l and c;  what is delivered left l in t - lead_time, not before the horizon
    delivery = unit_cost × what left for it
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.plan import Allocation
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("delivery",)
Lanes = dict[tuple[str, str], TableRow]
_KNOWN: WeakKeyDictionary[Book, Lanes] = WeakKeyDictionary()


def leaves(book: Book, row: Allocation, flow: Flow) -> Flow:
    """It left the location when the lane says."""
    lane = _lanes(book).get((row.location, row.customer))
    return flow if lane is None else flow._replace(period=max(row.delivery_period - int(lane.number("lead_time")), 0))


def costs(book: Book) -> Iterator[Charge]:
    """By delivery, in its period."""
    lanes = _lanes(book)
    for row in book.plan.allocations if lanes else ():
        lane = lanes.get((row.location, row.customer))
        if lane is not None:
            yield Charge(
                account="delivery",
                amount=lane.number("unit_cost") * book.leaves(row).quantity,
                item=row.item,
                customer=row.customer,
                location=row.location,
                period=row.delivery_period,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse deliveries that no lane brings, or that would have left before the horizon."""
    lanes = _lanes(book)
    for row in book.plan.allocations if lanes else ():
        lane = lanes.get((row.location, row.customer))
        if lane is None or row.delivery_period < lane.number("lead_time"):
            yield Violation(
                rule="lane",
                file="allocations.csv",
                row=row.row,
                item=row.item,
                customer=row.customer,
                location=row.location,
                period=book.calendar.name(row.delivery_period),
                message="no lane from this location" if lane is None else "it would have left before the horizon",
                expected="" if lane is None else f"at least {show(lane.number('lead_time'))} periods on the way",
            )


def _lanes(book: Book) -> Lanes:
    if book not in _KNOWN:
        rows = book.instance.tables.rows("lanes")
        _KNOWN[book] = {(row.text("location"), row.text("customer")): row for row in rows}
    return _KNOWN[book]
