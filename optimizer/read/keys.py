"""Keys: two rows that name the same thing."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.instance import Array
from models.tables import Column, Kind
from optimizer.read.columns import TypedTable
from optimizer.read.located import MOST_OF_A_KIND, Findings


def check_keys(typed: TypedTable, findings: Findings) -> NDArray[np.bool_]:
    """A fault for each row whose key an earlier row has; returns those rows.

    The key is the canonical text of its cells, with constant defaults written out: an empty `kind` and `order` are one.
    """
    repeats: NDArray[np.bool_] = np.zeros(len(typed.sheet), dtype=bool)
    if not typed.table.key or not len(typed.sheet):
        return repeats
    codes = _codes([_texts(typed, column) for column in typed.table.key])
    first = pd.Series(np.arange(len(codes))).groupby(codes).transform("first").to_numpy()
    # A row with a fault in a key cell is told already, and its key is not known.
    unsound = np.logical_or.reduce([typed.columns[column.name].faulty for column in typed.table.key])
    repeats = (first != np.arange(len(codes))) & ~unsound & ~unsound[first]
    rows = np.flatnonzero(repeats)
    for row in rows[:MOST_OF_A_KIND]:
        _tell(typed, int(row), int(first[row]), findings)
    if len(rows) > MOST_OF_A_KIND:
        message = f"… and {len(rows) - MOST_OF_A_KIND:,} more rows like these"
        findings.fault("repeated key", message, typed.sheet.where, table=typed.table.name)
    return repeats


def _texts(typed: TypedTable, column: Column) -> Array:
    read = typed.columns[column.name]
    return read.values if column.kind is Kind.TEXT else read.texts


def _codes(columns: list[Array]) -> NDArray[np.int64]:
    """One number for each different row of the columns."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        more, distinct = pd.factorize(column, use_na_sentinel=False)
        codes = pd.factorize(codes * len(distinct) + more)[0].astype(np.int64)
    return codes


def _tell(typed: TypedTable, row: int, earlier: int, findings: Findings) -> None:
    sheet = typed.sheet
    if all(cells[row] == cells[earlier] for cells in sheet.cells):
        message = f"the row repeats row {sheet.rows[earlier]} word for word; delete one"
    else:
        names = [column.name for column in typed.table.key]
        key = ", ".join(
            f"{name} '{_texts(typed, column)[row]}'"
            for name, column in zip(names, typed.table.key, strict=True)
            if _texts(typed, column)[row]
        )
        message = (
            f"{key or 'the empty key'} stands in row {sheet.rows[earlier]} already; "
            f"one row for each {' + '.join(names)}: join or delete them"
        )
    column = typed.table.key[0].name
    line, text = int(sheet.rows[row]), str(typed.columns[column].texts[row])
    findings.fault("repeated key", message, sheet.where, line, column, value=text, table=typed.table.name)
