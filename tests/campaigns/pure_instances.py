"""Random small instances that lots and gates are all of: what both roads can plan.

Four kinds. "odd": the random instances of `tests.reference`, without the rules that lots do not know (shares, safety
stock, maxima, quantity steps, overtime, lines that any location may deliver); what stays is dated rows, packs, smallest
and largest quantities, setup use, joint order costs, least and most order values, capacities, open orders, old
backorders, frozen periods, fractional packs. "crowded": a few items of the benchmark family over a short horizon, whose
suppliers can hardly take on all of them. "ridden": as odd, with shares, safety stock and maxima. "priced": odd and
crowded ones in turn, with price breaks for half of what is sold.
"""

import random
from collections.abc import Mapping
from typing import Any, Literal

from benchmarks import family
from tests.reference.random_instances import random_instance

Kind = Literal["odd", "crowded", "ridden", "priced"]
Tables = dict[str, dict[str, list[str]]]
UNKNOWN = {
    "items": {"quantity_step"},
    "inventory": {"safety_stock", "safety_stock_cost", "maximum", "overstock_cost"},
    "sourcing": {"share_min", "share_max"},
    "supplier_capacity": {"overtime_capacity", "overtime_cost"},
}
LINE = ("item", "customer", "due", "location", "reference")  # an empty kind is one, too
RIDDEN = {"inventory", "sourcing"}  # tables whose rules are riders
BREAKS = ((10, 0.9), (25, 0.8), (60, 0.65))  # quantity from which on a price holds, and its share of the list price
ITEMS, SUPPLIERS, WEEKS = (2, 6), (3, 4), (4, 7)  # of crowded instances, at least and at most


def pure_instance(number: int, kind: Kind) -> tuple[Tables, dict[str, Any]]:
    """The text tables and settings of an instance; the same for the same number."""
    if kind == "priced":
        tables, settings = pure_instance(number, "crowded" if number % 2 else "odd")
        return _with_breaks(tables, random.Random(number)), settings
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


def _with_breaks(tables: Tables, dice: random.Random) -> Tables:
    """Up to three prices of larger quantities for half of the pairs of item and supplier.

    Nothing is worth anything at the end: it could be more than the lowest price. Where a joint order's worth is
    limited, no price holds for what is beyond the break alone.
    """
    sold, items = tables["sourcing"], tables["items"]
    limited = any(tables["suppliers"].get(name) for name in ("minimum_order_value", "maximum_order_value"))
    kinds = ["all_units"] if limited else ["all_units", "incremental"]
    prices = dict(zip(zip(sold["item"], sold["supplier"], strict=True), sold["unit_cost"], strict=True))
    breaks: dict[str, list[str]] = {name: [] for name in ("item", "supplier", "minimum_quantity", "unit_cost", "kind")}
    for (item, supplier), price in prices.items():
        kind, some = dice.choice(kinds), dice.sample(BREAKS, dice.choice([0, 0, 1, 2, 3]))
        for quantity, share in sorted(some):
            row = (item, supplier, str(quantity), f"{share * float(price):.4f}", kind)
            for column, cell in zip(breaks.values(), row, strict=True):
                column.append(cell)
    worthless = {name: cells for name, cells in items.items() if name != "ending_value"}
    return tables | {"items": worthless, "price_breaks": breaks}


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
