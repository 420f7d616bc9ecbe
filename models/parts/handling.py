"""Handling: what a location can receive and ship in a period, and overtime beyond it.

Decides     receiving_overtime[l,t] >= 0       work on what arrives at l in t beyond its capacity         [unit of work]
            shipping_overtime[l,t] >= 0        work on what leaves beyond its capacity                    [unit of work]
            arriving[i,l,t], leaving[i,l,t]    what there is to be received and shipped                           [unit]
Subject to  all_arriving           arriving[i,l,t]  =  received[i,l,t]
            all_leaving            leaving[i,l,t]   =  issued[i,l,t]
            receiving_capacity     Σ_i u_i · arriving[i,l,t]  <=  R_lt + receiving_overtime[l,t]
            shipping_capacity      Σ_i u_i · leaving[i,l,t]   <=  S_lt + shipping_overtime[l,t]
Costs       handling  a · receiving_overtime + b · shipping_overtime

u `handling_use` of table `items`; R `receiving_capacity`, a `receiving_overtime_cost`, S `shipping_capacity`, b
`shipping_overtime_cost` of table `handling`, where a row for a period comes before one for all. Orders, open orders and
transfers arrive; deliveries and transfers leave. Where shipping has a limit a line may wait though there is stock.

Source: warehouse throughput limits in distribution planning: Bowersox, Closs & Cooper (2013), Supply Chain Logistics
Management, ch. 11.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import ITEMS
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Part, Scope
from models.tables import Table, date, money, number, text

WORK = ITEMS.with_columns(
    number("handling_use", "Work of receiving, or of shipping, a unit.", unit="unit of work per unit", default=1.0),
)
CAPACITY = Table(
    "handling",
    "What locations can receive and ship: one row per location, more where periods differ. No row: unlimited.",
    key=(
        text("location", "The location.", refers="locations", example="main"),
        date("period", "A day of the period.", default=None, default_text="every period without a row of its own"),
    ),
    columns=(
        number("receiving_capacity", "Work that can be done on what arrives.", unit="unit of work", default=None),
        money(
            "receiving_overtime_cost",
            "Cost of work beyond it; required with it.",
            per="unit of work",
            default=None,
        ),
        number("shipping_capacity", "Work that can be done on what leaves.", unit="unit of work", default=None),
        money("shipping_overtime_cost", "Cost of work beyond it; required with it.", per="unit of work", default=None),
    ),
    optional=True,
)
BOTH = ("receiving", "shipping")


class Handling(Part):
    """Receiving and shipping by location and period, with overtime at a price."""

    scope = Scope.SHARED
    needs = (WORK, CAPACITY)
    uses = ("received", "issued")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """A capacity has a price for what is beyond, and a period one row."""
        rows = instance["handling"]
        for what in BOTH:
            capacity, price = f"{what}_capacity", f"{what}_overtime_cost"
            for k in np.flatnonzero(~np.isnan(rows[capacity]) & np.isnan(rows[price])):
                yield fault(
                    "no overtime cost",
                    f"{capacity} is given, and nothing says what work beyond it costs: fill {price}",
                    table="handling",
                    row=int(k),
                    column=price,
                )
        place, period = _places(instance)
        _, first, which = np.unique(np.column_stack([place, period]), axis=0, return_index=True, return_inverse=True)
        written = rows.text("period")
        for k in np.flatnonzero(first[which.ravel()] != np.arange(len(place))):
            yield fault(
                "two capacities",
                f"the row of {written[first[which.ravel()][k]]} is for the same location and period; leave one",
                table="handling",
                row=int(k),
                column="period",
                value=written[k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What waits for a free truck may wait though there is stock."""
        if (~np.isnan(instance["handling"]["shipping_capacity"])).any():
            book.post("held back", np.flatnonzero(instance["items"]["handling_use"] > 0))

    def derive(self, instance: Instance, book: Book) -> None:
        """Locations and periods with a limit, and the items that it is for."""
        use, stocks = instance["items"]["handling_use"], book.indexes["stocks"]
        some = np.flatnonzero(use > 0) if len(instance["handling"]) else np.zeros(0, np.int64)
        book.index("handled_items", item=some)
        book.parameter("handling_use", "handled_items", use[some])
        for what in BOTH:
            location, period, capacity, cost = _limits(instance, what)
            name = f"{what}_limits"
            book.index(name, location=location, period=period)
            book.parameter(f"{what}_room", name, capacity)
            book.parameter(f"{what}_overtime_cost", name, cost)
            limit, stock = np.nonzero(location[:, None] == stocks["location"][None, :])
            kept = np.isin(stocks["item"][stock], some)
            item, place, when = stocks["item"][stock[kept]], location[limit[kept]], period[limit[kept]]
            book.relation(f"{what}_stocks", name, (place, when), item=item)
            book.index(f"{what}_moves", item=item, location=place, period=when)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Work beyond capacity, and its cost."""
        m.receiving_overtime = pyo.Var(m.receiving_limits, domain=pyo.NonNegativeReals)
        m.shipping_overtime = pyo.Var(m.shipping_limits, domain=pyo.NonNegativeReals)
        m.arriving = pyo.Var(m.receiving_moves, domain=pyo.NonNegativeReals)
        m.leaving = pyo.Var(m.shipping_moves, domain=pyo.NonNegativeReals)
        m.receiving_capacity = pyo.Constraint(
            m.receiving_limits,
            rule=lambda m, l, t: (
                sum(m.handling_use[i] * m.arriving[i, l, t] for i in m.receiving_stocks[l, t])
                <= m.receiving_room[l, t] + m.receiving_overtime[l, t]
            ),
        )
        m.shipping_capacity = pyo.Constraint(
            m.shipping_limits,
            rule=lambda m, l, t: (
                sum(m.handling_use[i] * m.leaving[i, l, t] for i in m.shipping_stocks[l, t])
                <= m.shipping_room[l, t] + m.shipping_overtime[l, t]
            ),
        )
        ledger.cost("handling", m.receiving_overtime_cost, m.receiving_overtime)
        ledger.cost("handling", m.shipping_overtime_cost, m.shipping_overtime)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What arrives and leaves is handled."""
        m.all_arriving = pyo.Constraint(
            m.receiving_moves,
            rule=lambda m, i, l, t: m.arriving[i, l, t] == ledger.total("received", m, i, l, t),
        )
        m.all_leaving = pyo.Constraint(
            m.shipping_moves, rule=lambda m, i, l, t: m.leaving[i, l, t] == ledger.total("issued", m, i, l, t)
        )


def _places(instance: Instance) -> tuple[Codes, Codes]:
    """Location and period of each row; -1: every period, below that: before the start."""
    given = instance["handling"]["period"]
    always = np.isnat(given)
    period = instance.calendar.index(np.where(always, instance.calendar.first_days()[0], given))
    return instance.codes("handling", "location"), np.where(always, -1, np.where(period < 0, period - 1, period))


def _limits(instance: Instance, what: str) -> tuple[Codes, Codes, Figures, Figures]:
    """Location, period, capacity and cost of overtime, where there is a limit."""
    rows, horizon = instance["handling"], instance.calendar.periods
    place, given = _places(instance)
    chosen: dict[tuple[int, int], int] = {}
    for k in np.argsort(given != -1, kind="stable"):  # rows for every period first, so that others replace them
        for t in range(horizon) if given[k] == -1 else (int(given[k]),):
            chosen[int(place[k]), t] = int(k)
    limited = ~np.isnan(rows[f"{what}_capacity"])
    found = sorted((l, t, k) for (l, t), k in chosen.items() if 0 <= t < horizon and limited[k])
    location, period, row = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return location, period, rows[f"{what}_capacity"][row], rows[f"{what}_overtime_cost"][row]
