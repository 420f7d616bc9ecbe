"""Master: plans of single lots mixed so that the gates hold, and the prices that this teaches.

    minimise   Σ_k cost_k z_k + Σ_g K_g w_g       subject to   Σ_k z_k = 1 for each lot
               Σ_k use_kg z_k <= C_g w_g + V_g    (price λ_g)  and  0 <= w_g <= 1,  0 <= z

Columns are plans that lots proposed at earlier prices. Prices may move only within a box around those of the best
bound: without it they jump about. The box is two columns a row that buy and sell capacity at its sides. Plans that
break a limit of their options are no columns (see `Pricing.within_limits`).

Source: Dantzig & Wolfe (1960); boxes: Marsten, Hogan & Blankenship (1975).
"""

import numpy as np

from models.lots import Lots
from optimizer.decompose.arrays import Arrays
from optimizer.decompose.prices import Priced
from optimizer.solve.highs import LinearProgram
from optimizer.solve.program import Booleans, Floats, Ints

NEW = 1e-7  # share of a lot's cost by which a plan must be cheaper at the prices than all that are known


class Master:
    """The restricted master program; grows by columns, and by rows for limits of options that lots overstep."""

    def __init__(self, lots: Lots, a: Arrays, capacity: Floats, priced_gates: Booleans, seconds: float) -> None:
        self._lots, self._a = lots, a
        self._gates = np.flatnonzero(priced_gates)
        self._gate_row = np.full(a.gates, -1)
        self._gate_row[self._gates] = np.arange(len(self._gates))
        count = len(self._gates)
        self._lp = LinearProgram(
            row_lower=np.concatenate([np.full(count, -np.inf), np.ones(len(lots))]),
            row_upper=np.concatenate([lots.gate_overtime[self._gates], np.ones(len(lots))]),
            seconds=seconds,
        )
        gates = np.arange(count)
        self._opening = self._lp.add(lots.gate_cost[self._gates], np.ones(count), gates, gates, -capacity[self._gates])
        unlimited = np.full(count, np.inf)
        self._buy = self._lp.add(np.zeros(count), unlimited, gates, gates, -np.ones(count))
        self._sell = self._lp.add(np.zeros(count), unlimited, gates, gates, np.ones(count))
        self._plans: list[Ints] = []
        self._multiplier = np.full(len(lots), np.inf)  # what a lot's best known plan costs at the last prices
        self._kept: list[tuple[Ints, Priced]] = []
        self._x: Floats = np.zeros(0)
        self.objective = np.inf

    def propose(self, at: Priced) -> int:
        """Take the plans that keep limits and are cheaper than all known at the last prices; how many they were."""
        a = self._a
        new = at.value < self._multiplier - NEW * np.abs(at.value)
        new &= ~at.breaks_limits(a)
        owner = np.flatnonzero(new)
        place = np.full(len(self._lots), -1)
        place[owner] = np.arange(len(owner))
        chosen = np.flatnonzero(((at.brought > 0) | (at.opened > 0)) & new[a.option_lot])
        lot = place[a.option_lot[chosen]]
        use = at.brought[chosen] * a.use[chosen] + at.opened[chosen] * a.setup[chosen]
        entries = [(lot, self._gate_row[a.gate[chosen]], use)]
        entries.append((np.arange(len(owner)), len(self._gates) + owner, np.ones(len(owner))))
        columns, rows, values = (np.concatenate(pieces) for pieces in zip(*entries, strict=True))
        real = (rows >= 0) & (values != 0.0)
        self._plans.append(
            self._lp.add(
                at.own_cost(self._lots, a)[owner], np.full(len(owner), np.inf), columns[real], rows[real], values[real]
            )
        )
        self._kept.append((owner, at))
        return len(owner)

    def prices(self, around: Priced, width: float) -> Floats | None:
        """Solve; prices of gates within the box; None where time is over."""
        centre = around.price[self._gates]
        self._lp.recost(self._buy, centre + width)
        self._lp.recost(self._sell, -np.maximum(centre - width, 0.0))
        answer = self._lp.solve()
        if answer is None:
            return None
        self._x, duals, self.objective = answer
        self._multiplier = duals[len(self._gates) : len(self._gates) + len(self._lots)]
        price = np.zeros(len(around.price))
        price[self._gates] = np.maximum(-duals[: len(self._gates)], 0.0)
        return price

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
