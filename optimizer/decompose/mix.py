"""Mix: plans of single lots mixed so that the gates hold, and the prices that this teaches.

    minimise   Σ_k cost_k z_k + Σ_g K_g w_g + O_g v_g      subject to   Σ_k z_k = 1 for each lot,
               Σ_k use_kg z_k <= C_g w_g + v_g  (price λ_g),   0 <= w_g <= 1,  0 <= v_g <= V_g,  0 <= z

Columns k are plans that lots proposed at earlier prices. With a price on each gate what is left of it is

    max  Σ_n min_k (cost_k + Σ_g λ_g use_kg) + Σ_g min(0, K_g - λ_g C_g) + Σ_g min(0, (O_g - λ_g) V_g)
    λ >= 0

which is concave, and cheap to look at: the plans are there already, and no lot is planned anew. It is climbed in many
small steps, each minimum made smooth (a mean of the plans, of which those that cost little more than the cheapest
count), less and less so, with prices in a box around those of the best bound. The prices are the mean of the last
steps', and the mix is that of the means. Neither is exact, and need not be: the bound is that of `Pricing.at`.

A linear program would be exact, but slower, and prices at one of its corners teach less (decision 19).

Sources: Dantzig & Wolfe (1960); smooth minima: Nesterov (2005), Mathematical Programming 103; boxes: Marsten, Hogan &
Blankenship (1975); momentum and means: Polyak (1964), Polyak & Juditsky (1992).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.lots import starts
from optimizer.decompose.arrays import Arrays
from optimizer.decompose.compiled import compiled
from optimizer.decompose.prices import Priced, Pricing
from optimizer.solve.program import Booleans, Floats, Ints

NEW = 1e-7  # share of a lot's cost by which a plan must be cheaper at the prices than all that are known
STEPS = 300
SMOOTH = (3e-4, 3e-5)  # share of a lot's cost by which a plan that counts is dearer, in the first and the last step
PACE = (0.05, 0.002)  # of the largest opening price: first and last step of prices
KEPT = 0.9  # of the last direction
MEAN = 0.3  # share of the steps, the last ones, of which the means are taken
BLURRED = 0.02  # share of its cost within which a gate is neither open nor shut
FAR = 20.0  # a plan that is dearer by so many times what counts does not count
TAKES_PART = 1e-3  # share of a lot that makes a plan part of the mix
PIECES, IN_PIECE = 16, 250  # lots are mixed in so many pieces at most, of so many lots at least


@compiled
def graded(
    first: int, last: int, lot_start: Ints, entry_start: Ints, gate: Ints, use: Floats, cost: Floats, price: Floats,
    smooth: Floats, used: Floats, share: Floats,
) -> None:  # fmt: skip
    """Mix the plans of lots first … last - 1 at prices: adds to `used` by gate, writes `share` by plan."""
    for n in range(first, last):
        cheapest = np.inf
        for k in range(lot_start[n], lot_start[n + 1]):
            total = cost[k]
            for e in range(entry_start[k], entry_start[k + 1]):
                total += price[gate[e]] * use[e]
            share[k] = total
            cheapest = min(cheapest, total)
        whole = 0.0
        for k in range(lot_start[n], lot_start[n + 1]):
            dearer = (share[k] - cheapest) / smooth[n]
            share[k] = np.exp(-dearer) if dearer < FAR else 0.0
            whole += share[k]
        for k in range(lot_start[n], lot_start[n + 1]):
            if share[k] > 0.0:
                share[k] /= whole
                for e in range(entry_start[k], entry_start[k + 1]):
                    used[gate[e]] += share[k] * use[e]


@dataclass(frozen=True)
class Plans:
    """Plans of single lots, those of one lot after the other's.

    Attributes:
        owner: the lot of each plan.
        cost: of each, without prices.
        lot_start: (lots + 1) pointers into the two above.
        option, use: options that a plan takes, and what they use of their gates; those without a price have none.
        entry_start: (plans + 1) pointers into the two above.
        gate: of each such option.
    """

    owner: Ints
    cost: Floats
    lot_start: Ints
    option: Ints
    use: Floats
    entry_start: Ints
    gate: Ints

    @classmethod
    def sorted(cls, lots: int, a: Arrays, owner: Ints, cost: Floats, count: Ints, option: Ints, use: Floats) -> "Plans":
        """Plans in any order, with `count` entries each."""
        order = np.argsort(owner, kind="stable")
        begin = starts(count)
        entries = np.repeat(begin[order] - starts(count[order])[:-1], count[order]) + np.arange(len(option))
        owner = owner[order]
        return cls(
            owner, cost[order], np.searchsorted(owner, np.arange(lots + 1)).astype(np.int64), option[entries],
            use[entries], starts(count[order]), a.gate[option[entries]],
        )  # fmt: skip

    def cheapest(self, price: Floats) -> Floats:
        """What the cheapest plan of each lot costs at prices of gates; inf where there is none."""
        by_gate, lots = np.append(price, 0.0), len(self.lot_start) - 1
        of = np.repeat(np.arange(len(self.cost)), np.diff(self.entry_start))
        total = self.cost + np.bincount(of, by_gate[self.gate] * self.use, len(self.cost))
        cheapest = np.full(lots, np.inf)
        np.minimum.at(cheapest, self.owner, total)
        return cheapest


class Mix:
    """All plans that lots proposed, and how they are mixed; grows by plans."""

    def __init__(self, pricing: Pricing, threads: int) -> None:
        self._pricing, self._lots, self._a = pricing, pricing.lots, pricing.arrays
        lots = len(self._lots)
        self._pool = ThreadPoolExecutor(threads)
        count = min(PIECES, max(1, lots // IN_PIECE))
        self._pieces = list(pairwise(np.linspace(0, lots, count + 1).astype(np.int64).tolist()))
        none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._plans = Plans.sorted(lots, self._a, none, nothing, none, none, nothing)
        self._size = np.ones(lots)  # of each lot's cost
        self._open = np.ones(len(self._lots.gate_cost))
        self._support: Booleans = np.zeros(len(self._a.gate), dtype=np.bool_)
        self.objective = np.inf  # what the plans cost at least at the last prices, but for the lots' constant

    def propose(self, at: Priced) -> int:
        """Take the plans that keep limits and are cheaper than all known at these prices; how many they were."""
        a, plans = self._a, self._plans
        self._size = np.maximum(np.abs(at.value), 1e-9 * max(1.0, float(np.abs(at.value).max(initial=0.0))))
        new = (at.value < plans.cheapest(at.price) - NEW * self._size) & ~at.breaks_limits(a)
        owner = np.flatnonzero(new)
        option = np.flatnonzero(((at.brought > 0) | (at.opened > 0)) & new[a.option_lot] & (a.gate < a.gates - 1))
        use = at.brought[option] * a.use[option] + at.opened[option] * a.setup[option]
        self._plans = Plans.sorted(
            len(self._lots),
            a,
            np.append(plans.owner, owner),
            np.append(plans.cost, at.own_cost(self._lots, a)[owner]),
            np.append(np.diff(plans.entry_start), np.bincount(a.option_lot[option], minlength=len(new))[owner]),
            np.append(plans.option, option),
            np.append(plans.use, use),
        )
        return len(owner)

    def prices(self, around: Priced, width: float) -> Floats:
        """Prices of gates within the box at which the mix costs most."""
        pricing, lots, plans = self._pricing, self._lots, self._plans
        capacity = np.where(pricing.priced_gates, pricing.capacity, 1.0)
        lowest = np.where(pricing.priced_gates, np.maximum(around.price - width, 0.0), 0.0)
        highest = np.where(pricing.priced_gates, around.price + width, 0.0)
        blur = BLURRED * lots.gate_cost + 1e-12
        price, direction = around.price.copy(), np.zeros(len(capacity))
        share, opened, mean = np.zeros(len(plans.cost)), np.zeros(len(capacity)), np.zeros(len(capacity))
        last = max(1, int(MEAN * STEPS))
        for step in range(STEPS):
            gone = step / STEPS
            smooth = self._size * SMOOTH[0] * (SMOOTH[1] / SMOOTH[0]) ** gone
            used, now = self._mixed(price, smooth)
            door = 1.0 / (1.0 + np.exp(np.clip((lots.gate_cost - price * capacity) / blur, -40.0, 40.0)))
            has = capacity * door + np.where(price > lots.gate_overtime_cost, lots.gate_overtime, 0.0)
            direction = KEPT * direction + (1 - KEPT) * np.clip((used - has) / capacity, -1.0, 1.0)
            pace = pricing.scale * PACE[0] * (PACE[1] / PACE[0]) ** gone
            if step >= STEPS - last:
                mean += price / last
                opened += door / last
                share += now / last
            price = np.clip(price + pace * direction, lowest, highest)
        self._open = np.where(pricing.priced_gates, opened, 1.0)
        self._support[:] = False
        self._support[plans.option[np.repeat(share > TAKES_PART, np.diff(plans.entry_start))]] = True
        self.objective = float(plans.cheapest(mean).sum()) + pricing.gates_at_least(mean)
        return mean

    def _mixed(self, price: Floats, smooth: Floats) -> tuple[Floats, Floats]:
        """Use of each gate by the mix at prices, and the share of each plan in its lot."""
        plans, by_gate = self._plans, np.append(price, 0.0)
        share = np.zeros(len(plans.cost))

        def piece(lots: tuple[int, int]) -> Floats:
            used = np.zeros(len(by_gate))
            graded(*lots, plans.lot_start, plans.entry_start, plans.gate, plans.use, plans.cost, by_gate, smooth, used,
                   share)  # fmt: skip
            return used

        several = len(self._pieces) > 1
        used = sum(self._pool.map(piece, self._pieces) if several else map(piece, self._pieces), np.zeros(len(by_gate)))
        return used[:-1], share

    def warm_up(self) -> None:
        """Compile what mixes plans, on none."""
        self._mixed(np.zeros(len(self._lots.gate_cost)), self._size)

    def support(self) -> Booleans:
        """Options that take part in the mix."""
        return self._support

    def open_shares(self) -> Floats:
        """How far each gate is open in the mix; 1 for those without a limit, and before anything was mixed."""
        return self._open
