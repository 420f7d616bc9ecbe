"""Frozen periods: nothing is ordered in the first `frozen` order periods; what is ordered in the next is released now.

    order period >= frozen
    action = release where order period = frozen, else planned

Both count order periods from the start of the horizon.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book
from optimizer.audit.book.violation import Violation


def check(book: Book) -> Iterator[Violation]:
    """Refuse orders in frozen periods, and orders that say another action than their period's."""
    frozen = book.instance.periods("frozen", 0)
    for order in book.plan.orders:
        action = "release" if order.order_period == frozen else "planned"
        if order.order_period < frozen:
            rule, message = "frozen_periods", f"the first {frozen} periods are frozen: nothing new may be ordered"
        elif order.action != action:
            rule, message = "action", "says another action than its period's"
        else:
            continue
        yield Violation(
            rule=rule,
            file="purchase_orders.csv",
            row=order.row,
            item=order.item,
            supplier=order.supplier,
            location=order.location,
            period=book.calendar.name(order.order_period),
            message=message,
            found=order.action,
            expected=action if rule == "action" else "no order",
        )
