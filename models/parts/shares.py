"""Shares: a supplier gets at least, and at most, so much of what is newly ordered of an item.

Owns        share_credit[i,s,l], share_debit[i,s,l]     what counts for a minimum, against a maximum       [unit]
Subject to  share_minimum      Σ_{s's lines} ordered + share_credit  >=  a · Σ_{all lines} ordered
            share_maximum      Σ_{s's lines} ordered + share_debit   <=  b · Σ_{all lines} ordered

a `share_min`, b `share_max` of table `sourcing`. Lines: all of the item's over the horizon, at the row's location; over
all locations where the row is for all. Open orders do not count.

A share is a reason to buy more than anybody needs: a big pack of one supplier must be matched by the others. It gives
no limit by itself; an order line is held below `SENSIBLE` times what could be needed, for each part of it that another
supplier must get.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import SOURCING
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, common_grain, order_lines, pairs
from models.part import Part
from models.tables import number

ROWS = SOURCING.with_columns(
    number(
        "share_min",
        "The supplier gets at least this share of what is newly ordered of the item.",
        unit="share",
        default=0.0,
        maximum=1.0,
    ),
    number(
        "share_max",
        "The supplier gets at most this share of what is newly ordered of the item.",
        unit="share",
        default=1.0,
        maximum=1.0,
    ),
)
SENSIBLE = 10.0
ROUNDING = 1e-9  # shares that add up to one but for their decimal digits


class Shares(Part):
    """Splits of an item over its suppliers."""

    needs = (ROWS,)
    limits = (
        Limit("sourcing", "share_min", "a share of at least {}"),
        Limit("sourcing", "share_max", "a share of at most {}"),
    )
    owns = ("share_credit", "share_debit")
    uses = ("ordered",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Shares that stay the same over time, and can add up to one."""
        rows = instance["sourcing"]
        for k in np.flatnonzero(rows["share_min"] > rows["share_max"]):
            yield fault(
                "shares reversed",
                f"share_min is above share_max ({rows['share_max'][k]:.10g})",
                table="sourcing",
                row=int(k),
                column="share_min",
                value=rows["share_min"][k],
            )
        yield from _changing(instance)
        yield from _impossible_sums(instance)

    def prepare(self, instance: Instance, book: Book) -> None:
        """A share is a reason to buy more than is needed."""
        rows = instance["sourcing"]
        item, has = instance.codes("sourcing", "item"), _restricted(instance)
        if not has.any():
            return
        smallest = np.ones(len(instance["items"]))
        parts = np.column_stack([rows["share_min"], rows["share_max"], 1 - rows["share_min"], 1 - rows["share_max"]])[
            has
        ]
        for part in parts.T:
            np.minimum.at(smallest, item[has], np.where(part > ROUNDING, part, 1.0))
        shared = np.zeros(len(instance["items"]), dtype=bool)
        shared[item[has]] = True
        asked = np.zeros(len(instance["items"]))
        np.add.at(asked, instance.codes("demand", "item"), instance["demand"]["quantity"])
        np.add.at(asked, instance.codes("inventory", "item"), instance["inventory"]["safety_stock"])

        def reason(lines: OrderLines) -> Figures:
            lot = np.maximum(common_grain(book, lines), rows["minimum_quantity"][lines.row])
            for figure in book.posted("reason"):
                if figure is not reason:
                    lot = lot + figure(lines)
            lots = np.zeros(
                len(instance["items"])
            )  # what a line of any supplier may be forced to, the others must match
            np.maximum.at(lots, lines.item, lot)
            return np.where(shared, SENSIBLE * (asked + lots) / smallest, 0.0)[lines.item]

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """One element for each item, supplier and location (-1: all) that has a share."""
        lines = order_lines(book)
        places, which = np.unique(_scope(instance)[_restricted(instance)], axis=0, return_index=True)
        rows = np.flatnonzero(_restricted(instance))[which]
        for name, column, binds in (
            ("least", "share_min", instance["sourcing"]["share_min"][rows] > 0),
            ("most", "share_max", instance["sourcing"]["share_max"][rows] < 1),
        ):
            chosen = places[binds]
            share, line = pairs(lines, item=chosen[:, 0], location=chosen[:, 2])
            reached = np.unique(share)  # nothing is shared of what cannot be ordered any more
            book.index(
                f"{name}_shares", item=chosen[reached, 0], supplier=chosen[reached, 1], location=chosen[reached, 2]
            )
            book.parameter(f"{name}_share", f"{name}_shares", instance["sourcing"][column][rows][binds][reached])
            mine = lines.supplier[line] == chosen[share, 1]
            _relate(book, f"{name}_own", chosen[share[mine]], lines.only(line[mine]))
            _relate(book, f"{name}_others", chosen[share[~mine]], lines.only(line[~mine]))

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Hold each share against the whole."""
        credit, debit = ledger.totals("share_credit"), ledger.totals("share_debit")
        m.share_minimum = pyo.Constraint(
            m.least_shares,
            rule=lambda m, i, s, l: (
                (1 - m.least_share[i, s, l])
                * sum(ledger.total("ordered", m, i, s, k, o) for k, o in m.least_own[i, s, l])
                - m.least_share[i, s, l]
                * sum(ledger.total("ordered", m, i, r, k, o) for r, k, o in m.least_others[i, s, l])
                + credit(m, i, s, l)
                >= 0
            ),
        )
        m.share_maximum = pyo.Constraint(
            m.most_shares,
            rule=lambda m, i, s, l: (
                (1 - m.most_share[i, s, l])
                * sum(ledger.total("ordered", m, i, s, k, o) for k, o in m.most_own[i, s, l])
                - m.most_share[i, s, l]
                * sum(ledger.total("ordered", m, i, r, k, o) for r, k, o in m.most_others[i, s, l])
                + debit(m, i, s, l)
                <= 0
            ),
        )


def _restricted(instance: Instance) -> Any:
    rows = instance["sourcing"]
    return (rows["share_min"] > 0) | (rows["share_max"] < 1)


def _scope(instance: Instance) -> Codes:
    """Item, supplier and location (-1: all) of each sourcing row."""
    return np.column_stack([instance.codes("sourcing", name) for name in ("item", "supplier", "location")])


def _relate(book: Book, name: str, shares: Codes, lines: OrderLines) -> None:
    parents = (shares[:, 0], shares[:, 1], shares[:, 2])
    of = f"{name.partition('_')[0]}_shares"
    if name.endswith("_own"):
        book.relation(name, of, parents, location=lines.location, period=lines.period)
    else:
        book.relation(name, of, parents, supplier=lines.supplier, location=lines.location, period=lines.period)


def _changing(instance: Instance) -> Iterator[Finding]:
    """Dated rows of one item, supplier and location whose shares differ."""
    rows, scope = instance["sourcing"], _scope(instance)
    _, first, which = np.unique(scope, axis=0, return_index=True, return_inverse=True)
    for column in ("share_min", "share_max"):
        expected = rows[column][first][which.ravel()]
        for k in np.flatnonzero(rows[column] != expected):
            yield fault(
                "share changes over time",
                f"another row of the same item, supplier and location has {expected[k]:.10g}; a share counts over "
                "the whole horizon and must be the same in all of them",
                table="sourcing",
                row=int(k),
                column=column,
                value=rows[column][k],
            )


def _impossible_sums(instance: Instance) -> Iterator[Finding]:
    """Shares of an item that cannot add up to one, over all locations or at one."""
    rows, scope = instance["sourcing"], _scope(instance)
    item, location = scope[:, 0], scope[:, 2]
    for i, l in np.unique(scope[_restricted(instance)][:, [0, 2]], axis=0):
        mine = np.flatnonzero((item == i) & (location == l))
        _, first = np.unique(scope[mine, 1], return_index=True)
        mine = mine[first]
        here = (location == l) | (location == -1) | (l == -1)
        others = (item == i) & here & ~np.isin(scope[:, 1], scope[mine, 1])
        least, most = rows["share_min"][mine].sum(), rows["share_max"][mine].sum() + others.sum()
        where = str(instance.labels["item"][i]) + (f" at {instance.labels['location'][l]}" if l >= 0 else "")
        if least > 1 + ROUNDING:
            yield fault(
                "shares cannot add up",
                f"the suppliers' share_min of {where} add up to {_shown(least)}: at most 1 can be given away",
                table="sourcing",
                row=int(mine[-1]),
                column="share_min",
                value=rows["share_min"][mine[-1]],
            )
        if most < 1 - ROUNDING:
            yield fault(
                "shares cannot add up",
                f"the suppliers' share_max of {where} add up to {_shown(most)}: nobody may deliver the rest; "
                "they must reach 1",
                table="sourcing",
                row=int(mine[-1]),
                column="share_max",
                value=rows["share_max"][mine[-1]],
            )


def _shown(share: Figures) -> str:
    return f"{share:.6g}"
