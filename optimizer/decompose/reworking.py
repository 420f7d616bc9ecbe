"""Reworking: one plan of all blocks, riders kept, that is made better and better by `rework`."""

from collections.abc import Callable

import numpy as np

from models.lots import Lots
from models.riders import Extended
from optimizer.decompose.arrays import arrays
from optimizer.decompose.carry import levels, lines
from optimizer.decompose.follow import empty_prices
from optimizer.decompose.planner import Found
from optimizer.decompose.replan import OPEN, State, empty
from optimizer.decompose.rework import Ties, adopted, blocks_of, reworked, ties_of
from optimizer.solve.program import Booleans, Floats, Ints

CHUNK = 20  # blocks that are reworked between two looks at the clock, where none is shaken
EXACT = 1e-7  # share by which a limit may be broken
REACH = 5  # periods by which a move puts off or brings forward


class Reworking:
    """The plan at hand; blocks in a random order that a seed decides."""

    def __init__(self, problem: Extended, seed: int, over: Callable[[], bool]) -> None:
        self._lots: Lots = problem.lots
        self._over = over
        self._random = np.random.default_rng(seed)
        self._a = arrays(problem.lots)
        self._steps, self._room = levels(problem.riders), lines(self._a)
        self._ties, lot_start = ties_of(problem.lots, problem.riders)
        self._blocks = blocks_of(problem.lots, self._a, lot_start, self._ties, seed)
        self.count = len(lot_start) - 1
        self._block_of_option = np.repeat(np.arange(self.count), np.diff(lot_start))[self._a.option_lot]
        self._block_of_tie = np.repeat(np.arange(self.count), np.diff(self._ties.start))
        self.state: State = empty(self._a, empty_prices(self._a))

    def warm_up(self) -> None:
        """Call every compiled function once, on nothing."""
        self._rework(np.zeros(0, dtype=np.int64), 1.0, 0, self._ties)
        self.found()

    def learn(self, price: Floats, sunk: Floats) -> None:
        """Take over prices of gates; `sunk` is what opening one costs by unit of use."""
        self.state.price[:] = np.append(np.maximum(price - sunk, 0.0), 0.0)

    def adopt(self, quantity: Floats) -> Found | None:
        """A plan that is there; None where it breaks a rule."""
        self.state.quantity[:] = quantity
        self.state.status[:] = OPEN
        return self.found()

    def sweep(self, share: float, kicks: int, firmness: float = 1.0, blocks: Ints | None = None) -> Found | None:
        """Every block once, with this share of the gates' prices, and of the penalties for broken ties, charged.

        `blocks`: only these.
        """
        ties = self._ties._replace(weight=firmness * self._ties.weight)
        chosen = np.arange(self.count) if blocks is None else blocks
        order, chunk = self._random.permutation(chosen).astype(np.int64), max(1, CHUNK // (1 + kicks))
        for first in range(0, len(order), chunk):
            if self._over():
                break
            self._rework(order[first : first + chunk], share, kicks, ties)
        return self.found()

    def broken(self) -> Ints:
        """Blocks of which a tie is broken by the plan at hand."""
        self.found()
        return np.unique(self._block_of_tie[~self._ties_hold()])

    def mended(self) -> Found | None:
        """The plan without the orders of blocks whose ties are broken, and of gates that these leave too empty.

        The plan at hand stays as it is.
        """
        found, state, kept = self.found(), self.state, self.state.quantity.copy()
        while found is None and state.quantity.any():
            blocks = np.flatnonzero(np.bincount(self._block_of_tie, ~self._ties_hold(), self.count))
            broken = np.isin(self._block_of_option, blocks) | (self._low() | self._over_full())[self._a.gate]
            if not state.quantity[broken].any():
                break  # ordering nothing there does not mend it
            state.quantity[broken] = 0.0
            found = self.found()
        self.adopt(kept)
        return found

    def found(self) -> Found | None:
        """The plan at hand, reckoned anew; None where it breaks a rule."""
        a, state, lots = self._a, self.state, self._lots
        adopted(a, self._steps, self._ties, self._room, state, self._blocks)
        taken = self._blocks.taken > 0
        if self._low().any() or self._over_full().any() or not self._ties_hold().all():
            return None
        quantity = state.quantity
        own = float((lots.unit_cost * quantity).sum() + lots.fixed_cost[quantity > 0].sum())
        gates = float(lots.gate_cost[taken[:-1]].sum()) + self._overtime()
        return Found(quantity.copy(), own + gates + float(self._blocks.lot_cost.sum()) + lots.constant)

    def _low(self) -> Booleans:
        """Gates that are used, but too little."""
        return (self._blocks.taken > 0) & (self.state.worth < self._a.gate_floor * (1 - EXACT) - EXACT)

    def _over_full(self) -> Booleans:
        a, state = self._a, self.state
        full = state.used > a.gate_capacity * (1 + EXACT) + EXACT
        return np.asarray(full | (state.worth > a.gate_ceiling * (1 + EXACT) + EXACT))

    def _ties_hold(self) -> Booleans:
        ties, has = self._ties, self._blocks.has
        size = EXACT * np.maximum(np.bincount(ties.tie, np.abs(ties.quantity) * self._by_tie(), len(has)), 1.0)
        return np.asarray((has >= ties.least - size) & (has <= ties.most + size))

    def _by_tie(self) -> Floats:
        return self.state.quantity[np.repeat(np.arange(len(self._a.gate)), np.diff(self._ties.of_option))]

    def _overtime(self) -> float:
        lots = self._lots
        over = np.maximum(self.state.used[:-1] - lots.gate_capacity, 0.0)
        return float((np.where(over > 0, over, 0.0) * lots.gate_overtime_cost).sum())

    def _rework(self, order: Ints, share: float, kicks: int, ties: Ties) -> None:
        reworked(self._a, self._steps, ties, self._room, self.state, self._blocks, order, share, REACH, kicks)
