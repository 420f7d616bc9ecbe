"""Program: a mixed-integer linear program as arrays.

    minimise  c·x + offset   subject to  row_lower <= A x <= row_upper,  lower <= x <= upper,  x_j whole if integer_j

Columns carry the block they belong to (an item; -1 for what blocks share), and whether they are decided last (`late`:
whole numbers that mostly come out whole once the others are). That is all that a search needs to know of the
business.
"""

import io
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]
SHARED = -1
CROSSED = 1e-7  # relative, by which limits may cross: what the solver allows itself


@dataclass(frozen=True)
class Program:
    """The arrays; `A` is a `scipy.sparse.csc_array` of shape (rows, columns)."""

    cost: Floats
    offset: float
    matrix: sp.csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: Booleans
    block: Ints
    late: Booleans

    @cached_property
    def by_row(self) -> sp.csr_array:
        """`A`, row by row."""
        return sp.csr_array(self.matrix)

    @property
    def early(self) -> "Program":
        """The same program with the whole numbers that are decided last left fractional."""
        return replace(self, integer=self.integer & ~self.late)

    @property
    def columns(self) -> int:
        """Number of variables."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of constraints."""
        return len(self.row_lower)

    def objective(self, x: Floats) -> float:
        """Cost of a point."""
        return float(self.cost @ x) + self.offset

    def sizes(self, x: Floats) -> Floats:
        """Size of the numbers of each row at a point, at least 1: what a tolerance is relative to."""
        sizes: Floats = np.maximum(abs(self.matrix) @ np.abs(x), 1.0)
        return sizes

    def relative_violation(self, x: Floats) -> float:
        """Largest amount by which a point breaks a row, relative to the size of its numbers there (at least 1)."""
        return max(0.0, float(self._broken(x).max(initial=0.0)))

    def violation(self, x: Floats, rows: Booleans) -> float:
        """Largest amount by which a point breaks one of some rows, or a limit of a column, relative to their size."""
        outside = np.maximum(self.lower - x, x - self.upper) / np.maximum(np.abs(x), 1.0)
        return max(0.0, float(self._broken(x)[rows].max(initial=0.0)), float(outside.max(initial=0.0)))

    def _broken(self, x: Floats) -> Floats:
        activity = self.matrix @ x
        broken: Floats = np.maximum(self.row_lower - activity, activity - self.row_upper) / self.sizes(x)
        return broken

    def fixed(self, columns: Booleans, at: Floats) -> "Program":
        """The same program with the marked columns held at their value in `at`."""
        lower, upper = np.where(columns, at, self.lower), np.where(columns, at, self.upper)
        return replace(self, lower=lower, upper=upper, integer=self.integer & ~columns)

    def restricted(self, columns: Booleans, at: Floats) -> "Program":
        """The program of the marked columns alone, every other held as in `at`; rows without them are left out."""
        chosen = self.matrix[:, np.flatnonzero(columns)]
        touched, held = np.unique(chosen.indices), np.where(columns, 0.0, at)
        outside = self.by_row[touched] @ held
        return Program(
            cost=self.cost[columns],
            offset=self.offset + float(self.cost @ held),
            matrix=sp.csc_array(sp.csr_array(chosen)[touched]),
            row_lower=self.row_lower[touched] - outside,
            row_upper=self.row_upper[touched] - outside,
            lower=self.lower[columns],
            upper=self.upper[columns],
            integer=self.integer[columns],
            block=self.block[columns],
            late=self.late[columns],
        )

    @property
    def condensed(self) -> "Program":
        """The same program with each row that has one column as a limit of that column.

        Where few blocks are decided, most rows of what blocks share are such.
        """
        count = np.diff(self.by_row.indptr)
        single, kept = np.flatnonzero(count == 1), np.flatnonzero(count > 1)
        entry = self.by_row.indptr[single]
        column, coefficient = self.by_row.indices[entry].astype(np.int64), self.by_row.data[entry]
        limits = self.row_lower[single], self.row_upper[single]
        lower, upper = _limited(self.lower, self.upper, column, coefficient, *limits)
        return replace(
            self,
            matrix=sp.csc_array(self.by_row[kept]),
            row_lower=self.row_lower[kept],
            row_upper=self.row_upper[kept],
            lower=lower,
            upper=upper,
        )

    def to_bytes(self) -> bytes:
        """The arrays in numpy's own file format, for another process."""
        buffer = io.BytesIO()
        arrays = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "matrix"}
        parts = {"data": self.matrix.data, "indices": self.matrix.indices, "indptr": self.matrix.indptr}
        np.savez(buffer, allow_pickle=False, **arrays, **parts)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Program":
        """Back from `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            arrays = dict(saved)
        shape = (len(arrays["row_lower"]), len(arrays["cost"]))
        matrix = sp.csc_array((arrays.pop("data"), arrays.pop("indices"), arrays.pop("indptr")), shape=shape)
        return cls(matrix=matrix, **{**arrays, "offset": float(arrays["offset"])})


def _limited(
    lower: Floats, upper: Floats, column: Ints, coefficient: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Limits of columns, where  low <= coefficient · column <= high  holds besides.

    What crosses by rounding alone is one value: as rows the two would be kept within the solver's tolerance.
    """
    least, most = (np.where(coefficient > 0, *sides) / coefficient for sides in ((low, high), (high, low)))
    lower, upper = lower.copy(), upper.copy()
    np.maximum.at(lower, column, least)
    np.minimum.at(upper, column, most)
    crossed = (lower > upper) & (lower - upper <= CROSSED * np.maximum(1.0, np.abs(upper)))
    return np.where(crossed, upper, lower), upper


def finite_bound(program: Program) -> float:
    """A lower limit on the cost of any point, from limits on single columns alone: weak, but valid and finite.

    Limits are carried through the rows until nothing changes: stock cannot be more than what came before and what
    arrives. -inf remains only where a column with a cost has no limit at all.
    """
    lower, upper = program.lower.copy(), program.upper.copy()
    rows, everywhere = program.by_row, np.arange(program.rows)
    sides = ((rows, program.row_upper), (-rows, -program.row_lower))
    waiting = [everywhere, everywhere]  # rows of each side of which a column has got a limit since they were looked at
    while any(map(len, waiting)):
        for side, (matrix, limit) in enumerate(sides):
            some, waiting[side] = waiting[side], everywhere[:0]
            limited = _tighten(matrix[some], limit[some], lower, upper)
            touched = program.matrix[:, limited].indices
            waiting = [np.union1d(others, touched) for others in waiting]
    with np.errstate(invalid="ignore"):
        least = np.where(program.cost > 0, program.cost * lower, program.cost * upper)
    return float(np.where(program.cost == 0, 0.0, least).sum()) + program.offset


def _tighten(rows: sp.csr_array, limit: Floats, lower: Floats, upper: Floats) -> Ints:
    """Limit columns from above that have a positive coefficient in rows  a·x <= limit  and no limit yet; which."""
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    column, coefficient = rows.indices, rows.data
    with np.errstate(invalid="ignore"):
        least = np.where(coefficient > 0, coefficient * lower[column], coefficient * upper[column])
    unlimited = np.isinf(least)
    sums = np.bincount(row, np.where(unlimited, 0.0, least), minlength=rows.shape[0])
    counts = np.bincount(row, unlimited, minlength=rows.shape[0])
    useful = (coefficient > 0) & np.isinf(upper[column]) & (counts[row] == 0) & np.isfinite(limit[row])
    others = sums[row[useful]] - least[useful]
    room = (limit[row[useful]] - others) / coefficient[useful]
    np.minimum.at(upper, column[useful], room)
    return np.unique(column[useful]).astype(np.int64)
