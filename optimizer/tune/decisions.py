"""Decisions: the penalties at which orders that somebody decided are (nearly) the best.

The orders of a plan are held, all else is decided for the best around them. What that costs above the least possible is
the regret of the orders; sought are the factors f of the groups, within their ranges, at which its share of the cost is
least:

    regret(f) = min { c(f)·y : y orders what was decided } - min { c(f)·x }

Both minima are the least of lines in f, of plans that are known. So what is known is cheap to look through: the factors
that look best by the plans known are tried, which gives two more plans, until what was found is as good as it looked.
Where groups multiply each other costs are no lines: then that only guides the search, and no range is told.

Source: cutting planes for inverse mixed integer programs: Wang (2009), Operations Research Letters 37(2); regret as the
measure of fit: Bertsimas, Gupta & Paschalidis (2015), Data-driven estimation in equilibrium using inverse optimization,
Mathematical Programming 153.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.read.changed import with_rows
from optimizer.read.earlier import read_earlier
from optimizer.report.text import amount
from optimizer.results.memory import begun
from optimizer.solve.program import Floats
from optimizer.tune.frontier import audited_plans, label, table, with_choice
from optimizer.tune.pricing import STRAIGHT
from optimizer.tune.refused import TuneRefused
from optimizer.tune.result import Axis, Tuned
from optimizer.tune.trials import LEAST_GAP, Trial, Trials
from optimizer.write.tables import decimal_text

KEY = ("item", "supplier", "location", "period")
LOOKED = {1: 201, 2: 61, 3: 21, 4: 11}  # factors of each group that are looked at, by the number of groups
TRIED = 20  # trials at most
FITS_GAP = 0.001  # relative: to which both minima are solved, or nearer
NEAR = 1e-4  # of the cost: regrets that differ by less are the same
FACTOR = Axis("factor", "factor", money=False)
REGRET = Axis("regret_share", "regret, as a share of the least cost", share=True)


@dataclass(frozen=True)
class Fit:
    """Factors that were tried.

    Attributes:
        trial: the least cost there.
        held: what the orders that are held cost there [money].
        regret: held - least cost known [money].
        share: of the least cost.
        most: of the least cost, if it is as low as its bound.
    """

    trial: Trial
    held: float
    regret: float
    share: float
    most: float


@dataclass
class Decisions:
    """Orders that were decided, and the search for the penalties behind them.

    Attributes:
        trials: of the instance and its groups.
        low: least factor of each group.
        high: largest.
        folder: of the plan whose orders are held.
    """

    trials: Trials
    low: Sequence[float]
    high: Sequence[float]
    folder: Path
    fits: list[Fit] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)

    def solve(self) -> Tuned:
        """Search, until what was found is as good as it looked, the time is over or the user asks to stop.

        Raises:
            AuditRefused: a plan failed its audit.
            NoEarlierPlan: the folder is no plan.
            InputFaults: the orders break a rule of the instance.
            TuneRefused: there are too many groups.
        """
        count = len(self.trials.groups)
        if count not in LOOKED:
            raise TuneRefused(f"penalties are sought for 1 to {max(LOOKED)} groups, not {count}")
        self._hold()
        points = self._points(count)
        factors: tuple[float, ...] = (1.0,) * count
        for _ in range(TRIED):
            if self.trials.over():
                break
            self._tried(factors)
            looks = self._looks(points)
            best = int(np.argmin(looks))
            factors = tuple(points[best].tolist())
            known = [one for one in self.fits if one.trial.priced.factors == factors]
            if known or min(one.share for one in self.fits) <= looks[best] + NEAR:
                break
        if not self.fits:
            raise KeyboardInterrupt
        return self._tuned(points)

    def _hold(self) -> None:
        """The instance in which the orders are what was decided: an override for every order line there can be."""
        trials, own = self.trials, self.trials.own
        instance, book = own.source.instance, trials.whole(own)[1].book
        index, taken = book.indexes["orders"], begun(instance, book, None, read_earlier(self.folder))
        self.record = taken.record
        days = instance.calendar.first_days().astype(str)
        names = [instance.labels[name][index[name]].tolist() for name in ("item", "supplier", "location")]
        overrides = own.source.text.get("overrides", {})
        known = set(zip(*(overrides.get(key, []) for key in KEY), strict=True))
        rows = [
            dict(zip((*KEY, "quantity"), (*key, decimal_text(quantity)), strict=True))
            for *key, quantity in zip(*names, days[index["period"]].tolist(), taken.quantity.tolist(), strict=True)
            if tuple(key) not in known
        ]
        self.held = Trials(with_rows(trials.source, "overrides", rows), trials.groups, trials.run)

    def _tried(self, factors: tuple[float, ...]) -> Fit:
        """Both minima at some factors."""
        trials, run, word = self.trials, self.trials.run, f"trial {len(self.fits) + 1}"
        gap = max(min(run.asked.gap, FITS_GAP), LEAST_GAP)
        kept = self.held.solve(factors, gap, run.left() / 6, word=f"{word}, orders held")
        trial = trials.solve(factors, gap, run.left() / 5, word=word)
        trials.settle()
        best, held = trials.cost(trial.priced, trial.best), self.held.cost(kept.priced, kept.best)
        regret = max(held - best, 0.0)
        fit = Fit(trial, held, regret, regret / max(abs(best), 1e-9), (held - trial.bound) / max(abs(best), 1e-9))
        self.fits.append(fit)
        return fit

    def _looks(self, points: Floats) -> Floats:
        """The share of the regret at each of many factors, by the plans that are known."""
        held, best = (_least(trials, points) for trials in (self.held, self.trials))
        shares: Floats = np.maximum(held - best, 0.0) / np.maximum(np.abs(best), 1e-9)
        shares += 1e-9 * np.abs(np.log(points)).sum(axis=1)  # of the same, those that are nearest to the own
        return shares

    def _straight(self) -> bool:
        """Whether costs are lines in the factors, by the corners of their ranges."""
        without, each = _lines(self.trials)
        for corner in (self.low, self.high):
            cost = self.trials.priced(tuple(corner)).program.cost
            line = without + np.array(corner) @ each
            if (np.abs(cost - line) > STRAIGHT * np.maximum(np.abs(cost), 1.0)).any():
                return False
        return True

    def _points(self, count: int) -> Floats:
        """Factors of all groups, in equal ratios within their ranges."""
        axes = [np.geomspace(low, high, LOOKED[count]) for low, high in zip(self.low, self.high, strict=True)]
        return np.array([[float(f"{one:.6g}") for one in point] for point in product(*axes)])

    def _tuned(self, points: Floats) -> Tuned:
        trials = self.trials
        fits = sorted(self.fits, key=lambda fit: fit.trial.priced.factors)
        best = min(range(len(fits)), key=lambda k: fits[k].share)
        tried = [fit.trial for fit in fits]
        moved, bounds = trials.moved([trial.priced for trial in tried]), [trial.bound for trial in tried]
        frame = table(trials, tried, audited_plans(trials, tried), moved, _first(tried), bounds)
        frame["cost_held"] = [fit.held for fit in fits]
        frame["regret"], frame["regret_share"] = [fit.regret for fit in fits], [fit.share for fit in fits]
        frame["regret_at_most"] = [fit.most for fit in fits]
        frame["dominated"], frame["knee"] = 0, [int(k == best) for k in range(len(fits))]
        told = self._straight()
        near = points[self._looks(points) <= fits[best].share + NEAR] if told else points[:0]
        ranges = [
            [float(near[:, k].min()), float(near[:, k].max())] if len(near) else [] for k in range(points.shape[1])
        ]
        document = {
            "held": str(self.folder), "orders": self.record["orders"], "orders_held": self.record["orders_found_again"],
            "fits": {group.name: one for group, one in zip(trials.groups, ranges, strict=True)},
            "solves": trials.solves, "interrupted": trials.stopped,
        }  # fmt: skip
        result = Tuned(
            "decisions", trials.source.name, trials.source.instance.currency, frame, FACTOR, REGRET,
            self._sentences(fits, best, ranges), document, True, best,
            run=trials.run.record(trials.source, trials.stopped), knee_is="the best fit",
        )  # fmt: skip
        return with_choice(result, trials, tried[best])

    def _sentences(self, fits: Sequence[Fit], best: int, ranges: Sequence[Sequence[float]]) -> list[str]:
        trials, fit = self.trials, fits[best]
        own = next((one for one in fits if set(one.trial.priced.factors) == {1.0}), None)
        found = [
            f"The orders of {self.folder} are nearest to the best at {label(trials.groups, fit.trial)}: there they "
            f"cost {amount(fit.regret)} or {fit.share:.2%} more than the best plan known, and at most {fit.most:.2%} "
            "more than the least possible."
        ]
        if own is not None:
            found.append(f"At your own penalties it is {amount(own.regret)} or {own.share:.2%}.")
        for group, one in zip(trials.groups, ranges, strict=True):
            if one:
                found.append(
                    f"{group.name} fits as well from × {one[0]:.4g} to × {one[1]:.4g}, by the plans that are known."
                )
        if not any(ranges):
            found.append("What fits as well is not told: over these factors costs are no straight lines.")
        missing = self.record["orders"] - self.record["orders_found_again"]
        if missing:
            found.append(
                f"{missing} of its {self.record['orders']} orders cannot be placed any more, and are left out."
            )
        return found


def _lines(trials: Trials) -> tuple[Floats, Floats]:
    """What each column costs without the groups, and for each unit of each group's factor, where that is a line."""
    count, own = len(trials.groups), trials.own.program
    twice = [trials.priced(tuple(2.0 if k == one else 1.0 for k in range(count))).program for one in range(count)]
    each = np.array([program.cost - own.cost for program in twice])
    return own.cost - each.sum(axis=0), each


def _least(trials: Trials, points: Floats) -> Floats:
    """The cost of the cheapest plan that is known, at each of many factors."""
    without, each = _lines(trials)
    lines = [without @ plan + trials.own.program.offset + points @ (each @ plan) for plan in trials.plans]
    least: Floats = np.min(lines, axis=0)
    return least


def _first(tried: Sequence[Trial]) -> list[float]:
    return [trial.priced.factors[0] for trial in tried]
