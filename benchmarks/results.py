"""Results: one JSON line for each run, in files that grow; figures are reckoned from them, never typed in.

A campaign can be broken off and taken up again: what a file already has is not run again. A run is the same as another
if instance, solver, seconds, cores and switches are.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from statistics import median

Point = tuple[float, float | None, float | None]  # seconds, plan, bound
CROSSED = 1e-6  # a bound above a plan by more than this share of it contradicts the plan


@dataclass(frozen=True)
class Run:
    """One run of one solver on one instance.

    Attributes:
        instance: its name, as `benchmarks.instances` makes it.
        solver: its name, as the tables show it.
        seconds: time limit [s].
        cores: that it might use.
        without: ideas that were switched off.
        plan: true cost of its plan, recomputed from the plan itself; None where it has none.
        bound: what it says to have proven; None where nothing.
        bound_holds: whether that is a bound of the instance itself, and not of a restriction of it.
        purchase: part of the plan's cost that is paid for the goods.
        trace: seconds, plan and bound as it went on; empty where the solver does not tell.
        ready: seconds until the solver began (building the model, handing it over); part of its time where the
            trace's seconds include it.
        wall: seconds of the whole process.
        cpu: seconds of CPU of all its processes.
        peak_mb: largest memory of all its processes together [MB].
        note: why there is no plan, or what else must be known.
        version: of the solver.
        commit: of this project.
        machine: processor and cores.
        when: start, UTC.
        known: the optimum, where it is known.
        phases: seconds of the whole process by what was done, ours only.
    """

    instance: str
    solver: str
    seconds: float
    cores: int
    without: str = ""
    plan: float | None = None
    bound: float | None = None
    bound_holds: bool = True
    purchase: float | None = None
    trace: list[Point] = field(default_factory=list)
    ready: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    peak_mb: float = 0.0
    note: str = ""
    version: str = ""
    commit: str = ""
    machine: str = ""
    when: str = ""
    known: float | None = None
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, float, int, str]:
        """What makes it the same run as another."""
        return self.instance, self.solver, self.seconds, self.cores, self.without


def read_runs(path: Path) -> list[Run]:
    """The runs of a file; of runs with one key the last counts. A line that was torn by a crash is left out."""
    found: dict[tuple[str, str, float, int, str], Run] = {}
    names = {each.name for each in fields(Run)}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            values = json.loads(line)
        except json.JSONDecodeError:
            continue
        values["trace"] = [(float(seconds), plan, bound) for seconds, plan, bound in values.get("trace", [])]
        run = Run(**{name: value for name, value in values.items() if name in names})
        found.pop(run.key, None)
        found[run.key] = run
    return list(found.values())


def append_run(path: Path, run: Run) -> None:
    """Add a run to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(_rounded(asdict(run)), allow_nan=False) + "\n")


def gap(plan: float | None, bound: float | None) -> float | None:
    """(plan − bound) / |plan|; None while one is missing, 0 where the plan costs nothing."""
    if plan is None or bound is None:
        return None
    return max(0.0, plan - bound) / abs(plan) if plan else 0.0


def controllable_gap(run: Run) -> float | None:
    """(plan − bound) / |plan without what the goods cost|."""
    if run.plan is None or run.bound is None or run.purchase is None:
        return None
    rest = abs(run.plan - run.purchase)
    return max(0.0, run.plan - run.bound) / rest if rest else 0.0


def best_bounds(runs: Iterable[Run]) -> dict[str, float]:
    """For each instance the largest bound that anyone proved; a known optimum counts too.

    Raises:
        ValueError: a bound is above a plan: somebody's word is false.
    """
    best: dict[str, float] = {}
    plans: dict[str, float] = {}
    for run in runs:
        proven = [bound for bound in (run.bound if run.bound_holds else None, run.known) if bound is not None]
        for bound in proven:
            best[run.instance] = max(bound, best.get(run.instance, -math.inf))
        if run.plan is not None:
            plans[run.instance] = min(run.plan, plans.get(run.instance, math.inf))
    for instance, plan in plans.items():
        if best.get(instance, -math.inf) > plan + CROSSED * max(1.0, abs(plan)):
            raise ValueError(f"{instance}: a bound of {best[instance]} is above a plan of {plan}")
    return best


def seconds_to(run: Run, share: float, bound: float | None = None) -> float | None:
    """When the plan was first within a share of a bound (default: the run's own last); None if never."""
    limit = run.bound if bound is None else bound
    for seconds, plan, _ in run.trace:
        distance = gap(plan, limit)
        if distance is not None and distance <= share:
            return seconds
    return None


def gap_at(run: Run, seconds: float, bound: float | None = None) -> float | None:
    """The gap at a time, to the bound of that time or a fixed one; None while it has no plan or bound."""
    place = bisect_right([point[0] for point in run.trace], seconds) - 1
    if place < 0:
        return None
    _, plan, own = run.trace[place]
    return gap(plan, own if bound is None else bound)


def thinned(points: Sequence[Point], count: int = 200) -> list[Point]:
    """At most so many points: the first, the last, and between them those last before times in equal ratios."""
    pairs = zip([None, *points], points, strict=False)
    moved = [point for before, point in pairs if before is None or before[1:] != point[1:] or point is points[-1]]
    if len(moved) <= count:
        return moved
    times = [point[0] for point in moved]
    first, last = max(times[0], 0.05), max(times[-1], 0.1)
    wanted = (first * (last / first) ** (step / (count - 2)) for step in range(count - 1))
    places = {0, *(max(bisect_right(times, at) - 1, 0) for at in wanted), len(moved) - 1}
    return [moved[place] for place in sorted(places)]


def middle(runs: Sequence[Run], figure: Callable[[Run], float | None]) -> float | None:
    """The median of a figure over runs; a run that never got there counts as infinitely bad. None if that is it."""
    if not runs:
        return None
    values = [figure(run) for run in runs]
    found = median(math.inf if value is None else value for value in values)
    return found if math.isfinite(found) else None


def _rounded(value: object) -> object:
    """Numbers with nine digits that matter: traces stay small."""
    if isinstance(value, float):
        return float(f"{value:.9g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
