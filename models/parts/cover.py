"""Cover: stock beyond what the next periods ask for costs extra.

Decides     above_cover[i,l,t] >= 0                                                           [unit]
Subject to  stock_cover        above_cover[i,l,t] >= on_hand[i,l,t] - C_ilt
Costs       cover  a_il · above_cover[i,l,t]

C the demand due in the `maximum_cover` periods after t that can be delivered from l: that of lines that name it, or no
location; of a last part of a period, that part of its demand. a `cover_cost` of table `inventory`; default: four times
the holding cost. Where those periods reach beyond the horizon nothing is known of their demand, and nothing is limited.

Source: just-in-time limits as days of supply: Silver, Pyke & Thomas (2017), Inventory and Production Management in
Supply Chains, ch. 9.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import demand_lines
from models.entities import INVENTORY, holding_cost
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Part
from models.tables import money, number

COVER = INVENTORY.with_columns(
    number(
        "maximum_cover",
        "Stock above the demand of so many periods to come costs extra.",
        unit="periods",
        default=None,
        default_text="none",
    ),
    money(
        "cover_cost",
        "Cost of a unit above it.",
        per="unit and period",
        default=None,
        default_text="4 × the holding cost",
    ),
)
TIMES_HOLDING = 4.0


class Cover(Part):
    """A ceiling in periods of demand, that may be passed at a cost."""

    needs = (COVER,)
    uses = ("on_hand",)

    def derive(self, instance: Instance, book: Book) -> None:
        """The stocks that have a ceiling, by period, and what is asked of them then."""
        rows = instance["inventory"]
        item, location = instance.codes("inventory", "item"), instance.codes("inventory", "location")
        has = np.flatnonzero(~np.isnan(rows["maximum_cover"]))
        horizon = instance.calendar.periods
        counted = horizon - 1 - np.ceil(rows["maximum_cover"][has]).astype(np.int64)  # the last period with a ceiling
        length = np.maximum(counted + 1, 0)
        row = np.repeat(has, length)
        period = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        book.index("covers", item=item[row], location=location[row], period=period)
        asked = _asked(instance, book, item[row], location[row]) if len(row) else np.zeros((0, horizon))
        book.parameter("cover_quantity", "covers", _within(asked, period, rows["maximum_cover"][row]))
        default = TIMES_HOLDING * np.nan_to_num(holding_cost(instance))[item]
        cost = np.where(np.isnan(rows["cover_cost"]), default, rows["cover_cost"])
        book.parameter("cover_cost", "covers", cost[row])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is too much, and its cost."""
        m.above_cover = pyo.Var(m.covers, domain=pyo.NonNegativeReals)
        ledger.cost("cover", m.cover_cost, m.above_cover)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Too much is what the periods to come do not ask for."""
        m.stock_cover = pyo.Constraint(
            m.covers,
            rule=lambda m, i, l, t: (
                m.above_cover[i, l, t] >= ledger.total("on_hand", m, i, l, t) - m.cover_quantity[i, l, t]
            ),
        )


def _asked(instance: Instance, book: Book, item: Codes, location: Codes) -> Figures:
    """Demand by stock and period: what is due there, or may be delivered from anywhere."""
    lines, horizon = demand_lines(instance, book), instance.calendar.periods
    due = np.zeros((len(instance["items"]), len(instance.labels["location"]) + 1, horizon))
    np.add.at(due, (lines.item, lines.location, lines.first), lines.quantity)
    asked: Figures = due[item, location] + due[item, -1]
    return asked


def _within(asked: Figures, period: Codes, cover: Figures) -> Figures:
    """What is asked in the `cover` periods after each; of the last of them, the part that is covered."""
    count = len(period)
    before = np.hstack([np.zeros((count, 1)), np.cumsum(asked, axis=1)])  # column t: before period t
    row, whole = np.arange(count), np.floor(cover).astype(np.int64)
    last = period + 1 + whole
    part = np.where(cover > whole, asked[row, np.minimum(last, asked.shape[1] - 1)], 0.0) if count else np.zeros(0)
    within: Figures = before[row, last] - before[row, period + 1] + (cover - whole) * part
    return within
