"""Storage: room and load of a location, and what lies beyond them at a price.

Decides     overflow_volume[l,t] >= 0      volume on hand at location l at the end of t beyond its room         [volume]
            overflow_weight[l,t] >= 0      weight beyond what it bears                                        [weight]
Subject to  storage_volume     Σ_i v_i · on_hand[i,l,t]  <=  V_l + overflow_volume[l,t]
            storage_weight     Σ_i w_i · on_hand[i,l,t]  <=  W_l + overflow_weight[l,t]
Costs       overflow  a_l · overflow_volume + b_l · overflow_weight

v `unit_volume`, w `unit_weight` of table `items`; V `volume_capacity`, a `overflow_cost`, W `weight_capacity`, b
`weight_overflow_cost` of table `locations`. What only passes through in a period needs no room.

Source: storage limits in multi-item lot-sizing: Minner (2009), International Journal of Production Economics 118(1).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import ITEMS, LOCATIONS, UNIT_VOLUME, UNIT_WEIGHT
from models.findings import Finding, fault
from models.instance import Instance
from models.ledger import Ledger
from models.part import Part, Scope
from models.tables import Column, money, number

SIZES = ITEMS.with_columns(UNIT_VOLUME, UNIT_WEIGHT)


def _capacity(name: str, about: str, unit: str) -> Column:
    return number(name, about, unit=unit, default=None, default_text="no limit")


ROOM = LOCATIONS.with_columns(
    _capacity("volume_capacity", "Room for stock at a period's end.", "unit of volume"),
    money(
        "overflow_cost",
        "Cost of volume beyond it; required with it.",
        per="unit of volume and period",
        default=None,
    ),
    _capacity("weight_capacity", "Weight of stock that it bears at a period's end.", "unit of weight"),
    money(
        "weight_overflow_cost",
        "Cost of weight beyond it; required with it.",
        per="unit of weight and period",
        default=None,
    ),
)
PRICES = {"volume_capacity": "overflow_cost", "weight_capacity": "weight_overflow_cost"}


class Storage(Part):
    """Room by location, with overflow at a price."""

    scope = Scope.SHARED
    needs = (SIZES, ROOM)
    uses = ("on_hand",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """A capacity has a price for what is beyond."""
        rows = instance["locations"]
        for capacity, price in PRICES.items():
            for k in np.flatnonzero(~np.isnan(rows[capacity]) & np.isnan(rows[price])):
                yield fault(
                    "no overflow cost",
                    f"{capacity} is given, and nothing says what is beyond it costs: fill {price}",
                    table="locations",
                    row=int(k),
                    column=price,
                )

    def derive(self, instance: Instance, book: Book) -> None:
        """Locations with a limit, by period, and the items that take room in them."""
        for size, capacity in (("volume", "volume_capacity"), ("weight", "weight_capacity")):
            rows, of_item, stocks = instance["locations"], instance["items"][f"unit_{size}"], book.indexes["stocks"]
            limited = np.flatnonzero(~np.isnan(rows[capacity]))
            location, horizon = instance.codes("locations", "location")[limited], instance.calendar.periods
            name, periods = f"{size}_limits", np.tile(np.arange(horizon), len(limited))
            book.index(name, location=np.repeat(location, horizon), period=periods)
            book.parameter(f"{size}_room", name, np.repeat(rows[capacity][limited], horizon))
            book.parameter(f"{size}_overflow_cost", name, np.repeat(rows[PRICES[capacity]][limited], horizon))
            sized = np.flatnonzero(of_item > 0) if len(limited) else np.zeros(0, np.int64)
            book.index(f"{size}_items", item=sized)
            book.parameter(f"item_{size}", f"{size}_items", of_item[sized])
            here = np.isin(stocks["item"], sized) & np.isin(stocks["location"], location)
            item, place = (np.repeat(stocks[column][here], horizon) for column in ("item", "location"))
            book.relation(f"{size}_stocks", name, (place, np.tile(np.arange(horizon), here.sum())), item=item)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is beyond, and its cost."""
        m.overflow_volume = pyo.Var(m.volume_limits, domain=pyo.NonNegativeReals)
        m.overflow_weight = pyo.Var(m.weight_limits, domain=pyo.NonNegativeReals)
        ledger.cost("overflow", m.volume_overflow_cost, m.overflow_volume)
        ledger.cost("overflow", m.weight_overflow_cost, m.overflow_weight)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is on hand has room, or costs money."""
        m.storage_volume = pyo.Constraint(
            m.volume_limits,
            rule=lambda m, l, t: (
                sum(m.item_volume[i] * ledger.total("on_hand", m, i, l, t) for i in m.volume_stocks[l, t])
                <= m.volume_room[l, t] + m.overflow_volume[l, t]
            ),
        )
        m.storage_weight = pyo.Constraint(
            m.weight_limits,
            rule=lambda m, l, t: (
                sum(m.item_weight[i] * ledger.total("on_hand", m, i, l, t) for i in m.weight_stocks[l, t])
                <= m.weight_room[l, t] + m.overflow_weight[l, t]
            ),
        )
