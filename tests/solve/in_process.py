"""The search in this process: what the engine does without its worker, which takes seconds to load."""

from collections.abc import Callable
from typing import Self

from optimizer.solve.engine import Outcome
from optimizer.solve.events import Progress
from optimizer.solve.program import Floats, Program, finite_bound
from optimizer.solve.search import Options, Search


class InProcess:
    """Stands in for `Engine` where the process itself is not what is tested."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def search(self, program: Program, options: Options, tell: Callable[[Progress], None]) -> Outcome:
        """Search until the gap or the time limit."""
        outcome = Outcome()

        def keep(x: Floats, cost: float, exact: bool) -> None:
            outcome.x = x

        search = Search(program, options, tell, keep, stop=lambda: False)
        search.run()
        outcome.bound = search.bound if search.bound > float("-inf") else finite_bound(program)
        return outcome
