"""Limits: cells of the planner's tables that hold at any cost, and what an instance is without some of them.

A part names the columns of its own (`Part.limits`). Where no plan keeps them all, they are what can be given up: a cell
that is freed asks for nothing and forbids nothing, so that more plans are possible and never fewer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.instance import Array, Instance, Records
from models.tables import Column, Kind, Required


@dataclass(frozen=True, slots=True)
class Limit:
    """A column whose cells hold at any cost, or a setting that does.

    Attributes:
        table: where it is; "" for a setting.
        column: the column, or the setting's path.
        words: what a cell is to the planner, its value at {}: "budget {}".
        free: what frees it; by default the column's default, or nothing.
        only: texts that hold; empty: any number but the one that frees it.
        whole_row: the row goes, as the column must be filled.
        unless: column of a cost at which it may be broken: where that is filled, it does not hold at any cost.
        together: a cell alone means nothing without the others of the same text.
    """

    table: str
    column: str
    words: str
    free: str | float | None = None
    only: tuple[str, ...] = ()
    whole_row: bool = False
    unless: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is freed as one: a cell, or several that mean nothing alone; rows of `Records`, none for a setting."""

    limit: Limit
    rows: tuple[int, ...] = ()

    def stands_at(self, table: str, row: int | None, column: str) -> bool:
        """Whether it is what a finding names."""
        limit = self.limit
        return limit.table == table and row in self.rows and (limit.column == column or limit.whole_row)


def in_force(instance: Instance, limits: Iterable[Limit]) -> Iterator[Cell]:
    """The cells that hold something."""
    for limit in limits:
        if not limit.table:
            value = instance.settings.get(limit.column)
            if value is not None and value != limit.free:
                yield Cell(limit)
            continue
        records = instance[limit.table]
        if not len(records):
            continue
        values = records[limit.column]
        if limit.only:
            holds = np.isin(values.astype(str), limit.only)
        else:
            holds = ~np.isnan(values) & (values != _free(records, limit))
        if limit.unless:
            holds &= np.isnan(records[limit.unless])
        rows = np.flatnonzero(holds).tolist()
        yield from [Cell(limit, tuple(rows))] * bool(rows) if limit.together else (Cell(limit, (k,)) for k in rows)


def without(instance: Instance, cells: Sequence[Cell]) -> Instance:
    """The instance with these cells freed; rows may move up where whole ones go."""
    settings = {cell.limit.column: cell.limit.free for cell in cells if not cell.limit.table}
    tables = dict(instance.tables)
    for name in {cell.limit.table for cell in cells} - {""}:
        tables[name] = _freed(tables[name], [cell for cell in cells if cell.limit.table == name])
    return replace(instance, tables=tables, settings={**instance.settings, **settings})  # type: ignore[dict-item]


def told(instance: Instance, cell: Cell) -> str:
    """What a cell says, and for whom and when: "budget 3,000 (week of 2026-12-07)"."""
    limit = cell.limit
    if not limit.table:
        section, _, name = limit.column.rpartition(".")
        return f"{limit.words.format(_shown(instance.settings[limit.column]))} ([{section}] {name} of instance.toml)"
    records, rows = instance[limit.table], list(cell.rows)
    words = [_named(instance, column, records[column.name][rows]) for column in records.table.key]
    where = ", ".join(word for word in words if word)
    said = limit.words.format(_shown(records[limit.column][rows[0]]))
    return f"{said} ({where})" if where else said


def _freed(records: Records, cells: Sequence[Cell]) -> Records:
    columns, kept = dict(records.columns), np.ones(len(records), dtype=np.bool_)
    rows_of: dict[Limit, list[int]] = {}
    for cell in cells:
        rows_of.setdefault(cell.limit, []).extend(cell.rows)
    for limit, rows in rows_of.items():
        if limit.whole_row:
            kept[rows] = False
        else:
            columns[limit.column] = columns[limit.column].copy()
            columns[limit.column][rows] = _free(records, limit)
    return replace(
        records,
        columns={name: values[kept] for name, values in columns.items()},
        written={name: values[kept] for name, values in records.written.items()},
    )


def _free(records: Records, limit: Limit) -> Any:
    column = _column(records, limit.column)
    default = column.default if limit.free is None else limit.free
    if default is None or isinstance(default, Required):
        return "" if column.kind is Kind.TEXT else np.nan
    return default


def _column(records: Records, name: str) -> Column:
    return next(column for column in records.table.all_columns if column.name == name)


def _named(instance: Instance, column: Column, values: Array) -> str:
    """A key cell in words, where all rows have the same and it says something."""
    value, name = values[0], column.name.replace("_", " ")
    if column.kind is Kind.DATE:
        if np.isnat(value) or (values != value).any():
            return ""
        period = int(instance.calendar.index(values[:1])[0])
        inside = name in ("period", "order period") and 0 <= period < instance.calendar.periods
        return f"{instance.calendar.kind} of {instance.calendar.first_day(period)}" if inside else f"{name} {value}"
    if (values != value).any() or value in ("", column.default):
        return ""
    return f"{name} {_shown(value)}"


def _shown(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
