"""Pegging: which receipt covers which demand line, so that a line is served only where something arrives for it.

A strengthening: it changes no optimum, and lifts the linear relaxation from several percent below the optimum of an
item to within a fraction of one.

Decides     held[i,d,l,r] >= 0         of what line d gets from l in its first period f_d: arrived in r <= f_d;
                                       r = -1 is the opening stock                                              [unit]
Subject to  first_pegged       Σ_r held[i,d,l,r] = delivered[d,l,f_d]
            held_pegged        held[i,d,l,r]     <= q_d · can_arrive[i,l,r] + certain[i,l,r]         for r >= 0
            late_pegged        delivered[d,l,t]  <= q_d · can_arrive[i,l,t] + certain[i,l,t]         for t > f_d
            receipt_pegged     Σ_d held[i,d,l,t] + Σ_d {delivered[d,l,t]: f_d < t} <= received[i,l,t]
            opening_pegged     Σ_d held[i,d,l,-1] <= on_hand[i,l,-1]

q `quantity` of the demand line. A line that waits is served by what has just arrived: if it were served from stock, it
could have been served a period before, which saves a period of holding and of waiting. So a late delivery is its own
peg, and only deliveries in time need new variables. Customers are kept apart: summed over them the rows are far weaker.

It holds where stock is worth no more than what is saved: a figure `stock reward` (a cost of being below safety stock)
must not be above the holding cost and the smallest waiting cost of the item's lines there. And where deliveries are
whole multiples of a step, what arrives for certain must be, too. Any other stock is left out, and so are items of which
a line is `held back`: it may have to wait though there is stock.

Source: Krarup & Bilde (1977), Plant location, set covering and economic lot size; Pochet & Wolsey (2006), ch. 7 and 10.
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models.book import Book
from models.demand import DemandLines
from models.entities import pair_places
from models.instance import Codes, Instance
from models.ledger import Ledger
from models.part import Part

OPENING = -1  # the receipt that stands for the opening stock
WHOLE = 1e-9  # a quantity is a whole multiple that is this near to one, in steps


class Pegging(Part):
    """The facility-location form, by customer."""

    strengthens = True
    extends = True
    uses = ("delivered", "can_arrive", "certain", "received", "on_hand")

    def derive(self, instance: Instance, book: Book) -> None:
        """Pegs: line, location and receipt, where something can arrive and nothing rewards waiting stock."""
        (lines,) = book.posted("demand lines")
        index, horizon = book.indexes["deliveries"], instance.calendar.periods
        which = np.searchsorted(lines.row, index["line"])
        places = pair_places(instance, lines.item[which], index["location"])
        fits = _fits(instance, book, lines, which, places)
        first = fits & (index["period"] == lines.first[which])
        late = fits & (index["period"] > lines.first[which])
        _lines(book, lines, which, "first_deliveries", first)
        _lines(book, lines, which, "late_pegs", late)
        book.parameter("late_quantity", "late_pegs", lines.quantity[which[late]])
        _receipts(instance, book, lines, which[first], index["location"][first], _arriving(instance, book, horizon))
        late_parents = (lines.item[which[late]], index["location"][late], index["period"][late])
        _relate_receipts(book, late_parents, index["line"][late])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is delivered in time, by the receipt that it came with."""
        m.held = pyo.Var(m.held_pegs, domain=pyo.NonNegativeReals)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Nothing is served by what does not arrive, or by more than arrives."""
        m.first_pegged = pyo.Constraint(
            m.first_deliveries,
            rule=lambda m, i, d, l, t: (
                sum(m.held[i, d, l, r] for r in m.held_receipts[i, d, l, t]) == ledger.total("delivered", m, d, l, t)
            ),
        )
        m.held_pegged = pyo.Constraint(
            m.arrival_pegs,
            rule=lambda m, i, d, l, r: (
                m.held[i, d, l, r]
                <= m.held_quantity[i, d, l, r] * ledger.total("can_arrive", m, i, l, r)
                + ledger.total("certain", m, i, l, r)
            ),
        )
        m.late_pegged = pyo.Constraint(
            m.late_pegs,
            rule=lambda m, i, d, l, t: (
                ledger.total("delivered", m, d, l, t)
                <= m.late_quantity[i, d, l, t] * ledger.total("can_arrive", m, i, l, t)
                + ledger.total("certain", m, i, l, t)
            ),
        )
        m.receipt_pegged = pyo.Constraint(
            m.pegged_receipts,
            rule=lambda m, i, l, t: (
                sum(m.held[i, d, l, t] for d in m.held_lines[i, l, t])
                + sum(ledger.total("delivered", m, d, l, t) for d in m.late_lines[i, l, t])
                <= ledger.total("received", m, i, l, t)
            ),
        )
        m.opening_pegged = pyo.Constraint(
            m.pegged_openings,
            rule=lambda m, i, l, t: (
                sum(m.held[i, d, l, t] for d in m.opening_lines[i, l, t]) <= ledger.total("on_hand", m, i, l, t)
            ),
        )


def _fits(instance: Instance, book: Book, lines: DemandLines, which: Codes, places: Codes) -> NDArray[np.bool_]:
    """The deliveries from stocks where a line that waits may be taken to be served by what has just arrived."""
    count = len(instance["items"]) * len(instance.labels["location"])
    waiting = np.full(count, np.inf)
    np.minimum.at(waiting, places, lines.waiting_cost[which])
    holding, stock = np.zeros(count), book.indexes["stock_periods"]
    holding[pair_places(instance, stock["item"], stock["location"])] = book.values("holding_cost")
    reward = np.zeros(count)
    for item, location, cost in book.posted("stock reward"):
        np.add.at(reward, pair_places(instance, item, location), cost)
    sound = reward <= holding + waiting
    for item in book.posted("held back"):
        sound.reshape(len(instance["items"]), -1)[item] = False
    for step in book.posted("whole deliveries"):
        for item, location, _, quantity in book.posted("certain arrivals"):
            steps = quantity / np.where(step[item] > 0, step[item], 1.0)
            broken = (step[item] > 0) & (np.abs(steps - np.round(steps)) > WHOLE)
            sound[pair_places(instance, item, location)[broken]] = False
    fits: NDArray[np.bool_] = sound[places]
    return fits


def _lines(book: Book, lines: DemandLines, which: Codes, name: str, keep: NDArray[np.bool_]) -> None:
    """An index set of the deliveries that are marked, with their item in front."""
    index = book.indexes["deliveries"]
    book.index(
        name,
        item=lines.item[which[keep]],
        line=index["line"][keep],
        location=index["location"][keep],
        period=index["period"][keep],
    )


def _arriving(instance: Instance, book: Book, horizon: int) -> NDArray[np.bool_]:
    """Whether anything can arrive, by place and period."""
    arriving = np.zeros((len(instance["items"]) * len(instance.labels["location"]), horizon), dtype=np.bool_)
    for item, location, period in book.posted("arrivals"):
        arriving[pair_places(instance, item, location), period] = True
    for item, location, period, _ in book.posted("certain arrivals"):
        arriving[pair_places(instance, item, location), period] = True
    return arriving


def _receipts(
    instance: Instance, book: Book, lines: DemandLines, which: Codes, location: Codes, arriving: NDArray[np.bool_]
) -> None:
    """The receipts that may cover each delivery in time: the opening stock, and what arrives until then."""
    place = pair_places(instance, lines.item[which], location)
    opening = np.zeros(len(arriving))
    stocks = book.indexes["stocks"]
    opening[pair_places(instance, stocks["item"], stocks["location"])] = book.values("opening")
    can = np.column_stack([opening > 0, arriving])[place]  # column 0 is the opening
    can &= np.arange(OPENING, arriving.shape[1]) <= lines.first[which][:, None]
    row, receipt = np.nonzero(can)
    receipt = receipt + OPENING
    item, line, where = lines.item[which[row]], lines.row[which[row]], location[row]
    book.index("held_pegs", item=item, line=line, location=where, receipt=receipt)
    book.relation("held_receipts", "first_deliveries", (item, line, where, lines.first[which[row]]), receipt=receipt)
    arrives = receipt >= 0
    book.subset("arrival_pegs", "held_pegs", arrives)
    book.parameter("held_quantity", "arrival_pegs", lines.quantity[which[row[arrives]]])
    opened = np.unique(np.column_stack([item, where])[~arrives], axis=0)
    book.index("pegged_openings", item=opened[:, 0], location=opened[:, 1], period=np.full(len(opened), OPENING))
    book.relation(
        "opening_lines", "pegged_openings", (item[~arrives], where[~arrives], receipt[~arrives]), line=line[~arrives]
    )


def _relate_receipts(book: Book, late: tuple[Codes, Codes, Codes], late_line: Codes) -> None:
    """What each receipt may cover: lines in time, and lines that waited."""
    pegs = book.indexes["arrival_pegs"]
    held = (pegs["item"], pegs["location"], pegs["receipt"])
    both = np.unique(np.concatenate([np.column_stack(held), np.column_stack(late)]), axis=0)
    book.index("pegged_receipts", item=both[:, 0], location=both[:, 1], period=both[:, 2])
    book.relation("held_lines", "pegged_receipts", held, line=pegs["line"])
    book.relation("late_lines", "pegged_receipts", late, line=late_line)
