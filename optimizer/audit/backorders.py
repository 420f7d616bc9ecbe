"""Backorders: `backorders.csv` tells every demand line that waits or is short, and only those.

For the line that a row names:

    late_quantity   delivered after the true due period: all that an old order still gets
    short_quantity  asked for and not delivered
    promise         last day of the period of the last delivery; empty where there is none
    cost            what the line pays for waiting and for what is short

What the line pays is told again in `costs.csv`, by delivery.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, Service
from optimizer.audit.book.instance import Line
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, same_money, same_quantity
from optimizer.audit.book.plan import Backorder, LineKey
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse rows that are missing, superfluous or wrong."""
    seen: dict[LineKey, int] = {}
    for row in book.plan.backorders:
        key = row.line
        line, refuse = book.instance.lines.get(key), _about(key, row.row)
        first = seen.setdefault(key, row.row)
        if first != row.row:
            yield refuse(rule="one_backorder_row", message=f"a second row for one demand line, see row {first}")
        if line is None:
            yield refuse(rule="demand_line", message=f"no such demand line is planned: {_name(key)}")
        else:
            yield from _row(book, row, line, book.services[key])
    for key in book.instance.lines:
        if key in seen:
            continue
        late, short = book.services[key].late, book.services[key].short
        if late is not short and not same_quantity(late + short, ZERO):
            yield _about(key, None)(
                rule="backorder_row_missing",
                message=f"{_name(key)} waits or is short and is not told",
                expected=f"late {show(late)}, short {show(short)}",
            )


def _row(book: Book, row: Backorder, line: Line, service: Service) -> Iterator[Violation]:
    refuse, short = _about(row.line, row.row), service.short
    if service.late == 0 and short == 0:
        yield refuse(rule="backorder_row_needless", message=f"{_name(row.line)} neither waits nor is short")
    figures = {"quantity": line.quantity, "late_quantity": service.late, "short_quantity": short}
    for column, expected in figures.items():
        found = getattr(row, column)
        if not same_quantity(found, expected):
            yield refuse(rule=column, message=f"{column} is wrong", found=show(found), expected=show(expected))
    promise = "" if service.last is None else book.calendar.last_day(service.last)
    if row.promise != promise:
        yield refuse(
            rule="promise",
            message="promise is not the last day of the period of the last delivery",
            found=row.promise or "none",
            expected=promise or "none",
        )
    cost, slack = _cost(book, line, short)
    if not same_money(row.cost, cost, slack):
        yield refuse(rule="backorder_cost", message="cost is wrong", found=show(row.cost), expected=show(cost))


def _cost(book: Book, line: Line, short: Fraction) -> tuple[Fraction, Fraction]:
    """What the line pays, and how far that may be off."""
    waits = [(a.delivery_period - line.first, a.quantity) for a in book.deliveries.get(line.key, ())]
    cost = ZERO if short is ZERO else line.shortage_cost * short
    for t, q in waits:
        cost = cost + line.backorder_cost * t * q if t else cost
    slack = line.shortage_cost + line.backorder_cost * sum(abs(t) for t, _ in waits)
    return cost, slack * QUANTITY_ABSOLUTE


def _name(line: LineKey) -> str:
    _, _, due, kind, _, reference = line
    return " ".join(text for text in (kind, reference, f"due {due}") if text)


def _about(line: LineKey, row: int | None) -> Callable[..., Violation]:
    item, customer, _, _, location, _ = line
    return partial(Violation, file="backorders.csv", row=row, item=item, customer=customer, location=location)
