"""Extended: the search for lots with riders (riders.py).

1. Prices of gates and of riders climb together: a bound (tariffs.py).
2. At the best prices of riders the lots are plain lots: they are proven and planned as such (search.py).
3. That plan is reworked, block by block, with the riders as they are (rework.py): first to keep them, then to the
   end to become better.
"""

from collections.abc import Iterator

import numpy as np

from models.riders import Extended
from optimizer.decompose.arrays import Arrays, arrays
from optimizer.decompose.carry import levels, lines, stocks
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Priced, Pricing
from optimizer.decompose.reworking import Reworking
from optimizer.decompose.search import Decomposition
from optimizer.decompose.tariffs import TariffBook, Tariffs
from optimizer.solve.clock import Clock
from optimizer.solve.events import Progress
from optimizer.solve.program import Floats
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.search import Options

STEPS, CLIMB_SHARE = 45, 0.15  # of climbing prices; share of the time
PLAIN_SHARE = 0.55  # of the time that is left, for lots at fixed tariffs
FIRMER = (0.1, 0.25, 0.5, 1.0, 10.0)  # shares of the penalty for broken ties, in the first passes
CHARGED = 0.5  # share of the gates' prices in them
SHARES = (0.3, 0.0)  # of the gates' prices, in the passes of one round
KICKS = (0, 4, 8, 16, 32)  # by round
WORTHWHILE = 2e-5  # a round that gains less than this share of the cost is followed by one with more kicks


class Search:
    """One run; the calls are those of `optimizer.solve.reporter`, a plan is the quantity of each option."""

    def __init__(self, problem: Extended, options: Options, tell: Tell, keep: Keep, stop: Stop) -> None:
        self.problem, self.options = problem, options
        self.best: Found | None = None
        self.bound = -np.inf
        self._tell, self._keep, self._stop = tell, keep, stop
        self.prices = np.zeros(0)  # it keeps none for a later search
        self._tariffs = TariffBook(problem.lots, problem.riders)
        self._at: tuple[Priced, Tariffs] | None = None  # where the bound is best
        self._threads = options.threads or 2
        self._pricing = Pricing(problem.lots, self._threads)
        self._stock, self._room = np.zeros(problem.lots.holding.shape), lines(self._pricing.arrays)
        self._steps = levels(problem.riders)
        self._reworking = Reworking(problem, options.seed, self._done)
        self._pricing.warm_up()
        self._reworking.warm_up()
        none = self._pricing.arrays._replace(credit=np.zeros(0))
        stocks(none, self._steps, self._room, np.zeros(0), self._stock)
        Planner(problem.lots, self._pricing.arrays, options.seed, lambda: True).warm_up()
        self.clock = Clock(options.seconds, stop)
        reporter = Reporter(tell, self.clock, lambda: (self._cost(), self.bound))
        self._enter, self._report = reporter.enter, reporter.report

    def run(self) -> None:
        """Search until the gap, the time or the stop."""
        self._enter("ordering nothing")
        self._take(self._reworking.adopt(np.zeros(len(self.problem.lots.order))))
        if self.options.warm is not None:
            self._enter("taking up the earlier plan")
            self._reworking.adopt(np.nan_to_num(self.options.warm.x))
            self._take(self._reworking.mended())
        self._enter("prices of capacity and of rules")
        until = CLIMB_SHARE * self.clock.left()
        for _ in self._climbed(STEPS):
            if self._done() or self.clock.seconds() > until:
                break
        if self._at is not None and not self._done():
            self._plan()
            self._improve()
        self._report()

    def _climbed(self, steps: int) -> Iterator[Priced]:
        """Prices of gates and of riders, a step each at once."""
        book, pricing = self._tariffs, self._pricing
        tariffs, way = book.start(), book.still()
        self._use(tariffs)
        for step, at in enumerate(pricing.climbed(steps, lambda: False)):
            if at.bound > self.bound:
                self.bound, self._at = at.bound, (at, tariffs)
            self._report()
            yield at
            brought = at.brought + _hoarded(pricing.arrays, at)
            stocks(pricing.arrays, self._steps, self._room, brought, self._stock)
            tariffs, way = book.moved(tariffs, way, step, brought, at.opened, self._stock)
            self._use(tariffs)

    def _use(self, tariffs: Tariffs) -> None:
        lots = self._tariffs.priced(tariffs)
        self._pricing.lots, self._pricing.arrays = lots, arrays(lots)

    def _plan(self) -> None:
        """A plan of the lots at the best tariffs, and then one that keeps riders."""
        plain = self._plain(PLAIN_SHARE * self.clock.left())
        plain.run()
        self.bound = max(self.bound, plain.bound)
        if plain.best is None or plain.at is None:
            return
        self._enter("keeping all rules")
        self._reworking.learn(plain.at.price, plain.pricing.opening)
        self._take(self._reworking.adopt(plain.best.quantity))
        for firmness in FIRMER:
            self._take(self._reworking.sweep(CHARGED, 0, firmness))
        found = self._reworking.found() or self._reworking.mended()
        self._take(found)
        if self.best is not None and (found is None or found.cost > self.best.cost):
            self._reworking.adopt(self.best.quantity)

    def _plain(self, seconds: float) -> Decomposition:
        """A search over the lots at the best tariffs."""
        assert self._at is not None
        since, lots = self.clock.seconds(), self._tariffs.priced(self._at[1])
        options = Options(seconds, self.options.gap / 2, self.options.seed, self._threads)

        def tell(progress: Progress) -> None:
            if progress.bound is not None:
                self.bound = max(self.bound, progress.bound)
            plan = None if self.best is None else self.best.cost
            self._tell(Progress(since + progress.seconds, plan, self.bound, f"{progress.phase}, rules priced"))

        return Decomposition(lots, options, tell, lambda *_: None, self._stop)

    def _improve(self) -> None:
        """Rounds of passes, with more kicks where they gain nothing more."""
        kicks = 0
        while not self._done():
            before = self._cost()
            self._enter("improving block by block")
            for share in SHARES:
                self._take(self._reworking.sweep(share, KICKS[kicks]))
            if self._cost() > before - WORTHWHILE * abs(before):
                kicks = min(kicks + 1, len(KICKS) - 1)

    def _take(self, found: Found | None) -> None:
        if found is not None and found.cost < self._cost():
            self.best = found
            self._keep(found.quantity, found.cost, True)
        self._report()

    def _cost(self) -> float:
        return np.inf if self.best is None else self.best.cost

    def _done(self) -> bool:
        if self.clock.over() or self.best is None:
            return self.clock.over()
        return self.best.cost - self.bound <= self.options.gap * abs(self.best.cost)


def _hoarded(a: Arrays, at: Priced) -> Floats:
    """What options bring for the sake of having it, where tariffs pay for that (`Priced.brought` is what is used)."""
    by_gate = np.append(at.price, 0.0)[a.gate]
    unit = a.unit_cost + by_gate * a.use + at.most - at.least
    fixed = a.fixed_cost + by_gate * a.setup - at.most * a.largest + at.least * a.smallest
    left = unit + a.held[a.option_lot, a.periods] - a.held[a.option_lot, a.arrival] - a.credit[a.option_lot]
    return np.where(fixed + np.minimum(left, 0.0) * a.largest < 0.0, np.where(left < 0.0, a.largest, 0.0), 0.0)


def searching(content: bytes, options: Options, tell: Tell, keep: Keep, stop: Stop) -> Search:
    """A search over lots with riders that another process sent."""
    return Search(Extended.from_bytes(content), options, tell, keep, stop)
