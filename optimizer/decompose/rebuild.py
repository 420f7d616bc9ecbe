"""Rebuild: some lots that meet in gates are taken out of a plan and decided anew, one after the other.

A pass decides one lot at a time in the room that others leave; where gates are full there is none. With some lots out
at once there is, and prices that are shaken a little have them ask for other gates than before. What comes out is kept
where the whole is cheaper, or hardly dearer.

Source: ruin and recreate: Schrimpf et al. (2000), Journal of Computational Physics 159; Shaw (1998).
"""

from collections.abc import Callable

import numpy as np

from optimizer.decompose.arrays import Arrays, Work
from optimizer.decompose.compiled import compiled
from optimizer.decompose.halves import Half
from optimizer.decompose.improve import swept
from optimizer.decompose.replan import FITS, OPEN, SHUT, State, own_cost, take
from optimizer.solve.program import Booleans, Floats, Ints

LEAST, MOST = 3, 20  # lots that are taken out
SHAKEN = (0.0, 0.1, 0.3)  # standard deviations of the prices' logarithms
SHARES = (1.0, 0.7, 0.4)  # of the gates' prices that are charged at first
BY_SIZE, REOPENED = 0.7, 0.3  # how often the largest go first; how often gates that are shut may be used
DEARER = 1e-3  # share of a lot's cost by which a plan may be dearer, on average, to be taken up all the same
USED = 1e-9
BROKEN = np.inf


@compiled
def rebuilt(
    a: Arrays, w: Work, state: State, order: Ints, again: Ints, share: float, reopen: bool, costs: Floats,
    new_costs: Floats, undo: Floats, met: Ints,
) -> float:  # fmt: skip
    """Take lots out and decide them anew; what the whole costs more then, inf where a gate's limit is broken.

    Args:
        a: the lots.
        w: room.
        state: everybody's plan.
        order: the lots, first the first to be decided.
        again: the same in another order, for the passes after that.
        share: of the gates' prices that is charged at first.
        reopen: whether gates that are shut may be used.
        costs: each lot's own cost.
        new_costs: gets those of these lots as they are now.
        undo: gets the quantities as they were.
        met: room for each gate, 0; afterwards 0 again.
    """
    more = 0.0
    for j in order:
        for k in range(a.option_start[j], a.option_start[j + 1]):
            g = a.gate[k]
            undo[k] = state.quantity[k]
            if met[g] == 0:
                met[g] = 1
                if state.used[g] + state.worth[g] > USED:
                    more -= a.gate_cost[g]
                elif reopen and state.status[g] == SHUT:
                    state.status[g] = OPEN
        more -= costs[j]
    for j in order:
        take(a, state, j, -1.0)
        for k in range(a.option_start[j], a.option_start[j + 1]):
            state.quantity[k] = 0.0
    swept(a, w, state, order, share, 1, True)
    swept(a, w, state, again, 0.5, 1, False)
    swept(a, w, state, order, 0.0, 1, False)
    for j in order:
        new_costs[j] = own_cost(a, w, state, j)
        more += new_costs[j]
        for k in range(a.option_start[j], a.option_start[j + 1]):
            g = a.gate[k]
            if met[g] == 0:
                continue
            met[g] = 0
            if state.used[g] + state.worth[g] <= USED:
                continue
            more += a.gate_cost[g]
            if (
                state.used[g] > a.gate_capacity[g] * (1 + FITS) + FITS
                or state.worth[g] > a.gate_ceiling[g] * (1 + FITS) + FITS
                or state.worth[g] < a.gate_floor[g] * (1 - FITS) - FITS
            ):
                more = BROKEN
    return more


@compiled
def undone(a: Arrays, state: State, order: Ints, undo: Floats) -> None:
    """Give lots their earlier quantities."""
    for j in order:
        take(a, state, j, -1.0)
        for k in range(a.option_start[j], a.option_start[j + 1]):
            state.quantity[k] = undo[k]
        take(a, state, j, 1.0)


@compiled
def settled(a: Arrays, state: State, order: Ints) -> None:
    """What the lots' gates are: open where they are used, else shut."""
    for j in order:
        for k in range(a.option_start[j], a.option_start[j + 1]):
            g = a.gate[k]
            if g < len(a.gate_cost) - 1:
                state.status[g] = OPEN if state.used[g] + state.worth[g] > USED else SHUT


def warm_up(a: Arrays, w: Work, state: State) -> None:
    """Call what is compiled here once, on no lots."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    rebuilt(a, w, state, none, none, 1.0, False, nothing, nothing.copy(), nothing.copy(), none.copy())
    undone(a, state, none, nothing)
    settled(a, state, none)


class Rebuilder:
    """Rounds of rebuilding on a plan.

    Args:
        half: the lots that may be rebuilt, and the plan; its gates' prices are those around which prices shake.
        costs: each lot's own cost; kept up to date.
        size: of each lot, in money.
        support: which options are worth a try.
    """

    def __init__(self, half: Half, costs: Floats, size: Floats, support: Booleans) -> None:
        self._half, self._costs, self._size, self._support = half, costs, size, support
        self._dearer = DEARER * float(costs.mean())
        self._price = half.state.price.copy()
        self._new_costs, self._undo = np.zeros(half.a.lots), np.zeros(len(half.a.gate))
        self._met = np.zeros(half.a.gates, dtype=np.int64)

    def batch(self, losses: Floats, count: int, over: Callable[[], bool]) -> None:
        """So many rounds, around lots that lose much more often than around others."""
        chance = np.maximum(losses, 0.0) * self._half.mine
        chance += (0.5 * chance.mean() + USED) * self._half.mine
        for seed in self._half.random.choice(len(chance), count, p=chance / chance.sum()).tolist():
            if over():
                break
            self._once(seed)

    def _once(self, seed: int) -> None:
        a, state, random = self._half.a, self._half.state, self._half.random
        lots = self._together(seed)
        by_size = -self._size[lots] * np.exp(random.normal(0.0, 0.5, len(lots)))
        order = lots[np.argsort(by_size)] if random.random() < BY_SIZE else random.permutation(lots)
        state.price[:] = self._price * np.exp(random.normal(0.0, random.choice(SHAKEN), len(state.price)))
        share, reopen = float(random.choice(SHARES)), bool(random.random() < REOPENED)
        more = rebuilt(
            a, self._half.room, state, order, random.permutation(lots), share, reopen, self._costs, self._new_costs,
            self._undo, self._met,
        )  # fmt: skip
        state.price[:] = self._price
        if more < self._dearer * -np.log(1.0 - random.random()):
            self._costs[lots] = self._new_costs[lots]
        else:
            undone(a, state, order, self._undo)
        settled(a, state, order)

    def _together(self, seed: int) -> Ints:
        """A lot, and some of those that it meets most in the gates that it uses or might well use."""
        a, quantity, random = self._half.a, self._half.state.quantity, self._half.random
        mine = np.arange(a.option_start[seed], a.option_start[seed + 1])
        gates = np.unique(a.gate[mine[self._support[mine] | (quantity[mine] > 0)]])
        gates = gates[gates < a.gates - 1]
        ranges = [a.gate_options[a.gate_start[g] : a.gate_start[g + 1]] for g in gates.tolist()]
        options = np.concatenate([np.zeros(0, dtype=np.int64), *ranges])
        options = options[self._half.mine[a.option_lot[options]]]
        options = options[self._support[options] | (quantity[options] > 0)]
        lots, place = np.unique(a.option_lot[options], return_inverse=True)
        met = np.bincount(place, a.use[options] * quantity[options] + a.setup[options] + USED, len(lots))
        score = met * random.uniform(0.2, 1.0, len(lots))
        others = lots[np.argsort(-score)]
        count = int(random.integers(LEAST, MOST + 1))
        return np.append(seed, others[others != seed][: count - 1]).astype(np.int64)
