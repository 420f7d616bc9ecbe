"""Extended: the search for lots with riders (riders.py).

1. Prices of gates and of riders climb together: a bound (tariffs.py).
2. At the best prices of riders the lots are plain lots: a plan is made of them as such (planner.py).
3. That plan is reworked, block by block, with the riders as they are (rework.py): first to keep them, then to the
   end to become better.
"""

from collections.abc import Iterator

import numpy as np

from models.riders import Extended
from optimizer.decompose.arrays import Arrays, arrays
from optimizer.decompose.carry import levels, lines, stocks
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Climb, Priced, Pricing
from optimizer.decompose.reworking import Reworking
from optimizer.decompose.tariffs import TariffBook, Tariffs
from optimizer.solve.clock import Clock
from optimizer.solve.program import Floats
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.search import Options

CLIMB_SHARE = 0.4  # of the time, for climbing prices
LOT_SECONDS = 7e-4  # that pricing a lot takes, about: how many steps are planned follows from it, not from the clock
STEPS = (30, 250)  # of climbing prices, at least and at most
FIRST = 8  # step after which there is a first plan
LAST_GATES, LAST_RIDERS = 0.03, 0.09  # length of the last step, as a share of the first
PLAIN_SHARE = 0.3  # of the time that is left, for a plan of plain lots
PLAIN = (1.0, 0.5, 0.0)  # shares of the gates' prices that are charged in the passes over them
WORST = 0.2  # share of them that are given what they want in one round
PAYS = 5e-4  # a round that gains less than this share of the cost is the last
FIRMER, CHARGED = (0.1, 0.25, 0.5, 1.0, 10.0), 0.5  # shares of penalties and prices in the first passes with riders
SHARES = (0.3, 0.0)  # of the gates' prices, in the passes of one round
KICKS = (0, 4, 8, 16, 32)  # by round
WORTHWHILE = 2e-5  # a round that gains less than this share of the cost is followed by one with more kicks


class Search:
    """One run; the calls are those of `optimizer.solve.reporter`, a plan is the quantity of each option."""

    def __init__(self, problem: Extended, options: Options, tell: Tell, keep: Keep, stop: Stop) -> None:
        self.problem, self.options = problem, options
        self.best: Found | None = None
        self.bound = -np.inf
        self.prices = np.zeros(0)  # it keeps none for a later search
        self._keep = keep
        self._tariffs = TariffBook(problem.lots, problem.riders)
        self._at: tuple[Priced, Tariffs] | None = None  # where the bound is best
        self._pricing = Pricing(problem.lots, options.threads or 2)
        self._stock, self._room = np.zeros(problem.lots.holding.shape), lines(self._pricing.arrays)
        self._levels = levels(problem.riders)
        self._reworking = Reworking(problem, options.seed, self._done)
        self._pricing.warm_up()  # not of the run's time: it is once after each installation
        self._reworking.warm_up()
        planner = Planner(problem.lots, self._pricing.arrays, options.seed, lambda: True)
        planner.warm_up()
        planner.adopt(np.zeros(len(problem.lots.order)))
        none = self._pricing.arrays._replace(credit=np.zeros(0))
        stocks(none, self._levels, self._room, np.zeros(0), self._stock)
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
        self._climb()
        if self._at is not None and not self._done():
            self._plan(*self._at)
            self._improve()
        self._report()

    def _climb(self) -> None:
        self._enter("prices of capacity and of rules")
        until = CLIMB_SHARE * self.clock.left()
        steps = CLIMB_SHARE * self.options.seconds / (LOT_SECONDS * max(len(self.problem.lots), 1))
        for step, _ in enumerate(self._climbed(int(np.clip(steps, *STEPS)))):
            if self._done() or self.clock.seconds() > until:
                break
            if step == FIRST and self._at is not None:
                self._enter("a first plan, rules priced")
                self._reworking.adopt(self._plain(*self._at, 0.0))
                self._take(self._reworking.mended())
                self._enter("prices of capacity and of rules")

    def _climbed(self, steps: int) -> Iterator[Priced]:
        """Prices of gates and of riders, a step each at once."""
        book, pricing = self._tariffs, self._pricing
        tariffs, way = book.start(), book.still()
        self._use(tariffs)
        shrink, slower = LAST_GATES ** (1 / steps), LAST_RIDERS ** (1 / steps)
        for step, at in enumerate(pricing.climbed(steps, lambda: False, Climb(pricing, shrink))):
            if at.bound > self.bound:
                self.bound, self._at = at.bound, (at, tariffs)
            self._report()
            yield at
            brought = at.brought + _hoarded(pricing.arrays, at)
            stocks(pricing.arrays, self._levels, self._room, brought, self._stock)
            tariffs, way = book.moved(tariffs, way, slower**step, brought, at.opened, self._stock)
            self._use(tariffs)

    def _use(self, tariffs: Tariffs) -> None:
        lots = self._tariffs.priced(tariffs)
        self._pricing.lots, self._pricing.arrays = lots, arrays(lots)

    def _plan(self, at: Priced, tariffs: Tariffs) -> None:
        """A plan of the lots at the best tariffs, then one that keeps riders, too; the best is taken up again."""
        self._enter("planning lot by lot, rules priced")
        reworking = self._reworking
        plain = self._plain(at, tariffs, PLAIN_SHARE)
        self._enter("keeping all rules")
        reworking.learn(at.price, self._pricing.opening)
        reworking.adopt(plain)
        self._take(reworking.mended())
        for firmness in FIRMER:
            reworking.sweep(CHARGED, 0, firmness)
            self._take(reworking.mended())
        if self.best is not None:
            reworking.adopt(self.best.quantity)

    def _plain(self, at: Priced, tariffs: Tariffs, share: float) -> Floats:
        """Quantities of a plan of plain lots: passes and chains while these pay, for a share of the time left."""
        lots, until = self._tariffs.priced(tariffs), self.clock.seconds() + share * self.clock.left()

        def over() -> bool:
            return self._done() or self.clock.seconds() > until

        planner = Planner(lots, arrays(lots), self.options.seed, over)
        planner.learn(at, self._pricing.supply_price, self._pricing.opening)
        found, last = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 1), np.inf
        while found is not None and found.cost < last - PAYS * abs(found.cost) and not over():
            last = found.cost
            planner.eject(planner.losses(at), max(1, int(WORST * len(lots))), 1)
            for charged in PLAIN:
                found = planner.sweep(charged, 1) or found
            self._report()
        return planner.state.quantity

    def _improve(self) -> None:
        """Rounds of passes, with more kicks where they gain nothing more."""
        kicks = 0
        while not self._done():
            before = self._cost()
            self._enter("improving item by item")
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
