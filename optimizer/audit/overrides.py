"""Overrides: what the planner fixed, forbade or bounded is kept.

For each row within the horizon, over the orders of its item and period, of its supplier and for its location where they
are named:

    minimum_quantity <= Σ quantity <= maximum_quantity,  or  Σ quantity = quantity
"""

from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, at_most, total
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse orders against the planner's word."""
    for row in book.instance.tables.rows("overrides"):
        day = row.day("period")
        t = -1 if day is None else book.calendar.index(day)
        if not 0 <= t < book.calendar.periods:
            continue
        item, supplier, location = row.text("item"), row.text("supplier"), row.text("location")
        ordered = total(
            order.quantity
            for order in book.plan.orders
            if (order.item, order.order_period) == (item, t)
            and supplier in ("", order.supplier)
            and location in ("", order.location)
        )
        exact = row.number_or_none("quantity")
        least: Fraction = row.number("minimum_quantity", ZERO) if exact is None else exact
        most = row.number_or_none("maximum_quantity") if exact is None else exact
        if not at_most(least, ordered) or (most is not None and not at_most(ordered, most)):
            yield Violation(
                rule="overrides",
                file="purchase_orders.csv",
                item=item,
                supplier=supplier,
                location=location,
                period=book.calendar.name(t),
                message="the planner's override is not kept",
                found=show(ordered),
                expected=f"{show(least)} to {'any' if most is None else show(most)}",
            )
