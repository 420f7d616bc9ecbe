"""Plain cells: the texts of a column that are evidently right, taken all at once.

Nearly all cells of a sound file are numbers such as `12.5` or ids without anything odd. They are their own canonical
text; whatever else there is goes through `cells.reader`, which reads the same and says what is wrong.
"""

import re

import numpy as np
from numpy.typing import NDArray

from models.instance import Array, as_texts, empty_column
from models.tables import Column, Kind
from optimizer.read.cells import is_id
from optimizer.read.source import Dialect
from optimizer.read.text_cells import LONGEST_ID, SHORTENED

_NUMBER = {
    decimal: re.compile(rf"(?:0|[1-9][0-9]{{0,14}})(?:{re.escape(decimal)}[0-9]*[1-9])?").fullmatch
    for decimal in (".", ",")
}


def plain_cells(
    column: Column, in_key: bool, dialect: Dialect, distinct: Array
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Canonical texts, values, and for which of the distinct texts these hold.

    Args:
        column: its declaration.
        in_key: whether it belongs to the key.
        dialect: how numbers are written.
        distinct: texts of the column, each once.
    """
    texts = as_texts(list(distinct))
    match column.kind:
        case Kind.NUMBER | Kind.COUNT:
            return _numbers(column, dialect, texts)
        case Kind.TEXT if not column.choices:
            is_plain = _is_plain_id if is_id(column, in_key) else bool
            return texts, texts.copy(), np.array([is_plain(text) for text in texts], dtype=bool)
        case _:
            return texts, empty_column(column.kind, len(texts)), np.zeros(len(texts), dtype=bool)


def _is_plain_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and text == text.strip() and SHORTENED not in text


def _numbers(column: Column, dialect: Dialect, texts: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    is_number = _NUMBER[dialect.decimal]
    sound = np.array([is_number(text) is not None for text in texts], dtype=bool)
    values = empty_column(column.kind, len(texts))
    if dialect.decimal != ".":
        texts[sound] = [text.replace(dialect.decimal, ".") for text in texts[sound]]
    values[sound] = [float(text) for text in texts[sound]]
    if column.minimum is not None:
        sound &= values >= column.minimum
        if column.positive:
            sound &= values > column.minimum
    if column.maximum is not None:
        sound &= values <= column.maximum
    if column.kind is Kind.COUNT:
        sound &= values == np.floor(values)
    return texts, values, sound
