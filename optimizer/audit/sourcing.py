"""Sourcing: each purchase order follows the row it is bought by.

For an order of q units of item i from supplier s for location l, placed in period t, with the row of `sourcing` that
holds in t (a location's own before the one for all):

    minimum_quantity <= q <= maximum_quantity
    q = k × multiple, k whole, while t < whole_packs (default: always)
    arrival = t + lead_time < T, or what the supplier's calendar makes of it
    value = q × unit_cost

and there is one order line per item, supplier, location and period.
"""

from collections.abc import Callable, Iterator
from functools import partial

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.instance import Source
from optimizer.audit.book.numbers import at_most, is_multiple, same_money
from optimizer.audit.book.plan import Order
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("purchase", "ordering")


def costs(book: Book) -> Iterator[Charge]:
    """Goods and line costs, by order line."""
    for order in book.plan.orders:
        source = book.source(order)
        if source is not None:
            for account, amount in (("purchase", book.value(order)), ("ordering", source.order_cost)):
                yield Charge(
                    account=account,
                    amount=amount,
                    item=order.item,
                    supplier=order.supplier,
                    location=order.location,
                    period=order.order_period,
                )


def check(book: Book) -> Iterator[Violation]:
    """Refuse orders that their row does not allow."""
    whole_packs = book.instance.periods("whole_packs", book.calendar.periods)
    seen: dict[tuple[str, str, str, int], int] = {}
    for order in book.plan.orders:
        refuse, source = _about(book, order), book.source(order)
        first = seen.setdefault((order.item, order.supplier, order.location, order.order_period), order.row)
        if first != order.row:
            yield refuse(rule="one_order_line", message=f"ordered twice in one period, see row {first}")
        if source is None:
            yield refuse(rule="sourcing_row", message="no row of sourcing allows this order in this period")
        else:
            yield from _quantity(book, order, source, whole=order.order_period < whole_packs)
            yield from _arrival(book, order, source)
            yield from _money(book, order)


def _quantity(book: Book, order: Order, source: Source, *, whole: bool) -> Iterator[Violation]:
    refuse, q = partial(_about(book, order), found=show(order.quantity)), order.quantity
    least, most, multiple = source.minimum_quantity, source.maximum_quantity, source.multiple
    if q <= 0:
        yield refuse(rule="positive_quantity", message="an order is for more than nothing")
    if not at_most(least, q):
        yield refuse(rule="minimum_order", message="below the minimum quantity", expected=f"at least {show(least)}")
    if most is not None and not at_most(q, most):
        yield refuse(rule="maximum_order", message="above the maximum quantity", expected=f"at most {show(most)}")
    if whole and multiple is not None and not is_multiple(q, multiple):
        yield refuse(rule="whole_packs", message="not in whole packs", expected=f"a multiple of {show(multiple)}")


def _arrival(book: Book, order: Order, source: Source) -> Iterator[Violation]:
    refuse, arrival = _about(book, order), book.arrival(order.supplier, order.order_period, source.lead_time)
    if arrival >= book.calendar.periods:
        message = f"would arrive after the horizon (lead time {source.lead_time}) and may not be placed"
        yield refuse(rule="within_horizon", message=message)
    elif order.arrival_period != arrival:
        found, expected = book.calendar.name(order.arrival_period), book.calendar.name(arrival)
        yield refuse(rule="lead_time", message="arrives in another period", found=found, expected=expected)


def _money(book: Book, order: Order) -> Iterator[Violation]:
    refuse, value = _about(book, order), book.value(order)
    price = value / order.quantity if order.quantity else order.unit_cost
    if not same_money(order.unit_cost, price):
        message = "unit_cost is not that of its terms"
        yield refuse(rule="unit_cost", message=message, found=show(order.unit_cost), expected=show(price))
    if not same_money(order.value, value):
        message = "value is not quantity × unit cost"
        yield refuse(rule="order_value", message=message, found=show(order.value), expected=show(value))


def _about(book: Book, order: Order) -> Callable[..., Violation]:
    return partial(
        Violation,
        file="purchase_orders.csv",
        row=order.row,
        item=order.item,
        supplier=order.supplier,
        location=order.location,
        period=book.calendar.name(order.order_period),
    )
