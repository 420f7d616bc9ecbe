"""Rework: the plan of a block made better by moves, with its riders kept and other blocks as they are.

A block is the lots of one item. A move takes a quantity from one option of a lot, or from nowhere, and gives it to
another, or to nobody; options that come down to nothing are not placed, gates that nobody uses are shut. What a move
gains is reckoned exactly (carry.py), in a microsecond. Ties that are broken cost a penalty that outweighs what could be
gained by it. Where no move pays any more, a few are made at random, and undone unless the moves that follow make up for
them.

Source: iterated local search: Lourenço, Martin & Stützle (2003); moves of lots: Degraeve & Jans (2007).
"""

from typing import Any, NamedTuple

import numpy as np

from models.lots import Lots, starts
from models.riders import Riders
from optimizer.decompose.arrays import FAR, Arrays
from optimizer.decompose.carry import Levels, Lines, carried, received
from optimizer.decompose.compiled import compiled
from optimizer.decompose.replan import State
from optimizer.solve.program import Floats, Ints

FITS = 1e-9
GAIN = 1e-7  # of a block's cost: a change below it is noise
PENALTY = 3.0  # unit costs that a unit costs by which a tie is broken
# In place of an option, of a lot; numba would compile anew for every bare number.
NOBODY: Any = np.int64(-1)
ALL: Any = np.int64(-1)
SIZES = 7  # quantities that are tried for each pair of options


class Ties(NamedTuple):
    """Ties by block, and by option."""

    start: Ints  # (blocks + 1)
    least: Floats
    most: Floats
    weight: Floats  # penalty [money per unit of the row]
    of_option: Ints  # (options + 1) pointers into the three below
    tie: Ints
    quantity: Floats
    placed: Floats


class Blocks(NamedTuple):
    """Plans of blocks: what a rework reads and changes besides the gates."""

    lot_start: Ints  # (blocks + 1); lots of a block follow each other
    taken: Ints  # options placed in each gate
    has: Floats  # of each tie: Σ α x + β y
    lot_cost: Floats  # of each lot, but for its options
    chance: Ints  # (1) state of the random numbers
    saved: Floats  # room for the quantities of a block
    weekly: Floats  # (lots) mean demand of a period that has any


def ties_of(lots: Lots, riders: Riders) -> tuple[Ties, Ints]:
    """The ties for compiled code, and the first lot of each block."""
    block, first = np.unique(lots.block, return_index=True)
    lot_start = np.append(first, len(lots)).astype(np.int64)
    of = riders.tie_of
    by_option = np.argsort(riders.tie_option, kind="stable")
    entries = np.bincount(riders.tie_option, minlength=len(lots.order))
    size = np.abs(riders.tie_quantity) + np.abs(riders.tie_placed)
    count = np.maximum(np.bincount(of, minlength=riders.ties), 1)
    mean = np.maximum(np.bincount(of, size, riders.ties) / count, 1e-12)
    unit = np.bincount(of, lots.unit_cost[riders.tie_option], riders.ties) / count
    return Ties(
        start=np.searchsorted(riders.tie_block, np.append(block, np.iinfo(np.int64).max)).astype(np.int64),
        least=np.maximum(riders.tie_least, -FAR),
        most=np.minimum(riders.tie_most, FAR),
        weight=PENALTY * unit / mean,
        of_option=starts(entries),
        tie=of[by_option].astype(np.int64),
        quantity=riders.tie_quantity[by_option],
        placed=riders.tie_placed[by_option],
    ), lot_start


def blocks_of(lots: Lots, a: Arrays, lot_start: Ints, ties: Ties, seed: int) -> Blocks:
    """Blocks with nothing ordered."""
    most = int(np.diff(a.option_start[lot_start]).max(initial=1))
    asked = np.bincount(np.repeat(np.arange(len(lots)), np.diff(lots.line_start)), lots.quantity, len(lots))
    return Blocks(
        lot_start, np.zeros(a.gates, dtype=np.int64), np.zeros(len(ties.least)), np.zeros(len(lots)),
        np.array([seed * 7919 + 12345], dtype=np.int64), np.zeros(most), np.maximum(asked / lots.periods, 1e-9),
    )  # fmt: skip


@compiled
def adopted(a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks) -> None:
    """Reckon anew what the quantities in `state` take of the gates, ties and money."""
    state.used[:] = 0.0
    state.worth[:] = 0.0
    b.taken[:] = 0
    b.has[:] = 0.0
    for k in range(len(a.gate)):
        q = state.quantity[k]
        if q > 0.0:
            _book(a, ties, state, b, k, q, 1)
    for j in range(len(a.credit)):
        received(a, room, j, state.quantity)
        b.lot_cost[j] = carried(a, steps, room, j)


@compiled
def _book(a: Arrays, ties: Ties, state: State, b: Blocks, k: int, quantity: float, placed: int) -> None:
    """Add a quantity of an option, and whether it is placed (-1: no more), to gates and ties."""
    g = a.gate[k]
    state.used[g] += quantity * a.use[k] + placed * a.setup[k]
    state.worth[g] += quantity * a.worth[k]
    b.taken[g] += placed
    for e in range(ties.of_option[k], ties.of_option[k + 1]):
        b.has[ties.tie[e]] += ties.quantity[e] * quantity + ties.placed[e] * placed


@compiled
def _broken(ties: Ties, b: Blocks, block: int) -> float:
    """Penalty of a block's ties."""
    total = 0.0
    for r in range(ties.start[block], ties.start[block + 1]):
        if b.has[r] < ties.least[r]:
            total += ties.weight[r] * (ties.least[r] - b.has[r])
        elif b.has[r] > ties.most[r]:
            total += ties.weight[r] * (b.has[r] - ties.most[r])
    return total


@compiled
def _fits(a: Arrays, state: State, b: Blocks, g: int) -> bool:
    """Whether a gate is as it may be."""
    if state.used[g] > a.gate_capacity[g] * (1 + FITS) + FITS or state.worth[g] > a.gate_ceiling[g] * (1 + FITS) + FITS:
        return False
    return bool(b.taken[g] == 0 or state.worth[g] >= a.gate_floor[g] * (1 - FITS))


@compiled
def _most(a: Arrays, state: State, k: int, released: float) -> float:
    """The largest quantity of an option for which its gate has room; `released`: use that is given back to it."""
    g, most = a.gate[k], a.largest[k]
    x = state.quantity[k]
    if a.use[k] > 0.0:
        left = a.gate_capacity[g] - state.used[g] + released
        if x <= 0.0:
            left -= a.setup[k]
        most = min(most, x + left / a.use[k])
    if a.worth[k] > 0.0 and a.gate_ceiling[g] < FAR / 2:
        most = min(most, x + (a.gate_ceiling[g] - state.worth[g]) / a.worth[k])
    if a.pack[k] > 0.0:
        most = np.floor(most / a.pack[k] + FITS) * a.pack[k]
    return float(most)


@compiled
def _less(a: Arrays, state: State, k: int, amount: float) -> float:
    """What is left of an option from which about so much is taken."""
    left = state.quantity[k] - amount
    if a.pack[k] > 0.0:
        left = np.floor(left / a.pack[k] + FITS) * a.pack[k]
    return 0.0 if left < a.smallest[k] or left <= FITS else float(left)


@compiled
def _more(a: Arrays, state: State, k: int, amount: float, released: float) -> float:
    """What an option has that gets about so much; what it had where it may not have more."""
    x = state.quantity[k]
    wanted = max(x + amount, a.smallest[k])
    if a.pack[k] > 0.0:
        wanted = np.ceil(wanted / a.pack[k] - FITS) * a.pack[k]
    most = _most(a, state, k, released)
    wanted = min(wanted, most)
    return x if wanted < a.smallest[k] or wanted <= x + FITS else float(wanted)


@compiled
def _moved(
    a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks, block: int, j: int, share: float,
    source: int, target: int, amount: float, allowed: float,
) -> float:  # fmt: skip
    """Make a move where it costs less than is allowed; what it costs, FAR where it was not made.

    Expects lot j's receipts in `room`, and keeps them so.
    """
    delta, old1, new1, old2, new2 = 0.0, 0.0, 0.0, 0.0, 0.0
    if source >= 0:
        old1 = state.quantity[source]
        new1 = _less(a, state, source, amount)
        if new1 >= old1:
            return FAR
    if target >= 0:
        old2 = state.quantity[target]
        released = 0.0
        if source >= 0 and a.gate[source] == a.gate[target]:
            released = (old1 - new1) * a.use[source] + (a.setup[source] if new1 == 0.0 else 0.0)
        new2 = _more(a, state, target, old1 - new1 if source >= 0 else amount, released)
        if new2 <= old2:
            return FAR
    g1 = a.gate[source] if source >= 0 else -1
    g2 = a.gate[target] if target >= 0 else -1
    was1 = g1 >= 0 and b.taken[g1] > 0
    was2 = g2 >= 0 and b.taken[g2] > 0
    before = _broken(ties, b, block)
    off, on = 0, 0
    if source >= 0:
        off = 1 if new1 == 0.0 else 0
        price = share * state.price[g1]
        delta -= (old1 - new1) * (a.unit_cost[source] + price * a.use[source])
        delta -= off * (a.fixed_cost[source] + price * a.setup[source])
        _book(a, ties, state, b, source, new1 - old1, -off)
        room.receipts[a.arrival[source]] -= old1 - new1
    if target >= 0:
        on = 1 if old2 == 0.0 else 0
        price = share * state.price[g2]
        delta += (new2 - old2) * (a.unit_cost[target] + price * a.use[target])
        delta += on * (a.fixed_cost[target] + price * a.setup[target])
        _book(a, ties, state, b, target, new2 - old2, on)
        room.receipts[a.arrival[target]] += new2 - old2
    good = (g1 < 0 or _fits(a, state, b, g1)) and (g2 < 0 or g2 == g1 or _fits(a, state, b, g2))
    cost = 0.0
    if good:
        delta += _broken(ties, b, block) - before
        if g1 >= 0:
            delta += a.gate_cost[g1] * ((b.taken[g1] > 0) - was1)
        if g2 >= 0 and g2 != g1:
            delta += a.gate_cost[g2] * ((b.taken[g2] > 0) - was2)
        cost = carried(a, steps, room, j)
        delta += cost - b.lot_cost[j]
        good = delta < allowed
    if good:
        b.lot_cost[j] = cost
        if source >= 0:
            state.quantity[source] = new1
        if target >= 0:
            state.quantity[target] = new2
        return delta
    if source >= 0:
        _book(a, ties, state, b, source, old1 - new1, off)
        room.receipts[a.arrival[source]] += old1 - new1
    if target >= 0:
        _book(a, ties, state, b, target, old2 - new2, -on)
        room.receipts[a.arrival[target]] -= new2 - old2
    return FAR


@compiled
def _slack(a: Arrays, steps: Levels, room: Lines, j: int, since: int, until: int) -> float:
    """What of lot j's stock (in `room`) nobody misses from one period to before another."""
    least = FAR
    for t in range(since, until):
        least = min(least, room.stock[t] - steps.below[j, t])
    return max(least, 0.0)


@compiled
def _size(
    a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks, j: int, source: int, target: int, n: int
) -> float:
    """The n-th quantity that is worth trying for a pair; 0: none."""
    if n == 0:
        return float(state.quantity[source]) if source >= 0 else float(a.smallest[target])
    if n <= 3:
        return float(b.weekly[j] * (1.0, 0.25, 2.0)[n - 1])
    if n == 4 and source >= 0:
        since = a.arrival[source]
        until = a.arrival[target] if target >= 0 else a.periods
        return _slack(a, steps, room, j, since, until) if until > since else 0.0
    if n == 5:  # what a broken tie lacks
        k = target if target >= 0 else source
        best = 0.0
        for e in range(ties.of_option[k], ties.of_option[k + 1]):
            r = ties.tie[e]
            lacks = max(ties.least[r] - b.has[r], b.has[r] - ties.most[r])
            change = ties.quantity[e]
            if source >= 0 and target >= 0:
                for f in range(ties.of_option[source], ties.of_option[source + 1]):
                    if ties.tie[f] == r:
                        change -= ties.quantity[f]
            if lacks > 0.0 and abs(change) > FITS:
                best = max(best, lacks / abs(change) * (1 + FITS))
        return best
    if n == 6 and a.pack[target if target >= 0 else source] > 0.0:
        return float(a.pack[target if target >= 0 else source])
    return 0.0


@compiled
def _descended(
    a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks, block: int, lot: int, share: float,
    reach: int, noise: float,
) -> float:  # fmt: skip
    """Moves within a block, or within one lot of it, until none pays; what they gained (negative)."""
    total = 0.0
    for _ in range(30):
        gained = 0.0
        for j in range(b.lot_start[block], b.lot_start[block + 1]):
            if lot >= 0 and j != lot:
                continue
            received(a, room, j, state.quantity)
            carried(a, steps, room, j)
            first, last = a.option_start[j], a.option_start[j + 1]
            for source in range(first - 1, last):
                if source >= first and state.quantity[source] <= 0.0:
                    continue
                for target in range(first - 1, last):
                    k1 = source if source >= first else NOBODY
                    k2 = target if target >= first else NOBODY
                    if k1 == k2 or (k1 >= 0 and k2 >= 0 and abs(a.arrival[k1] - a.arrival[k2]) > reach):
                        continue
                    for n in range(SIZES if k1 >= 0 else 2):
                        if k1 >= 0 and state.quantity[k1] <= 0.0:
                            break
                        amount = _size(a, steps, ties, room, state, b, j, k1, k2, n)
                        if amount <= FITS:
                            continue
                        delta = _moved(a, steps, ties, room, state, b, block, j, share, k1, k2, amount, -noise)
                        if delta < FAR / 2:
                            gained += delta
                if source >= first:
                    carried(a, steps, room, j)
        total += gained
        if gained > -noise:
            break
    return total


@compiled
def _drawn(b: Blocks, count: int) -> int:
    """A random number below a count."""
    b.chance[0] = (b.chance[0] * 1103515245 + 12345) % 2147483648
    return int((b.chance[0] >> 8) % count)


@compiled
def _kicked(
    a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks, block: int, j: int, share: float,
    reach: int,
) -> float:  # fmt: skip
    """One move of a lot at random, whatever it costs; FAR where it could not be made."""
    first, count = a.option_start[j], a.option_start[j + 1] - a.option_start[j]
    if count == 0:
        return FAR
    received(a, room, j, state.quantity)
    source = first + _drawn(b, count)
    for _ in range(count):
        if state.quantity[source] > 0.0:
            break
        source = source + 1 if source + 1 < first + count else first
    target = first + _drawn(b, count)
    kind = _drawn(b, 4)
    if state.quantity[source] <= 0.0 or kind == 3:
        return _moved(a, steps, ties, room, state, b, block, j, share, NOBODY, target, b.weekly[j], FAR)
    if kind == 2:
        return _moved(a, steps, ties, room, state, b, block, j, share, source, NOBODY, FAR, FAR)
    if target == source or abs(a.arrival[source] - a.arrival[target]) > reach:
        return FAR
    amount = state.quantity[source] if kind == 0 else 0.5 * state.quantity[source]
    return _moved(a, steps, ties, room, state, b, block, j, share, source, target, amount, FAR)


@compiled
def reworked(
    a: Arrays, steps: Levels, ties: Ties, room: Lines, state: State, b: Blocks, order: Ints, share: float, reach: int,
    kicks: int,
) -> float:  # fmt: skip
    """Make the plans of blocks better, one after the other; what was gained (negative), at the shared prices.

    Args:
        a: the lots.
        steps: of the cost of stock.
        ties: of blocks.
        room: for one lot.
        state: everybody's plan, which is changed.
        b: what it takes.
        order: which blocks.
        share: of the gates' prices that is charged.
        reach: periods by which a move may put off or bring forward.
        kicks: how often a block is shaken.
    """
    total = 0.0
    for block in order:
        size = 0.0
        for j in range(b.lot_start[block], b.lot_start[block + 1]):
            size += abs(b.lot_cost[j])
        noise = GAIN * (size + 1e-6)
        total += _descended(a, steps, ties, room, state, b, block, ALL, share, reach, noise)
        first = a.option_start[b.lot_start[block]]
        last = a.option_start[b.lot_start[block + 1]]
        for _ in range(kicks):
            for k in range(first, last):
                b.saved[k - first] = state.quantity[k]
            lots = b.lot_start[block + 1] - b.lot_start[block]
            j = b.lot_start[block] + _drawn(b, lots)
            delta = 0.0
            for _again in range(1 + _drawn(b, 2)):
                cost = _kicked(a, steps, ties, room, state, b, block, j, share, reach)
                if cost < FAR / 2:
                    delta += cost
            if delta > 0.0 or delta < 0.0:
                delta += _descended(a, steps, ties, room, state, b, block, j, share, reach, noise)
            if delta < -noise:
                total += delta
            else:
                for k in range(first, last):
                    old, new = state.quantity[k], b.saved[k - first]
                    if old != new:
                        _book(a, ties, state, b, k, new - old, int(new > 0.0) - int(old > 0.0))
                        state.quantity[k] = new
                for j in range(b.lot_start[block], b.lot_start[block + 1]):
                    received(a, room, j, state.quantity)
                    b.lot_cost[j] = carried(a, steps, room, j)
    return total
