"""Fulfilment: what is delivered to which demand line, when and from where, and what waiting and falling short cost.

For a line of q units due in τ (an old one: τ replaced by 0 for window and cost, by its true period for `periods_late`),
delivered d[l,t] from location l in period t:

    τ <= t <= τ + max_delay,  t within the horizon,  l the line's location where it has one
    Σ d[l,t] <= q
    backorder  = Σ weight × backorder_cost × (t - τ) × d[l,t]
    shortage   = weight × shortage_cost × (q - Σ d[l,t])
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.instance import Line
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, at_most, same_money
from optimizer.audit.book.plan import Allocation
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("backorder", "shortage")


def flows(book: Book) -> Iterator[Flow]:
    """Out of stock."""
    for row in book.plan.allocations:
        yield book.leaves(row)


def costs(book: Book) -> Iterator[Charge]:
    """Waiting by delivery, in its period; what is short by demand line, in the period it was due."""
    for row, line in book.delivered:
        if line is not None and row.delivery_period != line.first:
            yield Charge(
                account="backorder",
                amount=_waiting_cost(line, row),
                item=row.item,
                customer=row.customer,
                location=row.location,
                period=row.delivery_period,
            )
    for key, line in book.instance.lines.items():
        short = book.services[key].short
        yield Charge(
            account="shortage",
            amount=ZERO if short is ZERO else line.shortage_cost * short,
            item=line.item,
            customer=line.customer,
            period=line.first,
            rate=line.shortage_cost,
        )


def _waiting_cost(line: Line, row: Allocation) -> Fraction:
    waits = row.delivery_period - line.first
    return line.backorder_cost * waits * row.quantity if waits else ZERO


def check(book: Book) -> Iterator[Violation]:
    """Refuse deliveries that nobody asked for, in the wrong place, out of time, or more than were asked for."""
    for row, line in book.delivered:
        if line is None:
            message = "no such demand line is planned"
            yield _about(book, row)(rule="demand_line", message=message, found=" / ".join(row.line))
        else:
            yield from _delivery(book, line, row)
            yield from _figures(book, line, row)
    for key, line in book.instance.lines.items():
        delivered = book.services[key].delivered
        if delivered is not line.quantity and not at_most(delivered, line.quantity):
            yield _about(book, book.deliveries[key][-1])(
                rule="line_quantity",
                message="the line gets more than it asks for",
                found=show(delivered),
                expected=f"at most {show(line.quantity)}",
            )


def _delivery(book: Book, line: Line, row: Allocation) -> Iterator[Violation]:
    t = row.delivery_period
    if row.quantity.numerator <= 0:
        message = "a delivery is of more than nothing"
        yield _about(book, row)(rule="positive_quantity", message=message, found=show(row.quantity))
    if line.location and row.location != line.location:
        message = "delivered from another location than the line's"
        yield _about(book, row)(rule="demand_location", message=message, found=row.location, expected=line.location)
    if t < line.first:
        message = "delivered before it is due"
        yield _about(book, row)(rule="never_early", message=message, expected=f"{row.due} or later")
    if t > line.last:
        message, latest = "delivered after the line may wait", book.calendar.name(line.last)
        yield _about(book, row)(rule="max_delay", message=message, expected=f"{latest} at the latest")


def _figures(book: Book, line: Line, row: Allocation) -> Iterator[Violation]:
    late, cost = row.delivery_period - line.due, _waiting_cost(line, row)
    if row.periods_late != late:
        message, expected = "periods_late is not delivery − due", show(Fraction(late))
        yield _about(book, row)(rule="periods_late", message=message, found=show(row.periods_late), expected=expected)
    if row.backorder_cost is not cost:
        slack = line.backorder_cost * abs(row.delivery_period - line.first) * QUANTITY_ABSOLUTE
        if not same_money(row.backorder_cost, cost, slack):
            message = "backorder_cost is not weight × cost × periods × quantity"
            yield _about(book, row)(
                rule="backorder_cost", message=message, found=show(row.backorder_cost), expected=show(cost)
            )


def _about(book: Book, row: Allocation) -> Callable[..., Violation]:
    return partial(
        Violation,
        file="allocations.csv",
        row=row.row,
        item=row.item,
        customer=row.customer,
        location=row.location,
        period=book.calendar.name(row.delivery_period),
    )
