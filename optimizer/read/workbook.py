"""Workbook: one sheet of an .xlsx file per table, and its settings.

Settings come from a sheet `instance` (a key and a value per row, keys as `solve.gap`), or else from a TOML file beside
the workbook: of the same name, or `instance.toml`. Numbers, dates and truth values are taken as Excel stores them, a
formula as the value it had when it was saved. Hidden rows and sheets count; of merged cells the first has the value.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine
from numpy.typing import NDArray

from models.tables import Table
from optimizer.read.csv_folder import read_bytes
from optimizer.read.located import Findings
from optimizer.read.source import MOST_COLUMNS, CellType, Dialect, Sheet, Tables, match_names, unreadable
from optimizer.read.spelling import first_repeated, listed
from optimizer.read.typed_cells import as_column
from optimizer.read.workbook_guard import Oddities, UnsafeWorkbook, inspect

ENDINGS = (".xlsx", ".xlsm")
SETTINGS = "instance"
_UNREADABLE = (python_calamine.CalamineError, ValueError)


class Workbook:
    """An open workbook."""

    def __init__(self, path: Path, book: python_calamine.CalamineWorkbook, odd: Mapping[str, Oddities]) -> None:
        self.path = path
        self.book = book
        self.odd = odd

    def where(self, sheet: str) -> str:
        """How messages name a sheet."""
        return f"{self.path.name}, sheet {sheet}"

    def rows(self, name: str) -> tuple[list[list[Any]], int, int]:
        """Rows of a sheet from the first that is not empty, and the row and column (from 1) at which they begin."""
        sheet = self.book.get_sheet_by_name(name)
        start = sheet.start or (0, 0)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=True)
        return rows, start[0] + 1, start[1] + 1

    def settings(self, findings: Findings) -> dict[str, Any] | None:
        """Settings of the sheet `instance`; None where there is no such sheet."""
        if SETTINGS not in self.book.sheet_names:
            return None
        try:
            rows, first, _ = self.rows(SETTINGS)
        except _UNREADABLE as error:
            findings.fault("workbook", f"the sheet cannot be read ({error})", self.where(SETTINGS))
            return {}
        settings: dict[str, Any] = {}
        for row, cells in enumerate(rows, start=first):
            key = str(cells[0]).strip()
            value = cells[1] if len(cells) > 1 else ""
            if not key or key == "key" or value == "":
                continue
            heading, _, name = key.rpartition(".")
            section = settings.setdefault(heading, {}) if heading else settings
            if not isinstance(section, dict) or isinstance(section.get(name), dict):
                findings.fault("settings", f"'{key}' is not a setting", self.where(SETTINGS), row, value=key)
                continue
            section[name] = _setting(value)
        return settings


def _setting(value: Any) -> Any:
    """A cell as TOML would give it: whole numbers as int, days as date."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value.date() if isinstance(value, datetime) else value


def open_workbook(path: Path, findings: Findings) -> Workbook | None:
    """An open workbook; None, with a fault, where it cannot be opened."""
    if path.suffix.lower() not in ENDINGS:
        findings.fault("unreadable file", f"{path.suffix or 'such'} files are not read; save it as .xlsx", path.name)
        return None
    try:
        odd = inspect(path)
        return Workbook(path, python_calamine.CalamineWorkbook.from_path(str(path)), odd)
    except OSError as error:
        unreadable(path, error, findings)
    except UnsafeWorkbook as error:
        findings.fault("workbook", str(error), path.name)
    except _UNREADABLE as error:
        findings.fault(
            "workbook",
            f"the file is no sound workbook ({error}); open it in Excel and save it again as .xlsx",
            path.name,
        )
    return None


def read_workbook(workbook: Workbook, declared: Mapping[str, Table], findings: Findings) -> Tables:
    """Every declared table that has a sheet."""
    sheets = {}
    empty = set()
    found = [name for name in workbook.book.sheet_names if name != SETTINGS]
    names, broken = match_names(found, declared, workbook.where("{}"), findings)
    for name in names:
        try:
            sheet = _read_sheet(workbook, name, findings)
        except _UNREADABLE as error:
            findings.fault("workbook", f"the sheet cannot be read ({error})", workbook.where(name), table=name)
            sheet = None
        if sheet is None:
            broken.add(name)
        elif len(sheet):
            sheets[name] = sheet
        else:
            empty.add(name)
    data = read_bytes(workbook.path, findings)
    hashes = {workbook.path.name: hashlib.sha256(data).hexdigest()} if data is not None else {}
    return Tables(sheets, frozenset(broken), hashes, frozenset(empty), workbook.where("{}"))


def _read_sheet(workbook: Workbook, name: str, findings: Findings) -> Sheet | None:
    where = workbook.where(name)
    rows, first, left = workbook.rows(name)
    odd = workbook.odd.get(name, Oddities()).cells
    headers = [str(cell).strip() if isinstance(cell, str) else str(cell) for cell in rows[0]] if rows else []
    if len(headers) > MOST_COLUMNS:
        message = f"the header has {len(headers):,} columns; {MOST_COLUMNS:,} are the most that are read"
        findings.fault("header", message, where, first, table=name)
        return None
    if (twice := first_repeated(headers)) is not None:
        message = f"column '{twice}' stands twice; delete or rename one"
        findings.fault("header", message, where, first, twice, table=name)
        return None
    numbers = range(first + 1, first + len(rows))
    odd_rows = {row for row, _ in odd}
    kept = [
        (n, row)
        for n, row in zip(numbers, rows[1:], strict=True)
        if n in odd_rows or any(cell not in ("", None) for cell in row)
    ]
    columns = [as_column([row[k] for _, row in kept]) for k in range(len(headers))]
    lines = np.array([number for number, _ in kept], dtype=np.int64)
    outside = _mark(columns, lines, left, odd)
    if outside:
        message = f"cells outside the table hold errors, or formulas never calculated: {listed(outside)}"
        findings.warn("error cell", message, where, table=name)
    cells = tuple(texts for texts, _ in columns)
    return Sheet(
        name, where, tuple(headers), cells, lines, Dialect(settable=False), tuple(types for _, types in columns)
    )


def _mark(columns: list[Any], lines: NDArray[np.int64], left: int, odd: Mapping[tuple[int, int], str]) -> list[str]:
    """Put what is to be said of odd cells into them; returns those that stand in no column."""
    outside = []
    places = {int(line): k for k, line in enumerate(lines)}
    for (row, column), message in odd.items():
        k = places.get(row)
        if k is None or not 0 <= column - left < len(columns):
            outside.append(f"row {row}")
            continue
        texts, types = columns[column - left]
        texts[k] = message
        types[k] = CellType.ERROR
    return outside
