"""Search: prices, then plans, lot by lot: the road for instances that are lots and gates and nothing else.

1. A first plan at a first guess of prices, for which each lot is asked once; then prices climb.
2. What the lots proposed is mixed: better prices, a better bound, and which gates are worth opening (mix.py).
3. A plan at these prices, the largest lots first; then pass after pass that decides lots again, and chains in which
   one lot gets what it wants and others make room.

The bound is recomputed at the best prices by `Pricing.at` and nothing else; no solver's word enters it. Threads
change no figure; where no phase and no group of lots is cut off by its share of the time, one seed gives one run.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from models.lots import Lots
from optimizer.decompose.executor import Executor, Serial
from optimizer.decompose.groups import Task, decided
from optimizer.decompose.ideas import used
from optimizer.decompose.mix import Mix
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Glance, Priced, Pricing
from optimizer.decompose.processes import Processes
from optimizer.decompose.resume import known_prices, priced_again, taken_up
from optimizer.solve.clock import Clock
from optimizer.solve.highs import Limits
from optimizer.solve.program import Booleans, Floats
from optimizer.solve.reporter import Keep, Reporter, Stop, Tell
from optimizer.solve.search import Options

STEPS = 6  # of climbing prices
CLIMB_SHARE = 0.6  # of the time, at most
KEPT = 0.8  # of what gates were filled before, in each step
FEW = 400  # lots up to which groups are decided exactly
WIDTH, NARROWER, NARROWEST = 0.4, 0.6, 1e-3  # the box of prices, as a share of the largest opening price
CLOSE = 3e-5  # share of the cost by which mix and bound may differ in the end
FIRST_CLOSE, FIRST_SHARE = 1e-4, 0.5  # before the first plan that is improved; of the time that is left
SHARE = 0.25  # of the time that is left, for a round of proving and rebuilding
OPEN = 0.05  # share of a gate that the mix must open, or the lots fill, for it to be worth it
SHARES = (1.0, 0.5, 0.0)  # of the prices that are charged in the passes of one round
WORST = 0.2  # share of the lots that are given what they want in one round
WORTHWHILE = 2e-5  # a round that gains less than this share of the cost is the last of its kind
DEEPER = 1e-4  # a round that gains less is followed by those that try further changes
BATCH = 50  # rounds between two looks at which lots lose most, and more where there are more than a thousand
PATIENCE = 20  # times that each lot is taken out, on average, without a gain that is worthwhile
NEAR_ENOUGH = 0.003  # a new plan that is dearer by less than this is improved all the same: it may get further
RESUMED = 0.03  # gap of an earlier plan above which its prices are found anew
GROUP, AT_ONCE = 5, 4  # lots of a group; groups that are decided at once
GROUP_SECONDS, GROUP_GAP, GROUP_NODES = 4.0, 3e-4, 100


class Decomposition:
    """One run over lots; the calls are those of `optimizer.solve.reporter`, a plan is the quantity of each option."""

    def __init__(
        self, lots: Lots, options: Options, tell: Tell, keep: Keep, stop: Stop, proving: float | None = None
    ) -> None:
        """Make ready; `proving` are seconds for which linear programs are kept, where that is longer than the run."""
        self.lots, self.options, self._proving = lots, options, proving
        self.best: Found | None = None
        self.bound = -np.inf
        self._keep = keep
        self._threads = (options.threads or 2) if used("both cores") else 1
        self.pricing = Pricing(lots, self._threads)
        self._mix = Mix(self.pricing, self._threads) if used("mix") else None
        self.planner = Planner(lots, self.pricing.arrays, options.seed, self._done, self._threads)
        self.pricing.warm_up()  # not of the run's time: it is once after each installation
        self.planner.warm_up()
        if self._mix is not None:
            self._mix.warm_up()
        self.clock, self._stop = Clock(options.seconds, stop), stop
        reporter = Reporter(tell, self.clock, lambda: (self._cost(), self.bound))
        self._enter, self._report = reporter.enter, reporter.report
        self._at: Priced | None = None  # where the bound is best
        self._filled = np.ones(len(lots.gate_cost))
        self._one_at_a_time = threading.Lock()
        self._widest = self._width = WIDTH * (float(self.pricing.opening.max(initial=0.0)) or 0.05)

    def run(self) -> None:
        """Search until the gap, the time or the stop."""
        self._enter("ordering nothing")
        self._take(self.planner.adopt(np.zeros(len(self.pricing.arrays.gate))))
        if not self._resume():
            self._enter("prices of capacity")
            self._climb()
            self._prove_first()
            self._plan()
            self._improve()
        while not self._done() and self._at is not None:
            if not self._prove_and_rebuild() and self._few and used("groups"):
                self._decide_groups()
        self._report()

    def restart(self, seconds: float) -> None:
        """So many seconds from now, for a run that begins later than it was made."""
        self.clock = Clock(seconds, self._stop)

    def prove(self, seconds: float, stop: Stop) -> None:
        """Go on with prices alone, after the run: until there is no better bound, or so long."""
        self.clock, self.options = Clock(seconds, stop), replace(self.options, gap=0.0)
        if self._at is not None:
            self._converge(np.inf)

    @property
    def prices(self) -> Floats:
        """What a later search can begin from; empty before there is any."""
        return np.zeros(0) if self._at is None else known_prices(self._at)

    def _resume(self) -> bool:
        """Take up an earlier plan and its prices, where there are any; whether that is as good as climbing to them."""
        warm = self.options.warm
        if warm is None:
            return False
        self._enter("taking up the earlier plan")
        at = priced_again(self.pricing, warm.prices)
        if at is not None:
            self._price(at)
            within = self.pricing.within_limits(at.price, self._solver_seconds())
            self._price(within)
            at = within if within.bound > at.bound else at
            self.planner.learn(at, self.pricing.supply_price, self.pricing.opening)
        self._take(taken_up(self.planner, self.pricing.arrays, warm))
        if at is None or self._cost() - self.bound > RESUMED * abs(self._cost()):
            return False
        if self._mix is not None:
            self._mix.propose(at)
        self._improve()
        return True

    def mixed(self) -> Booleans:
        """Options that take part in the mix of the lots' proposals with which it came to its last prices."""
        return np.zeros(len(self.lots.order), dtype=np.bool_) if self._mix is None else self._mix.support()

    def _solver_seconds(self) -> float:
        return self.clock.left() if self._proving is None else self._proving

    def _climb(self) -> None:
        """Prices by steps; the mix gets what the lots proposed on the way."""
        pricing = self.pricing
        if self._done():
            return
        until = self.clock.seconds() + CLIMB_SHARE * self.clock.left()
        glance = pricing.glanced()
        self._first_plan(glance)
        for at in pricing.climbed(STEPS, lambda: self._done() or self.clock.seconds() > until, glance.climb):
            self._price(at)
            self._filled = KEPT * self._filled + (1 - KEPT) * np.minimum(1.0, 1.0 + pricing.slope(at))
            if self._mix is not None:
                self._mix.propose(at)
        if self._at is not None:
            self._propose(self._at.price)

    def _prove_first(self) -> None:
        """Better prices before the plan that is improved: what was made at bad ones, rebuilding mends but slowly."""
        if self._mix is not None and self._at is not None and not self._done():
            self._enter("proving")
            self._converge(self.clock.seconds() + FIRST_SHARE * self.clock.left(), FIRST_CLOSE)

    def _first_plan(self, glance: Glance) -> None:
        self._enter("a first plan")
        self.planner.learn(glance, self.pricing.supply_price, self.pricing.opening)
        self._take(self.planner.start(np.ones(len(self.lots.gate_cost), dtype=np.bool_), 1))
        self._take(self.planner.sweep(0.0, 1))
        self._enter("prices of capacity")

    def _prove_and_rebuild(self) -> bool:
        """A better bound and a better plan, each for a share of the time, or until there is no more to gain.

        With two threads they are found beside each other. Neither looks at what the other finds before both end.

        Returns:
            Whether the plan has become better.
        """
        at, cost = self._at, self._cost()
        assert at is not None and self.best is not None
        proven = self._settled(CLOSE)
        if proven and not used("rebuilding"):
            return False
        self._enter("rebuilding lot by lot" if proven else "proving")
        until = self.clock.seconds() + (1.0 if proven else SHARE) * self.clock.left()
        self.planner.adopt(self.best.quantity)
        self.planner.learn(at, self.pricing.supply_price, self.pricing.opening)
        support = self._support()
        if proven:
            self._rebuild(at, support, until)
        elif self._threads > 1 and used("rebuilding"):
            self._enter("proving, and rebuilding lot by lot")
            with ThreadPoolExecutor(1) as beside:
                proof = beside.submit(self._converge, until)
                self._rebuild(at, support, until)
                proof.result()
        else:
            self._converge(until)
            if used("rebuilding"):
                self._enter("rebuilding lot by lot")
                self._rebuild(at, support, self.clock.seconds() + SHARE * self.clock.left())
        self.planner.adopt(self.best.quantity)
        return self._cost() < cost - WORTHWHILE * abs(cost)

    def _converge(self, until: float, close: float = CLOSE) -> None:
        """Prices from the mix until it and the bound meet, or until then."""
        while self._mix is not None and self._at is not None and not self._settled(close):
            if self._done() or self.clock.seconds() >= until:
                break
            before = self.bound
            self._propose(self._mix.prices(self._at, self._width))
            if self.bound <= before:
                self._width *= NARROWER

    def _propose(self, prices: Floats) -> None:
        at = self.pricing.within_limits(prices, self._solver_seconds())
        self._price(at)
        if self._mix is not None:
            self._mix.propose(at)

    def _settled(self, close: float) -> bool:
        """Whether mix and bound are as near as this share of it, or prices have hardly room to move."""
        if self._mix is None or self._width < NARROWEST * self._widest:
            return True
        return self._mix.objective + self.lots.constant - self.bound <= close * max(abs(self.bound), 1e-9)

    def _worth_opening(self) -> Booleans:
        """Gates that the mix opens, or that the lots fill at the prices."""
        shares = self._filled if self._mix is None else self._mix.open_shares()
        return np.asarray((shares > OPEN) | ~self.pricing.priced_gates)

    def _plan(self) -> None:
        """A plan at the best prices; the best plan is taken up again where it is not better."""
        if self._at is None or self._done():
            return
        self._enter("planning lot by lot")
        self.planner.learn(self._at, self.pricing.supply_price, self.pricing.opening)
        found, kept = self.planner.start(self._worth_opening(), 1), self.best
        self._take(found)
        self._enter("improving lot by lot")
        for share in SHARES:
            found = self.planner.sweep(share, 1)
            self._take(found)
        if kept is not None and (found is None or kept.cost < found.cost * (1 - NEAR_ENOUGH)):
            self.planner.adopt(kept.quantity)

    def _improve(self) -> bool:
        """Rounds of chains and passes until they gain nothing more; whether they gained anything."""
        if self._at is None:
            return False
        count, depth, first = max(1, int(WORST * len(self.lots))), 1, self._cost()
        while not self._done():
            before = self._cost()
            if used("chains"):
                self._enter("making room")
                self._take(self.planner.eject(self.planner.losses(self._at), count, depth))
            self._enter("improving lot by lot")
            for share in SHARES:
                self._take(self.planner.sweep(share, depth))
            if self._cost() > before - (WORTHWHILE if depth == 2 else DEEPER) * abs(before):
                if depth == 2:
                    break
                depth, count = 2, min(2 * count, len(self.lots))
        return self._cost() < first - WORTHWHILE * abs(first)

    def _rebuild(self, at: Priced, support: Booleans, until: float) -> None:
        """Lots taken out and decided anew, some at a time, until then or until that gains nothing more."""
        before, tried, count = self._cost(), 0, max(BATCH, len(self.lots) // 20)
        while not self._done() and self.clock.seconds() < until:
            self._take(self.planner.rebuild(at, support, count))
            tried += count
            if self._cost() < before - WORTHWHILE * abs(before):
                before, tried, count = self._cost(), 0, max(BATCH, len(self.lots) // 20)
            elif tried > PATIENCE * len(self.lots):
                break

    def _support(self) -> Booleans:
        """Options that are worth a try."""
        assert self._at is not None
        return self.mixed() | (self._at.opened > 0)

    def _decide_groups(self) -> None:
        """Groups of lots that meet in gates, decided exactly, some at once."""
        assert self._at is not None and self.best is not None
        self._enter("deciding groups of lots")
        a, planner = self.pricing.arrays, self.planner
        planner.adopt(self.best.quantity)
        support = self._support()
        rounds = max(2, len(self.lots) // (GROUP * AT_ONCE))
        with self._executor() as executor:
            for _ in range(rounds):
                if self._done():
                    break
                groups = planner.groups(self._at, support, GROUP, AT_ONCE)
                limits = Limits(min(GROUP_SECONDS, max(self.clock.left(), 0.1)), GROUP_GAP, GROUP_NODES)
                tasks = [Task(some.program, some.start, limits, self.options.seed) for some in groups]
                for some, x in zip(groups, executor.map(decided, tasks), strict=True):
                    if x is None:
                        continue
                    before, quantity = planner.state.quantity.copy(), planner.state.quantity.copy()
                    some.quantities(x, a, quantity)
                    found = planner.adopt(quantity)
                    if found is None or found.cost >= self._cost():
                        planner.adopt(before)
                    self._take(found)

    def _executor(self) -> Executor:
        return Processes(self._threads, ["optimizer.decompose.groups"]) if self._threads > 1 else Serial()

    @property
    def _few(self) -> bool:
        return self._mix is not None and len(self.lots) <= FEW

    def _price(self, at: Priced) -> None:
        with self._one_at_a_time:
            if at.bound > self.bound:
                self.bound, self._at = at.bound, at
            self._report()

    def _take(self, found: Found | None) -> None:
        with self._one_at_a_time:
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


def searching(content: bytes, options: Options, tell: Tell, keep: Keep, stop: Stop) -> Decomposition:
    """A search over lots that another process sent."""
    return Decomposition(Lots.from_bytes(content), options, tell, keep, stop)
