"""Extended: the search for lots with riders (riders.py).

1. What stock is to be above becomes demand that is wanted early, and is no rider any more (reserves.py).
2. Prices of gates and of the riders that are left climb together: a bound (tariffs.py).
3. At the best prices of riders the lots are plain lots: a plan is made of them as such (planner.py). It keeps riders on
   average, for that is priced.
4. Items whose ties are broken are moved about until these are kept (rework.py).
5. Items that meet in gates are taken out together and decided anew, ties weighed (rebuild_items.py), to the end.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.lots import Lots
from models.riders import Extended
from optimizer.decompose.arrays import Arrays, arrays
from optimizer.decompose.bonds import Bonds
from optimizer.decompose.carry import levels, lines, stocks
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Climb, Priced, Pricing
from optimizer.decompose.reserves import Reserves
from optimizer.decompose.reworking import Reworking
from optimizer.decompose.served import Served
from optimizer.decompose.tariffs import TariffBook, Tariffs
from optimizer.solve.clock import Clock
from optimizer.solve.program import Booleans, Floats
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.search import Options

CLIMB_SHARE = 0.4  # of the time, for climbing prices
LOT_SECONDS = 7e-4  # that pricing a lot takes, about: how many steps are planned follows from it, not from the clock
STEPS = (30, 400)  # of climbing prices, at least and at most
FIRST = 8  # step after which there is a first plan
LAST_GATES, LAST_RIDERS = 0.03, 0.09  # length of the last step, as a share of the first
LATELY = 0.5  # share of the steps, the last ones, of which all that is taken is worth a try
PLAIN_SHARE = 0.3  # of the time that is left, for a plan of plain lots
PLAIN = (1.0, 0.5, 0.0)  # shares of the gates' prices that are charged in the passes over them
WORST = 0.2  # share of them that are given what they want in one round
PAYS = 5e-4  # a round that gains less than this share of the cost is the last
FIRMER, CHARGED = (0.1, 0.25, 0.5, 1.0, 10.0), 0.5  # shares of penalties and prices where broken ties are mended
BATCH = 20  # rounds of rebuilding of each half between two looks at the whole plan, and more where there are many items


class At(NamedTuple):
    """Where the bound is best."""

    priced: Priced
    tariffs: Tariffs


class Search:
    """One run; the calls are those of `optimizer.solve.reporter`, a plan is the quantity of each option."""

    def __init__(self, problem: Extended, options: Options, tell: Tell, keep: Keep, stop: Stop) -> None:
        self.problem, self.options = problem, options
        self.best: Found | None = None
        self.bound = -np.inf
        self.prices = np.zeros(0)  # it keeps none for a later search
        self._keep = keep
        self._threads = options.threads or 2
        self._reserves = reserves = Reserves(problem.lots, problem.riders)
        self._tariffs = TariffBook(reserves.lots, reserves.rest)
        self._served = Served(problem, reserves)
        self._at: At | None = None
        self._pricing = Pricing(reserves.lots, self._threads)
        self._as_asked = arrays(problem.lots)
        self._room, self._levels = lines(self._as_asked), levels(problem.riders)
        self._stock = np.zeros(problem.lots.holding.shape)
        self._support: Booleans = np.zeros(len(problem.lots.order), dtype=np.bool_)
        self._reworking = Reworking(problem, options.seed, self._done)
        self._warm_up()  # not of the run's time: it is once after each installation
        self.clock = Clock(options.seconds, stop)
        reporter = Reporter(tell, self.clock, lambda: (self._cost(), self.bound))
        self._enter, self._report = reporter.enter, reporter.report

    def _warm_up(self) -> None:
        self._pricing.warm_up()
        nothing = np.zeros(len(self.problem.lots.order))
        lots, a = self._plain_lots(self._tariffs.start())
        planner = Planner(lots, a, self.options.seed, lambda: True)
        planner.warm_up()
        planner.adopt(nothing)
        stocks(self._as_asked, self._levels, self._room, nothing, self._stock)
        self._served.found(nothing)
        self._reworking.warm_up()

    def run(self) -> None:
        """Search until the gap, the time or the stop."""
        self._enter("ordering nothing")
        self._take(np.zeros(len(self.problem.lots.order)))
        if self.options.warm is not None:
            self._enter("taking up the earlier plan")
            self._take(np.nan_to_num(self.options.warm.x))
        self._climb()
        if self._at is not None and not self._done():
            at = self._at
            self._enter("planning lot by lot, rules priced")
            quantity = self._plain(at, PLAIN_SHARE)
            self._enter("keeping all rules")
            quantity = self._with_ties_kept(quantity, at.priced)
            self._enter("improving item by item")
            self._improve(at, quantity)
        self._report()

    def _climb(self) -> None:
        self._enter("prices of capacity and of rules")
        until = CLIMB_SHARE * self.clock.left()
        wanted = CLIMB_SHARE * self.options.seconds / (LOT_SECONDS * max(len(self.problem.lots), 1))
        steps = int(np.clip(wanted, *STEPS))
        for step, at in enumerate(self._climbed(steps)):
            if self._done() or self.clock.seconds() > until:
                break
            if step >= (1.0 - LATELY) * steps:
                self._support |= at.opened > 0
            if step == FIRST and self._at is not None:
                self._enter("a first plan, rules priced")
                self._with_ties_kept(self._plain(self._at, 0.0), self._at.priced)
                self._enter("prices of capacity and of rules")

    def _climbed(self, steps: int) -> Iterator[Priced]:
        """Prices of gates and of riders, a step each at once."""
        book, pricing = self._tariffs, self._pricing
        tariffs, way = book.start(), book.still()
        self._use(tariffs)
        shrink, slower = LAST_GATES ** (1 / steps), LAST_RIDERS ** (1 / steps)
        for step, at in enumerate(pricing.climbed(steps, lambda: False, Climb(pricing, shrink))):
            if at.bound > self.bound:
                self.bound, self._at = at.bound, At(at, tariffs)
            self._report()
            yield at
            brought = at.brought + _hoarded(pricing.arrays, at)
            stocks(self._as_asked, self._levels, self._room, brought, self._stock)
            tariffs, way = book.moved(tariffs, way, slower**step, brought, at.opened, self._stock)
            self._use(tariffs)

    def _use(self, tariffs: Tariffs) -> None:
        self._pricing.lots, self._pricing.arrays = self._reserves.arrays(self._tariffs.priced(tariffs), proven=True)

    def _plain_lots(self, tariffs: Tariffs) -> tuple[Lots, Arrays]:
        return self._reserves.arrays(self._tariffs.priced(tariffs), proven=False)

    def _plain(self, at: At, share: float) -> Floats:
        """Quantities of a plan of plain lots: passes and chains while these pay, for a share of the time left."""
        until = self.clock.seconds() + share * self.clock.left()

        def over() -> bool:
            return self._done() or self.clock.seconds() > until

        lots, a = self._plain_lots(at.tariffs)
        planner = Planner(lots, a, self.options.seed, over, self._threads)
        planner.learn(at.priced, self._pricing.supply_price, self._pricing.opening)
        found, last = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 1), np.inf
        while found is not None and found.cost < last - PAYS * abs(found.cost) and not over():
            last = found.cost
            planner.eject(planner.losses(at.priced), max(1, int(WORST * len(lots))), 1)
            for charged in PLAIN:
                found = planner.sweep(charged, 1) or found
            self._report()
        return planner.state.quantity.copy()

    def _with_ties_kept(self, quantity: Floats, at: Priced) -> Floats:
        """Items whose ties are broken are moved about until they are kept; the others stay as they are."""
        reworking = self._reworking
        reworking.learn(at.price, self._pricing.opening)
        reworking.adopt(quantity)
        for firmness in FIRMER:
            broken = reworking.broken()
            if not len(broken):
                break
            reworking.sweep(CHARGED, 0, firmness, broken)
        self._take(reworking.state.quantity)
        return reworking.state.quantity.copy()

    def _improve(self, at: At, quantity: Floats) -> None:
        """Rounds of rebuilding items; what is broken after one is mended beside it."""
        lots, a = self._plain_lots(at.tariffs)
        bonds = Bonds(lots, self.problem.riders)
        planner = Planner(lots, a, self.options.seed, self._done, self._threads, bonds)
        planner.learn(at.priced, self._pricing.supply_price, self._pricing.opening)
        planner.adopt(quantity)
        support, count = self._support | (at.priced.opened > 0), max(BATCH, bonds.items // 4)
        while not self._done():
            planner.rebuild(at.priced, support, count, at.tariffs.tie)
            found = planner.state.quantity
            if self._served.ties_hold(found).all():
                self._take(found)
            else:
                self._with_ties_kept(found, at.priced)

    def _take(self, quantity: Floats) -> None:
        """A plan; where it breaks rules, without what does."""
        found = self._served.mended(quantity)
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
