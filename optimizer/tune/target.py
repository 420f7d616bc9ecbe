"""Target: the smallest factors of penalties at which fill rates are reached.

Of each target the penalties of its own group are multiplied (service.py). The factor is raised or lowered in large
steps until one reaches the target and one misses it. Both plans are lines over the factor; where they cross, either a
third plan is better, which narrows the bracket, or both are the best there are, and the bracket is where they cross.
With several targets, one after the other is sought with the others' factors as they are, until all are reached and none
moves.

A higher penalty never leads to more of what it punishes, if every plan were the best; by quantity, over items of
different penalties, and within the gaps of the plans, it may. So the answer is the smallest factor tried above which no
trial misses, and what speaks against it is told.

Source: breakpoints of parametric programs: Eisner & Severance (1976), Journal of the ACM 23(4).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.tune.intervals import intervals, shape
from optimizer.tune.refused import TuneRefused
from optimizer.tune.service import Service
from optimizer.tune.trials import LEAST_GAP, Trial, Trials

LARGEST, SMALLEST = 1024.0, 1 / 64  # factors between which is sought
STEP = 4.0  # ratio of the factors that are tried until there is a bracket
NARROW = 1.02  # ratio of a bracket that is narrow enough
BESIDE = 1.01  # ratio to an end of the bracket, where the lines cross there
AT_END = 1.002  # ratio to an end that is the end itself
ROUNDS = 4  # over several targets
LINES_GAP = 0.001  # a target is a matter of a few demand lines: plans are this near to the best, or nearer
ROUNDING = 1e-9


@dataclass(frozen=True)
class Target:
    """A fill rate that is wanted."""

    service: Service
    wanted: float


@dataclass
class Reached:
    """What came of a target.

    Attributes:
        target: what was wanted.
        factor: the answer; the largest that was tried where it is not reached.
        below: the largest factor tried under it, which misses; 0 where even the smallest reaches.
        rate: the fill rate at the answer.
        reached: whether it is.
        tried: factor, fill rate, with the other factors as they are at the end, in ascending order.
        against: smaller factors that reach it all the same.
    """

    target: Target
    factor: float = 1.0
    below: float = 0.0
    rate: float = 0.0
    reached: bool = False
    tried: list[tuple[float, float]] = field(default_factory=list)
    against: list[float] = field(default_factory=list)


def wanted(text: str) -> tuple[str, float]:
    """The name of a fill rate and the share: `fill_rate[class=A]=0.98`.

    Raises:
        TuneRefused: it has another shape, or the share is none.
    """
    name, sign, number = text.rpartition("=")
    try:
        share = float(number)
    except ValueError:
        share = math.nan
    if not sign or not name or not 0 < share <= 1:
        raise TuneRefused(f"--target '{text}': write fill_rate=0.97, a share above 0 and at most 1")
    return name.strip(), share


class Sought:
    """A search for the factors of all targets."""

    def __init__(self, trials: Trials, targets: Sequence[Target]) -> None:
        self.trials, self.targets = trials, targets
        self.reached = [Reached(target) for target in targets]
        self.factors = [1.0] * len(targets)
        self.last: Trial | None = None
        self._rates: dict[tuple[float, ...], list[float]] = {}
        self._trials: dict[tuple[float, ...], Trial] = {}

    def run(self) -> None:
        """Search until all are reached and none moves, the time is over or the user asks to stop."""
        for _ in range(ROUNDS if len(self.targets) > 1 else 1):
            before = list(self.factors)
            for place in range(len(self.targets)):
                self._seek(place)
            if before == self.factors or self.trials.over():
                break
        for place in range(len(self.targets)):
            self._judge(place)
        self.last = self._trials.get(tuple(self.factors)) or self._best()

    def plans(self) -> list[tuple[tuple[float, ...], Trial, list[float]]]:
        """All trials, in the order in which they were made: factors, trial, fill rates."""
        return [(factors, trial, self._rates[factors]) for factors, trial in self._trials.items()]

    def _seek(self, place: int) -> None:
        """The smallest factor of one target that reaches it, the others as they are."""
        factor: float | None = self.factors[place]
        while factor is not None and not (self.trials.over() and self._trials):
            self._try(place, factor)
            low, high = self._bracket(place)
            if high is None or low is None:
                factor = STEP * low if high is None and low is not None else (high or 1.0) / STEP
                factor = factor if SMALLEST <= factor <= LARGEST else None
            else:
                factor = self._between(place, low, high) if high / low > NARROW else None
        low, high = self._bracket(place)
        self.factors[place] = high if high is not None else low if low is not None else self.factors[place]

    def _between(self, place: int, low: float, high: float) -> float | None:
        """Where the lines of the plans of a bracket's ends cross; beside the end where that is one of the ends."""
        trials, (one, other) = self.trials, (self._trials[self._at(place, factor)] for factor in (low, high))
        before = trials.cost(one.priced, other.best) - trials.cost(one.priced, one.best)
        after = trials.cost(other.priced, one.best) - trials.cost(other.priced, other.best)
        if before < 0 or after < 0 or before + after == 0:
            factor = math.sqrt(low * high)
        else:
            factor = low + (high - low) * before / (before + after)
        if factor < AT_END * low:
            factor = BESIDE * low
        elif factor > high / AT_END:
            factor = high / BESIDE
        factor = float(f"{factor:.5g}")
        return factor if low < factor < high else None

    def _at(self, place: int, factor: float) -> tuple[float, ...]:
        """All factors, of which one is another than it is."""
        return tuple(factor if k == place else one for k, one in enumerate(self.factors))

    def _chord(self, place: int, factors: tuple[float, ...]) -> float:
        """The bound by the trials below and above, where costs allow chords; -inf for none."""
        tried = [factor for factor, _ in self._tried(place)]
        here = factors[place]
        ends = [*[one for one in tried if one < here][-1:], *[one for one in tried if one > here][:1]]
        if len(ends) < 2:
            return -math.inf
        one, other = (self._trials[self._at(place, end)] for end in ends)
        at = [ends[0], here, ends[1]]
        form = shape(at, [one.priced.program, self.trials.priced(factors).program, other.priced.program])
        bounds = np.array([one.bound, -np.inf, other.bound])
        return float(intervals(at, form, bounds, np.full(3, np.inf)).lower[1])

    def _bracket(self, place: int) -> tuple[float | None, float | None]:
        """The largest factor that misses the target, and the smallest above it, which reaches it; None for none."""
        tried, wanted = self._tried(place), self.targets[place].wanted
        low = max((factor for factor, rate in tried if rate < wanted - ROUNDING), default=None)
        return low, min((factor for factor, _ in tried if low is None or factor > low), default=None)

    def _tried(self, place: int) -> list[tuple[float, float]]:
        """Factors of one target that were tried with the others as they are, and their fill rates; ascending."""
        return sorted(
            (factors[place], rates[place])
            for factors, rates in self._rates.items()
            if all(one == other for k, (one, other) in enumerate(zip(factors, self.factors, strict=True)) if k != place)
        )

    def _try(self, place: int, factor: float) -> None:
        """Solve at a factor; what was tried before is rated anew where the plan found now is better there, too."""
        factors = self._at(place, factor)
        if factors in self._rates:
            return
        count, left = len(self._trials), self.trials.run.left()
        share = left / 4 if count == 0 or count > 40 else left / (12 * len(self.targets))
        gap = max(min(self.trials.run.asked.gap, LINES_GAP), LEAST_GAP)
        told = ", ".join(f"× {one:.4g}" for one in factors)
        before = {one: trial.best for one, trial in self._trials.items()}
        known = self._chord(place, factors)
        self._trials[factors] = self.trials.solve(factors, gap, share, known, f"trial {count + 1}, {told}")
        self.trials.settle()
        for one, trial in self._trials.items():
            if before.get(one) != trial.best:
                plan = self.trials.plan(trial)
                self._rates[one] = [target.service.rate(plan) for target in self.targets]

    def _judge(self, place: int) -> None:
        """The bracket, from all trials in which the other factors are those of the end."""
        answer, target = self.reached[place], self.targets[place]
        answer.tried = self._tried(place)
        if not answer.tried:
            return
        enough = [rate >= target.wanted - ROUNDING for _, rate in answer.tried]
        first = len(enough) - next((k for k, one in enumerate(reversed(enough)) if not one), len(enough))
        answer.reached = first < len(enough)
        answer.factor, answer.rate = answer.tried[min(first, len(enough) - 1)]
        answer.below = answer.tried[first - 1][0] if first and answer.reached else 0.0
        answer.against = [factor for (factor, _), one in zip(answer.tried[:first], enough, strict=False) if one]
        self.factors[place] = answer.factor

    def _best(self) -> Trial | None:
        """Where time was over too early: the trial that misses the targets by least."""
        if not self._trials:
            return None
        wanted = np.array([target.wanted for target in self.targets])
        short = {factors: float(np.maximum(wanted - rates, 0).sum()) for factors, rates in self._rates.items()}
        factors = min(short, key=lambda one: short[one])
        self.factors = list(factors)
        return self._trials[factors]
