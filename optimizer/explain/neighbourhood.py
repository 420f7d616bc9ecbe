"""Neighbourhood: what may move while everything else stays as planned; circles, each within the next.

    orders       those that are planned of an item, and those that arrive within a period of when it is asked about
    near         within four periods
    item         all of its orders
    companions   and how others join the same orders: their orders to that supplier, then and a period beside

All other orders stay as planned. Whatever follows from orders is free: stocks, deliveries, what suppliers and periods
share, also of other items as far as it moves with it (stocks in the same room, deliveries to the same customer). So
whoever plans again with all other orders held by rows of `overrides` (`held`) finds the same, and both sides of a
comparison move in the same circle: their difference owes nothing to what a plan made anew might do elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Codes
from optimizer.explain.point import Point
from optimizer.solve.program import SHARED, Booleans, Ints

NEAR = (1, 4)  # periods before and after what is asked about in which orders may arrive that are not planned
COMPANIONS = 8  # other items at most: enough to fill or empty a supplier's order, few enough to be decided to the end
BESIDE = 1  # periods before and after

Gate = tuple[int, int]  # a supplier and the period of an order to it
Row = Mapping[str, str]


@dataclass(frozen=True)
class Neighbourhood:
    """Columns that may move.

    Attributes:
        free: by column of the program.
        items: ids that are free.
        companions: ids of which some orders are free.
        left_out: how many more items share those orders, and stay as planned.
        near: words for the periods of orders that are free beside those that are planned; "": all.
    """

    free: Booleans
    items: Sequence[str]
    companions: Sequence[str] = ()
    left_out: int = 0
    near: str = ""

    @property
    def words(self) -> str:
        """What is free, for people."""
        named = ", ".join(self.items)
        some = (
            f", its orders that are planned and those that arrive {self.near}" if self.near else ", all of its orders"
        )
        if self.companions:
            others = "another joins" if len(self.companions) == 1 else f"{len(self.companions)} others join"
            some = f", and how {others} the same orders"
        more = f" ({self.left_out} more in those orders stay as planned)" if self.left_out else ""
        return f"free to move: {named}{some}; all other orders as planned{more}"


def circles(point: Point, item: int, periods: Sequence[int], gates: Sequence[Gate]) -> Iterator[Neighbourhood]:
    """The circles of an item, the narrowest first; those that add nothing are left out.

    Args:
        point: the plan.
        item: its code.
        periods: in which what is asked about arrives or is delivered; none: all of the item at once.
        gates: supplier and period of the orders in question.
    """
    free = np.zeros(point.program.columns, dtype=np.bool_)
    narrow = (orders(point, item, periods, beside) for beside in NEAR if periods)
    for near in (*narrow, around(point, [item], [], 0), around(point, [item], gates)):
        if (near.free & ~free).any():
            free = near.free
            yield near


def orders(point: Point, item: int, periods: Sequence[int], beside: int) -> Neighbourhood:
    """The orders of an item that are planned, and those that arrive near some periods."""
    program, index, (lines,) = point.program, point.book.indexes["orders"], point.book.posted("order lines")
    days, name = point.days, str(point.instance.labels["item"][item])
    window = np.unique([t + k for t in periods for k in range(-beside, beside + 1) if 0 <= t + k < len(days)])
    open_ = (index["item"] == item) & ((point.quantity("order") > 0) | np.isin(lines.arrival, window))
    gates = index["supplier"][open_] * len(days) + index["period"][open_]
    free = (program.block == item) & (np.isin(point.gates, gates) | (point.gates < 0))
    said = " and ".join(f"from {days[a]} to {days[b]}" for a, b in _stretches(window))
    return Neighbourhood(_with_what_follows(point, free), [name], near=said)


def around(point: Point, items: Sequence[int], gates: Sequence[Gate], most: int = COMPANIONS) -> Neighbourhood:
    """The whole of some items, and who else is in some orders to suppliers.

    Args:
        point: the plan.
        items: codes that are wholly free.
        gates: supplier and period of the orders in question.
        most: companions at most.
    """
    program, names, periods = point.program, point.instance.labels["item"], len(point.days)
    kin = companions(point, gates) if most else np.zeros(0, dtype=np.int64)
    kin = kin[~np.isin(kin, items)]
    chosen = kin[:most]
    free: Booleans = np.isin(program.block, np.asarray(items, dtype=np.int64))
    joined = np.isin(program.block, chosen)
    beside = [s * periods + t + k for s, t in gates for k in range(-BESIDE, BESIDE + 1) if 0 <= t + k < periods]
    free |= joined & np.isin(point.gates, beside)
    free = _with_what_follows(point, free)
    return Neighbourhood(free, [str(names[k]) for k in items], [str(names[k]) for k in chosen], len(kin) - len(chosen))


def companions(point: Point, gates: Sequence[Gate]) -> Codes:
    """Items ordered from these suppliers in these periods or beside them: the nearest period first, then by value."""
    index, ordered = point.book.indexes["orders"], point.quantity("order")
    supplier, period, item = index["supplier"], index["period"], index["item"]
    value = ordered * point.book.values("unit_cost")
    away = np.full(len(index), np.inf)
    for s, t in gates:
        away = np.where(supplier == s, np.minimum(away, np.abs(period - t)), away)
    taken = (ordered > 0) & (away <= BESIDE)
    order = np.lexsort((item[taken], -value[taken], away[taken]))
    found: Codes = np.array(list(dict.fromkeys(item[taken][order].tolist())), dtype=np.int64)
    return found


def held(point: Point, near: Neighbourhood) -> Iterator[Row]:
    """Rows of table `overrides` for all orders that stay as planned."""
    ordered = point.quantity("order")
    free = np.append(near.free, False)[point.compiled.columns["order"]]
    for row in np.flatnonzero(~free).tolist():
        about = point.about("orders", row)
        named = {name: about[name] for name in ("item", "supplier", "location", "period")}
        yield {**named, "quantity": repr(float(ordered[row]))}


def _with_what_follows(point: Point, free: Booleans) -> Booleans:
    """Also what may move with it while all other orders stay as planned."""
    program, rows = point.program, point.rows
    stays = (point.gates >= 0) & (program.block != SHARED)
    stays[point.compiled.goals] = True
    found = free.copy()
    found[point.compiled.goals] = False
    fresh = found
    while fresh.any():
        touched = np.unique(program.matrix[:, fresh].indices)
        met = np.zeros(program.columns, dtype=np.bool_)
        met[rows[touched].indices] = True
        fresh = met & ~found & ~stays
        found |= fresh
    return found


def _stretches(periods: Ints) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of periods without a hole."""
    for stretch in np.split(periods, np.flatnonzero(np.diff(periods) > 1) + 1):
        if len(stretch):
            yield int(stretch[0]), int(stretch[-1])
