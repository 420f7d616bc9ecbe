"""Bought before: what was bought earlier in the year counts towards the shares of suppliers.

With B_s bought before from s of the item, B from everybody, a `share_min` and b `share_max`, a supplier is behind by
D = a · B - B_s where that is above 0, and ahead by E = B_s - b · B. Its share then holds of all that is bought, before
and now; or, because nothing must be ordered for the sake of a share, what is missing is caught up with later:

Decides     behind[i,s,l] >= 0, catch_up[i,s,l] in {0,1}    still missing; only suppliers that are behind get orders
            ahead[i,s,l] >= 0, paused[i,s,l] in {0,1}       still too much; the supplier gets nothing
Posts       share_credit[i,s,l] += B_s - a · B + behind;    share_debit[i,s,l] += B_s - b · B - ahead          [unit]
Subject to  behind_limit       behind <= D · catch_up
            others_wait        placed[i,r,k,o] <= 1 - catch_up     lines of suppliers r that are not behind
            ahead_limit        ahead <= E · paused
            pause              placed[i,s,k,o] <= 1 - paused       the supplier's own lines

B `quantity` of table `bought_before` [unit], at the share's location; over all where the share is for all.

Source: quota arrangements as in SAP MM, where the quota of a source counts from what it has been allocated so far.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import BOUGHT_BEFORE
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.orders import OrderLines, order_lines, pairs
from models.part import Part

SHARE = ("item", "supplier", "location")


class BoughtBefore(Part):
    """Shares of a year that has begun."""

    needs = (BOUGHT_BEFORE,)
    posts = ("share_credit", "share_debit")
    uses = ("placed",)

    def prepare(self, instance: Instance, book: Book) -> None:
        """What must be caught up with is a reason to buy more than is needed."""
        if not len(instance["bought_before"]):
            return
        rows = instance["sourcing"]
        scope = np.column_stack([instance.codes("sourcing", name) for name in SHARE])
        own, everybody = _bought(instance, scope)
        least, most = rows["share_min"], rows["share_max"]
        missing = np.maximum(least * everybody - own, 0.0) / np.maximum(1 - least, 1e-3)
        beyond = np.maximum(own - most * everybody, 0.0) / np.maximum(most, 1e-3)
        by_item = np.zeros(len(instance["items"]))
        np.add.at(by_item, scope[:, 0], missing + beyond)

        def reason(lines: OrderLines) -> Figures:
            return by_item[lines.item]

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """Shares that begin behind or ahead, and the lines that may have to wait for it."""
        lines = order_lines(book)
        for of, sign in (("least", -1.0), ("most", 1.0)):
            index = book.indexes[f"{of}_shares"]
            scope = np.column_stack([index[name] for name in SHARE])
            own, everybody = _bought(instance, scope)
            balance = np.round(own - book.values(f"{of}_share") * everybody, 9)
            _relate(book, f"{of}_balances", f"{of}_shares", balance != 0)
            book.parameter(f"{of}_balance", f"{of}_balances", balance[balance != 0])
            off = sign * balance > 0
            _relate(book, f"off_{of}", f"{of}_shares", off)
            book.parameter(f"off_{of}_by", f"off_{of}", sign * balance[off])
            shares = scope[off]
            share, line = pairs(lines, item=shares[:, 0], location=shares[:, 2])
            mine = lines.supplier[line] == shares[share, 1]
            if of == "least":
                behind = {tuple(place) for place in shares.tolist()}
                places = zip(shares[share, 0], lines.supplier[line], shares[share, 2], strict=True)
                mine = np.array([place not in behind for place in places], dtype=np.bool_)
            share, held = shares[share[mine]], lines.only(line[mine])
            book.index(
                f"held_by_{of}",
                item=share[:, 0],
                supplier=share[:, 1],
                location=share[:, 2],
                from_supplier=held.supplier,
                from_location=held.location,
                period=held.period,
            )

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is still missing or too much, and what counts towards shares."""
        m.behind = pyo.Var(m.off_least, domain=pyo.NonNegativeReals)
        m.catch_up = pyo.Var(m.off_least, domain=pyo.Binary)
        m.ahead = pyo.Var(m.off_most, domain=pyo.NonNegativeReals)
        m.paused = pyo.Var(m.off_most, domain=pyo.Binary)
        m.behind_limit = pyo.Constraint(
            m.off_least, rule=lambda m, i, s, l: m.behind[i, s, l] <= m.off_least_by[i, s, l] * m.catch_up[i, s, l]
        )
        m.ahead_limit = pyo.Constraint(
            m.off_most, rule=lambda m, i, s, l: m.ahead[i, s, l] <= m.off_most_by[i, s, l] * m.paused[i, s, l]
        )
        ledger.post(
            "share_credit",
            lambda m, i, s, l: (
                sum(m.least_balance[i, s, k] for k in m.least_balances_of[i, s, l])
                + sum(m.behind[i, s, k] for k in m.off_least_of[i, s, l])
            ),
        )
        ledger.post(
            "share_debit",
            lambda m, i, s, l: (
                sum(m.most_balance[i, s, k] for k in m.most_balances_of[i, s, l])
                - sum(m.ahead[i, s, k] for k in m.off_most_of[i, s, l])
            ),
        )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Who gets no orders until it is made up for."""
        m.others_wait = pyo.Constraint(
            m.held_by_least,
            rule=lambda m, i, s, l, r, k, o: ledger.total("placed", m, i, r, k, o) + m.catch_up[i, s, l] <= 1,
        )
        m.pause = pyo.Constraint(
            m.held_by_most,
            rule=lambda m, i, s, l, r, k, o: ledger.total("placed", m, i, r, k, o) + m.paused[i, s, l] <= 1,
        )


def _bought(instance: Instance, scope: Codes) -> tuple[Figures, Figures]:
    """Bought before from the supplier, and from everybody, for each item, supplier and location (-1: all)."""
    rows = instance["bought_before"]
    item, supplier, location = (instance.codes("bought_before", name) for name in SHARE)
    own, everybody = np.zeros(len(scope)), np.zeros(len(scope))
    for k in range(len(rows)):
        counts = (scope[:, 0] == item[k]) & ((scope[:, 2] == -1) | (scope[:, 2] == location[k]))
        everybody[counts] += rows["quantity"][k]
        own[counts & (scope[:, 1] == supplier[k])] += rows["quantity"][k]
    return own, everybody


def _relate(book: Book, name: str, of: str, keep: Any) -> None:
    """A subset of shares, and for each share itself where it is one of them."""
    index = book.subset(name, of, keep)
    item, supplier, location = (index[dimension] for dimension in SHARE)
    book.relation(f"{name}_of", of, (item, supplier, location), location=location)
