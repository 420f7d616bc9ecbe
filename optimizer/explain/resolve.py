"""Resolve: the neighbourhood of a plan decided anew, to the end, under other limits.

    base          the best that the neighbourhood can do as it is
    alternative   the best that it can do where some columns have other limits, or some rows hold no more
    difference    alternative - base: exact where both are proven, else between
                  (bound of the alternative - cost of the base) and (cost of the alternative - bound of the base)

Both sides are solved in the same way over the same columns, so the difference owes nothing to the gap of the plan.
Where the base comes out below the plan, the plan itself can be improved by so much, and that is told.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from optimizer.explain.neighbourhood import Neighbourhood
from optimizer.explain.point import Point
from optimizer.solve.balance import balanced
from optimizer.solve.construct import forgiving, polished
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Ints, Program

GAP = 0.0  # to which a neighbourhood is decided: to the end
EXACT, CENT = 1e-8, 0.005  # of the cost of the neighbourhood, and money: what is known to either is exact
LEAST_SECONDS = 1.0
NOISE = 1e-11  # of the size of a row's numbers: so much of a side is rounding


@dataclass(frozen=True)
class Limit:
    """A column within other limits."""

    column: int
    lower: float
    upper: float


@dataclass(frozen=True)
class Changed:
    """What is different on the other side.

    Attributes:
        limits: of columns; they take the place of the program's own.
        dropped: rows that hold no more.
        cost: of each column, in place of the program's own.
    """

    limits: Sequence[Limit] = ()
    dropped: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    cost: Floats | None = None


NOTHING = Changed()


@dataclass(frozen=True)
class Solution:
    """The best found under some limits.

    Attributes:
        x: a point of the whole program.
        cost: of the whole plan [money].
        bound: with everything else as planned, nothing costs less [money].
        size: cost of what is free, signs left out [money]: what a tolerance is relative to.
    """

    x: Floats
    cost: float
    bound: float
    size: float

    @property
    def tolerance(self) -> float:
        """What is less is rounding [money]."""
        return max(EXACT * self.size, CENT)

    @property
    def proven(self) -> bool:
        """Whether nothing better is possible, but for rounding."""
        return self.cost - self.bound <= self.tolerance


class Missing(Enum):
    """Why there is no solution: no point keeps the rules (said twice by the solver), or none was found in time."""

    IMPOSSIBLE = "not possible with everything else as planned"
    UNKNOWN = "not found in time"


@dataclass(frozen=True)
class Difference:
    """What the other side costs more.

    Attributes:
        cost: the difference of what was found [money].
        low: it is no less than this.
        high: it is no more than this.
        by_account: the difference account by account, those without any left out.
        exact: low and high are the same, but for rounding.
    """

    cost: float
    low: float
    high: float
    by_account: Mapping[str, float]
    exact: bool


class Resolved:
    """A plan's neighbourhood that can be decided under several limits.

    Attributes:
        base: the best that is known of it as it is: it is never dearer than the plan, nor than an alternative that only
            forbids something.
    """

    def __init__(
        self,
        point: Point,
        near: Neighbourhood,
        seconds: float,
        *,
        alternatives: int = 1,
        start: Floats | None = None,
        stands: bool = True,
    ) -> None:
        """The base is decided at once, within its share of the seconds; those that are left are for the alternatives.

        Args:
            point: the plan.
            near: what may move.
            seconds: at most, for all.
            alternatives: how many will be decided; each may take as long as the base.
            start: the best that is known of the base; default: the plan.
            stands: whether the point keeps the rules; where not, nothing is known yet, and nothing is decided.
        """
        self.point, self.near, self.free = point, near, near.free
        free = near.free
        self._sizes = point.program.sizes(point.x)[np.unique(point.program.matrix[:, free].indices)]
        self._until = time.monotonic() + seconds
        x = point.x if start is None else start
        spent = float(np.abs(point.program.cost[free]) @ np.abs(x[free]))
        self.base = Solution(x, point.program.objective(x), -np.inf, spent)
        if not stands:
            return
        found = self.solved(NOTHING, seconds / (1 + alternatives), start=x)
        if isinstance(found, Solution):
            self.base = replace(self.base, bound=min(found.bound, self.base.cost))
            self.learn(found)

    def learn(self, found: Solution) -> None:
        """Take a point that keeps all rules, if it is better than what is known."""
        if found.cost < self.base.cost - self.base.tolerance:
            self.base = replace(found, bound=self.base.bound)

    @property
    def improvement(self) -> float:
        """What the plan itself could save in the neighbourhood [money]; 0 where nothing was found."""
        return self.point.cost - self.base.cost

    def left(self, alternatives: int = 1) -> float:
        """Seconds for the next of so many alternatives."""
        return max((self._until - time.monotonic()) / max(alternatives, 1), LEAST_SECONDS)

    def solved(self, changed: Changed, seconds: float, start: Floats | None = None) -> Solution | Missing:
        """The best under some limits, or why there is none.

        Args:
            changed: the limits.
            seconds: at most.
            start: a point of the whole program to begin from; by default the whole numbers of the base, where the
                limits allow.
        """
        program = self._with(changed)
        at = np.clip(self.base.x if start is None else start, program.lower, program.upper)
        part = program.restricted(self.free, np.where(self.free, at, self.point.x))
        held, part = part.offset, _clean(part, self._sizes)
        inside = balanced(part)
        inside = replace(inside, program=forgiving(inside.program, self.point.x[self.free] / inside.unit))
        begin = at[self.free] / inside.unit
        if start is None:
            moved = np.isin(np.flatnonzero(self.free), [limit.column for limit in changed.limits])
            begin = np.where(part.integer & ~moved, begin, np.nan)  # how many is what a solver finds by itself
        try:
            answer = solve(inside.program, Limits(seconds, GAP), start=begin)
        except Infeasible:
            return Missing.IMPOSSIBLE
        if answer.x is None:
            return Missing.UNKNOWN
        exact = polished(inside.program, answer.x, seconds)  # a whole number that was nearly one let others leak
        x = self.point.x.copy()
        x[self.free] = _whole(part, inside.point(answer.x if exact is None else exact))
        bound = min(answer.bound * inside.money + held, program.objective(x))
        spent = float(np.abs(part.cost) @ np.abs(x[self.free]))
        return Solution(x, self.point.program.objective(x), bound, spent)

    def difference(self, other: Solution, *, restricts: bool = True) -> Difference:
        """What the other side costs more than the base; it is nothing less where it only forbids something."""
        tolerance = self.base.tolerance + other.tolerance
        cost = float(self.point.program.cost @ (other.x - self.base.x))
        low, high = other.bound - self.base.cost, other.cost - self.base.bound
        if restricts:
            low = max(low, 0.0)
        then, now = self.point.accounts(other.x), self.point.accounts(self.base.x)
        moved = {name: then[name] - now[name] for name in now}
        return Difference(
            cost,
            low,
            max(high, low),
            {name: money for name, money in moved.items() if abs(money) > tolerance / 10},
            high - low <= tolerance,
        )

    def _with(self, changed: Changed) -> Program:
        program = self.point.program
        lower, upper = program.lower.copy(), program.upper.copy()
        for limit in changed.limits:
            lower[limit.column], upper[limit.column] = limit.lower, limit.upper
        row_lower, row_upper = program.row_lower, program.row_upper
        if len(changed.dropped):
            row_lower, row_upper = row_lower.copy(), row_upper.copy()
            row_lower[changed.dropped], row_upper[changed.dropped] = -np.inf, np.inf
        cost = program.cost if changed.cost is None else changed.cost
        return replace(program, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper, cost=cost)


def _clean(part: Program, sizes: Floats) -> Program:
    """The program without its constant, and without the noise that is left of a side when all else is taken off it."""

    def side(values: Floats) -> Floats:
        cleaned: Floats = np.where(np.abs(values) <= NOISE * sizes, 0.0, values)
        return cleaned

    return replace(part, offset=0.0, row_lower=side(part.row_lower), row_upper=side(part.row_upper))


def _whole(part: Program, x: Floats) -> Floats:
    """Whole numbers made exact, and limits kept."""
    whole: Floats = np.clip(np.where(part.integer, np.round(x), x), part.lower, part.upper)
    return whole
