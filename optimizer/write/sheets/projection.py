"""Stock projection: demand, receipts, stock and cover by item and period, with a chart that follows the filter.

Excel draws the rows in sight and no others, so a chart over all rows shows the item that the filter lets through: it
follows the choice without a formula. The sheet opens on the item whose waiting and falling short cost most.
"""

from typing import Any

import pandas as pd

from optimizer.write.columns import PROJECTION
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import FIRST_ROW, HEADER_ROW, ROW_LIMIT, Rows

NAME = "Stock projection"
AT_STAKE = ("backorder", "shortage")
RECEIPTS = {"open_receipts": "#9DC3E6", "new_receipts": "#2E75B6", "transfers_in": "#A9D18E"}
LINES = {"demand": "#7F7F7F", "on_hand": "#548235", "safety_stock": "#C00000", "backlog": "#ED7D31"}


def write_projection(book: Book) -> None:
    """The sheet of the stock projection."""
    frame = book.projection
    if not len(frame):
        return
    item, location = most_at_stake(book.plan.tables, frame)
    count = len(frame)
    if count > ROW_LIMIT:
        frame = _busiest(frame, item, location)
    rows = Rows(book, NAME, frame, PROJECTION)
    where = location or "any location"
    sentence = f"Shown: {item} at {where}. Choose another item and location by the filters below; the chart follows."
    rows.head(sentence, count, "inventory.csv (stock)")
    rows.sheet.filter_column_list(rows.place("item"), [item])
    rows.sheet.filter_column_list(rows.place("location"), [location or "blanks"])
    safety = f"${chr(ord('A') + rows.place('safety_stock'))}{FIRST_ROW + 1}"
    rows.mark("on_hand", "short", {"criteria": "<", "value": safety})
    rows.mark("backlog", "late")
    rows.mark("short", "short")
    rows.write(hidden=((frame["item"] != item) | (frame["location"] != location)).tolist())
    rows.sheet.insert_chart(FIRST_ROW, len(rows.columns) + 1, _chart(rows), {"object_position": 3})


def most_at_stake(tables: dict[str, pd.DataFrame], frame: pd.DataFrame) -> tuple[str, str]:
    """The item whose waiting and falling short cost most, or else the one most asked for, and its busiest location.

    Args:
        tables: the result tables.
        frame: the projection, not empty.
    """
    asked = frame.groupby(["item", "location"], sort=True)["demand"].sum()
    item = str(asked.groupby(level="item").sum().idxmax())
    costs = tables.get("costs")
    if costs is not None and len(costs):
        costs = costs[costs["account"].isin(AT_STAKE) & costs["item"].isin(frame["item"])]
        stake = costs.groupby("item")["amount"].sum()
        if len(stake) and stake.max() > 0:
            item = str(stake.idxmax())
    return item, str(asked[item].idxmax())


def _busiest(frame: pd.DataFrame, item: str, location: str) -> pd.DataFrame:
    """As many items and locations as there is room for, the one shown first, then those most asked for."""
    asked = frame.groupby(["item", "location"], sort=True)["demand"].sum()
    asked[(item, location)] = float("inf")
    periods = len(frame) // len(asked)
    kept = asked.sort_values(ascending=False, kind="stable").index[: ROW_LIMIT // periods]
    return frame[pd.MultiIndex.from_frame(frame[["item", "location"]]).isin(kept)]


def _chart(rows: Rows) -> Any:
    """Receipts as stacked columns, demand, stock, safety stock and backlog as lines."""
    bars = rows.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    curves = rows.book.workbook.add_chart({"type": "line"})
    for name, colour in RECEIPTS.items():
        bars.add_series(_series(rows, name) | {"fill": {"color": colour}, "gap": 40})
    for name, colour in LINES.items():
        dash = {"dash_type": "dash"} if name == "safety_stock" else {}
        curves.add_series(_series(rows, name) | {"line": {"color": colour, "width": 2.0, **dash}})
    bars.combine(curves)
    bars.set_title({"name": "What the filter shows", "name_font": {"size": 12}})
    bars.set_x_axis({"num_format": "yyyy-mm-dd", "text_axis": True, "num_font": {"rotation": -60}})
    bars.set_y_axis(
        {"min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    bars.set_legend({"position": "bottom"})
    bars.set_size({"width": 900, "height": 460})
    return bars


def _series(rows: Rows, name: str) -> dict[str, Any]:
    place, period = rows.place(name), rows.place("period")
    last = FIRST_ROW + rows.count - 1
    return {
        "name": [NAME, HEADER_ROW, place],
        "categories": [NAME, FIRST_ROW, period, last, period],
        "values": [NAME, FIRST_ROW, place, last, place],
    }
