"""Compose: what was decided lot by lot becomes a point of the whole program.

    order_k = x_k;   place_k = 1 where x_k > 0;   packs_k = x_k / pack_k;   open_order_g = 1 where anything is placed
    part_k = x_k, within_k = 1 in the segment of prices where x_k lies
    overtime_g = max(0, Σ (r_k x_k + s_k place_k) - C_g)
    deliver = the flows;   short_d = q_d - Σ_t deliver_dt
    on_hand_nt = opening_n + Σ {x_k, open orders: arrived until t} - Σ {deliver: until t}

Columns that lots know nothing of stay 0.
"""

from dataclasses import dataclass

import numpy as np

from models.lots import Lots, starts
from optimizer.compile import Compiled
from optimizer.solve.program import Floats, Ints

NOISE = 1e-9  # of what moves in a lot: what rounding may leave of nothing


@dataclass(frozen=True)
class Deliveries:
    """Which demand line gets how much when; what is named twice is added.

    Attributes:
        line: place in the lots' lines (not a row of index set `lines`).
        period: of delivery.
        quantity: how much.
    """

    line: Ints
    period: Ints
    quantity: Floats


def composed(lots: Lots, compiled: Compiled, quantities: Floats, flows: Deliveries) -> Floats:
    """One number per column of the program.

    Args:
        lots: all lots of the instance, one for each stock.
        compiled: the program of the same book, in the plain formulation.
        quantities: of each option; 0: not placed.
        flows: deliveries.

    Raises:
        ValueError: lots are missing or hold several stocks, or the flows deliver what is not there, out of its
            window, or more than a line asks for.
    """
    columns, program = compiled.columns, compiled.program
    if lots.merged or len(columns["on_hand"]) != len(lots) * (lots.periods + 1):
        raise ValueError("only all lots of an instance, one for each stock, make a plan of it")
    x = np.zeros(program.columns + 1)  # the last takes what occurs nowhere
    _place(lots, compiled, quantities, x)
    _deliver(lots, compiled, flows, x)
    x[columns["on_hand"]] = _on_hand(lots, quantities, flows).ravel()
    return x[:-1]


def broken_gates(lots: Lots, quantities: Floats) -> float:
    """Largest amount by which quantities break what a gate allows or asks for, relative to its size (at least 1)."""
    inside = lots.gate >= 0
    gate, count, placed = lots.gate[inside], len(lots.gate_cost), quantities > 0
    use = _summed(gate, (lots.use * quantities + lots.setup * placed)[inside], count)
    worth = _summed(gate, (lots.worth * quantities)[inside], count)
    opened = _summed(gate, placed[inside].astype(np.float64), count) > 0
    over = np.maximum(use - lots.gate_capacity - lots.gate_overtime, worth - lots.gate_ceiling)
    under = np.where(opened, lots.gate_floor - worth, 0.0)
    return float((np.maximum(over, under) / np.maximum(np.maximum(use, worth), 1.0)).max(initial=0.0))


def _place(lots: Lots, compiled: Compiled, quantities: Floats, x: Floats) -> None:
    """Order lines, packs, open gates and overtime."""
    columns = compiled.columns
    placed = np.flatnonzero(quantities > 0)
    quantity, rows = quantities[placed], lots.order[placed]
    x[columns["order"][rows]] = quantity
    x[columns["place"][rows]] = 1.0
    priced = lots.segment[placed] >= 0
    segment = lots.segment[placed][priced]
    x[columns["part"][segment]] = quantity[priced]
    x[columns["within"][segment]] = 1.0

    packed = np.flatnonzero(lots.pack > 0)
    packs, whose = np.unique(lots.order[packed], return_inverse=True)  # as the index set of packs has them
    x[columns["packs"]] = _summed(whose, np.round(quantities[packed] / lots.pack[packed]), len(packs))

    gate = lots.gate[placed]
    inside = gate >= 0
    opened = lots.gate_open[np.unique(gate[inside])]
    x[columns["open_order"][opened[opened >= 0]]] = 1.0
    used = lots.use[placed] * quantity + lots.setup[placed]
    load = _summed(gate[inside], used[inside], len(lots.gate_cost))
    extra = np.flatnonzero(lots.gate_extra >= 0)
    x[columns["overtime"][lots.gate_extra[extra]]] = np.maximum(load[extra] - lots.gate_capacity[extra], 0.0)


def _deliver(lots: Lots, compiled: Compiled, flows: Deliveries, x: Floats) -> None:
    """Deliveries, and what falls short."""
    columns, program = compiled.columns, compiled.program
    first, row = lots.first[flows.line], lots.line[flows.line]
    if ((flows.period < first) | (flows.period > lots.last[flows.line]) | (flows.quantity < 0)).any():
        raise ValueError("a line is delivered out of its window, or less than nothing")
    ways = np.zeros(len(columns["short"]), dtype=np.int64)
    ways[lots.line] = lots.last - lots.first + 1  # a line has one place, so its deliveries are its periods
    start = starts(ways)
    assert start[-1] == len(columns["deliver"])
    np.add.at(x, columns["deliver"][start[row] + flows.period - first], flows.quantity)

    asked = program.row_lower[compiled.rows["demand_met"]]
    left = asked - _summed(row, flows.quantity, len(asked))
    x[columns["short"]] = _clean(left, asked, "more is delivered than a line asks for")


def _on_hand(lots: Lots, quantities: Floats, flows: Deliveries) -> Floats:
    """Stock by lot and period, the opening first: (n, T + 1)."""
    count, ends = len(lots), lots.periods + 1
    size = count * ends

    def moved(start: Ints, period: Ints, quantity: Floats) -> Floats:
        lot = np.repeat(np.arange(count), np.diff(start))
        return _summed(lot * ends + period + 1, quantity, size).reshape(count, ends)

    came = moved(lots.supply_start, lots.supply_period, lots.supply_quantity)
    came += moved(lots.option_start, lots.arrival, quantities)
    came[:, 0] = lots.opening
    came[:, 1] -= lots.opening
    lot = np.searchsorted(lots.line_start, flows.line, side="right") - 1
    left = _summed(lot * ends + flows.period + 1, flows.quantity, size).reshape(count, ends)
    through = came.sum(axis=1)[:, None]
    return _clean(np.cumsum(came - left, axis=1), through, "more is delivered than is there")


def _summed(at: Ints, quantity: Floats, size: int) -> Floats:
    """Sums by place, as numbers even of nothing."""
    return np.bincount(at, quantity, minlength=size).astype(np.float64, copy=False)


def _clean(left: Floats, of: Floats, message: str) -> Floats:
    """What is left of something: what rounding took below 0 is 0."""
    if (left < -NOISE * np.maximum(of, 1.0)).any():
        raise ValueError(message)
    return np.maximum(left, 0.0)
