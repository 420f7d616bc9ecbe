"""Change: the options of one lot left out, put off, brought forward and added, as long as that pays.

Most changes do not pay, and that shows before the transport problem is solved: at the prices u that the plan at hand
has for its sources' limits (transport.py), without option x and with option o in its place the lot costs at least

    K  -  part_x  +  Σ_d q_d · v_d  +  fixed_o  -  min_u [ Σ_d q_d · max(0, v_d - cost[o,d] - u) + u · limit_o ]

where v_d is what line d costs at the cheapest source but x, limits priced; part_x what x has in the limit, and limit_o
the most that o may bring where its price u is above zero, the least where it is below. So v is found once for each x,
and each o takes one pass over the lines.
"""

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.compiled import compiled, inlined
from optimizer.decompose.spread import left_cost, spread_again
from optimizer.solve.program import Floats, Ints

GAIN = 1e-7  # share of a lot's cost below which a change is noise
ROUNDS = 100
HALVINGS = 7  # of the range that holds the price of an option's limit


@compiled
def kept(w: Work, known: int, found: int, cost: float, best: float, count: int) -> tuple[float, int]:
    """Keep the trial of so many nodes where it is better, with its prices; the best cost and its count."""
    if cost >= enough(best):
        return best, count
    for s in range(known):
        w.best_known[s] = w.found_price[s]
    for x in range(found):
        w.best[x] = w.trial[x]
        w.best_quantity[x] = w.trial_quantity[x]
        w.best_price[x] = w.found_price[known + 1 + x]
    return cost, found


@compiled
def crowded(a: Arrays, w: Work, chosen: Ints, count: int, other: int) -> bool:
    """Whether a node is in the slot of one of those that are chosen."""
    slot = a.slot[w.node[other]]
    for x in range(count):
        if a.slot[w.node[chosen[x]]] == slot:
            return True
    return False


@inlined
def enough(best: float) -> float:
    """What a plan must cost less than to be better."""
    return best - GAIN * abs(best) if best < FAR / 2 else FAR / 2


@inlined
def changed(a: Arrays, w: Work, j: int, n: int, depth: int, best: float, count: int) -> tuple[float, int]:
    """The first change that pays, again and again, until none does."""
    for _ in range(ROUNDS):
        before = best
        fixed = _priced_lines(a, w, j, n, count)
        best, count = _one_changed(a, w, j, n, depth, fixed, best, count)
        if best >= before and depth > 1:
            best, count = _one_added(a, w, j, n, fixed, best, count)
        if best >= before:
            break
    return best, count


@inlined
def _priced_lines(a: Arrays, w: Work, j: int, n: int, count: int) -> float:
    """What each line costs at the cheapest and second cheapest source of the best plan; all else in its lower limit."""
    m = a.line_start[j + 1] - a.line_start[j]
    s0, known = a.supply_start[j], a.supply_start[j + 1] - a.supply_start[j]
    total = 0.0
    for x in range(n):
        w.inside[x] = 0
    for d in range(m):
        w.near[d], w.next[d], w.nearest[d] = w.cost[known, d], FAR, -1
    for s in range(known):
        u = w.best_known[s]
        w.known_price[s] = u
        total += (left_cost(a, j, s0 + s) - u) * a.supply_quantity[s0 + s]
        _nearer(w, m, s, u, -1)
    for y in range(count):
        k, u = w.best[y], w.best_price[y]
        w.inside[k] = 1
        w.node_price[k] = u
        total += _part(w, k)
        _nearer(w, m, known + 1 + k, u, y)
    return float(total)


@compiled
def _nearer(w: Work, m: int, row: int, u: float, who: int) -> None:
    for d in range(m):
        v = w.cost[row, d] + u
        if v < w.near[d]:
            w.next[d] = w.near[d]
            w.near[d], w.nearest[d] = v, who
        elif v < w.next[d]:
            w.next[d] = v


@inlined
def _part(w: Work, k: int) -> float:
    """Share of a node in the lower limit."""
    u = w.node_price[k]
    return float(w.node_fixed[k] - u * (w.node_most[k] if u > 0.0 else w.node_least[k]))


@inlined
def _one_changed(
    a: Arrays, w: Work, j: int, n: int, depth: int, fixed: float, best: float, count: int
) -> tuple[float, int]:
    """The first option to leave out, or to replace by another of about its time, that pays."""
    d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
    known = a.supply_start[j + 1] - a.supply_start[j]
    quantity = a.quantity[d0 : d0 + m]
    aim = enough(best)
    for x in range(count):
        arrival = w.node_arrival[w.best[x]]
        limit = fixed - _part(w, w.best[x])
        for d in range(m):
            w.without[d] = w.next[d] if w.nearest[d] == x else w.near[d]
            limit += quantity[d] * w.without[d]
        found = 0
        for y in range(count):
            if y != x:
                w.trial[found] = w.best[y]
                found += 1
        if limit < aim:
            best, count = kept(w, known, found, spread_again(a, w, j, w.trial, found, aim), best, count)
            if best < aim:
                return best, count
        for other in range(n):
            if w.inside[other] == 1 or abs(w.node_arrival[other] - arrival) > depth:
                continue
            if a.crowded and crowded(a, w, w.trial, found, other):
                continue
            if _too_dear(w, quantity, known + 1 + other, other, limit - aim):
                continue
            w.trial[found] = other
            best, count = kept(w, known, found + 1, spread_again(a, w, j, w.trial, found + 1, aim), best, count)
            if best < aim:
                return best, count
    return best, count


@inlined
def _one_added(a: Arrays, w: Work, j: int, n: int, fixed: float, best: float, count: int) -> tuple[float, int]:
    """The first option to add that pays."""
    d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
    known = a.supply_start[j + 1] - a.supply_start[j]
    if count >= len(w.trial) - known - 2:
        return best, count
    quantity = a.quantity[d0 : d0 + m]
    aim, limit = enough(best), fixed
    for d in range(m):
        w.without[d] = w.near[d]
        limit += quantity[d] * w.near[d]
    for y in range(count):
        w.trial[y] = w.best[y]
    for other in range(n):
        if w.inside[other] == 1 or _too_dear(w, quantity, known + 1 + other, other, limit - aim):
            continue
        if a.crowded and crowded(a, w, w.trial, count, other):
            continue
        w.trial[count] = other
        best, count = kept(w, known, count + 1, spread_again(a, w, j, w.trial, count + 1, aim), best, count)
        if best < aim:
            return best, count
    return best, count


@compiled
def _too_dear(w: Work, quantity: Floats, row: int, k: int, above: float) -> bool:
    """Whether a node saves less than it costs, and than `above`, by which its lines are dearer without it than allowed.

    Leaves the price of its limit where that is decided in `w.node_price`.
    """
    m = len(quantity)
    least, most = w.node_least[k], w.node_most[k]
    to_save = above + w.node_fixed[k]
    saved, units, top = 0.0, 0.0, 0.0
    for d in range(m):
        v = w.without[d] - w.cost[row, d]
        if v > 0.0:
            saved += quantity[d] * v
            units += quantity[d]
            top = max(top, v)
    w.node_price[k] = 0.0
    if saved <= to_save:
        return True
    if units < least:
        low, high, limit = -max(w.cost[row, m], 0.0), 0.0, least
    elif units > most:
        low, high, limit = 0.0, top, most
    else:
        return False
    for _ in range(HALVINGS):
        u = 0.5 * (low + high)
        saved, units = u * limit, 0.0
        for d in range(m):
            v = w.without[d] - w.cost[row, d] - u
            if v > 0.0:
                saved += quantity[d] * v
                units += quantity[d]
        w.node_price[k] = u
        if saved <= to_save:
            return True
        if units > limit:
            low = u
        else:
            high = u
    return False
