"""Source: the seam between where tables come from and how they are read.

A source (a folder of CSV files, a workbook, DataFrames) gives one `Sheet` of text per table, and knows where each row
stands for its user. Whatever reads sheets never asks where they come from; another source is one more file beside
`csv_folder.py`.
"""

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.instance import Array
from models.tables import Table
from optimizer.read.located import Findings
from optimizer.read.spelling import Names

# Of the disk, the network, or what this machine has left: whoever owns the data cannot mend them.
OF_THE_MACHINE = frozenset({
    errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ETIMEDOUT, errno.ENOMEM, errno.EMFILE, errno.ENFILE,
})  # fmt: skip
MOST_COLUMNS = 2_000  # of a table: each one that nobody declared is compared with those that are


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a source writes numbers and dates.

    Attributes:
        delimiter: between cells of a CSV row.
        decimal: decimal sign, "." or ",".
        thousands: sign between groups of three digits; "" where there is none.
        date_format: as in `strptime`; "" for ISO dates.
        encoding: of CSV files.
        trim: take spaces off both ends of ids.
        settable: these come from `[read]`, so a message may tell the user to change them.
    """

    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    date_format: str = ""
    encoding: str = "utf-8"
    trim: bool = False
    settable: bool = True


class CellType(IntEnum):
    """What a cell was before it became text, in sources that have types."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    TRUTH = 3
    ERROR = 4  # its text says what is wrong


@dataclass(frozen=True)
class Sheet:
    """One table as text.

    Attributes:
        table: its name.
        where: how messages name it: "sourcing.csv", "plan.xlsx, sheet sourcing".
        headers: as written, all different.
        cells: one `object` array of `str` per header, all of one length.
        rows: for each row, its number as the user's editor counts it, shape (rows,).
        dialect: how its numbers and dates are written.
        types: `CellType` of each cell, as `cells`; None where every cell was text.
        lost: texts of the rows that are left out for a fault: ids among them are not unknown.
    """

    table: str
    where: str
    headers: tuple[str, ...]
    cells: tuple[Array, ...]
    rows: NDArray[np.int64]
    dialect: Dialect
    types: tuple[NDArray[np.uint8], ...] | None = None
    lost: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, header: str) -> int | None:
        """Place of a header; None where it is missing."""
        return self.headers.index(header) if header in self.headers else None


@dataclass(frozen=True)
class Tables:
    """What a source holds.

    Attributes:
        sheets: tables by name; those with a header and no rows are left out.
        broken: tables that are there and could not be read; their faults are among the findings.
        hashes: SHA-256 of each input file, by file name.
        empty: tables with a header and no rows, which count as absent.
        place: how a table's place is named if it is missing: "{}.csv".
    """

    sheets: Mapping[str, Sheet]
    broken: frozenset[str] = frozenset()
    hashes: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    place: str = "{}"


def match_names(
    found: Iterable[str], declared: Mapping[str, Table], place: str, findings: Findings
) -> tuple[list[str], set[str]]:
    """Which of the names found are tables, with faults and warnings about the others.

    Args:
        found: names of files without ending, of sheets, of DataFrames.
        declared: the tables by name.
        place: how messages name one of them: "{}.csv".
        findings: takes the messages.

    Returns:
        The tables found, in the order of declaration; and the tables that are there under a name spelled otherwise.
    """
    found = list(found)
    names = Names(declared)
    misnamed = set()
    for name in found:
        if name in declared:
            continue
        where = place.format(name)
        near = names.nearest(name, cutoff=0.8)
        if near and near == names.same(name) and near not in found:
            misnamed.add(near)
            findings.fault("unknown table", f"'{name}' is not read; rename it '{near}'", where, value=name)
        else:
            hint = f"; did you mean '{near}'?" if near and near not in found else ": there is no such table"
            findings.warn("unknown table", f"'{name}' is not read{hint}", where, value=name)
    return [name for name in declared if name in found], misnamed


def of_the_machine(error: Exception) -> bool:
    """Whether a file could not be read for no reason of its own: that is no fault of the input."""
    return isinstance(error, OSError) and error.errno in OF_THE_MACHINE


def unreadable(path: Path, error: OSError, findings: Findings, table: str = "") -> None:
    """Add the fault that a file cannot be read.

    Raises:
        OSError: the machine is to blame, and not the file.
    """
    if of_the_machine(error):
        error.filename = error.filename or str(path)
        raise error
    reason = (error.strerror or str(error)).lower()
    findings.fault(
        "unreadable file",
        f"the file cannot be read ({reason}); close it elsewhere, or see who may read it",
        path.name,
        table=table,
    )
