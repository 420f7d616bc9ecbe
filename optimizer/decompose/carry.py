"""Carry: what a lot's stock does for given receipts, when everything is delivered as soon as it is there.

Who waits at the dearest gets it first, then who is lost at the dearest. Stock pays its holding cost, and more where it
is below or above a level (riders.py):

    Σ_t h_t I_t + b_t max(0, below_t - I_t) + a_t max(0, I_t - above_t)  -  v I_T  +  waiting and lost lines

Delivering at once is best where nobody waits for less than what stock costs that is missing (the default of the data
contract); elsewhere it is a plan all the same.
"""

from typing import NamedTuple

import numpy as np

from models.lots import Lots
from models.riders import Riders
from optimizer.decompose.arrays import FAR, Arrays, arrays
from optimizer.decompose.compiled import compiled
from optimizer.decompose.compose import Deliveries
from optimizer.solve.program import Floats, Ints


class Levels(NamedTuple):
    """Steps of the cost of stock, by lot and period; infinities are written as `FAR`."""

    below: Floats
    below_cost: Floats
    above: Floats
    above_cost: Floats


class Lines(NamedTuple):
    """What lots are asked for by period, and room for one: lines that wait, what they still want, and its stock."""

    due: Ints  # (n, T + 1) first line of each period
    asked: Floats  # (n, T) quantity of a period's lines
    waiting: Ints
    wanted: Floats
    receipts: Floats
    stock: Floats


def levels(riders: Riders) -> Levels:
    """The steps of riders, for compiled code."""
    return Levels(riders.below, riders.below_cost, np.minimum(riders.above, FAR), riders.above_cost)


def lines(a: Arrays) -> Lines:
    """Room for the largest lot."""
    most = max(1, int(np.diff(a.line_start).max(initial=0)))
    place = np.repeat(np.arange(a.lots), np.diff(a.line_start)) * a.periods + a.first
    asked = np.bincount(place, a.quantity, a.lots * a.periods).reshape(a.lots, a.periods).astype(np.float64)
    ends = np.searchsorted(place, np.arange(a.lots * a.periods)).reshape(a.lots, a.periods)
    due = np.hstack([ends, a.line_start[1:, None]]).astype(np.int64)
    return Lines(due, asked, np.zeros(most, dtype=np.int64), np.zeros(most), np.zeros(a.periods), np.zeros(a.periods))


@compiled
def received(a: Arrays, room: Lines, j: int, quantity: Floats) -> None:
    """What lot j receives by period, from what is there anyway and from its options; left in `room.receipts`."""
    for t in range(a.periods):
        room.receipts[t] = 0.0
    for s in range(a.supply_start[j], a.supply_start[j + 1]):
        room.receipts[a.supply_period[s]] += a.supply_quantity[s]
    for k in range(a.option_start[j], a.option_start[j + 1]):
        room.receipts[a.arrival[k]] += quantity[k]


@compiled
def carried(a: Arrays, steps: Levels, room: Lines, j: int) -> float:
    """Cost of lot j for the receipts in `room`, but for what its options cost; leaves its stock in `room.stock`."""
    on_hand, cost, queue = 0.0, 0.0, 0
    for t in range(a.periods):
        on_hand += room.receipts[t]
        if queue == 0 and on_hand >= room.asked[j, t]:
            on_hand -= room.asked[j, t]
        else:
            queue = _queued(a, room, queue, room.due[j, t], room.due[j, t + 1])
            kept = 0
            for place in range(queue):
                line, wanted = room.waiting[place], room.wanted[place]
                given = min(wanted, on_hand)
                on_hand -= given
                cost += given * a.waiting[line] * (t - a.first[line])
                if wanted - given > 0.0:
                    if t >= a.last[line]:
                        cost += (wanted - given) * a.lost[line]
                    else:
                        room.waiting[kept] = line
                        room.wanted[kept] = wanted - given
                        kept += 1
            queue = kept
        room.stock[t] = on_hand
        cost += on_hand * (a.held[j, t + 1] - a.held[j, t])
        if on_hand < steps.below[j, t]:
            cost += steps.below_cost[j, t] * (steps.below[j, t] - on_hand)
        if on_hand > steps.above[j, t]:
            cost += steps.above_cost[j, t] * (on_hand - steps.above[j, t])
    for place in range(queue):
        cost += room.wanted[place] * a.lost[room.waiting[place]]
    return float(cost - a.credit[j] * on_hand)


@compiled
def _queued(a: Arrays, room: Lines, queue: int, first: int, end: int) -> int:
    """Put lines among those that wait; how many they are then."""
    for d in range(first, end):
        place = queue
        while place > 0 and _before(a, d, room.waiting[place - 1]):
            room.waiting[place] = room.waiting[place - 1]
            room.wanted[place] = room.wanted[place - 1]
            place -= 1
        room.waiting[place] = d
        room.wanted[place] = a.quantity[d]
        queue += 1
    return queue


@compiled
def _before(a: Arrays, line: int, other: int) -> bool:
    """Whether a line is served before another."""
    if a.waiting[line] != a.waiting[other]:
        return bool(a.waiting[line] > a.waiting[other])
    return bool(a.lost[line] > a.lost[other])


@compiled
def stocks(a: Arrays, steps: Levels, room: Lines, quantity: Floats, stock: Floats) -> None:
    """The stock of all lots, by period, for quantities of their options; into `stock`, (n, T)."""
    for j in range(len(a.credit)):
        received(a, room, j, quantity)
        carried(a, steps, room, j)
        for t in range(a.periods):
            stock[j, t] = room.stock[t]


@compiled
def handed(a: Arrays, room: Lines, quantity: Floats, line: Ints, period: Ints, flow: Floats) -> int:
    """The deliveries of all lots; how many there are, which may be more than there is room for."""
    count = 0
    for j in range(len(a.credit)):
        received(a, room, j, quantity)
        on_hand, queue = 0.0, 0
        for t in range(a.periods):
            on_hand += room.receipts[t]
            queue = _queued(a, room, queue, room.due[j, t], room.due[j, t + 1])
            kept = 0
            for place in range(queue):
                who, wanted = room.waiting[place], room.wanted[place]
                given = min(wanted, on_hand)
                on_hand -= given
                if given > 0.0:
                    if count < len(line):
                        line[count], period[count], flow[count] = who, t, given
                    count += 1
                if wanted - given > 0.0 and t < a.last[who]:
                    room.waiting[kept] = who
                    room.wanted[kept] = wanted - given
                    kept += 1
            queue = kept
    return count


def delivered(lots: Lots, quantity: Floats) -> Deliveries:
    """The deliveries that `carried` reckons with, for quantities of options."""
    a = arrays(lots)
    room, size = lines(a), 2 * len(lots.line) + 8
    while True:
        line, period, flow = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros(size)
        count = handed(a, room, quantity, line, period, flow)
        if count <= size:
            return Deliveries(line[:count], period[:count], flow[:count])
        size = count
