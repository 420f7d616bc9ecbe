"""New: an empty instance: tables with an example row in most, and settings that say what they are for."""

import csv
import io
from pathlib import Path

from models.tables import Column, Kind, Setting, Table
from optimizer.read.cells import shown_default
from optimizer.read.input import Declarations, default_declarations

START = "2026-11-23"
PERIODS = 26
USUAL = (
    "locations",
    "customers",
    "open_orders",
    "supplier_capacity",
)  # beside the tables that are needed


def new(folder: Path, declarations: Declarations | None = None, *, every: bool = False) -> list[Path]:
    """Write a new instance that can be checked and planned as it is.

    Args:
        folder: made where it is missing.
        declarations: tables and settings; by default those of all parts of the model.
        every: whether the tables of all rules are written, and not only those that most planners have.

    Returns:
        The files written.

    Raises:
        FileExistsError: the folder is not empty, or is a file; nothing is written.
        OSError: the files cannot be written.
    """
    declared = declarations or default_declarations()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is there already and is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"instance.toml": _settings(folder.resolve().name, declared.settings)}
    tables = [table for table in declared.tables.values() if every or not table.optional or table.name in USUAL]
    texts |= {f"{table.name}.csv": _table(table) for table in tables}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def _table(table: Table) -> str:
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(column.name for column in table.all_columns)
    if table.illustrated:
        writer.writerow(_example(column) for column in table.all_columns)
    return page.getvalue()


def _example(column: Column) -> str:
    """The declared example; where a required column has none, something that is allowed."""
    if column.example or not column.required:
        return column.example
    if column.choices:
        return column.choices[0]
    match column.kind:
        case Kind.TEXT:
            return column.name.upper()
        case Kind.DATE:
            return START
        case _:
            return f"{(column.minimum or 0.0) + 1:g}"


def _settings(name: str, declared: tuple[Setting, ...]) -> str:
    usable = "".join(char for char in name if char.isalnum() or char in " -_") or "instance"
    lines = [
        f'name = "{usable.strip()}"'.ljust(32) + "# plans are filed under it",
        f"start = {START}".ljust(32) + "# moved back to the first day of its period",
        f"periods = {PERIODS}".ljust(32) + "# longest lead time + 8, or more",
        'period = "week"'.ljust(32) + '# "day", "week" or "month"',
        'currency = "EUR"',
        "",
        "[solve]",
        "gap = 0.01".ljust(32) + "# stop when at most this share of the cost is left to gain",
        "time_limit = 300".ljust(32) + "# seconds",
        "# threads = 2".ljust(32) + "# that may be used; by default all",
        "seed = 0",
        "",
        "# [read]".ljust(32) + "# for CSV files that are not written with commas, points, ISO dates and UTF-8:",
        '# delimiter = ";"',
        '# decimal = ","',
        '# thousands = "."',
        '# date_format = "%d.%m.%Y"',
        '# encoding = "cp1252"',
    ]
    for section in dict.fromkeys(setting.section for setting in declared):
        lines += ["", f"[{section}]"]
        lines += [_setting(setting) for setting in declared if setting.section == section]
    return "\n".join(lines) + "\n"


def _setting(setting: Setting) -> str:
    comment = f"# {setting.about}" + (f" [{setting.unit}]" if setting.unit else "")
    if setting.default is None:
        return f"# {setting.name} = {PERIODS}".ljust(32) + f"{comment} Default: {setting.default_text or 'none'}"
    return f"{setting.name} = {shown_default(setting.default)}".ljust(32) + comment
