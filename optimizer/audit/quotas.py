"""Quotas: what a customer gets of an item in a window is within its limits, or what is outside is paid for.

For each row of `quotas`, with x what the customer gets and y what all customers get of the item (of all items where
none is named) in the periods from the one of `valid_from` to the one of `valid_to`:

    minimum_quantity <= x <= maximum_quantity,   minimum_share × y <= x <= maximum_share × y      where no cost is given
    quota = cost × (what each of the four lacks)                                                  where one is
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most, total
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("quota",)


class _Limit(NamedTuple):
    """One cell: what is delivered, and between what it must be."""

    row: TableRow
    column: str
    cost: Fraction | None
    got: Fraction
    least: Fraction
    most: Fraction | None


def costs(book: Book) -> Iterator[Charge]:
    """What is outside limits that have a cost."""
    for limit in _limits(book):
        if limit.cost is not None:
            lack = max(limit.least - limit.got, ZERO)
            excess = ZERO if limit.most is None else max(limit.got - limit.most, ZERO)
            yield Charge(
                account="quota",
                amount=limit.cost * (lack + excess),
                period=None,
                item=limit.row.text("item"),
                customer=limit.row.text("customer"),
                rate=limit.cost,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse what is outside limits that have none."""
    for limit in _limits(book):
        if limit.cost is not None:
            continue
        if not at_most(limit.least, limit.got) or (limit.most is not None and not at_most(limit.got, limit.most)):
            most = "" if limit.most is None else f"at most {show(limit.most)}"
            yield Violation(
                rule="quota",
                file="allocations.csv",
                item=limit.row.text("item"),
                customer=limit.row.text("customer"),
                message=f"what the customer gets is outside its {limit.column} (quotas, row {limit.row.row})",
                found=show(limit.got),
                expected=most or f"at least {show(limit.least)}",
            )


def _limits(book: Book) -> Iterator[_Limit]:
    for row in book.instance.tables.rows("quotas"):
        own, everybody = _delivered(book, row)
        cost = row.number_or_none("cost")
        for kind, of in (("quantity", Fraction(1)), ("share", everybody)):
            least, most = row.number_or_none(f"minimum_{kind}"), row.number_or_none(f"maximum_{kind}")
            if least is not None:
                yield _Limit(row, f"minimum_{kind}", cost, own, least * of, None)
            if most is not None:
                yield _Limit(row, f"maximum_{kind}", cost, own, ZERO, most * of)


def _delivered(book: Book, row: TableRow) -> tuple[Fraction, Fraction]:
    """What the customer gets in the window of a row, and what all get."""
    first, last = row.day("valid_from"), row.day("valid_to")
    since = 0 if first is None else book.calendar.index(first)
    until = book.calendar.periods if last is None else book.calendar.index(last)
    item, customer = row.text("item"), row.text("customer")
    counts = [
        one for one in book.plan.allocations if since <= one.delivery_period <= until and (not item or one.item == item)
    ]
    own = total(one.quantity for one in counts if one.customer == customer)
    return own, total(one.quantity for one in counts)
