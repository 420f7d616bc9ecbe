"""Rows that a change selects, and those that it adds.

A row that is not there is added by `=` where all that names it is told: the brackets give every key column that has no
default. A key column `period` need not be told: then every period of the horizon has a row. Rows of a table that only
lists names (items, suppliers) are never added: there a key that is not known is a slip.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product

import numpy as np

from models.calendar import Calendar
from models.tables import Column, Kind, Table
from optimizer.read.date_cells import iso_day
from optimizer.read.spelling import Names, did_you_mean, listed
from optimizer.read.what_if.effective import names
from optimizer.read.what_if.grammar import Change

Texts = Mapping[str, Sequence[str]]


def selection(change: Change, table: Table) -> dict[Column, str]:
    """Columns and the texts that they must have.

    Raises:
        ChangeRefused: the table has no such column, or fewer key columns.
    """
    columns = {column.name: column for column in table.all_columns}
    if len(change.keys) > len(table.key):
        raise change.refused(f"{table.name} has {len(table.key)} key columns: {listed(names(table.key))}")
    chosen = dict(zip(table.key, change.keys, strict=False))
    for name, text in change.where:
        if name not in columns:
            raise change.refused(f"{table.name} has no column '{name}'{did_you_mean(name, columns)}")
        if columns[name] in chosen:
            raise change.refused(f"column {name} stands twice in the brackets")
        chosen[columns[name]] = text
    return chosen


def selected(change: Change, chosen: Mapping[Column, str], rows: Texts, calendar: Calendar) -> list[int]:
    """Places of the rows that have all these texts."""
    count = max(map(len, rows.values()), default=0)
    kept = list(range(count))
    for column, wanted in chosen.items():
        cells = rows.get(column.name, [""] * count)
        same = _same(change, column, wanted, calendar)
        kept = [k for k in kept if same(cells[k])]
    return kept


def _same(change: Change, column: Column, wanted: str, calendar: Calendar) -> Callable[[str], bool]:
    """Whether a cell is the one that is wanted: ids byte for byte, numbers by value, dates by their day or period."""
    default = "" if column.default is None or column.required else str(column.default)
    if column.kind is Kind.DATE and wanted:
        day = iso_day(wanted)
        if day is None:
            raise change.refused(f"'{wanted}' is no date for column {column.name}; write 2026-11-23 or 2026-W48")
        if column.name != "period" and "W" not in wanted:
            return lambda cell: cell == day.isoformat()
        period = _index(calendar, day.isoformat())
        return lambda cell: bool(cell) and _index(calendar, cell) == period
    if column.kind in (Kind.NUMBER, Kind.COUNT) and wanted:
        try:
            number = Decimal(wanted)
        except InvalidOperation:
            raise change.refused(f"'{wanted}' is no number for column {column.name}") from None
        return lambda cell: bool(cell or default) and Decimal(cell or default) == number
    return lambda cell: (cell or default) == (wanted or default)


def _index(calendar: Calendar, day: str) -> int:
    return int(calendar.index(np.array([day], dtype="datetime64[D]"))[0])


def added(
    change: Change, table: Table, chosen: Mapping[Column, str], rows: Texts, calendar: Calendar
) -> list[dict[str, str]]:
    """Keys of the rows that are to be there besides."""
    first = table.key[0]
    by_name = not first.refers and first.kind is not Kind.DATE
    if change.sign != "=" or by_name or any(column not in table.key for column in chosen):
        return []
    count = max(map(len, rows.values()), default=0)
    present = {tuple(rows.get(c.name, [""] * count)[k] for c in table.key) for k in range(count)}
    choices: list[list[str]] = []
    for column in table.key:
        days = [str(day) for day in calendar.first_days()[:-1]]
        if column.name == "period" and column.required:
            named = chosen.get(column)
            taken = days if named is None else [days[_within(change, calendar, named)]]
            choices.append(taken)
        elif column in chosen:
            choices.append([chosen[column]])
        elif not column.required:
            choices.append([""])
        else:
            return []
    periods = {t for t, column in enumerate(table.key) if column.name == "period"}
    there = {_key(cells, periods, calendar) for cells in present}
    return [
        dict(zip(names(table.key), cells, strict=True))
        for cells in product(*choices)
        if _key(cells, periods, calendar) not in there
    ]


def _key(cells: Sequence[str], periods: set[int], calendar: Calendar) -> tuple[object, ...]:
    return tuple(_index(calendar, cell) if k in periods and cell else cell for k, cell in enumerate(cells))


def _within(change: Change, calendar: Calendar, text: str) -> int:
    day = iso_day(text)
    t = -1 if day is None else _index(calendar, day.isoformat())
    if not 0 <= t < calendar.periods:
        raise change.refused(f"'{text}' is no day of the horizon")
    return t


def nothing_selected(table: Table, chosen: Mapping[Column, str], rows: Texts) -> str:
    """What is wrong where no row has these texts: the first that no row has, else that no row has them all."""
    if not any(rows.values()):
        return f"the instance has no table {table.name}, or it is empty"
    for column, wanted in chosen.items():
        cells = rows.get(column.name, ())
        if wanted not in cells:
            known = Names(cell for cell in cells if cell)
            return f"no row of {table.name} has {column.name} '{wanted}'{known.did_you_mean(wanted)}"
    told = ", ".join(f"{column.name} '{wanted}'" for column, wanted in chosen.items())
    return f"no row of {table.name} has {told} together"
