"""Balance: a program in units that suit the solver's absolute tolerances, whatever units the planner counts in.

HiGHS compares with fixed tolerances of 1e-6 and 1e-7. Milligrams instead of kilograms make quantities of millions and
costs of millionths, and a plan or a bound that is off by far more than it says. So columns that are not whole numbers
are counted in a unit of their block: the median size of the limits of its rows; rows are divided by their limit or by
what a whole number in them allows, costs by the median of what is left. A column that would be faint in all its rows,
as a total of large amounts, is counted in a larger unit: HiGHS takes what is below 1e-9 for nothing. All factors are
powers of two, so no digit is lost.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from optimizer.solve.events import Progress
from optimizer.solve.program import SHARED, Floats, Program

FAINT = 1e-6  # coefficient, beside those of about 1


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
    larger = _larger(program, matrix)
    unit = unit * larger
    costs = np.abs(program.cost * unit)
    money = float(_power_of_two(np.array([np.median(costs[costs > 0]) if (costs > 0).any() else 1.0]))[0])
    inside = Program(
        cost=program.cost * unit / money,
        offset=program.offset / money,
        matrix=sp.csc_array(matrix @ sp.diags_array(larger)),
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


def _larger(program: Program, matrix: sp.csc_array) -> Floats:
    """By how much larger the unit of each column is to be: 1 but for those that are faint wherever they stand."""
    most = np.zeros(program.columns)
    np.maximum.at(most, np.repeat(np.arange(program.columns), np.diff(matrix.indptr)), np.abs(matrix.data))
    return np.where((most < FAINT) & ~program.integer, 1.0 / _power_of_two(most), 1.0)


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
