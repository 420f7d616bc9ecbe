"""Spread: how much each chosen option brings, and who gets it: a transport problem with few sources.

Sources are what is there anyway, "never delivered", and the chosen options; the last column is "left at the end". All
of what is there anyway is used up, so its costs are counted from what leaving it costs: then no line takes it that
would better be served otherwise. Whole packs are found by rounding what each option brings without them, and moving
units once more.

What each source costs for each line is laid out once for a lot (`laid_out`), and each set of options starts at the
prices of the last one (`transport.py`).
"""

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.compiled import compiled, inlined
from optimizer.decompose.follow import reach
from optimizer.decompose.transport import SMALL, assigned, balanced
from optimizer.solve.program import Ints


@compiled
def laid_out(a: Arrays, w: Work, j: int, n: int) -> None:
    """Costs of a unit of lot j in `w.cost`: by supply, never, and each of n nodes (`w.node…`); last column left."""
    d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
    s0, known = a.supply_start[j], a.supply_start[j + 1] - a.supply_start[j]
    end = a.held[j, a.periods]
    for s in range(known):
        left = left_cost(a, j, s0 + s)
        for d in range(m):
            w.cost[s, d] = reach(a, j, a.supply_period[s0 + s], d0 + d) - left
        w.cost[s, m] = 0.0
    for d in range(m):
        w.cost[known, d] = a.lost[d0 + d]
    w.cost[known, m] = FAR
    for k in range(n):
        period, unit = w.node_arrival[k], w.node_unit[k]
        for d in range(m):
            w.cost[known + 1 + k, d] = unit + reach(a, j, period, d0 + d)
        w.cost[known + 1 + k, m] = unit + end - a.held[j, period] - a.credit[j]


@inlined
def left_cost(a: Arrays, j: int, supply: int) -> float:
    """What leaving a unit of a supply until the end costs."""
    return float(a.held[j, a.periods] - a.held[j, a.supply_period[supply]] - a.credit[j])


@compiled
def spread(a: Arrays, w: Work, j: int, chosen: Ints, count: int) -> float:
    """Cost of lot j with `count` chosen nodes, all of the first that there are, as `spread_again`; lays out first."""
    n = 0
    for c in range(count):
        n = max(n, chosen[c] + 1)
        w.node_price[chosen[c]] = 0.0
    for s in range(a.supply_start[j + 1] - a.supply_start[j]):
        w.known_price[s] = 0.0
    laid_out(a, w, j, n)
    return spread_again(a, w, j, chosen, count, FAR)


@compiled
def spread_again(a: Arrays, w: Work, j: int, chosen: Ints, count: int, enough: float) -> float:
    """Cost of lot j with `count` chosen nodes, their fixed costs included.

    FAR where impossible, or where it is sure to cost `enough` or more. Starts at `w.known_price`, `w.node_price`.
    Leaves the quantity of each node in `w.trial_quantity`, flows in `w.flow` (supplies, never, chosen nodes), and the
    prices of these sources' limits, before packs, in `w.found_price`.
    """
    d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
    s0, known = a.supply_start[j], a.supply_start[j + 1] - a.supply_start[j]
    quantity = a.quantity[d0 : d0 + m]
    total = 0.0
    for s in range(known):
        w.row[s], w.price[s] = s, w.known_price[s]
        w.least[s] = w.most[s] = a.supply_quantity[s0 + s]
        total += left_cost(a, j, s0 + s) * a.supply_quantity[s0 + s]
    w.row[known], w.price[known] = known, 0.0
    w.least[known], w.most[known] = 0.0, FAR
    for c in range(count):
        k, s = chosen[c], known + 1 + c
        w.row[s], w.price[s] = known + 1 + k, w.node_price[k]
        w.least[s], w.most[s] = w.node_least[k], w.node_most[k]
        total += w.node_fixed[k]
        if w.least[s] > w.most[s] * (1 + SMALL):
            return FAR
    sources = known + 1 + count
    limit = assigned(w, quantity, sources)
    if limit >= enough - total or not balanced(w, sources, m, limit, enough - total):
        return FAR
    for s in range(sources):
        w.found_price[s] = w.price[s]
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
    if whole and not balanced(w, sources, m, 0.0, FAR):
        return FAR
    for s in range(sources):
        for d in range(m + 1):
            if w.flow[s, d] > 0.0:
                total += w.flow[s, d] * w.cost[w.row[s], d]
    for c in range(count):
        w.trial_quantity[c] = w.amount[known + 1 + c]
    return total
