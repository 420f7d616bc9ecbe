"""Supplier terms: what a supplier asks of all that is ordered from it in a period, over items and locations.

    value[s,t] = 0  or  minimum_order_value_s <= value[s,t] <= maximum_order_value_s     (goods, in money)
    ordering  += order_cost_s for each period in which anything is ordered

A supplier that the table lacks asks nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import at_most_money
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("ordering",)


def _values(book: Book) -> dict[tuple[str, int], Fraction]:
    values: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for order in book.plan.orders:
        values[order.supplier, order.order_period] += book.value(order)
    return values


def costs(book: Book) -> Iterator[Charge]:
    """Joint order cost, by supplier and period."""
    for supplier, t in _values(book):
        terms = book.instance.suppliers.get(supplier)
        if terms is not None:
            yield Charge(account="ordering", amount=terms.order_cost, supplier=supplier, period=t)


def check(book: Book) -> Iterator[Violation]:
    """Refuse periods that order too little or too much of a supplier."""
    for (supplier, t), value in _values(book).items():
        terms = book.instance.suppliers.get(supplier)
        if terms is None:
            continue
        least, most = terms.minimum_order_value, terms.maximum_order_value
        refuse = partial(
            Violation,
            file="purchase_orders.csv",
            supplier=supplier,
            period=book.calendar.name(t),
            message="the value of the period's order is outside the supplier's terms",
            found=show(value),
        )
        if not at_most_money(least, value):
            yield refuse(rule="minimum_order_value", expected=f"at least {show(least)}")
        if most is not None and not at_most_money(value, most):
            yield refuse(rule="maximum_order_value", expected=f"at most {show(most)}")
