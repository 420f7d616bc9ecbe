"""Reading: from a folder, a workbook or DataFrames to an `Input`, with all faults at once.

Settings, structure, cells, keys, references, and last what the parts say of the tables together. A fault in one step
does not hide those of the next: the parts check what is left when faulty rows, and rows that refer to them, are out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.findings import Severity
from models.instance import Instance, Records, empty_column
from models.tables import Kind, Table
from optimizer.read.columns import TypedTable, read_table
from optimizer.read.input import Declarations, Input, Place, default_declarations
from optimizer.read.keys import check_keys
from optimizer.read.located import Findings, InputFaults
from optimizer.read.opening import Source, open_source
from optimizer.read.references import check_references
from optimizer.read.settings import Settings
from optimizer.read.source import Tables

_Sound = tuple[TypedTable, NDArray[np.bool_]]  # a table, and which of its rows have no fault


def read(
    source: Source, *, settings: Mapping[str, Any] | None = None, declarations: Declarations | None = None
) -> Input:
    """Read an instance.

    Args:
        source: a folder with `instance.toml` and a CSV file per table; an .xlsx workbook with a sheet per table; or
            DataFrames by table name.
        settings: for DataFrames: what `instance.toml` would hold, as nested dicts.
        declarations: tables and settings; by default those of all parts of the model.

    Returns:
        The instance, with its warnings.

    Raises:
        InputFaults: with every fault that was found.
    """
    declared = declarations or default_declarations()
    findings = Findings()
    path = None if isinstance(source, Mapping) else Path(source)
    checked, tables = open_source(source, settings, declared, findings)
    if checked is None or tables is None:
        raise InputFaults(findings.all)
    missing = _missing(tables, declared.tables, findings)
    typed = {name: read_table(declared.tables[name], sheet, findings) for name, sheet in tables.sheets.items()}
    repeated = {name: check_keys(table, findings) for name, table in typed.items()}
    check_references(typed, declared.tables, tables.broken, findings)
    if checked.calendar is None or missing or tables.broken:
        raise InputFaults(findings.all)
    kept = _sound_rows(typed, repeated)
    sound = {name: (table, kept[name]) for name, table in typed.items()}
    result = _input(path, checked, declared.tables, sound)
    result.hashes.update(tables.hashes)
    _check_together(result, declared, findings)
    if findings.faults:
        raise InputFaults(findings.all, result)
    result.warnings.extend(findings.warnings)
    return result


def _missing(tables: Tables, declared: Mapping[str, Table], findings: Findings) -> bool:
    """Whether a required table is absent, with a fault for each."""
    missing = [
        name
        for name, table in declared.items()
        if not table.optional and name not in tables.sheets and name not in tables.broken
    ]
    for name in missing:
        there = name in tables.empty
        message = "the table has no rows; it needs at least one" if there else f"the table '{name}' is missing"
        findings.fault("missing table", message, tables.place.format(name), table=name)
    return bool(missing)


def _sound_rows(
    typed: Mapping[str, TypedTable], repeated: Mapping[str, NDArray[np.bool_]]
) -> dict[str, NDArray[np.bool_]]:
    """Rows without a fault that refer to no row with one."""
    kept = {name: ~(table.faulty | repeated[name]) for name, table in typed.items()}
    if all(rows.all() for rows in kept.values()):
        return kept
    changed = True
    while changed:
        changed = False
        for name, table in typed.items():
            for column in table.table.all_columns:
                target = typed.get(column.refers)
                if target is None:
                    continue
                known = set(target.columns[target.table.key[0].name].texts[kept[target.table.name]])
                lost = kept[name] & np.array(
                    [bool(text) and text not in known for text in table.columns[column.name].texts], dtype=bool
                )
                if lost.any():
                    kept[name] &= ~lost
                    changed = True
    return kept


def _input(path: Path | None, settings: Settings, tables: Mapping[str, Table], typed: Mapping[str, _Sound]) -> Input:
    """An instance of the sound rows; tables that are absent have none."""
    assert settings.calendar is not None
    records = {}
    text = {}
    places = {}
    for name, table in tables.items():
        if name not in typed:
            records[name] = Records(table, {column.name: empty_column(column.kind) for column in table.all_columns})
            continue
        read_as, rows = typed[name]
        values = {header: column.values[rows] for header, column in read_as.columns.items()}
        text[name] = {header: column.texts[rows].tolist() for header, column in read_as.columns.items()}
        written = {header: read_as.written(header)[rows] for header in read_as.columns}
        dates = {column.name: written[column.name] for column in table.all_columns if column.kind is Kind.DATE}
        records[name] = Records(table, values, dates)
        places[name] = Place(read_as.sheet.where, read_as.sheet.rows[rows], written)
    instance = Instance(settings.name, settings.calendar, records, settings.parts, settings.currency)
    return Input(settings.name, path, instance, text, settings.raw, settings.solve, [], dict(settings.hashes), places)


def _check_together(result: Input, declared: Declarations, findings: Findings) -> None:
    """What the parts find; beside other faults, only what they find faulty."""
    already_faulty = bool(findings.faults)
    try:
        found = list(declared.check(result.instance))
    except Exception:
        # A check may stumble over what is left of a faulty instance. Its faults stop the run, and are told already.
        if not already_faulty:
            raise
        return
    findings.all += result.locate_all(
        finding for finding in found if finding.severity is Severity.FAULT or not already_faulty
    )
