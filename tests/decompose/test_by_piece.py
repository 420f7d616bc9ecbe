"""By piece: the same plan as through the program of the whole, table by table."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.assemble import derive
from models.lots_of import lots_of
from models.parts import plain
from models.pieces import in_pieces
from optimizer.compile import compile_book
from optimizer.decompose.by_piece import begun_by_piece, certain_bound, finished_by_piece
from optimizer.decompose.compose import broken_gates, composed
from optimizer.decompose.deliver import delivered
from optimizer.decompose.search import searching
from optimizer.results.finished import Finished, finished
from optimizer.results.memory import begun, remembered
from optimizer.solve.program import Floats
from optimizer.solve.search import Options
from tests.models.test_pieces import of_family


@cache
def planned() -> tuple[Floats, Floats, float]:
    """Quantities, prices and cost of a plan of the family."""
    made = of_family()
    lots = lots_of(made, derive(made, plain()), plain())
    enough = Options(60.0, 0.05)  # ordering nothing is within 10%
    search = searching(lots.to_bytes(), enough, lambda _: None, lambda *_: None, lambda: False)
    search.run()
    assert search.best is not None
    return search.best.quantity, search.prices, search.best.cost


def whole() -> Finished:
    """The plan through the program of the whole."""
    made, (quantity, prices, _) = of_family(), planned()
    book = derive(made, plain())
    lots = lots_of(made, book, plain())
    compiled = compile_book(made, book, plain())
    x = composed(lots, compiled, quantity, delivered(lots, quantity))
    return finished(made, book, compiled, x, remembered(made, book, lots, prices))


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(list(table.columns), ignore_index=True)


@pytest.mark.parametrize("size", [6, 25])
def test_it_is_the_plan_of_the_whole(size: int) -> None:
    made, (quantity, prices, cost), once = of_family(), planned(), whole()
    pieces, lots = in_pieces(made, plain(), size)
    apart, violation = finished_by_piece(made, plain(), pieces, lots, quantity, prices)
    assert violation < 1e-6
    assert apart.collected.objective == pytest.approx(cost, rel=1e-9)
    assert apart.collected.accounts == pytest.approx(once.collected.accounts)
    assert list(apart.collected.accounts) == list(once.collected.accounts)
    assert apart.sizes == once.sizes
    assert apart.asked == pytest.approx(once.asked)
    assert apart.lacking == pytest.approx(once.lacking)
    assert apart.collected.tables.keys() == once.collected.tables.keys()
    for name, table in once.collected.tables.items():
        pd.testing.assert_frame_equal(in_order(apart.collected.tables[name]), in_order(table), rtol=1e-9)
    for name, table in once.memory.items():
        pd.testing.assert_frame_equal(in_order(apart.memory[name]), in_order(table), rtol=1e-9)


def test_an_earlier_plan_is_taken_up_as_by_the_whole() -> None:
    made, once = of_family(), whole()
    book = derive(made, plain())
    alone = lots_of(made, book, plain())
    pieces, lots = in_pieces(made, plain(), 9)
    earlier = {"purchase_orders": once.collected.tables["purchase_orders"], **once.memory}
    ours, theirs = begun_by_piece(made, plain(), pieces, lots, earlier), begun(made, book, alone, earlier)
    assert np.array_equal(ours.quantity[lots.order], theirs.quantity[alone.order])
    assert np.array_equal(ours.prices, theirs.prices, equal_nan=True)
    assert ours.record == theirs.record
    assert ours.record["orders_found_again"] == len(once.collected.tables["purchase_orders"])
    assert len(ours.changed) == 0
    without = begun_by_piece(made, plain(), pieces, lots, {"purchase_orders": earlier["purchase_orders"].iloc[:3]})
    assert without.record == {"orders": 3, "orders_found_again": 3, "items_changed": 0, "prices": False}
    assert len(without.prices) == 0


def test_what_breaks_a_gate_or_an_item_is_seen() -> None:
    made, (quantity, prices, _) = of_family(), planned()
    pieces, lots = in_pieces(made, plain(), 20)
    assert broken_gates(lots, quantity) < 1e-6
    full = int(np.argmax(quantity * lots.worth))
    for factor in (20.0, 0.01):  # above the gate's capacity; under its least worth
        wrong = quantity.copy()
        wrong[full] *= factor
        assert broken_gates(lots, wrong) > 1e-3
        assert finished_by_piece(made, plain(), pieces, lots, wrong, prices)[1] > 1e-3


def test_the_certain_bound_is_below_the_plan() -> None:
    made, (_, _, cost) = of_family(), planned()
    bound = certain_bound(in_pieces(made, plain(), 20)[1])
    assert 0.5 * cost < bound < cost
