"""Dated rows: from when until when a row of a table holds, with its columns `valid_from` and `valid_to`.

A row holds from the period that contains `valid_from` to the one that contains `valid_to`; an empty day is always.
Where rows meet in a period, those count that hold on its first day; where none does, those that begin first. A
location's own rows come before the rows for all locations.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.findings import Finding, fault
from models.instance import Codes, Instance
from models.orders import OrderLines, pairs

DAY_ONE = np.datetime64("0001-01-01")  # what holds always holds from here
DAYS = 4_000_000  # more than there are days to the year 9999


def valid_periods(instance: Instance, table: str) -> tuple[Codes, Codes]:
    """First and last period of the horizon in which each row holds."""
    rows, calendar = instance[table], instance.calendar
    start, end = calendar.first_days()[0], calendar.first_days()[-1] - np.timedelta64(1, "D")
    first = calendar.index(np.where(np.isnat(rows["valid_from"]), start, rows["valid_from"]))
    last = calendar.index(np.where(np.isnat(rows["valid_to"]), end, rows["valid_to"]))
    return np.maximum(first, 0), np.minimum(last, calendar.periods - 1)


def on_first_day(instance: Instance, table: str, row: Codes, period: Codes) -> NDArray[np.bool_]:
    """Whether each row holds on the first day of a period."""
    rows, days = instance[table], instance.calendar.first_days()[period]
    starts, ends = rows["valid_from"][row], rows["valid_to"][row]
    holds: NDArray[np.bool_] = (np.isnat(starts) | (starts <= days)) & (np.isnat(ends) | (ends >= days))
    return holds


def lists_in_force(instance: Instance, table: str, lines: OrderLines, *names: str) -> tuple[Codes, Codes]:
    """Pairs (row, line) by place, sorted by row, then line: which rows of price lists hold for which order lines.

    All rows that hold together for one line are a list, and are taken or left together.

    Args:
        instance: where the table is.
        table: with `names`, `location`, `valid_from` and `valid_to` among its columns.
        lines: order lines, of which `period` counts.
        names: columns by which rows are for lines, beside the location.
    """
    first, last = valid_periods(instance, table)
    codes = {name: instance.codes(table, name) for name in (*names, "location")}
    row, line = pairs(lines, **codes)
    reach = (first[row] <= lines.period[line]) & (lines.period[line] <= last[row])
    row, line = row[reach], line[reach]
    holds = on_first_day(instance, table, row, lines.period[line])
    begins = np.where(holds, 0, (_starts(instance, table)[row] - DAY_ONE).astype(np.int64))
    rank = np.column_stack([codes["location"][row] == -1, ~holds, begins])
    order = np.lexsort((*rank.T[::-1], line))[::-1]
    best = np.zeros((len(lines), rank.shape[1]), dtype=np.int64)
    best[line[order]] = rank[order]  # the first of each line is written last
    kept = (rank == best[line]).all(axis=1)
    return row[kept], line[kept]


def dated_faults(instance: Instance, table: str, *scope: str) -> Iterator[Finding]:
    """Days the wrong way round, and rows that agree in the columns `scope` and hold on the same day."""
    rows = instance[table]
    for k in np.flatnonzero(rows["valid_to"] < rows["valid_from"]):
        yield fault(
            "dates reversed",
            f"valid_to is before valid_from ({rows['valid_from'][k]})",
            table=table,
            row=int(k),
            column="valid_to",
            value=rows["valid_to"][k],
        )
    start = _starts(instance, table)
    end = np.where(np.isnat(rows["valid_to"]), np.datetime64("9999-12-31"), rows["valid_to"])
    keys = [instance.codes(table, name) if name in instance.labels else rows[name] for name in scope]
    order = np.lexsort((start, *reversed(keys)))
    before, after = order[:-1], order[1:]
    same = np.all([key[before] == key[after] for key in keys], axis=0)
    first, last = ((days[order] - DAY_ONE).astype(np.int64) for days in (start, end))
    base = np.concatenate([[0], np.cumsum(~same)])[: len(order)] * DAYS  # keeps the rows of one scope apart
    until = np.maximum.accumulate(base + last) - base  # a long row may overlap more than the next
    for k in np.flatnonzero(same & (first[1:] <= until[:-1])):
        yield fault(
            "overlapping rows",
            f"this row and an earlier one of the same {_listed(scope)} both hold on {start[after[k]]}; "
            "end the earlier with valid_to",
            table=table,
            row=int(after[k]),
            column="valid_from",
            value=rows.text("valid_from")[after[k]],
        )


def _starts(instance: Instance, table: str) -> NDArray[np.datetime64]:
    rows = instance[table]
    return np.where(np.isnat(rows["valid_from"]), DAY_ONE, rows["valid_from"])


def _listed(names: tuple[str, ...]) -> str:
    """`a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
