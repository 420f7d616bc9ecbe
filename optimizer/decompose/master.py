"""Master: plans of single lots mixed so that the gates hold, and the prices that this teaches.

    minimise   Σ_k cost_k z_k + Σ_g K_g w_g       subject to   Σ_k z_k = 1 for each lot
               Σ_k use_kg z_k <= C_g w_g + V_g    (price λ_g)  and  0 <= w_g <= 1,  0 <= z

Columns are plans that lots proposed at earlier prices. Prices may move only within a box around those of the best
bound: without it they jump about. The box is two columns a row that buy and sell capacity at its sides. A limit of an
option gets a row when a proposal first breaks it:  brought <= largest · taken,  smallest · taken <= brought.

Source: Dantzig & Wolfe (1960); boxes: Marsten, Hogan & Blankenship (1975).
"""

import numpy as np

from models.lots import Lots
from optimizer.decompose.arrays import Arrays
from optimizer.decompose.prices import Priced
from optimizer.solve.highs import LinearProgram
from optimizer.solve.program import Booleans, Floats, Ints

NEW = 1e-7  # share of a lot's cost by which a plan must be cheaper at the prices than all that are known
LIMITS = ("most", "least")
BROKEN = 0.02  # share of a limit by which it must be broken before it gets a row


class Master:
    """The restricted master program; grows by columns, and by rows for limits of options that lots overstep."""

    def __init__(self, lots: Lots, a: Arrays, capacity: Floats, priced_gates: Booleans, seconds: float) -> None:
        self._lots, self._a = lots, a
        self._gates = np.flatnonzero(priced_gates)
        self._gate_row = np.full(a.gates, -1)
        self._gate_row[self._gates] = np.arange(len(self._gates))
        count = len(self._gates)
        self._rows = count + len(lots)
        self._limit_row = {name: np.full(len(a.gate), -1) for name in LIMITS}
        self._lp = LinearProgram(
            row_lower=np.concatenate([np.full(count, -np.inf), np.ones(len(lots))]),
            row_upper=np.concatenate([lots.gate_overtime[self._gates], np.ones(len(lots))]),
            seconds=seconds,
        )
        gates = np.arange(count)
        self._opening = self._lp.add(lots.gate_cost[self._gates], np.ones(count), gates, gates, -capacity[self._gates])
        self._boxes: list[tuple[Ints, Ints]] = []  # columns that buy and sell, in the order of the rows
        self._box(gates, np.ones(count))
        self._plans: list[Ints] = []
        self._multiplier = np.full(len(lots), np.inf)  # what a lot's best known plan costs at the last prices
        self._kept: list[tuple[Ints, Priced]] = []
        self._limits: list[tuple[str, Ints]] = []
        self._x: Floats = np.zeros(0)
        self.objective = np.inf

    def _box(self, rows: Ints, scale: Floats) -> None:
        unlimited, places = np.full(len(rows), np.inf), np.arange(len(rows))
        buy = self._lp.add(np.zeros(len(rows)), unlimited, places, rows, -scale)
        sell = self._lp.add(np.zeros(len(rows)), unlimited, places, rows, scale)
        self._boxes.append((buy, sell))

    def propose(self, at: Priced) -> int:
        """Take the plans that are cheaper than all known at the last prices; how many they were."""
        a = self._a
        for name in LIMITS:
            self._add_limits(name, at)
        new = at.value < self._multiplier - NEW * np.abs(at.value)
        owner = np.flatnonzero(new)
        place = np.full(len(self._lots), -1)
        place[owner] = np.arange(len(owner))
        chosen = np.flatnonzero(((at.brought > 0) | (at.opened > 0)) & new[a.option_lot])
        lot = place[a.option_lot[chosen]]
        use = at.brought[chosen] * a.use[chosen] + at.opened[chosen] * a.setup[chosen]
        entries = [(lot, self._gate_row[a.gate[chosen]], use)]
        entries.append((np.arange(len(owner)), len(self._gates) + owner, np.ones(len(owner))))
        for name, broken in (("most", at.beyond(a)), ("least", at.below(a))):
            entries.append((lot, self._limit_row[name][chosen], _in_units(broken, _scale(a, name))[chosen]))
        columns, rows, values = (np.concatenate(pieces) for pieces in zip(*entries, strict=True))
        real = (rows >= 0) & (values != 0.0)
        self._plans.append(
            self._lp.add(
                at.own_cost(self._lots, a)[owner], np.full(len(owner), np.inf), columns[real], rows[real], values[real]
            )
        )
        self._kept.append((owner, at))
        return len(owner)

    def _add_limits(self, name: str, at: Priced) -> None:
        """Rows for limits that a proposal breaks for the first time, with the columns that are there."""
        a, row_of = self._a, self._limit_row[name]
        broken = at.beyond(a) if name == "most" else at.below(a)
        scale = _scale(a, name)
        new = np.flatnonzero((broken > BROKEN * scale) & (row_of < 0) & (scale > 0))
        if len(new) == 0:
            return
        row_of[new] = self._rows + np.arange(len(new))
        columns, rows, values = [], [], []
        for plans, (owner, earlier) in zip(self._plans, self._kept, strict=True):
            column_of = np.full(len(self._lots), -1)
            column_of[owner] = plans
            value = (earlier.beyond(a) if name == "most" else earlier.below(a))[new] / scale[new]
            column = column_of[a.option_lot[new]]
            real = (column >= 0) & (value != 0.0)
            columns.append(column[real])
            rows.append(np.flatnonzero(real))
            values.append(value[real])
        empty = [np.zeros(0, dtype=np.int64)]
        self._lp.add_rows(
            np.zeros(len(new)), np.concatenate(rows or empty), np.concatenate(columns or empty),
            np.concatenate(values or empty),
        )  # fmt: skip
        self._rows += len(new)
        self._box(row_of[new], np.ones(len(new)))
        self._limits.append((name, new))

    def prices(self, around: Priced, width: float) -> tuple[Floats, Floats, Floats] | None:
        """Solve; prices of gates, of largest and of smallest quantities within the box; None where time is over."""
        a = self._a
        centres, widths = [around.price[self._gates]], [np.full(len(self._gates), width)]
        for name, options in self._limits:
            scale = _scale(a, name)[options]
            centres.append((around.most if name == "most" else around.least)[options] * scale)
            widths.append(width * a.unit_cost[options] * scale)
        for (buy, sell), centre, reach in zip(self._boxes, centres, widths, strict=True):
            self._lp.recost(buy, centre + reach)
            self._lp.recost(sell, -np.maximum(centre - reach, 0.0))
        answer = self._lp.solve()
        if answer is None:
            return None
        self._x, duals, self.objective = answer
        self._multiplier = duals[len(self._gates) : len(self._gates) + len(self._lots)]
        price, most, least = np.zeros(len(around.price)), np.zeros(len(a.gate)), np.zeros(len(a.gate))
        price[self._gates] = np.maximum(-duals[: len(self._gates)], 0.0)
        for name, options in self._limits:
            found = np.maximum(-duals[self._limit_row[name][options]], 0.0) / _scale(a, name)[options]
            (most if name == "most" else least)[options] = found
        return price, most, least

    def support(self) -> Booleans:
        """Options that take part in the mix."""
        a, marked = self._a, np.zeros(len(self._a.gate), dtype=np.bool_)
        for plans, (owner, at) in zip(self._plans, self._kept, strict=True):
            mixed = np.zeros(len(self._lots), dtype=np.bool_)
            known = plans < len(self._x)
            mixed[owner[known]] = self._x[plans[known]] > 1e-7
            marked |= mixed[a.option_lot] & (at.opened > 1e-6)
        return marked

    def open_shares(self) -> Floats:
        """How far each gate is open in the mix; 1 for those without a limit, and before anything was mixed."""
        shares = np.ones(len(self._lots.gate_cost))
        if np.isfinite(self.objective):
            shares[self._gates] = self._x[self._opening]
        return shares


def _in_units(broken: Floats, scale: Floats) -> Floats:
    """A limit's violation in units of the limit; a limit of nothing has no row."""
    return np.asarray(np.where(scale > 0, broken / np.where(scale > 0, scale, 1.0), 0.0))


def _scale(a: Arrays, name: str) -> Floats:
    """What a limit of an option is counted in."""
    return a.largest if name == "most" else a.smallest
