"""The stock projection against the small plan's arithmetic."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.instance import Records, as_texts
from models.tables import Table, date
from optimizer.report import projection
from optimizer.report.projection import COLUMNS
from tests.write.plans import WEEKS, instance, records, tables


def column(frame: pd.DataFrame, name: str, item: str = "00123", location: str = "main") -> list[float]:
    chosen = (frame["item"] == item) & (frame["location"] == location)
    return [float(value) for value in frame.loc[chosen, name]]


def test_the_small_plan() -> None:
    frame = projection(tables(), instance())
    assert list(frame.columns) == COLUMNS
    assert list(frame["period"]) == WEEKS * 2
    assert column(frame, "demand") == [8, 6, 4, 0]
    assert column(frame, "backlog") == [0, 1, 0, 0]
    assert column(frame, "open_receipts") == [0, 3, 0, 0]
    assert column(frame, "new_receipts") == [0, 0, 10, 0]
    assert column(frame, "delivered") == [8, 5, 5, 0]
    assert column(frame, "on_hand") == [2, 0, 5, 5]
    assert column(frame, "safety_stock") == [5, 5, 5, 5]
    assert column(frame, "short") == [0, 0, 0, 0]
    # 2 of the 6 of week 1; no stock; week 3 asks nothing, then 18 / 4 = 4.5 a week: 1 + 5 / 4.5; 5 / 4.5.
    assert column(frame, "cover") == pytest.approx([1 / 3, 0, 1 + 5 / 4.5, 5 / 4.5])
    assert column(frame, "demand", "NA") == column(frame, "short", "NA") == [0, 7, 0, 0]
    assert column(frame, "backlog", "NA") == column(frame, "on_hand", "NA") == [0, 0, 0, 0]


def test_stock_that_lasts_over_several_periods() -> None:
    # Asked 0, 2, 3, 5: a stock of 4 at the end of week 0 lasts week 1 and 2/3 of week 2.
    given = [
        ["a", "c1", WEEKS[t], "order", "", "", "main", WEEKS[t], asked, 0, 0.0]
        for t, asked in ((1, 2.0), (2, 3.0), (3, 5.0))
    ]
    stock = [["a", "main", WEEKS[t], *[0.0] * 5, kept] for t, kept in enumerate((4.0, 8.0, 7.5, 0.0))]
    frame = projection(_only(given, stock), instance())
    # Week 1: 3 and 5 ahead, 8 lasts both; week 2: 5 ahead, then 2.5 a week on average: 1 + 2.5 / 2.5.
    assert column(frame, "cover", "a") == pytest.approx([1 + 2 / 3, 2, 2, 0])


def test_no_demand_has_no_cover() -> None:
    frame = projection(_only([], [["a", "main", WEEKS[1], 0.0, 0.0, 0.0, 0.0, 0.0, 5.0]]), instance())
    assert all(math.isnan(value) for value in column(frame, "cover", "a"))
    assert column(frame, "on_hand", "a") == [0, 5, 0, 0]


def test_an_old_order_counts_from_the_first_period() -> None:
    # Due five weeks before the start, delivered in week 1: asked in week 0, waiting at its end.
    frame = projection(
        _only([["a", "c", "2026-10-19", "order", "", "", "main", WEEKS[1], 4.0, 6, 0.0]], []), instance()
    )
    assert column(frame, "demand", "a") == [4, 0, 0, 0]
    assert column(frame, "backlog", "a") == [4, 0, 0, 0]


def test_a_shortage_of_any_location_stands_apart_where_there_are_several() -> None:
    short = [
        ["a", "c", "2026-10-19", "order", "", "", 4.0, 0.0, 4.0, "", 1.0],
        ["a", "c", WEEKS[2], "order", "shop", "", 3.0, 0.0, 2.0, "", 1.0],
    ]
    frame = projection(_only([], [], short), instance(("main", "shop")))
    assert column(frame, "short", "a", "") == [4, 0, 0, 0]
    assert column(frame, "short", "a", "shop") == [0, 0, 2, 0]


def test_due_dates_are_those_that_the_planner_wrote() -> None:
    declared = Table("demand", columns=(date("due", ""),))
    days = np.array([WEEKS[2], WEEKS[3]], dtype="datetime64[D]")
    demand = Records(declared, {"due": days}, {"due": as_texts(["09.12.2026", "2026-W51"])})
    german = replace(instance(), tables={**instance().tables, "demand": demand})
    short = [["a", "c", "09.12.2026", "order", "", "", 3.0, 0.0, 2.0, "", 1.0]]
    frame = projection(_only([], [], short), german)
    assert column(frame, "short", "a") == [0, 0, 2, 0]


def test_transfers_in_and_a_calendar_of_months() -> None:
    monthly = replace(instance(), calendar=replace(instance().calendar, kind="month", periods=2))
    stock = [["a", "main", "2026-11-01", 0.0, 0.0, 7.0, 0.0, 0.0, 7.0]]
    frame = projection(_only([], stock), monthly)
    assert list(frame["period"]) == ["2026-11-01", "2026-12-01"]
    assert column(frame, "transfers_in", "a") == [7, 0]


def test_safety_stock_without_a_location_is_the_only_ones() -> None:
    bare = instance()
    inventory = records("inventory", item=["00123"], location=[""], safety_stock=[5.0])
    frame = projection(tables(), replace(bare, tables={**bare.tables, "inventory": inventory}))
    assert column(frame, "safety_stock") == [5, 5, 5, 5]


def test_nothing_gives_an_empty_table() -> None:
    for empty in ({}, {name: frame.iloc[:0] for name, frame in tables().items()}):
        frame = projection(empty, instance())
        assert (list(frame.columns), len(frame)) == (COLUMNS, 0)


def _only(given: list[list[Any]], stock: list[list[Any]], short: list[list[Any]] | None = None) -> dict[str, Any]:
    names = tables()
    return {
        "allocations": pd.DataFrame(given, columns=names["allocations"].columns),
        "inventory": pd.DataFrame(stock, columns=names["inventory"].columns),
        "backorders": pd.DataFrame(short or [], columns=names["backorders"].columns),
        "purchase_orders": names["purchase_orders"].iloc[:0],
    }
