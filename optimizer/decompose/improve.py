"""Improve: passes over the lots that make a plan of all of them better.

`swept` decides each lot again in the room that the others leave. Where gates are full that ends soon: nobody can move.
`ejected` then lets one lot have what it wants, and has others leave the gates that overflow, those first whose leaving
costs least; the whole chain is undone unless it pays.

Source: ejection chains: Glover (1996), Discrete Applied Mathematics 65.
"""

import numpy as np

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.compiled import compiled, inlined
from optimizer.decompose.replan import FITS, State, needed, own_cost, replan, settle, take
from optimizer.solve.program import Floats, Ints

CHAIN = 10  # lots that may have to leave for one
ASKED = 24  # lots of a gate that are asked what their leaving would cost
PAYS = 1e-6  # share of the cost of the lots concerned that a chain must gain


@compiled
def swept(a: Arrays, w: Work, state: State, order: Ints, share: float, depth: int, fresh: bool) -> int:
    """Decide lots again one by one, at a share of the gates' prices; how many changed.

    `fresh`: they have no plan yet, and the least worth of gates is for later.
    """
    changed = 0
    for j in order:
        take(a, state, j, -1.0)
        if not fresh and needed(a, state, j):
            take(a, state, j, 1.0)
            continue
        old, best, count = replan(a, w, state, j, share, depth, False, not fresh)
        if best < old - 1e-7 * abs(old) and best < FAR / 2:
            changed += 1
            settle(a, w, state, j, count)
        else:
            take(a, state, j, 1.0)
    return changed


@compiled
def own_costs(a: Arrays, w: Work, state: State, costs: Floats) -> None:
    """What each lot's plan costs, without gates."""
    for j in range(len(costs)):
        costs[j] = own_cost(a, w, state, j)


@compiled
def ejected(
    a: Arrays, w: Work, state: State, order: Ints, depth: int, costs: Floats, stamp: Ints, undo: Floats
) -> float:
    """Give each lot what it wants, and have others leave for it, where that pays; the money gained.

    Args:
        a: the lots.
        w: room.
        state: everybody's plan; keeps all limits before and after.
        order: the lots that are to have what they want.
        depth: of the changes that are tried for each lot.
        costs: each lot's own cost; kept up to date.
        stamp: room: 0 for each lot.
        undo: room: a copy of the quantities.
    """
    gained = 0.0
    changed = np.empty(CHAIN + 2, dtype=np.int64)
    before = np.empty(CHAIN + 2)
    for j in order:
        take(a, state, j, -1.0)
        if needed(a, state, j):
            take(a, state, j, 1.0)
            continue
        _, best, count = replan(a, w, state, j, 1.0, depth, True, True)
        if best >= FAR / 2:
            take(a, state, j, 1.0)
            continue
        changed[0], before[0], length = j, costs[j], 1
        stamp[j] = 1
        _saved(a, state, j, undo)
        settle(a, w, state, j, count)
        costs[j] = own_cost(a, w, state, j)
        balance = costs[j] - before[0]
        fits = False
        while balance < 0.0:
            g = _fullest(a, state, changed, length)
            if g < 0:
                fits = True
                break
            if length > CHAIN:
                break
            leaver, price = _cheapest_leaver(a, w, state, g, depth, costs, stamp)
            if leaver < 0 or balance + price >= 0.0:
                break
            _saved(a, state, leaver, undo)
            take(a, state, leaver, -1.0)
            _, best, count = replan(a, w, state, leaver, 0.0, depth, False, False)
            settle(a, w, state, leaver, count)
            changed[length], before[length] = leaver, costs[leaver]
            stamp[leaver] = 1
            length += 1
            costs[leaver] = own_cost(a, w, state, leaver)
            balance += costs[leaver] - before[length - 1]
        scale = 0.0
        for x in range(length):
            stamp[changed[x]] = 0
            scale += before[x]
        if fits and balance < -PAYS * scale and not _short(a, state, changed, length, undo):
            gained -= balance
        else:
            for x in range(length):
                i = changed[x]
                take(a, state, i, -1.0)
                for k in range(a.option_start[i], a.option_start[i + 1]):
                    state.quantity[k] = undo[k]
                take(a, state, i, 1.0)
                costs[i] = before[x]
    return gained


@inlined
def _saved(a: Arrays, state: State, j: int, undo: Floats) -> None:
    for k in range(a.option_start[j], a.option_start[j + 1]):
        undo[k] = state.quantity[k]


@inlined
def _fullest(a: Arrays, state: State, changed: Ints, length: int) -> int:
    """The gate that the lots concerned overfill most; -1 for none."""
    worst, which = 0.0, -1
    for x in range(length):
        i = changed[x]
        for k in range(a.option_start[i], a.option_start[i + 1]):
            g = a.gate[k]
            if state.quantity[k] > 0.0:
                over = state.used[g] - a.gate_capacity[g] * (1 + FITS)
                if over > worst:
                    worst, which = over, g
                over = state.worth[g] - a.gate_ceiling[g] * (1 + FITS)
                if over > worst:
                    worst, which = over, g
    return which


@inlined
def _cheapest_leaver(
    a: Arrays, w: Work, state: State, g: int, depth: int, costs: Floats, stamp: Ints
) -> tuple[int, float]:
    """The lot of a gate whose leaving costs least by what it frees, and what that costs."""
    over = max(state.used[g] - a.gate_capacity[g], 1e-12)
    best_rate, best, best_price, asked = FAR, -1, 0.0, 0
    for y in range(a.gate_start[g], a.gate_start[g + 1]):
        k = a.gate_options[y]
        if state.quantity[k] <= 0.0:
            continue
        i = a.option_lot[k]
        if stamp[i] != 0:
            continue
        frees = state.quantity[k] * a.use[k] + a.setup[k]
        if frees < 0.15 * over:
            continue
        take(a, state, i, -1.0)
        if not needed(a, state, i):
            _, cost, _ = replan(a, w, state, i, 0.0, 0, False, False)
            if cost < FAR / 2:
                rate = (cost - costs[i]) / min(frees, over)
                if rate < best_rate:
                    best_rate, best, best_price = rate, i, cost - costs[i]
        take(a, state, i, 1.0)
        asked += 1
        if asked >= ASKED:
            break
    return best, best_price


@inlined
def _short(a: Arrays, state: State, changed: Ints, length: int, undo: Floats) -> bool:
    """Whether a gate that one of the lots has left is open and under its least worth, or used without being open."""
    for x in range(length):
        i = changed[x]
        for k in range(a.option_start[i], a.option_start[i + 1]):
            g = a.gate[k]
            if (undo[k] > 0.0 or state.quantity[k] > 0.0) and 1e-9 < state.worth[g] < a.gate_floor[g] * (1 - FITS):
                return True
    return False
