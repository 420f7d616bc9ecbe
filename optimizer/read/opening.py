"""Opening: finds settings and sheets of a folder, a workbook or DataFrames."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.read.csv_folder import read_bytes, read_folder
from optimizer.read.frames import read_frames
from optimizer.read.input import Declarations
from optimizer.read.located import Findings
from optimizer.read.settings import Settings, check_settings
from optimizer.read.source import Tables, of_the_machine
from optimizer.read.spelling import did_you_mean
from optimizer.read.toml_page import Page, parse
from optimizer.read.workbook import ENDINGS, SETTINGS, open_workbook, read_workbook

SETTINGS_FILE = "instance.toml"

Source = Path | str | Mapping[str, pd.DataFrame]


def open_source(
    source: Source, settings: Mapping[str, Any] | None, declared: Declarations, findings: Findings
) -> tuple[Settings | None, Tables | None]:
    """Settings and sheets of any source; None where they are too faulty to go on.

    Raises:
        OSError: the machine could not read what is there.
    """
    if isinstance(source, Mapping):
        checked = check_settings(settings or {}, "frames", declared.settings, Page("settings"), findings)
        return checked, read_frames(source, declared.tables, findings)
    path = Path(source)
    try:
        is_folder, is_there = path.is_dir(), path.exists()
        if is_folder:
            return _open_folder(path, declared, findings)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        if of_the_machine(error):
            raise
        findings.fault("unreadable file", f"cannot be read ({error})", str(path))
        return None, None
    if not is_there:
        near = did_you_mean(path.name, _beside(path))
        findings.fault("unreadable file", f"there is no such folder or workbook{near}", str(path))
        return None, None
    return _open_workbook(path, declared, findings)


def _beside(path: Path) -> list[str]:
    try:
        return [other.name for other in path.parent.iterdir() if other.is_dir() or other.suffix in ENDINGS]
    except OSError:
        return []


def _open_folder(folder: Path, declared: Declarations, findings: Findings) -> tuple[Settings | None, Tables | None]:
    file = folder / SETTINGS_FILE
    if not file.exists():
        findings.fault("settings", f"there is no {SETTINGS_FILE}{_hint(folder)}", str(folder))
        return None, None
    checked = _settings_of(file, folder.resolve().name, declared, findings)
    if checked is None or checked.dialect is None:
        return None, None
    return checked, read_folder(folder, declared.tables, checked.dialect, findings)


def _hint(folder: Path) -> str:
    """What may have been meant by a folder without settings."""
    books = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    if len(books) == 1:
        return f"; to read the workbook, name it: {folder / books[0]}"
    inner = sorted(path.parent.name for path in folder.glob(f"*/{SETTINGS_FILE}"))
    if inner:
        return f"; did you mean the folder {folder / inner[0]}?"
    return "; it needs a start (start = 2026-11-23) and a number of periods (periods = 26)"


def _settings_of(file: Path, name: str, declared: Declarations, findings: Findings) -> Settings | None:
    data = read_bytes(file, findings)
    raw = parse(data, file.name, findings) if data is not None else None
    if data is None or raw is None:
        return None
    page = Page(file.name, data.decode("utf-8-sig"))
    checked = check_settings(raw, name, declared.settings, page, findings)
    return replace(checked, hashes={file.name: hashlib.sha256(data).hexdigest()})


def _open_workbook(path: Path, declared: Declarations, findings: Findings) -> tuple[Settings | None, Tables | None]:
    workbook = open_workbook(path, findings)
    if workbook is None:
        return None, None
    raw = workbook.settings(findings)
    if raw is not None:
        checked: Settings | None = check_settings(
            raw, path.stem, declared.settings, Page(workbook.where(SETTINGS)), findings
        )
    else:
        files = [file for file in (path.with_suffix(".toml"), path.parent / SETTINGS_FILE) if file.exists()]
        if not files:
            message = (
                f"there are no settings: add a sheet '{SETTINGS}' with a key and a value per row (start, periods), "
                f"or a file {path.stem}.toml beside it"
            )
            findings.fault("settings", message, path.name)
            return None, None
        checked = _settings_of(files[0], path.stem, declared, findings)
    return checked, read_workbook(workbook, declared.tables, findings)
