"""Input: an instance as read, with what later steps need to know of where it came from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.findings import Finding
from models.instance import Array, Instance
from models.tables import Setting, Table
from optimizer.read.located import MOST_OF_A_KIND, Located
from optimizer.read.settings_keys import Solve


@dataclass(frozen=True)
class Declarations:
    """What the parts of the model declare, all that the reader knows of the business.

    Attributes:
        tables: by name, in the order in which a planner meets them.
        settings: of `instance.toml`.
        check: what tables whose cells are sound say that is wrong, or odd.
    """

    tables: Mapping[str, Table]
    settings: tuple[Setting, ...] = ()
    check: Callable[[Instance], Iterator[Finding]] = lambda instance: iter(())


def default_declarations() -> Declarations:
    """Declarations of all parts of the model."""
    from models import schema  # the parts bring Pyomo with them: half a second

    return Declarations(schema.tables(), schema.settings(), schema.check)


@dataclass(frozen=True)
class Place:
    """Where a table stands for its user: `rows[k]` is the number of row k of `Records` in its file."""

    where: str
    rows: NDArray[np.int64]
    written: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A change that was made to what was read: as it was asked for, and what it did."""

    text: str
    note: str

    def __str__(self) -> str:
        return f"{self.text} ({self.note})"


@dataclass(frozen=True)
class Input:
    """An instance, and where it came from.

    Attributes:
        name: of the instance.
        path: folder or workbook; None for DataFrames.
        instance: the typed tables.
        text: canonical text by table and column: every declared column ("" is the default), no absent table.
        settings_text: the settings as `tomllib` gives them.
        solve: when to stop.
        warnings: from reading, and from the parts' checks.
        hashes: SHA-256 of each input file by name.
        places: by table, where its rows stand.
        changes: what was changed after reading, to ask "what if"; see `optimizer.read.what_if`.
    """

    name: str
    path: Path | None
    instance: Instance
    text: dict[str, dict[str, list[str]]]
    settings_text: dict[str, Any]
    solve: Solve
    warnings: list[Located] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    changes: list[Made] = field(default_factory=list)

    def locate(self, finding: Finding) -> Located:
        """A finding of the model with its file and row, and the cell's text as the user wrote it."""
        place = self.places.get(finding.table)
        row = None
        value = finding.value
        if place is not None and finding.row is not None:
            row = int(place.rows[finding.row])
            if finding.column in place.written:
                value = str(place.written[finding.column][finding.row]) or value
        where = place.where if place is not None else finding.table
        return Located(
            finding.severity, finding.rule, finding.message, where, row, finding.column, value, finding.table
        )

    def locate_all(self, findings: Iterable[Finding]) -> list[Located]:
        """Findings in their order; after the first hundred of one rule, table and column, only their number."""
        located = []
        counts: dict[tuple[object, ...], int] = {}
        first: dict[tuple[object, ...], Located] = {}
        for finding in findings:
            kind = (finding.severity, finding.rule, finding.table, finding.column)
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] <= MOST_OF_A_KIND:
                located.append(self.locate(finding))
                first.setdefault(kind, located[-1])
        for counted, count in counts.items():
            if count > MOST_OF_A_KIND:
                message = f"… and {count - MOST_OF_A_KIND:,} more like these ({first[counted].rule})"
                located.append(replace(first[counted], message=message, row=None, value=""))
        return located

    def as_written(self, table: str, column: str) -> list[str]:
        """A column's cells as the user wrote them (`2026-W48`, `23.11.2026`), in the order of `Records`."""
        place = self.places.get(table)
        return [] if place is None else [str(text) for text in place.written[column]]
