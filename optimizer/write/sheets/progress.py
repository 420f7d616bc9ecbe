"""Progress: how the plan came down and the bound came up while the solver worked, with a chart."""

from typing import Any

import pandas as pd

from models.tables import Column, Kind
from optimizer.report.trace import trace_table
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import FIRST_ROW, Rows

NAME = "Progress"
CURVES = {"plan": "#2E75B6", "bound": "#C00000"}
HIGHEST = 1.3  # times the last plan: the first plans may cost many times as much, and would flatten the rest
COLUMNS = (
    Column("seconds", Kind.NUMBER, "Since the solver began.", unit="s"),
    Column("plan", Kind.NUMBER, "What the best plan so far costs.", unit="money"),
    Column("bound", Kind.NUMBER, "What no plan can cost less than, as far as proven by then.", unit="money"),
    Column("gap_percent", Kind.NUMBER, "What is left between them, in percent of the plan's cost.", unit="percent"),
    Column("phase", Kind.TEXT, "What the solver was doing."),
)


def write_progress(book: Book) -> None:
    """The sheet of the run's course; none where nothing was recorded."""
    table = trace_table(book.plan.trace)
    if not len(table):
        return
    frame = table.assign(gap_percent=table["gap"] * 100)
    rows = Rows(book, NAME, frame, COLUMNS)
    rows.head("How the plan came down and the bound came up. What is between them could still be saved at most.",
              len(frame), "run.json")  # fmt: skip
    rows.write()
    rows.sheet.insert_chart(FIRST_ROW, len(rows.columns) + 1, _chart(rows, frame), {"object_position": 3})


def _chart(rows: Rows, frame: pd.DataFrame) -> Any:
    """Plan and bound over the seconds."""
    chart = rows.book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    last, seconds = FIRST_ROW + rows.count - 1, rows.place("seconds")
    for name, colour in CURVES.items():
        place = rows.place(name)
        chart.add_series({
            "name": name,
            "categories": [NAME, FIRST_ROW, seconds, last, seconds],
            "values": [NAME, FIRST_ROW, place, last, place],
            "line": {"color": colour, "width": 2.0},
        })  # fmt: skip
    chart.set_title({"name": "Plan and bound", "name_font": {"size": 12}})
    chart.set_x_axis({"name": "seconds", "min": 0, "num_format": "#,##0"})
    chart.set_y_axis({
        "name": rows.book.plan.currency, "num_format": "#,##0", **_limits(frame),
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    })  # fmt: skip
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 460})
    return chart


def _limits(frame: pd.DataFrame) -> dict[str, float]:
    """From a little below the bound to a little above the last plan, where both are above nothing; else Excel's own."""
    plans, bounds = frame["plan"].dropna(), frame["bound"].dropna()
    if not len(plans) or not len(bounds) or plans.iloc[-1] <= 0 or bounds.iloc[-1] <= 0:
        return {}
    lowest, highest = float(bounds.iloc[-1]), float(plans.iloc[-1])
    margin = max(highest - lowest, 0.01 * highest)
    return {"min": max(lowest - 2 * margin, 0.0), "max": min(highest + 4 * margin, HIGHEST * highest)}
