"""Balance: a program in units that suit the solver's absolute tolerances, whatever units the planner counts in.

HiGHS compares with fixed tolerances of 1e-6 and 1e-7. Milligrams instead of kilograms make quantities of millions and
costs of millionths, and a plan or a bound that is off by far more than it says. So columns that are not whole numbers
are counted in a unit of their block: the median size of the limits of its rows; rows are divided by their limit or by
what a whole number in them allows. Then what is still apart is brought nearer, columns first and rows after them, each
divided by the mean of its logarithms' extremes, √(smallest · largest): millions of tablets in packs of one, beside a
budget that dozens share, are 10¹¹ apart before it and 10³ after it. Costs are divided by the median of what is left.
All factors are powers of two, so no digit is lost.

Source of the second step: Curtis & Reid (1972), On the automatic scaling of matrices for Gaussian elimination, J. Inst.
Maths Applics 10, in the simpler form of one pass of geometric means.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from optimizer.solve.events import Progress
from optimizer.solve.program import SHARED, Floats, Program


@dataclass(frozen=True)
class Balanced:
    """A program in other units, and the way back.

    Attributes:
        program: the same program in the units below.
        unit: of each column: its value in the planner's units is `unit` times its value here.
        money: of the objective, likewise.
    """

    program: Program
    unit: Floats
    money: float

    def point(self, x: Floats) -> Floats:
        """A point in the planner's units."""
        return x * self.unit

    def progress(self, progress: Progress) -> Progress:
        """An event in the planner's money."""
        plan, bound = (None if value is None else value * self.money for value in (progress.plan, progress.bound))
        return replace(progress, plan=plan, bound=bound)


def balanced(program: Program) -> Balanced:
    """The program in units of its own size."""
    unit = _units(program)
    matrix = sp.csc_array(program.matrix @ sp.diags_array(unit))
    row = 1.0 / _power_of_two(_row_sizes(program, matrix))
    matrix = sp.csc_array(sp.diags_array(row) @ matrix)
    column_of = np.repeat(np.arange(program.columns), np.diff(matrix.indptr))
    nearer = np.where(program.integer, 1.0, 1.0 / _middles(matrix.data, column_of, program.columns))
    matrix.data = matrix.data * nearer[column_of]
    nearer_row = 1.0 / _middles(matrix.data, matrix.indices, program.rows)
    matrix.data = matrix.data * nearer_row[matrix.indices]
    unit, row = unit * nearer, row * nearer_row
    costs = np.abs(program.cost * unit)
    money = float(_power_of_two(np.array([np.median(costs[costs > 0]) if (costs > 0).any() else 1.0]))[0])
    inside = Program(
        cost=program.cost * unit / money,
        offset=program.offset / money,
        matrix=matrix,
        row_lower=program.row_lower * row,
        row_upper=program.row_upper * row,
        lower=program.lower / unit,
        upper=program.upper / unit,
        integer=program.integer,
        block=program.block,
        late=program.late,
    )
    return Balanced(inside, unit, money)


def _units(program: Program) -> Floats:
    """The unit of each column: 1 for whole numbers and what is shared, else the median limit of its block's rows."""
    limits = _limits(program)
    row, column = sp.coo_array(program.matrix).coords
    counts = ~program.integer[column] & (program.block[column] != SHARED) & (limits[row] > 0)
    pairs = np.sort(program.block[column[counts]] * np.int64(program.rows) + row[counts])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # a sort takes a sixtieth of what `unique` does
    block, size = pairs // max(program.rows, 1), limits[pairs % max(program.rows, 1)]
    order = np.lexsort((size, block))
    blocks, first, count = np.unique(block[order], return_index=True, return_counts=True)
    median = _power_of_two(size[order][first + count // 2])
    unit = np.ones(program.columns)
    mine = ~program.integer & np.isin(program.block, blocks)
    unit[mine] = median[np.searchsorted(blocks, program.block[mine])]
    return unit


def _middles(data: Floats, place: NDArray[np.integer[Any]], count: int) -> Floats:
    """√(smallest · largest) of the sizes at each place, as a power of two; 1 where there are none."""
    sizes = np.abs(data)
    least, most = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(least, place, np.where(sizes > 0, sizes, np.inf))
    np.maximum.at(most, place, sizes)
    return _power_of_two(np.sqrt(np.where(most > 0, least, 1.0) * most))


def _limits(program: Program) -> Floats:
    """The larger limit of each row; 0 where none is finite or both are 0."""
    sides = (np.where(np.isfinite(side), np.abs(side), 0.0) for side in (program.row_lower, program.row_upper))
    limits: Floats = np.maximum(*sides)
    return limits


def _row_sizes(program: Program, matrix: sp.csc_array) -> Floats:
    """What a tolerance of each row should be small against: its limit, else what a whole number allows or forces."""
    column = np.repeat(np.arange(program.columns), np.diff(matrix.indptr))
    largest, of_whole = np.zeros(program.rows), np.zeros(program.rows)
    np.maximum.at(largest, matrix.indices, np.abs(matrix.data))
    whole = program.integer[column]
    np.maximum.at(of_whole, matrix.indices[whole], np.abs(matrix.data[whole]))
    limits = _limits(program)
    return np.where(limits > 0, limits, np.where(of_whole > 0, of_whole, largest))


def _power_of_two(sizes: Floats) -> Floats:
    """The nearest power of two of each size; 1 for 0."""
    return np.exp2(np.round(np.log2(np.where(sizes > 0, sizes, 1.0))))
