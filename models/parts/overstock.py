"""Overstock: stock above its maximum costs extra.

Decides     above_maximum[i,l,t] >= 0                                                         [unit]
Subject to  stock_maximum      above_maximum[i,l,t] >= on_hand[i,l,t] - U_il
Costs       overstock  a_il · above_maximum[i,l,t]

U `maximum`, a `overstock_cost` of table `inventory` [money per unit and period]; default: four times the holding cost.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import INVENTORY, holding_cost
from models.findings import Finding, warning
from models.instance import Instance
from models.ledger import Ledger
from models.part import Part
from models.tables import money, quantity

CEILING = INVENTORY.with_columns(
    quantity("maximum", "Stock above this costs extra.", default=None, default_text="none"),
    money(
        "overstock_cost",
        "Cost of a unit above the maximum.",
        per="unit and period",
        default=None,
        default_text="4 × the holding cost",
    ),
)
TIMES_HOLDING = 4.0  # default cost of a unit above the maximum, in holding costs (contract)


class Overstock(Part):
    """A ceiling that may be passed at a cost."""

    needs = (CEILING,)
    uses = ("on_hand",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """A maximum below the safety stock."""
        rows = instance["inventory"]
        for k in np.flatnonzero(rows["maximum"] < rows["safety_stock"]):
            yield warning(
                "maximum below safety stock",
                f"the maximum is below the safety stock of {rows['safety_stock'][k]:.10g}: "
                "one of the two costs money in every period",
                table="inventory",
                row=int(k),
                column="maximum",
                value=rows["maximum"][k],
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """The stocks that have a maximum, by period."""
        rows, horizon = instance["inventory"], instance.calendar.periods
        item, location = instance.codes("inventory", "item"), instance.codes("inventory", "location")
        default = TIMES_HOLDING * np.nan_to_num(holding_cost(instance))[item]
        cost = np.where(np.isnan(rows["overstock_cost"]), default, rows["overstock_cost"])
        has = ~np.isnan(rows["maximum"])
        ceilings = book.index(
            "ceilings",
            item=np.repeat(item[has], horizon),
            location=np.repeat(location[has], horizon),
            period=np.tile(np.arange(horizon), has.sum()),
        )
        book.parameter("maximum_stock", ceilings.name, np.repeat(rows["maximum"][has], horizon))
        book.parameter("overstock_cost", ceilings.name, np.repeat(cost[has], horizon))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is too much, and its cost."""
        m.above_maximum = pyo.Var(m.ceilings, domain=pyo.NonNegativeReals)
        ledger.cost("overstock", m.overstock_cost, m.above_maximum)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Too much is what passes the maximum."""
        m.stock_maximum = pyo.Constraint(
            m.ceilings,
            rule=lambda m, i, l, t: (
                m.above_maximum[i, l, t] >= ledger.total("on_hand", m, i, l, t) - m.maximum_stock[i, l, t]
            ),
        )
