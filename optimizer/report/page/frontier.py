"""Frontier page: what better service costs: the points of a sweep, the knee marked, the dominated ones hollow."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from models.tables import Column, Kind, money, number, text
from optimizer.report.page.document import document
from optimizer.report.page.document import text as markup
from optimizer.report.page.embed import NAMED, table
from optimizer.report.text import amount, counted, percent

SCRIPTS = ("format.js", "filter.js", "table.js", "figure.js", "frontier.js")
FLAGS = ("dominated", "knee", "own")
TRUE = ("true", "1", "1.0", "yes")
COSTS = ("cost_other", "cost")  # what a frontier has on the one axis
SERVICES = ("fill_rate_on_time", "fill_rate", "rate_1")  # and on the other
MOST_ROWS = 2_000
KNOWN: dict[str, Column] = {
    column.name: column
    for column in (
        number("point", "Its number."),
        number("factor", "By what the penalties were multiplied."),
        money("cost", "What the plan costs at the penalties of the point."),
        money("cost_other", "What the plan costs without what was varied."),
        money("cost_own", "What the plan costs at your own penalties."),
        money("bound", "No plan can cost less at the penalties of the point."),
        number("fill_rate", "Share of the quantity asked that is ever delivered."),
        number("fill_rate_on_time", "Share of the quantity asked that is delivered on time."),
        number("gap", "How far from the best the plan can be, as a share of its cost."),
        text("dominated", "Another point costs no more and serves no worse."),
        text("knee", "From here on, better service costs most more."),
        text("own", "At your own penalties."),
    )
}
TITLES = {
    "fill_rate_on_time": "delivered on time",
    "fill_rate": "delivered in all",
    "rate_1": "of the first target",
    "worst_fill_rate": "delivered to the worst customer",
}


def frontier_page(
    name: str, currency: str, frame: pd.DataFrame, sentences: Sequence[str] = (), service: str | None = None
) -> str:
    """The page of a frontier.

    Args:
        name: of what was tuned.
        currency: in which its money is.
        frame: the points; columns as in `KNOWN`, others are shown as they are. One of `COSTS` and a service are needed.
        sentences: what a reader should know.
        service: the column of what the cost buys; default: the first of `SERVICES` that there is.

    Raises:
        ValueError: it has no cost, or no service.
    """
    cost = next((column for column in COSTS if column in frame), None)
    service = service or next((column for column in SERVICES if column in frame), None)
    if cost is None or service is None or service not in frame:
        raise ValueError(f"a frontier needs the columns {' or '.join(COSTS)}, and {service or ' or '.join(SERVICES)}")
    frame = frame.assign(**{flag: _flags(frame[flag]) for flag in FLAGS if flag in frame})
    columns = [KNOWN.get(column) or _column(column, frame[column]) for column in frame.columns]
    points = table(frame, columns, {kind: {} for kind in NAMED}, currency, "frontier.csv", MOST_ROWS)
    for column in points["columns"]:
        if _is_share(column["name"]):
            column["kind"] = "share"
    title = TITLES.get(service, service.replace("_", " "))
    data: dict[str, Any] = {
        "currency": currency, "names": {}, "about": [], "cost": cost, "service": service, "title": title,
        "points": points,
    }  # fmt: skip
    holes = {
        "title": markup(f"{name}: cost against service"),
        "about": markup(f"{name}, {counted(len(frame), 'point')}"),
        "headline": markup(_headline(frame, cost, service, title, currency)),
        "notes": "".join(f"<p>{markup(sentence)}</p>" for sentence in sentences),
    }
    return document("frontier.html", SCRIPTS, holes, data)


def _headline(frame: pd.DataFrame, cost: str, service: str, title: str, currency: str) -> str:
    """The knee in one sentence, or else the range."""
    if not len(frame):
        return "There are no points."
    shown = percent if _is_share(service) else amount
    knee = frame[frame["knee"] == "yes"] if "knee" in frame else frame.head(0)
    if len(knee):
        row = knee.iloc[0]
        return f"The knee is at {shown(float(row[service]))} {title}, for {amount(float(row[cost]))} {currency}."
    return f"From {shown(float(frame[service].min()))} to {shown(float(frame[service].max()))} {title}."


def _flags(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.astype(str).str.lower().isin(TRUE).map({True: "yes", False: ""}).astype(object)


def _is_share(name: str) -> bool:
    return name == "gap" or "rate" in name.split("_")


def _column(name: str, values: "pd.Series[Any]") -> Column:
    about = name.replace("_", " ").capitalize() + "."
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return text(name, about)
    is_money = {"cost", "own", "bound"} & set(name.split("_"))
    return money(name, about) if is_money else Column(name, Kind.NUMBER, about)
