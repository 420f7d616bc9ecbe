"""Follow: which options of a lot are worth taking at given prices, by dynamic programming over pairs that follow.

At prices on gates the lots are apart. One lot is a facility location problem on a line: a demand line is covered by
the last option that arrived before it (its stock waits for the line), by one that arrives later (the line waits), by
what is there anyway, or never. So the cost between two options that follow each other depends on these two alone,

    G[b] = min_a  G[a] + fixed_a + Σ_{lines first needed between a and b} q · min(stock of a, wait for b, neither)

which is exact but for three things that are left out, all of which would cost more: smallest and largest quantities,
whole packs, and that a line that waits longer than for the next option must have that later one opened. What is left
out can only make the lot cheaper, so the value is a lower limit on what the lot costs in any plan. What is there
anyway (opening stock, open orders) is limited; it is charged a price of its own, which is raised until no more of it is
used than there is.

Source: Krarup & Bilde (1977), Plant location, set covering and economic lot size; Zangwill (1966) for waiting lines;
Geoffrion (1974), Lagrangean relaxation for integer programming.
"""

import numpy as np

from optimizer.decompose.arrays import FAR, Arrays, Work
from optimizer.decompose.compiled import compiled, inlined
from optimizer.solve.program import Floats, Ints

TRIES = 12  # prices of what is there anyway that are tried at most
STEP = 0.02  # first step of that price, as a share of the largest cost of losing a unit


@compiled
def follow(a: Arrays, w: Work, j: int, n: int, unit: Floats, fixed: Floats, arrival: Ints) -> tuple[float, int]:
    """Best sequence of `n` options (by arrival) of lot j, given what each line would cost without (`w.outside`).

    Leaves the quantity of each option in `w.taken`, where each line comes from in `w.source` (-1: outside), and the
    chain of options in `w.before`; answers the cost and the last of the chain.
    """
    d0, d1 = a.line_start[j], a.line_start[j + 1]
    m = d1 - d0
    held = a.held[j]
    for d in range(m):
        best, who = FAR, -1
        first, last = a.first[d0 + d], a.last[d0 + d]
        for k in range(n - 1, -1, -1):
            if arrival[k] <= first:
                for kk in range(k + 1):
                    w.back[kk, d] = FAR
                break
            if arrival[k] <= last:
                v = unit[k] + late(a, d0 + d, arrival[k])
                if v < best:
                    best, who = v, k
            w.back[k, d] = best
            w.back_from[k, d] = who
    for b in range(n):
        total = 0.0
        for d in range(m):
            if a.first[d0 + d] >= arrival[b]:
                break
            x, y = w.outside[d], w.back[b, d]
            total += a.quantity[d0 + d] * (y if y < x else x)
        w.value[b] = total
        w.before[b] = -1
    end, last_one = 0.0, -1
    for d in range(m):
        end += a.quantity[d0 + d] * w.outside[d]
    for k in range(n):
        from_k = w.value[k] + fixed[k]
        start = 0
        while start < m and a.first[d0 + start] < arrival[k]:
            start += 1
        total = from_k
        base = unit[k] - held[arrival[k]]
        for d in range(start, m):
            v = base + held[a.first[d0 + d]]
            w.forward[d] = v if v < w.outside[d] else w.outside[d]
            total += a.quantity[d0 + d] * w.forward[d]
        if total < end:
            end, last_one = total, k
        for b in range(k + 1, n):
            if arrival[b] == arrival[k]:
                continue
            total = from_k
            for d in range(start, m):
                if a.first[d0 + d] >= arrival[b]:
                    break
                x, y = w.forward[d], w.back[b, d]
                total += a.quantity[d0 + d] * (y if y < x else x)
            if total < w.value[b]:
                w.value[b] = total
                w.before[b] = k
    _trace(a, w, j, n, unit, arrival, last_one)
    return end, last_one


@inlined
def _trace(a: Arrays, w: Work, j: int, n: int, unit: Floats, arrival: Ints, last_one: int) -> None:
    """What each line comes from, and so what each option brings."""
    d0, d1 = a.line_start[j], a.line_start[j + 1]
    held = a.held[j]
    for k in range(n):
        w.taken[k] = 0.0
    after, k, end = -1, last_one, d1 - d0
    while True:
        d = end - 1
        while d >= 0 and (k < 0 or a.first[d0 + d] >= arrival[k]):
            best, who = w.outside[d], -1
            if k >= 0:
                v = unit[k] + held[a.first[d0 + d]] - held[arrival[k]]
                if v < best:
                    best, who = v, k
            if after >= 0 and w.back[after, d] < best:
                who = w.back_from[after, d]
            w.source[d] = who
            if who >= 0:
                w.taken[who] += a.quantity[d0 + d]
            d -= 1
        if k < 0:
            break
        end = d + 1
        after, k = k, w.before[k]


@compiled
def outside(a: Arrays, w: Work, j: int, supply_price: Floats) -> None:
    """What each line costs without any option: lost, or from what is there anyway, at its price."""
    d0, d1 = a.line_start[j], a.line_start[j + 1]
    s0, s1 = a.supply_start[j], a.supply_start[j + 1]
    for d in range(d1 - d0):
        w.outside[d] = a.lost[d0 + d]
        w.outside_from[d] = -1
        for s in range(s0, s1):
            v = supply_price[s] + reach(a, j, a.supply_period[s], d0 + d)
            if v < w.outside[d]:
                w.outside[d] = v
                w.outside_from[d] = s


@compiled
def reach(a: Arrays, j: int, period: int, line: int) -> float:
    """Cost of a unit that is there in a period and goes to a line: kept until then, or the line waits."""
    first = a.first[line]
    if period <= first:
        return float(a.held[j, first] - a.held[j, period])
    if period <= a.last[line]:
        return late(a, line, period)
    return FAR


@inlined
def late(a: Arrays, line: int, period: int) -> float:
    """Cost of a unit that comes to a line after its first period."""
    if len(a.late) > 0:
        return float(a.late[line, period])
    return float(a.waiting[line] * (period - a.first[line]))


@compiled
def priced(
    a: Arrays,
    w: Work,
    lots: Ints,
    unit: Floats,
    fixed: Floats,
    supply_price: Floats,
    worth: Floats,
    brought: Floats,
    opened: Floats,
) -> None:
    """Lower limit on the cost of each lot at prices, and a (fractional) plan that comes near to it.

    Args:
        a: the lots.
        w: room.
        lots: which.
        unit: cost of a unit of each option, prices included.
        fixed: cost of taking each option, prices included.
        supply_price: price of what is there anyway, where the search for it starts; the best found is left there.
        worth: gets the limit of each lot.
        brought: gets the quantity of each option.
        opened: gets how far each option is taken.
    """
    for j in lots:
        s0, s1 = a.supply_start[j], a.supply_start[j + 1]
        largest = 0.0
        for d in range(a.line_start[j], a.line_start[j + 1]):
            largest = max(largest, a.lost[d])
        sweeps = 1 if s1 - s0 <= 1 else 2
        if s1 == s0:
            worth[j] = _limit(a, w, j, unit, fixed, supply_price)
            o0 = a.option_start[j]
            for k in range(a.option_start[j + 1] - o0):
                brought[o0 + k] = w.taken[k]
                opened[o0 + k] = w.opened[k]
        for _ in range(sweeps):
            for s in range(s0, s1):
                worth[j] = _supply(a, w, j, s, unit, fixed, supply_price, largest, brought, opened)


@compiled
def _limit(a: Arrays, w: Work, j: int, unit: Floats, fixed: Floats, supply_price: Floats) -> float:
    """The lower limit of one lot at all prices."""
    o0, o1 = a.option_start[j], a.option_start[j + 1]
    gained = 0.0
    for k in range(o1 - o0):
        # An option that pays for being taken is taken; what it may bring beyond what is used is worth this at most.
        left = unit[o0 + k] + a.held[j, a.periods] - a.held[j, a.arrival[o0 + k]] - a.credit[j]
        charge = fixed[o0 + k] + (left * a.largest[o0 + k] if left < 0.0 else 0.0)
        gained += min(charge, 0.0)
        w.node_fixed[k] = max(charge, 0.0)
        w.upper[k] = charge
    outside(a, w, j, supply_price)
    end, last = follow(a, w, j, o1 - o0, unit[o0:o1], w.node_fixed, a.arrival[o0:o1])
    for k in range(o1 - o0):
        w.opened[k] = 1.0 if w.upper[k] < 0.0 else 0.0
    while last >= 0:
        w.opened[last] = 1.0
        last = w.before[last]
    for s in range(a.supply_start[j], a.supply_start[j + 1]):
        end -= supply_price[s] * a.supply_quantity[s]
    return end + gained


@inlined
def _supply(
    a: Arrays, w: Work, j: int, s: int, unit: Floats, fixed: Floats, supply_price: Floats, largest: float,
    brought: Floats, opened: Floats,
) -> float:  # fmt: skip
    """Raise or lower the price of one supply until its lines meet: the limit there, and the plan between both sides."""
    d0, d1 = a.line_start[j], a.line_start[j + 1]
    o0, n = a.option_start[j], a.option_start[j + 1] - a.option_start[j]
    lowest = a.credit[j] - (a.held[j, a.periods] - a.held[j, a.supply_period[s]])
    dip = 0.0  # keeping a unit may earn money for a while, where stock is wanted (tariffs.py)
    for t in range(a.supply_period[s], a.periods + 1):
        dip = min(dip, a.held[j, t] - a.held[j, a.supply_period[s]])
    highest = max(largest + a.held[j, a.periods], largest - dip, lowest)
    at, step = min(max(supply_price[s], lowest), highest), STEP * largest
    best, best_at = -FAR, at
    low_at, low_value, low_slope, high_at, high_value, high_slope = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    low, high = False, False
    for _ in range(TRIES):
        supply_price[s] = at
        value = _limit(a, w, j, unit, fixed, supply_price)
        slope = -a.supply_quantity[s]
        for d in range(d1 - d0):
            if w.source[d] < 0 and w.outside_from[d] == s:
                slope += a.quantity[d0 + d]
        if value > best:
            best, best_at = value, at
        if low and high and value >= low_value + low_slope * (at - low_at) - 1e-9 * abs(value):
            break
        if slope > 0.0:
            low_at, low_value, low_slope, low = at, value, slope, True
            for k in range(n):
                w.lower_use[k] = w.taken[k]
                w.lower_open[k] = w.opened[k]
        else:
            high_at, high_value, high_slope, high = at, value, slope, True
            for k in range(n):
                w.upper_use[k] = w.taken[k]
                w.upper_open[k] = w.opened[k]
            if slope == 0.0 or at <= lowest:
                low = False
                break
        if low and high:
            at = (high_value - low_value + low_slope * low_at - high_slope * high_at) / (low_slope - high_slope)
            if at <= low_at or at >= high_at:
                break
        elif low:
            at = min(low_at + step, highest)
            if at <= low_at:
                break
        else:
            at = max(high_at - step, lowest)
        step *= 3.0
    supply_price[s] = best_at
    mix = 0.0 if not low else (1.0 if not high else -high_slope / (low_slope - high_slope))
    for k in range(n):
        if high:
            brought[o0 + k] = mix * w.lower_use[k] + (1.0 - mix) * w.upper_use[k]
            opened[o0 + k] = mix * w.lower_open[k] + (1.0 - mix) * w.upper_open[k]
        else:
            brought[o0 + k] = w.lower_use[k]
            opened[o0 + k] = w.lower_open[k]
    return best


def empty_prices(a: Arrays) -> Floats:
    """A start for the prices of what is there anyway."""
    return np.zeros(len(a.supply_period))
