"""Guided: the search for a plan of the whole that begins from the plan of its lots.

The lots get a share of the time; then the search over the whole program takes over what their plan orders. Where a
bound on the lots is one on the whole, it is proven further beside that search.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.decompose.search import Decomposition
from optimizer.solve.events import Progress
from optimizer.solve.guided import Advice, Guided
from optimizer.solve.program import Floats
from optimizer.solve.proof import Beside
from optimizer.solve.reporter import Keep, Stop, Tell
from optimizer.solve.search import Options, Search

SHARE, SECONDS_A_LOT = 0.15, 0.06  # of the time, and at most, for the lots alone
FINER = 0.5  # of the gap, to which the lots are decided: the whole adds a gap of its own


def searching(content: bytes, options: Options, tell: Tell, keep: Keep, stop: Stop) -> Search:
    """A search over a program and its lots that another process sent."""
    problem = Guided.from_bytes(content)
    guide = None if options.warm is not None else _LotsAlone(problem, options, stop)
    return Search(problem.program, options, tell, keep, stop, guide)


class _LotsAlone:
    """A guide: what the lots come to when they are all there is."""

    def __init__(self, problem: Guided, options: Options, stop: Stop) -> None:
        self._problem, self._stop = problem, stop
        self._quantities: Floats = np.zeros(len(problem.lots.order))
        self._report: Callable[[str, float], None] = lambda phase, bound: None
        self._seconds = min(SHARE * options.seconds, SECONDS_A_LOT * len(problem.lots))
        asked = replace(options, seconds=self._seconds, gap=FINER * options.gap)
        self._search = Decomposition(problem.lots, asked, self._tell, self._keep, stop, options.seconds)

    def __call__(self, report: Callable[[str, float], None]) -> Advice | None:
        self._report = report
        self._search.restart(self._seconds)  # ordering nothing comes before, and takes its time
        self._search.run()
        return self._problem.advice(self._quantities, self._search.mixed(), self._search.bound)

    def proof(self, seconds: float) -> Beside | None:
        """The prices of the lots from where they are."""
        if not self._problem.lots.relaxes:
            return None
        self._report = lambda phase, bound: None
        return LotsProof(self._problem, self._search, seconds, self._stop).start()

    def _tell(self, progress: Progress) -> None:
        bound = -np.inf if progress.bound is None else progress.bound
        self._report(f"its lots alone: {progress.phase}", self._problem.bound(bound))

    def _keep(self, quantities: Floats, cost: float, exact: bool) -> None:
        self._quantities = quantities


class LotsProof(Beside):
    """A bound on the whole that grows with that on its lots."""

    def __init__(self, problem: Guided, search: Decomposition, seconds: float, stop: Stop) -> None:
        super().__init__()
        self._problem, self._search, self._seconds, self._stop = problem, search, seconds, stop

    @property
    def bound(self) -> float:
        """On the cost of the whole; -inf for none yet."""
        return self._problem.bound(self._search.bound)

    def beside(self, size: int) -> str:
        """What the lots and a search do together."""
        return f"prices of its lots, and {size} blocks at a time"

    def offer(self, x: Floats) -> None:
        """A plan of the whole is of no use to the lots."""

    def _run(self) -> None:
        self._search.prove(self._seconds, lambda: self._asked.is_set() or self._stop())
