"""Earlier: the tables of a published plan from which another run can begin.

    purchase_orders   item, supplier, location, order_period, quantity
    prices            supplier, period, item, location, limit, price     where it was planned lot by lot
    basis             item, digest

The last two may be missing, and columns that are not named here may hold anything.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from models.instance import Array, as_texts
from optimizer.read.source import of_the_machine


class NoEarlierPlan(Exception):
    """What was named as an earlier plan is none, or cannot be read; one sentence."""


def _text(cells: list[str]) -> Array:
    return as_texts(cells)


def _numbers(cells: list[str]) -> Array:
    numbers = np.array([float(cell) for cell in cells], dtype=np.float64)
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise ValueError
    return numbers


def _dates(cells: list[str]) -> Array:
    days = np.array(cells, dtype="datetime64[D]")
    if np.isnat(days).any():
        raise ValueError
    return as_texts(cells)


Parser = Callable[[list[str]], Array]
MEANS: dict[Parser, str] = {_numbers: "a number of 0 or more", _dates: "a date (2026-11-23)"}
TABLES: dict[str, dict[str, Parser]] = {
    "purchase_orders": {
        "item": _text, "supplier": _text, "location": _text, "order_period": _dates, "quantity": _numbers,
    },
    "prices": {
        "supplier": _text, "period": _dates, "item": _text, "location": _text, "limit": _text, "price": _numbers,
    },
    "basis": {"item": _text, "digest": _text},
}  # fmt: skip
OPTIONAL = ("prices", "basis")


def read_earlier(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables by name; dates are ISO texts, numbers floats.

    Raises:
        NoEarlierPlan: the folder is not there or no plan, or one of the files cannot be read.
        OSError: the machine could not read it.
    """
    if not folder.is_dir():
        raise NoEarlierPlan(f"{folder} is no folder; a warm start needs the folder of an earlier plan.")
    tables = {}
    for name, columns in TABLES.items():
        path = folder / f"{name}.csv"
        if path.exists() or name not in OPTIONAL:
            tables[name] = _table(path, columns)
    return tables


def _table(path: Path, columns: dict[str, Parser]) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        raise NoEarlierPlan(f"{path.parent} is not a plan: it has no {path.name}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        if of_the_machine(error):
            raise
        raise NoEarlierPlan(f"{path} cannot be read: {error}.") from error
    header = rows[0] if rows else []
    if missing := [column for column in columns if header.count(column) != 1]:
        raise NoEarlierPlan(f"{path} needs one column '{missing[0]}'.")
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise NoEarlierPlan(f"{path}, row {number} has {len(row)} cells; the header has {len(header)}.")
    made = {}
    for name, parser in columns.items():
        place = header.index(name)
        cells = [row[place] for row in rows[1:]]
        try:
            made[name] = parser(cells)
        except ValueError:
            raise _told(path, name, cells, parser) from None
    return pd.DataFrame(made)


def _told(path: Path, column: str, cells: list[str], parser: Parser) -> NoEarlierPlan:
    """The first cell that cannot be read."""
    number, cell = next((number, cell) for number, cell in enumerate(cells, 2) if not _reads(parser, cell))
    return NoEarlierPlan(f"{path}, row {number}, column {column}: '{cell}' is not {MEANS[parser]}.")


def _reads(parser: Parser, cell: str) -> bool:
    try:
        parser([cell])
    except ValueError:
        return False
    return True
