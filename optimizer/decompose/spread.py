"""Spread: how much each chosen option brings, and who gets it: a transport problem with few sources.

    minimise  Σ cost[s,d] · flow[s,d]   subject to   Σ_s flow[s,d] = q_d,   least_s <= Σ_d flow[s,d] <= most_s

Sources are what is there anyway, "never delivered", and the chosen options; the last column is "left at the end". All
of what is there anyway is used up, so its costs are counted from what leaving it costs: then no line takes it that
would better be served otherwise. Every line first takes its cheapest source; then what is too much or too little at a
source is moved along the cheapest path through other sources, which keeps the whole optimal for the limits met so far.

Source: successive shortest paths: Ahuja, Magnanti & Orlin (1993), Network Flows, ch. 9.
"""

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.compiled import compiled
from optimizer.decompose.follow import reach
from optimizer.solve.program import Ints

SMALL = 1e-9
MOVES = 3000


@compiled
def spread(a: Arrays, w: Work, j: int, chosen: Ints, count: int) -> float:
    """Cost of lot j with `count` chosen nodes (places in `w.node…`), their fixed costs included; FAR where impossible.

    Leaves the quantity of each in `w.trial_quantity`, and the flows in `w.flow` (supplies, never, chosen nodes).
    """
    d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
    s0, known = a.supply_start[j], a.supply_start[j + 1] - a.supply_start[j]
    end, total = a.held[j, a.periods], 0.0
    for s in range(known):
        period = a.supply_period[s0 + s]
        left = end - a.held[j, period] - a.credit[j]
        for d in range(m):
            w.cost[s, d] = reach(a, j, period, d0 + d) - left
        w.cost[s, m] = 0.0
        total += left * a.supply_quantity[s0 + s]
        w.least[s] = w.most[s] = a.supply_quantity[s0 + s]
    for d in range(m):
        w.cost[known, d] = a.lost[d0 + d]
    w.cost[known, m] = FAR
    w.least[known], w.most[known] = 0.0, FAR
    for c in range(count):
        k, s = chosen[c], known + 1 + c
        period = w.node_arrival[k]
        for d in range(m):
            w.cost[s, d] = w.node_unit[k] + reach(a, j, period, d0 + d)
        w.cost[s, m] = w.node_unit[k] + end - a.held[j, period] - a.credit[j]
        w.least[s], w.most[s] = w.node_least[k], w.node_most[k]
        total += w.node_fixed[k]
        if w.least[s] > w.most[s] * (1 + SMALL):
            return FAR
    sources = known + 1 + count
    _cheapest(a, w, sources, d0, m)
    if not _moved(w, sources, m):
        return FAR
    whole = False
    for c in range(count):
        pack, s = w.node_pack[chosen[c]], known + 1 + c
        if pack > 0.0:
            packs = round(w.amount[s] / pack) * pack
            if packs > w.most[s] * (1 + SMALL):
                packs -= pack
            if packs < w.least[s] * (1 - SMALL):
                packs += pack
            if packs > w.most[s] * (1 + SMALL):
                return FAR
            w.least[s] = w.most[s] = packs
            whole = True
    if whole and not _moved(w, sources, m):
        return FAR
    for s in range(sources):
        for d in range(m + 1):
            if w.flow[s, d] > 0.0:
                total += w.flow[s, d] * w.cost[s, d]
    for c in range(count):
        w.trial_quantity[c] = w.amount[known + 1 + c]
    return total


@compiled
def _cheapest(a: Arrays, w: Work, sources: int, d0: int, m: int) -> None:
    for s in range(sources):
        w.amount[s] = 0.0
        for d in range(m + 1):
            w.flow[s, d] = 0.0
    for d in range(m):
        best = 0
        for s in range(1, sources):
            if w.cost[s, d] < w.cost[best, d]:
                best = s
        w.flow[best, d] = a.quantity[d0 + d]
        w.amount[best] += a.quantity[d0 + d]


@compiled
def _moved(w: Work, sources: int, m: int) -> bool:
    """Move units until every source keeps its limits; false where that is impossible."""
    for _ in range(MOVES):
        worst, wrong, over = -1, 0.0, False
        for s in range(sources):
            slack = SMALL * (1.0 + (w.most[s] if w.most[s] < FAR else 0.0))
            if w.amount[s] - w.most[s] > max(slack, wrong):
                worst, wrong, over = s, w.amount[s] - w.most[s], True
            if w.least[s] - w.amount[s] > max(slack, wrong):
                worst, wrong, over = s, w.least[s] - w.amount[s], False
        if worst < 0:
            return True
        _shifts(w, sources, m)
        if not _pushed(w, sources, m, worst, wrong, over):
            return False
    return False


@compiled
def _shifts(w: Work, sources: int, m: int) -> None:
    """Cheapest way to move a unit of some line from one source to another."""
    for p in range(sources):
        for r in range(sources):
            w.shift[p, r] = FAR
        for d in range(m + 1):
            if w.flow[p, d] > SMALL:
                here = w.cost[p, d]
                for r in range(sources):
                    v = w.cost[r, d] - here
                    if v < w.shift[p, r]:
                        w.shift[p, r] = v
                        w.shift_line[p, r] = d
        w.shift[p, p] = FAR


@compiled
def _pushed(w: Work, sources: int, m: int, start: int, wrong: float, over: bool) -> bool:
    """Move up to `wrong` units away from a source that has too many, or to one that has too few."""
    for s in range(sources):
        w.reached[s] = FAR
        w.via[s] = -1
    w.reached[start] = 0.0
    for _ in range(sources):
        changed = False
        for p in range(sources):
            if w.reached[p] < FAR / 2:
                for r in range(sources):
                    v = w.shift[p, r] if over else w.shift[r, p]
                    if v < FAR / 2 and w.reached[p] + v < w.reached[r] - 1e-10:
                        w.reached[r] = w.reached[p] + v
                        w.via[r] = p
                        changed = True
        if not changed:
            break
    stop, cheapest, by_left, room = -1, FAR / 2, False, 0.0
    for s in range(sources):
        if w.reached[s] > FAR / 2:
            continue
        free = w.most[s] - w.amount[s] if over else w.amount[s] - w.least[s]
        if s != start and free > SMALL * 1e-3 and w.reached[s] < cheapest:
            stop, cheapest, by_left, room = s, w.reached[s], False, free
        sign = -1.0 if over else 1.0
        free = w.flow[s, m] if over else FAR
        if free > SMALL and w.cost[s, m] < FAR / 2 and w.reached[s] + sign * w.cost[s, m] < cheapest:
            stop, cheapest, by_left, room = s, w.reached[s] + sign * w.cost[s, m], True, free
    if stop < 0:
        return False
    units = min(wrong, room)
    s, steps = stop, 0
    while s != start:
        p = w.via[s]
        units = min(units, w.flow[p, w.shift_line[p, s]] if over else w.flow[s, w.shift_line[s, p]])
        s = p
        steps += 1
        if steps > sources:
            return False
    s = stop
    while s != start:
        p = w.via[s]
        if over:
            d = w.shift_line[p, s]
            w.flow[p, d] -= units
            w.flow[s, d] += units
        else:
            d = w.shift_line[s, p]
            w.flow[s, d] -= units
            w.flow[p, d] += units
        s = p
    direction = -1.0 if over else 1.0
    w.amount[start] += direction * units
    if by_left:
        w.flow[stop, m] += direction * units
    else:
        w.amount[stop] -= direction * units
    return True
