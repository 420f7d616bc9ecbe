"""References: ids that no row of the table they refer to names."""

from collections.abc import Iterable, Mapping, Set

import numpy as np
import pandas as pd

from models.tables import Column, Table
from optimizer.read.columns import TypedTable
from optimizer.read.located import MOST_OF_A_KIND, Findings
from optimizer.read.spelling import Names

MOST_SEARCHES = 50  # unknown ids of one column for which a similar one is looked for


def check_references(
    typed: Mapping[str, TypedTable], declared: Mapping[str, Table], broken: Set[str], findings: Findings
) -> None:
    """A fault for each cell that names an unknown id; the cell's row becomes faulty.

    Tables that could not be read are not referred to. Where an optional table is absent, what takes its place
    (`Table.implied_by`) counts.
    """
    for table in typed.values():
        for column in table.table.all_columns:
            target = declared.get(column.refers)
            if (
                target is None
                or target.name in broken
                or any(path.split(".")[0] in broken for path in target.implied_by)
            ):
                continue
            known, lost = _known(typed, target), _lost(typed, target)
            if known is not None and f"{table.table.name}.{column.name}" not in _sources(typed, target):
                named_in = f"among the {target.name} named in {' and '.join(target.implied_by)}"
                place = f"in {target.name}" if target.name in typed else named_in
                _check(table, column, known, lost, place, findings)


def _sources(typed: Mapping[str, TypedTable], target: Table) -> tuple[str, ...]:
    """Columns whose values are known by themselves."""
    return () if target.name in typed else target.implied_by


def _known(typed: Mapping[str, TypedTable], target: Table) -> Names | None:
    """Ids of the table referred to; None where any id will do.

    A required table that is missing has a fault of its own, and so has one without its key column: then its ids are not
    known.
    """
    if target.name in typed:
        return _named(typed, [f"{target.name}.{target.key[0].name}"])
    if not target.optional:
        return None
    if not target.implied_by and not target.implied:
        return None
    named = _named(typed, target.implied_by)
    return Names([target.implied]) if named is not None and not named.known and target.implied else named


def _named(typed: Mapping[str, TypedTable], paths: Iterable[str]) -> Names | None:
    """Ids in some columns (`inventory.location`) of the tables that are there; None where one of them is missing."""
    named: list[str] = []
    for path in paths:
        name, header = path.split(".")
        if name in typed:
            column = typed[name].columns[header]
            if typed[name].sheet.column(header) is None and column.faulty.any():
                return None
            named += [text for text in pd.unique(column.texts) if text]
    return Names(named)


def _lost(typed: Mapping[str, TypedTable], target: Table) -> set[str]:
    """Ids that stand in a row with a fault of its own, or that have one: they are told already, and not unknown."""
    paths = [f"{target.name}.{target.key[0].name}"] if target.name in typed else target.implied_by
    lost: set[str] = set()
    for name, header in (path.split(".") for path in paths):
        if name in typed:
            sheet, faulty = typed[name].sheet, typed[name].columns[header].faulty
            lost |= sheet.lost
            lost |= {text.strip() for text in typed[name].written(header)[faulty]}
    return lost


def _check(table: TypedTable, column: Column, names: Names, lost: Set[str], place: str, findings: Findings) -> None:
    read = table.columns[column.name]
    codes, distinct = pd.factorize(read.texts, use_na_sentinel=False)
    known = {*names.known, *lost}
    unknown = [code for code, text in enumerate(distinct) if text and text not in known]
    if not unknown:
        return
    hints = {code: names.did_you_mean(distinct[code]) for code in unknown[:MOST_SEARCHES]}
    rows = np.flatnonzero(np.isin(codes, unknown) & ~read.faulty)
    read.faulty[rows] = True
    for row in rows[:MOST_OF_A_KIND]:
        text = str(distinct[codes[row]])
        message = f"'{text}' is not {place}{hints.get(int(codes[row]), '')}"
        line = int(table.sheet.rows[row])
        findings.fault("unknown id", message, table.sheet.where, line, column.name, value=text, table=table.table.name)
    if len(rows) > MOST_OF_A_KIND:
        message = f"… and {len(rows) - MOST_OF_A_KIND:,} more cells like these"
        findings.fault("unknown id", message, table.sheet.where, None, column.name, table=table.table.name)
