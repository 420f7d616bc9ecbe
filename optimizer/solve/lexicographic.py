"""Lexicographic: some columns of a program are minimised one after the other, before its cost is.

Each goal is a search of its own, over the same program with that column alone for its cost. What it has reached is a
limit of the column from then on, so that no later goal, nor the cost, takes anything from it. The search for the next
begins from the plan that is there. A goal ends at the gap that was asked for, or when its share of the time is used up;
what is proven of it is told. Where a later search fails, or says that there is no plan, the plan that is there is what
the run comes to.

Source: lexicographic goal programming: Ignizio (1976), Goal Programming and Extensions.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.solve.balance import Balanced
from optimizer.solve.engine import Engine, Outcome
from optimizer.solve.events import Progress
from optimizer.solve.guided import Guided
from optimizer.solve.highs import Infeasible, SolverError
from optimizer.solve.program import Floats, Ints, Program, finite_bound
from optimizer.solve.search import Options
from optimizer.solve.warm import Warm

KEPT = 1e-6  # of its size (at least 1): a goal that is worse by less is kept
NOISE = 1e-7  # a goal below this is reached
GOALS_SHARE = 0.6  # of the time, for all goals before the cost

Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Goal:
    """What one goal came to, in the planner's units.

    Attributes:
        value: reached.
        bound: proven: it cannot be lower, with the goals before it as they are.
    """

    value: float
    bound: float

    @property
    def gap(self) -> float:
        """(value - bound) / value; 0 where nothing is left to gain."""
        return max(0.0, self.value - self.bound) / max(abs(self.value), KEPT)

    def record(self) -> dict[str, float]:
        """For `run.json`."""
        return {"value": self.value, "bound": self.bound, "gap": self.gap}


def goal_warnings(goals: Sequence[Goal], gap: float) -> Iterator[str]:
    """Goals that were not reached within the gap."""
    for place, goal in enumerate(goals, 1):
        if goal.gap > gap and goal.value > KEPT:
            yield (
                f"priority {place} of {len(goals)} came to {goal.value:.10g}, and may be up to {goal.gap:.1%} above "
                "the best possible: give it more time"
            )


def searched(
    inside: Balanced,
    goals: Ints,
    options: Options,
    engine: Engine,
    tell: Tell,
    guided: Guided | None = None,
) -> tuple[Outcome, list[Goal]]:
    """Search a program, the goals among its columns first.

    Args:
        inside: the program, in units of its own size.
        goals: columns, the first goal first.
        options: of the whole run.
        engine: that is ready to search; later searches start another.
        tell: gets progress in the planner's money.
        guided: the program with what guides to a plan of it; later searches begin from a plan, and need none.

    Returns:
        The outcome of the search for the least cost, in the units of `inside`, and what the goals came to. Where the
        user stops the run before that, or the solver fails, it is the plan of the last goal that was reached.

    Raises:
        Infeasible: hard rules contradict each other.
        SolverError: the first search failed before it had any plan.
    """
    began, program, reached, trace = time.monotonic(), inside.program, list[Goal](), list[Progress]()
    last: Outcome | None = None
    for place, column in enumerate(goals.tolist()):
        left = options.seconds - (time.monotonic() - began)
        asked = replace(options, seconds=max(left, 0.0) * GOALS_SHARE / (len(goals) - place) + 0.1)
        told = _during(place, len(goals), time.monotonic() - began, tell)
        try:
            outcome = _search(engine, place, _for_goal(program, column), goals[:place], asked, told, guided)
        except (Infeasible, SolverError) as error:
            return _kept(last, error, trace), reached
        assert outcome.x is not None
        value, unit = float(outcome.x[column]), float(inside.unit[column])
        bound = max(outcome.bound, float(program.lower[column]))
        reached.append(Goal(value * unit, min(bound, value) * unit))
        program = _limited(program, column, value)
        options = replace(options, warm=Warm(outcome.x, np.zeros(0), np.zeros(0, dtype=np.int64)))
        trace.append(Progress(time.monotonic() - began, None, None, _phase(place, len(goals), "reached")))
        last = _at_its_cost(inside.program, outcome, trace)
        if outcome.stopped:
            return last, reached
    passed = time.monotonic() - began if len(goals) else 0.0
    options = replace(options, seconds=max(options.seconds - passed, 0.1))

    def tell_money(progress: Progress) -> None:
        tell(inside.progress(progress))

    try:
        outcome = _search(engine, len(goals), program, goals, options, tell_money, guided)
    except (Infeasible, SolverError) as error:
        return _kept(last, error, trace), reached
    outcome.trace = trace + [replace(event, seconds=event.seconds + passed) for event in outcome.trace]
    return outcome, reached


def _at_its_cost(program: Program, outcome: Outcome, trace: list[Progress]) -> Outcome:
    """The plan of a goal as a plan of the whole: what it costs, and a bound that needs no solver."""
    assert outcome.x is not None
    return replace(outcome, cost=program.objective(outcome.x), bound=finite_bound(program), trace=trace)


def _kept(last: Outcome | None, error: Exception, trace: list[Progress]) -> Outcome:
    """The plan of the last goal, which is a plan whatever a later search says; without one, the error stands."""
    if last is None:
        raise error
    words = "called the rules contradictory although there is a plan" if isinstance(error, Infeasible) else str(error)
    return replace(last, failure=f"after a goal was reached, the solver failed: {words}", trace=trace)


def _search(
    engine: Engine, place: int, program: Program, kept: Ints, options: Options, tell: Tell, guided: Guided | None
) -> Outcome:
    """One search; an engine serves one. Where the solver cannot keep earlier goals exactly, they may give a little."""
    if place == 0:
        return engine.search(program if guided is None else guided.towards(program), options, tell)
    try:
        with type(engine)() as another:
            return another.search(program, options, tell)
    except Infeasible:
        upper = program.upper.copy()
        upper[kept] += KEPT * np.maximum(np.abs(upper[kept]), 1.0)
        with type(engine)() as another:
            return another.search(replace(program, upper=upper), options, tell)


def _for_goal(program: Program, column: int) -> Program:
    """The program with one column for its cost."""
    cost: Floats = np.zeros(program.columns)
    cost[column] = 1.0
    return replace(program, cost=cost, offset=0.0)


def _limited(program: Program, column: int, value: float) -> Program:
    """The program in which a column is no worse than it was."""
    upper = program.upper.copy()
    upper[column] = min(upper[column], value if abs(value) > NOISE else 0.0)
    return replace(program, upper=upper)


def _during(place: int, count: int, passed: float, tell: Tell) -> Tell:
    """Progress of a goal: what it costs is not what the plan will cost."""
    return lambda progress: tell(Progress(progress.seconds + passed, None, None, _phase(place, count, progress.phase)))


def _phase(place: int, count: int, phase: str) -> str:
    return f"priority {place + 1} of {count}: {phase}"
