"""Stock value: money that lies on hand beyond what the planner wants to tie up costs extra.

Decides     above_value[r,t] >= 0          value on hand at the end of t beyond limit r                         [money]
Subject to  value_limit        Σ_{i,l} p_i · on_hand[i,l,t]  <=  V_r + above_value[r,t]
Costs       stock_value  a_r · above_value[r,t]

V `maximum_value`, a `cost` of a row r of table `value_limits`: for a location or all, for a period or every one. Each
row is a limit: none replaces another. p is the item's price, or the lowest at which anybody sells it.

Source: aggregate inventory investment limits: Silver, Pyke & Thomas (2017), Inventory and Production Management in
Supply Chains, ch. 9.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import price
from models.instance import Codes, Instance
from models.ledger import Ledger
from models.part import Part, Scope
from models.tables import Table, date, money, text

LIMITS = Table(
    "value_limits",
    "How much money may lie on hand: one row per limit.",
    key=(
        text("location", "The location.", refers="locations", default="", default_text="all together"),
        date("period", "A day of the period at whose end it holds.", default=None, default_text="every period"),
    ),
    columns=(
        money("maximum_value", "Value of stock at a period's end above which it costs extra.", example="100000"),
        money("cost", "Cost of value above it.", per="money and period", example="0.01"),
    ),
    optional=True,
)


class StockValue(Part):
    """Limits of money on hand, that may be passed at a cost."""

    scope = Scope.SHARED
    needs = (LIMITS,)
    uses = ("on_hand",)

    def derive(self, instance: Instance, book: Book) -> None:
        """Limits by period, and the stocks that count towards each."""
        rows, stocks, worth = instance["value_limits"], book.indexes["stocks"], np.nan_to_num(price(instance))
        row, period = _limits(instance)
        book.index("value_limits", limit=row, period=period)
        book.parameter("value_room", "value_limits", rows["maximum_value"][row])
        book.parameter("above_value_cost", "value_limits", rows["cost"][row])
        valued = np.flatnonzero(worth > 0) if len(rows) else np.zeros(0, np.int64)
        book.index("valued_items", item=valued)
        book.parameter("item_value", "valued_items", worth[valued])
        where = instance.codes("value_limits", "location")[row]
        counts = (where[:, None] == -1) | (where[:, None] == stocks["location"][None, :])
        limit, stock = np.nonzero(counts & (worth[stocks["item"]] > 0)[None, :])
        item, location = stocks["item"][stock], stocks["location"][stock]
        book.relation("value_stocks", "value_limits", (row[limit], period[limit]), item=item, location=location)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is beyond, and its cost."""
        m.above_value = pyo.Var(m.value_limits, domain=pyo.NonNegativeReals)
        ledger.cost("stock_value", m.above_value_cost, m.above_value)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is on hand is within the limit, or costs money."""
        m.value_limit = pyo.Constraint(
            m.value_limits,
            rule=lambda m, r, t: (
                sum(m.item_value[i] * ledger.total("on_hand", m, i, l, t) for i, l in m.value_stocks[r, t])
                <= m.value_room[r, t] + m.above_value[r, t]
            ),
        )


def _limits(instance: Instance) -> tuple[Codes, Codes]:
    """Row and period of each limit within the horizon."""
    given, horizon = instance["value_limits"]["period"], instance.calendar.periods
    always = np.isnat(given)
    named = instance.calendar.index(np.where(always, instance.calendar.first_days()[0], given))
    row, period = np.divmod(np.arange(len(given) * horizon), horizon)
    holds = always[row] | (named[row] == period)
    return row[holds], period[holds]
