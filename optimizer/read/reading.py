"""Reading: from a folder, a workbook or DataFrames to an `Input`, with all faults at once.

Settings, structure, cells, keys, references, and last what the parts say of the tables together. A fault in one step
does not hide those of the next: the parts check what is left when faulty rows, and rows that refer to them, are out;
and then once more all rows that can be named, without the columns of which a cell is faulty. A table that could not be
read hides only what cannot be said without it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from models.calendar import Calendar
from models.findings import Severity
from models.instance import Instance, NoCalendar, PartOfInstance, Records, empty_column
from models.tables import Kind, Table
from optimizer.read.columns import TypedTable, read_table
from optimizer.read.input import Declarations, Input, Place, default_declarations
from optimizer.read.keys import check_keys
from optimizer.read.located import Findings, InputFaults
from optimizer.read.opening import Source, open_source
from optimizer.read.references import check_references
from optimizer.read.settings import Settings
from optimizer.read.source import Tables

_Rows = NDArray[np.bool_]  # of a table, those that are meant


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
        OSError: the machine (its disk, its network) could not read what is there.
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
    lacking = tables.broken | missing
    kept = _kept_rows(typed, {name: table.faulty | repeated[name] for name, table in typed.items()})
    result = _input(path, checked, declared.tables, typed, kept, lacking)
    result.hashes.update(tables.hashes)
    already_faulty = bool(findings.faults)
    _check_together(result, declared, findings)
    if already_faulty:
        named = _kept_rows(typed, {name: _unnamed(table) | repeated[name] for name, table in typed.items()})
        _check_together(_input(path, checked, declared.tables, typed, named, lacking), declared, findings)
    if findings.faults:
        raise InputFaults(findings.all, None if isinstance(result.instance, PartOfInstance) else result)
    result.warnings.extend(findings.warnings)
    return result


def _missing(tables: Tables, declared: Mapping[str, Table], findings: Findings) -> frozenset[str]:
    """Required tables that are absent, with a fault for each."""
    missing = [
        name
        for name, table in declared.items()
        if not table.optional and name not in tables.sheets and name not in tables.broken
    ]
    for name in missing:
        there = name in tables.empty
        message = "the table has no rows; it needs at least one" if there else f"the table '{name}' is missing"
        findings.fault("missing table", message, tables.place.format(name), table=name)
    return frozenset(missing)


def _unnamed(table: TypedTable) -> _Rows:
    """Rows of which an id, or another cell of the key, is faulty."""
    key = [table.columns[column.name].faulty for column in table.table.key]
    references = [table.columns[column.name].faulty for column in table.table.columns if column.refers]
    unnamed: _Rows = np.logical_or.reduce([np.zeros(len(table.sheet), dtype=bool), *key, *references])
    return unnamed


def _kept_rows(typed: Mapping[str, TypedTable], left_out: Mapping[str, _Rows]) -> dict[str, _Rows]:
    """Rows that are not left out, and refer to none that is."""
    kept = {name: ~left_out[name] for name in typed}
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


def _input(
    path: Path | None,
    settings: Settings,
    tables: Mapping[str, Table],
    typed: Mapping[str, TypedTable],
    kept: Mapping[str, _Rows],
    lacking: frozenset[str],
) -> Input:
    """An instance of the rows that are kept; tables that are absent have none.

    Tables that are lacking, and columns with a faulty cell in a row that is kept, cannot be had.
    """
    records = {}
    text = {}
    places = {}
    spoiled = False
    for name, table in tables.items():
        if name not in typed:
            records[name] = Records(table, {column.name: empty_column(column.kind) for column in table.all_columns})
            continue
        read_as, rows = typed[name], kept[name]
        sound = {header: column for header, column in read_as.columns.items() if not column.faulty[rows].any()}
        spoiled |= len(sound) < len(read_as.columns)
        values = {header: column.values[rows] for header, column in sound.items()}
        text[name] = {header: column.texts[rows].tolist() for header, column in read_as.columns.items()}
        written = {header: read_as.written(header)[rows] for header in read_as.columns}
        dates = {column.name: written[column.name] for column in table.all_columns if column.kind is Kind.DATE}
        records[name] = Records(table, values, dates)
        places[name] = Place(read_as.sheet.where, read_as.sheet.rows[rows], written)
    of = (records, settings.parts, settings.currency)
    if settings.calendar is None or lacking or spoiled:
        calendar = settings.calendar or cast(Calendar, NoCalendar())
        instance: Instance = PartOfInstance(settings.name, calendar, *of, lacking)
    else:
        instance = Instance(settings.name, settings.calendar, *of)
    return Input(settings.name, path, instance, text, settings.raw, settings.solve, [], dict(settings.hashes), places)


def _check_together(result: Input, declared: Declarations, findings: Findings) -> None:
    """What the parts find; beside other faults, only what they find faulty."""
    already_faulty, found = bool(findings.faults), []
    try:
        for finding in declared.check(result.instance):
            found.append(finding)
    except Exception:
        # A check may stumble over what is left of a faulty instance. Its faults stop the run, and are told already.
        if not already_faulty:
            raise
    told = result.locate_all(finding for finding in found if finding.severity is Severity.FAULT or not already_faulty)
    findings.all += [finding for finding in told if finding not in findings.all] if already_faulty else told
