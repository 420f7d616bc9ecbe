"""A sweep of penalties against separate solves: what it takes, and that no point of it is stale.

    python -m tests.campaigns.sweeps --count 10 --seed 1 --instance instances/health-supplies --gap 0.003
    python -m tests.campaigns.sweeps --count 10 --items 50 --gap 0.02

The penalties of `--vary` are swept in so many `--steps`, as `replenish tune` does it, audits included. Then the
instance is planned once at its own penalties, from nothing and to the same gap; and at the points of the cases, each
from nothing with its own seed. CPU seconds are those of all processes. The sweep is compared with the solve alone
(`sweep_by_one_solve`), and with all that a plan takes: reading, the solve, the audit (`sweep_by_one_plan`, reading and
audits of the sweep included). A sweep is stale where a plan that was found from nothing costs less than the sweep has
proven at that point, or where it proves more than the sweep's plan costs.

Without `--instance` it is one of the random family, of `--items` items.
"""

import argparse
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks import family
from optimizer import planning, read
from optimizer.read import Input
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.tune.audited import audited
from optimizer.tune.frontier import tuned_sweep
from optimizer.tune.run import Run as Tuning
from optimizer.tune.sweep import Sweep, path, ranged, swept
from optimizer.tune.trials import Trials
from tests.campaigns.campaign import Campaign, Run, main
from tests.solve.in_process import InProcess

NEAR = 1e-6  # relative: money that differs by less is the same


def case(number: int, run: Run) -> Iterator[str]:
    """One point of the sweep, planned from nothing."""
    if run.cases == 0:
        _sweep(run)
    sweep: Sweep = run.options.sweep
    order = np.random.default_rng(run.options.seed).permutation(len(sweep.points))
    place = int(order[(number - run.options.seed) % len(order)])
    point, limits = sweep.points[place], sweep.intervals
    (cost, bound), seconds = _planned(point.priced.source, run, number)
    run.options.separate.append(seconds)
    at, near = f"at {sweep.positions[place]:.4g}", NEAR * abs(cost)
    stated = (limits.upper[place] - limits.lower[place]) / abs(limits.upper[place])
    if cost < limits.lower[place] - near:
        yield f"{at} {cost:,.2f} was found, and {limits.lower[place]:,.2f} is what the sweep calls the least"
    if bound > limits.upper[place] + near:
        yield f"{at} the sweep has a plan of {limits.upper[place]:,.2f}, and {bound:,.2f} was proven"
    run.most("largest_gap_of_separate", (cost - bound) / abs(cost))
    run.most("most_that_separate_is_cheaper", (limits.upper[place] - cost) / abs(cost))
    run.most("most_that_sweep_is_cheaper", (cost - limits.upper[place]) / abs(cost))
    run.counts["points_in_their_stated_gap"] += limits.upper[place] - cost <= stated * limits.upper[place] + near
    run.counts["points_where_the_sweep_is_no_dearer"] += limits.upper[place] <= cost + near


def _sweep(run: Run) -> None:
    options = run.options
    folder, run.options.separate = _instance(run), []
    source, reading = _timed(lambda: read(folder))
    tuning = Tuning(_asked(source, run), _engine(run))

    def all_of_it() -> Sweep:
        ranges = [ranged(source, text) for text in options.vary]
        sweep = swept(Trials(source, [one.group for one in ranges], tuning), *path(ranges, options.steps, "even"))
        options.tuned = tuned_sweep(sweep)
        return sweep

    options.sweep, seconds = _timed(all_of_it)
    (cost, bound), one = _planned(source, run, options.seed)
    limits = options.sweep.intervals
    gaps = (limits.upper - limits.lower) / np.abs(limits.upper)
    run.figures |= {
        "instance": source.name,
        "varied": " ".join(options.vary),
        "points": len(options.sweep.points),
        "solves": options.sweep.trials.solves,
        "plans": int(options.tuned.points["plan"].nunique()),
        "gap_asked": tuning.asked.gap,
        "largest_gap": float(gaps.max()),
        "median_gap": float(np.median(gaps)),
        "gap_of_one_solve": (cost - bound) / abs(cost),
        "cpu_sweep": round(seconds, 1),
        "cpu_one_solve": round(one.solve, 1),
        "cpu_one_audit": round(one.audit, 1),
        "cpu_reading": round(reading, 1),
        "sweep_by_one_solve": round(seconds / one.solve, 2),
        "sweep_by_one_plan": round((reading + seconds) / (reading + one.solve + one.audit), 2),
    }


def _instance(run: Run) -> Path:
    if run.options.instance is not None:
        return cast(Path, run.options.instance)
    folder = run.scratch.parent / f"{run.scratch.name}-family"
    family.write(run.options.items, run.options.suppliers, run.options.seed, folder)
    return folder


def _asked(source: Input, run: Run, seed: int | None = None) -> planning.Asked:
    return planning.settled(source, run.options.gap, run.options.seconds, seed, 1)


def _engine(run: Run) -> Callable[[], Any]:
    return InProcess if run.options.in_process else Engine


@dataclass(frozen=True)
class Spent:
    """CPU seconds of one plan."""

    solve: float
    audit: float


def _planned(source: Input, run: Run, seed: int) -> tuple[tuple[float, float], Spent]:
    """Cost and bound of a plan that begins from nothing, audited; and what it took."""

    def solved() -> Plan:
        with _engine(run)() as engine:
            return planning.make(source, _asked(source, run, seed), engine, lambda progress: None)

    made, solve = _timed(solved)
    return (made.objective, made.bound), Spent(solve, _timed(lambda: audited(source, made))[1])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the CPU seconds of this process and of those that it waited for."""
    before = _cpu()
    found = work()
    return found, _cpu() - before


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--instance", type=Path, help="folder of an instance; by default one of the random family")
    parser.add_argument("--items", type=int, default=50, help="of the family (50)")
    parser.add_argument("--suppliers", type=int, default=12, help="of the family (12)")
    parser.add_argument("--vary", nargs="+", default=["backorder_cost=0.5..5"], help="(backorder_cost=0.5..5)")
    parser.add_argument("--steps", type=int, default=50, help="points of the sweep (50)")
    parser.add_argument("--gap", type=float, default=0.01, help="of all points and of all separate solves (0.01)")
    parser.add_argument("--seconds", type=float, default=3600, help="at most for the sweep, and each solve (3600)")
    parser.add_argument("--in-process", action="store_true", help="search in this process")


def _summary(run: Run) -> dict[str, Any]:
    """The sweep against as many separate solves as it has points."""
    separate = getattr(run.options, "separate", [])
    if not separate:
        return {}
    mean = float(np.mean([one.solve + one.audit for one in separate]))
    all_apart = mean * run.figures["points"]
    return {
        "cpu_separate_each": round(mean, 1),
        "sweep_by_all_separate": round(run.figures["cpu_sweep"] / all_apart, 3),
    }


CAMPAIGN = Campaign(
    "sweeps", 7, "a sweep of 50 points takes at most 5 times one solve; 0 points outside their stated gap", 10, 0, case,
    _arguments, _summary,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
