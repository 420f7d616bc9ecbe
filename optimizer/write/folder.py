"""Folder: all files of a plan, in an order in which `run.json`, which tells what the others hold, comes last."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write import disk
from optimizer.write.columns import OPTIONAL, RESULTS
from optimizer.write.documents import WrittenFile, as_json, hash_file, plan_document, run_document
from optimizer.write.pages import NAME as PAGE
from optimizer.write.pages import report_of
from optimizer.write.tables import WrittenTable, first_formula, written
from optimizer.write.workbook import write_workbook


def write_folder(plan: Plan, folder: Path, *, pages: bool = True) -> None:
    """Write and sync every file of a plan into an empty folder; `pages`: also those for people.

    Raises:
        OSError: a file could not be written.
        ValueError: a figure of the plan is infinite or none; a result table has a name that is no file's.
    """
    files: dict[str, WrittenFile] = {}
    warnings = [*plan.warnings, *_formula_warning(plan)]
    for name, frame in _tables(plan):
        table = written(frame)
        files[f"{name}.csv"] = _write(folder / f"{name}.csv", table.blocks(), table)
    files["plan.json"] = _write(folder / "plan.json", [as_json(plan_document(plan, warnings))])
    if pages:
        shown = Shown(plan)
        write_workbook(shown, warnings, folder / "plan.xlsx")
        files["plan.xlsx"] = hash_file(folder / "plan.xlsx")
        files[PAGE] = _write(folder / PAGE, [report_of(shown, warnings)])
    disk.write_file(folder / "run.json", [as_json(run_document(plan, files))])


def _tables(plan: Plan) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables that always exist, with a header alone where nothing is in them; the others; those for later runs."""
    for name, columns in RESULTS.items():
        frame = plan.tables.get(name)
        if name in OPTIONAL and (frame is None or frame.empty):
            continue
        if frame is None or not len(frame.columns):
            frame = pd.DataFrame({column.name: pd.Series([], dtype=object) for column in columns})
        yield name, frame
    for name, frame in (plan.tables | plan.memory).items():
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot be a file's name")
        if name not in RESULTS:
            yield name, frame


def _write(path: Path, blocks: Iterable[bytes], table: WrittenTable | None = None) -> WrittenFile:
    disk.write_file(path, blocks)
    return hash_file(path, table)


def _formula_warning(plan: Plan) -> list[str]:
    for name, frame in plan.tables.items():
        cell = first_formula(frame)
        if cell is not None:
            return [
                f"Some ids begin with =, +, - or @ (in {name}: {cell!r}). They are written byte for byte; a "
                "spreadsheet program that opens the CSV files may take them for formulas: open plan.xlsx instead."
            ]
    return []
