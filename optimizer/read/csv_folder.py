"""CSV folder: `instance.toml` and one CSV file per table."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.tables import Table
from optimizer.read.csv_file import Misread, read_csv
from optimizer.read.located import Findings
from optimizer.read.source import Dialect, Sheet, Tables, match_names, unreadable

LARGEST_FILE = 2_000_000_000  # bytes


def read_folder(folder: Path, declared: Mapping[str, Table], dialect: Dialect, findings: Findings) -> Tables:
    """Every declared table that has a file in the folder."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    except OSError as error:
        unreadable(folder, error, findings)
        return Tables({}, frozenset(declared))
    paths = {path.stem: path for path in files}
    sheets: dict[str, Sheet] = {}
    empty = set()
    hashes = {}
    misread = Misread()
    names, broken = match_names(paths, declared, "{}.csv", findings)
    broken |= _twice(files, declared, findings)
    for name in names:
        if name in broken:
            continue
        data = read_bytes(paths[name], findings, name)
        known = {column.name for column in declared[name].all_columns}
        sheet = None
        if data is not None:
            hashes[paths[name].name] = hashlib.sha256(data).hexdigest()
            sheet = read_csv(data, name, dialect, known=known, misread=misread, findings=findings)
        if sheet is None:
            broken.add(name)
        elif len(sheet):
            sheets[name] = sheet
        else:
            empty.add(name)
    others = any(len(sheet.headers) > 1 for sheet in sheets.values())
    misread.report(dialect.delimiter if others else "", findings)
    return Tables(sheets, frozenset(broken), hashes, frozenset(empty), "{}.csv")


def _twice(files: Sequence[Path], declared: Mapping[str, Table], findings: Findings) -> set[str]:
    """Tables of which there are two files (`items.csv`, `items.CSV`), with a fault: which is meant cannot be known."""
    first: dict[str, Path] = {}
    twice = set()
    for path in files:
        other = first.setdefault(path.stem, path)
        if other is not path and path.stem in declared:
            twice.add(path.stem)
            message = f"the same table as {other.name}; delete one, or give it another name"
            findings.fault("two files", message, path.name, table=path.stem)
    return twice


def read_bytes(path: Path, findings: Findings, table: str = "") -> bytes | None:
    """A file's bytes; None, with a fault, where they cannot be had.

    A link is followed to a file of its own kind only, so that no message quotes what is none of the planner's data.
    """
    try:
        if not path.is_file():
            findings.fault("unreadable file", "this is not a file", path.name, table=table)
            return None
        if path.resolve().suffix.lower() != path.suffix.lower():
            message = f"this is a link to a file that does not end in {path.suffix}; link to one that does"
            findings.fault("unreadable file", message, path.name, table=table)
            return None
        if path.stat().st_size > LARGEST_FILE:
            findings.fault("unreadable file", f"the file is larger than {LARGEST_FILE:,} bytes", path.name, table=table)
            return None
        return path.read_bytes()
    except OSError as error:
        unreadable(path, error, findings, table)
        return None
