"""Planner: a plan of all lots that keeps what the gates allow, made at prices and then improved by passes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from models.lots import Lots
from optimizer.decompose.arrays import Arrays, room_for, taken_at_once, work
from optimizer.decompose.bonds import Bonds
from optimizer.decompose.follow import empty_prices
from optimizer.decompose.groups import Group, group
from optimizer.decompose.halves import Half, Halves
from optimizer.decompose.improve import ejected, own_costs, swept
from optimizer.decompose.prices import Glance, Priced
from optimizer.decompose.rebuild import Rebuilder, warm_up
from optimizer.decompose.rebuild_items import ItemRebuilder
from optimizer.decompose.replan import OFFERED, OPEN, SHUT, State, empty, take
from optimizer.decompose.segments import Segments
from optimizer.solve.program import Booleans, Floats, Ints

USED = 1e-9
CHUNK, CHAINS = 100, 10  # lots that are decided again, or get what they want, between two looks at the clock
ROUNDS_OF_CLOSING = 12


@dataclass(frozen=True)
class Found:
    """A plan: quantity of each option, and what it costs, gates included."""

    quantity: Floats
    cost: float


def chunks(lots: Ints, size: int) -> Iterable[Ints]:
    """Some lots after the other."""
    return (lots[first : first + size] for first in range(0, len(lots), size))


class Planner:
    """One plan that is made better and better; lots in a random order that a seed decides."""

    def __init__(
        self, lots: Lots, a: Arrays, seed: int, over: Callable[[], bool], threads: int = 1, bonds: Bonds | None = None
    ) -> None:
        self._lots, self._a, self._over = lots, a, over
        self._random = np.random.default_rng(seed)
        self._room, self._halves = work(a), Halves(a, threads, None if bonds is None else bonds.item)
        self._bonds = bonds
        self.state: State = empty(a, empty_prices(a))
        self.costs = np.zeros(len(lots))
        self._undo = np.zeros(len(a.gate))
        self._by_size: Ints = np.arange(len(lots))
        self._segments = Segments(lots) if lots.segmented else None

    def warm_up(self) -> None:
        """Call every compiled function once, on no lots: the first time after an installation they are compiled."""
        a, room, none = self._a, self._room, np.zeros(0, dtype=np.int64)
        swept(a, room, self.state, none, 1.0, 1, False)
        ejected(a, room, self.state, none, 1, self.costs, none, self._undo)
        take(a, self.state, 0, 1.0)
        warm_up(a, room, self.state)

    def learn(self, at: Priced | Glance, supply_price: Floats, sunk: Floats) -> None:
        """Take over prices; `sunk` is what opening a gate costs by unit of use, which open gates do not ask again."""
        self.state.price[:] = np.append(np.maximum(at.price - sunk, 0.0), 0.0)
        self.state.supply_price[:] = supply_price
        money = np.abs(at.value) / np.maximum(np.diff(self._a.option_start), 1)
        self._by_size = np.argsort(-money, kind="stable").astype(np.int64)

    def reprice(self, lots: Lots, a: Arrays) -> None:
        """The same lots, with other costs of options."""
        self._lots, self._a = lots, a
        self._halves.reprice(a)

    def start(self, opened: Booleans, depth: int) -> Found | None:
        """A plan from nothing, the largest lots first, with these gates open; then gates that are not filled shut."""
        state = self.state
        for values in (state.quantity, state.used, state.worth):
            values[:] = 0.0
        state.status[:] = np.where(np.append(opened, True), OPEN, SHUT)
        swept(self._a, self._room, state, self._by_size, 1.0, depth, True)
        self._close()
        return self._found()

    def adopt(self, quantity: Floats) -> Found | None:
        """A plan that is there: gates that it uses are open. None, and nothing has changed, where there is no room."""
        if taken_at_once(self._a, quantity) > room_for(self._a):
            return None
        state = self.state
        state.used[:] = 0.0
        state.worth[:] = 0.0
        state.quantity[:] = quantity
        for j in range(len(self._lots)):
            take(self._a, state, j, 1.0)
        state.status[:] = np.where(state.worth + state.used > USED, OPEN, SHUT)
        state.status[-1] = OPEN
        return self._found()

    def sweep(self, share: float, depth: int) -> Found | None:
        """Every lot once, in a random order."""
        order = self._random.permutation(len(self._lots))

        def pass_over(half: Half) -> None:
            for some in chunks(half.of(order), CHUNK):
                if self._over():
                    break
                swept(half.a, half.room, half.state, some, share, depth, False)

        self._halves.each(self.state, self._random, pass_over)
        return self._found()

    def decide_anew(self, lots: Ints) -> Found | None:
        """Some lots from nothing, in the room that the others leave; then gates that are not filled shut."""
        self._drop(lots)
        self.offer()
        swept(self._a, self._room, self.state, lots, 1.0, 1, True)
        self._close()
        return self._found()

    def decide_again(self, lots: Ints, share: float) -> Found | None:
        """Some lots in turn, whether there is time or not; they may open gates."""
        self.offer()
        swept(self._a, self._room, self.state, lots, share, 2, False)
        self.settle_gates()
        return self._found()

    def offer(self) -> None:
        """Gates that are shut may be opened by a lot that pays for them and fills them."""
        self.state.status[:-1] = np.where(self.state.status[:-1] == SHUT, OFFERED, self.state.status[:-1])

    def settle_gates(self) -> None:
        """What is used is open; what is not is shut."""
        used = self.state.worth + self.state.used > USED
        used[-1] = True
        self.state.status[:] = np.where(used, OPEN, SHUT)

    def eject(self, losses: Floats, count: int, depth: int) -> Found | None:
        """The lots with the largest losses get what they want, and others make room, where that pays."""
        own_costs(self._a, self._room, self.state, self.costs)
        worst = np.argsort(-losses, kind="stable")[:count].astype(np.int64)

        def make_room(half: Half) -> None:
            stamp = np.where(half.mine, 0, 1)  # nobody of the other half has to leave
            for some in chunks(half.of(worst), CHAINS):
                if self._over():
                    break
                ejected(half.a, half.room, half.state, some, depth, self.costs, stamp, self._undo)

        self._halves.each(self.state, self._random, make_room)
        return self._found()

    def rebuild(self, at: Priced, support: Booleans, count: int, paid: Floats | None = None) -> Found | None:
        """So many rounds of rebuilding for each half; of whole items, where ties are `paid` for."""
        losses, size, bonds = self.losses(at), np.abs(at.value), self._bonds

        def rounds(half: Half) -> None:
            if bonds is None or paid is None:
                rebuilder = Rebuilder(half, self.costs, size, support)
            else:
                rebuilder = ItemRebuilder(half, self.costs, size, support, bonds, paid)
            rebuilder.batch(losses, count, self._over)

        self._halves.each(self.state, self._random, rounds)
        found = self._found()
        self.settle_gates()
        return found

    def losses(self, at: Priced) -> Floats:
        """How much more each lot costs at the prices than it would alone."""
        a, state = self._a, self.state
        own_costs(a, self._room, state, self.costs)
        paid = (state.quantity * a.use + (state.quantity > 0) * a.setup) * np.append(at.price, 0.0)[a.gate]
        return self.costs + np.bincount(a.option_lot, paid, len(self._lots)) - at.value

    def groups(self, at: Priced, support: Booleans, size: int, count: int) -> list[Group]:
        """Some groups of lots without a lot in common: each of one that loses much, and those that it meets most."""
        a, state = self._a, self.state
        losses = np.maximum(self.losses(at), 0.0) + 1e-9
        among, free = support | (state.quantity > 0), np.ones(len(self._lots), dtype=np.bool_)
        weight = among * (a.use * state.quantity + a.setup + 1e-9)
        made = []
        for _ in range(min(count, len(self._lots) // size or 1)):
            chance = np.where(free, losses, 0.0)
            seed = int(self._random.choice(len(losses), p=chance / chance.sum()))
            met = np.zeros(a.gates, dtype=np.bool_)
            met[a.gate[(a.option_lot == seed) & among]] = True
            score = np.bincount(a.option_lot, weight * met[a.gate], len(losses)) * self._random.uniform(
                0.5, 1.0, len(losses)
            )
            score[seed] = np.inf
            chosen = np.sort(np.argsort(-np.where(free, score, -1.0), kind="stable")[: min(size, int(free.sum()))])
            free[chosen] = False
            made.append(group(a, state, chosen, support))
            if not free.any():
                break
        return made

    def _close(self) -> None:
        """Shut gates that do not reach their least worth, emptiest first; whoever used them is decided again."""
        a, state = self._a, self.state
        for last in range(ROUNDS_OF_CLOSING):
            share = state.worth / np.maximum(a.gate_floor, 1e-300)
            low = np.flatnonzero((state.worth > USED) & (state.worth < a.gate_floor * (1 - 1e-9)))
            if len(low) == 0:
                break
            enough = len(low) if last == ROUNDS_OF_CLOSING - 1 else max(1, len(low) // 2)
            low = low[np.argsort(share[low], kind="stable")][:enough]
            state.status[low] = SHUT
            in_low = np.isin(a.gate, low) & (state.quantity > 0)
            hit = np.unique(a.option_lot[in_low]).astype(np.int64)
            if last == ROUNDS_OF_CLOSING - 1:
                self._drop(hit)
            swept(a, self._room, state, hit, 1.0, 1, True)
        self._clear_low()
        self.settle_gates()

    def _drop(self, lots: Ints) -> None:
        for j in lots.tolist():
            take(self._a, self.state, j, -1.0)
            self.state.quantity[self._a.option_start[j] : self._a.option_start[j + 1]] = 0.0

    def _clear_low(self) -> None:
        """Whatever is left in a gate under its least worth is not ordered."""
        a, state = self._a, self.state
        while True:
            low = np.flatnonzero((state.worth > USED) & (state.worth < a.gate_floor * (1 - 1e-9)))
            if len(low) == 0:
                return
            state.status[low] = SHUT
            self._drop(np.unique(a.option_lot[np.isin(a.gate, low) & (state.quantity > 0)]))

    def _found(self) -> Found | None:
        """The plan at hand; None where it breaks a limit of a gate."""
        a, state, lots = self._a, self.state, self._lots
        if self._segments is not None:
            self._segments.gather(state.quantity)
        used = np.bincount(a.gate, state.quantity * a.use + (state.quantity > 0) * a.setup, a.gates)
        worth = np.bincount(a.gate, state.quantity * a.worth, a.gates)
        state.used[:], state.worth[:] = used, worth
        taken = np.bincount(a.gate, state.quantity > 0, a.gates) > 0
        broken = (used > a.gate_capacity * (1 + 1e-7) + 1e-7) | (worth > a.gate_ceiling * (1 + 1e-7) + 1e-7)
        broken |= taken & (worth < a.gate_floor * (1 - 1e-7) - 1e-7)
        if broken.any():
            return None
        own_costs(a, self._room, state, self.costs)
        cost = float(self.costs.sum()) + float(lots.gate_cost[taken[:-1]].sum()) + lots.constant
        return Found(state.quantity.copy(), cost)
