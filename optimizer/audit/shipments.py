"""Shipments: what leaves a location for a customer in a period, of all items, is at least its `minimum_shipment`."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse shipments that are too small."""
    sizes = {row.text("customer"): row.number("minimum_shipment") for row in book.instance.tables.rows("customers")}
    if not any(sizes.values()):
        return
    shipped: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for row in book.plan.allocations:
        if sizes.get(row.customer, ZERO):
            shipped[row.customer, row.location, row.delivery_period] += row.quantity
    for (customer, location, t), quantity in shipped.items():
        if not at_most(sizes[customer], quantity):
            yield Violation(
                rule="minimum_shipment",
                file="allocations.csv",
                customer=customer,
                location=location,
                period=book.calendar.name(t),
                message="what leaves for the customer is less than it takes",
                found=show(quantity),
                expected=f"at least {show(sizes[customer])}",
            )
