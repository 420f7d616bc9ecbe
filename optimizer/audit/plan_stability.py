"""Plan stability: what changes of what was promised cost, and their limits.

For a supplier with `change_cost` k, `change_rate` r, `maximum_changes` n or `maximum_change` a, and each order line in
the order periods from `frozen` up to the last one of `last_plan` (or before `promised`), p promised and q ordered:

    plan_change  = Σ k {q ≠ p} + Σ r × price × |q - p|
    number of lines with q ≠ p <= n
    |q - p| <= a × p  where p > 0

`order_changes.csv`, where it is written, tells every such line with q ≠ p, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most, same_quantity
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("plan_change",)
FILE = "order_changes.csv"
Key = tuple[str, str, str, int]


class Change(NamedTuple):
    """A row of `order_changes.csv`."""

    row: int
    item: str
    supplier: str
    location: str
    order_period: int
    promised: Fraction
    quantity: Fraction
    change: Fraction


class _Terms(NamedTuple):
    """What a supplier takes for changes, and how many."""

    cost: Fraction
    rate: Fraction
    lines: Fraction | None
    share: Fraction | None


def costs(book: Book) -> Iterator[Charge]:
    """By order line."""
    terms = _terms(book)
    for (item, supplier, location, t), (promised, ordered) in _lines(book).items():
        if not same_quantity(promised, ordered):
            rate = terms[supplier].rate * book.instance.item(item).price
            yield Charge(
                account="plan_change",
                amount=terms[supplier].cost + rate * abs(ordered - promised),
                item=item,
                supplier=supplier,
                location=location,
                period=t,
                rate=rate,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse more changes than are allowed, and a table that tells other ones."""
    changes, terms = _lines(book), _terms(book)
    count: dict[str, int] = defaultdict(int)
    for (item, supplier, location, t), (promised, ordered) in changes.items():
        count[supplier] += not same_quantity(promised, ordered)
        share = terms[supplier].share
        if share is not None and promised > 0 and not at_most(abs(ordered - promised), share * promised):
            yield Violation(
                rule="maximum_change",
                file="purchase_orders.csv",
                item=item,
                supplier=supplier,
                location=location,
                period=book.calendar.name(t),
                message=f"changed by more than its share of the {show(promised)} promised",
                found=show(ordered),
                expected=f"{show(promised * max(1 - share, ZERO))} to {show(promised * (1 + share))}",
            )
    for supplier, of_supplier in terms.items():
        if of_supplier.lines is not None and count[supplier] > of_supplier.lines:
            yield Violation(
                rule="maximum_changes",
                file="purchase_orders.csv",
                supplier=supplier,
                message="more order lines are changed than may be",
                found=str(count[supplier]),
                expected=f"at most {show(of_supplier.lines)}",
            )
    yield from _table(book, changes)


def _table(book: Book, changes: dict[Key, tuple[Fraction, Fraction]]) -> Iterator[Violation]:
    told = book.plan.load(FILE, Change) if (book.plan.folder / FILE).exists() else []
    seen = set()
    for row in told:
        key = row.item, row.supplier, row.location, row.order_period
        promised, ordered = changes.get(key, (ZERO, ZERO))
        refuse = partial(Violation, rule="order_changes", file=FILE, row=row.row, item=row.item, supplier=row.supplier)
        if key in seen:
            yield refuse(message="told before", found=show(row.change), expected="one row")
        elif same_quantity(promised, ordered):
            yield refuse(message="an order line that is not changed", found=show(row.change), expected="no row")
        seen.add(key)
        for name, found, expected in (
            ("promised", row.promised, promised),
            ("quantity", row.quantity, ordered),
            ("change", row.change, ordered - promised),
        ):
            if not same_quantity(found, expected):
                yield refuse(message=f"{name} is not so", found=show(found), expected=show(expected))
    for key, (promised, ordered) in changes.items():
        if key not in seen and not same_quantity(promised, ordered):
            yield Violation(
                rule="order_changes",
                file=FILE,
                item=key[0],
                supplier=key[1],
                location=key[2],
                period=book.calendar.name(key[3]),
                message="a changed order line is not told",
                found="nothing",
                expected=show(ordered - promised),
            )


def _terms(book: Book) -> dict[str, _Terms]:
    """Terms of the suppliers that have any."""
    terms = {
        row.text("supplier"): _Terms(
            row.number("change_cost"),
            row.number("change_rate"),
            row.number_or_none("maximum_changes"),
            row.number_or_none("maximum_change"),
        )
        for row in book.instance.tables.rows("suppliers")
    }
    nothing = _Terms(ZERO, ZERO, None, None)
    return {supplier: of_supplier for supplier, of_supplier in terms.items() if of_supplier != nothing}


def _lines(book: Book) -> dict[Key, tuple[Fraction, Fraction]]:
    """Promised and ordered, by order line within the periods that count."""
    rows = []
    for row in book.instance.tables.rows("last_plan"):
        day = row.day("order_period")
        if day is not None:
            rows.append((row, book.calendar.index(day)))
    if not rows:
        return {}
    frozen, terms = book.instance.periods("frozen", 0), _terms(book)
    last = min(book.instance.periods("promised", max(t for _, t in rows) + 1), book.calendar.periods)
    lines: dict[Key, tuple[Fraction, Fraction]] = {}
    for row, t in rows:
        if frozen <= t < last and row.text("supplier") in terms:
            key = row.text("item"), row.text("supplier"), row.text("location"), t
            lines[key] = row.number("quantity"), ZERO
    for order in book.plan.orders:
        if frozen <= order.order_period < last and order.supplier in terms:
            key = order.item, order.supplier, order.location, order.order_period
            promised, ordered = lines.get(key, (ZERO, ZERO))
            lines[key] = promised, ordered + order.quantity
    return lines
