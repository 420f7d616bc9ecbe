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
from optimizer.decompose.rework import adopted, blocks_of, reworked, ties_of
from optimizer.solve.program import Booleans, Floats, Ints

CHUNK = 20  # blocks that are reworked between two looks at the clock
MENDING = 30  # rounds
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
        self.state: State = empty(self._a, empty_prices(self._a))

    def warm_up(self) -> None:
        """Call every compiled function once, on nothing."""
        self._rework(np.zeros(0, dtype=np.int64), 1.0, 0, 1.0)

    def learn(self, price: Floats, sunk: Floats) -> None:
        """Take over prices of gates; `sunk` is what opening one costs by unit of use."""
        self.state.price[:] = np.append(np.maximum(price - sunk, 0.0), 0.0)

    def adopt(self, quantity: Floats) -> Found | None:
        """A plan that is there; None where it breaks a rule."""
        self.state.quantity[:] = quantity
        self.state.status[:] = OPEN
        return self.found()

    def sweep(self, share: float, kicks: int, firmness: float = 1.0) -> Found | None:
        """Every block once, with this share of the gates' prices, and of the penalties for broken ties, charged."""
        order = self._random.permutation(self.count).astype(np.int64)
        for first in range(0, self.count, CHUNK):
            if self._over():
                break
            self._rework(order[first : first + CHUNK], share, kicks, firmness)
        return self.found()

    def mended(self) -> Found | None:
        """The plan without the orders of blocks whose ties are broken, and of gates that these leave too empty."""
        self.found()
        a, state, ties = self._a, self.state, self._ties
        block = np.repeat(np.arange(self.count), np.diff(ties.start))
        lots = np.diff(self._blocks.lot_start)
        of_option = np.repeat(np.arange(self.count), lots)[a.option_lot]
        for _ in range(MENDING):
            state.quantity[np.isin(of_option, block[~self._ties_hold()])] = 0.0
            self.found()
            low = (self._blocks.taken > 0) & (state.worth < a.gate_floor * (1 - 1e-7) - 1e-7)
            if not low.any() and self._ties_hold().all():
                break
            state.quantity[low[a.gate]] = 0.0
            self.found()
        return self.found()

    def found(self) -> Found | None:
        """The plan at hand, reckoned anew; None where it breaks a rule."""
        a, state, lots = self._a, self.state, self._lots
        adopted(a, self._steps, self._ties, self._room, state, self._blocks)
        taken = self._blocks.taken > 0
        broken = (state.used > a.gate_capacity * (1 + 1e-7) + 1e-7) | (state.worth > a.gate_ceiling * (1 + 1e-7) + 1e-7)
        broken |= taken & (state.worth < a.gate_floor * (1 - 1e-7) - 1e-7)
        if broken.any() or not self._ties_hold().all():
            return None
        quantity = state.quantity
        own = float((lots.unit_cost * quantity).sum() + lots.fixed_cost[quantity > 0].sum())
        gates = float(lots.gate_cost[taken[:-1]].sum()) + self._overtime()
        return Found(quantity.copy(), own + gates + float(self._blocks.lot_cost.sum()) + lots.constant)

    def _ties_hold(self) -> Booleans:
        ties, has = self._ties, self._blocks.has
        size = 1e-7 * np.maximum(np.bincount(ties.tie, np.abs(ties.quantity) * self._by_tie(), len(has)), 1.0)
        return np.asarray((has >= ties.least - size) & (has <= ties.most + size))

    def _by_tie(self) -> Floats:
        return self.state.quantity[np.repeat(np.arange(len(self._a.gate)), np.diff(self._ties.of_option))]

    def _overtime(self) -> float:
        lots = self._lots
        over = np.maximum(self.state.used[:-1] - lots.gate_capacity, 0.0)
        return float((np.where(over > 0, over, 0.0) * lots.gate_overtime_cost).sum())

    def _rework(self, order: Ints, share: float, kicks: int, firmness: float) -> None:
        ties = self._ties._replace(weight=firmness * self._ties.weight)
        reworked(self._a, self._steps, ties, self._room, self.state, self._blocks, order, share, REACH, kicks)
