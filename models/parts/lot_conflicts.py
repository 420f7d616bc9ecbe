"""Lot conflicts: smallest lots that together are more than a supplier takes on are not placed together.

A strengthening: it changes no optimum. Where few lots fill a supplier's period, the capacity alone lets a relaxation
take a piece of each; at most one of those that exclude each other can be placed.

Subject to  lot_conflict    Σ {placed[i,s,l,o]: (i,l) in clique k} <= opened[s,o]      1 where there is no joint order

A clique is a set of order lines of a supplier and period any two of which need more than its capacity with all
overtime (u · smallest lot + setup), or are worth more than its maximum order value. Sorted by need w_1 >= w_2 >= …
the largest lots of which neighbours exclude each other are one clique, and each smaller lot makes one with those that
exclude it: these cover every pair.

Source: Atamtürk, Nemhauser & Savelsbergh (2000), Conflict graphs in solving integer programming problems, EJOR 121(1).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.orders import order_lines
from models.part import Part, Scope

MARGIN = 1e-6  # two lots exclude each other when they pass the limit by more than this share of it


class LotConflicts(Part):
    """Cliques of smallest lots."""

    scope = Scope.SHARED
    strengthens = True
    uses = ("placed", "opened", "capacity_used", "order_value")

    def derive(self, instance: Instance, book: Book) -> None:
        """Cliques by supplier, period and number, and the lines in each."""
        lines = order_lines(book)
        slots = _slots(instance, lines.supplier, lines.period)
        members, cliques = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        count = 0
        for need, limit in book.posted("lot needs"):
            for clique in _cliques(slots, need(lines), limit(lines)):
                members.append(clique)
                cliques.append(np.full(len(clique), count))
                count += 1
        member, clique = np.concatenate(members), np.concatenate(cliques)
        joint = book.indexes["joint_orders"]
        line = lines.only(member)
        places = np.unique(np.column_stack([line.supplier, line.period, clique]), axis=0)
        index = book.index("cliques", supplier=places[:, 0], period=places[:, 1], clique=places[:, 2])
        parents = (line.supplier, line.period, clique)
        book.relation("lots_in_clique", index.name, parents, item=line.item, location=line.location)
        opened = np.isin(
            _slots(instance, places[:, 0], places[:, 1]), _slots(instance, joint["supplier"], joint["period"])
        )
        book.parameter("lots_without_opening", index.name, np.where(opened, 0.0, 1.0))
        parents = (places[opened, 0], places[opened, 1], places[opened, 2])
        book.relation("opening_of_clique", index.name, parents, opens=places[opened, 1])

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """At most one lot of a clique."""
        m.lot_conflict = pyo.Constraint(
            m.cliques,
            rule=lambda m, s, o, k: (
                sum(ledger.total("placed", m, i, s, l, o) for i, l in m.lots_in_clique[s, o, k])
                <= sum(ledger.total("opened", m, s, p) for p in m.opening_of_clique[s, o, k])
                + m.lots_without_opening[s, o, k]
            ),
        )


def _slots(instance: Instance, supplier: Codes, period: Codes) -> Codes:
    """One number for each supplier and period."""
    return supplier * instance.calendar.periods + period


def _cliques(slots: Codes, need: Figures, limit: Figures) -> Iterator[Codes]:
    """Cliques of lines, by place: within each slot, lines of which any two need more than its limit."""
    order = np.lexsort((np.arange(len(slots)), -need, slots))
    starts = np.flatnonzero(np.diff(slots[order], prepend=-1))
    for mine in np.split(order, starts[1:]):
        if len(mine) and np.isfinite(limit[mine[0]]):
            yield from _cliques_of_slot(mine, need[mine], limit[mine[0]] * (1 + MARGIN))


def _cliques_of_slot(lines: Codes, need: Figures, limit: float) -> Iterator[Codes]:
    """Cliques of lines that are sorted by falling need."""
    apart = need[:-1] + need[1:] <= limit  # neighbours that fit together
    large = int(np.argmax(apart)) + 1 if apart.any() else len(lines)
    if large > 1:
        yield lines[:large]
    for k in range(large, len(lines)):
        against = int(np.searchsorted(-(need[:large] + need[k]), -limit))  # the first so many exclude it
        if against:
            yield np.append(lines[:against], lines[k])
