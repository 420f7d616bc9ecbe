"""Service: what share of a group of demand lines is delivered, ever or on time.

    fill_rate[item_class=A]             delivered at all, of what is asked of items of class A
    fill_rate_on_time[customer=ACME]    in its due period

A group is named by `item`, `item_class` (or `class`), `customer`, `customer_class`, as in the table `fill_rates`.
Quantities of different items are added up as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.book import Book
from models.instance import Codes, Instance
from optimizer.read import Input
from optimizer.read.spelling import listed
from optimizer.read.what_if.grammar import ChangeRefused, parsed
from optimizer.results.plan import Plan
from optimizer.solve.program import Booleans
from optimizer.tune.groups import Cells, Group, cells_of, filled
from optimizer.tune.refused import TuneRefused

MEASURES = {"fill_rate": ("shortage_cost",), "fill_rate_on_time": ("backorder_cost", "shortage_cost")}
NAMES = {"item": "item", "item_class": "item_class", "class": "item_class", "customer": "customer"} | {
    "customer_class": "customer_class"
}


@dataclass(frozen=True)
class Service:
    """A fill rate of a group of demand lines.

    Attributes:
        name: as it was asked for.
        measure: one of `MEASURES`.
        where: what the lines must have: `item`, `item_class`, `customer`, `customer_class`.
        instance: whose lines.
        asked: quantity of them.
    """

    name: str
    measure: str
    where: tuple[tuple[str, str], ...]
    instance: Instance
    asked: float

    def rate(self, plan: Plan) -> float:
        """The share that a plan delivers; 1 where nothing is asked."""
        if self.asked <= 0:
            return 1.0
        delivered = plan.tables["allocations"]
        counts = self._mine(delivered["item"].tolist(), delivered["customer"].tolist())
        if self.measure == "fill_rate_on_time":
            counts &= delivered["periods_late"].to_numpy(np.float64) <= 0
        return float(delivered["quantity"].to_numpy(np.float64)[counts].sum()) / self.asked

    def _mine(self, items: Sequence[str], customers: Sequence[str]) -> Booleans:
        """Which pairs of item and customer are of the group."""
        marks = np.ones(len(items), dtype=np.bool_)
        for name, wanted in self.where:
            ids = items if name.startswith("item") else customers
            known = self._classes[name] if name.endswith("_class") else None
            marks &= np.array([(one if known is None else known.get(one, "")) == wanted for one in ids], dtype=np.bool_)
        return marks

    @cached_property
    def _classes(self) -> dict[str, dict[str, str]]:
        tables = {"item_class": ("items", "item"), "customer_class": ("customers", "customer")}
        return {
            name: dict(zip(self.instance[table][key], self.instance[table]["class"], strict=True))
            for name, (table, key) in tables.items()
        }


def service(source: Input, book: Book, name: str) -> Service:
    """A fill rate by its name.

    Raises:
        TuneRefused: it has another shape, or no demand line is in the group.
    """
    measure, bracket, rest = name.strip().partition("[")
    if measure.strip() not in MEASURES:
        raise TuneRefused(
            f"'{name}': a target is one of {listed(MEASURES)}, with a group in brackets where it is not for all"
        )
    where = _where(name, f"[{rest}" if bracket else "")
    found = Service(name.strip(), measure.strip(), where, source.instance, 0.0)
    (lines,) = book.posted("demand lines")
    labels = source.instance.labels
    mine = found._mine(labels["item"][lines.item].tolist(), labels["customer"][lines.customer].tolist())
    if not mine.any():
        raise TuneRefused(f"'{name}': no demand line of this plan is in that group")
    return Service(found.name, found.measure, where, source.instance, float(lines.quantity[mine].sum()))


def penalties(source: Input, wanted: Service) -> Group:
    """The penalties that a fill rate follows: of shortage, and on time those of waiting in the same proportion.

    Of a group of items, its items' cells and those of its demand lines; of a group of customers, their weight; of items
    of customers, the demand lines' own.

    Raises:
        TuneRefused: the group has no penalty that a factor changes.
    """
    columns = MEASURES[wanted.measure]
    of_items = [(name, text) for name, text in wanted.where if name.startswith("item")]
    of_customers = [(name, text) for name, text in wanted.where if name.startswith("customer")]
    if of_customers and not of_items:
        found = [cells_of(source, "customers", "weight", _rows(source, wanted, "customers"))]
    elif of_customers:
        found = [cells_of(source, "demand", column, _demand_rows(source, wanted)) for column in columns]
    else:
        found = []
        for column in columns:
            own = np.intersect1d(_demand_rows(source, wanted), filled(source, "demand", column))
            found += [
                cells_of(source, "items", column, _rows(source, wanted, "items")),
                cells_of(source, "demand", column, own),
            ]
    cells: tuple[Cells, ...] = tuple(one for one in found if len(one.rows))
    if not cells:
        raise TuneRefused(f"'{wanted.name}': its penalties are all 0, which no factor changes")
    return Group(wanted.name, cells)


def _where(name: str, brackets: str) -> tuple[tuple[str, str], ...]:
    if not brackets:
        return ()
    try:
        change = parsed(f"demand{brackets}.quantity=0")
    except ChangeRefused as refused:
        raise TuneRefused(f"'{name}': {str(refused).partition(chr(39) + ': ')[2]}") from None
    unknown = [column for column, _ in change.where if column not in NAMES]
    if change.keys or unknown:
        raise TuneRefused(f"'{name}': a group is named by {listed(NAMES)}, as in fill_rate[item_class=A]")
    return tuple((NAMES[column], text) for column, text in change.where)


def _rows(source: Input, wanted: Service, table: str) -> Codes:
    """Rows of `items` or `customers` that are of the group."""
    one = table.removesuffix("s")
    ids = source.instance.labels[one].tolist()
    nobody = [""] * len(ids)
    mine = wanted._mine(ids, nobody) if one == "item" else wanted._mine(nobody, ids)
    return np.flatnonzero(mine)


def _demand_rows(source: Input, wanted: Service) -> Codes:
    rows = source.text["demand"]
    return np.flatnonzero(wanted._mine(rows["item"], rows["customer"]))
