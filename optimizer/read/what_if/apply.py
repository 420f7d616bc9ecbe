"""Apply: the instance that some changes make of another; each is made to what the ones before it left.

A number that a cell does not give is its default: `items.backorder_cost*1.5` reckons with price × backorder_rate where
the cell is empty, and writes the result. "None" (no limit) stays none. Dates move by whole days.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from models.tables import Column, Kind, Setting, Table
from optimizer.read.changed import changed
from optimizer.read.input import Input, Made, default_declarations
from optimizer.read.located import InputFaults, Located
from optimizer.read.settings_keys import Horizon, Solve
from optimizer.read.spelling import did_you_mean, listed
from optimizer.read.what_if.effective import effective, names, numeric
from optimizer.read.what_if.grammar import Change
from optimizer.read.what_if.rows import Texts, added, nothing_selected, selected, selection

PLACES = Decimal("1e-9")


def applied(source: Input, changes: Sequence[Change]) -> Input:
    """The changed instance; `changes` of the result tells what was changed, after what `source` had been already.

    Raises:
        ChangeRefused: a change names what is not there, selects nothing, or makes what is not allowed.
    """
    declared = default_declarations()
    for change in changes:
        settings = not change.selects and change.table not in declared.tables
        source = _setting(source, change, declared.settings) if settings else _cells(source, change, declared.tables)
    return source


def _made(
    source: Input, change: Change, tables: Mapping[str, Texts], settings: Mapping[str, Any] | None, note: str
) -> Input:
    """What is read anew; a fault in it is the change's."""
    try:
        made = changed(source, tables, settings)
    except InputFaults as faults:
        raise change.refused(_told(faults.faults)) from None
    made.changes.append(Made(change.text, note))
    return made


def _told(faults: Sequence[Located]) -> str:
    first = faults[0]
    place = f"{first.table}.{first.column}: " if first.table and first.column else ""
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    return f"{place}{first.message}{more}"


def _cells(source: Input, change: Change, tables: Mapping[str, Table]) -> Input:
    if change.table not in tables:
        known = [*tables, *{setting.section for setting in default_declarations().settings}, "solve"]
        raise change.refused(f"there is no table '{change.table}'{did_you_mean(change.table, known)}")
    change = _at_home(change, tables)
    table = tables[change.table]
    column = next(column for column in table.all_columns if column.name == change.column)
    calendar, chosen = source.instance.calendar, selection(change, table)
    source = _with_implied(source, table)
    rows = source.text.get(table.name, {})
    places = selected(change, chosen, rows, calendar)
    more = added(change, table, chosen, rows, calendar)
    if not places and not more:
        raise change.refused(nothing_selected(table, chosen, rows))
    cells = _new_cells(source, change, table, column, places)
    count = max(map(len, rows.values()), default=0)
    text = {
        name: [*rows.get(name, [""] * count), *(row.get(name, "") for row in more)] for name in names(table.all_columns)
    }
    text |= {name: [*cells, *[""] * len(more)] for name, cells in rows.items() if name not in text}
    for k, cell in cells.items():
        text[column.name][k] = cell
    for k in range(count, count + len(more)):
        text[column.name][k] = change.value
    numbers = (len(cells), "changed"), (len(more), "added"), (len(places) - len(cells), "without a figure as before")
    note = ", ".join(f"{number:,} {'row' if number == 1 else 'rows'} {what}" for number, what in numbers if number)
    return _made(source, change, {table.name: text}, None, f"{table.name}.{column.name}: {note}")


def _at_home(change: Change, tables: Mapping[str, Table]) -> Change:
    """The change to the table that has the column: `suppliers[ACME].capacity` stands in `supplier_capacity`."""
    own = names(tables[change.table].all_columns)
    if change.column in own:
        return change
    homes = [
        (table, key)
        for table in tables.values()
        for key in table.key
        if key.refers == change.table and change.column in names(table.columns) and not change.where
    ]
    if len(change.keys) > 1 or not homes:
        near = did_you_mean(change.column, own) or f"; it has {listed(own, 30)}"
        raise change.refused(f"{change.table} has no column '{change.column}'{near}")
    if len(homes) > 1:
        key = f"={change.keys[0]}" if change.keys else "=…"
        meant = listed(f"{table.name}[{column.name}{key}].{change.column}" for table, column in homes)
        raise change.refused(f"{change.table} has no column '{change.column}'; write {meant}")
    home, column = homes[0]
    return change.of(home.name, keys=(), where=tuple((column.name, text) for text in change.keys))


def _with_implied(source: Input, table: Table) -> Input:
    """An optional table that lists names, and is absent, has a row for each that the other tables imply."""
    if not table.implied_by or source.text.get(table.name):
        return source
    ids = source.instance.labels[table.key[0].name].tolist()
    return changed(source, {table.name: {table.key[0].name: ids}})


def _new_cells(source: Input, change: Change, table: Table, column: Column, places: Sequence[int]) -> dict[int, str]:
    """Texts of the cells that change, by row."""
    if change.sign == "=":
        return dict.fromkeys(places, change.value)
    if column.kind is Kind.DATE:
        return _moved(source, change, table, column, places)
    if not numeric(column):
        raise change.refused(f"{table.name}.{column.name} is a {column.kind.value}; only = changes it")
    values = effective(source.instance, table.name, column)
    if values is None:
        raise change.refused(
            f"some cells of {table.name}.{column.name} are empty, and stand for {column.default_text}: set them with ="
        )
    own = source.text[table.name].get(column.name, [])
    cells = {
        k: reckoned(change, Decimal(own[k]) if own[k] else Decimal(repr(float(values[k]))))
        for k in places
        if not np.isnan(values[k])
    }
    if not cells:
        raise change.refused(
            f"{table.name}.{column.name} is empty there, which means {column.default_text or 'none'}: nothing changes"
        )
    return cells


def _moved(source: Input, change: Change, table: Table, column: Column, places: Sequence[int]) -> dict[int, str]:
    days = change.number if change.sign == "+" else -change.number
    if change.sign not in "+-" or days != int(days) or abs(days) > 100_000:
        raise change.refused(
            f"{table.name}.{column.name} is a date; it is moved with + or - by whole days, or set with ="
        )
    cells = source.text[table.name][column.name]
    try:
        moved = {k: date.fromisoformat(cells[k]) + timedelta(days=int(days)) for k in places if cells[k]}
    except OverflowError:
        raise change.refused("there is no such day") from None
    return {k: day.isoformat() for k, day in moved.items()}


def reckoned(change: Change, number: Decimal) -> str:
    """A number after the change, as a cell has it: at most nine decimals."""
    by = change.number
    result = {"+": number + by, "-": number - by, "*": number * by}.get(change.sign)
    if result is None:
        result = number / by
    if result != result.quantize(PLACES):
        result = result.quantize(PLACES)
    text = f"{result:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _setting(source: Input, change: Change, declared: Sequence[Setting]) -> Input:
    """A setting of `instance.toml` in other words."""
    parts = {(setting.section, setting.name): setting for setting in declared}
    known = (
        {("", name) for name in Horizon.model_fields} | {("solve", name) for name in Solve.model_fields} | parts.keys()
    )
    path = change.table, change.column
    if change.table == "read":
        raise change.refused("the tables have been read; what [read] says cannot be changed")
    if path == ("", "name"):
        raise change.refused("the instance keeps its name")
    if path not in known:
        tables = default_declarations().tables
        paths = [".".join(filter(None, one)) for one in known]
        columns = [f"{name}.{column.name}" for name, table in tables.items() for column in table.columns]
        told = ".".join(filter(None, path))
        near = did_you_mean(change.table, tables) if change.table else ""
        raise change.refused(
            f"'{told}' is neither a table nor a setting{near or did_you_mean(told, [*paths, *columns])}"
        )
    settings = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in source.settings_text.items()
    }
    section = settings.setdefault(change.table, {}) if change.table else settings
    before = section.get(change.column, _default(source, path, parts))
    if change.sign == "=" and not change.value:
        section.pop(change.column, None)
    else:
        section[change.column] = _value(change, before)
    after = section.get(change.column, _default(source, path, parts))
    values = (str("none" if value is None else value) for value in (before, after))
    return _made(source, change, {}, settings, f"{'.'.join(filter(None, path))}: {' → '.join(values)}")


def _default(source: Input, path: tuple[str, str], parts: Mapping[tuple[str, str], Setting]) -> Any:
    """What holds where `instance.toml` says nothing."""
    if path in parts:
        return parts[path].default
    return getattr(source.solve, path[1]) if path[0] == "solve" else Horizon.model_fields[path[1]].get_default()


def _value(change: Change, before: Any) -> Any:
    """What the setting is set to: a number where it is one, else a text."""
    if change.sign != "=":
        if isinstance(before, bool) or not isinstance(before, int | float):
            raise change.refused(f"it is {before if before is not None else 'none'}, no number; set it with =")
        text = reckoned(change, Decimal(repr(before)))
    else:
        text = change.value
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
