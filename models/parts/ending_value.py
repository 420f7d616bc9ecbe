"""Ending value: stock that is left when the horizon ends is worth something.

Costs       ending_value  -v_i · on_hand[i,l,T-1]                                            [money]

v `ending_value` of table `items`; default: the least that a unit can cost, which is its lowest unit cost, less what the
best discount takes off a whole order; and never more, or it would pay to buy without end.
Without it a plan would run every stock down to nothing by the last period.

Source: Grinold (1983), Model building techniques for the correction of end effects in multistage convex programs,
Operations Research 31(3).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.book import Book
from models.entities import ITEMS, least_cost, lowest_unit_cost
from models.findings import Finding, fault
from models.instance import Figures, Instance
from models.ledger import Ledger
from models.part import Part
from models.tables import money


class EndingValue(Part):
    """A credit for what is left."""

    needs = (
        ITEMS.with_columns(
            money(
                "ending_value",
                "Credit for a unit that is left at the end; never above the least that a unit can cost.",
                per="unit",
                default=None,
                default_text="its lowest unit_cost, less the best discount of order_discounts",
                example="3.50",
            ),
        ),
    )
    uses = ("on_hand",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """No ending value above the cheapest price."""
        given, lowest, cheapest = instance["items"]["ending_value"], lowest_unit_cost(instance), least_cost(instance)
        for k in np.flatnonzero((given > lowest) | (given > cheapest * (1 + 1e-9))):
            less = ", less the best discount of order_discounts" if cheapest[k] < lowest[k] else ""
            yield fault(
                "ending value too high",
                f"ending_value is above the item's lowest unit_cost{less} ({cheapest[k]:.10g}): it would pay to buy "
                f"without end; write at most {cheapest[k]:.10g}",
                table="items",
                row=int(k),
                column="ending_value",
                value=given[k],
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """The last period of the stocks whose rest is worth something."""
        index, last = book.indexes["stock_periods"], instance.calendar.periods - 1
        credit = _ending_value(instance)[index["item"]]
        has = (index["period"] == last) & (credit > 0)
        book.subset("endings", "stock_periods", has)
        book.parameter("ending_credit", "endings", -credit[has])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Credit what is left."""
        ledger.cost("ending_value", m.ending_credit, m.on_hand)


def _ending_value(instance: Instance) -> Figures:
    given = instance["items"]["ending_value"]
    return np.nan_to_num(np.where(np.isnan(given), least_cost(instance), given))
