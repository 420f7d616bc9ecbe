"""Replan: one lot decided again, with the others as they are.

The dynamic program proposes options at the prices of the gates; options are then left out, put off or brought forward,
or added, as long as that pays, each time with the best quantities for them (spread.py). What the gates have left, and
what they ask for at least, holds exactly.
"""

from typing import NamedTuple

import numpy as np

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.change import changed, crowded, enough, kept
from optimizer.decompose.compiled import compiled, inlined
from optimizer.decompose.follow import follow, outside
from optimizer.decompose.spread import laid_out, left_cost, spread_again
from optimizer.solve.program import Floats, Ints

SHUT, OPEN, OFFERED = 0, 1, 2  # of a gate: not to be used; paid for; open where a lot pays for it and fills it
FITS = 1e-9
PROPOSALS = 25
DEARER = 0.02  # of the unit cost, on an option that was asked for more than it can bring


class State(NamedTuple):
    """A plan of all lots, and what it takes of the gates."""

    quantity: Floats  # of each option; 0 where it is not taken
    used: Floats  # of each gate
    worth: Floats
    status: Ints
    price: Floats  # of each gate, per unit of use
    supply_price: Floats


def empty(a: Arrays, supply_price: Floats) -> State:
    """Nothing taken, every gate open."""
    return State(
        np.zeros(len(a.gate)), np.zeros(a.gates), np.zeros(a.gates), np.full(a.gates, OPEN), np.zeros(a.gates),
        supply_price,
    )  # fmt: skip


@compiled
def take(a: Arrays, state: State, j: int, sign: float) -> None:
    """Add what lot j takes of the gates, or remove it (sign -1)."""
    for k in range(a.option_start[j], a.option_start[j + 1]):
        q = state.quantity[k]
        if q > 0.0:
            state.used[a.gate[k]] += sign * (q * a.use[k] + a.setup[k])
            state.worth[a.gate[k]] += sign * q * a.worth[k]


@compiled
def needed(a: Arrays, state: State, j: int) -> bool:
    """Whether others need what lot j orders to reach the least worth of a gate (its own share taken out before)."""
    for k in range(a.option_start[j], a.option_start[j + 1]):
        g = a.gate[k]
        if state.quantity[k] > 0.0 and 1e-9 < state.worth[g] < a.gate_floor[g] * (1 - FITS):
            return True
    return False


@compiled
def replan(
    a: Arrays, w: Work, state: State, j: int, share: float, depth: int, loose: bool, keep: bool
) -> tuple[float, float, int]:
    """Best plan found for lot j, whose own use was taken out of the gates.

    Args:
        a: the lots.
        w: room; the plan is left in `w.best` (nodes), `w.node` (their options) and `w.best_quantity`.
        state: everybody's plan.
        j: the lot.
        share: of the gates' prices that is charged.
        depth: 0 only what the dynamic program proposes; 1 changes too; 2 further changes, and additions.
        loose: whether what others use of the gates is overlooked.
        keep: whether the plan at hand is one to start from.

    Returns:
        Cost of the plan at hand (FAR where it does not fit), cost of the best, number of its options; at the prices.
    """
    n = _nodes(a, w, state, j, share, loose)
    known = a.supply_start[j + 1] - a.supply_start[j]
    _laid_out(a, w, state, j, n)
    old, best, count = FAR, FAR, 0
    if keep:
        taken, found = 0, 0
        for k in range(a.option_start[j], a.option_start[j + 1]):
            taken += state.quantity[k] > 0.0
        for x in range(n):
            if state.quantity[w.node[x]] > 0.0:
                w.trial[found] = x
                found += 1
        if taken == found:
            old = spread_again(a, w, j, w.trial, found, FAR)
            best, count = kept(w, known, found, old, best, count)
    best, count, tight = _proposed(a, w, state, j, n, best, count)
    if depth > 0 and best < FAR / 2:
        best, count = changed(a, w, j, n, depth + tight, best, count)
    return old, best, count


@inlined
def _nodes(a: Arrays, w: Work, state: State, j: int, share: float, loose: bool) -> int:
    """Options that have room in their gates."""
    n = 0
    for k in range(a.option_start[j], a.option_start[j + 1]):
        g = a.gate[k]
        if state.status[g] == SHUT:
            continue
        most, least, fixed = a.largest[k], a.smallest[k], a.fixed_cost[k]
        used = 0.0 if loose else state.used[g]
        worth = 0.0 if loose else state.worth[g]
        left = a.gate_capacity[g] - used - a.setup[k]
        if a.use[k] > 0.0:
            most = min(most, left / a.use[k])
        elif left < 0.0:
            continue
        if a.worth[k] > 0.0:
            most = min(most, (a.gate_ceiling[g] - worth) / a.worth[k])
        if state.status[g] == OFFERED and worth <= 1e-9:
            fixed += a.gate_cost[g]
            if a.worth[k] > 0.0:
                least = max(least, a.gate_floor[g] / a.worth[k])
        pack = a.pack[k]
        if pack > 0.0:
            most = np.floor(most / pack + FITS) * pack
            least = np.ceil(least / pack - FITS) * pack
        if most < least or most <= FITS:
            continue
        price = share * state.price[g]
        w.node[n] = k
        w.node_arrival[n] = a.arrival[k]
        w.node_unit[n] = a.unit_cost[k] + price * a.use[k]
        w.node_fixed[n] = fixed + price * a.setup[k]
        w.node_least[n] = least
        w.node_most[n] = most
        w.node_pack[n] = pack
        w.node_extra[n] = 0.0
        n += 1
    return n


@compiled
def _laid_out(a: Arrays, w: Work, state: State, j: int, n: int) -> None:
    """Costs of all sources, and prices to start from: what is there anyway has one, limits of nodes have none."""
    laid_out(a, w, j, n)
    s0 = a.supply_start[j]
    for s in range(a.supply_start[j + 1] - s0):
        w.known_price[s] = w.found_price[s] = left_cost(a, j, s0 + s) + state.supply_price[s0 + s]
    for x in range(n):
        w.node_price[x] = 0.0


@inlined
def _proposed(a: Arrays, w: Work, state: State, j: int, n: int, best: float, count: int) -> tuple[float, int, int]:
    """What the dynamic program takes; options that cannot bring what it asks of them become dearer."""
    known = a.supply_start[j + 1] - a.supply_start[j]
    room = len(w.trial) - known - 2
    tight = 0
    for _ in range(PROPOSALS):
        outside(a, w, j, state.supply_price)
        for x in range(n):
            w.upper[x] = w.node_unit[x] + w.node_extra[x]
        _, last = follow(a, w, j, n, w.upper, w.node_fixed, w.node_arrival)
        found, again = 0, False
        while last >= 0 and found < room:
            if a.crowded and crowded(a, w, w.trial, found, last):
                last = w.before[last]
                continue
            w.trial[found] = last
            w.node_price[last] = w.node_extra[last]
            found += 1
            if w.taken[last] > w.node_most[last] * 1.001:
                again = True
                w.node_extra[last] += DEARER * w.node_unit[last] * min(2.0, w.taken[last] / w.node_most[last] - 0.7)
            last = w.before[last]
        best, count = kept(w, known, found, spread_again(a, w, j, w.trial, found, enough(best)), best, count)
        for s in range(known):
            w.known_price[s] = w.found_price[s]
        tight += again
        if not again:
            break
    return best, count, min(tight, 1)


@compiled
def settle(a: Arrays, w: Work, state: State, j: int, count: int) -> None:
    """Make the plan that was found lot j's own, and take it of the gates."""
    for k in range(a.option_start[j], a.option_start[j + 1]):
        state.quantity[k] = 0.0
    for x in range(count):
        if w.best_quantity[x] > FITS:
            state.quantity[w.node[w.best[x]]] = w.best_quantity[x]
    take(a, state, j, 1.0)


@compiled
def own_cost(a: Arrays, w: Work, state: State, j: int) -> float:
    """Cost of lot j's plan as it is, without prices and gates; the flows are left in `w.flow`.

    Its chosen nodes are its options in their order.
    """
    found = 0
    for k in range(a.option_start[j], a.option_start[j + 1]):
        if state.quantity[k] > 0.0:
            w.node[found] = k
            w.node_arrival[found] = a.arrival[k]
            w.node_unit[found] = a.unit_cost[k]
            w.node_fixed[found] = a.fixed_cost[k]
            w.node_least[found] = w.node_most[found] = state.quantity[k]
            w.node_pack[found] = 0.0
            w.trial[found] = found
            found += 1
    _laid_out(a, w, state, j, found)
    return spread_again(a, w, j, w.trial, found, FAR)
