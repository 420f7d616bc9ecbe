"""Pieces: the lots of very many items, derived some thousand items at a time.

What parts derive takes a hundred times the room of the tables: 100,000 items would need 9 GB for index sets alone. Lots
need a tenth of it, and know of no item but their own. So each piece of the items is derived for itself, its lots are
kept and the rest is forgotten, to be derived again when the plan is written.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from models.assemble import derive
from models.book import Book
from models.instance import Codes, Instance
from models.lots import FREE, OF_LINE, OF_LOT, OF_OPTION, OF_SUPPLY, Lots
from models.lots_of import lots_of
from models.part import Part


@dataclass(frozen=True)
class Piece:
    """Some items, and where their lots are among all lots.

    Attributes:
        items: codes.
        options: first of its options, and the first of the next piece's.
        gates: of each of its own gates, the one among all.
    """

    items: Codes
    options: tuple[int, int]
    gates: Codes

    def derived(self, instance: Instance, parts: Sequence[Part]) -> tuple[Instance, Book, Lots]:
        """Its rows, what follows from them, and its lots."""
        few = instance.only_items(self.items)
        book = derive(few, parts)
        return few, book, lots_of(few, book, parts)


def in_pieces(instance: Instance, parts: Sequence[Part], size: int) -> tuple[list[Piece], Lots]:
    """The lots of an instance, and the pieces of which they are made.

    Args:
        instance: what is planned.
        parts: of the plain formulation.
        size: items of a piece, about.

    Returns:
        Pieces, and all lots in their order: as `lots_of` would give them, but that `order`, `line` and `stock` are rows
        of the pieces' index sets, one after the other.
    """
    count = len(instance.labels["item"])
    cuts = np.linspace(0, count, max(1, round(count / size)) + 1).astype(np.int64)
    found: list[Lots] = []
    keys: list[Codes] = []
    items = [np.arange(first, last) for first, last in pairwise(cuts)]
    nothing = np.zeros(0, dtype=np.int64)
    for some in items:
        _, book, lots = Piece(some, (0, 0), nothing).derived(instance, parts)
        found.append(lots)
        keys.append(_gate_keys(instance, book, lots))
        del book
        forget()
    gc.unfreeze()
    every = np.unique(np.concatenate(keys))
    gates = [np.searchsorted(every, some) for some in keys]
    ends = np.cumsum([0, *(len(lots.order) for lots in found)]).tolist()
    pieces = [Piece(*piece) for piece in zip(items, pairwise(ends), gates, strict=True)]
    return pieces, _joined(found, gates, len(every))


def forget() -> None:
    """Free what a piece has left: a book and the figures that are functions of it hold each other.

    What stays is not looked through again: all texts of an instance would be, for each piece.
    """
    gc.collect()
    gc.freeze()


def _gate_keys(instance: Instance, book: Book, lots: Lots) -> Codes:
    """One number for the supplier and period of each gate: a gate is there because something can be ordered in it."""
    orders = book.indexes["orders"]
    inside = np.flatnonzero(lots.gate >= 0)
    key = np.full(len(lots.gate_cost), FREE)
    row = lots.order[inside]
    key[lots.gate[inside]] = orders["supplier"][row] * instance.calendar.periods + orders["period"][row]
    assert (key >= 0).all()
    return key


def _joined(found: Sequence[Lots], gates: Sequence[Codes], count: int) -> Lots:
    """All lots one after the other, over the same gates."""
    made: dict[str, Any] = {}
    for start, names in (("option_start", OF_OPTION), ("line_start", OF_LINE), ("supply_start", OF_SUPPLY)):
        sizes = np.cumsum([0, *(getattr(lots, start)[-1] for lots in found)])
        pointers = [getattr(lots, start)[:-1] + first for lots, first in zip(found, sizes, strict=False)]
        made[start] = np.concatenate([*pointers, sizes[-1:]]).astype(np.int64)
        made |= {name: np.concatenate([getattr(lots, name) for lots in found]) for name in names}
    made |= {name: np.concatenate([getattr(lots, name) for lots in found]) for name in OF_LOT}
    for name, rows in (("order", "order"), ("line", "line"), ("stock", "stock")):
        above = np.cumsum([0, *(getattr(lots, rows).max(initial=-1) + 1 for lots in found)])
        shifted = [getattr(lots, rows) + first for lots, first in zip(found, above, strict=False)]
        made[name] = np.concatenate(shifted)
    made["gate"] = np.concatenate(
        [
            np.where(lots.gate >= 0, np.append(own, FREE)[lots.gate], FREE)
            for lots, own in zip(found, gates, strict=True)
        ]
    )
    above = np.cumsum([0, *(lots.segment.max(initial=-1) + 1 for lots in found)])
    made["segment"] = np.concatenate(
        [np.where(lots.segment >= 0, lots.segment + first, FREE) for lots, first in zip(found, above, strict=False)]
    )
    for field in fields(Lots):
        if field.name.startswith("gate_"):
            values = np.zeros(count, dtype=getattr(found[0], field.name).dtype)
            for lots, own in zip(found, gates, strict=True):
                values[own] = getattr(lots, field.name)
            made[field.name] = values
    for name in ("gate_open", "gate_extra"):
        there = made[name] >= 0
        made[name] = np.where(there, np.cumsum(there) - 1, FREE)
    return replace(
        found[0],
        **made,
        constant=sum(lots.constant for lots in found),
        pure=all(lots.pure for lots in found),
        relaxes=all(lots.relaxes for lots in found),
        merged=any(lots.merged for lots in found),
    )
