"""Arrays: a lot-sizing problem in the form that compiled code takes, and the room that it works in.

Infinities are written as `FAR`: compiled code is allowed to reckon as if there were none.
"""

from typing import NamedTuple

import numpy as np

from models.lots import Lots
from optimizer.solve.program import Floats, Ints

FAR = 1e30
ROOM = 200  # options of a lot, in one plan, for which there is room in any case; else for twice its periods


class Arrays(NamedTuple):
    """`models.lots.Lots` for compiled code.

    Options without a gate have the last gate, which costs nothing and limits nothing. `held[j, t]` is what a unit of
    lot j costs that is on hand from period 0 to the end of period t - 1; the difference of two entries is what it
    costs to keep it from the one period to the other. `late[d, t]` is what a unit costs more that line d gets in a
    period t after its first (reserves.py); where it has no rows, that is waiting · (t - first).

    A plan takes one option of a lot in each slot: its gate, whose room is reckoned as what the other lots leave, or its
    order line where it has no gate. `crowded` is 1 where a lot has several options in a slot: segments of prices.
    """

    periods: int
    held: Floats
    credit: Floats
    option_start: Ints
    arrival: Ints
    gate: Ints
    unit_cost: Floats
    fixed_cost: Floats
    smallest: Floats
    largest: Floats
    pack: Floats
    use: Floats
    setup: Floats
    worth: Floats
    line_start: Ints
    first: Ints
    last: Ints
    quantity: Floats
    waiting: Floats
    lost: Floats
    supply_start: Ints
    supply_period: Ints
    supply_quantity: Floats
    gate_cost: Floats
    gate_capacity: Floats
    gate_floor: Floats
    gate_ceiling: Floats
    gate_start: Ints
    gate_options: Ints
    option_lot: Ints
    slot: Ints
    crowded: int
    late: Floats

    @property
    def lots(self) -> int:
        """Number of lots."""
        return len(self.credit)

    @property
    def gates(self) -> int:
        """Number of gates, with the one that limits nothing."""
        return len(self.gate_cost)


class Work(NamedTuple):
    """Room for one thread; what is in it means nothing between two calls."""

    value: Floats
    before: Ints
    forward: Floats
    back: Floats
    back_from: Ints
    taken: Floats
    opened: Floats
    source: Ints
    outside: Floats
    outside_from: Ints
    upper: Floats
    lower_use: Floats
    upper_use: Floats
    lower_open: Floats
    upper_open: Floats
    cost: Floats
    flow: Floats
    amount: Floats
    least: Floats
    most: Floats
    gap: Floats
    price: Floats
    found_price: Floats
    known_price: Floats
    row: Ints
    cheapest: Floats
    whose: Ints
    near: Floats
    next: Floats
    nearest: Ints
    without: Floats
    inside: Ints
    reached: Floats
    done: Ints
    via: Ints
    shift: Floats
    shift_line: Ints
    trial: Ints
    trial_quantity: Floats
    best: Ints
    best_quantity: Floats
    best_price: Floats
    best_known: Floats
    node: Ints
    node_arrival: Ints
    node_unit: Floats
    node_fixed: Floats
    node_least: Floats
    node_most: Floats
    node_pack: Floats
    node_extra: Floats
    node_price: Floats


def arrays(lots: Lots) -> Arrays:
    """The same numbers, with a gate for every option."""
    gate = np.append(lots.gate, 0)[:-1]
    free = len(lots.gate_cost)
    gate = np.where(gate < 0, free, gate)
    by_gate = np.argsort(gate, kind="stable")
    capacity = np.append(lots.gate_capacity + lots.gate_overtime, np.inf)
    slot = np.where(gate < free, gate, free + lots.order)
    option_lot = np.repeat(np.arange(len(lots.credit)), np.diff(lots.option_start))
    pairs = np.unique(np.column_stack([option_lot, slot]), axis=0)
    return Arrays(
        periods=lots.periods,
        held=np.hstack([np.zeros((len(lots.credit), 1)), np.cumsum(lots.holding, axis=1)]),
        credit=lots.credit,
        option_start=lots.option_start,
        arrival=lots.arrival,
        gate=gate,
        unit_cost=lots.unit_cost,
        fixed_cost=lots.fixed_cost,
        smallest=lots.smallest,
        largest=np.minimum(lots.largest, FAR),
        pack=lots.pack,
        use=lots.use,
        setup=lots.setup,
        worth=lots.worth,
        line_start=lots.line_start,
        first=lots.first,
        last=lots.last,
        quantity=lots.quantity,
        waiting=lots.waiting,
        lost=lots.lost,
        supply_start=lots.supply_start,
        supply_period=lots.supply_period,
        supply_quantity=lots.supply_quantity,
        gate_cost=np.append(lots.gate_cost, 0.0),
        gate_capacity=np.minimum(capacity, FAR),
        gate_floor=np.append(lots.gate_floor, 0.0),
        gate_ceiling=np.minimum(np.append(lots.gate_ceiling, np.inf), FAR),
        gate_start=np.searchsorted(gate[by_gate], np.arange(free + 2)),
        gate_options=by_gate.astype(np.int64),
        option_lot=option_lot,
        slot=slot,
        crowded=int(len(pairs) < len(slot)),
        late=np.zeros((0, lots.periods)),
    )


def taken_at_once(a: Arrays, quantity: Floats) -> int:
    """Most options that a plan takes of one lot."""
    return int(np.bincount(a.option_lot, quantity > 0, 1).max())


def room_for(a: Arrays) -> int:
    """Options of one lot that a plan may take in the room of `work`: compiled code does not see where that ends."""
    return min(int(np.diff(a.option_start).max(initial=0)), max(2 * a.periods, ROOM))


def work(a: Arrays, taken: int = 0) -> Work:
    """Room for the largest lot, and for plans that take of a lot what `room_for` says, or `taken` if that is more."""
    n = max(1, int(np.diff(a.option_start).max(initial=0)))
    m = max(1, int(np.diff(a.line_start).max(initial=0)))
    s = int(np.diff(a.supply_start).max(initial=0)) + 1 + max(room_for(a), taken) + 2

    def floats(*shape: int) -> Floats:
        return np.zeros(shape)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Work(
        value=floats(n), before=ints(n), forward=floats(m), back=floats(n, m), back_from=ints(n, m), taken=floats(n),
        opened=floats(n), source=ints(m), outside=floats(m), outside_from=ints(m), upper=floats(n), lower_use=floats(n),
        upper_use=floats(n), lower_open=floats(n), upper_open=floats(n),
        cost=floats(s + n, m + 1), flow=floats(s, m + 1), amount=floats(s), least=floats(s), most=floats(s),
        gap=floats(s), price=floats(s), found_price=floats(s), known_price=floats(s), row=ints(s), cheapest=floats(m),
        whose=ints(m), near=floats(m), next=floats(m), nearest=ints(m), without=floats(m), inside=ints(n),
        reached=floats(s), done=ints(s), via=ints(s), shift=floats(s, s), shift_line=ints(s, s), trial=ints(s),
        trial_quantity=floats(s), best=ints(s), best_quantity=floats(s), best_price=floats(s), best_known=floats(s),
        node=ints(n), node_arrival=ints(n), node_unit=floats(n), node_fixed=floats(n), node_least=floats(n),
        node_most=floats(n), node_pack=floats(n), node_extra=floats(n), node_price=floats(n),
    )  # fmt: skip
