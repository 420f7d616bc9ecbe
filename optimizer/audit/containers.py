"""Containers: what is ordered of a supplier with containers lies in those that the plan tells, and fills them.

For what is ordered of such a supplier s for a location in a period, by volume and by weight of the units, with n_k
containers of kind k in `containers.csv`:

    Σ n_k × minimum_k  <=  Σ unit × quantity  <=  Σ n_k × capacity_k     no limit where a kind that is used has none
    freight = Σ n_k × cost_k
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most, same_money, same_quantity
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("freight",)
FILE = "containers.csv"
MEASURES = ("volume", "weight")
Place = tuple[str, str, int]


class Filled(NamedTuple):
    """A row of `containers.csv`."""

    row: int
    supplier: str
    location: str
    order_period: int
    container: str
    number: Fraction
    cost: Fraction

    @property
    def place(self) -> Place:
        """Whose order it is, for where and when."""
        return self.supplier, self.location, self.order_period


def costs(book: Book) -> Iterator[Charge]:
    """By supplier, location and period."""
    kinds = _kinds(book)
    for row in _rows(book):
        kind = kinds.get(row.supplier, {}).get(row.container)
        if kind is not None:
            amount = row.number * kind.number("cost")
            yield Charge(
                account="freight", amount=amount, supplier=row.supplier, location=row.location, period=row.order_period
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse goods that do not fit, containers that are too empty or broken, and wrong amounts."""
    kinds = _kinds(book)
    used: dict[Place, list[tuple[Fraction, TableRow]]] = defaultdict(list)
    seen: set[tuple[Place, str]] = set()
    for row in _rows(book):
        refuse = partial(_about, book, row.place, row.row)
        kind = kinds.get(row.supplier, {}).get(row.container)
        if kind is None:
            yield refuse(rule="container", message="the supplier has no such container", found=row.container)
            continue
        if (row.place, row.container) in seen:
            yield refuse(rule="container", message="a second row of one order and kind")
        seen.add((row.place, row.container))
        if row.number <= 0 or not same_quantity(row.number, Fraction(round(row.number))):
            yield refuse(rule="whole_containers", message="not a whole number of them", found=show(row.number))
        if not same_money(row.cost, row.number * kind.number("cost")):
            cost = show(row.number * kind.number("cost"))
            yield refuse(rule="container", message="cost is wrong", found=show(row.cost), expected=cost)
        used[row.place].append((row.number, kind))
    loads = _loads(book)
    for place in dict.fromkeys([*loads, *used]):
        if place[0] in kinds:
            yield from _filled(book, place, kinds[place[0]], loads[place], used[place])


def _filled(
    book: Book,
    place: Place,
    kinds: dict[str, TableRow],
    load: dict[str, Fraction],
    used: list[tuple[Fraction, TableRow]],
) -> Iterator[Violation]:
    for measure in MEASURES:
        capacities = [(number, kind.number_or_none(f"{measure}_capacity")) for number, kind in used]
        counts = any(kind.number_or_none(f"{measure}_capacity") is not None for kind in kinds.values())
        least = sum((number * kind.number(f"minimum_{measure}") for number, kind in used), ZERO)
        most = sum((number * capacity for number, capacity in capacities if capacity is not None), ZERO)
        endless = any(capacity is None and number > 0 for number, capacity in capacities)
        refuse = partial(_about, book, place, None, found=show(load[measure]))
        if counts and not endless and not at_most(load[measure], most):
            message = f"the {measure} of what is ordered does not fit into its containers"
            yield refuse(rule="container_room", message=message, expected=f"at most {show(most)}")
        if not at_most(least, load[measure]):
            message = f"the {measure} of what is ordered does not fill its containers"
            yield refuse(rule="container_fill", message=message, expected=f"at least {show(least)}")


def _about(book: Book, place: Place, row: int | None, **more: str) -> Violation:
    supplier, location, t = place
    return Violation(file=FILE, row=row, supplier=supplier, location=location, period=book.calendar.name(t), **more)


def _rows(book: Book) -> list[Filled]:
    return book.plan.load(FILE, Filled) if (book.plan.folder / FILE).exists() else []


def _kinds(book: Book) -> dict[str, dict[str, TableRow]]:
    """Rows of `containers` by supplier and kind."""
    kinds: dict[str, dict[str, TableRow]] = defaultdict(dict)
    for row in book.instance.tables.rows("containers"):
        kinds[row.text("supplier")][row.text("container")] = row
    return dict(kinds)


def _loads(book: Book) -> dict[Place, dict[str, Fraction]]:
    """Volume and weight of each order."""
    unit = {
        row.text("item"): {measure: row.number(f"unit_{measure}") for measure in MEASURES}
        for row in book.instance.tables.rows("items")
    }
    loads: dict[Place, dict[str, Fraction]] = defaultdict(lambda: dict.fromkeys(MEASURES, ZERO))
    for order in book.plan.orders:
        for measure in MEASURES:
            of_unit = unit.get(order.item, {}).get(measure, ZERO)
            loads[order.supplier, order.location, order.order_period][measure] += of_unit * order.quantity
    return loads
