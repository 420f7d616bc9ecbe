"""Fulfilment: which demand line is delivered when and from where, what waits, and what is never delivered.

Decides     deliver[d,l,t] >= 0        delivered to demand line d from location l in period t                 [unit]
            short[d] >= 0              of line d, never delivered                                             [unit]
            otherwise[d,t] >= 0        what line d gets otherwise in t, where a part says that it may         [unit]
Owns        instead[d,t]  =  Σ posts
Subject to  demand_met         Σ_{l,t} deliver[d,l,t] + Σ_t otherwise[d,t] + short[d] = q_d
            got_otherwise      otherwise[d,t] = instead[d,t]
Posts       issues[i,l,t]  +=  Σ_d deliver[d,l,t + lane_ld]  over the lines of item i
Offers      delivered[d,l,t], otherwise[d,t], unmet[d] = short[d]
Costs       backorder  w_c · b_d · (t - τ_d) · deliver[d,l,t];    shortage  w_c · p_d · short[d]

q `quantity`, τ the period of `due`, b `backorder_cost`, p `shortage_cost` of table `demand` (default: the item's, and
its default: shares of the item's price), w `weight` of the customer. A line is delivered from its due period to
`max_delay` periods later, never early. It left `lane` periods before, where a part says that the way takes time, and
comes from no location that does not serve the customer (`models.ways`). What was due before `start` has waited already:
cost and window count from period 0. A forecast due before `start` is dropped; so is what is due after the horizon.

Source: Pochet & Wolsey (2006), ch. 10 (lot-sizing with backlogging); shortage as lost sales: Sandbothe & Thompson
(1990).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.demand import LINE_KEY, DemandLines, demand_lines
from models.entities import CUSTOMERS, DEMAND, ITEMS, lowest_unit_cost, pair_places, stocked
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines
from models.part import Move, Part
from models.tables import Kind, Result, Setting, date, money, number, periods, quantity, text
from models.ways import Served, lanes, leaving, served, ways_otherwise

LINES = DEMAND.with_columns(
    quantity("quantity", "Open: not yet delivered.", example="30"),
    money(
        "backorder_cost",
        "Cost of a unit that is delivered late.",
        per="unit and period late",
        default=None,
        default_text="the item's",
    ),
    money(
        "shortage_cost",
        "What is lost with a unit that is never delivered: its price and goodwill.",
        per="unit",
        default=None,
        default_text="the item's",
    ),
    periods("max_delay", "Periods that the line may wait.", default=None, default_text="the item's"),
)
ITEM_COSTS = ITEMS.with_columns(
    money(
        "backorder_cost",
        "Cost of a unit that is delivered late.",
        per="unit and period late",
        default=None,
        default_text="price × backorder_rate",
    ),
    money(
        "shortage_cost",
        "What is lost with a unit that is never delivered.",
        per="unit",
        default=None,
        default_text="price × shortage_rate",
    ),
    periods("max_delay", "Periods that a line may wait.", default=None, default_text="to the horizon's end"),
)
WEIGHT = CUSTOMERS.with_columns(
    number("weight", "Multiplies the backorder and shortage cost of the customer's lines.", default=1.0, example="1"),
)


class Fulfilment(Part):
    """Deliveries, backorders and shortages by demand line."""

    needs = (LINES, ITEM_COSTS, WEIGHT)
    limits = (
        Limit("demand", "max_delay", "a wait of at most {} periods", free=1e6),
        Limit("items", "max_delay", "a wait of at most {} periods"),
    )
    settings = (
        Setting(
            "costs",
            "backorder_rate",
            Kind.NUMBER,
            "Backorder cost, as a share of the item's price, where an item has none.",
            unit="share of the price a period",
            default=0.05,
        ),
        Setting(
            "costs",
            "shortage_rate",
            Kind.NUMBER,
            "Shortage cost, as a share of the item's price, where an item has none.",
            unit="share of the price",
            default=2.0,
        ),
    )
    owns = ("instead",)
    posts = ("issues",)
    offers = ("delivered", "otherwise", "unmet")
    gives = (
        Result(
            "allocations",
            "Which demand line is delivered when, and from where.",
            (
                *LINE_KEY,
                text("location", "Where it is delivered from."),
                date("delivery_period", "First day of the period of delivery."),
                quantity("quantity", "How much."),
                periods("periods_late", "Periods after the one in which it was due."),
                money("backorder_cost", "What the wait of this row costs."),
                text("delivered_item", "What is delivered instead of the item; where anything is, empty elsewhere."),
            ),
        ),
        Result(
            "backorders",
            "Every demand line that waits or is short.",
            (
                *LINE_KEY,
                quantity("quantity", "Asked for."),
                quantity("late_quantity", "Delivered after its due period."),
                quantity("short_quantity", "Never delivered."),
                date("promise", "Last day of the period of its last delivery; empty where nothing is delivered."),
                money("cost", "What waiting and shortage of the line cost."),
            ),
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Lines that are left out, and penalties that lead the plan astray."""
        demand, due = instance["demand"], instance.calendar.index(instance["demand"]["due"])
        written = demand.text("due")
        for k in np.flatnonzero((due < 0) & (demand["kind"] == "forecast")):
            yield warning(
                "forecast in the past",
                f"this forecast was due before {instance.calendar.start} and is dropped",
                table="demand",
                row=int(k),
                column="due",
                value=written[k],
            )
        for k in np.flatnonzero(due >= instance.calendar.periods):
            yield warning(
                "demand after the horizon",
                "due after the horizon, which ends on "
                f"{instance.calendar.last_day(instance.calendar.periods - 1)}, and left out",
                table="demand",
                row=int(k),
                column="due",
                value=written[k],
            )
        lines = demand_lines(instance)
        for k in np.flatnonzero(np.isnan(lines.waiting_cost) | np.isnan(lines.shortage_cost)):
            yield fault(
                "no price",
                "nothing tells what waiting and shortage cost: the item has no price, no costs and no row in sourcing; "
                "fill backorder_cost and shortage_cost, here or in items",
                table="demand",
                row=int(lines.row[k]),
                column="shortage_cost",
            )
        yield from _odd_penalties(instance, lines)

    def prepare(self, instance: Instance, book: Book) -> None:
        """Demand is a need, and its penalties are a measure for those of reserves: both once all have posted."""
        lines = cache(lambda: demand_lines(instance, book))
        open_until = cache(lambda: _still_open(instance, lines()))

        def need(orders: OrderLines) -> Figures:
            here: Figures = open_until()[orders.item, orders.location, orders.arrival]
            anywhere: Figures = open_until()[orders.item, -1, orders.arrival]
            return here + anywhere

        book.post("need", need)
        book.post("waiting cost", lambda: (lines().item, lines().waiting_cost))

    def derive(self, instance: Instance, book: Book) -> None:
        """Lines, and each location and period in which one can be delivered."""
        lines = demand_lines(instance, book)
        book.post("demand lines", lines)
        due = np.clip(instance.calendar.index(instance["demand"]["due"]), 0, instance.calendar.periods - 1)
        book.stands_for(
            "line", item=instance.codes("demand", "item"), customer=instance.codes("demand", "customer"), period=due
        )
        book.index("lines", line=lines.row)
        book.parameter("quantity", "lines", lines.quantity)
        book.parameter("shortage_cost", "lines", lines.shortage_cost)
        which, location = _sources(instance, book, lines)
        length = (lines.last - lines.first + 1)[which]
        period = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        which, location = np.repeat(which, length), np.repeat(location, length)
        period = period + lines.first[which]
        soon, leaves = np.ones(len(period), dtype=np.bool_), period
        if book.posted("lanes"):
            on_the_way, _ = lanes(book, lines.customer[which], location)
            there = (on_the_way >= 0) & (period >= on_the_way)
            which, location, period, on_the_way = (a[there] for a in (which, location, period, on_the_way))
            soon, leaves = on_the_way == 0, period - on_the_way
            book.post("delivery leaves", leaves)
        book.index("deliveries", line=lines.row[which], location=location, period=period)
        book.relation("ways", "lines", (lines.row[which],), location=location, period=period)
        for name, some, more in (("claims", soon, {}), ("claims_ahead", ~soon, {"arrives": period[~soon]})):
            parents = lines.item[which[some]], location[some], leaves[some]
            book.relation(name, "stock_periods", parents, line=lines.row[which[some]], **more)
        line, moment = ways_otherwise(book, lines)
        book.index("other_ways", line=line, period=moment)
        book.relation("otherwise_in", "lines", (line,), period=moment)
        cost = lines.waiting_cost[which] * (period - lines.first[which])
        book.subset("late_deliveries", "deliveries", cost > 0)
        book.parameter("waiting_cost", "late_deliveries", cost[cost > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Deliveries and what falls short."""
        m.deliver = pyo.Var(m.deliveries, domain=pyo.NonNegativeReals)
        m.short = pyo.Var(m.lines, domain=pyo.NonNegativeReals)
        m.otherwise = pyo.Var(m.other_ways, domain=pyo.NonNegativeReals)
        m.demand_met = pyo.Constraint(
            m.lines,
            rule=lambda m, d: (
                sum(m.deliver[d, l, t] for l, t in m.ways[d])
                + sum(m.otherwise[d, t] for t in m.otherwise_in[d])
                + m.short[d]
                == m.quantity[d]
            ),
        )
        ledger.post("issues", lambda m, i, l, t: sum(m.deliver[d, l, t] for d in m.claims[i, l, t]))
        ledger.post("issues", lambda m, i, l, t: sum(m.deliver[d, l, n] for d, n in m.claims_ahead[i, l, t]))
        ledger.offer("delivered", lambda m, d, l, t: m.deliver[d, l, t])
        ledger.offer("otherwise", lambda m, d, t: m.otherwise[d, t])
        ledger.offer("unmet", lambda m, d: m.short[d])
        ledger.cost("backorder", m.waiting_cost, m.deliver)
        ledger.cost("shortage", m.shortage_cost, m.short)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What lines get otherwise is what parts give them."""
        instead = ledger.totals("instead")
        m.got_otherwise = pyo.Constraint(m.other_ways, rule=lambda m, d, t: m.otherwise[d, t] == instead(m, d, t))

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """Deliveries as they leave."""
        index, delivered = book.indexes["deliveries"], values["deliver"]
        taken = delivered > NOISE
        item = instance.codes("demand", "item")[index["line"][taken]]
        yield Move("delivered", item, index["location"][taken], leaving(book)[taken], delivered[taken])

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`allocations` and `backorders`."""
        (lines,) = book.posted("demand lines")
        index, taken, otherwise = book.indexes["deliveries"], values["deliver"] > NOISE, served(book, values)
        delivered = np.concatenate([values["deliver"][taken], otherwise.quantity])
        which = np.searchsorted(lines.row, np.concatenate([index["line"][taken], otherwise.line]))
        period = np.concatenate([index["period"][taken], otherwise.period])
        late = period - lines.due[which]
        cost = lines.waiting_cost[which] * (period - lines.first[which]) * delivered
        allocations = {
            **_line_key(instance, lines, which),
            "location": instance.labels["location"][np.concatenate([index["location"][taken], otherwise.location])],
            "delivery_period": instance.calendar.first_days().astype(str)[period],
            "quantity": delivered,
            "periods_late": late,
            "backorder_cost": cost,
            **_delivered_items(instance, int(taken.sum()), otherwise),
        }
        return {
            "allocations": allocations,
            "backorders": _backorders(instance, lines, which, period, delivered, late, cost),
        }


def _backorders(
    instance: Instance, lines: DemandLines, which: Codes, period: Codes, delivered: Figures, late: Codes, cost: Figures
) -> dict[str, Array]:
    """Lines that wait or are short, from deliveries (`which` line, when, how much)."""
    count, calendar = len(lines.row), instance.calendar
    short = lines.quantity - np.bincount(which, delivered, minlength=count)
    short = np.where(short > NOISE, short, 0.0)
    waits = np.bincount(which, np.where(late > 0, delivered, 0.0), minlength=count)
    last = np.full(count, -1)
    np.maximum.at(last, which, period)
    money_lost = np.bincount(which, cost, minlength=count) + lines.shortage_cost * short
    shown = np.flatnonzero((waits > 0) | (short > 0))
    last_days = [calendar.last_day(t) for t in range(calendar.periods)]
    return {
        **_line_key(instance, lines, shown),
        "quantity": lines.quantity[shown],
        "late_quantity": waits[shown],
        "short_quantity": short[shown],
        "promise": as_texts([last_days[t] if t >= 0 else "" for t in last[shown]]),
        "cost": money_lost[shown],
    }


def _delivered_items(instance: Instance, own: int, otherwise: Served) -> dict[str, Array]:
    """What is delivered where that is not what was asked; nothing where all get what they asked for."""
    asked = instance.codes("demand", "item")[otherwise.line]
    if (asked == otherwise.item).all():
        return {}
    names = instance.labels["item"][otherwise.item]
    return {"delivered_item": as_texts([*[""] * own, *np.where(asked == otherwise.item, "", names)])}


def _line_key(instance: Instance, lines: DemandLines, which: Codes) -> dict[str, Array]:
    """What names a demand line, as the input has it."""
    demand, row = instance["demand"], lines.row[which]
    return {
        "item": demand["item"][row],
        "customer": demand["customer"][row],
        "due": demand.text("due")[row],
        "kind": demand["kind"][row],
        "demand_location": demand["location"][row],
        "reference": demand["reference"][row],
    }


def _still_open(instance: Instance, lines: DemandLines) -> Figures:
    """Quantity that may still be delivered by item, location (the last place: any) and period."""
    by_last = np.zeros((len(instance["items"]), len(instance.labels["location"]) + 1, instance.calendar.periods))
    np.add.at(by_last, (lines.item, lines.location, lines.last), lines.quantity)
    still_open: Figures = np.cumsum(by_last[:, :, ::-1], axis=2)[:, :, ::-1]
    return still_open


def _sources(instance: Instance, book: Book, lines: DemandLines) -> tuple[Codes, Codes]:
    """Each line and location from which it can be delivered: the one that it names, or wherever the item is stocked."""
    places, locations = stocked(instance, book), len(instance.labels["location"])
    which, location = np.divmod(np.arange(len(lines.row) * locations), locations)
    fits = (lines.location[which] == -1) | (lines.location[which] == location)
    fits &= np.isin(pair_places(instance, lines.item[which], location), places)
    return which[fits], location[fits]


def _odd_penalties(instance: Instance, lines: DemandLines) -> Iterator[Finding]:
    """Lines whose penalties make the plan do what nobody means."""
    cheapest = lowest_unit_cost(instance)[lines.item]
    own = ~np.isnan(instance["demand"]["shortage_cost"][lines.row])
    low = lines.shortage_cost <= cheapest
    _, first, counts = np.unique(lines.item[low & ~own], return_index=True, return_counts=True)
    told = [
        *np.flatnonzero(low & own),
        *np.flatnonzero(low & ~own)[first],
    ]
    for k, count in zip(told, [1] * int((low & own).sum()) + counts.tolist(), strict=True):
        whom = "this line" if count == 1 else f"these {count:,} lines of the item"
        yield warning(
            "shortage is cheap",
            f"losing a unit costs {lines.shortage_cost[k]:.10g} (weighted), buying one at least {cheapest[k]:.10g}: "
            f"nothing will be bought for {whom}; a shortage cost is the selling price and goodwill",
            **_place_of_shortage_cost(instance, lines, k),
        )
    wait = lines.waiting_cost * (lines.last - lines.first)
    odd = np.flatnonzero((lines.shortage_cost < wait) & (lines.shortage_cost > cheapest))
    worst = odd[np.argsort(lines.shortage_cost[odd] - wait[odd], kind="stable")]
    _, first, counts = np.unique(lines.item[worst], return_index=True, return_counts=True)
    for k, count in zip(worst[first], counts, strict=True):  # one for each item: penalties are mostly the item's
        more = f" ({count - 1:,} more lines of the item are alike)" if count > 1 else ""
        yield warning(
            "dropping beats waiting",
            f"waiting to the end of its window costs {wait[k]:.10g} a unit, dropping it {lines.shortage_cost[k]:.10g}: "
            f"the plan may drop the line rather than deliver it late{more}",
            **_place_of_shortage_cost(instance, lines, k),
        )


def _place_of_shortage_cost(instance: Instance, lines: DemandLines, k: int) -> dict[str, Any]:
    """The cell that a line's shortage cost comes from: its own, else its item's, else again its own, which is empty."""
    row, item = int(lines.row[k]), int(lines.item[k])
    own, of_item = instance["demand"]["shortage_cost"][row], instance["items"]["shortage_cost"][item]
    place: dict[str, Any] = {"table": "demand", "row": row, "value": "" if np.isnan(own) else own}
    if np.isnan(own) and not np.isnan(of_item):
        place = {"table": "items", "row": item, "value": of_item}
    return {**place, "column": "shortage_cost"}
