"""Segments: two options of a plan that are one order line become the one option that holds both their quantities.

It costs no more, and no line lies in two segments of prices. What is more than the line's largest option holds is not
ordered; what falls between two segments (units that nobody counts) is ordered up to the lower one.
"""

import numpy as np

from models.lots import Lots
from optimizer.solve.program import Floats


class Segments:
    """The options of each order line that has several."""

    def __init__(self, lots: Lots) -> None:
        self._order, self._smallest, self._largest, self._pack = lots.order, lots.smallest, lots.largest, lots.pack
        self._several = np.flatnonzero(lots.segment >= 0)

    def gather(self, quantity: Floats) -> None:
        """Change quantities, in place, so that each order line is one option."""
        placed = self._several[quantity[self._several] > 0]
        orders, count = np.unique(self._order[placed], return_counts=True)
        for order in orders[count > 1].tolist():
            options = self._several[self._order[self._several] == order]
            in_all = float(quantity[options].sum())
            quantity[options] = 0.0
            held = options[self._smallest[options] <= in_all]
            option = held[np.argmax(self._smallest[held])]
            most, pack = float(self._largest[option]), float(self._pack[option])
            quantity[option] = min(in_all, np.floor(most / pack) * pack if pack > 0 else most)
