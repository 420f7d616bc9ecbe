"""Joint limits: a supplier takes on nothing in a period in which nothing is ordered from it.

A strengthening: it changes no optimum, but a fraction of an order then has only that fraction of the capacity.

Subject to  capacity_when_open     capacity_used[s,o] <= C_so · opened[s,o]
            value_when_open        order_value[s,o]   <= w_s · opened[s,o]

capacity_used is what is used beyond overtime, C the capacity, w the maximum order value. Where the order is open the
rows are the limits themselves; where it is not, no line is placed, and nothing is used or bought.

Source: Pochet & Wolsey (2006), ch. 7 (variable upper bounds); Joneja (1990), Operations Research 38(4).
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.instance import Codes, Instance
from models.ledger import Ledger
from models.part import Part, Scope


class JointLimits(Part):
    """Limits of a supplier and period, times whether anything is ordered."""

    scope = Scope.SHARED
    strengthens = True
    uses = ("opened", "capacity_used", "order_value")

    def derive(self, instance: Instance, book: Book) -> None:
        """The supplier-periods that have a limit and are opened by a joint order."""
        opened = _places(instance, book, "joint_orders")
        for name, of, limit in (
            ("open_capacity", "capacity_periods", "capacity"),
            ("open_value", "value_ceilings", "maximum_value"),
        ):
            keep = np.isin(_places(instance, book, of), opened)
            book.subset(f"{name}_periods", of, keep)
            book.parameter(name, f"{name}_periods", book.values(limit)[keep])

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Limits hold where something is ordered; elsewhere they are nothing."""
        m.capacity_when_open = pyo.Constraint(
            m.open_capacity_periods,
            rule=lambda m, s, o: (
                ledger.total("capacity_used", m, s, o) <= m.open_capacity[s, o] * ledger.total("opened", m, s, o)
            ),
        )
        m.value_when_open = pyo.Constraint(
            m.open_value_periods,
            rule=lambda m, s, o: (
                ledger.total("order_value", m, s, o) <= m.open_value[s, o] * ledger.total("opened", m, s, o)
            ),
        )


def _places(instance: Instance, book: Book, name: str) -> Codes:
    """One number for each supplier and period of an index set."""
    index = book.indexes[name]
    return index["supplier"] * instance.calendar.periods + index["period"]
