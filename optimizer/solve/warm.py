"""Warm: what a search begins from: an earlier plan, written in the columns of the problem at hand.

The problem may have changed since: the plan may break its rules, and columns may be new. It is a hint, never believed.
"""

import io
from dataclasses import dataclass

import numpy as np

from optimizer.solve.program import Floats, Ints


@dataclass(frozen=True)
class Warm:
    """An earlier plan, and what else is known of it.

    Attributes:
        x: of each column of a program, NaN where the plan says nothing; or the quantity of each option of lots.
        prices: what the search that made it knew of lots: of each gate, then of each option's largest and smallest
            quantity; NaN where that is new. Empty: nothing is known.
        first: the blocks (of a program) or lots whose data have changed since: they are decided again in any case.
    """

    x: Floats
    prices: Floats
    first: Ints

    def to_bytes(self) -> bytes:
        """The arrays in numpy's own file format, for another process."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, x=self.x, prices=self.prices, first=self.first)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Warm":
        """Back from `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            return cls(saved["x"], saved["prices"], saved["first"])
