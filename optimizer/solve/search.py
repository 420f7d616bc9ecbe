"""Search: from nothing ordered to a plan that is proven good, or to the time limit.

1. The constructed plan: order nothing (construct.py). There is always a plan. An earlier plan is taken up (resume.py).
2. The linear relaxation: a bound; its slopes, made whole block by block: a good plan.
3. Block by block, then in groups of blocks that compete: a better plan.
4. The whole program by branch and bound from the best plan: a better bound, and what can still be gained.

Ends when the gap is reached, at the time limit, or when asked to; the last plan has exact whole numbers. The inner
programs end by nodes and gaps, so one seed gives one plan where the run ends by gap before a phase has used up its
share of the time; what the clock cuts off depends on the machine.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.construct import late_fractional, made_whole, nothing_ordered, polished
from optimizer.solve.highs import Limits, Relaxation, solve
from optimizer.solve.neighbourhoods import Neighbourhoods, improved
from optimizer.solve.program import Booleans, Floats, Program
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.resume import changed_again, resumed
from optimizer.solve.slopes import sloped
from optimizer.solve.warm import Warm

SMALL = 300  # whole-number columns below which branch and bound on the whole needs no help
ROUNDS = ((1, True, 1), (8, True, 3), (16, True, 3), (32, True, 2), (1, False, 1), (4, False, 3))
# blocks of a group that is decided again; whether only among what the relaxation found worth it; rounds at most
FEW = 100  # blocks up to which each is decided with everything allowed, and to a finer gap: it is quick, and gains most
ROUNDS_OF_FEW = ((1, False, 6), (2, False, 2), (1, False, 2), (3, False, 2), (2, False, 2), (4, False, 3))
BLOCKS_SHARE = 0.6  # of the time that is left, for blocks and groups, before the whole gets its turn
NEIGHBOURHOOD = Limits(seconds=30.0, gap=0.0005, nodes=50)
GAP_OF_FEW = 0.005  # of the cost of a block; the gap of a neighbourhood is relative to the cost of all blocks
FIRST_PLAN = 60.0  # seconds that the first plan may take beyond the time limit: without it there is nothing to publish
RESUMED = 0.05  # gap of an earlier plan above which another is constructed
WORTHWHILE = 0.0005  # a round that gains less than this share of the cost is the last of its kind


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for."""

    seconds: float = 300.0
    gap: float = 0.01
    seed: int = 0
    threads: int | None = None
    warm: Warm | None = None


class Search:
    """One run over a program; the calls are those of `optimizer.solve.reporter`."""

    def __init__(self, program: Program, options: Options, tell: Tell, keep: Keep, stop: Stop) -> None:
        self.program, self.options = program, options
        self.clock = Clock(options.seconds, stop)
        self.best: Floats | None = None  # may be within the solver's tolerance only, while a phase lasts
        self._exact: Floats | None = None
        self.bound = -np.inf
        self.prices: Floats = np.zeros(0)  # a whole program has none that a later search could begin from
        self._around: Neighbourhoods | None = None
        self._keep, self._stop = keep, stop
        reporter = Reporter(tell, self.clock, lambda: (self.cost(), self.bound))
        self._enter, self._report = reporter.enter, reporter.report

    def run(self) -> None:
        """Search until the gap, the time or the stop.

        Raises:
            Infeasible: hard rules contradict each other.
        """
        self._enter("ordering nothing")
        self._accept(nothing_ordered(self.program, max(self.clock.rest(), FIRST_PLAN)))
        if self.options.warm is not None and not self._done():
            self._resume(self.options.warm)
        if self.program.integer.sum() > SMALL:
            self._construct_and_improve()
        if self.best is None or not self._done():
            self._solve_whole(self.program.early)
        if self.program.late.any() and (self.best is None or not self._done()):
            self._solve_whole(self.program)
        self._report()

    def cost(self) -> float:
        """Of the best plan; inf while there is none."""
        return np.inf if self.best is None else self.program.objective(self.best)

    def gap(self) -> float:
        """Of the best plan; inf while there is no plan or no bound."""
        if self.best is None or self.bound == -np.inf:
            return np.inf
        return (self.cost() - self.bound) / max(abs(self.cost()), 1e-9)

    def _resume(self, warm: Warm) -> None:
        """Take up an earlier plan; what has changed since is decided again."""
        self._enter("taking up the earlier plan")
        before = self.cost()
        self._accept(resumed(self.program, warm, self.clock))
        if self.best is not None and self.cost() < before:
            self._around = around = Neighbourhoods(self.program, self.options.seed)
            limits = Limits(min(NEIGHBOURHOOD.seconds, self.clock.left()), self._fine(around), NEIGHBOURHOOD.nodes)
            self._finish(changed_again(self.program, self.best, warm.first, around, limits, self.clock.over))

    def _construct_and_improve(self) -> None:
        self._enter("linear relaxation")
        relaxation = Relaxation(self.program, self.clock.left(), lambda *_: self._stop())
        self.bound = max(self.bound, relaxation.bound)
        if relaxation.x is None or self._done():
            return
        self._enter("constructing a plan")
        guide = sloped(self.program, relaxation, relaxation.x, self.clock.over)
        around = self._around or Neighbourhoods(self.program, self.options.seed)
        if self.options.warm is None or self.gap() > RESUMED:
            self._accept(made_whole(self.program, guide.x, guide.support, around, self.clock))
        if self.best is not None:
            self._improve(guide.support, around)

    def _improve(self, support: Booleans, around: Neighbourhoods) -> None:
        until = self.clock.seconds() + BLOCKS_SHARE * self.clock.left()
        everything = np.ones_like(support)
        for size, supported, rounds in ROUNDS_OF_FEW if len(around.blocks) <= FEW else ROUNDS:
            if size >= 2 * len(around.blocks):  # the round before had them all together
                continue
            among = support if supported else everything
            self._enter("improving block by block" if size == 1 else f"improving {size} blocks at a time")
            for _ in range(rounds):
                before = self.cost()
                self._round(size, among, around, until)
                if self._done() or self.clock.seconds() > until:
                    return
                if self.cost() > before - WORTHWHILE * abs(before):
                    break

    def _round(self, size: int, among: Booleans, around: Neighbourhoods, until: float) -> None:
        assert self.best is not None
        x = self.best
        for blocks in around.one_by_one() if size == 1 else around.groups(size):
            if self._done() or self.clock.seconds() > until:
                break
            free = around.freed(blocks, among | (x > 0.5))
            seconds = min(NEIGHBOURHOOD.seconds, self.clock.left())
            limits = Limits(seconds, self._fine(around), NEIGHBOURHOOD.nodes)
            x = improved(self.program.early, x, free, limits, self.options.seed, self.clock.over)
            self.best = x
            self._report()
        self._finish(x)

    def _fine(self, around: Neighbourhoods) -> float:
        """The gap to which a neighbourhood is decided."""
        count = len(around.blocks)
        return min(GAP_OF_FEW / count, NEIGHBOURHOOD.gap) if count <= FEW else NEIGHBOURHOOD.gap

    def _solve_whole(self, program: Program) -> None:
        self._enter("branch and bound on the whole")

        def watch(best: float, bound: float, point: Floats | None) -> bool:
            if point is not None and best < self.cost():
                self.best = point
                self._keep(point, best, False)
            if np.isfinite(bound):
                self.bound = max(self.bound, bound)
            self._report()
            return self._stop() or (self.best is not None and self.clock.over())

        seconds = max(self.clock.left(), FIRST_PLAN if self.best is None else 0.05)
        limits = Limits(seconds, self.options.gap)
        answer = solve(program, limits, seed=self.options.seed, start=self.best, watch=watch)
        self.bound = max(self.bound, answer.bound)
        if answer.x is not None:
            self._enter("exact quantities")
            self._finish(answer.x)

    def _finish(self, x: Floats) -> None:
        """Make whole numbers exact and decide what is decided last; the last exact plan stays where that fails.

        Where there is none, the point stays as the solver gave it, unless it is none: then what is decided last cannot
        be, and all is decided together.
        """
        exact = polished(self.program, x, max(self.clock.rest(), 1.0))
        candidates = [point for point in (exact, self._exact) if point is not None]
        if not candidates and late_fractional(self.program, x):
            self.best = None
            return
        self.best = self._exact = min(candidates or [x], key=self.program.objective)
        self._keep(self.best, self.cost(), True)

    def _accept(self, x: Floats | None) -> None:
        if x is not None and self.program.objective(x) < self.cost():
            self.best = self._exact = x
            self._keep(x, self.cost(), True)
        self._report()

    def _done(self) -> bool:
        return self.clock.over() or self.gap() <= self.options.gap


def searching(content: bytes, options: Options, tell: Tell, keep: Keep, stop: Stop) -> Search:
    """A search over a program that another process sent."""
    return Search(Program.from_bytes(content), options, tell, keep, stop)
