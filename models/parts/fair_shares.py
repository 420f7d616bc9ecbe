"""Fair shares: what is scarce of an item falls short for all of its customers alike.

    proportional    every customer lacks the same share of what it asks for, give or take a tolerance
    max_min         the customer who lacks the largest share lacks as little as can be, at a cost

Decides     unfair[i,c,k] >= 0         beyond the tolerance, where that may be at a cost                      [unit]
            worst[i,k] >= 0            largest share that a customer lacks                                   [share]
Subject to  fair_share_most    S_c - Q_c/Q · Σ_c S_c - unfair[i,c,k]  <=  a_k · Q_c           proportional
            fair_share_least   Q_c/Q · Σ_c S_c - S_c - unfair[i,c,k]  <=  a_k · Q_c           proportional
            worst_share        S_c  <=  Q_c · worst[i,k]                                        max_min
Costs       fairness  p_k · unfair[i,c,k];    p_k · Q · worst[i,k]

S_c = Σ unmet[d] over the customer's lines of the item, Q_c what they ask for, Q what all ask for; over the horizon. Of
table `fair_shares`: a `tolerance`, p `cost` per unit. For `max_min` the cost is as if everybody lacked what the worst
served lacks. A row for all items, or for a class, holds for each item by itself.

Source: fair-share allocation: Lagodimos (1992), Jonsson & Silver (1987); max-min of fill rates: Bertsimas, Farias &
Trichakis (2011), The price of fairness, Operations Research 59(1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import DemandLines
from models.entities import ITEMS
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part
from models.tables import Table, money, number, text

RULES = Table(
    "fair_shares",
    "How what is scarce is shared: one row per item, class of items, or for all; each item is shared by itself.",
    key=(
        text("item", "The item.", refers="items", default="", default_text="each", example="WIDGET-1"),
        text("item_class", "Items of this class.", default="", default_text="all"),
        text(
            "kind",
            "`proportional`: all lack the same share; `max_min`: who lacks most lacks as little as can be.",
            choices=("proportional", "max_min"),
            example="proportional",
        ),
    ),
    columns=(
        number(
            "tolerance",
            "Share by which a customer may lack more or less than all together.",
            unit="share",
            default=0.0,
            maximum=1.0,
            example="0.05",
        ),
        money(
            "cost",
            "Cost of a unit beyond the tolerance; for `max_min`, of a unit if all lacked what the worst served lacks.",
            per="unit",
            default=None,
            default_text="none: it must be kept",
        ),
    ),
    optional=True,
)


class FairShares(Part):
    """Proportional shares, and the worst customer's."""

    needs = (RULES, ITEMS)
    uses = ("unmet",)
    hard = ("fair_share_most", "fair_share_least")
    limits = (
        Limit("fair_shares", "kind", "shares in proportion", only=("proportional",), whole_row=True, unless="cost"),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """The worst customer's share has a cost."""
        rows = instance["fair_shares"]
        for k in np.flatnonzero((rows["kind"] == "max_min") & np.isnan(rows["cost"])):
            yield fault(
                "no cost of unfairness",
                "max_min weighs the worst served customer against all other costs: fill cost",
                table="fair_shares",
                row=int(k),
                column="cost",
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """Customers who share an item, by rule."""
        (lines,) = book.posted("demand lines")
        parties = _parties(instance, lines)
        rows = instance["fair_shares"]
        by_share = parties.only(rows["kind"][parties.rule] == "proportional")
        book.index("sharing", item=by_share.item, customer=by_share.customer, rule=by_share.rule)
        book.parameter("party_share", "sharing", by_share.asked / by_share.asked_by_all)
        book.parameter("tolerated", "sharing", rows["tolerance"][by_share.rule] * by_share.asked)
        _relate(book, lines, by_share, "party_lines", "sharing", own=True)
        _relate(book, lines, by_share, "sharing_lines", "sharing", own=False)
        cost = rows["cost"][by_share.rule]
        soft = ~np.isnan(cost)
        book.subset("wanted_sharing", "sharing", soft)
        book.parameter("unfair_cost", "wanted_sharing", cost[soft])
        parents = (by_share.item[soft], by_share.customer[soft], by_share.rule[soft])
        book.relation("sharing_slack", "sharing", parents, rule=by_share.rule[soft])

        worst = parties.only(rows["kind"][parties.rule] == "max_min")
        book.index("worst_of", item=worst.item, customer=worst.customer, rule=worst.rule)
        book.parameter("asked_of_item", "worst_of", worst.asked)
        _relate(book, lines, worst, "worst_lines", "worst_of", own=True)
        items, first = np.unique(np.column_stack([worst.item, worst.rule]), axis=0, return_index=True)
        book.index("worst_items", item=items[:, 0], rule=items[:, 1])
        book.parameter("worst_cost", "worst_items", rows["cost"][items[:, 1]] * worst.asked_by_all[first])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is unfair, and what it costs."""
        m.unfair = pyo.Var(m.wanted_sharing, domain=pyo.NonNegativeReals)
        m.worst = pyo.Var(m.worst_items, domain=pyo.NonNegativeReals)
        ledger.cost("fairness", m.unfair_cost, m.unfair)
        ledger.cost("fairness", m.worst_cost, m.worst)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Nobody lacks more, or less, than its share; nobody more than the worst."""
        m.fair_share_most = pyo.Constraint(
            m.sharing,
            rule=lambda m, i, c, k: (
                sum(ledger.total("unmet", m, d) for d in m.party_lines[i, c, k])
                - m.party_share[i, c, k] * sum(ledger.total("unmet", m, d) for d in m.sharing_lines[i, c, k])
                - sum(m.unfair[i, c, r] for r in m.sharing_slack[i, c, k])
                <= m.tolerated[i, c, k]
            ),
        )
        m.fair_share_least = pyo.Constraint(
            m.sharing,
            rule=lambda m, i, c, k: (
                m.party_share[i, c, k] * sum(ledger.total("unmet", m, d) for d in m.sharing_lines[i, c, k])
                - sum(ledger.total("unmet", m, d) for d in m.party_lines[i, c, k])
                - sum(m.unfair[i, c, r] for r in m.sharing_slack[i, c, k])
                <= m.tolerated[i, c, k]
            ),
        )
        m.worst_share = pyo.Constraint(
            m.worst_of,
            rule=lambda m, i, c, k: (
                sum(ledger.total("unmet", m, d) for d in m.worst_lines[i, c, k])
                <= m.asked_of_item[i, c, k] * m.worst[i, k]
            ),
        )

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """Whose share cannot be fair."""
        index = book.indexes["sharing"]
        item = instance.labels["item"][index["item"][row]]
        customer = instance.labels["customer"][index["customer"][row]]
        off = "much" if rule == "fair_share_most" else "little"
        return fault(
            "shares cannot be fair",
            f"what is scarce of {item} cannot be shared in proportion, {customer} would lack {missing:.10g} too {off}",
            table="fair_shares",
            row=int(index["rule"][row]),
            column="tolerance",
        )


@dataclass(frozen=True)
class _Parties:
    """A customer who shares an item under a rule, what it asks for, and what all of them do."""

    rule: Codes
    item: Codes
    customer: Codes
    asked: Figures
    asked_by_all: Figures

    def only(self, keep: Any) -> "_Parties":
        return _Parties(**{name: values[keep] for name, values in vars(self).items()})


def _parties(instance: Instance, lines: DemandLines) -> _Parties:
    """Every customer of every item that a rule is for."""
    rows, named = instance["fair_shares"], instance.codes("fair_shares", "item")
    if not len(rows):
        none = np.zeros(0, np.int64)
        return _Parties(none, none, none, none.astype(np.float64), none.astype(np.float64))
    pairs, which = np.unique(np.column_stack([lines.item, lines.customer]), axis=0, return_inverse=True)
    asked = np.bincount(which.ravel(), lines.quantity, minlength=len(pairs))
    by_all = np.bincount(pairs[:, 0], asked, minlength=len(instance["items"]))[pairs[:, 0]]
    found: list[Codes] = []
    for k in range(len(rows)):
        fits = (named[k] == -1) | (pairs[:, 0] == named[k])
        if rows["item_class"][k]:
            fits &= instance["items"]["class"][pairs[:, 0]] == rows["item_class"][k]
        found.append(np.flatnonzero(fits))
    rule = np.repeat(np.arange(len(rows)), [len(some) for some in found])
    pair = np.concatenate([np.zeros(0, np.int64), *found])
    return _Parties(rule, pairs[pair, 0], pairs[pair, 1], asked[pair], by_all[pair])


def _relate(book: Book, lines: DemandLines, parties: _Parties, name: str, of: str, *, own: bool) -> None:
    """The lines of each party's item: its own, or everybody's."""
    if not len(parties.rule):
        lines = DemandLines(**{column: values[:0] for column, values in vars(lines).items()})
    key = np.column_stack([lines.item, lines.customer if own else np.zeros_like(lines.item)])
    wanted = np.column_stack([parties.item, parties.customer if own else np.zeros_like(parties.item)])
    size = int(max(key.max(initial=0), wanted.max(initial=0))) + 1
    flat, asked = key[:, 0] * size + key[:, 1], wanted[:, 0] * size + wanted[:, 1]
    order = np.argsort(flat, kind="stable")
    start, end = (np.searchsorted(flat[order], asked, side=side) for side in ("left", "right"))
    count = end - start
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
    party = np.repeat(np.arange(len(count)), count)
    parents = (parties.item[party], parties.customer[party], parties.rule[party])
    book.relation(name, of, parents, line=lines.row[order[place]])
