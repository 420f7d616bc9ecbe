"""An instance as files: tables as CSV, settings as TOML."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.reference.contract import Tables

Row = dict[str, str]


def write_instance(folder: Path, tables: Tables, settings: Mapping[str, Any]) -> None:
    """Writes the tables as CSV files and the settings as `instance.toml`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    (folder / "instance.toml").write_text(toml_text(settings), encoding="utf-8")


def read_tables(folder: Path) -> dict[str, dict[str, list[str]]]:
    """The tables of a folder that `write_instance` wrote."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        tables[path.stem] = {name: [row[k] for row in rows] for k, name in enumerate(header)}
    return tables


def toml_text(settings: Mapping[str, Any]) -> str:
    """Settings as TOML: plain values first, then one section per mapping."""

    def value(cell: Any) -> str:
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell, str):
            return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return str(cell)

    plain = [f"{key} = {value(cell)}" for key, cell in settings.items() if not isinstance(cell, Mapping)]
    for name, section in settings.items():
        if isinstance(section, Mapping):
            plain += ["", f"[{name}]", *(f"{key} = {value(cell)}" for key, cell in section.items())]
    return "\n".join(plain) + "\n"


def table_of(rows: Sequence[Row], columns: Sequence[str] = ()) -> dict[str, list[str]]:
    """Rows as column → cells; the columns are those stated and then those that occur, absent cells are empty."""
    names = dict.fromkeys([*columns, *(name for row in rows for name in row)])
    return {name: [row.get(name, "") for row in rows] for name in names}
