"""Substitutes: a line gets another item than it asks for, where its customer consents.

Decides     substitute[d,k,l,t] >= 0     of line d, in units asked, delivered in t from l by row k of the table   [unit]
            kept_so[d] >= 0              what of a broken promise is kept so                                   [unit]
Subject to  promise_replaced   kept_so[d]   <=  Σ {substitute[d,k,l,t]: t <= promised}
            not_broken         kept_so[d]   <=  broken[d]
            whole_substitutes  substitute  =  g · substitute_steps[d,k,l,t], a whole number, where an item has a step
Posts       issues[b,l,t]  +=  Σ r_k · substitute[d,k,l,t + lane_ld]  over the lines that get item b           [unit]
            instead[d,t]  +=  Σ_{k,l} substitute[d,k,l,t]                                                      [unit]
Costs       substitution  c_k · substitute;  backorder  w · b_d · (t - τ_d) · substitute;
            delivery  r_k · lane · substitute;  ageing  as a delivery that waits as long;
            promise  - rate · kept_so                                          they are not broken after all

r `ratio`, units of the substitute for a unit asked, c `unit_cost` of table `substitutes`; a customer's own row comes
before one for all, and a customer whose `substitutes` is `no` gets them by a row of its own only. A line that is held
to what was confirmed gets its own item; so does one that comes in one delivery, or in deliveries or shipments of some
size, and one for an item of which stock is reserved. Reserved stock is no substitute. With quantity steps, both what is
counted and what leaves are whole.

Source: Lang & Domschke (2010), Efficient reformulations for dynamic lot-sizing problems with product substitution, OR
Spectrum 32(2).
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models.book import NOISE, Book, Values
from models.demand import DemandLines, demand_lines
from models.entities import CUSTOMERS, ITEMS, QUANTITY_STEP, pair_places, stocked
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines
from models.part import Move, Part, Scope
from models.tables import Table, money, number, text
from models.ways import Served, lanes

SUBSTITUTES = Table(
    "substitutes",
    "What may be delivered instead of an item: one row per item and substitute, for one customer where it is named.",
    key=(
        text("item", "What is asked for.", refers="items"),
        text("substitute", "What is delivered instead.", refers="items"),
        text("customer", "The customer who consents.", refers="customers", default="", default_text="all"),
    ),
    columns=(
        number("ratio", "Units of the substitute for a unit asked.", unit="unit per unit", default=1.0, positive=True),
        money("unit_cost", "Cost of substituting a unit asked.", per="unit asked", default=0.0),
    ),
    optional=True,
    illustrated=False,
)
CONSENT = CUSTOMERS.with_columns(
    text(
        "substitutes",
        "Whether rows of `substitutes` for all customers are for this one.",
        default="yes",
        choices=("yes", "no"),
    ),
)


class Substitutes(Part):
    """Other items instead of those asked for."""

    scope = Scope.SHARED
    needs = (SUBSTITUTES, CONSENT, ITEMS.with_columns(QUANTITY_STEP))
    limits = (Limit("customers", "substitutes", "no consent to substitutes", free="yes", only=("no",)),)
    posts = ("issues", "instead")
    uses = ("broken",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Items that stand in for themselves."""
        rows = instance["substitutes"]
        for k in np.flatnonzero(rows["item"] == rows["substitute"]):
            yield fault(
                "substitute of itself",
                "item and substitute are the same; name two items, or take the row off",
                table="substitutes",
                row=int(k),
                column="substitute",
                value=rows["substitute"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What is asked of one item is a need of those that may stand in."""
        rows = instance["substitutes"]
        if not len(rows):
            return

        @cache
        def still_open() -> Figures:
            lines = demand_lines(instance, book)
            which, choice = _pairs(instance, lines)
            size = len(instance["items"]), len(instance.labels["location"]) + 1, instance.calendar.periods
            by_last = np.zeros(size)
            item, much = _item(instance)[choice], rows["ratio"][choice] * lines.quantity[which]
            np.add.at(by_last, (item, lines.location[which], lines.last[which]), much)
            left: Figures = np.cumsum(by_last[:, :, ::-1], axis=2)[:, :, ::-1]
            return left

        def need(lines: OrderLines) -> Figures:
            here: Figures = still_open()[lines.item, lines.location, lines.arrival]
            anywhere: Figures = still_open()[lines.item, -1, lines.arrival]
            return here + anywhere

        book.post("need", need)

        def other_ways(lines: DemandLines) -> tuple[Codes, Codes]:
            which, _, _, period, _ = _ways(instance, book, lines)
            return lines.row[which], period

        book.post("other ways", other_ways)

    def derive(self, instance: Instance, book: Book) -> None:
        """Lines by what may be delivered instead, from where and when."""
        rows, (lines,) = instance["substitutes"], book.posted("demand lines")
        which, choice, location, period, leaves = _ways(instance, book, lines)
        line, item = lines.row[which], _item(instance)[choice]
        book.index("substitutions", line=line, choice=choice, location=location, period=period)
        book.post("substitutions", (which, item, leaves, rows["ratio"][choice]))
        book.post("served", lambda values: _served(book, values))
        book.relation("replacements", "other_ways", (line, period), choice=choice, location=location)
        more = {"line": line, "choice": choice, "arrives": period}
        book.relation("substituted", "stock_periods", (item, location, leaves), **more)
        ratio = rows["ratio"][choice]
        book.parameter("ratio", "substitutions", ratio)
        _, way_cost = lanes(book, lines.customer[which], location)
        waits = lines.waiting_cost[which] * (period - lines.first[which])
        dearer = [np.zeros(len(which)), *(add(lines, which, period) for add in book.posted("added wait"))]
        for name, of, figures in (
            ("substitution_ageing", "aged_substitutions", np.sum(dearer, axis=0)),
            ("substitution_cost", "paid_substitutions", rows["unit_cost"][choice]),
            ("substitution_wait", "late_substitutions", waits),
            ("substitution_way", "sent_substitutions", ratio * way_cost),
            ("substitution_grain", "stepped_substitutions", _grain(instance, lines.item[which], item, ratio)),
        ):
            book.subset(of, "substitutions", figures > 0)
            book.parameter(name, of, figures[figures > 0])
        _promises(book, line, choice, location, period)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What lines get instead, and at what cost."""
        m.substitute = pyo.Var(m.substitutions, domain=pyo.NonNegativeReals)
        m.kept_so = pyo.Var(m.replaceable_promises, domain=pyo.NonNegativeReals)
        m.substitute_steps = pyo.Var(m.stepped_substitutions, domain=pyo.NonNegativeIntegers)
        ledger.follows(m.substitute_steps)
        m.whole_substitutes = pyo.Constraint(
            m.stepped_substitutions,
            rule=lambda m, d, k, l, t: (
                m.substitute[d, k, l, t] == m.substitution_grain[d, k, l, t] * m.substitute_steps[d, k, l, t]
            ),
        )
        m.promise_replaced = pyo.Constraint(
            m.replaceable_promises,
            rule=lambda m, d: m.kept_so[d] <= sum(m.substitute[d, k, l, t] for k, l, t in m.timely[d]),
        )
        ledger.post(
            "issues",
            lambda m, i, l, t: sum(
                m.ratio[d, k, l, n] * m.substitute[d, k, l, n] for d, k, n in m.substituted[i, l, t]
            ),
        )
        ledger.post("instead", lambda m, d, t: sum(m.substitute[d, k, l, t] for k, l in m.replacements[d, t]))
        ledger.cost("substitution", m.substitution_cost, m.substitute)
        ledger.cost("backorder", m.substitution_wait, m.substitute)
        ledger.cost("delivery", m.substitution_way, m.substitute)
        ledger.cost("ageing", m.substitution_ageing, m.substitute)
        ledger.cost("promise", m.promise_regained, m.kept_so)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Only what is broken can be kept so."""
        m.not_broken = pyo.Constraint(
            m.replaceable_promises, rule=lambda m, d: m.kept_so[d] <= ledger.total("broken", m, d)
        )

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """Substitutes as they leave."""
        ((_, item, leaves, ratio),) = book.posted("substitutions")
        taken = values["substitute"] > NOISE
        location, much = book.indexes["substitutions"]["location"][taken], values["substitute"][taken]
        yield Move("delivered", item[taken], location, leaves[taken], ratio[taken] * much)


def _item(instance: Instance) -> Codes:
    """What each row of `substitutes` delivers."""
    return instance.codes("substitutes", "item", "substitute")


def _pairs(instance: Instance, lines: DemandLines) -> tuple[Codes, Codes]:
    """Pairs (place of a line, row of `substitutes`): what the customer of the line consents to."""
    rows = instance["substitutes"]
    asked, given, who = (
        instance.codes("substitutes", "item"),
        _item(instance),
        instance.codes("substitutes", "customer"),
    )
    own = {(int(asked[k]), int(given[k]), int(who[k])) for k in np.flatnonzero(who >= 0)}
    willing = np.ones(len(instance.labels["customer"]), dtype=np.bool_)
    if len(instance["customers"]):
        willing = instance["customers"]["substitutes"] != "no"
    which, choice = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for k in range(len(rows)):
        mine = lines.item == asked[k]
        if who[k] >= 0:
            mine &= lines.customer == who[k]
        else:
            others = [c for i, j, c in own if (i, j) == (asked[k], given[k])]
            mine &= willing[lines.customer] & ~np.isin(lines.customer, others)
        which.append(np.flatnonzero(mine))
        choice.append(np.full(int(mine.sum()), k))
    one, other = np.concatenate(which), np.concatenate(choice)
    order = np.lexsort((other, one))
    return one[order], other[order]


def _ways(instance: Instance, book: Book, lines: DemandLines) -> tuple[Codes, Codes, Codes, Codes, Codes]:
    """Place of the line, row of the table, location, period of delivery, and in which it leaves."""
    which, choice = _pairs(instance, lines)
    for held in book.posted("own item only"):
        free = ~np.isin(lines.row[which], held)
        which, choice = which[free], choice[free]
    for kept in book.posted("no substitute"):
        free = ~np.isin(_item(instance)[choice], kept)
        which, choice = which[free], choice[free]
    places, locations = stocked(instance, book), len(instance.labels["location"])
    pair, location = np.divmod(np.arange(len(which) * locations), locations)
    which, choice = which[pair], choice[pair]
    on_the_way, _ = lanes(book, lines.customer[which], location)
    fits = ((lines.location[which] == -1) | (lines.location[which] == location)) & (on_the_way >= 0)
    fits &= np.isin(pair_places(instance, _item(instance)[choice], location), places)
    which, choice, location, on_the_way = (column[fits] for column in (which, choice, location, on_the_way))
    length = lines.own_last[which] - lines.first[which] + 1  # nobody waits longer for it
    period = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    which, choice, location, on_the_way = (
        np.repeat(column, length) for column in (which, choice, location, on_the_way)
    )
    period = period + lines.first[which]
    there: NDArray[np.bool_] = period >= on_the_way
    return which[there], choice[there], location[there], period[there], (period - on_the_way)[there]


def _grain(instance: Instance, asked: Codes, given: Codes, ratio: Figures) -> Figures:
    """What is counted in units asked comes in whole multiples of this: both items' steps; 0: in any quantity."""
    step = np.nan_to_num(instance["items"]["quantity_step"])

    @cache
    def common(one: float, other: float, of: float) -> float:
        steps = [step for step in (Fraction(str(one)), Fraction(str(other)) / Fraction(str(of))) if step]
        if not steps:
            return 0.0
        below = lcm(*(step.denominator for step in steps))
        return float(Fraction(lcm(*(int(step * below) for step in steps)), below))

    return np.array([common(*three) for three in zip(step[asked], step[given], ratio, strict=True)], dtype=np.float64)


def _promises(book: Book, line: Codes, choice: Codes, location: Codes, period: Codes) -> None:
    """Promises that substitutes can keep, and by which of them."""
    (promised, by, rate), *_ = [*book.posted("promises"), (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    kept = np.isin(promised, line)
    promised, by, rate = promised[kept], by[kept], rate[kept]
    book.index("replaceable_promises", line=promised)
    book.parameter("promise_regained", "replaceable_promises", -rate)
    at = np.searchsorted(promised, line)
    found = np.append(promised, -1)[at] == line
    timely = found & (period <= np.append(by, -1)[at])
    book.relation(
        "timely", "replaceable_promises", (line[timely],), choice=choice[timely], location=location[timely],
        period=period[timely],
    )  # fmt: skip


def _served(book: Book, values: Values) -> Served:
    """What lines get instead."""
    ((_, item, _, _),), index = book.posted("substitutions"), book.indexes["substitutions"]
    taken = values["substitute"] > NOISE
    place, when = index["location"][taken], index["period"][taken]
    return Served(index["line"][taken], item[taken], place, when, values["substitute"][taken])
