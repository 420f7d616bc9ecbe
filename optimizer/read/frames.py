"""Frames: tables given as pandas DataFrames, for the Python API."""

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.instance import Array
from models.tables import Table
from optimizer.read.located import Findings
from optimizer.read.source import Dialect, Sheet, Tables, match_names
from optimizer.read.spelling import first_repeated
from optimizer.read.typed_cells import as_column


def read_frames(frames: Mapping[str, pd.DataFrame], declared: Mapping[str, Table], findings: Findings) -> Tables:
    """Every declared table among the DataFrames; rows are named by their position, the first one 0."""
    sheets = {}
    empty = set()
    hashes = {}
    names, broken = match_names(map(str, frames), declared, "DataFrame {}", findings)
    for name in names:
        frame = frames[name]
        where = f"DataFrame {name}"
        headers = [str(header) for header in frame.columns]
        if (twice := first_repeated(headers)) is not None:
            findings.fault("header", f"column '{twice}' stands twice", where, column=twice, table=name)
            broken.add(name)
            continue
        columns = [as_column(frame.iloc[:, k].tolist()) for k in range(len(headers))]
        cells = tuple(texts for texts, _ in columns)
        hashes[name] = _hash(headers, cells)
        if not len(frame):
            empty.add(name)
        else:
            dialect = Dialect(settable=False)
            sheets[name] = Sheet(
                name, where, tuple(headers), cells, np.arange(len(frame)), dialect, tuple(types for _, types in columns)
            )
    return Tables(sheets, frozenset(broken), hashes, frozenset(empty), "DataFrame {}")


def _hash(headers: list[str], columns: tuple[Array, ...]) -> str:
    """SHA-256 of headers and texts, each with its length before it, so that cells cannot run into each other."""
    digest = hashlib.sha256()
    for texts in (headers, *(column.tolist() for column in columns)):
        for text in texts:
            data = text.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
