"""Cancellations: nothing is delivered that was cancelled, and what was is told.

For a line with `cancel_share` κ (its own, else the item's), what is open in its first period is what it asks for, and

    delivered in t <= open in t;    open in t + 1 = (1 - κ) × (open in t - delivered in t)

and nothing is delivered after w periods where (1 - κ)^w < 1/1000. `cancellations.csv`, where it is written, tells the
lines of which anything is cancelled before their last period, κ × (open - delivered) in each, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.instance import Line
from optimizer.audit.book.numbers import ZERO, at_most, same_quantity
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

FILE = "cancellations.csv"
GONE = Fraction(1, 1000)


class Cancellation(NamedTuple):
    """A row of `cancellations.csv`."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    cancelled: Fraction

    @property
    def line(self) -> LineKey:
        """The demand line that it names."""
        return self.item, self.customer, self.due, self.kind, self.demand_location, self.reference


def check(book: Book) -> Iterator[Violation]:
    """Refuse deliveries of what was cancelled, and a table that tells other cancellations."""
    cancelled: dict[LineKey, Fraction] = {}
    for key, share in _shares(book).items():
        line = book.instance.lines[key]
        refused, cancelled[key] = _followed(book, line, share)
        if refused is not None:
            yield Violation(
                rule="cancelled",
                file="allocations.csv",
                item=line.item,
                customer=line.customer,
                period=book.calendar.name(refused),
                message="more is delivered than the customer has not cancelled by then",
            )
    refuse = partial(Violation, rule="cancellations", file=FILE)
    for row in book.plan.load(FILE, Cancellation) if (book.plan.folder / FILE).exists() else []:
        right = cancelled.pop(row.line, ZERO)
        if not same_quantity(row.cancelled, right):
            about = partial(refuse, row=row.row, item=row.item, customer=row.customer)
            yield about(message="another quantity is cancelled", found=show(row.cancelled), expected=show(right))
    for key, quantity in cancelled.items():
        if not same_quantity(quantity, ZERO):
            yield refuse(item=key[0], customer=key[1], message=f"what is cancelled is not told: {show(quantity)}")


def _shares(book: Book) -> dict[LineKey, Fraction]:
    """Share by planned line, where there is one."""
    tables = book.instance.tables
    shares: dict[LineKey, Fraction] = {}
    if not {*tables.texts("items", "cancel_share"), *tables.texts("demand", "cancel_share")} - {""}:
        return shares
    of_items = {row.text("item"): row.number("cancel_share") for row in tables.rows("items")}
    for row in tables.rows("demand"):
        own = row.number_or_none("cancel_share")
        share = of_items.get(row.text("item"), ZERO) if own is None else own
        key = row.text("item"), row.text("customer"), row.as_written("due"), row.text("kind", "order")
        line = *key, row.text("location"), row.text("reference")
        if share and line in book.instance.lines:
            shares[line] = share
    return shares


def _followed(book: Book, line: Line, share: Fraction) -> tuple[int | None, Fraction]:
    """The first period in which more is delivered than is open, and what is cancelled in all."""
    delivered: dict[int, Fraction] = defaultdict(Fraction)
    for row in book.deliveries.get(line.key, ()):
        delivered[row.delivery_period] += row.quantity
    refused, cancelled, still_open, left = None, ZERO, line.quantity, Fraction(1)
    for t in range(line.first, line.last + 1):
        gone = left < GONE and not at_most(delivered[t], ZERO)
        if refused is None and (gone or not at_most(delivered[t], still_open)):
            refused = t
        still_open = max(still_open - delivered[t], ZERO)
        if t < line.last:
            cancelled += share * still_open
            still_open, left = (1 - share) * still_open, (1 - share) * left
    return refused, cancelled
