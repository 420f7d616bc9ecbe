"""Substitutes: what is delivered instead of the item asked for is one to which the customer consents, and is paid for.

For a row of `allocations.csv` with a `delivered_item` b, of q units asked, by the row of `substitutes` for its item, b
and customer (else the one for all customers, where the customer does not say no):

    ratio × q of b leave stock, in whole steps of b
    substitution = unit_cost × q

That the line gets no more than it asks for, in time, is `fulfilment`'s to check.
"""

import csv
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple
from weakref import WeakKeyDictionary

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.numbers import is_multiple
from optimizer.audit.book.plan import Allocation
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("substitution",)
FILE, COLUMN = "allocations.csv", "delivered_item"
ONE = Fraction(1)
Terms = dict[tuple[str, str, str], TableRow]
_KNOWN: WeakKeyDictionary[Book, tuple[dict[int, str], Terms]] = WeakKeyDictionary()


class Substituted(NamedTuple):
    """A row of `allocations.csv` that says what is delivered."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    location: str
    delivery_period: int
    quantity: Fraction
    periods_late: Fraction
    backorder_cost: Fraction
    delivered_item: str


def leaves(book: Book, row: Allocation, flow: Flow) -> Flow:
    """The substitute, by its ratio."""
    given = _delivered(book).get(row.row, "")
    if not given:
        return flow
    terms = _terms(book, row)
    ratio = ONE if terms is None else terms.number("ratio", ONE)
    return flow._replace(item=given, quantity=flow.quantity * ratio)


def costs(book: Book) -> Iterator[Charge]:
    """By delivery, in its period."""
    for row in book.plan.allocations if _delivered(book) else ():
        terms = _terms(book, row)
        if terms is not None:
            yield Charge(
                account="substitution",
                amount=terms.number("unit_cost") * row.quantity,
                item=row.item,
                customer=row.customer,
                location=row.location,
                period=row.delivery_period,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse what the customer does not consent to, and half pieces."""
    for row in book.plan.allocations if _delivered(book) else ():
        given, terms = _delivered(book).get(row.row, ""), _terms(book, row)
        refuse = partial(
            Violation,
            rule="substitute",
            file=FILE,
            row=row.row,
            item=row.item,
            customer=row.customer,
            location=row.location,
            period=book.calendar.name(row.delivery_period),
        )
        if given and terms is None:
            yield refuse(message="the customer does not consent to this item", found=given)
        elif given:
            step, left = book.instance.item(given).quantity_step, book.leaves(row).quantity
            if step is not None and not is_multiple(left, step):
                expected = f"a multiple of {show(step)}"
                yield refuse(message="the substitute is not in whole steps", found=show(left), expected=expected)


def _terms(book: Book, row: Allocation) -> TableRow | None:
    """The row of `substitutes` by which a delivery is made; None where there is none, or none is needed."""
    given, known = _delivered(book).get(row.row, ""), _KNOWN[book][1]
    own = known.get((row.item, given, row.customer))
    refuses = any(
        line.text("customer") == row.customer and line.text("substitutes", "yes") == "no"
        for line in (book.instance.tables.rows("customers") if given and own is None else ())
    )
    return own if own is not None or refuses else known.get((row.item, given, ""))


def _delivered(book: Book) -> dict[int, str]:
    """What is delivered instead, by row of the file."""
    known = _KNOWN.get(book)
    if known is None:
        rows = book.plan.load(FILE, Substituted) if _told(book) else []
        terms = {
            (row.text("item"), row.text("substitute"), row.text("customer")): row
            for row in book.instance.tables.rows("substitutes")
        }
        known = _KNOWN[book] = {row.row: row.delivered_item for row in rows if row.delivered_item}, terms
    return known[0]


def _told(book: Book) -> bool:
    """Whether the file has the column where it belongs."""
    try:
        with (book.plan.folder / FILE).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False  # told already by whoever reads the file
    return header[len(Allocation._fields) - 1 :][:1] == [COLUMN]
