"""Near: plans of an item that cost nearly as little and are clearly different.

    fewest orders       minimise  the orders placed
    fewest suppliers    minimise  the suppliers of whom anything is ordered
    least change        minimise  what is ordered otherwise than in an earlier plan, at its unit cost        [money]

    subject to  the rules,  cost <= best + so large a share of what the item costs

All of the item's orders are free, all other orders are as planned. Among those that are equal the cheapest is taken.
What is decided before the time is up is the least there is; else it is the least that was found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from optimizer.explain.changes import OrderChange, order_changes
from optimizer.explain.neighbourhood import Neighbourhood, around
from optimizer.explain.point import Point
from optimizer.explain.resolve import Resolved
from optimizer.explain.standing import Standing
from optimizer.explain.subject import code_of
from optimizer.solve.balance import balanced
from optimizer.solve.construct import forgiving, polished
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Booleans, Floats, Ints, Program

WITHIN = 0.005  # of what an item costs: a plan that costs no more than that is nearly as good
NOTICED = 1e-6  # of a quantity, or of what is counted
TIES = 0.4  # of one that is counted: the weight of all that may be spent, so that the cheapest of equals is taken


@dataclass(frozen=True)
class NearlyAsGood:
    """A plan of an item that is nearly as good.

    Attributes:
        name: `fewest orders`, `fewest suppliers` or `least change`.
        before, after: what is counted, in the plan as it could be at best, and in this one.
        proven: whether less is not possible at that price.
        costs: what it costs more than the best [money].
        orders: that are others than in the plan.
        around: what was free to move.
        allowed: what it may cost more [money].
    """

    name: str
    before: float
    after: float
    proven: bool
    costs: float
    orders: Sequence[OrderChange]
    around: str
    allowed: float


@dataclass(frozen=True)
class _Count:
    """What is counted: new columns with their entries in new rows `<= limit`, and what each column counts for."""

    name: str
    cost: Floats  # of all columns, the new ones last
    whole: bool  # the new columns
    row: Ints
    column: Ints
    value: Floats
    limit: Floats

    def at(self, x: Floats, rows: sp.csr_array) -> Floats:
        """The new columns, as small as they may be: each row has one of them, with -1."""
        new = len(self.cost) - len(x)
        found = np.zeros(new)
        if new:
            least = rows[:, : len(x)] @ x - self.limit
            of = np.full(len(self.limit), 0)
            mine = self.column >= len(x)
            of[self.row[mine]] = self.column[mine] - len(x)
            np.maximum.at(found, of, least)
        return np.round(found) if self.whole else found


def nearly_as_good(
    standing: Standing, item: str, within: float = WITHIN, last: pd.DataFrame | None = None, seconds: float = 20.0
) -> Sequence[NearlyAsGood]:
    """Clearly different plans of an item.

    Args:
        standing: the plan.
        item: its id.
        within: share of what the item costs, that they may cost more.
        last: table `purchase_orders` of an earlier plan, from which as little as possible should change.
        seconds: at most, for all.

    Raises:
        Unexplained: there is no such item.
    """
    point, code = standing.point, code_of(standing.point, "item", item)
    near = around(point, [code], [], 0)
    count = 2 if last is None else 3
    resolved = Resolved(point, near, seconds, alternatives=count)
    allowed = within * costs_of(point, code)
    found = []
    for place, one in enumerate(_counts(point, near, code, last)):
        answer = _least(resolved, one, allowed, resolved.left(count - place))
        if answer is not None:
            found.append(answer)
    return found


def costs_of(point: Point, item: int) -> float:
    """What an item costs in the plan, credits left out [money]."""
    mine = point.program.block == item
    return float(np.maximum(point.program.cost * point.x, 0.0)[mine].sum())


def _counts(point: Point, near: Neighbourhood, item: int, last: pd.DataFrame | None) -> Iterator[_Count]:
    """What is to be as little as possible, over the columns that are free."""
    index = point.book.indexes["orders"]
    order, place = (point.compiled.columns[name] for name in ("order", "place"))
    rows = np.flatnonzero((index["item"] == item) & (order >= 0) & (place >= 0))
    number = np.cumsum(near.free) - 1  # a column's number among those that are free
    placed, columns = number[place[rows]], int(near.free.sum())
    cost = np.zeros(columns)
    cost[placed] = 1.0
    nothing = np.zeros(0, dtype=np.int64)
    yield _Count("fewest orders", cost, True, nothing, nothing, np.zeros(0), np.zeros(0))

    suppliers, used = np.unique(index["supplier"][rows], return_inverse=True)
    each = np.arange(len(rows))
    yield _Count(
        "fewest suppliers",
        np.concatenate([np.zeros(columns), np.ones(len(suppliers))]),
        True,
        np.concatenate([each, each]),
        np.concatenate([placed, columns + used]),
        np.concatenate([np.ones(len(rows)), -np.ones(len(rows))]),
        np.zeros(len(rows)),
    )
    if last is not None:
        before, ordered = _ordered(point, rows, last), number[order[rows]]
        both = np.concatenate([each, len(rows) + each])
        yield _Count(
            "least change",
            np.concatenate([np.zeros(columns), point.book.values("unit_cost")[rows]]),
            False,
            np.concatenate([both, both]),
            np.concatenate([ordered, ordered, columns + each, columns + each]),
            np.concatenate([np.ones(len(rows)), -np.ones(3 * len(rows))]),
            np.concatenate([before, -before]),
        )


def _ordered(point: Point, rows: Ints, last: pd.DataFrame) -> Floats:
    """How much an earlier plan orders in each of some rows of index set `orders`."""
    names = ["item", "supplier", "location", "order_period"]
    known: Mapping[Any, float] = last.groupby(names)["quantity"].sum().to_dict()
    about = (point.about("orders", int(row)) for row in rows)
    keys = ((one["item"], one["supplier"], one["location"], one["period"]) for one in about)
    return np.array([known.get(key, 0.0) for key in keys])


def _least(resolved: Resolved, one: _Count, allowed: float, seconds: float) -> NearlyAsGood | None:
    """As little as possible of what is counted; None where nothing was found, or nothing less."""
    point, free, base = resolved.point, resolved.free, resolved.base
    part = point.program.restricted(free, base.x)
    x = base.x[free]
    program, new = _extended(part, one, float(part.cost @ x) + allowed, allowed)
    begin = np.concatenate([x, one.at(x, new)])
    inside = balanced(program)
    inside = replace(inside, program=forgiving(inside.program, begin / inside.unit))
    try:
        answer = solve(inside.program, Limits(seconds, NOTICED), start=begin / inside.unit)
    except Infeasible:
        return None
    if answer.x is None:
        return None
    exact = polished(inside.program, answer.x, seconds)
    found = base.x.copy()
    found[free] = inside.point(answer.x if exact is None else exact)[: len(x)]
    before, after = (float(one.cost @ np.concatenate([y, one.at(y, new)])) for y in (x, found[free]))
    if after > before - max(NOTICED, NOTICED * before):
        return None
    return NearlyAsGood(
        one.name,
        before,
        after,
        answer.ended == "optimal",
        float(point.program.cost @ (found - base.x)),
        order_changes(point, point.x, found),
        resolved.near.words,
        allowed,
    )


def _extended(part: Program, one: _Count, limit: float, allowed: float) -> tuple[Program, sp.csr_array]:
    """The program with what is counted in place of its cost, which is limited; and its new rows."""
    new, rows = len(one.cost) - part.columns, len(one.limit)
    added = sp.csr_array((one.value, (one.row, one.column)), shape=(rows, len(one.cost)))
    wide = sp.hstack([part.matrix, sp.csc_array((part.rows, new))])
    money = sp.csr_array(np.concatenate([part.cost, np.zeros(new)])[None, :])
    unlimited, whole = np.full(rows + 1, -np.inf), np.full(new, one.whole, dtype=np.bool_)
    least = min(1.0, float(one.cost[one.cost > 0].min(initial=1.0)))
    ties = np.concatenate([part.cost, np.zeros(new)]) * (TIES * least / allowed if allowed > 0 else 0.0)
    program = Program(
        cost=one.cost + ties,
        offset=0.0,
        matrix=sp.csc_array(sp.vstack([wide, money, added])),
        row_lower=np.concatenate([part.row_lower, unlimited]),
        row_upper=np.concatenate([part.row_upper, [limit], one.limit]),
        lower=np.concatenate([part.lower, np.zeros(new)]),
        upper=np.concatenate([part.upper, np.where(whole, 1.0, np.inf)]),
        integer=np.concatenate([part.integer, whole]),
        block=np.concatenate([part.block, np.full(new, SHARED)]),
        late=np.concatenate([part.late, _none(new)]),
    )
    return program, added


def _none(count: int) -> Booleans:
    return np.zeros(count, dtype=np.bool_)
