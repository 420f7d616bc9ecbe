"""Quantity steps: what is ordered and delivered of an item is a whole multiple of its step.

Decides     order_steps[i,s,l,o], deliver_steps[d,l,t] in {0,1,2,…}
Subject to  whole_order        ordered[i,s,l,o]   = q_i · order_steps[i,s,l,o]
            whole_delivery     delivered[d,l,t]   = q_i · deliver_steps[d,l,t]

Once orders are whole, deliveries are flows in a network: where stock, open orders and demand are multiples of the step,
the best of them are whole by themselves. So a search may decide them last (`Ledger.follows`).

q `quantity_step` of table `items` [unit]; items without one may be split at will. Stock need not be a multiple: what
is on hand may be broken already.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import ITEMS, QUANTITY_STEP
from models.instance import Instance
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part


class QuantitySteps(Part):
    """Items that are counted in whole steps."""

    needs = (ITEMS.with_columns(QUANTITY_STEP),)
    limits = (Limit("items", "quantity_step", "quantities in steps of {}"),)
    uses = ("ordered", "delivered")

    def prepare(self, instance: Instance, book: Book) -> None:
        """Orders come in steps."""
        step = np.nan_to_num(instance["items"]["quantity_step"])
        book.post("grain", lambda lines: step[lines.item])
        book.post("whole deliveries", step)

    def derive(self, instance: Instance, book: Book) -> None:
        """Order lines and deliveries of items with a step."""
        step = np.nan_to_num(instance["items"]["quantity_step"])
        ordered = step[book.indexes["orders"]["item"]]
        book.subset("stepped_orders", "orders", ordered > 0)
        book.parameter("order_step", "stepped_orders", ordered[ordered > 0])
        delivered = step[instance.codes("demand", "item")[book.indexes["deliveries"]["line"]]]
        book.subset("stepped_deliveries", "deliveries", delivered > 0)
        book.parameter("delivery_step", "stepped_deliveries", delivered[delivered > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Count the steps."""
        m.order_steps = pyo.Var(m.stepped_orders, domain=pyo.NonNegativeIntegers)
        m.deliver_steps = pyo.Var(m.stepped_deliveries, domain=pyo.NonNegativeIntegers)
        ledger.follows(m.deliver_steps)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Order and deliver what they hold."""
        m.whole_order = pyo.Constraint(
            m.stepped_orders,
            rule=lambda m, i, s, l, o: (
                ledger.total("ordered", m, i, s, l, o) == m.order_step[i, s, l, o] * m.order_steps[i, s, l, o]
            ),
        )
        m.whole_delivery = pyo.Constraint(
            m.stepped_deliveries,
            rule=lambda m, d, l, t: (
                ledger.total("delivered", m, d, l, t) == m.delivery_step[d, l, t] * m.deliver_steps[d, l, t]
            ),
        )
