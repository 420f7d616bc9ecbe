"""Embed: a table as JSON that is short, and safe inside an HTML page.

A table becomes columns; ids and texts become numbers that point into lists, so that each different one stands once.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from models.tables import Column, Kind
from optimizer.report.text import note

NAMED = ("item", "supplier", "customer", "location")  # what the whole page has one list of ids for
PLACES = 4  # of a number that people read
_SIGNS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

Names = Mapping[str, Mapping[str, int]]


def table(
    frame: pd.DataFrame, columns: Sequence[Column], names: Names, currency: str, source: str, most: int
) -> dict[str, Any]:
    """A table as the page reads it.

    Args:
        frame: its rows, those that matter most first.
        columns: which of its columns are shown, where it has them.
        names: of each of `NAMED`, the place of each id in the page's list.
        currency: of the money.
        source: the file that has all rows.
        most: how many rows are embedded.

    Returns:
        `columns` (each with `name`, `kind`, `note`, `values`, of texts also `texts`), `rows`, `total`, `source`.
    """
    shown = frame.head(most)
    there = [column for column in columns if column.name in shown]
    return {
        "columns": [_column(shown[column.name], column, names, currency) for column in there],
        "rows": len(shown),
        "total": len(frame),
        "source": source,
    }


def numbers(values: Any) -> list[float | int | None]:
    """Numbers as people read them: few decimals, none where they are whole, None where there is none."""
    array = np.round(np.asarray(values, dtype=float), PLACES) + 0.0
    shown = (int(number) if number.is_integer() else number for number in array.tolist())
    return [None if none else number for number, none in zip(shown, np.isnan(array).tolist(), strict=True)]


def codes(values: "pd.Series[Any]", places: Mapping[str, int]) -> list[int]:
    """Place of each id in the page's list; -1 where there is none."""
    where, different = pd.factorize(values.astype(object))
    found = [places.get(str(value), -1) for value in different]
    found.append(-1)
    return [found[place] for place in where.tolist()]


def as_script(data: Mapping[str, Any]) -> str:
    """JSON that ends no script and opens no tag, whatever the ids are."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, escaped in _SIGNS.items():
        text = text.replace(sign, escaped)
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text


def _column(values: "pd.Series[Any]", column: Column, names: Names, currency: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": column.name, "note": note(column, currency)}
    if column.kind in (Kind.NUMBER, Kind.COUNT):
        return made | {"kind": _kind(column), "values": numbers(values)}
    if column.name in NAMED:
        return made | {"kind": column.name, "values": codes(values, names[column.name])}
    where, different = pd.factorize(values.astype(object).where(values.notna(), ""))
    kind = "date" if column.kind is Kind.DATE else "text"
    return made | {"kind": kind, "values": where.tolist(), "texts": [str(text) for text in different]}


def _kind(column: Column) -> str:
    """Which sort of number it is: the page shows money otherwise than pieces."""
    if column.unit == "money":
        return "money"
    if column.unit.startswith("money per"):
        return "price"
    return "quantity" if column.unit == "unit" else "number"
