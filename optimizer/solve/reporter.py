"""Reporter: what a search tells whoever watches it, and the calls by which it does.

A search gets three calls: `Tell` takes progress, `Keep` each better plan (its point, its cost, and whether its whole
numbers are exact), `Stop` says whether to end.
"""

from collections.abc import Callable

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.events import Progress
from optimizer.solve.program import Floats

Tell = Callable[[Progress], None]
Keep = Callable[[Floats, float, bool], None]
Stop = Callable[[], bool]


class Reporter:
    """Tells how far a search is, by its own clock.

    Args:
        tell: gets progress.
        clock: of the search.
        figures: the cost of its best plan and its bound; infinite while there is none.
    """

    def __init__(self, tell: Tell, clock: Clock, figures: Callable[[], tuple[float, float]]) -> None:
        self._tell, self._clock, self._figures = tell, clock, figures
        self._phase = ""

    def enter(self, phase: str) -> None:
        """Another phase begins: what the search is doing, in a few words."""
        self._phase = phase
        self.report()

    def report(self) -> None:
        """Tell how far the search is."""
        plan, bound = (float(figure) if np.isfinite(figure) else None for figure in self._figures())
        self._tell(Progress(self._clock.seconds(), plan, bound, self._phase))
