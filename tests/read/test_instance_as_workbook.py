"""An instance as one Excel workbook is the same instance as its folder of CSV files, and has the same plan."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from models.tables import Kind
from optimizer import planning, read
from optimizer.planning import plan
from optimizer.read import Input
from optimizer.results.plan import Plan
from tests.solve.in_process import InProcess

INSTANCES = Path(__file__).parents[2] / "instances"


def as_workbook(source: Input, path: Path) -> Path:
    """The instance as a planner would keep it in Excel: numbers are numbers, dates are dates, ids are texts."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    settings = book.create_sheet("instance")
    for key, value in settings_of(source.settings_text):
        settings.append([key, value])
    for name, columns in source.text.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        declared = {column.name: column.kind for column in source.instance[name].table.all_columns}
        for cells in zip(*columns.values(), strict=True):
            sheet.append([typed(text, declared[header]) for header, text in zip(columns, cells, strict=True)])
    book.save(path)
    return path


def settings_of(raw: dict[str, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    """Keys as `solve.gap` with their values; `[read]` is for CSV files."""
    for key, value in raw.items():
        if isinstance(value, dict):
            yield from settings_of(value, f"{key}.") if key != "read" else ()
        else:
            yield section + key, value


def typed(text: str, kind: Kind) -> str | float | date | None:
    if not text:
        return None
    match kind:
        case Kind.TEXT:
            return text
        case Kind.DATE:
            return date.fromisoformat(text)
        case _:
            return float(text)


@pytest.fixture(scope="module", params=["quickstart", "erp-export"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Input, Input]:
    """An instance as its folder, and as a workbook."""
    folder = read(INSTANCES / str(request.param))
    path = as_workbook(folder, tmp_path_factory.mktemp("book") / f"{request.param}.xlsx")
    return folder, read(path)


def test_the_tables_are_the_same(both: tuple[Input, Input]) -> None:
    folder, book = both
    assert book.text == folder.text
    assert (book.name, book.solve, book.instance.calendar) == (folder.name, folder.solve, folder.instance.calendar)
    assert book.instance.settings == folder.instance.settings
    assert book.instance.labels.keys() == folder.instance.labels.keys()
    assert book.instance.tables.keys() == folder.instance.tables.keys()
    for name, records in folder.instance.tables.items():
        for column, values in records.columns.items():
            np.testing.assert_array_equal(book.instance[name][column], values, err_msg=f"{name}.{column}")


def test_the_planner_is_told_the_same(both: tuple[Input, Input]) -> None:
    folder, book = both
    of_the_files = {"undeclared column"}  # columns of the planner's own are not in the workbook
    told = [found.message for found in folder.warnings if found.rule not in of_the_files]
    # Text that is canonical already: a minus stands in front of a number.
    assert [found.message.replace("'-14'", "'14,000-'").replace("'-3'", "'3,000-'") for found in book.warnings] == told


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Plan]:
    """The quickstart's plan from its folder, and from a workbook."""
    folder = read(INSTANCES / "quickstart")
    book = read(as_workbook(folder, tmp_path_factory.mktemp("plan") / "quickstart.xlsx"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "Engine", InProcess)
        return plan(folder, gap=0, time_limit=600), plan(book, gap=0, time_limit=600)


def test_the_plan_is_the_same(plans: tuple[Plan, Plan]) -> None:
    of_folder, of_book = plans
    assert of_book.objective == of_folder.objective == pytest.approx(2192.39, abs=0.01)  # as the README adds it up
    assert of_book.accounts == of_folder.accounts
    pd.testing.assert_frame_equal(of_book.tables["purchase_orders"], of_folder.tables["purchase_orders"])
