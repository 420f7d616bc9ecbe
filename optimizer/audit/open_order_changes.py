"""Open order changes: what is sped up, postponed or cancelled of open orders, within their terms and at their cost.

For a row of `open_order_changes.csv` that names an open order of q, expected in period a:

    expedite   a - sooner_periods <= n < a      order_change = change_cost + sooner_cost × (a - n) × q
    postpone   a < n <= a + later_periods       order_change = change_cost + later_cost × (n - a) × q
    cancel     only with a cancel_cost          order_change = change_cost + (cancel_cost - unit_cost) × q

It arrives in n, and not in a; an order is changed once, and as a whole.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.numbers import same_money, same_quantity
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("order_change",)
FILE = "open_order_changes.csv"


class Change(NamedTuple):
    """A row of `open_order_changes.csv`."""

    row: int
    order: str
    line: str
    arrival: str
    item: str
    location: str
    quantity: Fraction
    action: str
    new_arrival: str
    cost: Fraction

    @property
    def key(self) -> tuple[str, str, str]:
        """The open order that it names."""
        return self.order, self.line, self.arrival


class _Known(NamedTuple):
    """A change, the open order that it is of, when that was expected, and when it is to arrive (None: never)."""

    change: Change
    terms: TableRow
    agreed: int
    new: int | None

    @property
    def cost(self) -> Fraction:
        """What it costs."""
        quantity, number = self.terms.number("quantity"), self.terms.number
        if self.new is None:
            rate = number("cancel_cost") - number("unit_cost")
        elif self.new < self.agreed:
            rate = number("sooner_cost") * (self.agreed - self.new)
        else:
            rate = number("later_cost") * (self.new - self.agreed)
        return number("change_cost") + rate * quantity

    @property
    def allowed(self) -> bool:
        """Whether the terms of the order allow it."""
        if self.new is None:
            return self.change.action == "cancel" and self.terms.number_or_none("cancel_cost") is not None
        if self.new < self.agreed:
            return self.change.action == "expedite" and self.agreed - self.new <= self.terms.number("sooner_periods")
        waits = self.new - self.agreed
        return self.change.action == "postpone" and 0 < waits <= self.terms.number("later_periods")


def flows(book: Book) -> Iterator[Flow]:
    """Not as agreed, but as changed."""
    for known in _known(book)[0]:
        place, quantity = (known.change.item, known.change.location), known.terms.number("quantity")
        yield Flow("receipts", *place, known.agreed, -quantity)
        if known.new is not None:
            yield Flow("receipts", *place, known.new, quantity)


def costs(book: Book) -> Iterator[Charge]:
    """By item and location, in the period that was agreed."""
    for known in _known(book)[0]:
        yield Charge(
            account="order_change",
            amount=known.cost,
            item=known.change.item,
            location=known.change.location,
            period=known.agreed,
        )


def check(book: Book) -> Iterator[Violation]:
    """Refuse changes of orders that there are not, twice, or not as their terms allow."""
    known, unknown = _known(book)
    for row in unknown:
        yield _about(row)(message="no such open order is expected, or no such arrival", found=" / ".join(row.key))
    seen = set()
    for one in known:
        refuse = _about(one.change)
        if one.change.key in seen:
            yield refuse(message="the order is changed twice")
        seen.add(one.change.key)
        if not one.allowed:
            yield refuse(message="its terms do not allow this", found=f"{one.change.action} {one.change.new_arrival}")
        if not same_quantity(one.change.quantity, one.terms.number("quantity")):
            expected = show(one.terms.number("quantity"))
            yield refuse(message="an order is changed as a whole", found=show(one.change.quantity), expected=expected)
        if not same_money(one.change.cost, one.cost):
            yield refuse(message="cost is wrong", found=show(one.change.cost), expected=show(one.cost))


def _about(row: Change) -> partial[Violation]:
    return partial(Violation, rule="open_order_change", file=FILE, row=row.row, item=row.item, location=row.location)


def _known(book: Book) -> tuple[list[_Known], list[Change]]:
    """Changes of open orders that are expected within the horizon, and changes of others."""
    told = book.plan.load(FILE, Change) if (book.plan.folder / FILE).exists() else []
    orders: dict[tuple[str, ...], tuple[TableRow, int]] = {}
    for terms in book.instance.tables.rows("open_orders") if told else ():
        day = terms.day("arrival")
        period = 0 if day is None else book.calendar.index(day)
        agreed = book.instance.periods("overdue_arrival", 1) if period < 0 else period
        if agreed < book.calendar.periods:
            key = terms.text("order"), terms.text("line"), terms.as_written("arrival")
            orders[(*key, terms.text("item"), terms.text("location"))] = terms, agreed
    known, unknown = [], []
    for row in told:
        found = orders.get((*row.key, row.item, row.location))
        try:
            new = book.calendar.named(row.new_arrival) if row.new_arrival else None
        except ValueError:
            found = None
        if found is None:
            unknown.append(row)
        else:
            known.append(_Known(row, *found, new))
    return known, unknown
