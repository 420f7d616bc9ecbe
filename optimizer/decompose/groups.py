"""Groups: a few lots decided together, exactly, with all others as they are.

    minimise   Σ cost_sd f_sd + Σ fixed_k y_k    over flows f from receipts s (options k, supplies) to lines d, or left
    subject to f_kd <= q_d y_k,   m_k y_k <= Σ_d f_kd + left_k <= M_k y_k,   packs whole
               for each gate in use:   F_g - others <= Σ worth,   Σ use <= C_g - others

The facility location form is so tight that such a program is mostly solved at its root. Only options that some plan
of the mix, or the plan at hand, take part.

Source: Krarup & Bilde (1977); fix-and-optimise: Helber & Sahling (2010).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from optimizer.decompose.arrays import FAR, Arrays
from optimizer.decompose.limited import reach
from optimizer.decompose.replan import OPEN, State
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Booleans, Floats, Ints, Program

ROUNDING = 1e-6
NEAR = 6  # options from which a line may be covered: the cheapest ones, and those of the plan at hand


@dataclass(frozen=True)
class Group:
    """A program of some lots, and which of its columns are what."""

    program: Program
    lots: Ints
    options: Ints
    taken: Ints  # column of y of each option
    start: Floats

    def quantities(self, x: Floats, a: Arrays, into: Floats) -> None:
        """Write the quantity of each option of these lots."""
        for j in self.lots.tolist():
            into[a.option_start[j] : a.option_start[j + 1]] = 0.0
        brought = np.bincount(self._option_of[self._flows], x[self._flows], len(self.options))
        brought = np.where(x[self.taken] > 0.5, brought, 0.0)
        pack = a.pack[self.options]
        whole = np.where(pack > 0, np.round(brought / np.where(pack > 0, pack, 1.0)) * pack, brought)
        into[self.options] = np.where(brought > ROUNDING, whole, 0.0)

    @property
    def _flows(self) -> Ints:
        return np.flatnonzero(self._option_of >= 0)

    @property
    def _option_of(self) -> Ints:
        """The option whose quantity a column is part of; -1 for none."""
        return self.program.block


class _Builder:
    """Columns and rows of a program, piece by piece."""

    def __init__(self) -> None:
        self.columns: list[tuple[Floats, Floats, bool, Ints]] = []
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.sides: list[tuple[Floats, Floats]] = []
        self.width, self.height = 0, 0

    def add(self, cost: Floats, upper: Floats, whole: bool = False, option: Ints | None = None) -> Ints:
        option = np.full(len(cost), -1) if option is None else option
        self.columns.append((cost, upper, whole, option))
        self.width += len(cost)
        return np.arange(self.width - len(cost), self.width)

    def rows(self, lower: Floats, upper: Floats) -> Ints:
        self.sides.append((lower, upper))
        self.height += len(lower)
        return np.arange(self.height - len(lower), self.height)

    def put(self, row: Ints, column: Ints, value: Floats | float) -> None:
        self.entries.append((row, column, np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape)))

    def program(self) -> Program:
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        shape = (self.height, self.width)
        cost, upper, _, option = (
            np.concatenate(parts) if k != 2 else None for k, parts in enumerate(zip(*self.columns, strict=True))
        )
        assert cost is not None and upper is not None and option is not None
        whole = np.concatenate([np.full(len(piece[0]), piece[2]) for piece in self.columns])
        return Program(
            cost=cost, offset=0.0, matrix=sp.csc_array(sp.coo_array((value, (row, column)), shape=shape)),
            row_lower=np.concatenate([side[0] for side in self.sides]),
            row_upper=np.concatenate([side[1] for side in self.sides]),
            lower=np.zeros(self.width), upper=upper, integer=whole, block=option.astype(np.int64),
            late=np.zeros(self.width, dtype=np.bool_),
        )  # fmt: skip


def group(a: Arrays, state: State, lots: Ints, support: Booleans) -> Group:
    """The program of some lots; the plan at hand is a point of it."""
    build = _Builder()
    mine = np.isin(a.option_lot, lots)
    options = np.flatnonzero(mine & (support | (state.quantity > 0)) & (state.status[a.gate] == OPEN))
    used = np.bincount(a.gate[mine], (state.quantity * a.use + (state.quantity > 0) * a.setup)[mine], a.gates)
    worth = np.bincount(a.gate[mine], (state.quantity * a.worth)[mine], a.gates)
    room, ceiling = a.gate_capacity - state.used + used, a.gate_ceiling - state.worth + worth
    place = np.full(len(a.gate), -1)
    place[options] = np.arange(len(options))
    taken = build.add(a.fixed_cost[options], np.ones(len(options)), whole=True)
    start = [(taken, (state.quantity[options] > 0).astype(np.float64))]
    flows: list[tuple[Ints, Ints]] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    for j in lots.tolist():
        start += _lot(build, a, state, j, options[a.option_lot[options] == j], place, taken, flows, room)
    column, option = (np.concatenate(parts) for parts in zip(*flows, strict=True))
    gates = np.unique(a.gate[options])
    row_of = np.full(a.gates, -1)
    limited = gates[(a.gate_capacity[gates] < FAR)]
    row_of[limited] = build.rows(np.full(len(limited), -np.inf), np.maximum(room[limited], used[limited]))
    in_row = row_of[a.gate[option]] >= 0
    build.put(row_of[a.gate[option[in_row]]], column[in_row], a.use[option[in_row]])
    with_setup = (a.setup[options] > 0) & (row_of[a.gate[options]] >= 0)
    build.put(row_of[a.gate[options[with_setup]]], taken[with_setup], a.setup[options[with_setup]])
    needs = np.maximum(a.gate_floor - (state.worth - worth), 0.0)
    kept = gates[((needs[gates] > 0) & (worth[gates] > 0)) | (a.gate_ceiling[gates] < FAR)]
    row_of[:] = -1
    least = np.where(worth[kept] > 0, np.minimum(needs[kept], worth[kept]), -np.inf)
    row_of[kept] = build.rows(least, np.where(ceiling[kept] < FAR / 2, np.maximum(ceiling, worth)[kept], np.inf))
    in_row = row_of[a.gate[option]] >= 0
    build.put(row_of[a.gate[option[in_row]]], column[in_row], a.worth[option[in_row]])
    point = np.full(build.width, np.nan)
    for columns, values in start:
        point[columns] = values
    return Group(build.program(), lots, options, taken, point)


def _supplies(build: _Builder, a: Arrays, j: int, met: Ints, quantity: Floats, lost: Floats) -> None:
    """What is there anyway goes to lines, or is left."""
    supplies = np.arange(a.supply_start[j], a.supply_start[j + 1])
    if len(supplies) == 0:
        return
    cost = reach(a, j, a.supply_period[supplies])
    source, line = np.nonzero(cost < lost[None, :])
    flow = build.add(cost[source, line], quantity[line])
    end = a.held[j, a.periods] - a.credit[j]
    kept = build.add(end - a.held[j, a.supply_period[supplies]], np.full(len(supplies), np.inf))
    all_of = build.rows(a.supply_quantity[supplies], a.supply_quantity[supplies])
    build.put(met[line], flow, 1.0)
    build.put(all_of[source], flow, 1.0)
    build.put(all_of, kept, 1.0)


def _lot(
    build: _Builder, a: Arrays, state: State, j: int, options: Ints, place: Ints, taken: Ints,
    flows: list[tuple[Ints, Ints]], room: Floats,
) -> list[tuple[Ints, Floats]]:  # fmt: skip
    """Rows of one lot; whole numbers of the plan at hand."""
    lines = np.arange(a.line_start[j], a.line_start[j + 1])
    quantity, lost = a.quantity[lines], a.lost[lines]
    met = build.rows(quantity, quantity)
    build.put(met, build.add(lost, quantity), 1.0)
    end = a.held[j, a.periods] - a.credit[j]
    _supplies(build, a, j, met, quantity, lost)
    if len(options) == 0:
        return []
    y = taken[place[options]]
    cost = reach(a, j, a.arrival[options]) + a.unit_cost[options][:, None]
    charged = cost + (state.price[a.gate[options]] * a.use[options])[:, None]
    rank = np.argsort(np.argsort(charged, axis=0, kind="stable"), axis=0)
    near = (rank < NEAR) | (state.quantity[options] > 0)[:, None]
    source, line = np.nonzero((cost < lost[None, :]) & near)
    flow = build.add(cost[source, line], quantity[line], option=place[options[source]])
    left = build.add(
        a.unit_cost[options] + end - a.held[j, a.arrival[options]], np.full(len(options), np.inf),
        option=place[options],
    )  # fmt: skip
    flows += [(flow, options[source]), (left, options)]
    build.put(met[line], flow, 1.0)
    linked = build.rows(np.full(len(flow), -np.inf), np.zeros(len(flow)))
    build.put(linked, flow, 1.0)
    build.put(linked, y[source], -quantity[line])
    most = np.minimum(a.largest[options], np.where(a.use[options] > 0, _by_unit(a, room, options), FAR))
    most = np.maximum(most, state.quantity[options])
    for sign, limit in ((1.0, -most), (-1.0, a.smallest[options])):
        rows = build.rows(np.full(len(options), -np.inf), np.zeros(len(options)))
        build.put(rows[source], flow, sign)
        build.put(rows, left, sign)
        build.put(rows, y, limit)
    packed = np.flatnonzero(a.pack[options] > 0)
    found: list[tuple[Ints, Floats]] = []
    if len(packed):
        packs = build.add(np.zeros(len(packed)), np.full(len(packed), np.inf), whole=True)
        rows = build.rows(np.zeros(len(packed)), np.zeros(len(packed)))
        row_of = np.full(len(options), -1)
        row_of[packed] = rows
        inside = row_of[source] >= 0
        build.put(row_of[source[inside]], flow[inside], 1.0)
        build.put(rows, left[packed], 1.0)
        build.put(rows, packs, -a.pack[options[packed]])
        found.append((packs, np.round(state.quantity[options[packed]] / a.pack[options[packed]])))
    return found


def _by_unit(a: Arrays, room: Floats, options: Ints) -> Floats:
    use = np.where(a.use[options] > 0, a.use[options], 1.0)
    return np.asarray(np.maximum(room[a.gate[options]] - a.setup[options], 0.0) / use)


@dataclass(frozen=True)
class Task:
    """A group to be decided: what goes to another process."""

    program: Program
    start: Floats
    limits: Limits
    seed: int


def decided(task: Task) -> Floats | None:
    """The best point found; None where there is none."""
    try:
        answer = solve(task.program, task.limits, seed=task.seed, start=task.start)
    except Infeasible:
        return None
    return answer.x
