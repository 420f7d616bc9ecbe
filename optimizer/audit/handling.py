"""Handling: work on what arrives and leaves beyond a location's capacity is paid for.

    arriving[l,t] = Σ handling_use_i × (receipts + transfers in)
    leaving[l,t]  = Σ handling_use_i × (delivered + transfers out)
    handling = Σ receiving_overtime_cost × max(arriving - receiving_capacity, 0)
             + Σ shipping_overtime_cost × max(leaving - shipping_capacity, 0)

A row of `handling` for a period comes before one for every period. Quantities are those of the book's flows.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO
from optimizer.audit.book.tables import TableRow

ACCOUNTS = ("handling",)
MOVES = {"receiving": ("receipts", "transfers_in"), "shipping": ("delivered", "transfers_out")}


def costs(book: Book) -> Iterator[Charge]:
    """By location and period."""
    rows = list(book.instance.tables.rows("handling"))
    if not rows:
        return
    use = {row.text("item"): row.number("handling_use", Fraction(1)) for row in book.instance.tables.rows("items")}
    for what, columns in MOVES.items():
        work: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        slack: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for column in columns:
            for (item, location, t), quantity in book.flows[column].items():
                work[location, t] += use.get(item, ZERO) * quantity
                slack[location, t] += use.get(item, ZERO)
        for (location, t), done in work.items():
            row = _row(book, rows, location, t)
            capacity = None if row is None else row.number_or_none(f"{what}_capacity")
            if row is not None and capacity is not None:
                cost = row.number(f"{what}_overtime_cost")
                yield Charge(
                    account="handling",
                    amount=cost * max(done - capacity, ZERO),
                    location=location,
                    period=t,
                    rate=cost * slack[location, t],
                )


def _row(book: Book, rows: list[TableRow], location: str, t: int) -> TableRow | None:
    """The row of `handling` that holds: the period's own before the one for every period."""
    here = [row for row in rows if row.text("location") == location]
    for row in here:
        day = row.day("period")
        if day is not None and book.calendar.index(day) == t:
            return row
    return next((row for row in here if not row.text("period")), None)
