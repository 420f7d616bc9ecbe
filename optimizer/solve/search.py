"""Search: from nothing ordered to a plan that is proven good, or to the time limit.

1. The constructed plan (construct.py): there is always a plan.
2. Block by block, then in groups of blocks that compete, by nodes rather than by the clock: one seed, one plan.
3. The whole program by branch and bound from the best plan: the bound, and what can still be gained.

Ends when the gap is reached, at the time limit, or when asked to; the last plan always has exact whole numbers.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optimizer.solve.construct import Neighbourhoods, improved, nothing_ordered, polished
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Program

SMALL = 300  # whole-number columns below which branch and bound on the whole needs no help
BLOCK_SHARE = 0.35  # of the time limit that blocks may take, before the whole gets its turn
BLOCK_NODES = 200
BLOCK_GAP = 0.001
GROUP = 4
LAST_LP = 0.1  # of the time that is left, kept for the last linear program, between the two limits below [seconds]
LAST_LP_SECONDS = (0.2, 10.0)


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for."""

    seconds: float = 300.0
    gap: float = 0.01
    seed: int = 0


@dataclass
class Search:
    """One run over a program; `tell` gets progress, `keep` each better plan, `stop` says when to end."""

    program: Program
    options: Options
    tell: Callable[[Progress], None]
    keep: Callable[[Floats, float], None]
    stop: Callable[[], bool]
    began: float = field(default_factory=time.monotonic)
    best: Floats | None = None
    bound: float = -np.inf
    phase: str = "constructing a plan"

    def run(self) -> None:
        """Search until the gap, the time or the stop.

        Raises:
            Infeasible: hard rules contradict each other.
        """
        self._accept(nothing_ordered(self.program, self.left()))
        if self.program.integer.sum() > SMALL:
            self._bound_by_relaxation()
            self._improve_by_blocks()
        if not self._done():
            self._solve_whole()
        self._report()

    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds left, but for what the last linear program needs."""
        left = self.options.seconds - self.seconds()
        return left - float(np.clip(LAST_LP * left, *LAST_LP_SECONDS))

    def cost(self) -> float:
        """Of the best plan; inf while there is none."""
        return np.inf if self.best is None else self.program.objective(self.best)

    def _gap(self) -> float:
        if self.best is None or self.bound == -np.inf:
            return np.inf
        return (self.cost() - self.bound) / max(abs(self.cost()), 1e-9)

    def _done(self) -> bool:
        return self.left() <= 0 or self.stop() or self._gap() <= self.options.gap

    def _accept(self, x: Floats | None) -> None:
        if x is not None and self.program.objective(x) < self.cost():
            self.best = x
            self.keep(x, self.cost())
        self._report()

    def _report(self) -> None:
        plan = None if self.best is None else self.cost()
        self.tell(Progress(self.seconds(), plan, None if self.bound == -np.inf else self.bound, self.phase))

    def _bound_by_relaxation(self) -> None:
        self.phase = "linear relaxation"
        self._report()
        program = self.program
        relaxed = Program(
            program.cost, program.offset, program.matrix, program.row_lower, program.row_upper, program.lower, program.upper,
            np.zeros_like(program.integer), program.block,
        )  # fmt: skip
        answer = solve(relaxed, Limits(self.left()), watch=lambda *_: self.stop())
        self.bound = max(self.bound, answer.bound)
        self._report()

    def _improve_by_blocks(self) -> None:
        self.phase = "improving block by block"
        around = Neighbourhoods(self.program, self.options.seed)
        until = self.seconds() + BLOCK_SHARE * self.left()
        size, last = 1, np.inf
        while not self._done() and self.seconds() < until and self.best is not None:
            x = self.best
            for blocks in around.one_by_one() if size == 1 else around.groups(size):
                if self._done() or self.seconds() >= until:
                    break
                limits = Limits(min(self.left(), until - self.seconds()), BLOCK_GAP, BLOCK_NODES)
                x = improved(self.program, x, around.freed(blocks), limits, self.options.seed, self.stop)
                if self.program.objective(x) < self.cost():
                    self.best = x
                self._report()
            self._accept(polished(self.program, x, self.left() + 1.0))
            self.keep(self.best, self.cost())
            if self.cost() > last - BLOCK_GAP * abs(last):
                size += GROUP
                if size > 2 * GROUP + 1:
                    break
            last = self.cost()

    def _solve_whole(self) -> None:
        self.phase = "branch and bound on the whole"
        self._report()

        def watch(best: float, bound: float, point: Floats | None) -> bool:
            if point is not None and best < self.cost():
                self.best = point
                self.keep(point, best)
            if np.isfinite(bound):
                self.bound = max(self.bound, bound)
            self._report()
            return self.stop()

        answer = solve(
            self.program, Limits(self.left(), self.options.gap), seed=self.options.seed, start=self.best, watch=watch
        )  # fmt: skip
        self.bound = max(self.bound, answer.bound)
        x = self.best if answer.x is None else answer.x
        if x is None:
            return
        self.phase = "exact quantities"
        exact = polished(self.program, x, max(self.options.seconds - self.seconds(), 1.0))
        self.best = x if exact is None else exact
        self.keep(self.best, self.cost())


__all__ = ["Infeasible", "Options", "Search"]
