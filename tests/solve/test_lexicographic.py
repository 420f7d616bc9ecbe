"""Goals before the cost: each is as low as it can be, and no later one takes anything from it."""

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest

from optimizer.solve.balance import balanced
from optimizer.solve.engine import Engine, Outcome, Problem
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible, SolverError
from optimizer.solve.lexicographic import Goal, goal_warnings, searched
from optimizer.solve.program import Program
from optimizer.solve.search import Options
from tests.solve.in_process import InProcess
from tests.solve.programs import program


def shared_out() -> Program:
    """10 of something: x + y + z <= 10. A goal lacks what its column does not get: a = 6 - x, b = 7 - y; z earns 5."""
    return program(
        [1, 1, -5, 0, 0],
        [([1, 1, 1, 0, 0], -np.inf, 10), ([1, 0, 0, 1, 0], 6, 6), ([0, 1, 0, 0, 1], 7, 7)],
        upper=[6, 7, 9, np.inf, np.inf],
    )


def run(goals: list[int], tell: Callable[[Progress], None] = lambda _: None) -> tuple[Outcome, list[Goal], list[float]]:
    inside = balanced(shared_out())
    outcome, reached = searched(
        inside, np.array(goals, dtype=np.int64), Options(20, 0.0), cast(Engine, InProcess()), tell
    )
    assert outcome.x is not None
    return outcome, reached, inside.point(outcome.x)[:3].round(4).tolist()


def test_without_goals_only_the_cost_counts() -> None:
    _, reached, x = run([])
    assert reached == [] and x == [0, 0, 9]


@pytest.mark.parametrize(
    ("goals", "x", "values"),
    [([3], [6, 0, 4], [0]), ([4], [0, 7, 3], [0]), ([3, 4], [6, 4, 0], [0, 3]), ([4, 3], [3, 7, 0], [0, 3])],
)
def test_goals_come_first_in_their_order(goals: list[int], x: list[float], values: list[float]) -> None:
    outcome, reached, point = run(goals)
    assert point == pytest.approx(x, abs=1e-3)
    assert [goal.value for goal in reached] == pytest.approx(values, abs=1e-3)
    assert [goal.bound for goal in reached] == pytest.approx(values, abs=1e-3)
    assert outcome.bound == pytest.approx(outcome.cost)


def test_progress_tells_which_goal_and_not_its_value_as_a_cost() -> None:
    events: list[Progress] = []
    outcome, _, _ = run([3, 4], events.append)
    during = [event for event in events if event.phase.startswith("priority")]
    assert {event.phase[:15] for event in during} == {"priority 1 of 2", "priority 2 of 2"}
    assert all(event.plan is None and event.bound is None for event in during)
    seconds = [event.seconds for event in outcome.trace]
    assert seconds == sorted(seconds)


class _Stopped(InProcess):
    """The user stops the first search."""

    def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
        outcome = super().search(problem, options, tell)
        outcome.stopped = True
        return outcome


def test_who_stops_gets_the_plan_of_the_goal_at_hand() -> None:
    inside = balanced(shared_out())
    outcome, reached = searched(inside, np.array([3, 4]), Options(20, 0.0), cast(Engine, _Stopped()), lambda _: None)
    assert len(reached) == 1 and outcome.stopped and outcome.x is not None
    assert outcome.cost == pytest.approx(inside.program.objective(outcome.x))
    assert outcome.bound <= outcome.cost


@pytest.mark.parametrize("error", [Infeasible(), SolverError("it died")])
@pytest.mark.parametrize("good", [1, 2])
def test_a_plan_is_a_plan_whatever_a_later_search_says(error: Exception, good: int) -> None:
    searches = []

    class Failing(InProcess):
        def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
            searches.append(problem)
            if len(searches) > good:
                raise error
            return super().search(problem, options, tell)

    inside = balanced(shared_out())
    outcome, reached = searched(inside, np.array([3, 4]), Options(20, 0.0), cast(Engine, Failing()), lambda _: None)
    assert len(reached) == good and outcome.x is not None
    assert outcome.cost == pytest.approx(inside.program.objective(outcome.x))
    assert outcome.bound <= outcome.cost
    assert outcome.failure.startswith("after a goal was reached, the solver failed: ")
    searches.clear()
    with pytest.raises(type(error)):
        searched(inside, np.array([], dtype=np.int64), Options(20, 0.0), cast(Engine, _Broken(error)), lambda _: None)


class _Broken(InProcess):
    """No search comes to anything."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
        raise self._error


def test_a_goal_that_is_not_proven_is_told() -> None:
    assert list(goal_warnings([Goal(100, 99.5), Goal(0, 0), Goal(50, 40)], 0.01)) == [
        "priority 3 of 3 came to 50, and may be up to 20.0% above the best possible: give it more time"
    ]
