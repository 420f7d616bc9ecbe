"""Sourcing: what is ordered, from whom, when and how much.

Decides     order[i,s,l,o] >= 0        quantity of item i ordered from s for l in period o               [unit]
            place[i,s,l,o] in {0,1}    whether that order line is placed
Subject to  order_limit        order <= M · place         M: the largest sensible order (models/orders.py)
            minimum_order      order >= m · place         m: minimum_quantity, rounded up to whole multiples
Posts       receipts[i,l,t]    +=  Σ order[i,s,l,o]  over the lines that arrive in t
Offers      ordered[i,s,l,o], placed[i,s,l,o];  line_value[i,s,l,o] = c · order  [money]
            can_arrive[i,l,t]  =   Σ place[i,s,l,o]  over the lines that arrive in t (nothing arrives where it is 0)
Costs       purchase  c · order;   ordering  k · place

c unit_cost, k order_cost, of the row of table `sourcing` that holds in period o: a location's own row before a row for
all locations; where two dated rows meet in one period, the one that holds on its first day. An order placed in o
arrives in o + lead time; one that would arrive after the horizon is not placed.

Source: Pochet & Wolsey (2006), Production Planning by Mixed Integer Programming, ch. 7 (minimum lots) and 12.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.dated import dated_faults
from models.entities import SOURCING
from models.findings import Finding, fault, warning
from models.instance import Array, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.orders import common_grain, least, rounded_down, rounded_up, total
from models.part import Move, Part
from models.tables import Column, Kind, Result, date, money, periods, quantity, text
from models.terms import lead_times, lines_in_force

ROWS = SOURCING.with_columns(
    date("valid_to", "Last day on which an order can be placed on these terms.", default=None, default_text="always"),
    money("unit_cost", "Purchase price.", per="unit", role="purchase price", example="4.50"),
    periods(
        "lead_time",
        "From the period in which an order is placed to the one in which it arrives.",
        default=None,
        default_text="lead_time_days",
        example="2",
    ),
    Column(
        "lead_time_days",
        Kind.NUMBER,
        "The same in days: divided by 7, 30 or 1 and rounded up.",
        unit="days",
        default=None,
        default_text="none",
    ),
    money("order_cost", "Fixed cost of an order line.", per="order line", default=0.0),
    quantity("minimum_quantity", "An order line is nothing or at least this.", default=0.0),
    quantity("multiple", "An order line is a whole multiple of this (a pack).", default=None, positive=True),
    quantity("maximum_quantity", "An order line is at most this.", default=None),
)
HORIZON_SLACK = 8  # periods beyond the longest lead time below which a horizon is too short to plan for (contract)


class Sourcing(Part):
    """Order lines: quantity, minimum, maximum, price and fixed cost."""

    needs = (ROWS,)
    limits = (
        Limit("sourcing", "minimum_quantity", "a minimum quantity of {}"),
        Limit("sourcing", "multiple", "packs of {}"),
        Limit("sourcing", "maximum_quantity", "a maximum quantity of {}"),
    )
    posts = ("receipts",)
    offers = ("ordered", "placed", "line_value", "can_arrive")
    gives = (
        Result(
            "purchase_orders",
            "What to order: one row per order line.",
            (
                text("item", "The item."),
                text("supplier", "From whom."),
                text("location", "For which location."),
                date("order_period", "First day of the period in which it is placed."),
                date("arrival_period", "First day of the period in which it arrives."),
                quantity("quantity", "How much."),
                money("unit_cost", "Purchase price.", per="unit"),
                money("value", "Quantity times price."),
                text("action", "`release` in the first period that is not frozen, else `planned`."),
            ),
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Lead times given once; dated rows that do not overlap; a horizon that is long enough."""
        rows = instance["sourcing"]
        no_lead = np.isnan(rows["lead_time"]) & np.isnan(rows["lead_time_days"])
        for k in np.flatnonzero(no_lead):
            yield fault(
                "lead time missing",
                "a lead time must be given: fill lead_time (periods) or lead_time_days",
                table="sourcing",
                row=int(k),
                column="lead_time",
            )
        for k in np.flatnonzero(~np.isnan(rows["lead_time"]) & ~np.isnan(rows["lead_time_days"])):
            yield warning(
                "two lead times",
                "lead_time is used and lead_time_days is passed over; leave one of them empty",
                table="sourcing",
                row=int(k),
                column="lead_time_days",
                value=rows["lead_time_days"][k],
            )
        for k in np.flatnonzero(rows["maximum_quantity"] < rows["minimum_quantity"]):
            yield fault(
                "maximum below minimum",
                f"maximum_quantity is below minimum_quantity ({rows['minimum_quantity'][k]:.10g}): no order of "
                f"{rows['item'][k]} could be placed with {rows['supplier'][k]}",
                table="sourcing",
                row=int(k),
                column="maximum_quantity",
                value=rows["maximum_quantity"][k],
            )
        yield from dated_faults(instance, "sourcing", "item", "supplier", "location")
        yield from _unsourced(instance)
        if len(rows) and not no_lead.any():
            periods, horizon = lead_times(instance), instance.calendar.periods
            row, longest = int(periods.argmax()), int(periods.max())
            if horizon < longest + HORIZON_SLACK:
                column = "lead_time_days" if np.isnan(rows["lead_time"][row]) else "lead_time"
                yield warning(
                    "short horizon",
                    f"the horizon of {horizon} periods is shorter than the longest lead time of {longest} "
                    f"+ {HORIZON_SLACK}: what is ordered late in it cannot arrive; "
                    f"plan at least {longest + HORIZON_SLACK} periods",
                    table="sourcing",
                    row=row,
                    column=column,
                    value=rows[column][row],
                )

    def prepare(self, instance: Instance, book: Book) -> None:
        """Items are stocked where they can be bought for."""
        rows, locations = instance["sourcing"], len(instance.labels["location"])
        own = instance.codes("sourcing", "location")
        for code in range(locations):
            here = (own == code) | (own == -1)
            items = instance.codes("sourcing", "item")[here]
            book.post("stocked", (items, np.full(len(items), code)))
        ceilings = np.where(np.isnan(rows["maximum_quantity"]), np.inf, rows["maximum_quantity"])
        book.post("ceiling", lambda lines: ceilings[lines.row])

    def derive(self, instance: Instance, book: Book) -> None:
        """Order lines that can be placed, with their largest and smallest sensible quantity."""
        rows, lines = instance["sourcing"], lines_in_force(instance)
        closed = np.zeros(len(lines), dtype=bool)
        for figure in book.posted("closed"):
            closed |= figure(lines)
        lines = lines.only(~closed)

        grain = common_grain(book, lines)
        soonest = np.minimum(lines.arrival, least(book, "sooner", lines)).astype(np.int64)
        useful = total(book, "need", replace(lines, arrival=soonest)) + total(book, "reason", lines)
        smallest = rounded_up(np.maximum(rows["minimum_quantity"][lines.row], grain), grain)
        largest = np.minimum(
            rounded_up(np.maximum(useful, smallest), grain), rounded_down(least(book, "ceiling", lines), grain)
        )
        sensible = (useful > 0) & (largest > 0) & (largest >= smallest - 1e-9 * np.maximum(1.0, smallest))
        lines, smallest, largest = lines.only(sensible), smallest[sensible], largest[sensible]

        book.post("order lines", lines)
        book.post("smallest lots", smallest)
        book.post("arrivals", (lines.item, lines.location, lines.arrival))
        book.index("orders", item=lines.item, supplier=lines.supplier, location=lines.location, period=lines.period)
        book.relation(
            "arrivals",
            "stock_periods",
            (lines.item, lines.location, lines.arrival),
            supplier=lines.supplier,
            period=lines.period,
        )
        book.parameter("unit_cost", "orders", lines.unit_cost)
        book.parameter("largest_order", "orders", largest)
        with_minimum = book.subset("minimum_orders", "orders", smallest > 0)
        book.parameter("smallest_order", with_minimum.name, smallest[smallest > 0])
        line_cost = rows["order_cost"][lines.row]
        book.subset("charged_orders", "orders", line_cost > 0)
        book.parameter("line_cost", "charged_orders", line_cost[line_cost > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Variables, limits of a line, receipts and costs."""
        m.order = pyo.Var(m.orders, domain=pyo.NonNegativeReals)
        m.place = pyo.Var(m.orders, domain=pyo.Binary)
        m.order_limit = pyo.Constraint(
            m.orders,
            rule=lambda m, i, s, l, o: m.order[i, s, l, o] <= m.largest_order[i, s, l, o] * m.place[i, s, l, o],
        )
        m.minimum_order = pyo.Constraint(
            m.minimum_orders,
            rule=lambda m, i, s, l, o: m.order[i, s, l, o] >= m.smallest_order[i, s, l, o] * m.place[i, s, l, o],
        )
        ledger.post("receipts", lambda m, i, l, t: sum(m.order[i, s, l, o] for s, o in m.arrivals[i, l, t]))
        ledger.offer("can_arrive", lambda m, i, l, t: sum(m.place[i, s, l, o] for s, o in m.arrivals[i, l, t]))
        ledger.offer("ordered", lambda m, i, s, l, o: m.order[i, s, l, o])
        ledger.offer("placed", lambda m, i, s, l, o: m.place[i, s, l, o])
        ledger.offer("line_value", lambda m, i, s, l, o: m.unit_cost[i, s, l, o] * m.order[i, s, l, o])
        ledger.cost("purchase", m.unit_cost, m.order)
        ledger.cost("ordering", m.line_cost, m.place)

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """New orders as they arrive."""
        (lines,), ordered = book.posted("order lines"), values["order"]
        taken = ordered > NOISE
        yield Move("receipts", lines.item[taken], lines.location[taken], lines.arrival[taken], ordered[taken])

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`purchase_orders`."""
        (lines,), calendar = book.posted("order lines"), instance.calendar
        taken = values["order"] > NOISE
        lines, ordered = lines.only(taken), values["order"][taken]
        value = ordered * lines.unit_cost
        for beside_list_price in book.posted("line value"):
            value = value + beside_list_price(values)[taken]
        days = calendar.first_days().astype(str)
        release = int(instance.setting("horizon.frozen"))
        return {
            "purchase_orders": {
                "item": instance.labels["item"][lines.item],
                "supplier": instance.labels["supplier"][lines.supplier],
                "location": instance.labels["location"][lines.location],
                "order_period": days[lines.period],
                "arrival_period": days[lines.arrival],
                "quantity": ordered,
                "unit_cost": np.where(value == ordered * lines.unit_cost, lines.unit_cost, value / ordered),
                "value": value,
                "action": as_texts(["release" if t == release else "planned" for t in lines.period]),
            }
        }


def _unsourced(instance: Instance) -> Iterator[Finding]:
    """Items that are wanted and that nobody sells."""
    sold = set(instance["sourcing"]["item"].tolist())
    wanted = instance["demand"]["item"]
    _, first = np.unique(wanted.astype(str), return_index=True)
    for k in np.sort(first):
        if wanted[k] not in sold:
            yield warning(
                "no source",
                "nobody sells this item (it has no row in sourcing): only stock and open orders can be delivered",
                table="demand",
                row=int(k),
                column="item",
                value=wanted[k],
            )
