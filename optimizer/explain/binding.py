"""Binding: the rules that a plan would rather not keep, and what a unit more of each would save.

With orders and packs as planned, the rest is a linear program. A row of it binds where it has a price, and solving it
with a unit of room says what that saves. Where whole numbers stand in a row, they count as part of its limit: the
minimum of an order that is placed, the packs that were chosen.

Which rows are rules is seen from the program alone (`rules`), so nothing has to be listed:

    inequality                         a limit, unless a whole number opens it (`order <= M · place`)
    equality with a whole number       packs, steps
    equality of quantities alone       a balance: nothing that anybody could relax
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from optimizer.explain.point import Named, Point
from optimizer.solve.construct import forgiving
from optimizer.solve.highs import Priced
from optimizer.solve.program import Booleans, Floats, Ints, Program

NOTICED = 1e-7  # a price below this is noise                                                    [money per unit]
SECONDS = 20.0  # for the prices, at most
SAME = 1e-6  # relative: two limits that are so near are one
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


def binding(point: Point, free: Booleans, rows: Booleans) -> Sequence[Binding] | None:
    """Those of some rows that bind in the plan, the dearest first; None where that was not found in time.

    Args:
        point: the plan.
        free: columns that may move; whole numbers among them stay as planned.
        rows: of the program, that are asked about.
    """
    return priced_rules(point, free, point.x, point.program.cost, rows)


def priced_rules(point: Point, free: Booleans, x: Floats, cost: Floats, rows: Booleans) -> Sequence[Binding] | None:
    """Those of some rows that bind at a point of the program, at some cost of its columns; None as in `binding`."""
    program = replace(forgiving(point.held, x), cost=cost)
    touched = np.unique(program.matrix[:, free].indices)
    part = program.restricted(free, x)
    priced = Priced(part, x[free], SECONDS)
    if priced.x is None:
        return None
    wholes = program.matrix @ np.where(program.integer, x, 0.0)
    dearest = np.argsort(-np.abs(priced.prices), kind="stable")
    candidates = [k for k in dearest.tolist() if rows[touched[k]] and abs(priced.prices[k]) > NOTICED][:MOST]
    room = Room(part, x[free])
    found = []
    for k in candidates:
        price, row = float(priced.prices[k]), int(touched[k])
        cost_then = priced.again(room.given(k, 1.0 if price < 0 else -1.0))
        saved = 0.0 if cost_then is None else priced.cost - cost_then
        if saved > NOTICED:
            found.append(Binding(point.named(row), _limit(program, wholes, row, price), saved))
    return sorted(found, key=lambda one: (-one.saves, one.named.words))


class Room:
    """How the sides of rows move where a limit gets room.

    The largest sensible order may itself be all that a limit allows. Such rows, opened by a whole number, follow it.
    """

    def __init__(self, part: Program, x: Floats) -> None:
        self._part, self._rows = part, sp.csr_array(part.matrix)
        self._opened = part.integer & (np.round(x) >= 1)

    def given(self, row: int, by: float) -> dict[int, tuple[float, float]]:
        """The sides of a row moved by so much, and of those that follow it."""
        lower, upper = float(self._part.row_lower[row]), float(self._part.row_upper[row])
        if lower == upper:
            return {row: (by, by)}
        moved = {row: (min(by, 0.0), max(by, 0.0))}
        if by > 0 and upper > 0:
            columns, cells = self._cells(row)
            for column, cell in zip(columns.tolist(), cells.tolist(), strict=True):
                if cell > 0 and not self._part.integer[column]:
                    moved |= {other: (0.0, by / cell) for other in self._at_most(column, upper / cell) if other != row}
        return moved

    def _cells(self, row: int) -> tuple[Ints, Floats]:
        here = slice(self._rows.indptr[row], self._rows.indptr[row + 1])
        columns: Ints = self._rows.indices[here].astype(np.int64)
        cells: Floats = self._rows.data[here]
        return columns, cells

    def _at_most(self, column: int, most: float) -> Iterator[int]:
        """Rows `column <= M · whole` in which the whole number is open and M is all that the limit allows."""
        here = slice(self._part.matrix.indptr[column], self._part.matrix.indptr[column + 1])
        for row in self._part.matrix.indices[here].tolist():
            columns, cells = self._cells(row)
            if len(columns) == 2 and self._part.row_upper[row] == 0:
                other = int(columns[columns != column][0])
                ratio = -float(cells[columns == other][0]) / float(cells[columns == column][0])
                if self._opened[other] and abs(ratio - most) <= SAME * most:
                    yield row


def _limit(program: Program, wholes: Floats, row: int, price: float) -> float:
    """The side of a row that binds, whole numbers as planned."""
    lower, upper = float(program.row_lower[row]), float(program.row_upper[row])
    side = upper if (price < 0 and np.isfinite(upper)) or not np.isfinite(lower) else lower
    return abs(side - float(wholes[row]))
