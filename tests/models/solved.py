"""Instances from lists of rows, and their optimum: what the tests of the model are written with.

    solved(instance(sourcing=[{"unit_cost": 2, "lead_time": 1}], demand=[{"due": 1, "quantity": 10}])).objective

Weeks begin on Monday 2026-11-23 unless said otherwise. A cell that a row leaves out has the declared default; a key
cell that must be filled is one of the usual names (item A, supplier S, customer C, location main). A whole number in a
date column is the first day of that period. A date that stands as text is kept as written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from models import schema
from models.assemble import build, derive
from models.book import Book
from models.calendar import Calendar, PeriodKind
from models.findings import Finding
from models.instance import Array, Instance, Records, as_texts, empty_column
from models.part import Part
from models.parts import parts
from models.tables import Column, Kind, Required, Table
from optimizer.compile import Compiled, compile_model
from optimizer.results.collect import collect
from optimizer.solve.highs import Limits, solve

Row = dict[str, Any]
MONDAY = date(2026, 11, 23)
PLAIN = {
    "holding_cost": 1,
    "backorder_cost": 3,
    "shortage_cost": 100,
    "ending_value": 0,
}  # an item without hidden costs
USUAL = {"item": "A", "supplier": "S", "customer": "C", "location": "main", "order": "PO-1"}
BY_NAME = {part.name: part for part in parts()}


def instance(
    *,
    start: date = MONDAY,
    periods: int = 4,
    kind: PeriodKind = "week",
    settings: Mapping[str, float | None] | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> Instance:
    """An instance: by default one plain item, one supplier, one location, and nothing else.

    Raises:
        KeyError: a row has a column that nobody declared, or lacks one that must be filled.
    """
    calendar = Calendar(start, periods, kind)
    declared = schema.tables()
    given: dict[str, Sequence[Mapping[str, Any]]] = {"items": [PLAIN], "suppliers": [{}], **tables}
    if unknown := set(given) - set(declared):
        raise KeyError(f"no part declares {', '.join(sorted(unknown))}")
    defaults = {setting.path: setting.default for setting in schema.settings()}
    if unknown := set(settings or {}) - set(defaults):
        raise KeyError(f"no part declares {', '.join(sorted(unknown))}")
    records = {name: _records(table, given.get(name, ()), calendar) for name, table in declared.items()}
    return Instance("test", calendar, records, {**defaults, **(settings or {})})


def _records(table: Table, rows: Sequence[Mapping[str, Any]], calendar: Calendar) -> Records:
    known = {column.name for column in table.all_columns}
    for row in rows:
        if unknown := set(row) - known:
            raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    cells = {column.name: [_cell(table, column, row, calendar) for row in rows] for column in table.all_columns}
    columns = {column.name: _typed(column, cells[column.name]) for column in table.all_columns}
    written = {
        column.name: as_texts(["" if cell is None else str(cell) for cell in cells[column.name]])
        for column in table.all_columns
        if column.kind is Kind.DATE
    }
    return Records(table, columns, written)


def _cell(table: Table, column: Column, row: Mapping[str, Any], calendar: Calendar) -> Any:
    cell = row.get(column.name)
    if cell is None:
        cell = column.default
    if isinstance(cell, Required):
        if column.name not in USUAL:
            raise KeyError(f"{table.name}.{column.name} must be filled")
        cell = USUAL[column.name]
    if column.kind is Kind.DATE and isinstance(cell, int):
        cell = calendar.first_day(cell)
    if column.clip and column.minimum is not None and cell is not None:
        cell = max(cell, column.minimum)
    return cell


def _typed(column: Column, cells: Sequence[Any]) -> Array:
    if not cells:
        return empty_column(column.kind)
    match column.kind:
        case Kind.TEXT:
            return as_texts(cells)
        case Kind.DATE:
            return np.array(["NaT" if cell is None else cell for cell in cells], dtype="datetime64[D]")
        case _:
            return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)


def day(period: int, offset: int = 0) -> str:
    """ISO date of a day of a week of the usual calendar: 0 is its Monday, 2 its Wednesday."""
    return (MONDAY + timedelta(days=7 * period + offset)).isoformat()


@dataclass(frozen=True)
class Solved:
    """An optimum: its cost, the money by account, and by variable what is not 0."""

    objective: float
    amounts: dict[str, float]
    values: dict[str, dict[Any, float]]
    model: Any
    book: Book
    compiled: Compiled

    def rows(self, constraint: str) -> int:
        """How many rows a constraint has."""
        return len(self.model.component(constraint))

    def columns(self, variable: str) -> int:
        """How many columns a variable has."""
        return len(self.model.component(variable))


def solved(made: Instance, chosen: Sequence[Part] | None = None) -> Solved:
    """Build, compile and solve an instance to optimality, with all parts or with those chosen."""
    book = derive(made, chosen)
    m, ledger = build(made, book, chosen)
    compiled = compile_model(m, ledger, book)
    answer = solve(compiled.program, Limits(seconds=600))
    assert answer.x is not None and answer.ended == "optimal"
    amounts: dict[str, float] = {}
    for charge, money in compiled.amounts(answer.x):
        amounts[charge.account] = amounts.get(charge.account, 0.0) + float(money.sum())
    objective = compiled.program.objective(answer.x)
    assert abs(sum(amounts.values()) - objective) < 1e-6 * max(1.0, abs(objective)), "the accounts add up to the cost"
    by_row = compiled.values(answer.x)
    values = {
        name: {key: round(float(value), 6) for key, value in zip(m.component(name), by_row[name], strict=True)}
        for name in compiled.columns
    }
    decided = {name: {key: value for key, value in row.items() if value} for name, row in values.items()}
    return Solved(objective, {k: round(v, 6) for k, v in amounts.items()}, decided, m, book, compiled)


def orders(made: Instance) -> dict[tuple[str, str, str, int], tuple[float, float]]:
    """The order lines that may be placed: smallest and largest quantity by item, supplier, location and period."""
    book = derive(made)
    m, _ = build(made, book)
    return {key: (m.smallest_order[key] if key in m.minimum_orders else 0.0, m.largest_order[key]) for key in m.orders}


def found(part: str, made: Instance) -> list[Finding]:
    """What a part finds wrong, or odd."""
    return list(BY_NAME[part].check(made))


def places(findings: Sequence[Finding]) -> list[tuple[str, str, int | None, str]]:
    """Rule, table, row and column of each finding."""
    return [(finding.rule, finding.table, finding.row, finding.column) for finding in findings]


def result_tables(made: Instance) -> dict[str, list[dict[str, Any]]]:
    """The result tables of the optimum, as rows."""
    book = derive(made)
    m, ledger = build(made, book)
    compiled = compile_model(m, ledger, book)
    answer = solve(compiled.program, Limits(seconds=600))
    assert answer.x is not None and answer.ended == "optimal"
    frames = collect(made, book, compiled, answer.x).tables
    return {
        name: [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
        for name, frame in frames.items()
    }
