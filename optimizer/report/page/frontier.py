"""Frontier page: what better service costs: the points of a sweep, the knee marked, the dominated ones apart."""

from typing import Any

import pandas as pd

from models.tables import Column, Kind, money, number, text
from optimizer.report.page.document import document
from optimizer.report.page.document import text as markup
from optimizer.report.page.embed import table
from optimizer.report.text import amount, counted, percent

SCRIPTS = ("format.js", "filter.js", "table.js", "figure.js", "frontier.js")
SHARES = ("fill_rate", "fill_rate_on_time", "gap")
FLAGS = ("dominated", "knee")
TRUE = ("true", "1", "1.0", "yes")
MOST_ROWS = 2_000
KNOWN: dict[str, Column] = {
    column.name: column
    for column in (
        number("factor", "By what the penalties were multiplied."),
        money("cost", "What the plan costs."),
        money("bound", "No plan can cost less at these penalties."),
        number("fill_rate", "Share of the quantity asked that is ever delivered.", unit="share"),
        number("fill_rate_on_time", "Share of the quantity asked that is delivered on time.", unit="share"),
        number("gap", "How far from the best the plan can be, as a share of its cost.", unit="share"),
        text("dominated", "Another point costs no more and serves no worse."),
        text("knee", "From here on, a better service costs most more."),
    )
}


def frontier_page(name: str, currency: str, frame: pd.DataFrame) -> str:
    """The page of a frontier.

    Args:
        name: of what was tuned.
        currency: in which its money is.
        frame: columns as in `KNOWN`, of which `cost` and a fill rate are needed; others are shown as they are.

    Raises:
        ValueError: it has no `cost` or no fill rate.
    """
    service = next((column for column in ("fill_rate_on_time", "fill_rate") if column in frame), None)
    if service is None or "cost" not in frame:
        raise ValueError("a frontier needs the columns cost and fill_rate_on_time or fill_rate")
    frame = frame.assign(**{flag: _flags(frame[flag]) for flag in FLAGS if flag in frame})
    columns = [KNOWN.get(column) or _column(column, frame[column]) for column in frame.columns]
    points = table(frame, columns, {"item": {}, "supplier": {}, "customer": {}, "location": {}}, currency, "frontier.csv", MOST_ROWS)
    for column in points["columns"]:
        if column["name"] in SHARES:
            column["kind"] = "share"
    data: dict[str, Any] = {"currency": currency, "names": {}, "about": [], "service": service, "points": points}
    holes = {
        "title": markup(f"{name}: cost against service"),
        "about": markup(f"{name}, {counted(len(frame), 'point')}"),
        "headline": markup(_headline(frame, service, currency)),
        "gap": markup("Each point is a plan: what it costs, and how much of what was asked it delivers."),
    }
    return document("frontier.html", SCRIPTS, holes, data)


def _headline(frame: pd.DataFrame, service: str, currency: str) -> str:
    """The knee in one sentence, or else the range."""
    knee = frame[frame["knee"] == "yes"] if "knee" in frame else frame.head(0)
    on_time = "on time" if service == "fill_rate_on_time" else "in all"
    if len(knee):
        row = knee.iloc[0]
        return f"Up to {percent(float(row[service]))} delivered {on_time}, for {amount(float(row['cost']))} {currency}, service is cheap; beyond, it grows dear."
    low, high = float(frame[service].min()), float(frame[service].max())
    return f"Between {percent(low)} and {percent(high)} delivered {on_time}." if len(frame) else "There are no points."


def _flags(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.astype(str).str.lower().isin(TRUE).map({True: "yes", False: ""})


def _column(name: str, values: "pd.Series[Any]") -> Column:
    kind = Kind.NUMBER if pd.api.types.is_numeric_dtype(values.dtype) else Kind.TEXT
    return Column(name, kind, name.replace("_", " ").capitalize() + ".")
