"""Transport modes: what of an order comes faster is part of it, by a mode that there is, and paid for.

For a row of `expedited.csv`, q of an order by a row of `transport_modes` (its item and location may be all):

    arrival = order period + the mode's lead_time, before the order's own;  Σ q over its modes <= the order's quantity
    minimum_quantity <= q <= maximum_quantity, in whole quantity steps of the item
    expedite = Σ unit_cost × q + order_cost

q arrives then, and not with the order. Where several rows name a mode for one order, each is a way of its own; one that
fits is enough.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.numbers import at_most, is_multiple, same_money
from optimizer.audit.book.plan import Order
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("expedite",)
FILE = "expedited.csv"
Key = tuple[str, str, str, int]


class Expedited(NamedTuple):
    """A row of `expedited.csv`."""

    row: int
    item: str
    supplier: str
    location: str
    order_period: int
    mode: str
    arrival_period: int
    quantity: Fraction
    cost: Fraction

    @property
    def order(self) -> Key:
        """The order line that it is part of."""
        return self.item, self.supplier, self.location, self.order_period


def flows(book: Book) -> Iterator[Flow]:
    """Into stock sooner, and not when the order arrives."""
    orders = _orders(book)
    for row in _rows(book):
        yield Flow("receipts", row.item, row.location, row.arrival_period, row.quantity)
        if row.order in orders:
            yield Flow("receipts", row.item, row.location, orders[row.order].arrival_period, -row.quantity)


def costs(book: Book) -> Iterator[Charge]:
    """By order line."""
    for row in _rows(book):
        for mode in _modes(book, row)[:1]:
            yield Charge(
                account="expedite",
                amount=_cost(mode, row),
                item=row.item,
                supplier=row.supplier,
                location=row.location,
                period=row.order_period,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse what no mode brings so, and more than was ordered."""
    orders = _orders(book)
    sped: dict[Key, Fraction] = defaultdict(Fraction)
    for row in _rows(book):
        refuse = partial(
            Violation,
            rule="expedited",
            file=FILE,
            row=row.row,
            item=row.item,
            supplier=row.supplier,
            location=row.location,
            period=book.calendar.name(row.order_period),
        )
        sped[row.order] += row.quantity
        order = orders.get(row.order)
        if order is None or row.arrival_period >= order.arrival_period:
            yield refuse(message="no order of this plan comes sooner by it")
        elif not at_most(sped[row.order], order.quantity):
            yield refuse(
                message="more of the order comes sooner than is ordered",
                found=show(sped[row.order]),
                expected=f"at most {show(order.quantity)}",
            )
        modes = _modes(book, row)
        if not modes:
            yield refuse(message=f"no mode {row.mode} brings it so", found=show(row.quantity))
        elif not same_money(row.cost, _cost(modes[0], row)):
            yield refuse(message="cost is wrong", found=show(row.cost), expected=show(_cost(modes[0], row)))


def _rows(book: Book) -> list[Expedited]:
    return book.plan.load(FILE, Expedited) if (book.plan.folder / FILE).exists() else []


def _orders(book: Book) -> dict[Key, Order]:
    return {(o.item, o.supplier, o.location, o.order_period): o for o in book.plan.orders}


def _cost(mode: TableRow, row: Expedited) -> Fraction:
    return mode.number("unit_cost") * row.quantity + mode.number("order_cost")


def _modes(book: Book, row: Expedited) -> list[TableRow]:
    """The rows of `transport_modes` by which it can be, that which costs what it says first."""
    step = book.instance.item(row.item).quantity_step
    if row.quantity <= 0 or (step is not None and not is_multiple(row.quantity, step)):
        return []
    fit = []
    for mode in book.instance.tables.rows("transport_modes"):
        most = mode.number_or_none("maximum_quantity")
        if (
            (mode.text("supplier"), mode.text("mode")) == (row.supplier, row.mode)
            and mode.text("item") in ("", row.item)
            and mode.text("location") in ("", row.location)
            and book.arrival(row.supplier, row.order_period, int(mode.number("lead_time"))) == row.arrival_period
            and at_most(mode.number("minimum_quantity"), row.quantity)
            and (most is None or at_most(row.quantity, most))
        ):
            fit.append(mode)
    return sorted(fit, key=lambda mode: abs(_cost(mode, row) - row.cost))
