"""Sweep: a range of factors, and what plans and bounds at some of them say of cost against service at all.

Every plan found is a line over the range, every bound carries over by chords (intervals.py). So each point has from the
first an interval that holds its least cost; the point whose interval is widest against the gap it should have is solved
next. Intervals are widest where the least of the lines bends: there another plan may be the best. It ends when all
points have their gap, and a point whose interval is narrow enough is not solved at all.

The own penalties come first where the range has them, then both ends. All points are brought to the gap that was asked
for. Where a small program came there in few solves, more follow, toward a gap that is small against what a step changes
in the cost: a plan within a wide gap is the same everywhere, and no frontier. Else it is told which gap that is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.read import Input
from optimizer.solve.program import Floats
from optimizer.tune.groups import Group, named
from optimizer.tune.intervals import Intervals, intervals, shape
from optimizer.tune.refused import TuneRefused
from optimizer.tune.trials import LEAST_GAP, Trial, Trials

Scale = Literal["even", "ratio"]
MOST_STEPS = 1000
AIM = 0.7  # a point is searched to so much of its gap: what is left is for those between
LIVE_AIM = 0.05  # likewise in the solver that is kept: a small program is soon proven to the last, once it is to 1%
SHARE_OF_STEP = 0.1  # of what a step changes in the cost: the gap that is small against it
FEW = 4  # solves, up to which a sweep goes on toward the gap that is small against a step
LONGEST = 1.0  # times what the longest solve before has taken: for one of those
SHARES = 5.0  # a point may take so much of the time that is left
MOST_SOLVES = 50.0  # and at least so much of all
TINY = 1e-9
LARGEST = 1e9  # factor: above it, costs would be beyond what a solver can tell apart


@dataclass(frozen=True)
class Range:
    """A group, and the factors between which it moves."""

    group: Group
    low: float
    high: float


@dataclass(frozen=True)
class Sweep:
    """A range, solved.

    Attributes:
        trials: what was solved, and the plans.
        positions: along the sweep: the factor, or from 0 to 1 where groups have ranges of their own.
        points: in the order of their positions; one that was not solved has the best of the plans that are known.
        intervals: of the least cost at each point.
        wanted: how many points there were to be.
        fine: the gap at each point that is small against what a step changes in the cost.
        moved: by column, what it costs at the own penalties on account of what is varied [money].
    """

    trials: Trials
    positions: list[float]
    points: list[Trial]
    intervals: Intervals
    moved: Floats
    wanted: int
    fine: Floats


def ranged(source: Input, text: str) -> Range:
    """A range as `--vary` has it: `items.backorder_cost=0.5..5`; of a setting, its values.

    Raises:
        TuneRefused: it has another shape, or names no penalty.
    """
    name, sign, limits = text.rpartition("=")
    low, dots, high = limits.partition("..")
    if not sign or not dots:
        raise TuneRefused(f"--vary '{text}': write NAME=LOW..HIGH, as in backorder_cost=0.5..5")
    group = named(source, name.strip())
    try:
        ends = [float(end) / group.number for end in (low, high)]
    except ValueError:
        raise TuneRefused(f"--vary '{text}': {low.strip()}..{high.strip()} are no two numbers") from None
    if not all(map(math.isfinite, ends)) or not 0 <= ends[0] < ends[1] <= LARGEST:
        raise TuneRefused(f"--vary '{text}': the range goes from a number of 0 or more to a larger one")
    return Range(group, *ends)


def path(ranges: Sequence[Range], steps: int, scale: Scale) -> tuple[list[float], list[tuple[float, ...]]]:
    """Positions along a sweep, and the factors of all groups there; with the own penalties where the path has them.

    Raises:
        TuneRefused: too few steps or too many, or ratios of a range that begins at 0.
    """
    if not 2 <= steps <= MOST_STEPS:
        raise TuneRefused(f"a sweep has 2 to {MOST_STEPS:,} steps")
    if scale == "ratio" and any(one.low == 0 for one in ranges):
        raise TuneRefused("a range that begins at 0 has no equal ratios; begin above it, or take --scale even")
    together = len({(one.low, one.high) for one in ranges}) == 1
    shares = np.linspace(0.0, 1.0, steps)

    def factors(share: float) -> tuple[float, ...]:
        if scale == "ratio":
            return tuple(_neat(one.low * (one.high / one.low) ** share) for one in ranges)
        return tuple(_neat(one.low + share * (one.high - one.low)) for one in ranges)

    points = {(factors(share)[0] if together else float(share)): factors(share) for share in shares.tolist()}
    if together and ranges[0].low <= 1.0 <= ranges[0].high:
        points[1.0] = (1.0,) * len(ranges)
    positions = sorted(points)
    return positions, [points[position] for position in positions]


def swept(trials: Trials, positions: Sequence[float], factors: Sequence[tuple[float, ...]]) -> Sweep:
    """Solve a path, until all of its points have their gap, the time is over or the user asks to stop.

    Raises:
        InputFaults: the instance is faulty at some factor.
        SolverError: the solver failed.
        TuneRefused: what is varied changes more than costs.
    """
    walk = _Walk(trials, positions, factors)
    walk.run()
    return walk.sweep()


class _Walk:
    """The points of a path, with what is known of each."""

    def __init__(self, trials: Trials, positions: Sequence[float], factors: Sequence[tuple[float, ...]]) -> None:
        trials.along(positions, factors)
        self.trials, self.positions, self.factors = trials, list(positions), factors
        self.priced = [trials.priced(one) for one in factors]
        self.shape = shape(positions, [one.program for one in self.priced])
        self.order = in_halves(len(positions), _own(factors))
        self.asked = max(trials.run.asked.gap, LEAST_GAP)
        self.solved: dict[int, Trial] = {}
        self.bounds = np.full(len(positions), -np.inf)
        self._lines: list[Floats] = []

    def run(self) -> None:
        """Solve what is needed."""
        trials = self.trials
        asked = np.full(len(self.positions), self.asked)
        if trials.over():
            return
        self._solve(self.order[0], asked)
        self.bounds = np.maximum(self.bounds, [trials.relaxed(one) for one in self.priced])
        for k in self.order[1:3]:
            if not trials.over() and self._ratios(asked)[k] > 1:
                self._solve(k, asked)
        self._until(asked)
        if trials.lives:
            self._until(self._fine(), FEW, LONGEST * max(one.seconds for one in trials.done))

    def sweep(self) -> Sweep:
        """All points of which anything is proven."""
        if not self.solved:
            raise KeyboardInterrupt  # before there was anything
        limits = self._limits()
        places = [k for k in range(len(self.positions)) if k in self.solved or np.isfinite(limits.lower[k])]
        lines, points = self._costs(), []
        for k in places:
            best = int(np.argmin(lines[:, k]))
            known = Trial(self.priced[k], None, best, best, float(limits.lower[k]), "known", self.asked, 0.0)
            points.append(replace(self.solved[k], best=best) if k in self.solved else known)
        limits = replace(limits, lower=limits.lower[places], upper=limits.upper[places])
        moved = self.trials.moved([self.priced[0], self.priced[-1]])
        positions, fine = [self.positions[k] for k in places], self._fine()[places]
        return Sweep(self.trials, positions, points, limits, moved, len(self.positions), fine)

    def _until(self, gaps: Floats, most: float = np.inf, seconds: float = np.inf) -> None:
        """Solve the point that is farthest from its gap, until none is left, the time is over or so many were made."""
        while not self.trials.over() and self.trials.solves < most:
            ratios = self._ratios(gaps)
            left = [k for k in self.order if ratios[k] > 1 and not self._tried(k, gaps)]
            if not left:
                return
            self._solve(max(left, key=lambda k: ratios[k]), gaps, seconds)

    def _tried(self, k: int, gaps: Floats) -> bool:
        """Whether a point was solved to this gap, and did not come to it in its time."""
        return k in self.solved and self.solved[k].asked_gap <= self._aim(k, gaps)

    def _aim(self, k: int, gaps: Floats) -> float:
        """The gap to which a point is solved so that it and those beside it come to theirs."""
        return float(max(LIVE_AIM * gaps[k], LEAST_GAP / 2) if self.trials.lives else AIM * gaps[k])

    def _solve(self, k: int, gaps: Floats, most: float = np.inf) -> None:
        """A bound without a search may be enough; else the point is solved."""
        run = self.trials.run
        share = min(max(run.left() / SHARES, run.asked.time_limit / MOST_SOLVES), most)
        known = -np.inf
        if self.trials.plans:
            self.bounds[k] = max(self.bounds[k], self.trials.unsearched(self.priced[k], share))
            if self._ratios(gaps)[k] <= 1:
                return
            known = self._limits().lower[k]
        word = f"{self._reached(gaps)} of {len(gaps)} points within their gap"
        self.solved[k] = trial = self.trials.solve(self.factors[k], self._aim(k, gaps), share, known, word)
        self.bounds[k] = max(self.bounds[k], trial.bound)

    def _reached(self, gaps: Floats) -> int:
        return int((self._ratios(gaps) <= 1).sum()) if self.trials.plans else 0

    def _ratios(self, gaps: Floats) -> Floats:
        """How many times its gap each point has."""
        limits = self._limits()
        ratios: Floats = (limits.upper - limits.lower) / np.maximum(np.abs(limits.upper), TINY) / gaps
        return ratios

    def _limits(self) -> Intervals:
        return intervals(self.positions, self.shape, self.bounds, self._costs().min(axis=0))

    def _costs(self) -> Floats:
        """What each plan costs at each point."""
        for plan in self.trials.plans[len(self._lines) :]:
            self._lines.append(np.array([priced.program.objective(plan) for priced in self.priced]))
        return np.array(self._lines)

    def _fine(self) -> Floats:
        """The gap that is small against a step: a share of what that does to the best plan; at most what was asked."""
        costs = self._costs()
        here = np.arange(len(self.positions))
        there, best = np.where(here + 1 < len(here), here + 1, here - 1), costs.argmin(axis=0)
        effects = np.abs(costs[best, there] - costs[best, here]) / np.maximum(np.abs(costs[best, here]), TINY)
        gaps: Floats = np.maximum(np.minimum(self.asked, SHARE_OF_STEP * effects), LEAST_GAP)
        return gaps


def in_halves(count: int, first: int | None = None) -> list[int]:
    """Places: a first one, the ends, then the middle of the widest gap."""
    order = list(dict.fromkeys([*([] if first is None else [first]), 0, count - 1]))
    while len(order) < count:
        known = sorted(order)
        widest = max(range(len(known) - 1), key=lambda k: known[k + 1] - known[k])
        order.append((known[widest] + known[widest + 1]) // 2)
    return order


def _own(factors: Sequence[tuple[float, ...]]) -> int | None:
    """The place of the own penalties."""
    return next((k for k, one in enumerate(factors) if set(one) == {1.0}), None)


def _neat(factor: float) -> float:
    """Nine digits are enough of a factor, and a reader can copy them."""
    return float(f"{factor:.9g}")
