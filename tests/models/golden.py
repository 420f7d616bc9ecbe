"""Golden LPs: each part as Pyomo writes it, with the parts that own its accounts, on an instance of a few rows.

    python -m tests.models.golden      prints a digest of each, so that two runs can be compared

What a change does to a rule is then a line in a diff. A part that needs a row more than the small instance has says so
beside its test: `BESIDE` (rows by table, each beside those that are there, or more cells of the one with its key) and
`BESIDE_SETTINGS`. Other goldens never change for it.
"""

import hashlib
import importlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyomo.repn.plugins.lp_writer import LPWriter

from models import schema
from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import in_order, parts
from tests.models.solved import BY_NAME, PLAIN, Row, instance

FOLDER = Path(__file__).parent / "golden"
ORDERS = ("ordered", "placed", "line_value", "can_arrive")
TINY: dict[str, list[Row]] = {
    "items": [
        PLAIN | {"item": "nut", "quantity_step": 2, "ending_value": 1.5},
        PLAIN | {"item": "rod", "max_delay": 1, "backorder_cost": 0.5, "shortage_cost": 30},
    ],
    "suppliers": [
        {"supplier": "ACME", "order_cost": 20, "minimum_order_value": 50},
        {"supplier": "BOLT", "order_cost": 3, "maximum_order_value": 400},
    ],
    "customers": [{"customer": "shop", "weight": 2}],
    "sourcing": [
        {
            "item": "nut", "supplier": "ACME", "unit_cost": 2, "lead_time": 1, "order_cost": 4, "multiple": 6,
            "minimum_quantity": 10, "capacity_setup": 1, "share_max": 0.75,
        },
        {
            "item": "nut", "supplier": "BOLT", "unit_cost": 3, "lead_time": 0, "share_min": 0.25,
            "capacity_use": 0.5, "minimum_quantity": 8,
        },
        {
            "item": "rod", "supplier": "BOLT", "unit_cost": 8, "lead_time": 1,
            "minimum_quantity": 6, "maximum_quantity": 40,
        },
    ],
    "supplier_capacity": [
        {"supplier": "ACME", "period": 0, "capacity": 60, "overtime_capacity": 10, "overtime_cost": 0.25},
        {"supplier": "BOLT", "period": 1, "capacity": 9},
    ],
    "inventory": [
        {"item": "nut", "on_hand": 7, "safety_stock": 5, "maximum": 25},
        {"item": "rod", "on_hand": 1, "maximum": 9, "overstock_cost": 0.75},
    ],
    "open_orders": [{"item": "rod", "supplier": "BOLT", "arrival": 1, "quantity": 3}],
    "demand": [
        {"item": "nut", "customer": "shop", "due": 0, "quantity": 12},
        {"item": "nut", "customer": "shop", "due": 2, "quantity": 20, "kind": "forecast"},
        {"item": "rod", "customer": "shop", "due": 1, "quantity": 6},
    ],
}  # fmt: skip
Beside = tuple[dict[str, list[Row]], dict[str, Any]]
SETTINGS: dict[str, Any] = {"horizon.frozen": 1, "horizon.whole_packs": 2}


def with_owners(part: Part) -> tuple[Part, ...]:
    """A part, and those without which it cannot be built: the owners of its accounts, and what it uses."""
    needed, open_ones = {part}, [part]
    while open_ones:
        one = open_ones.pop()
        wanted = {*one.posts, *one.uses}
        for other in parts():
            if other not in needed and wanted & {*other.owns, *other.offers}:
                needed.add(other)
                open_ones.append(other)
    return in_order(list(needed))


def cast(part: Part) -> tuple[Part, ...]:
    """The part and the owners of its accounts; where anything is ordered, also those who want it.

    A part that has no account speaks by figures about order lines (frozen periods): it is shown with these.
    """
    chosen = {*with_owners(part)}
    silent = not (part.posts or part.owns or part.offers or part.uses)
    if silent or any(set(ORDERS) & set(one.offers) for one in chosen):
        chosen |= {*with_owners(BY_NAME["sourcing"]), *with_owners(BY_NAME["fulfilment"])}
    return in_order(list(chosen))


# What some rules leave without a row where all rules are there: an item that no rule holds back, for pegging; one that
# may be replaced; ways that take no time, for what has to be delivered soon.
FREE: dict[str, list[Row]] = {
    "items": [PLAIN | {"item": "pin", "handling_use": 0}, PLAIN | {"item": "clip"}],
    "substitutes": [{"item": "clip", "substitute": "rod"}],
    "sourcing": [{"item": "pin", "supplier": "BOLT", "unit_cost": 1, "lead_time": 1}],
    "inventory": [{"item": "pin", "on_hand": 4}],
    "open_orders": [{"order": "S", "item": "pin", "arrival": 1, "quantity": 3}],
    "demand": [{"item": "pin", "customer": "shop", "due": t, "quantity": 5} for t in range(3)]
    + [{"item": "clip", "customer": "shop", "due": 0, "quantity": 4, "policy": "gain", "confirmed": 1}],
    "lanes": [{"customer": "shop", "lead_time": 0}, {"customer": "mill"}],
}


def tiny(*chosen: Part) -> Instance:
    """Two items, two suppliers, three weeks, one row or two of most tables, and the rows that some parts ask for."""
    return _made(_beside(chosen))


def everything(periods: int = 3) -> Instance:
    """The small instance with the rows that any part asks for, nothing frozen: every rule of every part has a row."""
    return _made([*_beside(parts()), (FREE, {"horizon.frozen": 0})], periods)


def _beside(chosen: Iterable[Part]) -> list[Beside]:
    """What the tests of parts ask for."""
    tests = [importlib.import_module(f"tests.models.parts.test_{part.name}") for part in chosen]
    return [(getattr(test, "BESIDE", {}), getattr(test, "BESIDE_SETTINGS", {})) for test in tests]


def _made(beside: Iterable[Beside], periods: int = 3) -> Instance:
    tables: dict[str, Any] = dict(TINY)
    settings = dict(SETTINGS)
    for more, changed in beside:
        for table, rows in more.items():
            tables[table] = with_rows(table, tables.get(table, ()), rows)
        settings |= changed
    return instance(periods=periods, settings=settings, **tables)


def with_rows(table: str, known: Iterable[Row], more: Iterable[Row]) -> list[Row]:
    """Rows with others beside them; one whose key is known adds its cells to that row."""
    key = [column.name for column in schema.tables()[table].key]
    rows = [dict(row) for row in known]
    for row in more:
        same = [one for one in rows if all(one.get(name) == row.get(name) for name in key)]
        if same:
            same[0].update(row)
        else:
            rows.append(dict(row))
    return rows


def written(part: Part) -> str:
    """The LP of a part, with symbols for names."""
    made, chosen = tiny(part), cast(part)
    m, _ = build(made, derive(made, chosen), chosen)
    page = io.StringIO()
    LPWriter().write(m, page, symbolic_solver_labels=True)
    return page.getvalue()


def digests() -> dict[str, str]:
    """SHA-256 of every part's LP."""
    return {part.name: hashlib.sha256(written(part).encode()).hexdigest() for part in parts()}


if __name__ == "__main__":
    for name, digest in digests().items():
        print(name, digest)
