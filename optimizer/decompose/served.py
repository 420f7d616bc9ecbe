"""Served: what a plan of lots with riders costs, and who gets what is ordered.

Two ways of handing out are reckoned for each lot, and the cheaper is taken: as the pieces of its lines would have it
(reserves.py), which may keep stock for somebody who waits at a high price; or everything at once (carry.py). What stock
costs below and above its levels is reckoned exactly for either.
"""

import numpy as np

from models.lots import Lots
from models.riders import Extended
from optimizer.decompose.carry import delivered as at_once
from optimizer.decompose.compose import Deliveries
from optimizer.decompose.deliver import delivered_of
from optimizer.decompose.planner import Found
from optimizer.decompose.reserves import Reserves
from optimizer.solve.program import Booleans, Floats, Ints

EXACT = 1e-7  # share by which a limit may be broken


class Served:
    """Reckons plans of one instance."""

    def __init__(self, problem: Extended, reserves: Reserves | None = None) -> None:
        self._lots, self._riders = problem.lots, problem.riders
        self._reserves = reserves or Reserves(problem.lots, problem.riders)
        self._arrays = self._reserves.arrays(self._reserves.lots, proven=False)[1]
        lots, count = problem.lots, len(problem.lots)
        self._of_line = np.repeat(np.arange(count), np.diff(lots.line_start))
        self._of_option = np.repeat(np.arange(count), np.diff(lots.option_start))

    def deliveries(self, quantity: Floats) -> Deliveries:
        """The cheaper of both ways, lot by lot."""
        return self._best(quantity)[0]

    def found(self, quantity: Floats) -> Found | None:
        """The plan and what it costs; None where it breaks a rule."""
        if self.low(quantity).any() or self._over_full(quantity).any() or not self.ties_hold(quantity).all():
            return None
        lots, taken = self._lots, quantity > 0
        own = float((lots.unit_cost * quantity).sum() + lots.fixed_cost[taken].sum())
        used, inside = self._used(quantity), lots.gate >= 0
        opened = np.bincount(lots.gate[inside], taken[inside], len(lots.gate_cost)) > 0
        over = np.maximum(used - lots.gate_capacity, 0.0)
        gates = float(lots.gate_cost[opened].sum() + (np.where(over > 0, over, 0.0) * lots.gate_overtime_cost).sum())
        return Found(quantity.copy(), own + gates + float(self._best(quantity)[1].sum()) + lots.constant)

    def mended(self, quantity: Floats) -> Found | None:
        """The plan without the orders of blocks whose ties are broken, and of gates that these leave too empty."""
        lots, riders = self._lots, self._riders
        quantity, block = quantity.copy(), lots.block[self._of_option]
        gate = np.where(lots.gate >= 0, lots.gate, len(lots.gate_cost))
        while (found := self.found(quantity)) is None:
            broken = np.isin(block, riders.tie_block[~self.ties_hold(quantity)])
            broken |= np.append(self.low(quantity) | self._over_full(quantity), False)[gate]
            if not quantity[broken].any():
                break  # ordering nothing there does not mend it
            quantity[broken] = 0.0
        return found

    def ties_hold(self, quantity: Floats) -> Booleans:
        """Which ties are kept."""
        return np.asarray(self.lacks(quantity) == 0.0)

    def lacks(self, quantity: Floats) -> Floats:
        """What each tie has too little, or too much (below 0); 0 where it is kept."""
        riders = self._riders
        brought = quantity[riders.tie_option]
        terms = riders.tie_quantity * brought + riders.tie_placed * (brought > 0)
        has = np.bincount(riders.tie_of, terms, riders.ties)
        size = EXACT * np.maximum(np.bincount(riders.tie_of, np.abs(terms), riders.ties), 1.0)
        lacks = np.where(has < riders.tie_least - size, riders.tie_least - has, 0.0)
        return np.asarray(np.where(has > riders.tie_most + size, riders.tie_most - has, lacks))

    def low(self, quantity: Floats) -> Booleans:
        """Gates that are used, but too little."""
        lots = self._lots
        inside, taken = lots.gate >= 0, quantity > 0
        opened = np.bincount(lots.gate[inside], taken[inside], len(lots.gate_cost)) > 0
        return np.asarray(opened & (self._worth(quantity) < lots.gate_floor * (1 - EXACT) - EXACT))

    def _over_full(self, quantity: Floats) -> Booleans:
        lots = self._lots
        full = self._used(quantity) > (lots.gate_capacity + lots.gate_overtime) * (1 + EXACT) + EXACT
        return np.asarray(full | (self._worth(quantity) > lots.gate_ceiling * (1 + EXACT) + EXACT))

    def _used(self, quantity: Floats) -> Floats:
        return self._by_gate(self._lots.use * quantity + self._lots.setup * (quantity > 0))

    def _worth(self, quantity: Floats) -> Floats:
        return self._by_gate(self._lots.worth * quantity)

    def _by_gate(self, values: Floats) -> Floats:
        inside = self._lots.gate >= 0
        return np.bincount(self._lots.gate[inside], values[inside], len(self._lots.gate_cost)).astype(np.float64)

    def _best(self, quantity: Floats) -> tuple[Deliveries, Floats]:
        in_order, at_once_ = self._in_order(quantity), at_once(self._lots, quantity)
        costs = np.stack([self._costs(quantity, flows) for flows in (in_order, at_once_)])
        better = costs.argmin(axis=0)
        kept = [better[self._of_line[flows.line]] == way for way, flows in enumerate((in_order, at_once_))]
        chosen = (
            np.concatenate([getattr(flows, name)[keep] for flows, keep in zip((in_order, at_once_), kept, strict=True)])
            for name in ("line", "period", "quantity")
        )
        return Deliveries(*chosen), costs.min(axis=0)

    def _in_order(self, quantity: Floats) -> Deliveries:
        """As the pieces have it: a piece that comes before it is asked for is kept until then."""
        pieces, flows = self._reserves.pieces, delivered_of(self._arrays, quantity)
        real = pieces.line[flows.line] >= 0
        piece = flows.line[real]
        return Deliveries(pieces.line[piece], np.maximum(flows.period[real], pieces.due[piece]), flows.quantity[real])

    def _costs(self, quantity: Floats, flows: Deliveries) -> Floats:
        """What each lot costs, but for its options."""
        lots, riders = self._lots, self._riders
        given = np.bincount(flows.line, flows.quantity, len(lots.line))
        waited = flows.quantity * lots.waiting[flows.line] * (flows.period - lots.first[flows.line])
        stock = self.stock(quantity, flows)
        missing = np.where(riders.below > 0, np.maximum(riders.below - stock, 0.0), 0.0)
        above = np.where(np.isfinite(riders.above), riders.above, stock)
        kept = stock * lots.holding + missing * riders.below_cost + np.maximum(stock - above, 0.0) * riders.above_cost
        cost = kept.sum(axis=1) - lots.credit * stock[:, -1]
        cost += np.bincount(self._of_line[flows.line], waited, len(lots))
        cost += np.bincount(self._of_line, np.maximum(lots.quantity - given, 0.0) * lots.lost, len(lots))
        return np.asarray(cost)

    def stock(self, quantity: Floats, flows: Deliveries) -> Floats:
        """By lot and period, at its end: (n, T)."""
        lots = self._lots
        supplied = np.repeat(np.arange(len(lots)), np.diff(lots.supply_start))
        moved = self._moved(supplied, lots.supply_period, lots.supply_quantity)
        moved += self._moved(self._of_option, lots.arrival, quantity)
        moved -= self._moved(self._of_line[flows.line], flows.period, flows.quantity)
        return np.maximum(np.cumsum(moved, axis=1), 0.0)

    def _moved(self, lot: Ints, period: Ints, quantity: Floats) -> Floats:
        lots: Lots = self._lots
        moved = np.bincount(lot * lots.periods + period, quantity, len(lots) * lots.periods)
        return moved.reshape(-1, lots.periods).astype(np.float64)
