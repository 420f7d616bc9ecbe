"""Transport modes: a faster and dearer way to get the same item from the same supplier.

Decides     sped[i,s,l,o,m] >= 0       of an order line, what comes by mode m                                     [unit]
            rush[i,s,l,o,m] in {0,1}   whether anything does, where that costs something or has a minimum
Subject to  sped_of_order      Σ_m sped[i,s,l,o,m]  <=  ordered[i,s,l,o]
            rush_limit         sped  <=  M · rush             M: largest order, or the mode's largest quantity
            rush_minimum       sped  >=  n · rush
            whole_sped         sped   =  q_i · sped_steps[i,s,l,o,m], a whole number, where the item has a step q
Posts       receipts[i,l,t]   +=  Σ {sped: arrives by its mode in t} - Σ {sped: its order line arrives in t}      [unit]
Offers      can_arrive[i,l,t]  =  Σ {placed[i,s,l,o]: a mode brings it in t}
Costs       expedite  c · sped + k · rush

c `unit_cost`, beside the order's own price, k `order_cost`, n `minimum_quantity` of table `transport_modes`, for a mode
that is faster than the order line it speeds up. An order line keeps its terms: packs, minimum, price and capacity are
those of the whole line, whatever part of it comes faster. One that would arrive after the horizon by its usual way is
not placed.

Source: dual sourcing with expedited orders: Allon & Van Mieghem (2010), Management Science 56(1).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.entities import ITEMS, QUANTITY_STEP
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.order_calendar import arrivals
from models.orders import OrderLines, order_lines, pairs
from models.part import Move, Part
from models.tables import Result, Table, date, money, periods, quantity, text
from models.terms import lead_times

MODES = Table(
    "transport_modes",
    "Faster ways to get what is ordered: one row per item, supplier and mode, for a location alone where it is named.",
    key=(
        text("item", "The item.", refers="items", default="", default_text="all", example="WIDGET-1"),
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        text("location", "The location.", refers="locations", default="", default_text="all"),
        text("mode", "Name of the mode.", example="air"),
    ),
    columns=(
        periods("lead_time", "From the period of the order to that of arrival.", example="1"),
        money("unit_cost", "Cost of a unit that comes by it, beside its price.", per="unit", example="1.50"),
        money("order_cost", "Fixed cost of using it for an order line.", per="order line", default=0.0),
        quantity("minimum_quantity", "What comes by it is nothing or at least this.", default=0.0),
        quantity("maximum_quantity", "What comes by it is at most this.", default=None),
    ),
    optional=True,
)
LINE = ("item", "supplier", "location", "period")


class TransportModes(Part):
    """Expedited parts of order lines."""

    needs = (MODES, ITEMS.with_columns(QUANTITY_STEP))
    posts = ("receipts",)
    offers = ("can_arrive",)
    uses = ("ordered", "placed")
    gives = (
        Result(
            "expedited",
            "What of an order comes by a faster mode: the rest of its line in purchase_orders.csv comes as usual.",
            (
                text("item", "The item."),
                text("supplier", "From whom."),
                text("location", "For which location."),
                date("order_period", "First day of the period in which it is placed."),
                text("mode", "The mode."),
                date("arrival_period", "First day of the period in which this part arrives."),
                quantity("quantity", "How much of the order."),
                money("cost", "What the mode costs."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Modes that are no faster than the usual way."""
        rows, sourcing = instance["transport_modes"], instance["sourcing"]
        if not len(rows) or np.isnan(np.nansum([sourcing["lead_time"], sourcing["lead_time_days"]], axis=0)).any():
            return
        usual = lead_times(instance)
        named = {name: instance.codes("sourcing", name) for name in LINE[:3]}
        for k in range(len(rows)):
            mine = np.ones(len(sourcing), dtype=np.bool_)
            for name in LINE[:3]:
                code = instance.codes("transport_modes", name)[k]
                mine &= (named[name] == code) | (code == -1) | (named[name] == -1)
            if mine.any() and usual[mine].max() <= rows["lead_time"][k]:
                yield warning(
                    "mode no faster",
                    f"{rows['mode'][k]} takes {rows['lead_time'][k]:.10g} periods, and the usual way no more",
                    table="transport_modes",
                    row=k,
                    column="lead_time",
                    value=rows["lead_time"][k],
                )

    def prepare(self, instance: Instance, book: Book) -> None:
        """An order line can be there sooner."""
        if not len(instance["transport_modes"]):
            return

        def sooner(lines: OrderLines) -> Codes:
            arrival = lines.arrival.copy()
            _, line, arrives = _faster(instance, lines)
            np.minimum.at(arrival, line, arrives)
            return arrival

        book.post("sooner", sooner)

    def derive(self, instance: Instance, book: Book) -> None:
        """Order lines by the modes that are faster, and when they arrive."""
        rows, lines = instance["transport_modes"], order_lines(book)
        mode, line, arrives = _faster(instance, lines)
        sped = lines.only(line)
        key = {name: getattr(sped, name) for name in LINE}
        book.index("sped_orders", **key, mode=mode)
        book.post("sped arrivals", (mode, line, arrives))
        book.post("arrivals", (sped.item, sped.location, arrives))
        book.subset("lines_with_modes", "orders", np.isin(np.arange(len(lines)), line))
        book.relation("modes_of", "lines_with_modes", tuple(key.values()), mode=mode)
        way = {"supplier": sped.supplier, "period": sped.period, "mode": mode}
        book.relation("sped_in", "stock_periods", (sped.item, sped.location, arrives), **way)
        book.relation("sped_out", "stock_periods", (sped.item, sped.location, sped.arrival), **way)
        decided = (rows["order_cost"] > 0) | (rows["minimum_quantity"] > 0) | ~np.isnan(rows["maximum_quantity"])
        rushed = decided[mode]
        book.subset("rushed_orders", "sped_orders", rushed)
        most = np.fmin(book.values("largest_order")[line], rows["maximum_quantity"][mode])
        book.parameter("most_sped", "rushed_orders", most[rushed])
        step = np.nan_to_num(instance["items"]["quantity_step"])[sped.item]
        for name, of, figures in (
            ("sped_cost", "sped_orders", rows["unit_cost"][mode]),
            ("sped_step", "sped_orders", step),
            ("rush_cost", "rushed_orders", rows["order_cost"][mode[rushed]]),
            ("least_sped", "rushed_orders", rows["minimum_quantity"][mode[rushed]]),
        ):
            book.subset(f"{name}_orders", of, figures > 0)
            book.parameter(name, f"{name}_orders", figures[figures > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What comes faster, when, and at what cost."""
        m.sped = pyo.Var(m.sped_orders, domain=pyo.NonNegativeReals)
        m.rush = pyo.Var(m.rushed_orders, domain=pyo.Binary)
        m.sped_steps = pyo.Var(m.sped_step_orders, domain=pyo.NonNegativeIntegers)
        ledger.follows(m.sped_steps)
        m.whole_sped = pyo.Constraint(
            m.sped_step_orders,
            rule=lambda m, i, s, l, o, k: (
                m.sped[i, s, l, o, k] == m.sped_step[i, s, l, o, k] * m.sped_steps[i, s, l, o, k]
            ),
        )
        m.rush_limit = pyo.Constraint(
            m.rushed_orders,
            rule=lambda m, i, s, l, o, k: m.sped[i, s, l, o, k] <= m.most_sped[i, s, l, o, k] * m.rush[i, s, l, o, k],
        )
        m.rush_minimum = pyo.Constraint(
            m.least_sped_orders,
            rule=lambda m, i, s, l, o, k: m.sped[i, s, l, o, k] >= m.least_sped[i, s, l, o, k] * m.rush[i, s, l, o, k],
        )
        ledger.post(
            "receipts",
            lambda m, i, l, t: (
                sum(m.sped[i, s, l, o, k] for s, o, k in m.sped_in[i, l, t])
                - sum(m.sped[i, s, l, o, k] for s, o, k in m.sped_out[i, l, t])
            ),
        )
        ledger.offer(
            "can_arrive",
            lambda m, i, l, t: sum(ledger.total("placed", m, i, s, l, o) for s, o, k in m.sped_in[i, l, t]),
        )
        ledger.cost("expedite", m.sped_cost, m.sped)
        ledger.cost("expedite", m.rush_cost, m.rush)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """No more comes faster than is ordered."""
        m.sped_of_order = pyo.Constraint(
            m.lines_with_modes,
            rule=lambda m, i, s, l, o: (
                sum(m.sped[i, s, l, o, k] for k in m.modes_of[i, s, l, o]) <= ledger.total("ordered", m, i, s, l, o)
            ),
        )

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """What comes sooner, and not when its order does."""
        _, line, arrives, quantity = _taken(book, values)
        yield Move("receipts", line.item, line.location, arrives, quantity)
        yield Move("receipts", line.item, line.location, line.arrival, -quantity)

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`expedited`."""
        rows, labels, days = instance["transport_modes"], instance.labels, instance.calendar.first_days().astype(str)
        mode, line, arrives, quantity = _taken(book, values)
        return {
            "expedited": {
                "item": labels["item"][line.item],
                "supplier": labels["supplier"][line.supplier],
                "location": labels["location"][line.location],
                "order_period": days[line.period],
                "mode": as_texts(rows["mode"][mode].tolist()),
                "arrival_period": days[arrives],
                "quantity": quantity,
                "cost": quantity * rows["unit_cost"][mode] + rows["order_cost"][mode],
            }
        }


def _taken(book: Book, values: Values) -> tuple[Codes, OrderLines, Codes, Figures]:
    """What comes faster: by what mode (its row), of which line, when, how much."""
    ((mode, line, arrives),) = book.posted("sped arrivals")
    taken = values["sped"] > NOISE
    return mode[taken], order_lines(book).only(line[taken]), arrives[taken], values["sped"][taken]


def _faster(instance: Instance, lines: OrderLines) -> tuple[Codes, Codes, Codes]:
    """Triples (row of a mode, place of a line, arrival): the lines that a mode would bring sooner."""
    rows = instance["transport_modes"]
    mode, line = pairs(lines, **{name: instance.codes("transport_modes", name) for name in LINE[:3]})
    lead = rows["lead_time"][mode].astype(np.int64)
    arrives = arrivals(instance, lines.supplier[line], lines.period[line], lead)
    faster = arrives < lines.arrival[line]
    return mode[faster], line[faster], arrives[faster]
