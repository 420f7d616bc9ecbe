"""Backorder ageing: waiting costs more the longer it lasts, and something when a line first waits.

Decides     late_line[d] in {0,1}      whether anything of line d is delivered late
Subject to  first_wait         Σ {delivered[d,l,t]: t > f_d} + Σ {otherwise[d,t]: t > f_d}  <=  q_d · late_line[d]
Costs       ageing  w_d · Σ_k (a_k · max(t - f_d - p_k, 0) + s_k · [t - f_d > p_k]) · delivered[d,l,t];
                    w_d · c_d · late_line[d]

f the line's first period, w its weight, q what it asks for. Of the rows k of table `backorder_steps` that are for the
item and the customer of the line: p `periods`, a `added_cost` per unit and period beyond them, s `step_cost` per unit.
c `late_cost` of table `demand` (default: the item's). What a line gets otherwise ages as its own item does. All beside
`backorder_cost`. A line that was due before the start has waited before, and pays no `late_cost`.

Source: piecewise linear and non-linear waiting costs: Chen & Zheng (1993), Operations Research Letters 14(2); fixed
costs of a backorder: Silver, Pyke & Thomas (2017), ch. 6.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import DemandLines, delivery_ways
from models.entities import DEMAND, ITEMS
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Part
from models.tables import Table, money, periods, text
from models.ways import otherwise

STEPS = Table(
    "backorder_steps",
    "How waiting gets dearer: each row adds to what waiting costs, for the lines of its item and customer.",
    key=(
        text("item", "The item.", refers="items", default="", default_text="all"),
        text("customer", "The customer.", refers="customers", default="", default_text="all"),
        periods("periods", "For waiting longer than this.", example="2"),
    ),
    columns=(
        money("added_cost", "Beside backorder_cost, for each period beyond.", per="unit and period", default=0.0),
        money("step_cost", "Once a unit has waited longer.", per="unit", default=0.0, example="5"),
    ),
    optional=True,
)
LATE = DEMAND.with_columns(
    money("late_cost", "Once, where any of the line is delivered late.", default=None, default_text="the item's")
)
LATE_OF_ITEM = ITEMS.with_columns(
    money("late_cost", "Once for a demand line of which anything is delivered late.", per="demand line", default=0.0)
)


class BackorderAgeing(Part):
    """Waiting that gets dearer."""

    needs = (STEPS, LATE, LATE_OF_ITEM)
    uses = ("delivered", "otherwise")

    def prepare(self, instance: Instance, book: Book) -> None:
        """What the wait of anything that lines get otherwise adds."""
        if len(instance["backorder_steps"]):

            def added(lines: DemandLines, which: Codes, period: Codes) -> Figures:
                return lines.weight[which] * _added(instance, lines, which, period - lines.first[which])

            book.post("added wait", added)

    def derive(self, instance: Instance, book: Book) -> None:
        """Late deliveries whose wait costs more, and lines whose first wait costs something."""
        (lines,) = book.posted("demand lines")
        late_cost = _late_costs(instance, lines)
        ways = delivery_ways(book, lines, len(instance["backorder_steps"]) > 0 or bool((late_cost > 0).any()))
        line, location, period, which = ways.line, ways.location, ways.period, ways.which
        waits = period - lines.first[which]
        rate = lines.weight[which] * _added(instance, lines, which, waits)
        aged = np.zeros(len(book.indexes["deliveries"]), dtype=np.bool_)
        aged[: len(ways)] = rate > 0
        book.subset("aged_deliveries", "deliveries", aged)
        book.parameter("ageing_cost", "aged_deliveries", rate[rate > 0])
        late = np.flatnonzero((late_cost[which] > 0) & (waits > 0))
        begun = np.zeros(len(lines.row), dtype=np.bool_)
        begun[which[late]] = True
        other, when = otherwise(book)
        of = np.searchsorted(lines.row, other)
        late_too = (late_cost[of] > 0) & (when > lines.first[of])
        begun[of[late_too]] = True
        book.subset("first_waits", "lines", begun)
        book.parameter("late_cost", "first_waits", (lines.weight * late_cost)[begun])
        book.parameter("may_wait", "first_waits", lines.quantity[begun])
        book.relation("late_ways", "first_waits", (line[late],), location=location[late], period=period[late])
        book.relation("late_otherwise", "first_waits", (other[late_too],), period=when[late_too])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What waiting costs, and which lines wait at all."""
        m.late_line = pyo.Var(m.first_waits, domain=pyo.Binary)
        ledger.cost("ageing", m.ageing_cost, m.deliver)
        ledger.cost("ageing", m.late_cost, m.late_line)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """A line of which anything is late waits."""
        m.first_wait = pyo.Constraint(
            m.first_waits,
            rule=lambda m, d: (
                sum(ledger.total("delivered", m, d, l, t) for l, t in m.late_ways[d])
                + sum(ledger.total("otherwise", m, d, t) for t in m.late_otherwise[d])
                <= m.may_wait[d] * m.late_line[d]
            ),
        )


def _late_costs(instance: Instance, lines: DemandLines) -> Figures:
    """What a first wait costs each line, unweighted; nothing where it has waited before."""
    own = instance["demand"]["late_cost"][lines.row]
    costs = np.where(np.isnan(own), instance["items"]["late_cost"][lines.item], own)
    return np.where(lines.due < 0, 0.0, costs)


def _added(instance: Instance, lines: DemandLines, which: Codes, waits: Codes) -> Figures:
    """What the wait of each delivery adds, unweighted [money per unit]."""
    rows, added = instance["backorder_steps"], np.zeros(len(waits))
    item, customer = (instance.codes("backorder_steps", name) for name in ("item", "customer"))
    for k in range(len(rows)):
        beyond = np.maximum(waits - rows["periods"][k], 0.0)
        beyond[(item[k] >= 0) & (lines.item[which] != item[k])] = 0.0
        beyond[(customer[k] >= 0) & (lines.customer[which] != customer[k])] = 0.0
        added += rows["added_cost"][k] * beyond + rows["step_cost"][k] * (beyond > 0)
    return added
