"""Instance: the planner's tables, typed, with every default that is a constant filled in.

No files here: the reader makes an `Instance` from a folder, a workbook or DataFrames; tests make one from lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calendar import Calendar
from models.tables import Kind, Table

Array = NDArray[Any]
Codes = NDArray[np.int64]
Figures = NDArray[np.float64]
DIMENSIONS = {"item": "items", "supplier": "suppliers", "location": "locations", "customer": "customers"}


@dataclass(frozen=True)
class Records:
    """The rows of one table, by column.

    Every declared column is there, all of one length. Texts are `object` arrays of `str` ("" where the cell is
    empty), numbers and counts `float64` (NaN for none), dates `datetime64[D]` (NaT for none). Row k is the k-th row
    of the user's table; where it stood in the file, the reader knows. `written` has dates as the user wrote them.
    """

    table: Table
    columns: Mapping[str, Array]
    written: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, column: str) -> Array:
        return self.columns[column]

    def text(self, column: str) -> Array:
        """The cells of a column as the user wrote them, for output that names a row by its key."""
        if column in self.written:
            return self.written[column]
        return as_texts(["" if cell in ("", "NaT") else cell for cell in self.columns[column].astype(str)])


@dataclass(frozen=True)
class Instance:
    """What is planned: tables by name (absent ones have no rows), the calendar, the settings by `section.name`."""

    name: str
    calendar: Calendar
    tables: Mapping[str, Records]
    settings: Mapping[str, float | None] = field(default_factory=dict)
    currency: str = "EUR"

    def __getitem__(self, table: str) -> Records:
        return self.tables[table]

    @cached_property
    def labels(self) -> dict[str, Array]:
        """Ids in a fixed order by dimension (`item`, `supplier`, `location`, `customer`): a code is a place in it."""
        return {dimension: self._ids(table, dimension) for dimension, table in DIMENSIONS.items()}

    def only_items(self, items: Codes) -> "Instance":
        """The rows of some items, and those that belong to none; items and other ids keep their codes."""
        wanted = np.zeros(len(self.labels["item"]) + 1, dtype=np.bool_)
        wanted[items] = True
        wanted[-1] = True  # a row that names no item is for all of them
        few = replace(self, tables={name: self._kept(name, wanted) for name in self.tables})
        few.__dict__.update(labels=self.labels, _places=self._places)  # ids that other items imply are ids all the same
        return few

    def _kept(self, name: str, wanted: Array) -> Records:
        records = self[name]
        if name == "items" or "item" not in records.columns or not len(records):
            return records
        kept = np.flatnonzero(wanted[self.codes(name, "item")])  # places: few rows of very many
        return replace(
            records,
            columns={column: values[kept] for column, values in records.columns.items()},
            written={column: values[kept] for column, values in records.written.items()},
        )

    def _ids(self, table: str, column: str) -> Array:
        """The ids of a table; of an optional one that is absent, what takes its place (`Table.implied_by`)."""
        records = self[table]
        if len(records) or not records.table.optional:
            return records[column]
        named: dict[str, None] = {}
        for path in records.table.implied_by:
            source, name = path.split(".")
            named.update(dict.fromkeys(text for text in self[source][name] if text))
        if not named and records.table.implied:
            named[records.table.implied] = None
        return as_texts(list(named))

    def codes(self, table: str, dimension: str, column: str = "") -> Codes:
        """Code of `column` (by default named as the dimension) in each row of a table; -1 where the cell is empty.

        Found once for each column: the array is not to be written to.
        """
        key = table, dimension, column or dimension
        if key not in self._codes:
            texts, place = self[table][column or dimension], self._places[dimension]
            codes = np.fromiter(map(place.__getitem__, texts.tolist()), np.int64, len(texts))
            codes.flags.writeable = False
            self._codes[key] = codes
        return self._codes[key]

    @cached_property
    def _codes(self) -> dict[tuple[str, str, str], Codes]:
        return {}

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {
            name: {"": -1} | {text: code for code, text in enumerate(labels)} for name, labels in self.labels.items()
        }

    def setting(self, path: str) -> float:
        """A setting that always has a value.

        Raises:
            KeyError: it has none.
        """
        value = self.settings[path]
        if value is None:
            raise KeyError(path)
        return value


class NotThere(KeyError):
    """A check asked for what could not be read."""


class NoCalendar:
    """Stands where start or periods could not be read."""

    def __getattr__(self, name: str) -> Any:
        raise NotThere("calendar")


@dataclass(frozen=True)
class PartOfInstance(Instance):
    """What could be read of an instance; whoever asks for the rest gets `NotThere`."""

    lacking: frozenset[str] = frozenset()  # tables

    def __getitem__(self, table: str) -> Records:
        if table in self.lacking:
            raise NotThere(table)
        return self.tables[table]

    @cached_property
    def labels(self) -> dict[str, Array]:
        """As of an instance; where the ids cannot be known, those that are named."""
        known = {}
        for dimension, table in DIMENSIONS.items():
            try:
                known[dimension] = self._ids(table, dimension)
            except NotThere:
                known[dimension] = self._named(table)
        return known

    def _named(self, table: str) -> Array:
        """Whatever readable tables call an id of another."""
        columns = [
            records[column.name]
            for name, records in self.tables.items() if name not in self.lacking
            for column in records.table.all_columns if column.refers == table
        ]  # fmt: skip
        return as_texts(list(dict.fromkeys(text for cells in columns for text in cells if text)))


def repeated(key: Codes) -> tuple[Codes, Codes]:
    """The rows whose key (rows, dimensions) one before them has, and the first row that has it."""
    _, first, which = np.unique(key, axis=0, return_index=True, return_inverse=True)
    earliest = first[which.ravel()]
    again = np.flatnonzero(earliest != np.arange(len(key)))
    return again, earliest[again]


def as_texts(texts: Sequence[str]) -> Array:
    """An `object` array of `str`."""
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def empty_column(kind: Kind, length: int = 0) -> Array:
    """A column without a value in it."""
    match kind:
        case Kind.TEXT:
            return as_texts([""] * length)
        case Kind.DATE:
            return np.full(length, np.datetime64("NaT", "D"))
        case _:
            return np.full(length, np.nan)
