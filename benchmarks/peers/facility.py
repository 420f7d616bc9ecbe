"""HiGHS on the facility location form: the best formulation we know for it where lots and gates are all there is.

    minimise   Σ cost_kd f_kd + Σ (c_k + e_k) left_k + Σ k_k y_k + Σ p_d u_d + Σ K_g w_g
    subject to Σ_k f_kd + Σ_s f_sd + u_d = q_d,    f_kd <= q_d y_k
               m_k y_k <= x_k = Σ_d f_kd + left_k <= M_k y_k,    x_k = pack_k n_k
               gates: y_k <= w_g,    Σ (r_k x_k + s_k y_k) <= C_g w_g,    F_g w_g <= Σ c_k x_k <= G_g

f_kd: how much of line d comes from what option k (or supply s) brings, at what it costs to buy, keep and wait; left:
what is kept to the end, at e_k: holding less credit. Setup times are the s_k of the capacity rows. There is no stock,
and no big M for demand.

Source: Krarup & Bilde (1977); Pochet & Wolsey (2006), ch. 10 and 12.
"""

import io
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks.arrays import Arrays, Floats
from benchmarks.peers import highs
from benchmarks.peers.cp_sat_lots import point
from benchmarks.peers.task import Answer, Task

Lots = dict[str, NDArray[Any]]
FREE = np.inf


def solve(task: Task) -> Answer:
    """Solve the lots of an instance by HiGHS; building the form is not part of its time, as for the other arrays."""
    path = task.arrays_folder / "lots.npz"
    if not path.exists():
        return Answer("HiGHS", note="lots are not all of the instance: not translated")
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as saved:
        lots = dict(saved)
    form = _Form(lots)
    answer = highs.solve(task.on(form.arrays(float(lots["constant"]))))
    if answer.x is not None:
        answer.x = point(task, lots, form.quantities(answer.x))
    return answer


class _Form:
    """Columns and rows as they are added."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots
        self._cost: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._sides: list[tuple[float, float]] = []
        self._entries: list[tuple[int, int, float]] = []
        self._brings: list[list[int]] = []  # columns of each option
        self._placed: list[int] = []
        for lot in range(len(lots["credit"])):
            self._lot(lot)
        for gate in range(len(lots["gate_cost"])):
            self._gate(gate)

    def arrays(self, constant: float) -> Arrays:
        """The program."""
        row, column, value = (np.array(each) for each in zip(*self._entries, strict=True))
        shape = len(self._sides), len(self._cost)
        low, high = (np.array(each) for each in zip(*self._sides, strict=True))
        cost = np.array(self._cost)
        return Arrays(
            cost, constant, sp.csc_array(sp.coo_array((value, (row, column)), shape=shape)), low, high,
            np.zeros(len(cost)), np.array(self._upper), np.array(self._whole), np.zeros(len(cost)), {},
        )  # fmt: skip

    def quantities(self, x: Floats) -> Floats:
        """Of each option."""
        taken = x[self._placed] > 0.5
        return np.where(taken, [max(float(x[columns].sum()), 1e-6) for columns in self._brings], 0.0)

    def _add(self, cost: float, upper: float, whole: bool = False) -> int:
        self._cost.append(float(cost))
        self._upper.append(float(upper))
        self._whole.append(whole)
        return len(self._cost) - 1

    def _row(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        self._entries += [(len(self._sides), column, float(value)) for column, value in entries]
        self._sides.append((float(low), float(high)))

    def _lot(self, lot: int) -> None:
        lots = self._lots
        held = np.concatenate([[0.0], np.cumsum(lots["holding"][lot])])
        lines = range(lots["line_start"][lot], lots["line_start"][lot + 1])
        met = {d: [(self._add(lots["lost"][d], lots["quantity"][d]), 1.0)] for d in lines}

        def flows(period: int, unit_cost: float) -> dict[int, int]:
            """A column for each line that may be served from what comes in a period, and -1: to the end."""
            found = {}
            for d in lines:
                first, last = int(lots["first"][d]), int(lots["last"][d])
                if period <= last:
                    waits = lots["waiting"][d] * (period - first) if period > first else held[first] - held[period]
                    found[d] = self._add(unit_cost + waits, lots["quantity"][d])
                    met[d].append((found[d], 1.0))
            found[-1] = self._add(unit_cost + held[-1] - lots["credit"][lot] - held[period], FREE)
            return found

        for s in range(lots["supply_start"][lot], lots["supply_start"][lot + 1]):
            quantity = float(lots["supply_quantity"][s])
            self._row([(c, 1.0) for c in flows(int(lots["supply_period"][s]), 0.0).values()], quantity, quantity)
        for k in range(lots["option_start"][lot], lots["option_start"][lot + 1]):
            brings = flows(int(lots["arrival"][k]), float(lots["unit_cost"][k]))
            placed = self._add(lots["fixed_cost"][k], 1.0, True)
            for d, column in brings.items():
                if d >= 0:
                    self._row([(column, 1.0), (placed, -lots["quantity"][d])], -FREE, 0.0)
            all_of = [(column, 1.0) for column in brings.values()]
            self._row([*all_of, (placed, -lots["largest"][k])], -FREE, 0.0)
            if lots["smallest"][k] > 0:
                self._row([*all_of, (placed, -lots["smallest"][k])], 0.0, FREE)
            if lots["pack"][k] > 0:
                self._row([*all_of, (self._add(0.0, FREE, True), -lots["pack"][k])], 0.0, 0.0)
            self._brings.append(list(brings.values()))
            self._placed.append(placed)
        for d in lines:
            self._row(met[d], lots["quantity"][d], lots["quantity"][d])

    def _gate(self, gate: int) -> None:
        lots = self._lots
        mine = np.flatnonzero(lots["gate"] == gate).tolist()
        opened = self._add(lots["gate_cost"][gate], 1.0, True)
        for k in mine:
            self._row([(self._placed[k], 1.0), (opened, -1.0)], -FREE, 0.0)
        worth = [(column, lots["worth"][k]) for k in mine for column in self._brings[k]]
        use = [(column, lots["use"][k]) for k in mine for column in self._brings[k]]
        use += [(self._placed[k], lots["setup"][k]) for k in mine]
        if np.isfinite(lots["gate_capacity"][gate]):
            self._row([*use, (opened, -lots["gate_capacity"][gate])], -FREE, 0.0)
        if lots["gate_floor"][gate] > 0:
            self._row([*worth, (opened, -lots["gate_floor"][gate])], 0.0, FREE)
        if np.isfinite(lots["gate_ceiling"][gate]):
            self._row(worth, -FREE, lots["gate_ceiling"][gate])
