"""Bonds: the ties of items (riders.py), and what a plan pays for those that it breaks."""

from itertools import pairwise

import numpy as np

from models.lots import Lots
from models.riders import Riders
from optimizer.solve.program import Floats, Ints

PENALTY = 3.0  # unit costs that a unit costs by which a tie is broken


class Bonds:
    """Ties by item.

    Attributes:
        item: the item of each lot, counted from 0.
        items: how many there are.
        item_of_tie: by tie.
        ties: of each item.
        lots: of each item.
        penalty: of each tie [money per unit of its row].
    """

    def __init__(self, lots: Lots, riders: Riders) -> None:
        blocks, self.item = np.unique(lots.block, return_inverse=True)
        self.items = len(blocks)
        self.item_of_tie: Ints = np.searchsorted(blocks, riders.tie_block)
        each = np.arange(self.items + 1)
        self.ties = [np.arange(*pair) for pair in pairwise(np.searchsorted(self.item_of_tie, each).tolist())]
        self.lots = [np.arange(*pair) for pair in pairwise(np.searchsorted(self.item, each).tolist())]
        size = np.abs(riders.tie_quantity) + np.abs(riders.tie_placed)
        count = np.maximum(np.diff(riders.tie_start), 1)
        mean = np.bincount(riders.tie_of, size, riders.ties) / count
        unit = np.bincount(riders.tie_of, lots.unit_cost[riders.tie_option], riders.ties) / count
        self.penalty = PENALTY * unit / np.maximum(mean, 1e-12)
        self._riders = riders

    def together(self, lots: Ints) -> Ints:
        """These lots, and all others of their items."""
        return np.concatenate([self.lots[item] for item in np.unique(self.item[lots]).tolist()])

    def owed(self, quantity: Floats, items: Ints, paid: Floats | None = None) -> float:
        """What items pay for ties that they break, and what they were `paid` by tie for a unit of its row."""
        riders, total = self._riders, 0.0
        for r in (r for item in items.tolist() for r in self.ties[item].tolist()):
            mine = slice(riders.tie_start[r], riders.tie_start[r + 1])
            brought = quantity[riders.tie_option[mine]]
            has = float(riders.tie_quantity[mine] @ brought + riders.tie_placed[mine] @ (brought > 0))
            total += max(riders.tie_least[r] - has, has - riders.tie_most[r], 0.0) * self.penalty[r]
            total += 0.0 if paid is None else paid[r] * has
        return float(total)

    def charged(self, items: Ints, more: Floats, unit: Floats, fixed: Floats) -> None:
        """Lower what options of items cost, in place, by what `more` (by tie) pays for their entries."""
        riders = self._riders
        for r in (r for item in items.tolist() for r in self.ties[item].tolist()):
            mine = slice(riders.tie_start[r], riders.tie_start[r + 1])
            np.subtract.at(unit, riders.tie_option[mine], more[r] * riders.tie_quantity[mine])
            np.subtract.at(fixed, riders.tie_option[mine], more[r] * riders.tie_placed[mine])
