"""Shares: how an item's new orders over the horizon are split over its suppliers.

For each row with share limits, over its location or (rows for all locations) over all:

    share_min × (all that is ordered of the item) <= ordered from the supplier <= share_max × (all of it)
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import at_most
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse splits outside the limits; open orders do not count."""
    by_item: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    by_supplier: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for order in book.plan.orders:
        for location in (order.location, ""):
            by_item[order.item, location] += order.quantity
            by_supplier[order.item, order.supplier, location] += order.quantity
    for (item, supplier, location), sources in book.instance.sources.items():
        total = by_item.get((item, location), Fraction(0))
        part = by_supplier.get((item, supplier, location), Fraction(0))
        least, most = sources[0].share_min * total, sources[0].share_max * total
        if not at_most(least, part) or not at_most(part, most):
            yield Violation(
                rule="shares",
                file="purchase_orders.csv",
                item=item,
                supplier=supplier,
                location=location,
                message=f"the supplier's part of {show(total)} ordered is outside its share",
                found=show(part),
                expected=f"{show(least)} to {show(most)}",
            )
