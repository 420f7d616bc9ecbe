"""CP-SAT in the form that is natural to it: packs are whole variables, and what waits is counted by customer.

For each lot, over periods t, options k, demand lines d, and classes c of lines that cost the same to wait (of one class
the oldest is delivered first, so only the sum of what waits matters):

    I_t = I_t-1 + S_t + Σ {x_k: a_k = t} - Σ_c (B_c,t-1 + Σ {q_d - u_d: f_d = t} - B_ct),    each bracket >= 0
    x_k = pack_k n_k,   m_k y_k <= x_k <= M_k y_k,   B_ct <= Σ {q_d - u_d: f_d <= t < e_d}
    gates: y_k <= w_g,   Σ (r_k x_k + s_k y_k) <= C_g w_g,   F_g w_g <= Σ c_k x_k <= G_g
    cost: c_k x_k + k_k y_k + h_t I_t + b_c B_ct + p_d u_d + K_g w_g, less the credit for I_T-1

That is a hundredth of the variables of the general program, in which each line has a delivery for each period. Whole
units as there: quantities are solved for again in fractions afterwards, and the bound holds for whole units only.
"""

import importlib
import io
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.arrays import Floats
from benchmarks.peers.cp_sat import scale_of, watch
from benchmarks.peers.task import Answer, Task, Trace

CENTS = 1e3  # costs are in units of a thousandth
Lots = dict[str, NDArray[Any]]


def solve(task: Task) -> Answer:
    """Solve the lots of an instance in whole numbers."""
    version = f"CP-SAT of OR-Tools {importlib.import_module('ortools').__version__}"
    path = task.arrays_folder / "lots.npz"
    if not path.exists():
        return Answer(version, note="lots are not all of the instance: not translated")
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as saved:
        lots = dict(saved)
    if not _whole(lots) or not _oldest_first(lots):
        return Answer(version, note="quantities that are not whole, or windows that cross: not translated")
    cp_model: Any = importlib.import_module("ortools.sat.python.cp_model")
    made = _Model(cp_model, lots)
    ready = task.spent()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = task.left()
    solver.parameters.num_workers = task.cores  # more of them came less far here
    solver.parameters.relative_gap_limit = task.gap
    trace = Trace(task, float(lots["constant"]))
    solver.best_bound_callback = lambda bound: trace.add(None, bound / CENTS)
    status = solver.solve(made.model, watch(cp_model, trace, CENTS))
    x = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        trace.add(solver.objective_value / CENTS, solver.best_objective_bound / CENTS)
        x = point(task, lots, np.array([solver.value(quantity) for quantity in made.quantity], dtype=np.float64))
    return Answer(
        version, x, trace.bound, bound_holds=False, ready=ready, trace=trace.points,
        note=f"whole units; {solver.parameters.num_workers} workers; {solver.status_name(status).lower()}",
    )  # fmt: skip


def _whole(lots: Lots) -> bool:
    numbers = np.concatenate([lots["quantity"], lots["supply_quantity"], lots["pack"]])
    return bool(np.abs(numbers - np.round(numbers)).max(initial=0.0) < 1e-9)


def _oldest_first(lots: Lots) -> bool:
    """Whether of two lines of a class the one that is due first may never wait longer than the other."""
    lot = np.repeat(np.arange(len(lots["credit"])), np.diff(lots["line_start"]))
    order = np.lexsort([lots["last"], lots["first"], lots["waiting"], lot])
    same = (np.diff(lot[order]) == 0) & (np.diff(lots["waiting"][order]) == 0)
    return bool((np.diff(lots["last"][order])[same] >= 0).all())


class _Model:
    """The lots in CP-SAT's words; `quantity` is an expression for each option."""

    def __init__(self, cp_model: Any, lots: Lots) -> None:
        self.model = cp_model.CpModel()
        self.quantity: list[Any] = []
        self._sum, self._lots = cp_model.LinearExpr.weighted_sum, lots
        self._cost: list[tuple[Any, float]] = []
        self._placed: list[Any] = []
        for k in range(len(lots["arrival"])):
            self._option(k)
        for lot in range(len(lots["credit"])):
            self._lot(lot)
        for gate in range(len(lots["gate_cost"])):
            self._gate(gate)
        variables, costs = zip(*self._cost, strict=True)
        self.model.minimize(self._sum(variables, [round(cost * CENTS) for cost in costs]))

    def _option(self, k: int) -> None:
        of = {name: float(self._lots[name][k]) for name in ("pack", "smallest", "largest", "unit_cost", "fixed_cost")}
        grain = int(of["pack"]) or 1
        most, least = int(of["largest"] / grain + 1e-9), int(np.ceil(of["smallest"] / grain - 1e-9))
        count, placed = self.model.new_int_var(0, most, ""), self.model.new_bool_var("")
        self.model.add(count <= most * placed)
        self.model.add(count >= max(least, 1) * placed)
        self._cost += [(count, of["unit_cost"] * grain), (placed, of["fixed_cost"])]
        self.quantity.append(grain * count)
        self._placed.append(placed)

    def _lot(self, lot: int) -> None:
        lots, model, periods = self._lots, self.model, int(self._lots["periods"])
        comes: list[list[Any]] = [[] for _ in range(periods)]
        for k in range(lots["supply_start"][lot], lots["supply_start"][lot + 1]):
            comes[lots["supply_period"][k]].append(int(lots["supply_quantity"][k]))
        for k in range(lots["option_start"][lot], lots["option_start"][lot + 1]):
            comes[lots["arrival"][k]].append(self.quantity[k])
        classes: dict[float, list[tuple[int, int, Any]]] = defaultdict(list)
        asked: dict[float, int] = defaultdict(int)
        for d in range(lots["line_start"][lot], lots["line_start"][lot + 1]):
            waiting, quantity = float(lots["waiting"][d]), int(lots["quantity"][d])
            short = model.new_int_var(0, quantity, "")
            self._cost.append((short, float(lots["lost"][d])))
            classes[waiting].append((int(lots["first"][d]), int(lots["last"][d]), quantity - short))
            asked[waiting] += quantity
        there = int(lots["supply_quantity"][lots["supply_start"][lot] : lots["supply_start"][lot + 1]].sum())
        most = there + int(lots["largest"][lots["option_start"][lot] : lots["option_start"][lot + 1]].sum())
        stock: Any = 0
        waits: dict[float, Any] = dict.fromkeys(classes, 0)
        for t in range(periods):
            leaves = []
            for waiting, lines in classes.items():
                late = model.new_int_var(0, asked[waiting], "")
                model.add(late <= sum(wanted for first, last, wanted in lines if first <= t < last))
                delivered = waits[waiting] + sum(wanted for first, _, wanted in lines if first == t) - late
                model.add(delivered >= 0)
                leaves.append(delivered)
                waits[waiting] = late
                self._cost.append((late, waiting))
            kept = model.new_int_var(0, most, "")
            model.add(kept == stock + sum(comes[t]) - sum(leaves))
            credit = float(lots["credit"][lot]) if t == periods - 1 else 0.0
            self._cost.append((kept, float(lots["holding"][lot, t]) - credit))
            stock = kept

    def _gate(self, gate: int) -> None:
        lots, model = self._lots, self.model
        mine = np.flatnonzero(lots["gate"] == gate).tolist()
        opened = model.new_bool_var("")
        self._cost.append((opened, float(lots["gate_cost"][gate])))
        for k in mine:
            model.add_implication(self._placed[k], opened)
        capacity, floor = float(lots["gate_capacity"][gate]), float(lots["gate_floor"][gate])
        use, setup, worth = lots["use"][mine], lots["setup"][mine], lots["worth"][mine]
        if np.isfinite(capacity):
            scale = scale_of(np.concatenate([use, setup]))
            terms = [self.quantity[k] for k in mine] + [self._placed[k] for k in mine]
            factors = np.ceil(np.concatenate([use, setup]) * scale - 1e-6).astype(int).tolist()
            model.add(self._sum(terms, factors) <= int(capacity * scale + 1e-6) * opened)
        scale = scale_of(worth)
        value = self._sum([self.quantity[k] for k in mine], np.floor(worth * scale + 1e-6).astype(int).tolist())
        if floor > 0:
            model.add(value >= int(np.ceil(floor * scale - 1e-6)) * opened)
        if np.isfinite(lots["gate_ceiling"][gate]):
            model.add(value <= int(lots["gate_ceiling"][gate] * scale + 1e-6))


def point(task: Task, lots: Lots, quantity: Floats) -> Floats:
    """The whole numbers of the program; its quantities are left to the judge."""
    x, places = np.zeros(task.arrays.columns + 1), task.arrays.places
    placed = np.flatnonzero(quantity > 0)
    x[places["order"][lots["order"][placed]]] = quantity[placed]
    x[places["place"][lots["order"][placed]]] = 1.0
    packed = np.flatnonzero(lots["pack"] > 0)
    packed = packed[np.argsort(lots["order"][packed])]
    x[places["packs"]] = np.round(quantity[packed] / lots["pack"][packed])
    gates = lots["gate"][placed]
    opened = lots["gate_open"][np.unique(gates[gates >= 0])]
    x[places["open_order"][opened[opened >= 0]]] = 1.0
    return x[:-1]
