"""Changed: the same instance with some of its tables in other words, for asking "what if".

Nothing on the disk changes. What is changed is read and checked as if it had stood in the planner's file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from optimizer.read.input import Input
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
    return replace(
        made,
        name=source.name,
        path=source.path,
        instance=replace(made.instance, name=source.instance.name, tables=records),
        hashes=source.hashes,
        places={**made.places, **{name: source.places[name] for name in same}},
        warnings=[],
    )


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
