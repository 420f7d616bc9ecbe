"""Quantity steps: what is ordered and what is delivered of an item with a `quantity_step` is a whole multiple of it.

In every period: `whole_packs` loosens packs, not pieces.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import is_multiple
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse half pieces."""
    ordered = (("purchase_orders.csv", o.row, o.item, o.order_period, o.quantity) for o in book.plan.orders)
    delivered = (("allocations.csv", a.row, a.item, a.delivery_period, a.quantity) for a in book.plan.allocations)
    for rows in (ordered, delivered):
        for file, row, item, t, quantity in rows:
            step = book.instance.item(item).quantity_step
            if step is not None and not is_multiple(quantity, step):
                yield Violation(
                    rule="quantity_step",
                    file=file,
                    row=row,
                    item=item,
                    period=book.calendar.name(t),
                    message="not in whole steps",
                    found=show(quantity),
                    expected=f"a multiple of {show(step)}",
                )
