"""Deliver: who gets what is ordered, as flows from each lot's receipts to its demand lines."""

import numpy as np

from models.lots import Lots
from optimizer.decompose.arrays import Arrays, Work, arrays, taken_at_once, work
from optimizer.decompose.compiled import compiled
from optimizer.decompose.compose import Deliveries
from optimizer.decompose.follow import empty_prices
from optimizer.decompose.replan import State, empty, own_cost
from optimizer.solve.program import Floats, Ints

NOTHING = 1e-9


def delivered(lots: Lots, quantity: Floats) -> Deliveries:
    """The cheapest deliveries for given orders.

    Args:
        lots: the lots.
        quantity: of each option; 0: not taken.
    """
    return delivered_of(arrays(lots), quantity)


def delivered_of(a: Arrays, quantity: Floats) -> Deliveries:
    """The same, of arrays."""
    state = empty(a, empty_prices(a))
    state.quantity[:] = quantity
    room = work(a, taken_at_once(a, quantity))
    most = int(np.diff(a.supply_start).max(initial=0)) + 2 * a.periods + 4
    size = len(a.quantity) * min(most, 8) + 8 * a.lots
    while True:
        line, period, flow = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros(size)
        count = _flows(a, room, state, line, period, flow)
        if count <= size:
            return Deliveries(line[:count], period[:count], flow[:count])
        size = count


@compiled
def _flows(a: Arrays, w: Work, state: State, line: Ints, period: Ints, flow: Floats) -> int:
    """Fill in the flows; how many there are, which may be more than there is room for."""
    count = 0
    for j in range(len(a.credit)):
        own_cost(a, w, state, j)
        d0, m = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
        s0, known = a.supply_start[j], a.supply_start[j + 1] - a.supply_start[j]
        taken = 0
        for k in range(a.option_start[j], a.option_start[j + 1]):
            taken += state.quantity[k] > 0.0
        for s in range(known + 1 + taken):
            if s == known:
                continue
            arrives = a.supply_period[s0 + s] if s < known else w.node_arrival[s - known - 1]
            for d in range(m):
                if w.flow[s, d] > NOTHING:
                    if count < len(line):
                        line[count] = d0 + d
                        period[count] = max(a.first[d0 + d], arrives)
                        flow[count] = w.flow[s, d]
                    count += 1
    return count
