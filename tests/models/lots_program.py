"""The program that the docstring of `models.lots` says, written row by row: what lots mean, and their optimum."""

from collections import defaultdict
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.lots import Lots
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import SHARED, Program

FREE = np.inf
Entries = dict[int, float]


class _Rows:
    """Columns and rows as they are added."""

    def __init__(self) -> None:
        self.columns: list[tuple[float, float, bool]] = []  # cost, upper limit, whole
        self.rows: list[tuple[Entries, float, float]] = []

    def column(self, cost: float, upper: float = FREE, *, whole: bool = False) -> int:
        self.columns.append((float(cost), float(upper), whole))
        return len(self.columns) - 1

    def row(self, entries: Entries, least: float, most: float) -> None:
        self.rows.append((dict(entries), float(least), float(most)))

    def program(self, offset: float) -> Program:
        cost, upper, whole = (np.array(values) for values in zip(*self.columns, strict=True))
        matrix = sp.lil_array((len(self.rows), len(cost)))
        for r, (entries, _, _) in enumerate(self.rows):
            for column, value in entries.items():
                matrix[r, column] = value
        return Program(
            cost=cost, offset=offset, matrix=sp.csc_array(matrix),
            row_lower=np.array([row[1] for row in self.rows]), row_upper=np.array([row[2] for row in self.rows]),
            lower=np.zeros(len(cost)), upper=upper, integer=whole.astype(np.bool_),
            block=np.full(len(cost), SHARED), late=np.zeros(len(cost), np.bool_),
        )  # fmt: skip


def optimum(lots: Lots) -> float:
    """What the best plan of the lots costs [money]."""
    rows = _Rows()
    options = range(len(lots.order))
    order = [rows.column(lots.unit_cost[k], lots.largest[k]) for k in options]
    place = [rows.column(lots.fixed_cost[k], 1, whole=True) for k in options]
    for k in options:
        rows.row({order[k]: 1, place[k]: -lots.largest[k]}, -FREE, 0)
        rows.row({order[k]: 1, place[k]: -lots.smallest[k]}, 0, FREE)
        if lots.pack[k] > 0:
            rows.row({order[k]: 1, rows.column(0, whole=True): -lots.pack[k]}, 0, 0)
    for lot in range(len(lots)):
        _lot(rows, lots, lot, order)
    for gate in range(len(lots.gate_cost)):
        _gate(rows, lots, gate, order, place)
    answer = solve(rows.program(lots.constant), Limits(seconds=300)) if rows.rows else None
    if answer is None:
        return lots.constant
    assert answer.ended == "optimal"
    assert answer.bound is not None
    return float(answer.bound)


def _lot(rows: _Rows, lots: Lots, lot: int, order: list[int]) -> None:
    balance: list[Entries] = [defaultdict(float) for _ in range(lots.periods)]
    supply = np.zeros(lots.periods)
    for k in range(lots.supply_start[lot], lots.supply_start[lot + 1]):
        supply[lots.supply_period[k]] += lots.supply_quantity[k]
    for k in range(lots.option_start[lot], lots.option_start[lot + 1]):
        balance[lots.arrival[k]][order[k]] = 1
    for d in range(lots.line_start[lot], lots.line_start[lot + 1]):
        met = {rows.column(lots.lost[d]): 1.0}
        for t in range(lots.first[d], lots.last[d] + 1):
            way = rows.column(lots.waiting[d] * (t - lots.first[d]))
            balance[t][way], met[way] = -1, 1
        rows.row(met, lots.quantity[d], lots.quantity[d])
    before = -1
    for t in range(lots.periods):
        credit = lots.credit[lot] if t == lots.periods - 1 else 0.0
        stock = rows.column(lots.holding[lot, t] - credit)
        carried = {before: 1.0} if before >= 0 else {}
        rows.row({**balance[t], **carried, stock: -1}, -supply[t], -supply[t])
        before = stock


def _gate(rows: _Rows, lots: Lots, gate: int, order: list[int], place: list[int]) -> None:
    mine: Any = np.flatnonzero(lots.gate == gate)
    worth = {order[k]: lots.worth[k] for k in mine}
    rows.row(worth, -FREE, lots.gate_ceiling[gate])
    extra = rows.column(lots.gate_overtime_cost[gate], lots.gate_overtime[gate])
    load = {order[k]: lots.use[k] for k in mine} | {place[k]: lots.setup[k] for k in mine}
    rows.row({**load, extra: -1}, -FREE, lots.gate_capacity[gate])
    opened = rows.column(lots.gate_cost[gate], 1, whole=True)
    for k in mine:
        rows.row({place[k]: 1, opened: -1}, -FREE, 0)
    rows.row({**worth, opened: -lots.gate_floor[gate]}, 0, FREE)
