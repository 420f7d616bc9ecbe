"""Commitments: what is missing of what was promised to suppliers is paid, and told.

For each row of `commitments`, over what is bought of its supplier (and item, where it names one), before the plan
(`bought_before`) and by it:

    short of quantity = max(quantity - units bought, 0)        short of value = max(value - what they cost, 0)
    commitment = Σ shortfall_cost × short of quantity + shortfall_rate (1) × short of value

What was bought before cost its `value`, by default its quantity at the item's price. `commitments.csv` tells every one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, same_money, same_quantity
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("commitment",)
FILE = "commitments.csv"


class Told(NamedTuple):
    """A row of `commitments.csv`."""

    row: int
    supplier: str
    item: str
    measure: str
    committed: Fraction
    before: Fraction
    ordered: Fraction
    short: Fraction
    cost: Fraction


@dataclass(frozen=True, slots=True)
class _Commitment:
    """What was promised, and how far it is kept."""

    supplier: str
    item: str
    measure: str
    committed: Fraction
    before: Fraction
    ordered: Fraction
    rate: Fraction

    @property
    def key(self) -> tuple[str, str, str]:
        return self.supplier, self.item, self.measure

    @property
    def short(self) -> Fraction:
        return max(self.committed - self.before - self.ordered, ZERO)

    @property
    def cost(self) -> Fraction:
        return self.rate * self.short


def costs(book: Book) -> Iterator[Charge]:
    """By supplier and item, of no period."""
    for one in _commitments(book):
        yield Charge(account="commitment", amount=one.cost, supplier=one.supplier, item=one.item, rate=one.rate)


def check(book: Book) -> Iterator[Violation]:
    """Refuse a table that tells it otherwise."""
    kept = {one.key: one for one in _commitments(book)}
    seen = set()
    for row in book.plan.load(FILE, Told) if (book.plan.folder / FILE).exists() else []:
        key = row.supplier, row.item, row.measure
        refuse = partial(Violation, rule="commitments", file=FILE, row=row.row, supplier=row.supplier, item=row.item)
        one = kept.get(key)
        if one is None or key in seen:
            yield refuse(message="there is no such commitment, or it is told twice", found=row.measure)
            continue
        seen.add(key)
        same = same_quantity if row.measure == "quantity" else same_money
        for name in ("committed", "before", "ordered", "short"):
            found, expected = getattr(row, name), getattr(one, name)
            if not (same(found, expected) or same_quantity(found, expected)):
                yield refuse(message=f"{name} is not so", found=show(found), expected=show(expected))
        if not same_money(row.cost, one.cost, one.rate / 10**6):
            yield refuse(message="cost is wrong", found=show(row.cost), expected=show(one.cost))
    for key, one in kept.items():
        if key not in seen:
            message = f"a commitment of {one.measure} is not told"
            yield Violation(rule="commitments", file=FILE, supplier=one.supplier, item=one.item, message=message)


def _commitments(book: Book) -> Iterator[_Commitment]:
    for row in book.instance.tables.rows("commitments"):
        supplier, item = row.text("supplier"), row.text("item")
        orders = [order for order in book.plan.orders if order.supplier == supplier and item in ("", order.item)]
        bought = [
            one
            for one in book.instance.tables.rows("bought_before")
            if one.text("supplier") == supplier and item in ("", one.text("item"))
        ]
        quantity, value = row.number_or_none("quantity"), row.number_or_none("value")
        if quantity is not None:
            before = sum((one.number("quantity") for one in bought), ZERO)
            ordered = sum((order.quantity for order in orders), ZERO)
            yield _Commitment(supplier, item, "quantity", quantity, before, ordered, row.number("shortfall_cost"))
        if value is not None:
            before = sum((_cost(book, one) for one in bought), ZERO)
            ordered = sum((book.value(order) for order in orders), ZERO)
            rate = row.number("shortfall_rate", Fraction(1))
            yield _Commitment(supplier, item, "value", value, before, ordered, rate)


def _cost(book: Book, bought: TableRow) -> Fraction:
    """What was paid for a row of `bought_before`."""
    return bought.number("value", bought.number("quantity") * book.instance.item(bought.text("item")).price)
