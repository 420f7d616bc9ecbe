"""The sheet `Progress` and the entry of `run.json`: how plan and bound moved."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from optimizer.report.shown import Shown
from optimizer.solve.events import Progress
from optimizer.write import publish
from optimizer.write.workbook import write_workbook
from tests.write.plans import no_audit, plan

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

TRACE = [
    Progress(0.5, 100.0, None, "constructing"),
    Progress(2.0, 100.0, 50.0, "bound"),
    Progress(4.0, 59.7, 58.2, "improving"),
]


def test_the_sheet_shows_the_run_with_a_chart(tmp_path: Path) -> None:
    write_workbook(Shown(plan(trace=TRACE)), [], tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    sheet = book["Progress"]
    assert book.sheetnames[-1] == "Progress"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[:3] == [
        ["seconds", "plan", "bound", "gap percent", "phase"],
        [0.5, 100, None, None, "constructing"],
        [2, 100, 50, 50, "bound"],
    ]
    assert rows[3][:3] == [4, 59.7, 58.2]
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    (chart,) = [chart for chart in charts if "scatterChart" in chart]
    assert "Progress!$A$3:$A$5" in chart
    assert "Progress!$C$3:$C$5" in chart


def test_without_a_trace_there_is_no_sheet(tmp_path: Path) -> None:
    write_workbook(Shown(plan()), [], tmp_path / "plan.xlsx")
    assert "Progress" not in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames


def test_run_json_has_the_run_as_lists(tmp_path: Path) -> None:
    run = json.loads((publish(plan(trace=TRACE), tmp_path / "out", no_audit) / "run.json").read_bytes())
    assert run["progress"] == {
        "seconds": [0.5, 2.0, 4.0],
        "plan": [100.0, 100.0, 59.7],
        "bound": [None, 50.0, 58.2],
        "phase": ["constructing", "bound", "improving"],
    }
