"""The search in this process: what the engine does without its worker, which takes seconds to load."""

from collections.abc import Callable
from importlib import import_module
from typing import Self

from optimizer.solve.engine import SEARCHES, Outcome, Problem, is_whole, made_exact, program_of
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible, SolverError
from optimizer.solve.program import Floats, finite_bound
from optimizer.solve.search import Options

NO_PLAN = "the solver's process ended without a plan"


class InProcess:
    """Stands in for `Engine` where the process itself is not what is tested."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
        """Search until the gap or the time limit.

        Raises:
            SolverError: the time was over before there was a plan.
        """
        outcome = Outcome()

        def keep(x: Floats, cost: float, exact: bool) -> None:
            outcome.x, outcome.cost = x, cost

        searching = import_module(SEARCHES[type(problem)]).searching
        search = searching(problem.to_bytes(), options, tell, keep, lambda: False)
        program = program_of(problem)
        try:
            search.run()
        except Infeasible:
            if outcome.x is None or (program is not None and not is_whole(program, outcome.x)):
                raise
        if program is not None and outcome.x is not None and not is_whole(program, outcome.x):
            outcome.x = made_exact(program, outcome.x, None, 1.0)
        if outcome.x is None:
            raise SolverError(NO_PLAN)
        outcome.bound, outcome.prices = search.bound, search.prices
        if program is not None and outcome.bound == float("-inf"):
            outcome.bound = finite_bound(program)
        return outcome
