"""Promise changes: a customer is told of a line that is planned, and what the plan beside it promises.

    quantity         what the line asks for
    promise          last day of the period of its last delivery, empty where there is none
    short_quantity   asked for and not delivered
    change           short, covered: more or less is short than before; else later, sooner: the promise is

What was promised before stands in another plan, and is not audited. A plan without the file passes.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import same_quantity
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

FILE = "promise_changes.csv"
NEVER = "9999"  # later than any day


class PromiseChange(NamedTuple):
    """A row of `promise_changes.csv`."""

    row: int
    change: str
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    quantity: Fraction
    promise_before: str
    promise: str
    short_before: Fraction
    short_quantity: Fraction

    @property
    def line(self) -> LineKey:
        """The demand line that it names."""
        return self.item, self.customer, self.due, self.kind, self.demand_location, self.reference

    @property
    def change_told(self) -> str:
        """What its figures say."""
        if not same_quantity(self.short_before, self.short_quantity):
            return "short" if self.short_quantity > self.short_before else "covered"
        return "later" if (self.promise or NEVER) > (self.promise_before or NEVER) else "sooner"


def check(book: Book) -> Iterator[Violation]:
    """Refuse lines that are not planned or told twice, and promises that the plan does not make."""
    rows = book.plan.load(FILE, PromiseChange) if (book.plan.folder / FILE).exists() else []
    seen: set[LineKey] = set()
    for row in rows:
        refuse = partial(Violation, rule="promise_changes", file=FILE, row=row.row, item=row.item)
        line = book.instance.lines.get(row.line)
        if line is None or row.kind != "order" or row.line in seen:
            yield refuse(message="no such order is planned, or it is told twice")
            continue
        seen.add(row.line)
        service = book.services[row.line]
        promise = "" if service.last is None else book.calendar.last_day(service.last)
        if row.promise != promise:
            yield refuse(message="promise is not that of the plan", found=row.promise, expected=promise)
        for name, expected in (("quantity", line.quantity), ("short_quantity", service.short)):
            found = getattr(row, name)
            if not same_quantity(found, expected):
                yield refuse(message=f"{name} is wrong", found=show(found), expected=show(expected))
        if row.change != row.change_told:
            yield refuse(message="change is not what the row tells", found=row.change, expected=row.change_told)
