"""A small plan, reckoned by hand, and one of any size.

Four weeks from Monday 2026-11-23, one location.

    item 00123   stock 10, safety stock 5, asked 8, 6, 4, 0
        week 0   8 delivered                                on hand  2
        week 1   open order of 3 arrives, 5 of 6 delivered  on hand  0, backlog 1
        week 2   new order of 10 arrives, 1 late + 4        on hand  5
        week 3                                              on hand  5
    item NA      no stock, 7 asked in week 1, never delivered

    purchase 10 × 2.5 = 25, ordering 12, holding (2 + 0 + 5 + 5) × 0.1 = 1.2, backorder 1 × 1 × 0.5 = 0.5,
    shortage 7 × 3 = 21: 59.7; bound 58.2: gap 1.5, of all 1.5 / 59.7, controllable 1.5 / 34.7
    on time (8 + 5 + 4) / 25 = 0.68, in all 18 / 25 = 0.72
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.calendar import Calendar
from models.instance import Instance, Records, as_texts
from models.tables import Table, quantity, text
from optimizer.results.plan import Plan

WEEKS = ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
FORMULA = '=HYPERLINK("http://x","y")'
LINE = ["item", "customer", "due", "kind", "demand_location", "reference"]


def records(name: str, **columns: list[Any]) -> Records:
    declared = tuple(
        (quantity if cells and isinstance(cells[0], float) else text)(column, "") for column, cells in columns.items()
    )
    arrays = {
        column: np.array(cells) if cells and isinstance(cells[0], float) else as_texts(cells)
        for column, cells in columns.items()
    }
    return Records(Table(name, columns=declared), arrays)


def instance(locations: tuple[str, ...] = ("main",), periods: int = 4) -> Instance:
    tables = {
        "items": records("items", item=["00123", "NA"], description=["Gloves, size 8", FORMULA]),
        "suppliers": records("suppliers", supplier=["ACME", FORMULA]),
        "locations": records("locations", location=list(locations)),
        "customers": records("customers", customer=["c1", "@c2"]),
        "inventory": records("inventory", item=["00123"], location=[locations[0]], safety_stock=[5.0]),
    }
    return Instance("Demo & more", Calendar(date(2026, 11, 23), periods), tables)


def tables() -> dict[str, pd.DataFrame]:
    orders = [["00123", FORMULA, "main", WEEKS[0], WEEKS[2], 10.0, 2.5, 25.0, "release"]]
    allocations = [
        ["00123", "c1", WEEKS[0], "order", "", "", "main", WEEKS[0], 8.0, 0.0, 0.0],
        ["00123", "@c2", WEEKS[1], "order", "", "r,1", "main", WEEKS[1], 5.0, 0.0, 0.0],
        ["00123", "@c2", WEEKS[1], "order", "", "r,1", "main", WEEKS[2], 1.0, 1.0, 0.5],
        ["00123", "c1", WEEKS[2], "forecast", "", "", "main", WEEKS[2], 4.0, 0.0, 0.0],
    ]
    backorders = [
        ["00123", "@c2", WEEKS[1], "order", "", "r,1", 6.0, 1.0, 0.0, "2026-12-13", 0.5],
        ["NA", "c1", "2026-W49", "order", "", "", 7.0, 0.0, 7.0, "", 21.0],
    ]
    stock = [[10, 0, 8, 2], [2, 3, 5, 0], [0, 10, 5, 5], [5, 0, 0, 5]]
    inventory = [
        ["00123", "main", week, opening, receipts, 0.0, 0.0, delivered, on_hand]
        for week, (opening, receipts, delivered, on_hand) in zip(WEEKS, stock, strict=True)
    ]
    costs = [
        ["purchase", "00123", FORMULA, "", "main", WEEKS[0], 25.0],
        ["ordering", "00123", FORMULA, "", "main", WEEKS[0], 12.0],
        ["holding", "00123", "", "", "main", WEEKS[0], 0.2],
        ["holding", "00123", "", "", "main", WEEKS[2], 0.5],
        ["holding", "00123", "", "", "main", WEEKS[3], 0.5],
        ["backorder", "00123", "", "@c2", "main", WEEKS[2], 0.5],
        ["shortage", "NA", "", "c1", "", WEEKS[1], 21.0],
    ]
    # The order for week 2 must go out now: a week later 5 units, 1 late already, would wait a week at 0.5: 2.5.
    week = [WEEKS[2], "2026-12-13"]
    actions = [
        [1, "tell", "NA", "", "", "c1", "", 7.0, "2026-W49", "", 21.0, WEEKS[1], 0.0, "7 of 7 are never delivered"],
        [2, "release", "00123", FORMULA, "main", "", "", 10.0, *week, 25.0, "2026-11-29", 2.5, "5 would wait"],
        [3, "tell", "00123", "", "", "@c2", "r,1", 1.0, WEEKS[1], week[1], 0.5, WEEKS[1], 0.0, "1 of 6 come late"],
    ]
    return {
        "purchase_orders": pd.DataFrame(
            orders,
            columns=[
                *["item", "supplier", "location", "order_period", "arrival_period"],
                *["quantity", "unit_cost", "value", "action"],
            ],
        ),
        "allocations": pd.DataFrame(
            allocations, columns=[*LINE, "location", "delivery_period", "quantity", "periods_late", "backorder_cost"]
        ),
        "backorders": pd.DataFrame(
            backorders, columns=[*LINE, "quantity", "late_quantity", "short_quantity", "promise", "cost"]
        ),
        "inventory": pd.DataFrame(
            inventory,
            columns=[
                *["item", "location", "period", "opening", "receipts"],
                *["transfers_in", "transfers_out", "delivered", "on_hand"],
            ],
        ),
        "costs": pd.DataFrame(
            costs, columns=["account", "item", "supplier", "customer", "location", "period", "amount"]
        ),
        "actions": pd.DataFrame(
            actions,
            columns=[
                *[
                    "rank",
                    "action",
                    "item",
                    "supplier",
                    "location",
                    "customer",
                    "reference",
                    "quantity",
                    "due",
                    "promise",
                ],
                *["money", "latest_safe_date", "cost_of_waiting", "why"],
            ],
        ),
    }


def plan(**changes: Any) -> Plan:
    small = Plan(
        name="Demo & more",
        currency="EUR",
        tables=tables(),
        status="optimal",
        objective=59.7,
        bound=58.2,
        gap=1.5 / 59.7,
        gap_money=1.5,
        gap_controllable=1.5 / 34.7,
        seconds=12.34,
        fill_rate_on_time=0.68,
        fill_rate=0.72,
        counts={"items": 2, "demand_lines": 4, "orders": 1},
        accounts={"purchase": 25.0, "ordering": 12.0, "holding": 1.2, "backorder": 0.5, "shortage": 21.0},
        warnings=["NA has no supplier."],
        instance=instance(),
        run={"command": ["replenish", "plan", "demo"], "start": "2026-11-23T06:00:00+00:00", "seed": 0},
        trace=[],
    )
    return replace(small, **changes)


def no_audit(folder: object) -> list[str]:
    return []
