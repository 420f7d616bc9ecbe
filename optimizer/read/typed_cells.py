"""Typed cells: what Excel and DataFrames hold, as text that cells of a CSV file would have."""

import math
import numbers
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.instance import Array, as_texts
from optimizer.read.source import CellType


def as_cell(value: Any) -> tuple[str, CellType]:
    """One cell's text and type: dates ISO, whole numbers without a point, others in the 15 digits that Excel shows."""
    text, kind = str(value), CellType.TEXT
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, np.datetime64) and np.isnat(value)):
        text = ""
    elif isinstance(value, bool | np.bool_):
        text, kind = str(bool(value)).upper(), CellType.TRUTH
    elif isinstance(value, numbers.Integral):
        text, kind = str(int(value)), CellType.NUMBER
    elif isinstance(value, numbers.Real):
        text, kind = _number(float(value)), CellType.NUMBER
    elif isinstance(value, date | np.datetime64):
        text, kind = pd.Timestamp(value).date().isoformat(), CellType.DATE
    return text, kind if text else CellType.TEXT


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return str(int(value)) if abs(value) < 1e300 else repr(value)
    return f"{value:.15g}"


def as_column(values: Sequence[Any]) -> tuple[Array, NDArray[np.uint8]]:
    """A column's texts and `CellType`s."""
    cells = [as_cell(value) for value in values]
    return as_texts([text for text, _ in cells]), np.array([kind for _, kind in cells], dtype=np.uint8)
