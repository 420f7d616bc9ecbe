"""Rows: a sheet that shows a table.

One sentence in its first row, headers with notes in its second, then the rows; filters and frozen headers.
A sheet shows at most 100,000 rows, which are more than anybody reads (Excel has room for 1,048,576, and grows slow).
Where there are more, the sentence says so and names the file that has them all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from models.tables import Column, Kind
from optimizer.report.text import note
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.quick_sheet import Cell

ROW_LIMIT = 100_000
HEADER_ROW = 1
FIRST_ROW = 2
CELL_LIMIT = 32_767  # signs that Excel lets a cell have
WIDEST = 42
FIRST_DAY = date(1900, 3, 1)  # before it, Excel's days are counted in two ways
DAY_ZERO = date(1899, 12, 30).toordinal()


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet: what it is, what stands in each row that is shown, in which style, how wide."""

    declared: Column
    cells: list[Cell]
    style: str
    width: float


class Rows:
    """A sheet of rows under way.

    Args:
        book: the workbook.
        name: the sheet's name.
        frame: the rows.
        columns: which of its columns are shown, in order, where they are there.
    """

    def __init__(self, book: Book, name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
        frame, columns = book.described(frame, columns)
        self.book = book
        self.sheet = book.add(name)
        self.columns = [_sheet_column(frame[column.name], column) for column in columns if column.name in frame]
        self.count = min(len(frame), ROW_LIMIT)

    def place(self, name: str) -> int:
        """Number of a column on the sheet."""
        return next(place for place, column in enumerate(self.columns) if column.declared.name == name)

    def head(self, sentence: str, rows: int, source: str, frozen: int = 1) -> None:
        """Everything but the rows.

        Args:
            sentence: what the sheet is, for its first row.
            rows: how many rows there are.
            source: the file that has all of them.
            frozen: columns that stay in sight.
        """
        if rows > ROW_LIMIT:
            sentence = f"ONLY {ROW_LIMIT:,} OF {rows:,} ROWS ARE SHOWN; all are in {source}. {sentence}"
        sheet, header = self.sheet, self.book.format("header")
        sheet.write_string(0, 0, sentence, self.book.format("sentence"))
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(HEADER_ROW, place, column.declared.name.replace("_", " "), header)
            text = note(column.declared, self.book.plan.currency)
            sheet.write_comment(HEADER_ROW, place, text, {"x_scale": 1.6, "y_scale": 0.8})
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(min(rows, ROW_LIMIT), 1), len(self.columns) - 1)
        sheet.freeze_panes(FIRST_ROW, frozen)
        sheet.repeat_rows(HEADER_ROW)

    def write(self, hidden: Sequence[bool] | None = None) -> None:
        """The rows below the headers, of which some may be out of sight at first."""
        for row, out_of_sight in enumerate(hidden or (), FIRST_ROW):
            if out_of_sight:
                self.sheet.set_row(row, None, None, {"hidden": True})
        formats = [self.book.format(column.style) for column in self.columns]
        self.sheet.write_columns(FIRST_ROW, [column.cells[: self.count] for column in self.columns], formats)

    def mark(self, name: str, style: str, rule: dict[str, Any] | None = None) -> None:
        """Colour the numbers of a column that are above 0, or that another rule finds."""
        place = self.place(name)
        rule = {"type": "cell", **(rule or {"criteria": ">", "value": 0}), "format": self.book.format(style)}
        self.sheet.conditional_format(FIRST_ROW, place, FIRST_ROW + max(self.count, 1) - 1, place, rule)


def _sheet_column(values: "pd.Series[Any]", column: Column) -> SheetColumn:
    cells: list[Cell]
    match column.kind:
        case Kind.NUMBER | Kind.COUNT:
            numbers = values.to_numpy(dtype=float, na_value=float("nan"))
            empty = pd.isna(numbers)
            style = _number_style(column, whole=bool((numbers == numbers.round())[~empty].all()))
            shown = zip(numbers[:ROW_LIMIT].tolist(), empty[:ROW_LIMIT].tolist(), strict=True)
            cells = [None if none else round(number, 9) + 0.0 for number, none in shown]
        case Kind.DATE:
            style, cells = "date", _each(values.iloc[:ROW_LIMIT], _day)
        case _:
            style, cells = "text", _each(values.iloc[:ROW_LIMIT], shown_text)
    texts = (f"{cell:,.2f}" if isinstance(cell, float) else str(cell or "") for cell in cells[:500])
    width = 10 if column.kind is Kind.DATE else max(map(len, texts), default=0)
    return SheetColumn(column, cells, style, min(max(len(column.name), width) + 3, WIDEST))


def _number_style(column: Column, whole: bool) -> str:
    if column.unit.startswith("money per"):
        return "price"
    if column.unit == "money":
        return "decimal"
    if column.unit == "periods":
        return "whole" if column.kind is Kind.COUNT else "one_place"
    return "whole" if whole else "decimal"


def _each(values: "pd.Series[Any]", cell: Callable[[Any], Cell]) -> list[Cell]:
    """The cell of each value, found once for each different value."""
    places, different = pd.factorize(values.astype(object))
    found: list[Cell] = [cell(value) or None for value in different]
    found.append(None)  # at -1: no value
    return [found[place] for place in places.tolist()]


def shown_text(value: object) -> str:
    """A text as long as Excel lets it be."""
    text = str(value)
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"


def _day(value: object) -> Cell:
    """Excel's number of an ISO date; a text where it is none, or too old for Excel."""
    text = str(value)
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return shown_text(text) if day is None or day < FIRST_DAY else float(day.toordinal() - DAY_ZERO)
