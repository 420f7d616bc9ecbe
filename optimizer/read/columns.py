"""Columns: cells of one column to canonical texts and values, each distinct text read once.

Columns repeat: 780,000 demand rows hold a few thousand different items, dates and quantities. So texts are numbered
first, each distinct one is read by itself, and a complaint goes to every row that has the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.findings import Severity
from models.instance import Array, as_texts, empty_column
from models.tables import Column, Table
from optimizer.read.cells import Complaint, is_id, nothing, reader
from optimizer.read.headers import check_headers
from optimizer.read.located import MOST_OF_A_KIND, Findings, Located
from optimizer.read.plain_cells import plain_cells
from optimizer.read.source import CellType, Sheet

_AS_TEXT = "format the column as text, and type the id again"
LARGEST_EXACT = 10**15  # Excel keeps 15 digits


@dataclass(frozen=True)
class TypedColumn:
    """One column as read.

    Attributes:
        texts: canonical, `object` array of `str`.
        values: as `Records` holds them.
        faulty: rows whose cell has a fault, shape (rows,).
    """

    texts: Array
    values: Array
    faulty: NDArray[np.bool_]


@dataclass
class TypedTable:
    """One table as read: every declared column, and the sheet that it came from."""

    table: Table
    sheet: Sheet
    columns: dict[str, TypedColumn]

    @property
    def faulty(self) -> NDArray[np.bool_]:
        """Rows with a fault in any cell."""
        rows: NDArray[np.bool_] = np.zeros(len(self.sheet), dtype=bool)
        for column in self.columns.values():
            rows |= column.faulty
        return rows

    def written(self, column: str) -> Array:
        """Cells as the user's table has them; canonical where it lacks the column."""
        place = self.sheet.column(column)
        return self.columns[column].texts if place is None else self.sheet.cells[place]


def read_table(table: Table, sheet: Sheet, findings: Findings) -> TypedTable:
    """A sheet by its declaration; every fault and warning goes to `findings`."""
    headers = check_headers(table, sheet, findings)
    key = {column.name for column in table.key}
    columns = {}
    for column in table.all_columns:
        place = headers.get(column.name)
        if place is None:
            columns[column.name] = _absent(column, len(sheet))
        else:
            columns[column.name] = read_column(column, column.name in key, sheet, place, findings)
            if sheet.types is not None and is_id(column, column.name in key) and (column.refers or len(key) == 1):
                _tell_numbers(column, sheet, place, findings)
    return TypedTable(table, sheet, columns)


def _absent(column: Column, length: int) -> TypedColumn:
    """A column that the sheet lacks: its default in every row; faulty rows where it has none, told by the header."""
    faulty = np.full(length, column.required)
    texts = as_texts([""] * length)
    if column.required:
        return TypedColumn(texts, empty_column(column.kind, length), faulty)
    values = empty_column(column.kind, length)
    values[:] = nothing(column)
    return TypedColumn(texts, values, faulty)


def read_column(column: Column, in_key: bool, sheet: Sheet, place: int, findings: Findings) -> TypedColumn:
    """One column that is there."""
    codes, distinct = pd.factorize(sheet.cells[place], use_na_sentinel=False)
    texts, values, sound = plain_cells(column, in_key, sheet.dialect, distinct)
    read = reader(column, in_key, sheet.dialect)
    complaints = {}
    faulty_texts = np.zeros(len(distinct), dtype=bool)
    for code in np.flatnonzero(~sound):
        cell = read(distinct[code])
        texts[code], values[code] = cell.text, cell.value
        if cell.complaint is not None:
            complaints[int(code)] = cell.complaint
            faulty_texts[code] = cell.complaint.severity is Severity.FAULT
    faulty = faulty_texts[codes]
    if sheet.types is not None:
        faulty |= _check_types(column, in_key, sheet, place, findings)
    _tell(column, sheet, codes, complaints, findings)
    return TypedColumn(texts[codes], values[codes], faulty)


def _tell(
    column: Column, sheet: Sheet, codes: NDArray[np.intp], complaints: Mapping[int, Complaint], findings: Findings
) -> None:
    """A finding for each row with a complaint; after the first hundred of a kind, their number."""
    place = sheet.headers.index(column.name)
    kinds: dict[tuple[str, Severity], list[int]] = {}
    for code, complaint in complaints.items():
        kinds.setdefault((complaint.rule, complaint.severity), []).append(code)
    for (rule, severity), complained in kinds.items():
        rows = np.flatnonzero(np.isin(codes, complained))
        if sheet.types is not None:  # an Excel error cell has its own message
            rows = rows[sheet.types[place][rows] != CellType.ERROR]
        at = partial(Located, severity, rule, where=sheet.where, column=column.name, table=sheet.table)
        for row in rows[:MOST_OF_A_KIND]:
            message = complaints[int(codes[row])].message
            findings.all.append(at(message, row=int(sheet.rows[row]), value=str(sheet.cells[place][row])))
        if len(rows) > MOST_OF_A_KIND:
            findings.all.append(at(f"… and {len(rows) - MOST_OF_A_KIND:,} more cells like these"))


def _check_types(column: Column, in_key: bool, sheet: Sheet, place: int, findings: Findings) -> NDArray[np.bool_]:
    """Cells that Excel has turned into something else: rows with a fault."""
    assert sheet.types is not None
    types = sheet.types[place]
    cells = sheet.cells[place]
    faulty: NDArray[np.bool_] = types == CellType.ERROR
    for row in np.flatnonzero(faulty)[:MOST_OF_A_KIND]:
        line = int(sheet.rows[row])
        findings.fault("error cell", str(cells[row]), sheet.where, line, column.name, table=sheet.table)
    if not is_id(column, in_key):
        return faulty
    dates = types == CellType.DATE
    for row in np.flatnonzero(dates)[:MOST_OF_A_KIND]:
        message = f"this id is stored as the date {cells[row]}; {_AS_TEXT}"
        _tell_id(findings, message, sheet, int(row), column)
    large = [row for row in np.flatnonzero(types == CellType.NUMBER) if _is_cut(cells[row])]
    for row in large[:MOST_OF_A_KIND]:
        message = f"this id is stored as the number {cells[row]}, of which only 15 digits are kept; {_AS_TEXT}"
        _tell_id(findings, message, sheet, int(row), column)
    faulty = faulty | dates
    faulty[large] = True
    return faulty


def _is_cut(number: str) -> bool:
    return len(number) > 15 and abs(float(number)) >= LARGEST_EXACT


def _tell_numbers(column: Column, sheet: Sheet, place: int, findings: Findings) -> None:
    """Ids that Excel has as numbers: zeros in front are lost, which matters where other rows name the same thing."""
    assert sheet.types is not None
    cells = sheet.cells[place]
    numbers = [int(row) for row in np.flatnonzero(sheet.types[place] == CellType.NUMBER)]
    first = next((row for row in numbers if not _is_cut(cells[row])), None)
    if first is None:
        return
    many = "ids are stored as numbers" if len(numbers) > 1 else "id is stored as a number"
    message = (
        f"{len(numbers):,} {many}, read as '{cells[first]}' for example; "
        "if there are zeros in front, format the column as text"
    )
    line = int(sheet.rows[first])
    findings.warn("id", message, sheet.where, line, column.name, value=str(cells[first]), table=sheet.table)


def _tell_id(findings: Findings, message: str, sheet: Sheet, row: int, column: Column) -> None:
    text = str(sheet.cells[sheet.headers.index(column.name)][row])
    findings.fault("id", message, sheet.where, int(sheet.rows[row]), column.name, value=text, table=sheet.table)
