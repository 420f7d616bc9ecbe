"""Neighbourhood: what may move while everything else stays as planned.

    items        wholly free: every order, quantity and delivery of them
    companions   other items in the same orders to a supplier, in that period and the ones beside it: which of those
                 orders they join, and all their quantities and deliveries, are free; their other orders stay placed
    shared       what suppliers and periods share, as far as any of that touches it

A question is answered to the end within it: both sides of a comparison move in the same neighbourhood, so their
difference is exact there and says nothing of what a plan made anew might do elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.instance import Codes
from optimizer.explain.point import Point
from optimizer.solve.program import SHARED, Booleans, Program

COMPANIONS = 8  # other items at most: enough to fill or empty a supplier's order, few enough to be decided to the end
BESIDE = 1  # periods before and after

Gate = tuple[int, int]  # a supplier and the period of an order to it


@dataclass(frozen=True)
class Neighbourhood:
    """Columns that may move.

    Attributes:
        free: by column of the program.
        core: those of the items alone, and what is shared.
        items: ids that are wholly free.
        companions: ids of which some orders are free.
        left_out: how many more items share those orders, and stay as planned.
    """

    free: Booleans
    core: Booleans
    items: Sequence[str]
    companions: Sequence[str]
    left_out: int

    @property
    def words(self) -> str:
        """What is free, for people."""
        some = f", and how {len(self.companions)} others join the same orders" if self.companions else ""
        more = f" ({self.left_out} more in those orders stay as planned)" if self.left_out else ""
        return f"free to move: {', '.join(self.items)}{some}; everything else as planned{more}"


def around(point: Point, items: Sequence[int], gates: Sequence[Gate], most: int = COMPANIONS) -> Neighbourhood:
    """The neighbourhood of some items and of orders to suppliers.

    Args:
        point: the plan.
        items: codes that are wholly free.
        gates: supplier and period of the orders in question.
        most: companions at most.
    """
    program, names = point.program, point.instance.labels["item"]
    kin = companions(point, gates)
    kin = kin[~np.isin(kin, items)]
    chosen = kin[:most]
    free: Booleans = np.isin(program.block, np.asarray(items, dtype=np.int64))
    joined = np.isin(program.block, chosen)
    free |= joined & ~program.integer
    for supplier, period in gates:
        periods = np.arange(period - BESIDE, period + BESIDE + 1)
        free |= joined & point.columns_about({"supplier": np.array([supplier]), "period": periods})
    free |= shared(program, free)
    free[point.compiled.goals] = False
    core: Booleans = free & ~joined
    return Neighbourhood(
        free, core, [str(names[k]) for k in items], [str(names[k]) for k in chosen], len(kin) - len(chosen)
    )


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


def shared(program: Program, free: Booleans) -> Booleans:
    """Columns of no item that stand in a row with a free one, and those that stand in a row with such."""
    rows = sp.csr_array(program.matrix)
    found = np.zeros(program.columns, dtype=np.bool_)
    fresh = free
    while fresh.any():
        touched = np.unique(program.matrix[:, fresh].indices)
        met = np.zeros(program.columns, dtype=np.bool_)
        met[rows[touched].indices] = True
        fresh = met & (program.block == SHARED) & ~found & ~free
        found |= fresh
    return found
