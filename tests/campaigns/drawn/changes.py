"""Changes of an instance after which its optimum is known: the same, a multiple of it, or not above it.

Units are taken from the declarations of the tables, so a rule that is added later is changed as well.
"""

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from models import schema
from models.tables import Column, Kind
from tests.campaigns.drawn.rule import Drawn

MASTERS = {"items": "item", "suppliers": "supplier", "customers": "customer", "locations": "location"}
ODD = ("00123", "NA", "null", "None", "1E5", "=1+1", "-7", "x,y", 'say "q"', "ß", "日本", "true", "a'b", "N/A", "#REF!")
PER_UNIT = ("money per unit", "unit of volume per unit", "unit of weight per unit", "unit of capacity per unit",
            "unit of work per unit")  # fmt: skip
RATE = "money per money and period"


def permuted(dice: random.Random, drawn: Drawn) -> Drawn:
    """Tables, columns and rows in another order."""
    tables = {}
    for name in dice.sample(list(drawn.tables), len(drawn.tables)):
        of = drawn.tables[name]
        rows = list(range(len(next(iter(of.values()), []))))
        dice.shuffle(rows)
        tables[name] = {column: [of[column][row] for row in rows] for column in dice.sample(list(of), len(of))}
    return Drawn(tables, drawn.settings)


def renamed(dice: random.Random, drawn: Drawn) -> Drawn:
    """Other ids for items, suppliers, customers and locations."""
    changed = drawn.copy()
    for master, kind in MASTERS.items():
        known = {cell for of in naming(drawn, master) for cell in of if cell}
        known |= set(drawn.ids(kind)) - {"main"}
        if kind == "location" and not known:
            continue
        odd = dice.sample(ODD, len(ODD))
        new = {old: odd.pop() if odd and dice.random() < 0.5 else f"{kind} {k}" for k, old in enumerate(sorted(known))}
        for cells in naming(changed, master):
            cells[:] = [new.get(cell, cell) for cell in cells]
    return changed


def naming(drawn: Drawn, master: str) -> list[list[str]]:
    """The columns that hold ids of a master table."""
    found = []
    for name, of in drawn.tables.items():
        declared = schema.tables().get(name)
        for column in declared.all_columns if declared else ():
            names_it = column.refers == master or (column.name == MASTERS[master] and column.kind is Kind.TEXT)
            if names_it and column.name in of:
                found.append(of[column.name])
    return found


def in_other_units(factor: Decimal) -> Callable[[random.Random, Drawn], Drawn]:
    """Every quantity times a factor, and what is per unit divided by it: kilograms for tonnes."""

    def change(dice: random.Random, drawn: Drawn) -> Drawn:
        def of(column: Column) -> Decimal:
            if column.unit == "unit":
                return factor
            return 1 / factor if column.unit.startswith(PER_UNIT) and column.unit != "unit per unit" else Decimal(1)

        def known(column: Column) -> Decimal:
            return Decimal(1) if column.unit.startswith(("money per unit of", "money per unit asked")) else of(column)

        changed = _scaled(drawn, known)
        return _scaled(changed, lambda column: 1 / factor if column.unit == "money per unit asked" else Decimal(1))

    return change


def in_other_money(factor: Decimal) -> Callable[[random.Random, Drawn], Drawn]:
    """Every amount of money times a factor: cents for euros."""

    def change(dice: random.Random, drawn: Drawn) -> Drawn:
        return _scaled(
            drawn, lambda column: factor if column.unit.startswith("money") and column.unit != RATE else Decimal(1)
        )

    return change


def _scaled(drawn: Drawn, factor: Callable[[Column], Decimal]) -> Drawn:
    """Cells times the factor of their column; a default that is a number is written out where it would change."""
    changed = drawn.copy()
    for name, of in changed.tables.items():
        declared = schema.tables().get(name)
        count = len(next(iter(of.values()), []))
        for column in declared.all_columns if declared else ():
            times = factor(column)
            if times == 1 or column.kind is Kind.TEXT:
                continue
            default = str(column.default) if isinstance(column.default, float) and column.default else ""
            if default or column.name in of:
                cells = of.get(column.name, [""] * count)
                of[column.name] = [
                    text_of(Decimal(cell or default) * times) if cell or default else "" for cell in cells
                ]
    return changed


def text_of(value: Decimal) -> str:
    """Without an exponent."""
    return f"{value.normalize():f}"


def with_useless_supplier(dice: random.Random, drawn: Drawn) -> Drawn:
    """A supplier whose goods would all arrive after the horizon."""
    changed = drawn.copy()
    _append(changed, "suppliers", {"supplier": "useless"})
    costs = [Decimal(cell) for cell in drawn.tables["sourcing"]["unit_cost"]]
    for item in dict.fromkeys(drawn.tables["sourcing"]["item"]):  # else its stock has an ending value all at once
        row = {
            "item": item,
            "supplier": "useless",
            "unit_cost": text_of(max(costs)),
            "lead_time": drawn.settings["periods"],
        }
        _append(changed, "sourcing", row)
    return changed


def with_more_capacity(dice: random.Random, drawn: Drawn) -> Drawn | None:
    """Suppliers, locations and their people can do more; None where there are no such limits."""
    places = [
        ("supplier_capacity", "capacity"), ("supplier_capacity", "overtime_capacity"), ("sourcing", "maximum_quantity"),
        ("suppliers", "maximum_order_value"), ("handling", "receiving_capacity"), ("handling", "shipping_capacity"),
        ("locations", "volume_capacity"), ("locations", "weight_capacity"), ("budgets", "amount"),
        ("transfers", "maximum_quantity"),
    ]  # fmt: skip
    there = [place for place in places if drawn.has(*place)]
    if not there:
        return None
    changed, factor = drawn.copy(), dice.choice([Decimal("1.5"), Decimal(2), Decimal(10)])
    for table, column in there:
        of = changed.tables[table]
        of[column] = [text_of(Decimal(cell) * factor) if cell else "" for cell in of[column]]
    return changed


def with_dearer_shortage(factor: Decimal) -> Callable[[random.Random, Drawn], Drawn]:
    """What is never delivered costs more by a factor, everywhere."""

    def change(dice: random.Random, drawn: Drawn) -> Drawn:
        changed = _scaled(drawn, lambda column: factor if column.name == "shortage_cost" else Decimal(1))
        costs = changed.settings.setdefault("costs", {})
        costs["shortage_rate"] = float(factor) * float(costs.get("shortage_rate", 2.0))
        return changed

    return change


def another(dice: random.Random, drawn: Drawn) -> Drawn:
    """The instance with other ids for all but locations, other stock, and without some of the demand."""
    other = drawn.copy()
    for master in ("items", "suppliers", "customers"):
        for cells in naming(other, master):
            cells[:] = [f"{cell}'" if cell else "" for cell in cells]
    of = other.tables["inventory"]
    if "on_hand" in of:
        of["on_hand"] = [text_of(Decimal(cell) + dice.randint(0, 3)) if cell else "" for cell in of["on_hand"]]
    if "open_orders" in other.tables:
        other.tables["open_orders"]["order"] = [f"{cell}'" for cell in other.tables["open_orders"]["order"]]
    demand = other.tables["demand"]
    kept = [row for row in range(len(demand["item"])) if not row or dice.random() < 0.7]
    other.tables["demand"] = {column: [cells[row] for row in kept] for column, cells in demand.items()}
    return other


def joined(one: Drawn, other: Drawn) -> Drawn:
    """Both in one; locations stand once."""
    both = one.copy()
    for name, of in other.tables.items():
        known = set(both.tables.get(name, {}).get("location", [])) if name == "locations" else set()
        for row in range(len(next(iter(of.values()), []))):
            cells = {column: values[row] for column, values in of.items()}
            if cells.get("location") not in known:
                _append(both, name, cells)
    return both


def _append(drawn: Drawn, table: str, row: Mapping[str, Any]) -> None:
    of = drawn.tables.setdefault(table, {column: [] for column in row})
    count = len(next(iter(of.values()), []))
    for column in row:
        of.setdefault(column, [""] * count)
    for column, cells in of.items():
        cells.append(str(row.get(column, "")))
