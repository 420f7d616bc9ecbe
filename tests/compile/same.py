"""Two compiled programs, compared bit for bit; and parts made up of one rule."""

from collections.abc import Callable
from typing import Any

import numpy as np

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.ledger import Ledger
from models.part import Part
from optimizer.compile import Compiled, compile_book, compile_stock
from tests.models.solved import instance

ARRAYS = ("cost", "row_lower", "row_upper", "lower", "upper", "integer", "block", "late")


def assert_same(one: Compiled, other: Compiled) -> None:
    """Every array, every map and every charge."""
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one.program, name), getattr(other.program, name), err_msg=name)
    assert one.program.offset == other.program.offset
    assert one.program.matrix.shape == other.program.matrix.shape
    for name in ("indptr", "indices", "data"):
        mine, theirs = getattr(one.program.matrix, name), getattr(other.program.matrix, name)
        np.testing.assert_array_equal(mine, theirs, err_msg=name)
    assert one.over == other.over
    for maps in ("columns", "rows"):
        mine, theirs = getattr(one, maps), getattr(other, maps)
        assert list(mine) == list(theirs)
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name], err_msg=f"{maps} of {name}")
    assert [(c.account, c.index.name) for c in one.charges] == [(c.account, c.index.name) for c in other.charges]
    for mine, theirs in zip(one.charges, other.charges, strict=True):
        np.testing.assert_array_equal(mine.rate, theirs.rate)
        np.testing.assert_array_equal(mine.column, theirs.column)


def both(made: Instance, parts: Any = None) -> Compiled:
    """What both ways give, which must be the same."""
    book = derive(made, parts)
    ours = compile_book(made, book, parts)
    assert_same(ours, compile_stock(made, book, parts))
    return ours


class MadeUp(Part):
    """A part of a book and some rules."""

    def __init__(self, fill: Callable[[Book], None], say: Callable[[Any, Ledger], None]) -> None:
        self._fill, self._say = fill, say

    def derive(self, instance: Instance, book: Book) -> None:
        self._fill(book)

    def declare(self, m: Any, ledger: Ledger) -> None:
        self._say(m, ledger)


def made_up(fill: Callable[[Book], None], say: Callable[[Any, Ledger], None]) -> Compiled:
    """What both ways give for some rules over a book."""
    return both(three_items(), [MadeUp(fill, say)])


def three_items() -> Instance:
    """Three items, three suppliers, five weeks: ids enough for any book that is made up."""
    return instance(
        periods=5,
        items=[{"item": name, "price": 1} for name in ("nut", "rod", "cap")],
        suppliers=[{"supplier": name} for name in ("ACME", "BOLT", "CORK")],
    )
