"""Transfers: what is moved between locations goes by a stated route, arrives when that says, and is paid for.

For a row of `transfers.csv`, q of an item sent in period t on a row of table `transfers`:

    arrival = t + lead_time;  minimum_quantity <= q <= maximum_quantity, q > 0, in whole quantity steps of the item
    cost = unit_cost × q + shipment_cost

One row for each item, route and period. q leaves the one location in t and is there at the other from its arrival on.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.numbers import at_most, is_multiple, same_money
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("transfer",)
FILE = "transfers.csv"
Route = tuple[str, str, str]


class Shipment(NamedTuple):
    """A row of `transfers.csv`."""

    row: int
    item: str
    from_location: str
    to_location: str
    period: int
    arrival_period: int
    quantity: Fraction
    cost: Fraction

    @property
    def route(self) -> Route:
        """The row of table `transfers` by which it goes."""
        return self.item, self.from_location, self.to_location


def flows(book: Book) -> Iterator[Flow]:
    """Out of one stock, and into another when it arrives."""
    for row in _rows(book):
        yield Flow("transfers_out", row.item, row.from_location, row.period, row.quantity)
        yield Flow("transfers_in", row.item, row.to_location, row.arrival_period, row.quantity)


def costs(book: Book) -> Iterator[Charge]:
    """By item and the location from which it is sent."""
    routes = _routes(book)
    for row in _rows(book):
        if row.route in routes:
            yield Charge(
                account="transfer",
                amount=_cost(routes[row.route], row),
                item=row.item,
                location=row.from_location,
                period=row.period,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse transfers by no route, at another time, or of another quantity than it allows."""
    routes, seen = _routes(book), set()
    for row in _rows(book):
        refuse = partial(
            Violation,
            rule="transfer",
            file=FILE,
            row=row.row,
            item=row.item,
            location=row.from_location,
            period=book.calendar.name(row.period),
        )
        if (row.route, row.period) in seen:
            yield refuse(message="a second row for one item, route and period")
        seen.add((row.route, row.period))
        route = routes.get(row.route)
        if route is None:
            yield refuse(message="there is no such route", found=f"to {row.to_location}")
            continue
        if row.arrival_period != row.period + route.number("lead_time"):
            expected = f"{show(route.number('lead_time'))} periods later"
            yield refuse(message="arrives at another time than the route's", expected=expected)
        if not _fits(book, route, row):
            yield refuse(message="the route does not allow this quantity", found=show(row.quantity))
        if not same_money(row.cost, _cost(route, row)):
            yield refuse(message="cost is wrong", found=show(row.cost), expected=show(_cost(route, row)))


def _fits(book: Book, route: TableRow, row: Shipment) -> bool:
    step, most = book.instance.item(row.item).quantity_step, route.number_or_none("maximum_quantity")
    return (
        row.quantity > 0
        and at_most(route.number("minimum_quantity"), row.quantity)
        and (most is None or at_most(row.quantity, most))
        and (step is None or is_multiple(row.quantity, step))
    )


def _rows(book: Book) -> list[Shipment]:
    return book.plan.load(FILE, Shipment) if (book.plan.folder / FILE).exists() else []


def _routes(book: Book) -> dict[Route, TableRow]:
    rows = book.instance.tables.rows("transfers")
    return {(row.text("item"), row.text("from_location"), row.text("to_location")): row for row in rows}


def _cost(route: TableRow, row: Shipment) -> Fraction:
    return route.number("unit_cost") * row.quantity + route.number("shipment_cost")
