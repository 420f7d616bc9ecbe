"""Lateness: what a unit costs more that arrives after the first period in which it is wanted (reserves.py)."""

from optimizer.decompose.arrays import FAR
from optimizer.decompose.compiled import compiled
from optimizer.solve.program import Floats, Ints


@compiled
def filled(
    start: Ints, middle: Floats, due: Ints, first: Ints, last: Ints, waiting: Floats, reach: Floats, missed: Floats,
    held: Floats, proven: bool, late: Floats,
) -> None:  # fmt: skip
    """Fill in what a unit of each piece costs more in each period after its first.

    Args:
        start: (n + 1) pieces of each lot, in the order of going out.
        middle: a unit of each, by its number.
        due: when it is asked for.
        first: from when on it is wanted.
        last: until when it may wait.
        waiting: what that costs.
        reach: (n, T) last unit of each period's reserve.
        missed: (pieces, T) what it costs that a unit is missed that is of a period's reserve.
        held: (n, T + 1) as in `Arrays`.
        proven: whether what would be too much where stock is kept for others is left out.
        late: (pieces, T) is filled in.
    """
    periods = late.shape[1]
    for j in range(len(start) - 1):
        for v in range(start[j], start[j + 1]):
            since, asked, kept = first[v], due[v], 0.0
            for t in range(since, min(asked, periods - 1)):
                kept += missed[v, t]
                late[v, t + 1] = kept - (held[j, t + 1] - held[j, since])
            for a in range(asked + 1, periods):
                late[v, a] = FAR
                if a <= last[v]:
                    late[v, a] = kept - (held[j, asked] - held[j, since]) + waiting[v] * (a - asked)
            if not proven:
                continue
            for t in range(since, min(asked, periods)):
                if missed[v, t] > 0.0:
                    excused = _excused(start[j + 1], middle, due, last, waiting, reach[j, t], v, periods)
                    for a in range(max(excused, asked) + 1, min(last[v] + 1, periods)):
                        late[v, a] -= missed[v, t]


@compiled
def _excused(
    end: int, middle: Floats, due: Ints, last: Ints, waiting: Floats, reach: float, v: int, periods: int
) -> int:
    """The period after which piece v may be missed because stock is kept for another that is beyond the reserve."""
    excused = periods
    for u in range(v + 1, end):
        if middle[u] <= reach or due[u] >= periods:
            continue
        if waiting[u] > waiting[v]:
            excused = min(excused, due[u])
        excused = min(excused, last[u])
        if due[u] >= excused:
            break
    return int(excused)
