"""Transfers: stock moves between our own locations.

Decides     ship[i,a,b,t] >= 0         of item i, leaves location a for b in period t                             [unit]
            send[i,a,b,t] in {0,1}     whether anything does, where that costs something or has a minimum
Subject to  shipment_limit     ship  <=  M · send              M: the route's largest quantity, or all that is wanted
            shipment_minimum   ship  >=  n · send
            shipment_maximum   ship  <=  q̄                     where nothing has to be decided
            whole_shipment     ship   =  q_i · ship_steps[i,a,b,t], a whole number, where the item has a step q
Posts       issues[i,a,t]     +=  Σ_b ship[i,a,b,t]                                                               [unit]
            receipts[i,b,t]   +=  Σ_a ship[i,a,b,t - L_iab]                                                       [unit]
Offers      can_arrive[i,b,t]  =  how many routes can bring something in t: nothing but the sender's stock forbids it
Costs       transfer  c · ship + k · send

L `lead_time`, c `unit_cost`, k `shipment_cost`, n `minimum_quantity`, q̄ `maximum_quantity` of table `transfers`, for
each item, route and period in which it is sent. What arrives in a period can be sent on in it, and meanwhile is on hand
at no period's end: that is cross-docking. What would arrive after the horizon is not sent. Stock that is on the road
already is an open order.

Source: Paterson, Kiesmüller, Teunter & Glazebrook (2011), Inventory models with lateral transshipments, European
Journal of Operational Research 210(2).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models.book import NOISE, Book, Values
from models.entities import ITEMS, QUANTITY_STEP
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, total
from models.part import Move, Part
from models.tables import Result, Table, date, money, periods, quantity, text

ROUTES = Table(
    "transfers",
    "How an item can be moved between locations: one row per item and route.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("from_location", "Where it leaves.", refers="locations"),
        text("to_location", "Where it arrives.", refers="locations"),
    ),
    columns=(
        periods("lead_time", "From the period in which it is sent to that of arrival.", example="1"),
        money("unit_cost", "Cost of moving a unit.", per="unit", default=0.0),
        money("shipment_cost", "Fixed cost of sending any of the item.", per="item, route and period", default=0.0),
        quantity("minimum_quantity", "What is sent in a period is nothing or at least this.", default=0.0),
        quantity("maximum_quantity", "What is sent in a period is at most this.", default=None),
    ),
    optional=True,
    illustrated=False,
)


class Transfers(Part):
    """Planned transfers on stated routes."""

    needs = (ROUTES, ITEMS.with_columns(QUANTITY_STEP))
    limits = (
        Limit("transfers", "minimum_quantity", "a minimum transfer of {}"),
        Limit("transfers", "maximum_quantity", "a maximum transfer of {}"),
    )
    posts = ("receipts", "issues")
    offers = ("can_arrive",)
    gives = (
        Result(
            "transfers",
            "What is moved between locations.",
            (
                text("item", "The item."),
                text("from_location", "Where it leaves."),
                text("to_location", "Where it arrives."),
                date("period", "First day of the period in which it is sent."),
                date("arrival_period", "First day of the period in which it arrives."),
                quantity("quantity", "How much."),
                money("cost", "What moving it costs."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Routes that lead nowhere, or on which nothing can be sent."""
        rows = instance["transfers"]
        for k in np.flatnonzero(rows["from_location"] == rows["to_location"]):
            yield fault(
                "route to itself",
                "from_location and to_location are the same; name two locations, or take the row off",
                table="transfers",
                row=int(k),
                column="to_location",
                value=rows["to_location"][k],
            )
        for k in np.flatnonzero(rows["maximum_quantity"] < rows["minimum_quantity"]):
            yield fault(
                "maximum below minimum",
                f"maximum_quantity is below minimum_quantity ({rows['minimum_quantity'][k]:.10g}): nothing could be "
                "sent",
                table="transfers",
                row=int(k),
                column="maximum_quantity",
                value=rows["maximum_quantity"][k],
            )
        for k in np.flatnonzero(rows["lead_time"] >= instance.calendar.periods):
            yield warning(
                "route too long",
                f"what is sent arrives after the horizon of {instance.calendar.periods} periods: nothing is",
                table="transfers",
                row=int(k),
                column="lead_time",
                value=rows["lead_time"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """Both ends are stocked, and what is wanted at one is a reason to buy for the other."""
        if not len(instance["transfers"]):
            return
        item, start, end = _routes(instance)
        book.post("stocked", (item, start))
        book.post("stocked", (item, end))
        reach = cache(lambda: _reach(instance))
        beyond = _beyond(instance)

        def reason(lines: OrderLines) -> Figures:
            more = beyond[lines.item]
            for place in range(len(instance.labels["location"])):
                there = reach()[lines.item, lines.location, place] & (lines.location != place)
                some = lines.only(there)
                more[there] += total(book, "need", replace(some, location=np.full(len(some), place)))
            return more

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """Each route by the periods in which what is sent arrives within the horizon."""
        rows, lead = instance["transfers"], instance["transfers"]["lead_time"].astype(np.int64)
        length = np.maximum(instance.calendar.periods - lead, 0)
        row = np.repeat(np.arange(len(rows)), length)
        sent = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        item, start, end = (codes[row] for codes in _routes(instance))
        arrives = sent + lead[row]
        book.index("shipments", item=item, from_location=start, to_location=end, period=sent)
        book.post("shipped", (row, sent, arrives))
        book.post("arrivals", (item, end, arrives))
        book.relation("shipped_in", "stock_periods", (item, end, arrives), from_location=start, sent=sent)
        book.relation("shipped_out", "stock_periods", (item, start, sent), to_location=end)
        book.parameter("way_open", "shipments", np.ones(len(row)))
        most = np.fmin(_wanted(instance, book)[item], rows["maximum_quantity"][row])
        least, fixed = rows["minimum_quantity"][row], rows["shipment_cost"][row]
        decided = (least > 0) | (fixed > 0)
        capped = ~decided & ~np.isnan(rows["maximum_quantity"][row])
        step = np.nan_to_num(instance["items"]["quantity_step"])[item]
        for name, of, figures, has in (
            ("most_shipped", "decided_shipments", most, decided),
            ("least_shipped", "least_shipments", least, least > 0),
            ("shipment_cap", "capped_shipments", most, capped),
            ("shipment_step", "stepped_shipments", step, step > 0),
            ("shipment_cost", "charged_shipments", fixed, fixed > 0),
            ("transfer_cost", "paid_shipments", rows["unit_cost"][row], rows["unit_cost"][row] > 0),
        ):
            book.subset(of, "shipments", has)
            book.parameter(name, of, figures[has])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is sent, when, and at what cost."""
        m.ship = pyo.Var(m.shipments, domain=pyo.NonNegativeReals)
        m.send = pyo.Var(m.decided_shipments, domain=pyo.Binary)
        m.ship_steps = pyo.Var(m.stepped_shipments, domain=pyo.NonNegativeIntegers)
        ledger.follows(m.ship_steps)
        m.shipment_limit = pyo.Constraint(
            m.decided_shipments,
            rule=lambda m, i, a, b, t: m.ship[i, a, b, t] <= m.most_shipped[i, a, b, t] * m.send[i, a, b, t],
        )
        m.shipment_minimum = pyo.Constraint(
            m.least_shipments,
            rule=lambda m, i, a, b, t: m.ship[i, a, b, t] >= m.least_shipped[i, a, b, t] * m.send[i, a, b, t],
        )
        m.shipment_maximum = pyo.Constraint(
            m.capped_shipments, rule=lambda m, i, a, b, t: m.ship[i, a, b, t] <= m.shipment_cap[i, a, b, t]
        )
        m.whole_shipment = pyo.Constraint(
            m.stepped_shipments,
            rule=lambda m, i, a, b, t: m.ship[i, a, b, t] == m.shipment_step[i, a, b, t] * m.ship_steps[i, a, b, t],
        )
        ledger.post("receipts", lambda m, i, l, t: sum(m.ship[i, a, l, o] for a, o in m.shipped_in[i, l, t]))
        ledger.post("issues", lambda m, i, l, t: sum(m.ship[i, l, b, t] for b in m.shipped_out[i, l, t]))
        ledger.offer("can_arrive", lambda m, i, l, t: sum(m.way_open[i, a, l, o] for a, o in m.shipped_in[i, l, t]))
        ledger.cost("transfer", m.transfer_cost, m.ship)
        ledger.cost("transfer", m.shipment_cost, m.send)

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """What leaves, and what arrives."""
        item, start, end, sent, arrives, much, _ = _shipped(instance, book, values)
        yield Move("transfers_out", item, start, sent, much)
        yield Move("transfers_in", item, end, arrives, much)

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`transfers`."""
        item, start, end, sent, arrives, much, cost = _shipped(instance, book, values)
        labels, days = instance.labels, instance.calendar.first_days().astype(str)
        return {
            "transfers": {
                "item": labels["item"][item],
                "from_location": labels["location"][start],
                "to_location": labels["location"][end],
                "period": days[sent],
                "arrival_period": days[arrives],
                "quantity": much,
                "cost": cost,
            }
        }


def _routes(instance: Instance) -> tuple[Codes, Codes, Codes]:
    """Item, from and to of each row."""
    return (
        instance.codes("transfers", "item"),
        instance.codes("transfers", "location", "from_location"),
        instance.codes("transfers", "location", "to_location"),
    )


def _reach(instance: Instance) -> NDArray[np.bool_]:
    """Whether an item can get from one location to another, over others where it must: [item, from, to]."""
    places = len(instance.labels["location"])
    reach = np.zeros((len(instance["items"]), places, places), dtype=np.bool_)
    reach[_routes(instance)] = True
    for over in range(places):
        reach |= reach[:, :, over, None] & reach[:, None, over, :]
    return reach


def _beyond(instance: Instance) -> Figures:
    """By item, what may be bought beyond what is wanted because so much, or whole steps, must be sent at once.

    Of what a route brings and nobody gets, all but its minimum and a step could have been left where it was.
    """
    rows, item = instance["transfers"], instance.codes("transfers", "item")
    step = np.nan_to_num(instance["items"]["quantity_step"])
    more = np.zeros(len(instance["items"]))
    np.add.at(more, item, rows["minimum_quantity"] + step[item])
    return more


def _wanted(instance: Instance, book: Book) -> Figures:
    """By item, all that is wanted of it anywhere, and what may be sent beyond."""
    items, places = len(instance["items"]), len(instance.labels["location"])
    item, nothing = np.repeat(np.arange(items), places), np.zeros(items * places, dtype=np.int64)
    place = np.tile(np.arange(places), items)
    everywhere = OrderLines(item, nothing, place, nothing, nothing, nothing, np.zeros(len(item)))
    return np.bincount(item, total(book, "need", everywhere), minlength=items) + _beyond(instance)


def _shipped(
    instance: Instance, book: Book, values: Values
) -> tuple[Codes, Codes, Codes, Codes, Codes, Figures, Figures]:
    """What is sent: item, from, to, when, until when, how much, at what cost."""
    rows, ((row, sent, arrives),), taken = instance["transfers"], book.posted("shipped"), values["ship"] > NOISE
    row, much = row[taken], values["ship"][taken]
    cost = much * rows["unit_cost"][row] + rows["shipment_cost"][row]
    item, start, end = (codes[row] for codes in _routes(instance))
    return item, start, end, sent[taken], arrives[taken], much, cost
