"""Small random instances of the contract: valid, odd, and the same for the same seed.

Each instance draws which optional tables and columns it has. All are feasible, because nothing need be ordered or
delivered. Odd but valid things that occur: lead times of 0 and beyond the horizon, old backorders, overdue open
orders, dated sourcing rows, a location's own rows, shares, demand of zero, empty optional tables, empty cells for
defaults, negative stock, columns nobody declared, ids such as `00123`, `NA`, `a b`, `ß`. Dated rows may
leave the first day of a period to neither, and shares may be those of an item that has rows for one location beside
rows for all: the contract leaves both open, and `contract.py` says how they are read.

Sizes: "tiny" (for enumeration: whole quantities, small maxima), "small", "medium".
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from tests.reference.folder import Row, table_of
from tests.reference.periods import DAYS_PER_PERIOD, Calendar

Size = Literal["tiny", "small", "medium"]

ITEM_IDS = ("00123", "123", "NA", "a b", "ß", "1E5", "None", "A-7", "x,y", 'say "q"', "nan", "β-9")
SUPPLIER_IDS = ("S1", "0042", "null", "Müller & Söhne", "42")
LOCATION_IDS = ("main", "0001", "N/A")
CUSTOMER_IDS = ("C1", "007", "ß c", "true", "1.0")
SHARES = (
    (("0.3", "0.8"), ("0.1", "")),
    (("", "0.6"), ("", "0.75")),
    (("0.25", ""), ("", "")),
    (("0.2", "0.7"), ("0.25", "0.9")),
)


@dataclass(frozen=True)
class _Limits:
    items: int
    suppliers: int
    customers: tuple[int, int]
    periods: tuple[int, int]
    quantity: int


LIMITS = {
    "tiny": _Limits(2, 2, (1, 2), (2, 3), 5),
    "small": _Limits(3, 3, (2, 3), (3, 6), 30),
    "medium": _Limits(6, 4, (2, 4), (3, 10), 60),
}


def random_instance(seed: int, size: Size = "small") -> tuple[dict[str, dict[str, list[str]]], dict[str, Any]]:
    """A valid instance: its text tables, and its settings as `tomllib` would give them."""
    return _Generator(seed, size).build()


class _Generator:
    """Draws one instance."""

    def __init__(self, seed: int, size: Size) -> None:
        self.dice = random.Random(f"{size} {seed}")
        self.seed, self.size, self.limits = seed, size, LIMITS[size]
        self.tiny = size == "tiny"
        self.unit = self.dice.choice(("day", "week", "week", "month"))
        self.periods = self.dice.randint(*self.limits.periods)
        self.start = date(2026, 1, 1) + timedelta(days=self.dice.randint(0, 700))
        self.calendar = Calendar.starting(self.start, self.unit, self.periods)
        self.items = self.dice.sample(ITEM_IDS, self.dice.randint(1, self.limits.items))
        self.suppliers = self.dice.sample(SUPPLIER_IDS, self.dice.randint(1, self.limits.suppliers))
        self.customers = self.dice.sample(CUSTOMER_IDS, self.dice.randint(*self.limits.customers))
        two_locations = self.chance(0.35) and not (self.tiny and len(self.items) > 1)
        self.locations = self.dice.sample(LOCATION_IDS, 2 if two_locations else 1)
        self.names_locations = self.chance(0.4)
        self.whole = self.tiny or self.chance(0.6)  # all quantities are whole numbers
        self.price = {item: self.dice.randint(2, 20) for item in self.items}
        # Whole quantities at an item: a step, or a pack in every sourcing row (so that a grid holds an optimum).
        self.step = {
            item: self.dice.choice(("1", "1", "2")) for item in self.items if self.chance(0.5 if self.tiny else 0.25)
        }

    def chance(self, probability: float) -> bool:
        return self.dice.random() < probability

    def maybe(self, probability: float, text: str) -> str:
        return text if self.chance(probability) else ""

    def money(self, low: float, high: float) -> str:
        return _text(self.dice.uniform(low, high), 2)

    def quantity(self, low: int, high: int) -> str:
        return str(self.dice.randint(low, high)) if self.whole else _text(self.dice.uniform(low, high), 1)

    def a_day_in(self, period: int) -> str:
        first, last = self.calendar.first_day(period), self.calendar.last_day(period)
        return (first + timedelta(days=self.dice.randint(0, (last - first).days))).isoformat()

    def build(self) -> tuple[dict[str, dict[str, list[str]]], dict[str, Any]]:
        sourcing = self.sourcing()
        tables = {
            "items": table_of([self.item(item, sourcing) for item in self.items]),
            "suppliers": table_of([self.supplier(supplier) for supplier in self.suppliers]),
            "sourcing": table_of(sourcing),
            "inventory": table_of(self.inventory()),
            "demand": table_of(self.demand()),
        }
        if self.chance(0.6):
            tables["customers"] = table_of([self.customer(customer) for customer in self.customers])
        if self.names_locations:
            tables["locations"] = table_of([{"location": location} for location in self.locations])
        if self.chance(0.6):
            columns: tuple[str, ...] = ("order", "line", "arrival", "item", "supplier", "location", "quantity")
            tables["open_orders"] = table_of([] if self.chance(0.2) else self.open_orders(), columns)
        if self.chance(0.6):
            columns = ("supplier", "period", "capacity", "overtime_capacity", "overtime_cost")
            tables["supplier_capacity"] = table_of([] if self.chance(0.2) else self.capacity(), columns)
        if self.chance(0.1):
            tables["items"]["buyer"] = ["Ann" for _ in self.items]
        return tables, self.settings()

    def settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "name": f"random-{self.size}-{self.seed}",
            "start": self.start,
            "periods": self.periods,
        }
        if self.unit != "week" or self.chance(0.5):
            settings["period"] = self.unit
        horizon: dict[str, Any] = {}
        if self.chance(0.25):
            horizon["frozen"] = self.dice.randint(0, 1 if self.tiny else 2)
        if not self.tiny and self.chance(0.3):
            horizon["whole_packs"] = self.dice.randint(0, self.periods)
        if self.chance(0.3):
            horizon["overdue_arrival"] = self.dice.randint(0, self.periods)
        costs = {"holding_rate": 1.5, "backorder_rate": 0.08, "shortage_rate": 1.7} if self.chance(0.3) else {}
        return settings | ({"horizon": horizon} if horizon else {}) | ({"costs": costs} if costs else {})

    def item(self, item: str, sourcing: Sequence[Row]) -> Row:
        lowest = min((Fraction(row["unit_cost"]) for row in sourcing if row["item"] == item), default=Fraction(0))
        price = self.price[item]
        ending = "" if self.chance(0.4) else _text(float(lowest) * self.dice.choice((0, 0.5, 0.8)), 2, down=True)
        return {
            "item": item,
            "class": self.maybe(0.3, "A"),
            "quantity_step": self.step.get(item, ""),
            "price": self.maybe(0.5, self.money(price * 0.9, price * 1.5)) if lowest else str(price),
            "holding_cost": self.maybe(0.7, self.money(0, price * 0.1)),
            "backorder_cost": self.maybe(0.6, self.money(0, price * 0.3)),
            "shortage_cost": self.maybe(0.6, self.money(price * 0.8, price * 5)),
            "max_delay": self.maybe(0.4, str(self.dice.randint(0, self.periods + 1))),
            "ending_value": ending if lowest else "0",
        }

    def customer(self, customer: str) -> Row:
        weight = self.maybe(0.7, self.dice.choice(("0.5", "1", "2.5")))
        return {"customer": customer, "class": self.maybe(0.5, "NA"), "weight": weight}

    def supplier(self, supplier: str) -> Row:
        small, large = self.limits.quantity * 2, self.limits.quantity * 10
        minimum = self.maybe(0.4, str(self.dice.randint(small, large)))
        return {
            "supplier": supplier,
            "order_cost": self.maybe(0.6, self.money(1, small * 2)),
            "minimum_order_value": minimum,
            "maximum_order_value": self.maybe(0.2, str(self.dice.randint(2 * large, 4 * large))),
        }

    def sourcing(self) -> list[Row]:
        rows = []
        for item in self.items:
            if len(self.items) > 1 and self.chance(0.08):
                continue  # nobody sells it
            suppliers = self.dice.sample(self.suppliers, self.dice.randint(1, min(3, len(self.suppliers))))
            shape = (
                self.dice.choice(("all", "all", "own", "mixed"))
                if len(self.locations) > 1
                else self.dice.choice(("all", "own"))
            )
            shares = self.shares(suppliers) if self.chance(0.4) else {}
            for supplier in suppliers:
                places = {"all": [""], "own": self.locations, "mixed": ["", self.locations[0]]}[shape]
                for place in places:
                    rows += [row | shares.get(supplier, {}) for row in self.dated_rows(item, supplier, place)]
        return rows or self.dated_rows(self.items[0], self.suppliers[0], "")

    def shares(self, suppliers: Sequence[str]) -> dict[str, Row]:
        if len(suppliers) < 2:
            return {}
        limits = self.dice.choice(SHARES)
        return {
            supplier: {"share_min": low, "share_max": high}
            for supplier, (low, high) in zip(suppliers[:2], limits, strict=True)
        }

    def dated_rows(self, item: str, supplier: str, location: str) -> list[Row]:
        rows = [self.sourcing_row(item, supplier, location) for _ in range(2 if self.chance(0.25) else 1)]
        change = self.calendar.first_day(self.dice.randint(0, self.periods))
        gap = self.dice.choice((0, 0, DAYS_PER_PERIOD[self.unit] * 2))
        if len(rows) == 2:
            # The first row ends in a period's midst where the second begins a day later: the first day decides.
            late = self.dice.choice((0, 0, 1)) if self.unit != "day" else 0
            rows[0] |= {"valid_from": "", "valid_to": (change + timedelta(days=late - 1)).isoformat()}
            rows[1] |= {"valid_from": (change + timedelta(days=late + gap)).isoformat(), "valid_to": ""}
            if self.unit != "day" and self.chance(0.2):
                days = (change + timedelta(days=n) for n in (1, 2, 4))
                rows[0]["valid_from"], rows[0]["valid_to"], rows[1]["valid_from"] = (d.isoformat() for d in days)
        elif self.chance(0.15):
            rows[0] |= {"valid_from": change.isoformat(), "valid_to": ""}
        return rows

    def sourcing_row(self, item: str, supplier: str, location: str) -> Row:
        most, price = self.limits.quantity, self.price[item]
        packed = self.chance(0.5) or (self.tiny and item not in self.step)
        pack = self.dice.randint(1, 3 if self.tiny else 12)
        step = int(self.step.get(item, "1"))
        grid = pack * step if packed else step
        minimum = self.dice.randint(1, 4 if self.tiny else most) if self.chance(0.5) else 0
        maximum = ceil(max(minimum, 1) / grid) * grid + grid * self.dice.randint(0, 1 if self.tiny else 6)
        lead_time = (
            self.dice.choice((0, 0, 1, 1, 2, 3, self.periods, self.periods + 2))
            if not self.tiny
            else self.dice.choice((0, 1, 1, 2))
        )
        days = max(0, lead_time * DAYS_PER_PERIOD[self.unit] - self.dice.randint(0, DAYS_PER_PERIOD[self.unit] - 1))
        in_days = self.chance(0.3)
        return {
            "item": item,
            "supplier": supplier,
            "location": location,
            "unit_cost": self.money(price * 0.8, price * 1.2),
            "lead_time": "" if in_days else str(lead_time),
            "lead_time_days": str(days) if in_days else "",
            "order_cost": self.maybe(0.5, self.money(1, price * 3)),
            "minimum_quantity": str(minimum) if minimum else "",
            "multiple": str(pack) if packed else "",
            "maximum_quantity": str(maximum) if self.tiny or self.chance(0.3) else "",
            "capacity_use": self.maybe(0.3, self.dice.choice(("0.5", "1", "2"))),
            "capacity_setup": self.maybe(0.3, str(self.dice.randint(1, 3))),
        }

    def inventory(self) -> list[Row]:
        rows: list[Row] = []
        for item in self.items:
            for location in self.locations:
                if rows and self.names_locations and self.chance(0.15):
                    continue  # an item without a record has no stock
                safety = self.dice.randint(1, max(2, self.limits.quantity // 2)) if self.chance(0.4) else 0
                on_hand = self.dice.choice(("0", "-3", self.quantity(0, 3), self.quantity(0, self.limits.quantity)))
                rows.append({
                    "item": item,
                    "location": location,
                    "on_hand": self.maybe(0.9, on_hand),
                    "safety_stock": str(safety) if safety else "",
                    "safety_stock_cost": self.maybe(0.3, self.money(0, self.price[item] * 0.3)),
                    "maximum": str(safety + self.dice.randint(1, self.limits.quantity)) if self.chance(0.3) else "",
                    "overstock_cost": self.maybe(0.4, self.money(0, self.price[item] * 0.3)),
                })  # fmt: skip
        return rows

    def demand(self) -> list[Row]:
        rows: dict[tuple[str, ...], Row] = {}
        for item in self.items:
            for _ in range(self.dice.randint(*((2, 4) if self.tiny else (2, 2 * self.periods)))):
                period = (
                    self.dice.randint(-2, self.periods) if self.chance(0.3) else self.dice.randint(0, self.periods - 1)
                )
                price, kind = self.price[item], self.dice.choice(("order", "", "forecast"))
                row = {
                    "item": item,
                    "customer": self.dice.choice(self.customers),
                    "due": self.a_day_in(period),
                    "kind": kind,
                    "location": self.dice.choice(self.locations) if self.chance(0.25) else "",
                    "reference": self.maybe(0.3, self.dice.choice(("0001", "NA", "PO 7"))),
                    "quantity": self.quantity(0, self.limits.quantity) if self.chance(0.95) else "0",
                    "backorder_cost": self.maybe(0.3, self.money(0, price * 0.4)),
                    "shortage_cost": self.maybe(0.3, self.money(price * 0.8, price * 6)),
                    "max_delay": self.maybe(0.2, str(self.dice.randint(0, self.periods))),
                }
                rows[tuple(row[name] for name in ("item", "customer", "due", "location", "reference"))] = row
        return list(rows.values())

    def open_orders(self) -> list[Row]:
        rows: list[Row] = []
        for number in range(self.dice.randint(1, 4)):
            period = self.dice.randint(-3, self.periods)
            rows.append({
                "order": self.dice.choice(("4500001", "PO-1")),
                "line": str(10 * (number + 1)),
                "arrival": self.a_day_in(period),
                "item": self.dice.choice(self.items),
                "supplier": self.dice.choice(self.suppliers),
                "location": self.dice.choice(self.locations),
                "quantity": self.quantity(1, max(2, self.limits.quantity // 3)),
            })  # fmt: skip
        return rows

    def capacity(self) -> list[Row]:
        rows = []
        for supplier in self.suppliers:
            for period in range(-1, self.periods + 1):
                if self.chance(0.6):
                    overtime = self.chance(0.4)
                    rows.append({
                        "supplier": supplier,
                        "period": self.a_day_in(period),
                        "capacity": self.maybe(0.9, str(self.dice.randint(0, 2 * self.limits.quantity))),
                        "overtime_capacity": str(self.dice.randint(1, self.limits.quantity)) if overtime else "",
                        "overtime_cost": self.money(0.1, 3) if overtime else "",
                    })  # fmt: skip
        return rows


def _text(value: float, decimals: int, down: bool = False) -> str:
    """A short decimal; rounded down where asked."""
    scale = 10**decimals
    units = int(value * scale) if down else round(value * scale)
    whole, rest = divmod(units, scale)
    return f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".")
