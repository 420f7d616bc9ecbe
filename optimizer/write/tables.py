r"""Tables: DataFrames as CSV text that says every number in full and every id byte for byte.

RFC 4180 with `\n` line ends, UTF-8 without a mark. Numbers are the shortest decimals that give them, with at most nine
places, never an exponent, never `-0`. A cell is quoted where it holds a comma, a quote or a line end.

An id that begins with `=` stays as it is: a CSV file is for machines, and another id would be another item.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PLACES = 9
BLOCK = 50_000  # rows that are put together at a time
QUOTED = frozenset(',"\r\n')
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class WrittenTable:
    """A table as text.

    Attributes:
        header: its column names.
        cells: per column, the text of every row, quoted where it must be.
        totals: exact sum of each column of numbers, as written.
    """

    header: tuple[str, ...]
    cells: tuple[NDArray[Any], ...]
    totals: dict[str, Decimal]

    def __len__(self) -> int:
        return len(self.cells[0]) if self.cells else 0

    def blocks(self) -> Iterator[bytes]:
        """The file's bytes, a block of rows at a time."""
        yield (",".join(map(quoted, self.header)) + "\n").encode()
        for start in range(0, len(self), BLOCK):
            rows = zip(*(column[start : start + BLOCK] for column in self.cells), strict=True)
            yield ("\n".join(map(",".join, rows)) + "\n").encode()


def written(frame: pd.DataFrame) -> WrittenTable:
    """A table's text.

    Args:
        frame: columns of numbers become decimals (NaN: an empty cell), all others texts (None and NaN: an empty cell).

    Raises:
        ValueError: a number is infinite.
    """
    cells, totals = [], {}
    for name in frame.columns:
        column = frame[name]
        if is_number(column):
            texts, places = _unique_decimals(column, str(name))
            totals[str(name)] = _total(texts, places)
        else:
            texts, places = _unique_texts(column)
        cells.append(texts[places])
    return WrittenTable(tuple(map(str, frame.columns)), tuple(cells), totals)


def is_number(column: "pd.Series[Any]") -> bool:
    """Whether a column holds numbers, and not texts that look like them."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)


def decimal_text(value: float) -> str:
    """The shortest decimal text of a finite number: at most nine places, no exponent, no `-0`.

    Raises:
        ValueError: the number is infinite or none.
    """
    if not np.isfinite(value):
        raise ValueError(f"{value} has no decimal text")
    return _shortest(repr(round(float(value), PLACES)))


def quoted(cell: str) -> str:
    """A cell as RFC 4180 has it."""
    return '"' + cell.replace('"', '""') + '"' if not QUOTED.isdisjoint(cell) else cell


def first_formula(frame: pd.DataFrame) -> str | None:
    """The first id in which a spreadsheet program that opens the CSV file would see a formula; None for none."""
    for name in frame.columns:
        if not is_number(frame[name]):
            for cell in frame[name].dropna().unique():
                if str(cell).startswith(FORMULA_STARTS):
                    return str(cell)
    return None


def _shortest(text: str) -> str:
    """What Python writes of a float, without exponent, point nought and minus nought."""
    if "e" in text:
        text = np.format_float_positional(float(text), precision=PLACES, trim="-")
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def _unique_decimals(column: "pd.Series[Any]", name: str) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Text of each different number, and which of them each row has."""
    if pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
        places, values = pd.factorize(column.to_numpy())
        return _array([str(int(value)) for value in values]), places
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(numbers).any():
        raise ValueError(f"column {name} holds an infinite number")
    places, values = pd.factorize(numbers, use_na_sentinel=False)
    texts = [_shortest(repr(round(value, PLACES))) for value in values.tolist()]
    return _array(["" if text == "nan" else text for text in texts]), places


def _unique_texts(column: "pd.Series[Any]") -> tuple[NDArray[Any], NDArray[np.intp]]:
    places, values = pd.factorize(column.astype(object), use_na_sentinel=False)
    return _array(
        ["" if empty else quoted(str(value)) for value, empty in zip(values, pd.isna(values), strict=True)]
    ), places


def _total(texts: NDArray[Any], places: NDArray[np.intp]) -> Decimal:
    counts = np.bincount(places, minlength=len(texts))
    return sum((Decimal(text) * int(count) for text, count in zip(texts, counts, strict=True) if text), Decimal(0))


def _array(texts: list[str]) -> NDArray[Any]:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array
