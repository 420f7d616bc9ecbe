"""Sweep: a range of factors, solved one after the other, and what that says of cost against service.

The own penalties come first where the range has them, then both ends, then the middle of the widest gap and so on: a
sweep that is cut off is coarse, and not half. Each search begins from the best plan known and with the bound that its
neighbours' chord gives (intervals.py), and asks for a gap that is small against what a step changes in the cost.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.read import Input
from optimizer.solve.program import Floats
from optimizer.tune.groups import Group, named
from optimizer.tune.intervals import Intervals, concave, intervals
from optimizer.tune.refused import TuneRefused
from optimizer.tune.trials import LEAST_GAP, MANY_TIMES, SHARE_OF_STEP, Trial, Trials

Scale = Literal["even", "ratio"]
MOST_STEPS = 1000
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
        points: solved, in the order of their positions.
        intervals: of the least cost at each point.
        wanted: how many points there were to be.
        moved: by column, what it costs at the own penalties on account of what is varied [money].
    """

    trials: Trials
    positions: list[float]
    points: list[Trial]
    intervals: Intervals
    moved: Floats
    wanted: int


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
    """Solve a path, until all of it is solved, the time is over or the user asks to stop.

    Raises:
        InputFaults: the instance is faulty at some factor.
        SolverError: the solver failed.
        TuneRefused: what is varied changes more than costs.
    """
    solved: dict[int, Trial] = {}
    order = in_halves(len(positions), _own(factors))
    for finer in (False, True):  # the first points could not know what a step changes
        rest = [k for k in order if not finer or _coarse(trials, solved.get(k), *_step(factors, k))]
        for count, k in enumerate(rest):
            if trials.over():
                break
            share = min(trials.run.left(), MANY_TIMES * trials.run.left() / (len(rest) - count))
            known = _known(trials, positions, solved, k, factors[k])
            word = f"point {count + 1} of {len(rest)}{' again' if finer else ''}"
            solved[k] = trials.solve(factors[k], gap_for(trials, *_step(factors, k)), share, known, word)
        trials.settle()
    return _sweep(trials, positions, solved)


def _step(factors: Sequence[tuple[float, ...]], k: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The factors of a place, and of its neighbour."""
    return factors[k], factors[k + 1 if k + 1 < len(factors) else k - 1]


def _coarse(trials: Trials, trial: Trial | None, here: tuple[float, ...], there: tuple[float, ...]) -> bool:
    """Whether a point was solved to a gap that is large against the step."""
    if trial is None or trials.over():
        return False
    cost = trials.cost(trial.priced, trial.best)
    return cost - trial.bound > gap_for(trials, here, there) * abs(cost)


def gap_for(trials: Trials, here: tuple[float, ...], there: tuple[float, ...]) -> float:
    """The gap that is small against a step: a tenth of what it changes for the best plan; at most what was asked."""
    one, other = trials.priced(here), trials.priced(there)
    if not trials.plans:
        return max(trials.run.asked.gap, LEAST_GAP)
    best = min(range(len(trials.plans)), key=lambda plan: trials.cost(one, plan))
    cost = trials.cost(one, best)
    effect = abs(trials.cost(other, best) - cost) / max(abs(cost), 1e-9)
    return max(min(trials.run.asked.gap, SHARE_OF_STEP * effect), LEAST_GAP)


def in_halves(count: int, first: int | None = None) -> list[int]:
    """Places in the order in which they are solved: a first one, the ends, then the middle of the widest gap."""
    order = list(dict.fromkeys([*([] if first is None else [first]), 0, count - 1]))
    while len(order) < count:
        known = sorted(order)
        widest = max(range(len(known) - 1), key=lambda k: known[k + 1] - known[k])
        order.append((known[widest] + known[widest + 1]) // 2)
    return order


def _known(
    trials: Trials, positions: Sequence[float], solved: dict[int, Trial], k: int, here: tuple[float, ...]
) -> float:
    """The bound that the chord of the nearest solved points gives, where costs allow chords; -inf for none."""
    before, after = [j for j in solved if j < k], [j for j in solved if j > k]
    if not before or not after:
        return -np.inf
    ends = solved[max(before)], solved[min(after)]
    at = np.array([positions[max(before)], positions[k], positions[min(after)]])
    programs = [ends[0].priced.program, trials.priced(here).program, ends[1].priced.program]
    if not concave(at, programs):
        return -np.inf
    share = (at[1] - at[0]) / (at[2] - at[0])
    bounds = [end.bound - end.priced.program.offset for end in ends]
    return float((1 - share) * bounds[0] + share * bounds[1]) + programs[1].offset


def _own(factors: Sequence[tuple[float, ...]]) -> int | None:
    """The place of the own penalties."""
    return next((k for k, one in enumerate(factors) if set(one) == {1.0}), None)


def _sweep(trials: Trials, positions: Sequence[float], solved: dict[int, Trial]) -> Sweep:
    if not solved:
        raise KeyboardInterrupt  # before there was anything
    places = sorted(solved)
    points = [solved[k] for k in places]
    priced = [trial.priced for trial in points]
    upper = np.array([trials.cost(trial.priced, trial.best) for trial in points])
    bounds = np.array([trial.bound for trial in points])
    at = [positions[k] for k in places]
    found = intervals(at, [one.program for one in priced], bounds, upper)
    return Sweep(trials, at, points, found, trials.moved(priced), len(positions))


def _neat(factor: float) -> float:
    """Nine digits are enough of a factor, and a reader can copy them."""
    return float(f"{factor:.9g}")
