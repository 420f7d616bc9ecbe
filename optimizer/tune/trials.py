"""Trials: an instance at some factors of its penalties, solved; what is found in one serves all.

Only costs change: every plan found is a plan at all factors, and its cost there is its own line, c(f)·x. So

    plans    are kept together; each trial has the best of all of them at its factors
    bounds   hold where every cost of one trial is at least that of another (columns are never negative)

A small program is kept in the solver, its costs are changed, and the search begins from the best plan known; a large
one is searched as `replenish plan` does it, from that plan, and only its linear relaxation is kept, for bounds. A plan
that is within the gap comes back at once, however stale it is: so the gap is small against what the change of costs
does to it.
"""

import time
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.planning import plan_of
from optimizer.results.finished import finished
from optimizer.results.memory import remembered
from optimizer.results.plan import Plan
from optimizer.roads import LEAST_SECONDS, Earlier, Solved, bound_at_prices, solved
from optimizer.solve.balance import Balanced, balanced
from optimizer.solve.construct import polished
from optimizer.solve.engine import Outcome
from optimizer.solve.events import Progress
from optimizer.solve.highs import Limits, Recosted, Relaxation
from optimizer.solve.program import Floats, finite_bound
from optimizer.solve.search import SMALL, Options
from optimizer.tune.pricing import Priced, Pricing
from optimizer.tune.run import Tell

EXACT = 1e-9  # relative: of two plans that differ by less, neither is cheaper
LEAST_GAP = 1e-5  # below it, proving takes long and tells nothing
LIVE = 500  # whole-number columns up to which branch and bound from a good plan needs no help
POLISHING = 10.0  # seconds for exact quantities


@dataclass
class Trial:
    """An instance at some factors, solved.

    Attributes:
        priced: what was solved.
        found: a plan in the planner's tables, without its point.
        place: which plan that is, among all plans of the trials.
        best: the place of the cheapest plan known at these factors, among all plans of the trials.
        bound: proven lower limit on the cost of any plan at these factors [money].
        how: "live": in the solver that was kept; "search": as a plan of its own; "known": plans and bounds said enough.
        asked_gap: the gap at which it was to stop.
        seconds: it took.
    """

    priced: Priced
    found: Solved | None
    place: int
    best: int
    bound: float
    how: str
    asked_gap: float
    seconds: float


@dataclass
class Trials(Pricing):
    """All trials of one instance.

    Attributes:
        plans: points of the program, as they were found.
        tables: of each of them, as a later search can begin from.
        done: the trials that were made.
        solves: how often the solver was asked.
        stopped: whether the user has ended it.
    """

    plans: list[Floats] = field(default_factory=list)
    tables: list[Earlier] = field(default_factory=list)
    done: list[Trial] = field(default_factory=list)
    solves: int = 0
    stopped: bool = False
    _repriced: dict[tuple[tuple[float, ...], int], float] = field(default_factory=dict, init=False, repr=False)

    def cost(self, priced: Priced, plan: int) -> float:
        """What a plan costs at some factors [money]."""
        return priced.program.objective(self.plans[plan])

    def over(self) -> bool:
        """Whether no further trial may begin."""
        self.stopped = self.stopped or self.run.stop()
        return self.stopped or (bool(self.done) and self.run.left() <= 0)

    def solve(
        self, factors: tuple[float, ...], gap: float, seconds: float, known: float = -np.inf, word: str = ""
    ) -> Trial:
        """Solve the instance at some factors; a trial that was solved to this gap is given back.

        Args:
            factors: of each group.
            gap: relative, at which to stop.
            seconds: for the search.
            known: a bound that is known [money].
            word: what it is, for whoever watches.
        """
        for trial in self.done:
            if trial.priced.factors == factors and trial.asked_gap <= gap:
                return trial
        began, priced = time.monotonic(), self.priced(factors)
        known = max(
            [
                known,
                *(trial.bound + _offset(trial.priced, priced) for trial in self.done if _below(trial.priced, priced)),
            ]
        )
        best = self._cheapest(priced)
        if best is not None and not self._enough(priced, best, known, gap):
            known = max(known, self.unsearched(priced, seconds))
        if best is not None and self._enough(priced, best, known, gap):
            trial = Trial(priced, None, best, best, known, "known", gap, time.monotonic() - began)
        else:
            trial = self._searched(priced, gap, seconds, known, best, word, began)
        self.done.append(trial)
        return trial

    @property
    def lives(self) -> bool:
        """Whether the program stays in the solver, once there is a plan to begin from."""
        return self._stays(True)

    def relaxed(self, priced: Priced) -> float:
        """The bound of the linear relaxation, which is kept where searches are as those of `replenish plan`.

        -inf where the program itself is kept, where it is worth nothing, or where it is decided lot by lot.
        """
        if self._relaxation is None:
            return -np.inf
        inside, kept = self._relaxation
        cost, offset = priced.program.cost * inside.unit / inside.money, priced.program.offset / inside.money
        return kept.recosted(cost, offset) * inside.money

    def unsearched(self, priced: Priced, seconds: float) -> float:
        """A bound that needs no search: of the linear relaxation, or of lots at prices of another trial; -inf for none.

        A search finds prices and a plan; where the plan is known already, the prices that it was found at often do.
        """
        road, plan = self.whole(self.own)[0], self._cheapest(priced)
        if road.lots is None or plan is None:
            return self.relaxed(priced)
        if (priced.factors, plan) not in self._repriced:
            earlier, here = self.tables[plan], self.whole(priced)[0]
            bound = bound_at_prices(priced.source.instance, here, earlier, seconds)
            self._repriced[priced.factors, plan] = bound
        return self._repriced[priced.factors, plan]

    def settle(self) -> None:
        """Give each trial the cheapest plan of all that were found since."""
        for trial in self.done:
            best, before = self._cheapest(trial.priced), self.cost(trial.priced, trial.best)
            if best is not None and self.cost(trial.priced, best) < before - EXACT * max(abs(before), 1.0):
                trial.best = best

    def plan(self, trial: Trial, bound: float | None = None) -> Plan:
        """The plan of a trial in memory, as `planning.make` would give it; not audited yet."""
        found, x = trial.found, self.plans[trial.best]
        instance, (road, placed) = trial.priced.source.instance, self.whole(trial.priced)
        if found is None or trial.place != trial.best:
            memory = remembered(instance, placed.book, None, np.zeros(0))
            made = finished(instance, placed.book, placed.compiled, x, memory)
            trace = [] if found is None else found.outcome.trace
            outcome = Outcome(x, made.collected.objective, trial.bound, self.stopped, trace=list(trace))
            found = Solved(made, outcome, None, lambda: finite_bound(trial.priced.program))
            trial.found, trial.place = found, trial.best
        outcome = replace(found.outcome, bound=trial.bound if bound is None else bound)
        asked = replace(self.run.asked, gap=max(trial.asked_gap, LEAST_GAP))
        return plan_of(
            trial.priced.source,
            road,
            replace(found, outcome=outcome),
            asked,
            self.run.start,
            self.run.began,
        )

    def _enough(self, priced: Priced, plan: int, bound: float, gap: float) -> bool:
        cost = self.cost(priced, plan)
        return cost - bound <= gap * abs(cost)

    def _cheapest(self, priced: Priced) -> int | None:
        costs = [self.cost(priced, plan) for plan in range(len(self.plans))]
        return int(np.argmin(costs)) if costs else None

    def _searched(
        self, priced: Priced, gap: float, seconds: float, known: float, best: int | None, word: str, began: float
    ) -> Trial:
        self.solves += 1
        tell = self._told(word, began)
        found = self._live(priced, gap, seconds, known, best, tell) if self._stays(best is not None) else None
        how = "live"
        if found is None:
            found, how = self._search(priced, gap, seconds, best, tell), "search"
        assert found.placed is not None
        self.stopped = self.stopped or found.outcome.stopped
        self.plans.append(found.placed.x)
        self.tables.append(found.finished.collected.tables | found.finished.memory)
        cheapest = self._cheapest(priced)
        assert cheapest is not None
        bound = max(known, found.outcome.bound)
        return Trial(
            priced,
            replace(found, placed=None),
            len(self.plans) - 1,
            cheapest,
            bound,
            how,
            gap,
            time.monotonic() - began,
        )

    def _told(self, word: str, began: float) -> Tell:
        passed = began - self.run.began

        def tell(progress: Progress) -> None:
            phase = f"{word}: {progress.phase}" if word else progress.phase
            self.run.tell(replace(progress, seconds=progress.seconds + passed, phase=phase))

        return tell

    def _stays(self, begun: bool) -> bool:
        """Whether the solver keeps the program; one that is not quite small needs a plan to begin from."""
        road, placed = self.whole(self.own)
        most = LIVE if begun else SMALL
        return road.lots is None and self.own.program.integer.sum() <= most and not len(placed.compiled.goals)

    @cached_property
    def _relaxation(self) -> tuple[Balanced, Relaxation] | None:
        if self.whole(self.own)[0].lots is not None or self.lives:
            return None
        inside = balanced(self.own.program)
        return inside, Relaxation(inside.program, self.run.left(), lambda *_: self.run.stop())

    @cached_property
    def _kept(self) -> tuple[Balanced, Recosted]:
        inside = balanced(self.own.program)
        return inside, Recosted(inside.program, self.run.asked.seed)

    def _live(
        self, priced: Priced, gap: float, seconds: float, known: float, best: int | None, tell: Tell
    ) -> Solved | None:
        """In the solver that is kept; None where that came to no plan."""
        inside, kept = self._kept
        began, trace = time.monotonic(), list[Progress]()
        cost, offset = priced.program.cost * inside.unit / inside.money, priced.program.offset / inside.money
        start = None if best is None else self.plans[best] / inside.unit
        bound = known / inside.money

        def watch(plan: float, proven: float, point: Floats | None) -> bool:
            nonlocal bound
            bound = max(bound, proven) if np.isfinite(proven) else bound
            shown = Progress(
                time.monotonic() - began,
                plan * inside.money if np.isfinite(plan) else None,
                bound * inside.money if np.isfinite(bound) else None,
                "branch and bound on the whole",
            )
            tell(shown)
            late = time.monotonic() - began > seconds + LEAST_SECONDS
            return bool(late or self.run.stop() or (np.isfinite(plan) and plan - bound <= gap * abs(plan)))

        answer = kept.solve(cost, offset, Limits(max(seconds, LEAST_SECONDS), gap), start, watch)
        bound = max(bound, answer.bound)
        program = replace(inside.program, cost=cost, offset=offset)
        exact = None if answer.x is None else polished(program, answer.x, POLISHING)
        points = [point for point in (exact, start) if point is not None]
        if not points:
            return None
        x = inside.point(min(points, key=program.objective))
        bound = max(bound * inside.money, finite_bound(priced.program))
        objective = priced.program.objective(x)
        trace.append(
            Progress(time.monotonic() - began, objective, min(bound, objective), "branch and bound on the whole")
        )
        return self._solved(priced, x, Outcome(x, objective, bound, self.run.stop(), trace=trace))

    def _solved(self, priced: Priced, x: Floats, outcome: Outcome) -> Solved:
        instance, placed = priced.source.instance, replace(self.whole(priced)[1], x=x)
        memory = remembered(instance, placed.book, None, np.zeros(0))
        made = finished(instance, placed.book, placed.compiled, x, memory)
        return Solved(made, outcome, None, lambda: finite_bound(priced.program), placed=placed)

    def _search(self, priced: Priced, gap: float, seconds: float, best: int | None, tell: Tell) -> Solved:
        """As `replenish plan` does, from the best plan that is known."""
        earlier = None if best is None else self.tables[best]
        options = Options(max(seconds, LEAST_SECONDS), gap, self.run.asked.seed, self.run.asked.threads)
        with self.run.engine() as engine:
            return solved(
                priced.source.instance, self.whole(priced)[0], options, engine, tell, time.monotonic(), earlier
            )


def _below(one: Priced, other: Priced) -> bool:
    """Whether nothing costs more in one than in another; only where no column can be negative."""
    return bool((one.program.cost <= other.program.cost).all() and (one.program.lower >= 0).all())


def _offset(one: Priced, other: Priced) -> float:
    return other.program.offset - one.program.offset
