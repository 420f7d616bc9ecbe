"""Safety stock: what should be left at every period's end, at a cost where it is not.

Decides     below_safety[i,l,t] >= 0                                                          [unit]
Subject to  safety_stock       below_safety[i,l,t] >= S_il - on_hand[i,l,t]
Costs       safety_stock  b_il · below_safety[i,l,t]

S `safety_stock`, b `safety_stock_cost` of table `inventory` [money per unit and period]; default: four times the
holding cost, but not above the smallest weighted backorder cost of the item's demand lines, so that no customer waits
for the sake of a reserve.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import INVENTORY, holding_cost, pair_places
from models.findings import Finding, warning
from models.instance import Figures, Instance
from models.ledger import Ledger
from models.orders import OrderLines
from models.part import Part
from models.tables import money, quantity

RESERVE = INVENTORY.with_columns(
    quantity("safety_stock", "What should be left at each period's end.", default=0.0, example="10"),
    money(
        "safety_stock_cost",
        "Cost of a unit below safety stock.",
        per="unit and period",
        default=None,
        default_text="4 × the holding cost, but not above the smallest weighted backorder cost of the item's lines",
    ),
)
TIMES_HOLDING = 4.0  # default cost of a unit below safety stock, in holding costs (contract)


class SafetyStock(Part):
    """A reserve that is wanted, not forced."""

    needs = (RESERVE,)
    uses = ("on_hand",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Opening stock that is below its safety stock."""
        rows = instance["inventory"]
        for k in np.flatnonzero(rows["on_hand"] < rows["safety_stock"]):
            yield warning(
                "below safety stock",
                f"opening stock of {rows['on_hand'][k]:.10g} is below the safety stock "
                f"of {rows['safety_stock'][k]:.10g}",
                table="inventory",
                row=int(k),
                column="on_hand",
                value=rows["on_hand"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """A reserve is a reason to buy."""
        wanted = np.zeros(len(instance["items"]) * len(instance.labels["location"]))
        rows = pair_places(instance, instance.codes("inventory", "item"), instance.codes("inventory", "location"))
        wanted[rows] = instance["inventory"]["safety_stock"]

        def need(lines: OrderLines) -> Figures:
            return wanted[pair_places(instance, lines.item, lines.location)]

        book.post("need", need)

    def derive(self, instance: Instance, book: Book) -> None:
        """The stocks that have a reserve, by period."""
        rows, horizon = instance["inventory"], instance.calendar.periods
        item, location = instance.codes("inventory", "item"), instance.codes("inventory", "location")
        cost = np.where(
            np.isnan(rows["safety_stock_cost"]), _default_cost(instance, book)[item], rows["safety_stock_cost"]
        )
        has = rows["safety_stock"] > 0
        book.post("stock reward", (item[has], location[has], cost[has]))
        reserves = book.index(
            "reserves",
            item=np.repeat(item[has], horizon),
            location=np.repeat(location[has], horizon),
            period=np.tile(np.arange(horizon), has.sum()),
        )
        book.parameter("safety_level", reserves.name, np.repeat(rows["safety_stock"][has], horizon))
        book.parameter("safety_cost", reserves.name, np.repeat(cost[has], horizon))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is missing, and its cost."""
        m.below_safety = pyo.Var(m.reserves, domain=pyo.NonNegativeReals)
        ledger.cost("safety_stock", m.safety_cost, m.below_safety)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Missing is what stock lacks."""
        m.safety_stock = pyo.Constraint(
            m.reserves,
            rule=lambda m, i, l, t: (
                m.below_safety[i, l, t] + ledger.total("on_hand", m, i, l, t) >= m.safety_level[i, l, t]
            ),
        )


def _default_cost(instance: Instance, book: Book) -> Figures:
    """Default cost of each item, per unit and period below safety stock."""
    cheapest = np.full(len(instance["items"]), np.inf)
    for posted in book.posted("waiting cost"):
        items, waiting_cost = posted()
        np.minimum.at(cheapest, items, waiting_cost)
    default: Figures = np.minimum(TIMES_HOLDING * np.nan_to_num(holding_cost(instance)), cheapest)
    return default
