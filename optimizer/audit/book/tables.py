"""The planner's tables: rows of text cells, read cell by cell; what cannot be read is kept as a fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from optimizer.audit.book.calendar import day
from optimizer.audit.book.numbers import ZERO, decimal
from optimizer.audit.book.violation import Violation

Texts = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; a column that is absent is empty, and an empty cell is the default."""

    table: str
    row: int
    cells: Mapping[str, str]
    written: Mapping[str, str]
    faults: list[Violation]

    def text(self, column: str, default: str = "") -> str:
        """The cell byte for byte."""
        return self.cells.get(column) or default

    def as_written(self, column: str) -> str:
        """The cell as the user wrote it, which the plan may name it by."""
        return self.written.get(column) or self.text(column)

    def number(self, column: str, default: Fraction = ZERO) -> Fraction:
        """The cell's number."""
        number = self.number_or_none(column)
        return default if number is None else number

    def number_or_none(self, column: str) -> Fraction | None:
        """The cell's number, None where it is empty."""
        text = self.cells.get(column, "")
        try:
            return decimal(text) if text else None
        except ValueError as error:
            self.fault(f"{column} cannot be read", found=text, expected=str(error))
            return None

    def day(self, column: str) -> date | None:
        """The cell's day, None where it is empty."""
        text = self.cells.get(column, "")
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
        columns = self._tables.get(name, {})
        names, written = list(columns), self._written.get(name, {})
        for k, cells in enumerate(zip(*columns.values(), strict=True)):
            as_written = {column: texts[k] for column, texts in written.items()}
            yield TableRow(name, k + 2, dict(zip(names, cells, strict=True)), as_written, self.faults)
