"""Random small instances that lots and gates are all of: what both roads can plan.

Three kinds. "odd": the random instances of `tests.reference`, without the rules that lots do not know (shares, safety
stock, maxima, quantity steps, overtime, lines that any location may deliver); what stays is dated rows, packs, smallest
and largest quantities, setup use, joint order costs, least and most order values, capacities, open orders, old
backorders, frozen periods, fractional packs. "crowded": a few items of the benchmark family over a short horizon, whose
suppliers can hardly take on all of them. "ridden": as odd, with shares, safety stock and maxima.
"""

import random
from collections.abc import Mapping
from typing import Any, Literal

from benchmarks import family
from tests.reference.random_instances import random_instance

Kind = Literal["odd", "crowded", "ridden"]
Tables = dict[str, dict[str, list[str]]]
UNKNOWN = {
    "items": {"quantity_step"},
    "inventory": {"safety_stock", "safety_stock_cost", "maximum", "overstock_cost"},
    "sourcing": {"share_min", "share_max"},
    "supplier_capacity": {"overtime_capacity", "overtime_cost"},
}
LINE = ("item", "customer", "due", "location", "reference")  # an empty kind is one, too
RIDDEN = {"inventory", "sourcing"}  # tables whose rules are riders
ITEMS, SUPPLIERS, WEEKS = (2, 6), (3, 4), (4, 7)  # of crowded instances, at least and at most


def pure_instance(number: int, kind: Kind) -> tuple[Tables, dict[str, Any]]:
    """The text tables and settings of an instance; the same for the same number."""
    if kind == "crowded":
        return _crowded(number)
    return _odd(number, {name: columns for name, columns in UNKNOWN.items() if kind == "odd" or name not in RIDDEN})


def _odd(number: int, unknown: Mapping[str, set[str]]) -> tuple[Tables, dict[str, Any]]:
    tables, settings = random_instance(number, "medium")
    tables = {
        name: {column: cells for column, cells in table.items() if column not in unknown.get(name, set())}
        for name, table in tables.items()
    }
    locations = sorted({place for table in ("inventory", "locations") for place in _places(tables, table)})
    if len(locations) > 1:
        dice, demand = random.Random(number), tables["demand"]
        demand["location"] = [place or dice.choice(locations) for place in demand["location"]]
        keys = list(zip(*(demand[name] for name in LINE if name in demand), strict=True))
        first = [keys.index(key) == row for row, key in enumerate(keys)]
        tables["demand"] = {
            name: [cell for cell, kept in zip(cells, first, strict=True) if kept] for name, cells in demand.items()
        }
    return tables, settings


def _places(tables: Tables, name: str) -> list[str]:
    return tables.get(name, {}).get("location", [])


def _crowded(number: int) -> tuple[Tables, dict[str, Any]]:
    dice = random.Random(number)
    items, suppliers, weeks = (dice.randint(*limits) for limits in (ITEMS, SUPPLIERS, WEEKS))
    made = family.tables(items, suppliers, number)
    tables = {
        name: {str(column): [str(cell) for cell in cells] for column, cells in table.items()}
        for name, table in made.items()
    }
    horizon: Mapping[str, int] = {"whole_packs": dice.randint(0, weeks)}
    return tables, {"name": f"crowded-{number}", "start": family.START, "periods": weeks, "horizon": horizon}
