"""Search: prices, then plans, lot by lot: the road for instances that are lots and gates and nothing else.

1. Prices climb from what opening a gate costs; after the first few, a first plan is made at them.
2. The master mixes what the lots proposed: better prices, a better bound, and which gates are worth opening.
3. A plan at these prices, the largest lots first; then pass after pass that decides lots again, and chains in which
   one lot gets what it wants and others make room.

The bound is recomputed at the best prices by `Pricing.at` and nothing else; no solver's word enters it. Everything is
counted in steps, so one seed gives one run whatever the number of threads; only the clock cuts it off.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from models.lots import Lots
from optimizer.decompose.ideas import used
from optimizer.decompose.master import Master
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Priced, Pricing
from optimizer.solve.clock import Clock
from optimizer.solve.events import Progress
from optimizer.solve.program import Booleans, Floats
from optimizer.solve.search import Options

FIRST_STEPS, STEPS = 3, 14  # of climbing prices: before the first plan, in all
STEPS_ALONE = 60  # where there are too many lots for the master
MANY = 4000  # lots beyond which the master takes longer than it is worth
MASTERS, WIDTH, NARROWER = 30, 0.4, 0.6  # masters at most; the box, as a share of the largest opening price
CLOSE = 3e-5  # share of the cost by which master and bound may differ in the end
MASTER_SHARE = 0.4  # of the time, for master and prices
OPEN = 0.05  # share of a gate that the mix must open for it to be worth it
SHARES = (1.0, 0.5, 0.0)  # of the prices that are charged in the passes of one round
WORST = 0.2  # share of the lots that are given what they want in one round


class Decomposition:
    """One run over lots; the same calls as `optimizer.solve.search.Search`.

    `tell` gets progress, `keep` each better plan (the quantity of each option), `stop` says when to end.
    """

    def __init__(
        self,
        lots: Lots,
        options: Options,
        tell: Callable[[Progress], None],
        keep: Callable[[Floats, float, bool], None],
        stop: Callable[[], bool],
    ) -> None:
        self.lots, self.options = lots, options
        self.clock = Clock(options.seconds, stop)
        self.best: Found | None = None
        self.bound = -np.inf
        self._tell, self._keep = tell, keep
        self._phase = ""
        threads = (options.threads or 2) if used("both cores") else 1
        self.pricing = Pricing(lots, threads)
        self.planner = Planner(lots, self.pricing.arrays, options.seed, self._done)
        self._at: Priced | None = None  # where the bound is best
        self._side = ThreadPoolExecutor(1)

    def run(self) -> None:
        """Search until the gap, the time or the stop."""
        self._enter("ordering nothing")
        self._take(self.planner.adopt(np.zeros(len(self.pricing.arrays.gate))))
        self._enter("prices of capacity")
        master = self._climb()
        if master is not None and not self._done():
            self._converge(master)
        self._plan(self._worth_opening(master))
        self._improve()
        self._report()

    def _climb(self) -> Master | None:
        """Prices by steps; the master gets what the lots proposed on the way."""
        pricing, master = self.pricing, None
        few = len(self.lots) <= MANY and used("master")
        if few:
            seconds = self.clock.left()
            master = Master(self.lots, pricing.arrays, pricing.capacity, pricing.priced_gates, seconds)
        for step, at in enumerate(pricing.climbed(STEPS if few else STEPS_ALONE, self._done)):
            self._price(at)
            if master is not None:
                master.propose(at)
            if step == FIRST_STEPS:
                self._first_plan()
        return master

    def _first_plan(self) -> None:
        self._enter("a first plan")
        assert self._at is not None
        self.planner.learn(self._at, self.pricing.supply_price, self.pricing.opening)
        self._take(self.planner.start(np.ones(len(self.lots.gate_cost), dtype=np.bool_), 0))
        self._enter("prices of capacity")

    def _converge(self, master: Master) -> None:
        """Prices from the master until it and the bound meet."""
        assert self._at is not None
        pricing, until = self.pricing, self.clock.seconds() + MASTER_SHARE * self.clock.left()
        largest = float(pricing.opening.max(initial=0.0)) or float(self._at.price.max(initial=0.0)) or 0.05
        width = WIDTH * largest
        self._enter("proving")
        for _ in range(MASTERS):
            prices = master.prices(self._at, width)
            if prices is None or self._done() or self.clock.seconds() > until:
                return
            before = self.bound
            at = pricing.at(*prices)
            self._price(at)
            master.propose(at)
            if self.bound <= before:
                width *= NARROWER
            if master.objective + self.lots.constant - self.bound <= CLOSE * abs(self.bound):
                return

    def _worth_opening(self, master: Master | None) -> Booleans:
        """Gates that the mix opens, or that the lots fill at the best prices."""
        if master is not None:
            return master.open_shares() > OPEN
        return np.ones(len(self.lots.gate_cost), dtype=np.bool_)

    def _plan(self, opened: Booleans) -> None:
        if self._at is None or self._done():
            return
        self._enter("planning lot by lot")
        at = self.pricing.at(self._at.price, self._at.most, self._at.least)
        self.planner.learn(at, self.pricing.supply_price, self.pricing.opening)
        found = self.planner.start(opened, 1)
        kept = self.best
        self._take(found)
        if kept is not None and (found is None or kept.cost < found.cost):
            self.planner.adopt(kept.quantity)

    def _improve(self) -> None:
        """Rounds of passes and chains until the time is over."""
        if self._at is None:
            return
        at, count = self._at, max(1, int(WORST * len(self.lots)))
        depth = 1
        while not self._done():
            before = self._cost()
            self._enter("improving lot by lot")
            for share in SHARES:
                self._take(self.planner.sweep(share, depth))
            if used("chains") and not self._done():
                self._enter("making room")
                self._take(self.planner.eject(self.planner.losses(at), count, depth))
            if self._cost() > before - 1e-5 * abs(before):
                if depth >= 3 and count >= len(self.lots):
                    return
                depth, count = min(depth + 1, 3), min(2 * count, len(self.lots))

    def _price(self, at: Priced) -> None:
        if at.bound > self.bound:
            self.bound, self._at = at.bound, at
        self._report()

    def _take(self, found: Found | None) -> None:
        if found is not None and found.cost < self._cost():
            self.best = found
            self._keep(found.quantity, found.cost, True)
        self._report()

    def _cost(self) -> float:
        return np.inf if self.best is None else self.best.cost

    def _done(self) -> bool:
        if self.best is None or self.clock.over():
            return self.clock.over()
        return self.best.cost - self.bound <= self.options.gap * abs(self.best.cost)

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._report()

    def _report(self) -> None:
        plan = None if self.best is None else self.best.cost
        bound = None if self.bound == -np.inf else self.bound
        self._tell(Progress(self.clock.seconds(), plan, bound, self._phase))


def searching(
    content: bytes,
    options: Options,
    tell: Callable[[Progress], None],
    keep: Callable[[Floats, float, bool], None],
    stop: Callable[[], bool],
) -> Decomposition:
    """A search over lots that another process sent."""
    return Decomposition(Lots.from_bytes(content), options, tell, keep, stop)
