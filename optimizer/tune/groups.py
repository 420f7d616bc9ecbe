"""Groups: cells of the tables that one factor multiplies, as `--vary` names them.

    backorder_cost                     a column, by its bare name where that is clear
    items[class=A].shortage_cost       some rows of a table's column
    customers.weight                   an optional table need not be there
    costs.backorder_rate               a setting of instance.toml

An empty cell is multiplied as what it stands for (price × backorder_rate). A bare name of `items` takes along the cells
of `demand` that say otherwise for one line; its empty cells follow the item's by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.instance import Codes, Figures
from models.tables import Column, Table
from optimizer.read import Input, default_declarations
from optimizer.read.changed import changed
from optimizer.read.input import Made
from optimizer.read.spelling import did_you_mean, listed
from optimizer.read.what_if.effective import effective, numeric
from optimizer.read.what_if.grammar import Change, ChangeRefused, parsed
from optimizer.read.what_if.rows import nothing_selected, selected, selection
from optimizer.tune.refused import TuneRefused
from optimizer.write.tables import decimal_text

OF_ITEM = "the item's"  # default of a column of `demand` that follows the column of `items`


@dataclass(frozen=True)
class Cells:
    """Rows of a column, and the numbers that they stand for."""

    table: str
    column: str
    rows: Codes
    numbers: Figures


@dataclass(frozen=True)
class Group:
    """What one factor multiplies.

    Attributes:
        name: as it was asked for.
        cells: of tables.
        setting: section and name of a setting; None for none.
        number: the setting's.
    """

    name: str
    cells: tuple[Cells, ...] = ()
    setting: tuple[str, str] | None = None
    number: float = 1.0

    def shown(self, factor: float) -> float:
        """What a reader knows it by: the value of a setting, else the factor."""
        return factor * self.number

    @property
    def columns(self) -> set[str]:
        """Names of the columns, or of the setting."""
        return {cells.column for cells in self.cells} | ({self.setting[1]} if self.setting else set())


def named(source: Input, name: str) -> Group:
    """The group of a name.

    Raises:
        TuneRefused: nothing has that name, several things have it, or what has it is no cost.
    """
    bare = _bare(name)
    if bare is not None:
        return _by_bare_name(source, name, *bare)
    change = _change(name)
    setting = _setting(source, name, change)
    return setting or replace(_group(source, name, [(change.table, change)]), name=name)


def scaled(source: Input, groups: Sequence[Group], factors: Sequence[float]) -> Input:
    """The instance with each group's cells multiplied by its factor; where two groups share a cell, by both.

    Raises:
        InputFaults: the result is faulty, as an ending value above the price is.
    """
    numbers: dict[tuple[str, str], dict[int, float]] = {}
    settings: dict[str, Any] | None = None
    for group, factor in zip(groups, factors, strict=True):
        if factor == 1.0:
            continue
        if group.setting:
            settings = _with_setting(settings or source.settings_text, group.setting, group.number * factor)
        for cells in group.cells:
            known = numbers.setdefault((cells.table, cells.column), {})
            for row, number in zip(cells.rows.tolist(), cells.numbers.tolist(), strict=True):
                known[row] = known.get(row, number) * factor
    tables: dict[str, dict[str, list[str]]] = {}
    for (name, column), cells_of in numbers.items():
        table = tables.setdefault(name, texts_of(source, name))
        column_texts = table.setdefault(column, [""] * max(map(len, table.values())))
        for row, number in cells_of.items():
            column_texts[row] = decimal_text(number)
    if not tables and settings is None:
        return source
    made = changed(source, tables, settings)
    made.text.update({name: text for name, text in source.text.items() if name not in tables})  # once, and not for each
    for group, factor in zip(groups, factors, strict=True):
        made.changes.append(Made(f"{group.name} {told(group, factor)}", "tuned"))
    return made


def told(group: Group, factor: float) -> str:
    """`× 2` of what its numbers are; `= 0.1` of a setting."""
    return f"{'=' if group.setting else '×'} {group.shown(factor):.4g}"


def changed_tables(source: Input, groups: Sequence[Group]) -> list[str]:
    """Names of the tables that have cells of the groups."""
    return list(dict.fromkeys(cells.table for group in groups for cells in group.cells))


def cells_of(source: Input, table: str, column: str, rows: Codes) -> Cells:
    """Rows of a column with the numbers that they stand for; those that stand for none are left out.

    Raises:
        TuneRefused: what an empty cell stands for follows from too much.
    """
    declared = default_declarations().tables[table]
    source = _with_implied(source, declared)
    one = next(one for one in declared.all_columns if one.name == column)
    numbers = effective(source.instance, table, one)
    if numbers is None:
        raise TuneRefused(
            f"some cells of {table}.{column} are empty, and stand for {one.default_text}: fill them in to vary them"
        )
    rows = rows[~np.isnan(numbers[rows]) & (numbers[rows] != 0)]
    return Cells(table, column, rows, numbers[rows])


def filled(source: Input, table: str, column: str) -> Codes:
    """The rows in which a cell is filled."""
    texts = source.text.get(table, {}).get(column, [])
    return np.array([k for k, text in enumerate(texts) if text], dtype=np.int64)


def _bare(name: str) -> tuple[str, str] | None:
    """A name without a table, and the brackets behind it; None where a table or a section stands before it."""
    head, bracket, rest = name.partition("[")
    after = rest.rpartition("]")[2]
    return None if "." in head or "." in after else (head.strip(), bracket + rest)


def _change(name: str) -> Change:
    try:
        return parsed(f"{name}*1")
    except ChangeRefused as refused:
        raise TuneRefused(f"'{name}': {_wrong(refused)}") from None


def _wrong(refused: ChangeRefused) -> str:
    return str(refused).partition("': ")[2]


def _by_bare_name(source: Input, name: str, bare: str, brackets: str) -> Group:
    tables, declared = default_declarations().tables, default_declarations().settings
    having = [table for table in tables.values() if bare in {column.name for column in table.columns}]
    settings = [setting for setting in declared if setting.name == bare]
    if not having and len(settings) == 1 and not brackets:
        return replace(named(source, settings[0].path), name=name)
    if not having:
        known = {column.name for table in tables.values() for column in table.columns if _is_cost(column)}
        raise TuneRefused(f"no table has a column '{bare}'{did_you_mean(bare, sorted(known))}")
    there = [table for table in having if source.text.get(table.name)] or having
    leading = [table for table in there if _column(table, bare).default_text != OF_ITEM]
    if len(leading) != 1:
        choices = listed([f"{table.name}.{bare}" for table in leading or there])
        raise TuneRefused(f"'{bare}' stands in several tables: write {choices}")
    table = leading[0]
    group = _group(source, name, [(table.name, _change(f"{table.name}{brackets}.{bare}"))])
    followers = [one for one in there if one is not table]
    return replace(group, cells=group.cells + _own_cells(source, group, followers, bare))


def _own_cells(source: Input, group: Group, followers: Sequence[Table], column: str) -> tuple[Cells, ...]:
    """Filled cells of tables that else follow the item, for the items of the group."""
    items = group.cells[0].rows
    found = []
    for table in followers:
        rows = filled(source, table.name, column)
        rows = rows[np.isin(source.instance.codes(table.name, "item")[rows], items)]
        cells = cells_of(source, table.name, column, rows)
        if len(cells.rows):
            found.append(cells)
    return tuple(found)


def _group(source: Input, name: str, parts: Sequence[tuple[str, Change]]) -> Group:
    tables, found = default_declarations().tables, []
    for table_name, change in parts:
        if table_name not in tables:
            known = [*tables, *{setting.section for setting in default_declarations().settings}]
            raise TuneRefused(f"'{name}': there is no table '{table_name}'{did_you_mean(table_name, known)}")
        table = tables[table_name]
        column = _column(table, change.column)
        if not _is_cost(column):
            raise TuneRefused(
                f"'{name}': {table.name}.{column.name} is no cost; what may be varied is money, or a weight"
            )
        of = _with_implied(source, table)
        try:
            rows = np.array(_rows(of, table, change), dtype=np.int64)
        except ChangeRefused as refused:
            raise TuneRefused(f"'{name}': {_wrong(refused)}") from None
        found.append(cells_of(source, table.name, column.name, rows))
        if not len(found[-1].rows):
            raise TuneRefused(f"'{name}': every cell of it is 0 or none, which no factor changes")
    return Group(name, tuple(found))


def _rows(source: Input, table: Table, change: Change) -> Sequence[int]:
    rows, chosen = source.text.get(table.name, {}), selection(change, table)
    places = selected(change, chosen, rows, source.instance.calendar)
    if not places:
        raise change.refused(nothing_selected(table, chosen, rows))
    return places


def _column(table: Table, name: str) -> Column:
    columns = {column.name: column for column in table.all_columns}
    if name not in columns:
        raise TuneRefused(f"{table.name} has no column '{name}'{did_you_mean(name, list(columns))}")
    return columns[name]


def _is_cost(column: Column) -> bool:
    return numeric(column) and (column.unit.startswith("money") or column.name == "weight")


def _setting(source: Input, name: str, change: Change) -> Group | None:
    """The group of a setting; None where it is no setting's name."""
    path = f"{change.table}.{change.column}"
    if not any(setting.path == path for setting in default_declarations().settings):
        return None
    number = source.instance.settings.get(path)
    if number is None or number == 0 or change.table != "costs":
        raise TuneRefused(
            f"'{name}': it is {'none' if number is None else f'{number:g}'}, or no cost, and is not varied"
        )
    return Group(name, (), (change.table, change.column), float(number))


def _with_setting(text: Mapping[str, Any], path: tuple[str, str], number: float) -> dict[str, Any]:
    section, name = path
    return {**text, section: {**text.get(section, {}), name: number}}


def texts_of(source: Input, name: str) -> dict[str, list[str]]:
    """A copy of a table's texts; one that is absent has a row for each name that the others imply."""
    source = _with_implied(source, default_declarations().tables[name])
    return {column: list(texts) for column, texts in source.text[name].items()}


def _with_implied(source: Input, table: Table) -> Input:
    """An optional table that lists names, and is absent, has a row for each that the other tables imply."""
    if not table.implied_by or source.text.get(table.name):
        return source
    ids = source.instance.labels[table.key[0].name].tolist()
    return changed(source, {table.name: {table.key[0].name: ids}})
