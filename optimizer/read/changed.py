"""Changed: the same instance with some of its tables in other words, for asking "what if".

Nothing on the disk changes. What is changed is read and checked as if it had stood in the planner's file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Records
from optimizer.read.input import Input, Place
from optimizer.read.located import Located
from optimizer.read.reading import read

Text = Mapping[str, Sequence[str]]  # a table: canonical text by column (ISO dates, decimal point, "" for the default)


def changed(source: Input, tables: Mapping[str, Text], settings: Mapping[str, Any] | None = None) -> Input:
    """An instance with some tables, or all settings, in place of its own.

    Args:
        source: what `read` gave; it stays as it is.
        tables: by name, in canonical text, as in `source.text`; one without rows takes the table away.
        settings: as `source.settings_text`; None leaves them.

    Returns:
        The changed instance; tables that were not changed keep their files, rows and dates as written.

    Raises:
        InputFaults: what was changed is faulty, or does not fit the rest.
    """
    text: dict[str, Text] = {**source.text, **tables}
    frames = {name: pd.DataFrame(dict(table), dtype=object) for name, table in text.items()}
    made = read(frames, settings=source.settings_text if settings is None else settings)
    same = source.text.keys() - tables.keys()
    records = {**made.instance.tables, **{name: source.instance[name] for name in same}}
    places = {**made.places, **{name: source.places[name] for name in same}}
    for name in tables.keys() & source.text.keys() & made.text.keys():
        places[name], records[name] = _as_written(source, made, name)
    return replace(
        made,
        name=source.name,
        path=source.path,
        instance=replace(made.instance, name=source.instance.name, tables=records),
        hashes=source.hashes,
        places=places,
        warnings=[_where_it_stood(source, found) for found in made.warnings],
        changes=list(source.changes),
    )


def _as_written(source: Input, made: Input, table: str) -> tuple[Place, Records]:
    """Where the rows of a changed table stand, and its records: dates that are what they were stay as written."""
    before, after = source.places[table], made.places[table]
    count = min(len(before.rows), len(after.rows))
    columns = {}
    for name, cells in after.written.items():
        columns[name] = cells.copy()
        texts = zip(source.text[table][name][:count], made.text[table][name][:count], strict=True)
        same = np.flatnonzero([one == other for one, other in texts])
        columns[name][same] = before.written[name][same]
    records = made.instance[table]
    written = {name: columns[name] for name in records.written}
    where, rows = after.where, after.rows
    if count == len(before.rows):  # as if what is new stood below the rest
        where, rows = (
            before.where,
            np.append(before.rows, before.rows.max(initial=1) + 1 + np.arange(len(rows) - count)),
        )
    return Place(where, rows, columns), replace(records, written=written)


def _where_it_stood(source: Input, found: Located) -> Located:
    """A finding of what was changed, with the file and row that its user knows."""
    place = source.places.get(found.table)
    if place is None:
        return found
    known = found.row is not None and found.row < len(place.rows)
    return replace(found, where=place.where, row=int(place.rows[found.row]) if known else None)


def with_rows(source: Input, table: str, rows: Sequence[Mapping[str, str]]) -> Input:
    """An instance with further rows in a table, which it need not have had; cells that a row leaves out are empty.

    Raises:
        InputFaults: the rows are faulty, or do not fit the rest.
    """
    columns = {column.name: None for column in source.instance[table].table.all_columns}
    own = source.text.get(table, {})
    count = max(map(len, own.values()), default=0)
    text = {
        name: [*own.get(name, [""] * count), *(row.get(name, "") for row in rows)]
        for name in {**columns, **dict.fromkeys(own)}
    }
    return changed(source, {table: text})
