"""Tables: what a part needs from the planner, and what it gives back, declared once.

A part of the model says which tables and columns it reads (`Table`), which settings (`Setting`), and which result
tables it fills (`Result`). The reader, the checks, the reference pages and the workbook's headers all come from
these declarations, so a unit or a limit is stated in one place only.

Several parts may declare the same table: `merge` puts their columns together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Kind(Enum):
    """What a cell means, and so how it is read."""

    TEXT = "text"  # an id, a name: byte for byte
    NUMBER = "number"  # any finite decimal number
    COUNT = "whole number"  # periods, packs: a number without a fraction
    DATE = "date"  # ISO date or ISO week


class Required:
    """The default of a column that has none: the cell must be filled."""

    def __repr__(self) -> str:
        return "required"


REQUIRED = Required()
Default = str | float | None | Required


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Attributes:
        name: the header.
        kind: how its cells are read.
        about: one sentence for the reference page.
        unit: of its numbers, in words ("unit", "money per unit and period", "periods").
        default: value of an empty cell; `REQUIRED` where a cell must be filled; `None` for "none".
        default_text: the default in words, where it is derived from other data ("its lowest unit_cost").
        minimum: least number allowed; `None` for no limit.
        maximum: largest number allowed; `None` for no limit.
        positive: a number must be above `minimum`, not just at it.
        refers: table whose key the cell names; empty cells are not checked.
        choices: the only texts allowed; empty for any.
        clip: a number below `minimum` counts as `minimum`, with a warning, and is no fault.
        role: what its figures are for any part that asks ("purchase price", "order discount"); "" for nothing.
        example: the cell in the example row of a new instance.
    """

    name: str
    kind: Kind
    about: str
    unit: str = ""
    default: Default = REQUIRED
    default_text: str = ""
    minimum: float | None = 0.0
    maximum: float | None = None
    positive: bool = False
    refers: str = ""
    choices: tuple[str, ...] = ()
    clip: bool = False
    role: str = ""
    example: str = ""

    @property
    def required(self) -> bool:
        """Whether every cell must be filled."""
        return isinstance(self.default, Required)


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table: its key columns first, then the others.

    Attributes:
        name: the file's name without its ending, or the sheet's.
        about: one sentence for the reference page.
        key: columns whose texts together name a row; two rows with one key are a fault.
        columns: the other columns.
        optional: the table may be absent.
        implied_by: where the table is absent, the columns ("inventory.location") whose values take its place.
        implied: the one row it has where those are empty too.
        illustrated: a new instance has an example row of it; not where a row takes two ids of one kind.
    """

    name: str
    about: str = ""
    key: tuple[Column, ...] = ()
    columns: tuple[Column, ...] = ()
    optional: bool = False
    implied_by: tuple[str, ...] = ()
    implied: str = ""
    illustrated: bool = True

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Key columns, then the others."""
        return self.key + self.columns

    def with_columns(self, *columns: Column) -> "Table":
        """The same table with other columns: how a part adds its own to a table that it shares."""
        return replace(self, columns=columns)


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of `instance.toml` that a part reads, such as `[horizon] frozen`.

    `default` None means "none"; `kind` is NUMBER or COUNT.
    """

    section: str
    name: str
    kind: Kind
    about: str
    unit: str = ""
    default: float | None = None
    default_text: str = ""
    minimum: float | None = 0.0

    @property
    def path(self) -> str:
        """`section.name`, the key under which its value is found."""
        return f"{self.section}.{self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """A result table that a part fills: its name and columns in the order in which they are written.

    Several parts may fill one: they name the columns that tell its rows apart, `key`, and each adds rows and columns.
    An `optional` one is written only where it has rows.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    optional: bool = False


def text(name: str, about: str, *, default: Default = REQUIRED, refers: str = "", **more: object) -> Column:
    """A column of ids or names."""
    return Column(name, Kind.TEXT, about, default=default, refers=refers, **more)  # type: ignore[arg-type]


def quantity(name: str, about: str, *, unit: str = "unit", default: Default = REQUIRED, **more: object) -> Column:
    """A column of quantities in the item's unit."""
    return Column(name, Kind.NUMBER, about, unit=unit, default=default, **more)  # type: ignore[arg-type]


def money(name: str, about: str, *, per: str = "", default: Default = REQUIRED, **more: object) -> Column:
    """A column of money in the instance's currency, `per` a unit or a period."""
    return Column(name, Kind.NUMBER, about, unit=f"money per {per}" if per else "money", default=default, **more)  # type: ignore[arg-type]


def number(name: str, about: str, *, unit: str = "", default: Default = REQUIRED, **more: object) -> Column:
    """A column of other numbers: rates, shares, weights."""
    return Column(name, Kind.NUMBER, about, unit=unit, default=default, **more)  # type: ignore[arg-type]


def periods(name: str, about: str, *, default: Default = REQUIRED, **more: object) -> Column:
    """A column of whole numbers of periods."""
    return Column(name, Kind.COUNT, about, unit="periods", default=default, **more)  # type: ignore[arg-type]


def date(name: str, about: str, *, default: Default = REQUIRED, **more: object) -> Column:
    """A column of dates; each falls into the period that contains it."""
    return Column(name, Kind.DATE, about, default=default, **more)  # type: ignore[arg-type]


def merge(declared: Iterable[Table]) -> dict[str, Table]:
    """Put together what several parts declare of each table, in the order of declaration.

    Raises:
        ValueError: two parts declare one table with different keys, or one column in two ways.
    """
    tables: dict[str, Table] = {}
    for table in declared:
        known = tables.get(table.name)
        if known is None:
            tables[table.name] = table
            continue
        if known.key != table.key:
            raise ValueError(f"table {table.name} is declared with two keys: {known.key} and {table.key}")
        columns = {column.name: column for column in known.columns}
        for column in table.columns:
            if columns.setdefault(column.name, column) != column:
                raise ValueError(f"column {table.name}.{column.name} is declared in two ways")
        tables[table.name] = replace(known, columns=tuple(columns.values()))
    return tables


def merge_results(declared: Iterable[Result]) -> dict[str, Result]:
    """Put together what several parts declare of each result table: the first one's columns, then what others add.

    Raises:
        ValueError: two parts declare one table with different keys or none, or one column in two ways.
    """
    results: dict[str, Result] = {}
    for result in declared:
        known = results.setdefault(result.name, result)
        if known is result:
            continue
        if not known.key or known.key != result.key:
            raise ValueError(f"result {result.name} is given by two parts with keys {known.key} and {result.key}")
        columns = {column.name: column for column in known.columns}
        for column in result.columns:
            if columns.setdefault(column.name, column) != column:
                raise ValueError(f"column {result.name}.{column.name} is declared in two ways")
        results[result.name] = replace(known, columns=tuple(columns.values()))
    return results
