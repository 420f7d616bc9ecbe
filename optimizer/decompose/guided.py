"""Guided: the search for a plan of the whole that begins from the plan of its lots.

The lots get a share of the time; then the search over the whole program takes up which orders their plan places.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.decompose.search import Decomposition
from optimizer.solve.events import Progress
from optimizer.solve.guided import Advice, Guided
from optimizer.solve.program import Floats
from optimizer.solve.reporter import Keep, Stop, Tell
from optimizer.solve.search import Options, Search

SHARE = 0.15  # of the time, for the lots
FINER = 0.5  # of the gap, to which the lots are decided: the whole adds a gap of its own


def searching(content: bytes, options: Options, tell: Tell, keep: Keep, stop: Stop) -> Search:
    """A search over a program and its lots that another process sent."""
    problem = Guided.from_bytes(content)
    guide = None if options.warm is not None else _LotsAlone(problem, options, stop)
    return Search(problem.program, options, tell, keep, stop, guide)


class _LotsAlone:
    """A guide: what the lots come to when they are all there is."""

    def __init__(self, problem: Guided, options: Options, stop: Stop) -> None:
        self._problem = problem
        self._quantities: Floats = np.zeros(len(problem.lots.order))
        self._report: Callable[[str, float], None] = lambda phase, bound: None
        asked = replace(options, seconds=SHARE * options.seconds, gap=FINER * options.gap)
        self._search = Decomposition(problem.lots, asked, self._tell, self._keep, stop)

    def __call__(self, report: Callable[[str, float], None]) -> Advice | None:
        self._report = report
        self._search.run()
        return self._problem.advice(self._quantities, self._search.bound)

    def _tell(self, progress: Progress) -> None:
        bound = -np.inf if progress.bound is None else progress.bound
        self._report(f"its lots alone: {progress.phase}", self._problem.bound(bound))

    def _keep(self, quantities: Floats, cost: float, exact: bool) -> None:
        self._quantities = quantities
