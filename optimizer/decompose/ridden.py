"""Ridden: riders (`models.riders`) of an instance, read off the rows of its whole program.

A rule that lots do not know is a rider where its rows have the shape of one, whoever wrote it and whatever it is for:
safety stock and overstock are steps, shares of suppliers are ties. What has no such shape is left out, which leaves a
bound, but no plan.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.known import RULES, VARIABLES
from models.lots import Lots, starts
from models.riders import SHARED, Riders
from optimizer.compile import Compiled
from optimizer.solve.program import Booleans, Floats, Ints, Program

NO_COLUMN = -1


@dataclass(frozen=True)
class Steps:
    """Where the steps stand in the program: to write their columns.

    A step's column is what its row lacks:  column = max(0, (side - what the row has) / coefficient).
    """

    row: Ints
    column: Ints
    coefficient: Floats
    side: Floats

    def write(self, program: Program, x: Floats) -> None:
        """Fill in the steps of a point that has everything else."""
        x[self.column] = 0.0
        lacks = (self.side - (program.matrix @ x)[self.row]) / self.coefficient
        x[self.column] = np.maximum(lacks, 0.0)


@dataclass(frozen=True)
class Ridden:
    """Riders of an instance.

    Attributes:
        riders: what was read.
        steps: where the steps are.
        names: of the rules that they are.
        left: names of rules of which some row is no rider, and of variables that are no step.
    """

    riders: Riders
    steps: Steps
    names: tuple[str, ...]
    left: tuple[str, ...]


def riders_of(lots: Lots, compiled: Compiled) -> Ridden:
    """The riders of an instance.

    Args:
        lots: all of its lots; they relax it, and each is one stock.
        compiled: its program, in the plain formulation.
    """
    program = compiled.program
    unknown = {name: rows[rows >= 0] for name, rows in compiled.rows.items() if name not in RULES}
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *unknown.values()]).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    names = np.repeat(np.array(list(unknown), dtype=object), [len(found) for found in unknown.values()])[order]
    rows = rows[order]
    part = sp.csr_array(sp.csr_array(program.matrix)[rows])
    places = _Places(lots, compiled)
    stepped, steps, levels = _steps(lots, program, part, rows, places)
    tied, ties = _ties(lots, program, part, rows, places)
    left = set(names[~stepped & ~tied].tolist())
    for name, columns in compiled.columns.items():
        if name not in VARIABLES and len(columns) and not np.isin(columns[columns >= 0], steps.column).all():
            left.add(name)
    held = tuple(sorted(set(names[stepped | tied].tolist()) - left))
    return Ridden(Riders(**levels, **ties), steps, held, tuple(sorted(left)))


class _Places:
    """What each column of a program is to the lots."""

    def __init__(self, lots: Lots, compiled: Compiled) -> None:
        count = compiled.program.columns
        options = np.arange(len(lots.order))
        self.order, self.place = (np.full(count + 1, NO_COLUMN) for _ in range(2))
        self.order[compiled.columns["order"][lots.order]] = options
        self.place[compiled.columns["place"][lots.order]] = options
        self.stock, self.free = np.full(count + 1, NO_COLUMN), np.zeros(count + 1, dtype=np.bool_)
        ends = compiled.columns["on_hand"].reshape(len(lots), lots.periods + 1)[:, 1:]
        self.stock[ends.ravel()] = np.arange(ends.size)
        for name, columns in compiled.columns.items():
            if name not in VARIABLES:
                self.free[columns] = True
        for places in (self.order, self.place, self.stock):
            places[-1] = NO_COLUMN  # what occurs nowhere
        self.free[-1] = False


def _steps(
    lots: Lots, program: Program, part: sp.csr_array, rows: Ints, places: _Places
) -> tuple[Booleans, Steps, dict[str, Any]]:
    """Rows that are steps; the first below and the first above of each lot and period."""
    entries = np.diff(part.indptr)
    of = np.repeat(np.arange(len(rows)), entries)
    column, value = part.indices, part.data
    alone = np.diff(program.matrix.indptr) == 1
    free = places.free[column] & alone[column] & (program.lower[column] == 0) & ~np.isfinite(program.upper[column])
    free &= ~program.integer[column] & (program.cost[column] >= 0)
    stock = places.stock[column] >= 0
    one = (entries == 2) & (np.bincount(of, free, len(rows)) == 1) & (np.bincount(of, stock, len(rows)) == 1)
    at_free, at_stock = (np.zeros(len(rows), dtype=np.int64) for _ in range(2))
    at_free[of[free]], at_stock[of[stock]] = np.flatnonzero(free), np.flatnonzero(stock)
    if not one.any():
        return one, _no_steps(), _no_levels(lots)
    lower, upper = program.row_lower[rows], program.row_upper[rows]
    one &= np.isfinite(lower) != np.isfinite(upper)
    sign = np.where(np.isfinite(lower), 1.0, -1.0)
    side = np.where(np.isfinite(lower), lower, upper) * sign
    by_free, by_stock = value[at_free] * sign, value[at_stock] * sign
    one &= by_free > 0
    place = places.stock[column[at_stock]]
    levels = _no_levels(lots)
    for kind, which in (("below", one & (by_stock > 0)), ("above", one & (by_stock < 0))):
        chosen = np.flatnonzero(which)
        chosen = chosen[np.unique(place[chosen], return_index=True)[1]]
        one &= ~which
        one[chosen] = True
        rate = program.cost[column[at_free[chosen]]] * np.abs(by_stock[chosen]) / by_free[chosen]
        levels[kind].ravel()[place[chosen]] = side[chosen] / by_stock[chosen]
        levels[f"{kind}_cost"].ravel()[place[chosen]] = rate
    found = np.flatnonzero(one)
    steps = Steps(
        rows[found], column[at_free[found]].astype(np.int64), value[at_free[found]], (side * sign)[found]
    )  # of the row as it stands
    return one, steps, levels


def _no_levels(lots: Lots) -> dict[str, Any]:
    shape = lots.holding.shape
    return {
        "below": np.zeros(shape), "below_cost": np.zeros(shape), "above": np.full(shape, np.inf),
        "above_cost": np.zeros(shape),
    }  # fmt: skip


def _no_steps() -> Steps:
    none = np.zeros(0, dtype=np.int64)
    return Steps(none, none, np.zeros(0), np.zeros(0))


def _ties(
    lots: Lots, program: Program, part: sp.csr_array, rows: Ints, places: _Places
) -> tuple[Booleans, dict[str, Any]]:
    """Rows over options alone."""
    entries = np.diff(part.indptr)
    of = np.repeat(np.arange(len(rows)), entries)
    quantity, placed = places.order[part.indices], places.place[part.indices]
    option = np.maximum(quantity, placed)
    tied = (entries > 0) & (np.bincount(of, option >= 0, len(rows)) == entries)
    block = lots.block[np.repeat(np.arange(len(lots)), np.diff(lots.option_start))]
    least, most = (np.full(len(rows), fill) for fill in (np.iinfo(np.int64).max, -1))
    inside = tied[of]
    np.minimum.at(least, of[inside], block[option[inside]])
    np.maximum.at(most, of[inside], block[option[inside]])
    tie = np.flatnonzero(tied)
    of_block = np.where(least == most, most, SHARED)[tie]
    by_block = np.argsort(of_block, kind="stable")
    tie, of_block = tie[by_block], of_block[by_block]
    place = np.full(len(rows), -1)
    place[tie] = np.arange(len(tie))
    chosen = np.flatnonzero(inside)
    chosen = chosen[np.argsort(place[of[chosen]], kind="stable")]
    return tied, {
        "tie_block": of_block,
        "tie_start": starts(entries[tie]),
        "tie_option": option[chosen],
        "tie_quantity": np.where(quantity[chosen] >= 0, part.data[chosen], 0.0),
        "tie_placed": np.where(quantity[chosen] >= 0, 0.0, part.data[chosen]),
        "tie_least": program.row_lower[rows[tie]],
        "tie_most": program.row_upper[rows[tie]],
    }


def covers(ridden: Ridden, unknown: Collection[str]) -> bool:
    """Whether the riders hold everything that lots do not, and ordering nothing keeps them: there is always a plan.

    Args:
        ridden: what was found.
        unknown: names of rules that lots do not know (`models.known.Judgement`).
    """
    riders = ridden.riders
    shared = (riders.tie_block == SHARED).any()
    nothing = ((riders.tie_least <= 0) & (riders.tie_most >= 0)).all()
    return bool(not ridden.left and not shared and nothing and set(unknown) <= set(ridden.names))
