"""Reserves: stock that is wanted below a level, as demand that is wanted early.

Number a lot's demand in the order in which it is due, dearest waiting first, and go on beyond the horizon. Unit n is of
the reserve of the periods t in which it is not yet due and  n <= D_t + level_t  (D_t: what was due until t). Where this
is the order in which units go out,

    Σ_t b_t max(0, level_t - I_t)  =  Σ_n Σ { b_t : n is of the reserve of t, and has not arrived in t }

so a step below a level (models/riders.py) is a cost of each unit by its arrival: a line is cut into pieces that are
wanted from the first period on of whose reserve they are, and pay b a period that they miss. Units beyond the horizon
are pieces that nobody ever asks for. With that, reserves are no riders any more: what prices and plans lots knows them.

Units need not go out in this order: stock may be kept for somebody who waits at a higher price, while another waits.
Exchanging the two shows that the sum then charges too much for a unit v, period t and arrival a only where some unit u
beyond the reserve of t, dearer to wait or with a window that ends before a, is due before a. For bounds (`proven`)
these are left out. Both need  b_t <= h_t + the least waiting cost, for stock to be delivered at once: what b has beyond
that is left out, too, as is what a unit that is never delivered would add for others.

Source: Axsäter (1990), Operations Research 38, for costs unit by unit; Krarup & Bilde (1977).
"""

from dataclasses import dataclass, replace

import numpy as np

from models.lots import FREE, Lots, starts
from models.riders import Riders
from optimizer.decompose.arrays import Arrays, arrays
from optimizer.decompose.lateness import filled
from optimizer.solve.program import Floats, Ints

NOTHING = 1e-9  # quantity of a piece that is none


@dataclass(frozen=True)
class Pieces:
    """The pieces of all lots' lines, sorted by lot, then by place in the order of going out.

    Attributes:
        start: (n + 1) by lot.
        line: of the lots; FREE: beyond the horizon.
        middle: a unit of it, by its number in the lot.
        quantity: how much.
        due: when it is asked for; T beyond the horizon.
    """

    start: Ints
    line: Ints
    middle: Floats
    quantity: Floats
    due: Ints


class Reserves:
    """Lots whose lines are pieces, wanted as early as reserves ask.

    Attributes:
        pieces: of the lines.
        lots: with the pieces for lines.
        rest: riders that are left.
    """

    def __init__(self, lots: Lots, riders: Riders) -> None:
        count, horizon = riders.below.shape
        lot_of_line = np.repeat(np.arange(count), np.diff(lots.line_start))
        waits = np.full(count, np.inf)
        np.minimum.at(waits, lot_of_line, lots.waiting)
        self._cost = np.maximum(np.minimum(riders.below_cost, lots.holding + waits[:, None]), 0.0) * (riders.below > 0)
        due = np.zeros((count, horizon))
        np.add.at(due, (lot_of_line, lots.first), lots.quantity)
        self._reach = np.where(riders.below > 0, np.cumsum(due, axis=1) + riders.below, 0.0)
        self.pieces = pieces = _cut(lots, self._reach)
        real = pieces.line >= 0
        waiting = np.where(real, np.append(lots.waiting, 0.0)[pieces.line], 0.0)
        last = np.where(real, np.append(lots.last, horizon - 1)[pieces.line], horizon - 1)
        lot = np.repeat(np.arange(count), np.diff(pieces.start))
        member = (self._reach[lot] >= pieces.middle[:, None]) & (np.arange(horizon) < pieces.due[:, None])
        first = np.where(member.any(axis=1), member.argmax(axis=1), np.minimum(pieces.due, horizon - 1))
        missed = np.where(member, self._cost[lot], 0.0)
        lost = np.where(real, np.append(lots.lost, 0.0)[pieces.line], missed.sum(axis=1))
        self._missed, self._lot = missed, lot
        self.lots = replace(
            lots, line_start=pieces.start, first=first, last=last, quantity=pieces.quantity, waiting=waiting, lost=lost,
            line=np.where(real, np.append(lots.line, FREE)[pieces.line], FREE),
        )  # fmt: skip
        none = np.zeros_like(riders.below)
        self.rest = replace(riders, below=none, below_cost=none)

    def arrays(self, lots: Lots, proven: bool) -> tuple[Lots, Arrays]:
        """The pieces' lots, at whatever prices of options and stock, for compiled code.

        Args:
            lots: `self.lots`, with other costs.
            proven: whether what is reckoned with them is to be a lower limit; else it is what a plan costs that
                delivers in order.
        """
        pieces, lot = self.pieces, self._lot
        held = np.hstack([np.zeros((len(lots.credit), 1)), np.cumsum(lots.holding, axis=1)])
        kept = held[lot, pieces.due] - held[lot, lots.first] - np.where(pieces.line < 0, lots.credit[lot], 0.0)
        late = np.zeros((len(lot), lots.periods))
        filled(pieces.start, pieces.middle, pieces.due, lots.first, lots.last, lots.waiting, self._reach,
                self._missed, held, proven, late)  # fmt: skip
        constant = float((pieces.quantity * kept).sum())
        made = replace(lots, lost=lots.lost - kept, constant=lots.constant + constant)
        return made, arrays(made)._replace(late=late)


def _cut(lots: Lots, reach: Floats) -> Pieces:
    """Lines cut where a reserve ends."""
    found: list[tuple[Ints, Floats, Floats]] = []
    count = np.zeros(len(lots), dtype=np.int64)
    for j in range(len(lots)):
        d0, d1 = lots.line_start[j], lots.line_start[j + 1]
        order = d0 + np.lexsort((-lots.lost[d0:d1], -lots.waiting[d0:d1], lots.first[d0:d1]))
        ends = np.cumsum(lots.quantity[order])
        cuts = np.unique(np.concatenate([ends, reach[j]]))
        cuts = cuts[cuts > NOTHING]
        edges = np.concatenate([[0.0], cuts])
        keep = np.diff(edges) > NOTHING
        middle, size = (0.5 * (edges[1:] + edges[:-1]))[keep], np.diff(edges)[keep]
        line = np.append(order, FREE)[np.searchsorted(ends, middle)]
        found.append((line, middle, size))
        count[j] = len(line)
    none = np.zeros(0)
    line, middle, size = (np.concatenate([none, *(piece[k] for piece in found)]) for k in range(3))
    line = line.astype(np.int64)
    due = np.where(line >= 0, np.append(lots.first, 0)[line], lots.periods)
    return Pieces(starts(count), line, middle, size, due.astype(np.int64))
