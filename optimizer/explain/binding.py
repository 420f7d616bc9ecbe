"""Binding: the rules that a plan would rather not keep, and what a unit more of each would save.

With whole numbers as planned, the rest is a linear program. A row of it binds where it has a price, and solving again
with a unit of room says what that saves. Where whole numbers stand in a row, they count as part of its limit: the
minimum of an order that is placed, the packs that were chosen.

Which rows are rules is seen from the program alone (`rules`), so nothing has to be listed:

    inequality                         a limit, unless a whole number opens it (`order <= M · place`)
    equality with a whole number       packs, steps
    equality of quantities alone       a balance: nothing that anybody could relax
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from optimizer.explain.point import Named, Point
from optimizer.solve.construct import forgiving
from optimizer.solve.highs import Priced
from optimizer.solve.program import Booleans, Floats, Program

NOTICED = 1e-7  # a price below this is noise                                                    [money per unit]
SECONDS = 20.0
MOST = 40  # rows of which that is found out


@dataclass(frozen=True)
class Binding:
    """A rule without slack.

    Attributes:
        named: the row in words.
        limit: what it allows or asks for, whole numbers as planned.
        saves: what a unit of room saves [money per unit of the limit].
    """

    named: Named
    limit: float
    saves: float


def rules(program: Program) -> Booleans:
    """The rows that could be relaxed: limits and packs, not balances nor what a whole number opens."""
    entries = sp.coo_array(program.matrix)
    row, column = entries.coords
    whole = program.integer[column]
    count = np.bincount(row, minlength=program.rows)
    wholes = np.bincount(row[whole], minlength=program.rows)
    equal = program.row_lower == program.row_upper
    opens = np.where(entries.data > 0, np.isfinite(program.row_lower[row]), np.isfinite(program.row_upper[row]))
    opened = np.bincount(row[whole & opens & ~equal[row]], minlength=program.rows) > 0
    found: Booleans = np.where(equal, (wholes > 0) & (wholes < count), ~opened)
    return found


def binding(point: Point, free: Booleans, rows: Booleans, seconds: float = SECONDS) -> Sequence[Binding]:
    """Those of some rows that bind in the plan, the dearest first.

    Args:
        point: the plan.
        free: columns that may move; whole numbers among them stay as planned.
        rows: of the program, that are asked about.
        seconds: at most.
    """
    return priced_rules(point, free, point.x, point.program.cost, rows, seconds)


def priced_rules(
    point: Point, free: Booleans, x: Floats, cost: Floats, rows: Booleans, seconds: float = SECONDS
) -> Sequence[Binding]:
    """Those of some rows that bind at a point of the program, at some cost of its columns."""
    program = replace(forgiving(point.program, x), cost=cost)
    touched = np.unique(program.matrix[:, free].indices)
    priced = Priced(program.restricted(free, x), x[free], seconds)
    if priced.x is None:
        return []
    wholes = program.matrix @ np.where(program.integer, x, 0.0)
    dearest = np.argsort(-np.abs(priced.prices), kind="stable")
    candidates = [k for k in dearest.tolist() if rows[touched[k]] and abs(priced.prices[k]) > NOTICED][:MOST]
    found = []
    for k in candidates:
        price, row = float(priced.prices[k]), int(touched[k])
        saved = _room(priced, k, price, program.row_lower[row] == program.row_upper[row])
        if saved > NOTICED:
            found.append(Binding(point.named(row), _limit(program, wholes, row, price), saved))
    return sorted(found, key=lambda one: (-one.saves, one.named.words))


def _room(priced: Priced, row: int, price: float, equal: bool) -> float:
    """What a unit of room saves: found by giving it, since a price may hold in the other direction only."""
    by = 1.0 if price < 0 else -1.0
    below, above = (by, by) if equal else (min(by, 0.0), max(by, 0.0))
    cost = priced.again(row, below, above)
    return 0.0 if cost is None else priced.cost - cost


def _limit(program: Program, wholes: Floats, row: int, price: float) -> float:
    """The side of a row that binds, whole numbers as planned."""
    lower, upper = float(program.row_lower[row]), float(program.row_upper[row])
    side = upper if (price < 0 and np.isfinite(upper)) or not np.isfinite(lower) else lower
    return abs(side - float(wholes[row]))
