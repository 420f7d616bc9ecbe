"""Resume: an earlier plan of lots, and its prices, taken up where the lots or gates may have changed since.

Quantities shrink where gates are overfull now, and are brought within what their options allow; where that is not
enough, lots leave and are decided anew in the room that is left. Lots whose data have changed are decided again in any
case, the rest keep their plan.
"""

import numpy as np

from optimizer.decompose.arrays import FAR, Arrays, room_for
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Priced, Pricing
from optimizer.solve.program import Booleans, Floats, Ints
from optimizer.solve.warm import Warm

FITS = 1e-7  # share of a limit by which rounding may break it
MANY = 0.2  # share of the lots from which on what has changed is no news
SHARES = (1.0, 0.5, 0.0)  # of the prices that are charged when a lot is decided again


def known_prices(at: Priced) -> Floats:
    """Prices as one array: of gates, of largest, of smallest quantities."""
    return np.concatenate([at.price, at.most, at.least])


def priced_again(pricing: Pricing, prices: Floats) -> Priced | None:
    """The lots at the prices of an earlier run; new gates at what opening them costs. None where there are none."""
    gates, options = len(pricing.opening), len(pricing.arrays.gate)
    if len(prices) != gates + 2 * options:
        return None
    price, most, least = np.split(prices, [gates, gates + options])
    return pricing.at(np.where(np.isnan(price), pricing.opening, price), np.nan_to_num(most), np.nan_to_num(least))


def taken_up(planner: Planner, a: Arrays, warm: Warm) -> Found | None:
    """The earlier plan, mended where it breaks a limit, with the lots that have changed decided again."""
    quantity, broken = _allowed(a, _shrunk(a, warm.x))
    leaving = broken | _crowding(a, np.where(broken[a.option_lot], 0.0, quantity))
    found = planner.adopt(np.where(leaving[a.option_lot], 0.0, quantity))
    if found is None or leaving.any():
        found = planner.decide_anew(np.flatnonzero(leaving))
    if len(warm.first) <= max(1.0, MANY * a.lots):
        for share in SHARES:
            better = planner.decide_again(warm.first, share)
            found = better if better is not None and (found is None or better.cost < found.cost) else found
    return found


def _shrunk(a: Arrays, quantity: Floats) -> Floats:
    """Quantities as far as their gates have room for them, each gate's alike."""
    load = np.bincount(a.gate, quantity * a.use + (quantity > 0) * a.setup, a.gates)
    worth = np.bincount(a.gate, quantity * a.worth, a.gates)
    share = np.minimum(a.gate_capacity / np.maximum(load, 1e-9), a.gate_ceiling / np.maximum(worth, 1e-9))[a.gate]
    pack = np.where(a.pack > 0, a.pack, 1.0)
    less = np.where(a.pack > 0, np.floor(quantity * share / pack) * pack, quantity * share)
    return np.where(share < 1.0 - FITS, np.maximum(less, np.minimum(a.smallest, quantity)), quantity)


def _allowed(a: Arrays, quantity: Floats) -> tuple[Floats, Booleans]:
    """Quantities within the limits of their options; and lots in which that cannot be had, or that take too many."""
    taken = quantity > 0
    inside = np.clip(quantity, a.smallest, a.largest)
    pack = np.where(a.pack > 0, a.pack, 1.0)
    whole = np.round(inside / pack) * pack
    whole = whole + pack * (whole < a.smallest * (1 - FITS)) - pack * (whole > a.largest * (1 + FITS))
    inside = np.where(a.pack > 0, whole, inside)
    kept = (inside > 0) & (inside >= a.smallest * (1 - FITS)) & (inside <= a.largest * (1 + FITS))
    broken = np.bincount(a.option_lot, taken & ~kept, a.lots) > 0
    broken |= np.bincount(a.option_lot, taken & kept, a.lots) > room_for(a)
    return np.where(taken & kept, inside, 0.0), broken


def _crowding(a: Arrays, quantity: Floats) -> Booleans:
    """Lots that have to leave for all gates to hold the rest: of each the smallest that is enough, else the largest."""
    leaving = np.zeros(a.lots, dtype=np.bool_)
    for load, room in (
        (quantity * a.use + (quantity > 0) * a.setup, a.gate_capacity),
        (quantity * a.worth, a.gate_ceiling),
    ):
        over = np.bincount(a.gate, load, a.gates) > room * (1 + FITS) + FITS
        for gate in np.flatnonzero(over & (room < FAR / 2)):
            here = a.gate_options[a.gate_start[gate] : a.gate_start[gate + 1]]
            _leave(a.option_lot[here], load[here], float(room[gate]), leaving)
    return leaving


def _leave(lot: Ints, load: Floats, room: float, leaving: Booleans) -> None:
    """Mark lots until the others fit."""
    size = np.bincount(lot, load * ~leaving[lot], len(leaving))
    over = float(size.sum()) - room
    order = np.argsort(size, kind="stable")
    while over > FITS * max(room, 1.0) and len(order):
        enough = int(np.searchsorted(size[order], over))
        chosen = order[min(enough, len(order) - 1)]
        leaving[chosen] = True
        over -= size[chosen]
        order = order[order != chosen]
