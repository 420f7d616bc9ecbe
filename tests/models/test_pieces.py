"""Pieces: lots derived piece by piece are those of the whole, whatever the pieces."""

from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from benchmarks import family
from models.assemble import derive
from models.instance import Instance
from models.lots import Lots
from models.lots_of import lots_of
from models.parts import plain
from models.pieces import in_pieces
from optimizer.read import read
from tests.solve.programs import random_input

ROWS = {"order", "line", "stock"}  # of the pieces' index sets, not of the whole's


@cache
def of_family(items: int = 12) -> Instance:
    """An instance of the family."""
    with TemporaryDirectory() as folder:
        family.write(items, 12, 2, Path(folder))
        return read(folder).instance


def assert_same(one: Lots, other: Lots) -> None:
    for field in fields(Lots):
        if field.name not in ROWS:
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, err_msg=field.name)
            assert np.asarray(mine).dtype == np.asarray(theirs).dtype


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_lots_of_the_family_are_those_of_the_whole(size: int) -> None:
    made = of_family()
    pieces, lots = in_pieces(made, plain(), size)
    assert_same(lots, lots_of(made, derive(made, plain()), plain()))
    assert len(pieces) == max(1, round(12 / size))
    assert lots.pure
    for name in ROWS:
        assert len(np.unique(getattr(lots, name))) == len(getattr(lots, name))


@pytest.mark.parametrize("seed", range(12))
def test_lots_of_random_instances_are_those_of_the_whole(seed: int) -> None:
    made = random_input(seed, "medium").instance
    _, lots = in_pieces(made, plain(), 2)
    whole = lots_of(made, derive(made, plain()), plain())
    if whole.pure:
        assert_same(lots, whole)
    assert lots.pure == whole.pure


def test_a_piece_knows_its_place_among_all() -> None:
    made = of_family()
    pieces, lots = in_pieces(made, plain(), 7)
    for piece in pieces:
        few, book, own = piece.derived(made, plain())
        here = slice(*piece.options)
        assert np.array_equal(np.unique(own.block), piece.items)
        assert np.array_equal(own.arrival, lots.arrival[here])
        assert np.array_equal(piece.gates[own.gate], lots.gate[here])
        assert np.array_equal(own.gate_capacity, lots.gate_capacity[piece.gates])
        items = few.labels["item"][book.indexes["orders"]["item"][own.order]]
        assert set(items) <= set(made.labels["item"][piece.items])


def test_some_items_keep_their_codes_and_others_have_no_rows() -> None:
    made = of_family()
    few = made.only_items(np.array([3, 5]))
    assert few.labels is made.labels
    assert set(few["demand"]["item"]) == set(made.labels["item"][[3, 5]])
    assert set(few.codes("sourcing", "item").tolist()) == {3, 5}
    assert len(few["items"]) == len(made["items"])
    assert len(few["suppliers"]) == len(made["suppliers"])
    assert len(few["demand"].text("due")) == len(few["demand"])
    (index, values), (whole, rates) = (derive(one, plain()).parameters["unit_cost"] for one in (few, made))
    assert index == whole
    assert 0 < len(values) < len(rates)
