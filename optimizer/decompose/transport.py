"""Transport: units from few sources to many lines, from any prices on, with a lower limit that rises on the way.

    minimise  Σ cost[s,d] · flow[s,d]   subject to   Σ_s flow[s,d] = q_d,   least_s <= Σ_d flow[s,d] + left_s <= most_s

With a price u_s on a unit of every source, each line is best served from the source where cost[s,d] + u_s is least, and

    Σ_d q_d · min_s (cost[s,d] + u_s)  -  Σ_s (u_s · most_s where u_s > 0, u_s · least_s where u_s < 0)

is a lower limit on the cost. That is where it starts. A source with a price must then bring its most (u_s > 0) or its
least (u_s < 0): whatever it has too much or too little is moved along the cheapest path through other sources to the
nearest one that can take it, or gives up being full or empty. Prices rise by the path's length less a source's
distance, which keeps every flow the cheapest at them; so the limit rises, too, and the search may end once it is too
high. Good prices to start from, such as those of nearly the same sources, leave little to move.

Source: successive shortest paths with node prices: Ahuja, Magnanti & Orlin (1993), Network Flows, ch. 9.
"""

from optimizer.decompose.arrays import FAR, Work
from optimizer.decompose.compiled import compiled, inlined
from optimizer.solve.program import Floats

SMALL = 1e-9
MOVES = 3000
LOOSE = 1e-12  # prices below this are none


@inlined
def assigned(w: Work, quantity: Floats, sources: int) -> float:
    """Every line at the source that is cheapest at the prices `w.price`; the lower limit there, FAR where none serves.

    `w.row` says which row of `w.cost` each source has; prices that its limits contradict are corrected.
    """
    m = len(quantity)
    limit = 0.0
    for p in range(sources):
        row, u = w.row[p], w.price[p]
        u = max(u, -max(w.cost[row, m], 0.0))  # what is left over is free to take
        if (u > 0.0 and w.most[p] > FAR / 2) or (u < 0.0 and w.least[p] <= 0.0) or abs(u) < LOOSE:
            u = 0.0
        w.price[p] = u
        limit -= u * (w.most[p] if u > 0.0 else w.least[p])
        w.amount[p] = 0.0
        for d in range(m + 1):
            w.flow[p, d] = 0.0
        if p == 0:
            for d in range(m):
                w.cheapest[d] = w.cost[row, d] + u
                w.whose[d] = 0
        else:
            for d in range(m):
                v = w.cost[row, d] + u
                if v < w.cheapest[d]:
                    w.cheapest[d] = v
                    w.whose[d] = p
    for d in range(m):
        p = w.whose[d]
        w.flow[p, d] = quantity[d]
        w.amount[p] += quantity[d]
        limit += quantity[d] * w.cheapest[d]
    if limit > FAR / 2:
        return FAR
    for p in range(sources):
        for r in range(sources):
            w.shift[p, r] = FAR
    for d in range(m):
        p = w.whose[d]
        if quantity[d] > SMALL:
            here = w.cost[w.row[p], d]
            for r in range(sources):
                v = w.cost[w.row[r], d] - here
                if v < w.shift[p, r]:
                    w.shift[p, r] = v
                    w.shift_line[p, r] = d
    return limit


@compiled
def balanced(w: Work, sources: int, m: int, limit: float, enough: float) -> bool:
    """Move units until every source keeps its limits and none has a price without need.

    False where that is impossible, or costs `enough` or more; `limit` is the lower limit at the prices.
    """
    for _ in range(MOVES):
        start, worst = -1, 0.0
        for p in range(sources):
            gap = _gap(w, p)
            w.gap[p] = gap
            slack = SMALL * (1.0 + (w.most[p] if w.most[p] < FAR else 0.0))
            if abs(gap) > max(slack, worst):
                start, worst = p, abs(gap)
        if start < 0:
            return True
        limit = _pushed(w, sources, m, start, limit)
        if limit >= enough:
            return False
    return False


@inlined
def _gap(w: Work, p: int) -> float:
    """What a source brings beyond what it must at its price; negative for too little."""
    u, over, short = w.price[p], w.amount[p] - w.most[p], w.amount[p] - w.least[p]
    if u > 0.0 or (u == 0.0 and over > 0.0):
        return float(over)
    return float(short) if u < 0.0 or short < 0.0 else 0.0


@inlined
def _worth(w: Work, p: int, u: float) -> float:
    """Share of a source in the lower limit, but for what its lines cost, at a price."""
    return float(u * (w.amount[p] - (w.most[p] if u > 0.0 else w.least[p])))


@inlined
def _pushed(w: Work, sources: int, m: int, start: int, limit: float) -> float:
    """Move units away from a source that has too many, or to one that has too few; the limit then, FAR for never."""
    sign = 1.0 if w.gap[start] > 0.0 else -1.0
    stop, length, by_left, room = -1, FAR / 2, False, 0.0
    for s in range(sources):
        w.reached[s] = FAR
        w.done[s] = 0
    w.reached[start] = 0.0
    w.via[start] = -1
    for _ in range(sources):
        p, near = -1, length
        for s in range(sources):
            if w.done[s] == 0 and w.reached[s] < near:
                p, near = s, w.reached[s]
        if p < 0:
            break
        w.done[p] = 1
        u = w.price[p]
        free = w.most[p] - w.amount[p] if sign > 0.0 else w.amount[p] - w.least[p]
        slack = SMALL * 1e-3 if p != start else SMALL * (1.0 + (w.most[p] if w.most[p] < FAR else 0.0))
        if free > slack:
            wanted = -sign * w.gap[p] if p != start else 0.0
            far = near if wanted > 0.0 else near + max(0.0, -sign * u)
            if far < length:
                stop, length, by_left, room = p, far, False, min(free, wanted) if wanted > 0.0 else free
        left = w.cost[w.row[p], m]
        if left < FAR / 2:
            free = w.flow[p, m] if sign > 0.0 else FAR
            far = near + max(0.0, -sign * (max(left, 0.0) + u))
            if free > SMALL and far < length:
                stop, length, by_left, room = p, far, True, free
        for r in range(sources):
            if w.done[r] == 0:
                v = w.shift[p, r] if sign > 0.0 else w.shift[r, p]
                if v < FAR / 2:
                    v = near + max(0.0, v + sign * (w.price[r] - u))
                    if v < w.reached[r]:
                        w.reached[r] = v
                        w.via[r] = p
    if stop < 0:
        return FAR
    for s in range(sources):
        rise = length - w.reached[s]
        if rise > 0.0:
            u = w.price[s] + sign * rise
            if abs(u) < LOOSE or (s == stop and not by_left and sign * w.price[s] < 0.0):
                u = 0.0
            limit += _worth(w, s, u) - _worth(w, s, w.price[s])
            w.price[s] = u
    units = min(sign * _gap(w, start), room)
    if (stop == start and not by_left) or units <= 0.0:
        return limit
    s = stop
    while s != start:
        p = w.via[s]
        units = min(units, w.flow[p, w.shift_line[p, s]] if sign > 0.0 else w.flow[s, w.shift_line[s, p]])
        s = p
    s = stop
    while s != start:
        p = w.via[s]
        if sign > 0.0:
            _moved(w, sources, m, p, s, units)
        else:
            _moved(w, sources, m, s, p, units)
        s = p
    w.amount[start] -= sign * units
    if by_left:
        w.flow[stop, m] -= sign * units
    else:
        w.amount[stop] += sign * units
    return limit


@compiled
def _moved(w: Work, sources: int, m: int, p: int, r: int, units: float) -> None:
    """Move units of the line that is cheapest to move from one source to another; what is cheapest then."""
    d = w.shift_line[p, r]
    if w.flow[r, d] <= SMALL < w.flow[r, d] + units:
        here = w.cost[w.row[r], d]
        for s in range(sources):
            v = w.cost[w.row[s], d] - here
            if v < w.shift[r, s]:
                w.shift[r, s] = v
                w.shift_line[r, s] = d
    w.flow[r, d] += units
    w.flow[p, d] -= units
    if w.flow[p, d] <= SMALL:
        here_row = w.row[p]
        for s in range(sources):
            if s != p and w.shift[p, s] < FAR and w.shift_line[p, s] == d:
                best, which = FAR, 0
                row = w.row[s]
                for e in range(m):
                    if w.flow[p, e] > SMALL:
                        v = w.cost[row, e] - w.cost[here_row, e]
                        if v < best:
                            best, which = v, e
                w.shift[p, s] = best
                w.shift_line[p, s] = which
