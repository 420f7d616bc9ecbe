"""A plan made by hand that touches every concept: two items, two locations, six weeks from Monday 2026-11-23.

Weeks: 0 = 11-23, 1 = 11-30, 2 = 12-07, 3 = 12-14, 4 = 12-21, 5 = 12-28. The arithmetic stands beside the figures.

    bolt  price = lowest unit cost 5.2; holding 5.2 × 0.25 ÷ 52 = 0.025; waiting 5.2 × 0.05 = 0.26; short 5.2 × 2 = 10.4
          (ann's weight is 2: 0.52 and 20.8); ending value 5.2; safety and overstock cost 4 × 0.025 = 0.1
    gear  pieces only; holding 1, waiting 3, short 150, may wait 1 week, ending value 20; safety cost min(4 × 1, 3) = 3

    bolt north   week      0   1   2   3   4   5      bolt south   week   0   1   2   3   4   5
    opening               12   0   0  50  50  32      opening             0   0  11   0  10  10
    receipts                      50      12          receipts               15      20
    delivered             12              30          delivered               4  11  10
    on_hand                0   0  50  50  32  32      on_hand             0  11   0  10  10  10

    gear north   week      0   1   2   3   4   5
    opening                4   4   0   1   4   4
    receipts                       5   3
    delivered                  4   4
    on_hand                4   0   1   4   4   4
"""

import copy
import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Rows = list[list[str]]
Tables = dict[str, dict[str, list[str]]]

SETTINGS: dict[str, Any] = {
    "name": "by hand",
    "start": "2026-11-25",  # a Wednesday: the horizon starts on Monday 2026-11-23
    "periods": 6,
    "horizon": {"frozen": 1, "whole_packs": 3},
}

TABLES = {
    "items": """
item,quantity_step,holding_cost,backorder_cost,shortage_cost,max_delay,ending_value,price
bolt,,,,,,,
gear,1,1,3,150,1,20,100
""",
    "locations": "location\nnorth\nsouth\n",
    "suppliers": """
supplier,order_cost,minimum_order_value,maximum_order_value
acme,30,100,2000
zeta,12,,
""",
    "customers": "customer,class,weight\nann,A,2\nbob,,\n",
    "sourcing": """
item,supplier,location,valid_from,valid_to,unit_cost,lead_time,lead_time_days,order_cost,minimum_quantity,multiple,maximum_quantity,capacity_use,capacity_setup,share_min,share_max
bolt,acme,,,,5.2,1,,4,20,10,200,0.5,3,0.5,
bolt,acme,south,,,5.5,,8,2.5,,,,0.25,,,
bolt,zeta,north,,2026-12-09,6,0,,,,,,,,,0.6
bolt,zeta,north,2026-12-10,,7,0,,,,8,,,,,0.6
gear,zeta,,,,60,1,,1,5,,,,,,
""",
    "supplier_capacity": """
supplier,period,capacity,overtime_capacity,overtime_cost
acme,2026-12-02,20,10,2
zeta,2026-12-07,100,,
zeta,2026-12-21,,,
""",
    "inventory": """
item,location,on_hand,safety_stock,safety_stock_cost,maximum,overstock_cost
bolt,north,12,10,,45,
bolt,south,-3,,,,
gear,north,4,2,,,
gear,south,,,,,
""",
    "open_orders": """
order,line,arrival,item,supplier,location,quantity
PO1,10,2026-11-10,bolt,acme,south,15
PO2,10,2026-12-16,gear,zeta,north,3
PO3,10,2027-02-01,gear,zeta,north,99
""",
    "demand": """
item,customer,due,kind,location,reference,quantity,backorder_cost,shortage_cost,max_delay
bolt,ann,2026-11-23,,,,10,,,
bolt,bob,2026-W50,forecast,south,,25,,,
bolt,ann,2026-11-05,order,,R7,6,0.4,,
gear,bob,2026-12-02,order,north,,9,,,
bolt,bob,2026-11-01,forecast,,,50,,,
bolt,bob,2027-03-01,order,,,50,,,
bolt,bob,2026-12-21,,,,30,,,
""",
}

# Acme in week 1: 0.5 × 40 + 3 = 23 and 0.25 × 20 = 5 of its capacity: 28 of 20, so 8 hours of overtime at 2.
FILES = {
    "purchase_orders.csv": """
item,supplier,location,order_period,arrival_period,quantity,unit_cost,value,action
bolt,acme,north,2026-11-30,2026-12-07,40,5.2,208,release
bolt,acme,south,2026-11-30,2026-12-14,20,5.5,110,release
gear,zeta,north,2026-11-30,2026-12-07,5,60,300,release
bolt,zeta,north,2026-12-07,2026-12-07,10,6,60,planned
bolt,zeta,north,2026-12-21,2026-12-21,12,7,84,planned
""",
    # 4 of R7, due in week -3, reach week 1: 4 weeks late, 1 of them in the horizon: 2 × 0.4 × 1 × 4 = 3.2
    "allocations.csv": """
item,customer,due,kind,demand_location,reference,location,delivery_period,quantity,periods_late,backorder_cost
bolt,ann,2026-11-23,order,,,north,2026-11-23,10,0,0
bolt,ann,2026-11-05,order,,R7,north,2026-11-23,2,3,0
bolt,ann,2026-11-05,order,,R7,south,2026-11-30,4,4,3.2
bolt,bob,2026-W50,forecast,south,,south,2026-12-07,11,0,0
bolt,bob,2026-W50,forecast,south,,south,2026-12-14,10,1,2.6
gear,bob,2026-12-02,order,north,,north,2026-11-30,4,0,0
gear,bob,2026-12-02,order,north,,north,2026-12-07,4,1,12
bolt,bob,2026-12-21,order,,,north,2026-12-21,30,0,0
""",
    # bolts of bob: 2.6 + 4 × 10.4 = 44.2; gears: 12 + 1 × 150
    "backorders.csv": """
item,customer,due,kind,demand_location,reference,quantity,late_quantity,short_quantity,promise,cost
bolt,ann,2026-11-05,order,,R7,6,6,0,2026-12-06,3.2
bolt,bob,2026-W50,forecast,south,,25,10,4,2026-12-20,44.2
gear,bob,2026-12-02,order,north,,9,4,1,2026-12-13,162
""",
    "inventory.csv": """
item,location,period,opening,receipts,transfers_in,transfers_out,delivered,on_hand
bolt,north,2026-11-23,12,0,0,0,12,0
bolt,north,2026-12-07,0,50,0,0,0,50
bolt,north,2026-12-14,50,0,0,0,0,50
bolt,north,2026-12-21,50,12,0,0,30,32
bolt,north,2026-12-28,32,0,0,0,0,32
bolt,south,2026-11-30,0,15,0,0,4,11
bolt,south,2026-12-07,11,0,0,0,11,0
bolt,south,2026-12-14,0,20,0,0,10,10
bolt,south,2026-12-21,10,0,0,0,0,10
bolt,south,2026-12-28,10,0,0,0,0,10
gear,north,2026-11-23,4,0,0,0,0,4
gear,north,2026-11-30,4,0,0,0,4,0
gear,north,2026-12-07,0,5,0,0,4,1
gear,north,2026-12-14,1,3,0,0,0,4
gear,north,2026-12-21,4,0,0,0,0,4
gear,north,2026-12-28,4,0,0,0,0,4
""",
    # purchase 762; ordering 4 + 2.5 + 1 + 30 + 3 × 12 = 73.5; overtime 16; backorder 17.8; shortage 191.6
    # holding of bolts 0.025 × (50+50+32+32 + 11+10+10+10) = 5.125, of gears 4+0+1+4+4+4 = 17
    # safety: bolts 0.1 × (10+10), gears 3 × (2+1): 11; overstock 0.1 × (5+5) = 1; ending 5.2 × 42 + 20 × 4 = 298.4
    "costs.csv": """
account,item,supplier,customer,location,period,amount
purchase,bolt,acme,,north,2026-11-30,208
purchase,bolt,acme,,south,2026-11-30,110
purchase,gear,zeta,,north,2026-11-30,300
purchase,bolt,zeta,,north,2026-12-07,60
purchase,bolt,zeta,,north,2026-12-21,84
ordering,bolt,acme,,north,2026-11-30,4
ordering,bolt,acme,,south,2026-11-30,2.5
ordering,gear,zeta,,north,2026-11-30,1
ordering,,acme,,,2026-11-30,30
ordering,,zeta,,,2026-11-30,12
ordering,,zeta,,,2026-12-07,12
ordering,,zeta,,,2026-12-21,12
overtime,,acme,,,2026-11-30,16
backorder,bolt,,ann,south,2026-11-30,3.2
backorder,bolt,,bob,south,2026-12-14,2.6
backorder,gear,,bob,north,2026-12-07,12
shortage,bolt,,bob,,2026-12-07,41.6
shortage,gear,,bob,,2026-11-30,150
holding,bolt,,,north,2026-12-07,1.25
holding,bolt,,,north,2026-12-14,1.25
holding,bolt,,,north,2026-12-21,0.8
holding,bolt,,,north,2026-12-28,0.8
holding,bolt,,,south,2026-11-30,0.275
holding,bolt,,,south,2026-12-14,0.25
holding,bolt,,,south,2026-12-21,0.25
holding,bolt,,,south,2026-12-28,0.25
holding,gear,,,north,2026-11-23,4
holding,gear,,,north,2026-12-07,1
holding,gear,,,north,2026-12-14,4
holding,gear,,,north,2026-12-21,4
holding,gear,,,north,2026-12-28,4
safety_stock,bolt,,,north,2026-11-23,1
safety_stock,bolt,,,north,2026-11-30,1
safety_stock,gear,,,north,2026-11-30,6
safety_stock,gear,,,north,2026-12-07,3
overstock,bolt,,,north,2026-12-07,0.5
overstock,bolt,,,north,2026-12-14,0.5
ending_value,bolt,,,north,2026-12-28,-166.4
ending_value,bolt,,,south,2026-12-28,-52
ending_value,gear,,,north,2026-12-28,-80
""",
}

# 762 + 73.5 + 16 + 17.8 + 191.6 + 22.125 + 11 + 1 - 298.4 = 796.625; without purchases 34.625.
# Asked for are 10 + 25 + 6 + 9 + 30 = 80; on time 10 + 11 + 4 + 30 = 55, ever 10 + 21 + 6 + 8 + 30 = 75.
PLAN = {
    "status": "optimal",
    "objective": 796.625,
    "bound": 793.1625,
    "gap": 0.004346462,
    "gap_money": 3.4625,
    "gap_controllable": 0.1,
    "seconds": 1.5,
    "fill_rate_on_time": 0.6875,
    "fill_rate": 0.9375,
    "accounts": {"purchase": 762, "ordering": 73.5, "ending_value": -298.4},
}

RUN = {
    "settings": {"gap": 0.01},
    "files": {
        "purchase_orders.csv": {"rows": 5, "totals": {"quantity": 87, "value": 762}},
        "costs.csv": {"rows": 40, "totals": {"amount": 796.625}},
    },
}


@dataclass
class Example:
    """An instance and a plan of it, open to be changed."""

    tables: Tables = field(default_factory=lambda: {name: columns(rows_of(text)) for name, text in TABLES.items()})
    settings: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(SETTINGS))
    files: dict[str, Rows] = field(default_factory=lambda: {name: rows_of(text) for name, text in FILES.items()})
    plan: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(PLAN))
    run: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(RUN))

    def cell(self, file: str, row: int, column: str, value: str) -> None:
        """Change a cell of the plan; `row` as an editor counts it."""
        rows = self.files[file]
        rows[row - 1][rows[0].index(column)] = value

    def table_cell(self, table: str, row: int, column: str, value: str) -> None:
        """Change a cell of the instance; `row` as an editor counts it."""
        cells = self.tables[table]
        cells.setdefault(column, [""] * len(next(iter(cells.values()))))[row - 2] = value

    def write(self, folder: Path) -> Path:
        """Write the plan's files."""
        folder.mkdir(exist_ok=True)
        for name, rows in self.files.items():
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        for name, content in (("plan.json", self.plan), ("run.json", self.run)):
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        return folder


def rows_of(text: str) -> Rows:
    """Header and rows of a CSV text."""
    return list(csv.reader(io.StringIO(text.lstrip())))


def columns(rows: Rows) -> dict[str, list[str]]:
    """Rows turned into columns."""
    return {name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])}
