"""The random family: instances of any size that look alike, from 20 to 100,000 items.

    python -m benchmarks.family ITEMS SUPPLIERS SEED FOLDER [--with rich|priced|limited]

26 weeks; three suppliers an item, three customers. An item's weekly demand is Poisson around a seasonal mean whose
level is log-normal; so is its price. Order lines have a fixed cost, a minimum and packs (whole in the first six weeks)
and arrive after one to four weeks. A supplier has, per week, a joint order cost, a minimum order value and a capacity
in money, in proportion to the value v of what it would deliver in a week if demand were split evenly:

    order_cost = 0.05 v + 50      minimum_order_value = 0.5 v      capacity = 1.1 v

Larger customers cost more when they wait or go short. What is left at the end is worth 70% of the lowest price.

There are three kinds with more rules. The additions come from a second stream of random numbers, so everything else is
as without them.

    rich      two locations, each with stock of its own and demand lines of its own, shares of two of the three
              suppliers, and a safety stock of a week's demand
    priced    half of the offers are 2 to 6% cheaper from four times the minimum on
    limited   priced, and at most two suppliers an item
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[Any]
Tables = dict[str, pd.DataFrame]
Kind = Literal["", "rich", "priced", "limited"]
KINDS: tuple[Kind, ...] = ("rich", "priced", "limited")

START = "2026-11-23"
WEEKS = 26
OFFERS = 3  # suppliers of an item
CUSTOMERS = np.array(["C1", "C2", "C3"])
LOCATIONS = np.array(["north", "south"])
LISTED_SUPPLIERS = 200  # up to so many, an item's suppliers are any three; beyond, three at equal distances
SECOND_STREAM = 0x5EED


@dataclass(frozen=True)
class Draws:
    """Every random number of an instance, in the order in which they are drawn: the order is the instance.

    Arrays are by item, and where it says so by offer, customer and week.
    """

    size: Numbers  # units a week
    price: Numbers
    quantity: Numbers  # by item, customer and week
    supplier: Numbers  # by item and offer
    unit_cost: Numbers  # by item and offer, as all below until lead_time
    order_cost: Numbers
    multiple: Numbers
    minimum_quantity: Numbers
    lead_time: Numbers
    backorder_cost: Numbers  # by item and customer
    on_hand: Numbers

    @classmethod
    def of(cls, items: int, suppliers: int, seed: int) -> Self:
        """Draw an instance."""
        random = np.random.default_rng(seed)
        each, by_offer = (items, 1), (items, OFFERS)
        size = random.lognormal(3.0, 1.0, items)
        price = np.round(random.lognormal(2.0, 0.6, items), 2) + 0.5
        quantity = _demand(random, size)
        supplier = _three_of(random, items, suppliers)
        unit_cost = np.round(price[:, None] * random.uniform(0.9, 1.15, by_offer), 2)
        order_cost = np.round((size * price)[:, None] * random.uniform(0.5, 1.5, by_offer) * 0.4 + 20, 2)
        multiple = np.maximum(1, np.round(size[:, None] * random.uniform(0.1, 0.5, by_offer)))
        minimum = multiple * np.ceil(size[:, None] * random.uniform(0.5, 2.0, by_offer) / multiple)
        lead_time = random.integers(1, 5, by_offer)
        waiting = price[:, None] * np.array([0.10, 0.06, 0.03]) * random.uniform(0.8, 1.2, each)
        on_hand = np.round(size * random.uniform(0.0, 4.0, items))
        return cls(
            size, price, quantity, supplier, unit_cost, order_cost, multiple, minimum, lead_time, np.round(waiting, 4),
            on_hand,
        )  # fmt: skip

    @property
    def items(self) -> int:
        """How many."""
        return len(self.size)

    @property
    def shortage_cost(self) -> Numbers:
        """By item and customer."""
        found: Numbers = np.round(self.price[:, None] * (1 + np.array([1.2, 0.8, 0.5])), 2)
        return found

    def weekly_value(self, suppliers: int) -> Numbers:
        """By supplier: what it would deliver in a week if each item's demand were split evenly over its offers."""
        value = np.repeat(self.size * self.price / OFFERS, OFFERS)
        found: Numbers = np.bincount(self.supplier.ravel(), value, suppliers)
        return found


def tables(items: int, suppliers: int, seed: int, kind: Kind = "") -> Tables:
    """The tables of an instance.

    Args:
        items: how many.
        suppliers: how many; those with nothing to deliver are left out.
        seed: of everything random.
        kind: which rules it has besides.
    """
    draws = Draws.of(items, suppliers, seed)
    plain = _tables(draws, suppliers)
    if not kind:
        return plain
    return _enriched(plain, draws, seed) if kind == "rich" else _priced(plain, draws, seed, kind == "limited")


def write(items: int, suppliers: int, seed: int, folder: Path, kind: Kind = "") -> None:
    """Write an instance of the data contract into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(items, suppliers, seed, kind).items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    name = f"family-{kind}{'-' if kind else ''}{items}-{suppliers}-{seed}"
    settings = [f'name = "{name}"', f"start = {START}", f"periods = {WEEKS}", "", "[horizon]", "whole_packs = 6", ""]
    (folder / "instance.toml").write_text("\n".join(settings), encoding="utf-8")


def _demand(random: np.random.Generator, size: Numbers) -> Numbers:
    phase = random.random((len(size), 1))
    season = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(WEEKS) / 26 + phase))
    share = random.dirichlet([3, 2, 1], len(size))
    mean = size[:, None, None] * season[:, None, :] * share[:, :, None]
    return random.poisson(np.maximum(mean, 0.01))


def _three_of(random: np.random.Generator, items: int, suppliers: int) -> Numbers:
    if suppliers > LISTED_SUPPLIERS:
        first = random.integers(0, suppliers, (items, 1))
        return (first + np.arange(OFFERS) * (suppliers // OFFERS)) % suppliers
    return random.random((items, suppliers)).argpartition(OFFERS - 1, axis=1)[:, :OFFERS]


def _tables(draws: Draws, suppliers: int) -> Tables:
    item = np.array([f"P{number:06d}" for number in range(1, draws.items + 1)])
    supplier = np.array([f"S{number:04d}" for number in range(1, suppliers + 1)])
    week = pd.date_range(START, periods=WEEKS, freq="7D").strftime("%Y-%m-%d").to_numpy()
    value = draws.weekly_value(suppliers)
    used = np.flatnonzero(value)
    i, c, t = np.nonzero(draws.quantity)
    middle = 1  # the customer whose costs are the item's own
    columns: dict[str, dict[str, Any]] = {
        "items": {
            "item": item,
            "holding_cost": np.round(draws.price * 0.02, 4),
            "backorder_cost": draws.backorder_cost[:, middle],
            "shortage_cost": draws.shortage_cost[:, middle],
            "ending_value": np.round(0.7 * draws.unit_cost.min(axis=1), 2),
        },
        "customers": {"customer": CUSTOMERS},
        "suppliers": {
            "supplier": supplier[used],
            "order_cost": np.round(value[used] * 0.05 + 50, 2),
            "minimum_order_value": np.round(value[used] * 0.5, 2),
        },
        "supplier_capacity": {
            "supplier": np.repeat(supplier[used], WEEKS),
            "period": np.tile(week, len(used)),
            "capacity": np.repeat(np.round(value[used] * 1.1, 2), WEEKS),
        },
        "sourcing": {
            "item": np.repeat(item, OFFERS),
            "supplier": supplier[draws.supplier.ravel()],
            "unit_cost": draws.unit_cost.ravel(),
            "lead_time": draws.lead_time.ravel(),
            "order_cost": draws.order_cost.ravel(),
            "minimum_quantity": draws.minimum_quantity.ravel(),
            "multiple": draws.multiple.ravel(),
            "capacity_use": draws.unit_cost.ravel(),
        },
        "inventory": {"item": item, "location": "main", "on_hand": draws.on_hand},
        "demand": {
            "item": item[i],
            "customer": CUSTOMERS[c],
            "due": week[t],
            "kind": "forecast",
            "quantity": draws.quantity[i, c, t],
            "backorder_cost": draws.backorder_cost[i, c],
            "shortage_cost": draws.shortage_cost[i, c],
        },
    }
    return {name: pd.DataFrame(table) for name, table in columns.items()}


def _enriched(plain: Tables, draws: Draws, seed: int) -> Tables:
    """Two locations, shares and safety stock added."""
    random = np.random.default_rng([seed, SECOND_STREAM])
    north = random.uniform(0.35, 0.65, draws.items)  # share of the item's demand
    stocked = random.uniform(0.35, 0.65, draws.items)  # share of its stock
    first, second = random.uniform(0.20, 0.35, draws.items), random.uniform(0.65, 0.80, draws.items)
    limited = random.permuted(np.tile(np.arange(OFFERS), (draws.items, 1)), axis=1)
    each = np.arange(draws.items)

    lines = plain["demand"]
    asked = lines["quantity"].to_numpy()
    number = np.nonzero(draws.quantity)[0]
    at_north = random.binomial(asked, north[number])
    demand = pd.concat([
        lines.assign(location=location, quantity=quantity)
        for location, quantity in zip(LOCATIONS, (at_north, asked - at_north), strict=True)
    ]).sort_index(kind="stable")  # fmt: skip

    on_hand = np.round(draws.on_hand * stocked)
    inventory = pd.DataFrame({
        "item": np.repeat(plain["items"]["item"].to_numpy(), len(LOCATIONS)),
        "location": np.tile(LOCATIONS, draws.items),
        "on_hand": np.stack([on_hand, draws.on_hand - on_hand], axis=1).ravel(),
        "safety_stock": np.ceil(draws.size[:, None] * np.stack([north, 1 - north], axis=1)).ravel(),
    })  # fmt: skip

    least, most = np.zeros((draws.items, OFFERS)), np.ones((draws.items, OFFERS))
    least[each, limited[:, 0]] = np.round(first, 2)
    most[each, limited[:, 1]] = np.round(second, 2)
    sourcing = plain["sourcing"].assign(share_min=least.ravel(), share_max=most.ravel())
    locations = pd.DataFrame({"location": LOCATIONS})
    demand = demand[demand["quantity"] > 0].reset_index(drop=True)
    return plain | {"locations": locations, "demand": demand, "inventory": inventory, "sourcing": sourcing}


def _priced(plain: Tables, draws: Draws, seed: int, limited: bool) -> Tables:
    """Prices of larger quantities, and where that is asked for at most two suppliers an item."""
    random = np.random.default_rng([seed, SECOND_STREAM])
    offers = plain["sourcing"]
    chosen = np.flatnonzero(random.random(len(offers)) < 0.5)
    discount = random.uniform(0.02, 0.06, len(chosen))
    breaks = offers.iloc[chosen][["item", "supplier"]].assign(
        minimum_quantity=4 * offers["minimum_quantity"].to_numpy()[chosen],
        unit_cost=np.round(offers["unit_cost"].to_numpy()[chosen] * (1 - discount), 4),
    )
    items = plain["items"].assign(maximum_suppliers=2) if limited else plain["items"]
    return plain | {"items": items, "price_breaks": breaks.reset_index(drop=True)}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.family: write one instance of the random family")
    parser.add_argument("items", type=int)
    parser.add_argument("suppliers", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--with", dest="kind", choices=KINDS, default="", help="rules that it has besides")
    asked = parser.parse_args(arguments)
    write(asked.items, asked.suppliers, asked.seed, asked.folder, asked.kind)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
