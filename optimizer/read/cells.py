"""Cells: the text of one cell to its canonical text and value, or a complaint that says what would be right.

Canonical text is what the audit reads: ISO dates, decimal points, no thousands separators, ids byte for byte, and empty
where the default holds. Each distinct text of a column is read once (`columns.py`), so nothing here is in a hurry.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.findings import Severity
from models.tables import Column, Kind
from optimizer.read import date_cells, number_cells, text_cells
from optimizer.read.source import Dialect

Value = str | float | np.datetime64


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a cell; a warning lets its value stand."""

    rule: str
    message: str
    severity: Severity = Severity.FAULT


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: `text` canonical, `value` as it goes into `Records`."""

    text: str
    value: Value
    complaint: Complaint | None = None


def nothing(column: Column) -> Value:
    """What stands in `Records` for an empty cell: the default where it is a constant."""
    match column.kind:
        case Kind.TEXT:
            return column.default if isinstance(column.default, str) else ""
        case Kind.DATE:
            return np.datetime64("NaT", "D")
        case _:
            return float(column.default) if isinstance(column.default, int | float) else float("nan")


def is_id(column: Column, in_key: bool) -> bool:
    """Whether its texts name something, so that two spellings would be two things."""
    return column.kind is Kind.TEXT and not column.choices and (in_key or bool(column.refers))


def default_in_words(column: Column) -> str:
    """The default as a message or a reference page says it; "" where the cell must be filled."""
    if column.required:
        return ""
    if column.default_text:
        return column.default_text
    return "none" if column.default is None or column.default == "" else shown_default(column.default)


def shown_default(default: object) -> str:
    """12 and not 12.0."""
    return f"{default:.10g}" if isinstance(default, int | float) else str(default)


def or_empty(column: Column, message: str) -> str:
    """A message that also offers the empty cell, where that has a default."""
    words = default_in_words(column)
    if not words:
        return message
    return f"{message}{', or' if '; ' in message else ';'} leave the cell empty for the default ({words})"


def reader(column: Column, in_key: bool, dialect: Dialect) -> Callable[[str], Cell]:
    """A function from a cell's text to the cell as read."""

    def read(text: str) -> Cell:
        if not text or (column.kind is not Kind.TEXT and not text.strip()):
            if column.required:
                unit = f" ({column.unit})" if column.unit else ""
                return _faulty(column, "empty cell", f"the cell is empty; a {column.kind.value}{unit} is needed")
            return Cell("", nothing(column))
        match column.kind:
            case Kind.TEXT:
                return _text(column, in_key, dialect, text)
            case Kind.DATE:
                return _date(column, dialect, text)
            case _:
                return _number(column, dialect, text)

    return read


def _faulty(column: Column, rule: str, message: str) -> Cell:
    return Cell("", nothing(column), Complaint(rule, message))


def _text(column: Column, in_key: bool, dialect: Dialect, text: str) -> Cell:
    if column.choices:
        if text.strip() in column.choices:
            return Cell(text.strip(), text.strip())
        return _faulty(column, "choice", or_empty(column, text_cells.not_a_choice(text, column.choices)))
    if is_id(column, in_key):
        return _id(column, dialect, text)
    return Cell(text, text)


def _id(column: Column, dialect: Dialect, text: str) -> Cell:
    if text != text.strip() and not dialect.trim:
        return _faulty(column, "spaces", text_cells.spaces(text, dialect.settable))
    text = text.strip()
    if not text:
        return reader(column, True, dialect)("")
    if len(text) > text_cells.LONGEST_ID:
        return _faulty(column, "id", f"an id of {len(text):,} characters; {text_cells.LONGEST_ID} are the most allowed")
    if invisible := text_cells.invisible(text):
        return Cell(text, text, Complaint("invisible character", invisible, Severity.WARNING))
    if shortened := text_cells.shortened(text):
        return Cell(text, text, Complaint("shortened id", shortened, Severity.WARNING))
    return Cell(text, text)


def _date(column: Column, dialect: Dialect, text: str) -> Cell:
    day = date_cells.parse(text.strip(), dialect.date_format)
    if day is None:
        return _faulty(column, "date", or_empty(column, date_cells.complaint(text.strip(), dialect)))
    if day.year < date_cells.FIRST_YEAR:
        return _faulty(column, "date", f"'{text}' lies before {date_cells.FIRST_YEAR}; is the year right?")
    return Cell(day.isoformat(), np.datetime64(day, "D"))


def _number(column: Column, dialect: Dialect, text: str) -> Cell:
    parsed = number_cells.parse(text.strip(), dialect)
    if parsed is None:
        return _faulty(column, "number", _no_number(column, dialect, text.strip()))
    canonical, value = parsed
    if abs(value) >= number_cells.LARGEST:
        message = f"'{_cut(text)}' is too large to be counted exactly; {number_cells.LARGEST:,.0f} is the limit"
        return _faulty(column, "number", message)
    if column.kind is Kind.COUNT and value != int(value):
        return _faulty(column, "whole number", number_cells.not_whole(text, value, column))
    if column.clip and column.minimum is not None and value < column.minimum:
        return Cell(canonical, column.minimum, _clipped(text, column.minimum))
    if limit := number_cells.beyond(text, value, column):
        return _faulty(column, "limit", or_empty(column, limit))
    return Cell(canonical, value)


def _clipped(text: str, least: float) -> Complaint:
    below = "negative" if least == 0 else f"below {least:g}"
    return Complaint("clipped", f"'{text}' is {below} and counts as {least:g}", Severity.WARNING)


def _no_number(column: Column, dialect: Dialect, text: str) -> str:
    """Offer the empty cell only for texts without a digit (NA, none, -): others are numbers badly written."""
    message = number_cells.complaint(text, column, dialect)
    if any(char.isdigit() for char in text):
        return message
    unit = f" ({column.unit})" if column.unit else ""
    return f"{message}; a {column.kind.value}{unit} is needed" if column.required else or_empty(column, message)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
