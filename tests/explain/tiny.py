"""Two tiny instances whose plans are known by hand, planned in this process and published.

COGS: cogs and pins, six weeks from Monday 2026-11-23 (w0). `near` sells cogs at 10 and pins at 2 in packs of 6, both a
week later, for 5 a week with an order; `far` sells cogs at 8, three weeks later, for 15.

    near, w1   10 cogs 100, 12 pins 24, order 5                     10 cogs and 10 pins are due in w2
    far, w1    20 cogs 160, order 15                                20 cogs are due in w4
    2 pins stay for the 4 weeks w2 … w5 at 0.1                      0.8
    in all     100 + 24 + 5 + 160 + 15 + 0.8 = 304.8

CAPACITY: `near` can make 10 cogs a week, a week later, at 10; 10 are due in w1 for `vip` (waiting: 5 a week) and 10 for
`shop` (3 a week). 5 nuts are due now and 3 are there; more come in w1 at 1, and waiting costs 1 a week.

    near w0 10 for vip, w1 10 for shop, a week late                 200 + 30
    2 nuts a week late                                              2 + 2
    in all                                                          234
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from optimizer import planning, read
from tests.audit.planned import tables_only
from tests.solve.in_process import InProcess

Table = Sequence[Mapping[str, object]]
PLAIN = {"holding_cost": 1, "backorder_cost": 5, "shortage_cost": 100, "ending_value": 0}
COGS: Mapping[str, Table] = {
    "items": [
        {"item": "cog", **PLAIN},
        {"item": "pin", "holding_cost": 0.1, "backorder_cost": 1, "shortage_cost": 50, "ending_value": 0},
    ],
    "suppliers": [{"supplier": "near", "order_cost": 5}, {"supplier": "far", "order_cost": 15}],
    "sourcing": [
        {"item": "cog", "supplier": "near", "unit_cost": 10, "lead_time": 1, "multiple": ""},
        {"item": "cog", "supplier": "far", "unit_cost": 8, "lead_time": 3, "multiple": ""},
        {"item": "pin", "supplier": "near", "unit_cost": 2, "lead_time": 1, "multiple": 6},
    ],
    "inventory": [{"item": "cog", "location": "main", "on_hand": 0}, {"item": "pin", "location": "main", "on_hand": 0}],
    "demand": [
        {"item": "cog", "customer": "shop", "due": "2026-12-07", "quantity": 10},
        {"item": "cog", "customer": "fair", "due": "2026-12-21", "quantity": 20},
        {"item": "pin", "customer": "shop", "due": "2026-12-07", "quantity": 10},
    ],
}
CAPACITY: Mapping[str, Table] = {
    "items": [{"item": "cog", **PLAIN}, {"item": "nut", **PLAIN, "backorder_cost": 1}],
    "suppliers": [{"supplier": "near"}, {"supplier": "other"}],
    "sourcing": [
        {"item": "cog", "supplier": "near", "unit_cost": 10, "lead_time": 1},
        {"item": "nut", "supplier": "other", "unit_cost": 1, "lead_time": 1},
    ],
    "supplier_capacity": [
        {"supplier": "near", "period": day, "capacity": 10} for day in ("2026-11-23", "2026-11-30", "2026-12-07")
    ],
    "inventory": [{"item": "nut", "location": "main", "on_hand": 3}],
    "demand": [
        {"item": "cog", "customer": "vip", "due": "2026-11-30", "quantity": 10, "backorder_cost": ""},
        {"item": "cog", "customer": "shop", "due": "2026-11-30", "quantity": 10, "backorder_cost": 3},
        {"item": "nut", "customer": "shop", "due": "2026-11-23", "quantity": 5, "backorder_cost": ""},
    ],
}


def write(folder: Path, tables: Mapping[str, Table], periods: int = 6) -> Path:
    """An instance as files."""
    folder.mkdir(parents=True)
    (folder / "instance.toml").write_text(
        f'name = "tiny"\nstart = 2026-11-23\nperiods = {periods}\n[solve]\ngap = 0.0\ntime_limit = 30\n'
    )
    for name, rows in tables.items():
        lines = [",".join(rows[0]), *(",".join(str(cell) for cell in row.values()) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


def planned(folder: Path, tables: Mapping[str, Table]) -> Path:
    """The plan of an instance, published beside it."""
    with pytest.MonkeyPatch.context() as patch, tables_only():
        patch.setattr(planning, "Engine", InProcess)
        planning.plan(read(write(folder / "instance", tables)), out=folder / "plan")
    return folder / "plan"
