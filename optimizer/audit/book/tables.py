"""The planner's tables: rows of text cells, read cell by cell; what cannot be read is kept as a fault."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from optimizer.audit.book.calendar import day
from optimizer.audit.book.numbers import ZERO, decimal
from optimizer.audit.book.violation import Violation

Texts = Mapping[str, Mapping[str, Sequence[str]]]
FIRST_ROW = 2  # below the header


class TableRow(NamedTuple):
    """One row of the columns; a column that is absent is empty, and an empty cell is the default."""

    table: str
    row: int
    columns: Mapping[str, Sequence[str]]
    written: Mapping[str, Sequence[str]]
    faults: list[Violation]

    def text(self, column: str, default: str = "") -> str:
        """The cell byte for byte."""
        cells = self.columns.get(column)
        return (cells[self.row - FIRST_ROW] if cells else "") or default

    def as_written(self, column: str) -> str:
        """The cell as the user wrote it, which the plan may name it by."""
        cells = self.written.get(column)
        return (cells[self.row - FIRST_ROW] if cells else "") or self.text(column)

    def number(self, column: str, default: Fraction = ZERO) -> Fraction:
        """The cell's number."""
        number = self.number_or_none(column)
        return default if number is None else number

    def number_or_none(self, column: str) -> Fraction | None:
        """The cell's number, None where it is empty."""
        text = self.text(column)
        try:
            return decimal(text) if text else None
        except ValueError as error:
            self.fault(f"{column} cannot be read", found=text, expected=str(error))
            return None

    def day(self, column: str) -> date | None:
        """The cell's day, None where it is empty."""
        text = self.text(column)
        try:
            return day(text) if text else None
        except ValueError as error:
            self.fault(f"{column} cannot be read", found=text, expected=str(error))
            return None

    def fault(self, message: str, found: str = "", expected: str = "") -> None:
        """Keep a fault of this row."""
        self.faults.append(
            Violation(rule="input", file=self.table, row=self.row, message=message, found=found, expected=expected)
        )


class Tables:
    """The instance as canonical text, columns of it `written` otherwise, and what could not be read."""

    def __init__(self, tables: Texts, written: Texts) -> None:
        self._tables = tables
        self._written = written
        self.faults: list[Violation] = []

    def rows(self, name: str) -> Iterator[TableRow]:
        """The rows of a table in its order; none if it is absent."""
        for k in range(self._length(name)):
            yield self.row(name, k)

    def row(self, name: str, k: int) -> TableRow:
        """One of its rows, counted from 0."""
        columns, written = self._tables.get(name, {}), self._written.get(name, {})
        return TableRow(name, k + FIRST_ROW, columns, written, self.faults)

    def columns(self, name: str, *columns: str) -> list[Sequence[str]]:
        """Some columns of a table, cell by cell; all empty where one is absent."""
        length = self._length(name)
        return [self._tables.get(name, {}).get(column) or [""] * length for column in columns]

    def as_written(self, name: str, column: str) -> list[str]:
        """A column as the user wrote it, which the plan may name rows by."""
        own = self.columns(name, column)[0]
        written = self._written.get(name, {}).get(column) or own
        return [theirs or ours for theirs, ours in zip(written, own, strict=True)]

    def texts(self, name: str, column: str) -> set[str]:
        """The different cells of a column; "" for those of a column that is absent."""
        if column in self._tables.get(name, {}):
            return set(self._tables[name][column])
        return {""} if self._length(name) else set()

    def _length(self, name: str) -> int:
        lengths = {len(cells) for cells in self._tables.get(name, {}).values()}
        if len(lengths) > 1:
            raise ValueError(f"the columns of {name} have different lengths: {sorted(lengths)}")
        return max(lengths, default=0)
