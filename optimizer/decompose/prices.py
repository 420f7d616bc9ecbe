"""Prices: what the capacity of gates is worth, and the proven bound that follows.

With a price λ on the use of every gate the lots are apart, and for any λ >= 0

    L(λ) = Σ_n v_n(λ) + Σ_g min(0, K_g - λ_g C_g) + Σ_g min(0, (o_g - λ_g) V_g)  <=  cost of every plan

where v_n is a lower limit on the cost of lot n at prices (follow.py). Options that are asked for more than their
largest quantity, or less than their smallest, have prices of their own for these limits (x <= M y, m y <= x). A gate is
open where anything uses it, so its capacity stands in the bound as  use <= C_g w_g + V_g: what fills a gate pays for
opening it. What else gates ask for (least and most worth) is left out, which can only lower the bound.

Source: Geoffrion (1974); steps: Camerini, Fratta & Maffioli (1975), which keep some of the last direction.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.lots import Lots
from optimizer.decompose.arrays import Arrays, Work, arrays, work
from optimizer.decompose.follow import empty_prices, priced
from optimizer.decompose.limited import Limited
from optimizer.solve.program import Booleans, Floats, Ints

SAFE = 1e-9  # share of the bound that is given away for what rounding may have lost
PIECES = 16  # lots are priced in so many pieces, whatever the number of threads
STEP, SHRINK, KEPT = 0.4, 0.93, 0.7  # of the largest opening price; per step; of the last direction
BROKEN = 0.02  # share of a limit by which a plan must break it for that to count
SAMPLE, MOST_SAMPLES = 250, 8  # lots of a first glance at prices; how many times it looks at most
CLIP = 2.0  # a gate that is asked for more than this many times its capacity too much counts as that


@dataclass(frozen=True)
class Priced:
    """The lots at prices.

    Attributes:
        price: of each gate, per unit of use.
        bound: L(price).
        value: v_n, lower limit on the cost of each lot at the prices.
        brought: quantity of each option in a (fractional) plan of that cost.
        opened: how far each option is taken in it.
        most, least: prices of each option's largest and smallest quantity.
        used: use of each gate by it.
    """

    price: Floats
    bound: float
    value: Floats
    brought: Floats
    opened: Floats
    used: Floats
    most: Floats
    least: Floats

    def own_cost(self, lots: Lots, a: Arrays) -> Floats:
        """Cost of each lot's plan without the prices."""
        paid = (self.brought * a.use + self.opened * a.setup) * np.append(self.price, 0.0)[a.gate]
        paid += self.most * self.beyond(a) + self.least * self.below(a)
        return self.value - np.bincount(a.option_lot, paid, len(lots))

    def beyond(self, a: Arrays) -> Floats:
        """By how much each option brings more than its largest quantity allows."""
        return self.brought - a.largest * self.opened

    def below(self, a: Arrays) -> Floats:
        """By how much it brings less than its smallest quantity asks for."""
        return a.smallest * self.opened - self.brought

    def breaks_limits(self, a: Arrays) -> Booleans:
        """Which lots' plans break a limit of an option."""
        broken = (self.beyond(a) > BROKEN * a.largest) | (self.below(a) > BROKEN * a.smallest)
        return np.asarray(np.bincount(a.option_lot, broken, len(self.value)) > 0)


class Climb:
    """How far the prices of gates are above what opening costs, and in which direction they move."""

    def __init__(self, pricing: "Pricing", shrink: float = SHRINK) -> None:
        self.above = np.zeros(len(pricing.opening))
        self.shrink = shrink
        self.pace = STEP * pricing.scale
        self._direction = np.zeros(len(pricing.opening))

    def on(self, slope: Floats) -> None:
        """A step; `slope` is what gates are asked for beyond what they have, as a share of it."""
        self._direction = KEPT * self._direction + (1 - KEPT) * slope
        self.above = np.maximum(0.0, self.above + self.pace * np.clip(self._direction, -CLIP, CLIP))
        self.pace *= self.shrink


@dataclass(frozen=True)
class Glance:
    """A first guess of prices.

    Attributes:
        price: of each gate, per unit of use.
        value: cost of each lot, at some of the prices on the way.
        climb: from which to go on.
    """

    price: Floats
    value: Floats
    climb: Climb


class Pricing:
    """Lots at prices, by as many threads as there are."""

    def __init__(self, lots: Lots, threads: int) -> None:
        self.lots, self.arrays = lots, arrays(lots)
        self._pool = ThreadPoolExecutor(threads)
        cuts = np.linspace(0, len(lots), min(PIECES, max(1, len(lots))) + 1).astype(np.int64)
        self._pieces = [np.arange(first, last) for first, last in pairwise(cuts)]
        self._rooms = [work(self.arrays) for _ in self._pieces]
        self.supply_price = empty_prices(self.arrays)
        capacity = lots.gate_capacity
        # A gate without a capacity has no price: what it costs to open is left out of the bound.
        self.capacity = np.where(np.isfinite(capacity), capacity, 0.0)
        self.priced_gates = np.isfinite(capacity) & (capacity > 0)
        self._limited: dict[int, Limited] = {}
        self.opening = np.where(self.priced_gates, lots.gate_cost / np.where(self.priced_gates, capacity, 1.0), 0.0)

    def at(self, price: Floats, most: Floats | None = None, least: Floats | None = None) -> Priced:
        """The lots at prices of gates and of the options' limits: the bound is valid whatever they are."""
        price = np.where(self.priced_gates, np.maximum(price, 0.0), 0.0)
        a = self.arrays
        nothing = np.zeros(len(a.gate))
        most = nothing if most is None else np.maximum(most, 0.0)
        least = nothing if least is None else np.maximum(least, 0.0)
        by_gate = np.append(price, 0.0)[a.gate]
        unit = a.unit_cost + by_gate * a.use + most - least
        fixed = a.fixed_cost + by_gate * a.setup - most * a.largest + least * a.smallest
        value, brought, opened = np.zeros(len(self.lots)), np.zeros(len(a.gate)), np.zeros(len(a.gate))

        def piece(lots: Ints, room: Work) -> None:
            priced(a, room, lots, unit, fixed, self.supply_price, value, brought, opened)

        list(self._pool.map(piece, self._pieces, self._rooms))
        used = np.bincount(a.gate, brought * a.use + opened * a.setup, a.gates)[:-1].astype(np.float64)
        return Priced(price, self._bound(value, price), value, brought, opened, used, most, least)

    def glanced(self) -> Glance:
        """Prices after a few steps, each of which asks other lots and takes them for all: the work of pricing once."""
        a, samples = self.arrays, max(1, min(MOST_SAMPLES, len(self.lots) // SAMPLE))
        value, brought, opened = np.zeros(len(self.lots)), np.zeros(len(a.gate)), np.zeros(len(a.gate))
        climb = Climb(self)
        for sample in range(samples):
            by_gate = np.append(np.where(self.priced_gates, self.opening + climb.above, 0.0), 0.0)[a.gate]
            unit, fixed = a.unit_cost + by_gate * a.use, a.fixed_cost + by_gate * a.setup

            def piece(some: Ints, room: Work, unit: Floats = unit, fixed: Floats = fixed) -> None:
                priced(a, room, some, unit, fixed, self.supply_price, value, brought, opened)

            mine = np.arange(sample, len(self.lots), samples)
            list(self._pool.map(piece, np.array_split(mine, len(self._rooms)), self._rooms))
            asked = a.option_lot % samples == sample
            used = np.bincount(a.gate[asked], (brought * a.use + opened * a.setup)[asked], a.gates)[:-1] * samples
            climb.on(self._slope(used.astype(np.float64)))
        return Glance(self.opening + climb.above, value, climb)

    def within_limits(self, price: Floats, seconds: float) -> Priced:
        """The lots at prices of gates, those that break limits of their options by linear programs that keep them.

        A lot that breaks a limit once is of these from then on; where its time is over, it is priced as all others.
        """
        at, a = self.at(price), self.arrays
        by_gate = np.append(at.price, 0.0)[a.gate]
        unit, fixed = a.unit_cost + by_gate * a.use, a.fixed_cost + by_gate * a.setup
        for j in np.flatnonzero(at.breaks_limits(a)).tolist():
            if j not in self._limited:
                self._limited[j] = Limited(a, j, seconds)
        found = self._pool.map(lambda some: some.at(unit, fixed), self._limited.values())
        for j, within in zip(self._limited, found, strict=True):
            if within is not None:
                mine = slice(a.option_start[j], a.option_start[j + 1])
                at.value[j] = max(at.value[j], within.value)
                at.brought[mine], at.opened[mine] = within.brought, within.opened
        used = np.bincount(a.gate, at.brought * a.use + at.opened * a.setup, a.gates)[:-1].astype(np.float64)
        return replace(at, bound=self._bound(at.value, at.price), used=used)

    def _bound(self, value: Floats, price: Floats) -> float:
        bound = float(value.sum()) + self.gates_at_least(price) + self.lots.constant
        return bound - SAFE * abs(bound)

    def gates_at_least(self, price: Floats) -> float:
        """The least that gates cost at prices."""
        lots = self.lots
        opened = np.minimum(0.0, lots.gate_cost - price * self.capacity)
        more = np.minimum(0.0, (lots.gate_overtime_cost - price) * np.where(self.priced_gates, lots.gate_overtime, 0.0))
        return float((opened + more).sum())

    def warm_up(self) -> None:
        """Compile what prices lots, on none."""
        a, nothing = self.arrays, np.zeros(len(self.arrays.gate))
        none = np.zeros(0, dtype=np.int64)
        priced(a, self._rooms[0], none, nothing, nothing, self.supply_price, np.zeros(0), nothing, nothing.copy())

    def slope(self, at: Priced) -> Floats:
        """What the gates are asked for beyond what they have, as a share of it."""
        return self._slope(at.used)

    def _slope(self, used: Floats) -> Floats:
        capacity = np.where(self.priced_gates, self.capacity, 1.0)
        return np.where(self.priced_gates, (used - capacity) / capacity, 0.0)

    def climbed(self, steps: int, over: Callable[[], bool], climb: Climb | None = None) -> Iterable[Priced]:
        """Prices that rise where too much is asked for, and fall where too little is; each step as it is made.

        `climb`: from where, and in which steps; by default from what opening costs.
        """
        a, climb = self.arrays, climb or Climb(self)
        most, least = np.zeros(len(a.gate)), np.zeros(len(a.gate))
        for _ in range(steps):
            if over():
                return
            at = self.at(self.opening + climb.above, most, least)
            yield at
            unit = climb.pace * a.unit_cost / np.maximum(a.largest, 1e-9)
            most = np.maximum(0.0, most + unit * np.clip(at.beyond(a), -a.largest, a.largest))
            least = np.maximum(
                0.0, least + climb.pace * a.unit_cost * np.clip(at.below(a) / np.maximum(a.smallest, 1e-9), -1, 1)
            )
            climb.on(self.slope(at))

    @property
    def scale(self) -> float:
        """The largest opening price; a first price where opening costs nothing."""
        return float(self.opening[self.priced_gates].max(initial=0.0)) or self._scale()

    def _scale(self) -> float:
        """A first price where opening costs nothing: a twentieth of what a unit of use costs to buy."""
        a = self.arrays
        with_use = a.use > 0
        return 0.05 * float(np.median(a.unit_cost[with_use] / a.use[with_use])) if with_use.any() else 0.0
