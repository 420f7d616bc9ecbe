"""Search: from nothing ordered to a plan that is proven good, or to the time limit.

1. The constructed plan: order nothing (construct.py). There is always a plan. An earlier plan is taken up (resume.py).
2. The linear relaxation: a bound; its slopes, made whole block by block: a good plan. Where a guide knows which orders
   are worth deciding on (guided.py), the relaxation has no others, and the bound may come from the guide.
3. Block by block, then in groups of blocks that compete: a better plan.
4. The whole program by branch and bound from the best plan: a better bound, and what can still be gained. On two
   threads it begins beside 3 once that has had its time, and 3 goes on as long as it lasts.

Ends when the gap is reached, at the time limit, or when asked to; the last plan has exact whole numbers. The inner
programs end by nodes and gaps, so one seed gives one plan where the run ends by gap before a phase has used up its
share of the time (`ALONE`, on two threads); what the clock cuts off depends on the machine.
"""

import threading
from dataclasses import dataclass, replace
from itertools import cycle

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.construct import late_fractional, made_whole, nothing_ordered, polished, taken_over
from optimizer.solve.guided import Guide
from optimizer.solve.highs import Limits, Relaxation, solve
from optimizer.solve.neighbourhoods import Neighbourhoods, improved
from optimizer.solve.program import Booleans, Floats, Program
from optimizer.solve.proof import Beside, Proof
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.resume import changed_again, resumed
from optimizer.solve.slopes import sloped
from optimizer.solve.warm import Warm

SMALL = 300  # whole-number columns below which branch and bound on the whole comes first, and mostly is all
ROUNDS = ((1, True, 1), (8, True, 3), (16, True, 3), (32, True, 2), (1, False, 1), (4, False, 3))
# blocks of a group that is decided again; whether only among what the relaxation found worth it; rounds at most
FEW = 100  # blocks up to which each is decided with everything allowed, and to a finer gap: it is quick, and gains most
ROUNDS_OF_FEW = ((1, False, 6), (2, False, 2), (1, False, 2), (3, False, 2), (2, False, 2), (4, False, 3))
BLOCKS_SHARE = 0.6  # of the time that is left, for blocks and groups, before the whole gets its turn
ALONE = 0.1  # of the time, before two threads work at once: what ends sooner is the same for any number of threads
WAIT = 0.1  # seconds between two reports while branch and bound is alone
SAME = 1e-9  # relative: costs that differ by less are one
AGAIN = (2, 3, 4, 6)  # blocks of a group, beside branch and bound
NEIGHBOURHOOD = Limits(seconds=30.0, gap=0.0005, nodes=50)
GAP_OF_FEW = 0.005  # of the cost of a block; the gap of a neighbourhood is relative to the cost of all blocks
FIRST_PLAN = 60.0  # seconds that the first plan may take beyond the time limit: without it there is nothing to publish
RESUMED = 0.05  # gap of an earlier plan above which another is constructed
BOUND_SHARE = 0.3  # of the time that is left, for the relaxation where there is a plan and only a bound is missing
POOR = 0.25  # gap of a guide's plan above which another is constructed as where there is no guide
TRIES = 2  # of taking over a guide's plan, with its blocks in another order
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

    def __init__(
        self, program: Program, options: Options, tell: Tell, keep: Keep, stop: Stop, guide: Guide | None = None
    ) -> None:
        self.program, self.options = program, options
        self._guide, self._early = guide, program.early
        self.clock = Clock(options.seconds, stop)
        self.best: Floats | None = None  # may be within the solver's tolerance only, while a phase lasts
        self._exact: Floats | None = None
        self.bound = -np.inf
        self.prices: Floats = np.zeros(0)  # a whole program has none that a later search could begin from
        self._around: Neighbourhoods | None = None
        self._proof: Beside | None = None
        self._grown: tuple[Floats, float] | None = None  # the best point of the tree, and its cost
        self._sharing = threading.Lock()
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
        if self.best is not None and self.clock.over():  # even to begin with a relaxation would take its time
            return
        if self.options.warm is not None and not self._done():
            self._resume(self.options.warm)
        if self.program.integer.sum() > SMALL:
            self._construct_and_improve()
        elif self.best is not None and self._beside() and not self._done():
            self._go_on(self._neighbourhoods())
        if self._proof is not None:
            self._end(self._proof)
        elif self.best is None or not self._done():
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
            around = self._neighbourhoods()
            limits = Limits(min(NEIGHBOURHOOD.seconds, self.clock.left()), self._fine(around), NEIGHBOURHOOD.nodes)
            self._finish(changed_again(self.program, self.best, warm.first, around, limits, self.clock.over))

    def _construct_and_improve(self) -> None:
        support, relaxation = None if self._guide is None else self._follow(self._guide), None
        if support is not None and self.bound == -np.inf and not self._done():
            relaxation = self._relax(BOUND_SHARE * self.clock.left())
        if support is None or (self.gap() > POOR and not self._done()):
            constructed = self._construct(relaxation or self._relax(self.clock.left()))
            support = support if constructed is None else constructed
        if support is None or self.best is None or self._done():
            return
        around = self._neighbourhoods()
        self._improve(support, around)
        if self._beside() and not self._done():
            self._go_on(around)

    def _follow(self, guide: Guide) -> Booleans | None:
        """A plan that uses nothing that a guide leaves unused, and what may be used; None where that led nowhere."""
        advice = guide(self._hear)
        if advice is None or self._done():
            return None
        self.bound = max(self.bound, advice.bound)
        self._enter("taking over the plan of its lots")
        before, around = self.cost(), self._neighbourhoods()
        for _ in range(TRIES):
            if self.best is not None and self.cost() == before and not self._done():
                self._accept(taken_over(self.program, self.best, advice.at, around, self.clock))
        if self.cost() == before and not self._done():
            self._enter("constructing a plan from that of its lots")
            self._accept(self._made_whole_within(advice.at == 0.0))
        return ~advice.unused if self.cost() < before else None

    def _made_whole_within(self, unused: Booleans) -> Floats | None:
        """A plan that leaves some columns unused, from the relaxation of the rest; None where that led nowhere."""
        least = np.maximum(self.program.lower, 0.0)
        narrow = replace(self.program, upper=np.where(unused, least, self.program.upper))
        relaxed = Relaxation(narrow, self.clock.left(), lambda *_: self._stop()).x
        if relaxed is None or self.clock.over():
            return None
        return made_whole(self.program, relaxed, ~unused, self._neighbourhoods(), self.clock)

    def _hear(self, phase: str, bound: float) -> None:
        """A guide tells what it is doing."""
        self.bound = max(self.bound, bound)
        self._enter(phase)

    def _relax(self, seconds: float) -> Relaxation:
        self._enter("linear relaxation")
        relaxation = Relaxation(self.program, seconds, lambda *_: self._stop())
        self.bound = max(self.bound, relaxation.bound)
        return relaxation

    def _construct(self, relaxation: Relaxation) -> Booleans | None:
        """A plan from the relaxation, and the columns that are worth deciding on; None where there is no time left."""
        if relaxation.x is None or self._done():
            return None
        self._enter("constructing a plan")
        guide = sloped(self.program, relaxation, relaxation.x, self.clock.over)
        if self.options.warm is None or self.gap() > RESUMED:
            self._accept(made_whole(self.program, guide.x, guide.support, self._neighbourhoods(), self.clock))
        return guide.support

    def _neighbourhoods(self) -> Neighbourhoods:
        """Made when they are first needed."""
        if self._around is None:
            self._around = Neighbourhoods(self.program, self.options.seed)
        return self._around

    def _beside(self) -> bool:
        """Whether branch and bound goes on beside the search."""
        return (self.options.threads or 1) > 1

    def _improve(self, support: Booleans, around: Neighbourhoods) -> None:
        until = self.clock.seconds() + (1.0 if self._beside() else BLOCKS_SHARE) * self.clock.left()
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
            x = improved(self._early, x, free, limits, self.options.seed, self._enough)
            x = self._shared(x)
            self.best = x
            self._report()
        self._finish(x)

    def _shared(self, x: Floats) -> Floats:
        """The better of a point and what the tree has by now, which hears of it; the tree begins when it is time."""
        if self._proof is None:
            if self._beside() and self.clock.seconds() > ALONE * self.options.seconds:
                self._prove(x)
            return x
        self.bound = max(self.bound, self._proof.bound)
        with self._sharing:
            grown, self._grown = self._grown, None
        if grown is not None and grown[1] < self.program.objective(x):
            return grown[0]
        self._proof.offer(x)
        return x

    def _prove(self, x: Floats) -> Beside:
        """Begin to prove beside this thread: what guided here goes on, or branch and bound begins."""
        limits = Limits(max(self.clock.left(), 0.05), self.options.gap)
        proof = None if self._guide is None else self._guide.proof(limits.seconds)
        if proof is None:
            proof = Proof(self.program.early, limits, self.options.seed, x, self._grows, self._stop).start()
        self._proof = proof
        return proof

    def _grows(self, point: Floats, cost: float) -> None:
        """The tree has a point, and says so from its own thread."""
        with self._sharing:
            if cost <= self._least() + SAME * abs(cost):  # its last word on a point is more exact than its first
                self._grown = point, cost
                self._keep(point, cost, False)

    def _least(self) -> float:
        """Cost of the best that either thread has."""
        grown = self._grown
        return self.cost() if grown is None else min(self.cost(), grown[1])

    def _enough(self) -> bool:
        """Whether time is over, or what both threads have by now is enough."""
        if self._proof is None or self.clock.over():
            return self.clock.over()
        cost = self._least()
        return cost - max(self.bound, self._proof.bound) <= self.options.gap * max(abs(cost), 1e-9)

    def _go_on(self, around: Neighbourhoods) -> None:
        """Groups of blocks again and again, each time others, as long as branch and bound lasts."""
        assert self.best is not None
        proof = self._proof or self._prove(self.best)
        if isinstance(proof, Proof):
            self._enter("branch and bound on the whole")
            self._wait(proof, ALONE * self.options.seconds)
        everything = np.ones(self.program.columns, dtype=np.bool_)
        for size in cycle(AGAIN):
            if not proof.running or self._enough():
                return
            if size < len(around.blocks):
                self._enter(proof.beside(size))
                self._round(size, everything, around, np.inf)
            elif size == AGAIN[0]:
                self._wait(proof, np.inf)

    def _wait(self, proof: Beside, until: float) -> None:
        """Until branch and bound has ended, or the clock shows so many seconds; tells how far it is."""
        while proof.running and self.clock.seconds() < until:
            proof.wait(WAIT)
            self.bound = max(self.bound, proof.bound)
            self._report()

    def _end(self, proof: Beside) -> None:
        """What branch and bound beside this thread came to."""
        proof.end()
        self.bound = max(self.bound, proof.bound)
        if self._grown is not None and self._grown[1] <= self.cost() + SAME * abs(self.cost()):
            self._enter("exact quantities")
            self._finish(self._grown[0])

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
