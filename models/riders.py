"""Riders: what an instance asks of its lots beyond the plain problem, in two shapes that know no business names.

    step    F >= level - I_nt   or   F >= I_nt - level     F >= 0, at a cost: stock costs more below, or above, a level
    tie     least <= Σ_k (α_k x_k + β_k y_k) <= most       over options, mostly of one block

Both can be priced: with a price on each row its lots are plain lots again, with other costs. Steps, and ties within one
block, can also be kept by a plan that is made block by block.

Source: Geoffrion (1974), Lagrangean relaxation for integer programming.
"""

import io
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from models.instance import Codes, Figures
from models.lots import Lots

SHARED = -1  # in place of the block of a tie over several


@dataclass(frozen=True)
class Riders:
    """Steps by lot and period, and ties sorted by block.

    Attributes:
        below: (n, T) level under which stock costs more; 0 where there is none.
        below_cost: (n, T) [money per unit and period].
        above: (n, T) level over which it does; inf where there is none.
        above_cost: (n, T) [money per unit and period].
        tie_block: (m) block of each tie, ascending; `SHARED` (first) where it ties several.
        tie_start: (m + 1) pointers to the entries of each tie.
        tie_option: option of each entry.
        tie_quantity: α.
        tie_placed: β.
        tie_least: (m) -inf: none.
        tie_most: (m) inf: none.
    """

    below: Figures
    below_cost: Figures
    above: Figures
    above_cost: Figures
    tie_block: Codes
    tie_start: Codes
    tie_option: Codes
    tie_quantity: Figures
    tie_placed: Figures
    tie_least: Figures
    tie_most: Figures

    @property
    def ties(self) -> int:
        """How many ties."""
        return len(self.tie_block)

    @property
    def tie_of(self) -> Codes:
        """The tie of each entry."""
        return np.repeat(np.arange(self.ties), np.diff(self.tie_start))


@dataclass(frozen=True)
class Extended:
    """Lots with riders: what a search gets."""

    lots: Lots
    riders: Riders

    def to_bytes(self) -> bytes:
        """The arrays in numpy's own file format, for another process."""
        buffer = io.BytesIO()
        plain = {f"lots.{field.name}": getattr(self.lots, field.name) for field in fields(self.lots)}
        more = {f"riders.{field.name}": getattr(self.riders, field.name) for field in fields(self.riders)}
        np.savez(buffer, allow_pickle=False, **plain, **more)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Extended":
        """Back from `to_bytes`."""
        made: dict[str, dict[str, Any]] = {"lots": {}, "riders": {}}
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            for key, value in saved.items():
                kind, _, name = key.partition(".")
                made[kind][name] = value if value.ndim else value.item()
        return cls(Lots(**made["lots"]), Riders(**made["riders"]))
