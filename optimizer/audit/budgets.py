"""Budgets: what is spent on goods in a period, or over the horizon, with everybody or with one supplier.

Σ value of the orders placed in the row's period (none: all) with its supplier (none: all)  <=  amount
"""

from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, at_most_money
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse what cannot be paid."""
    rows = list(book.instance.tables.rows("budgets"))
    spent: dict[tuple[str, int | None], Fraction] = {}
    for order in book.plan.orders if rows else ():
        value = book.value(order)
        for key in [(s, t) for s in ("", order.supplier) for t in (None, order.order_period)]:
            spent[key] = spent.get(key, ZERO) + value
    for row in rows:
        day, amount, supplier = row.day("period"), row.number_or_none("amount"), row.text("supplier")
        period = None if day is None else book.calendar.index(day)
        found = spent.get((supplier, period), ZERO)
        if amount is not None and not at_most_money(found, amount):
            yield Violation(
                rule="budget",
                file="purchase_orders.csv",
                supplier=supplier,
                period="" if period is None else book.calendar.name(period),
                message="more is ordered than the budget pays",
                found=show(found),
                expected=f"at most {show(amount)}",
            )
