"""Deliver: the cheapest deliveries of given orders make a point of the whole program, at least as good as any other."""

import numpy as np
import pytest

from models.assemble import derive
from models.lots_of import lots_of
from optimizer.compile import compile_book
from optimizer.decompose import arrays
from optimizer.decompose.compose import composed
from optimizer.decompose.deliver import delivered
from tests.decompose.greedy import first_come, some_orders
from tests.decompose.lots import family_lots
from tests.solve.programs import random_input


@pytest.mark.parametrize("seed", range(6))
def test_they_cost_no_more_than_first_come_first_served(seed: int) -> None:
    made = random_input(seed).instance
    book = derive(made)
    lots, compiled = lots_of(made, book), compile_book(made, book)
    if lots.merged:
        pytest.skip("a lot of several stocks is no plan")
    quantity = some_orders(lots, np.random.default_rng(seed), 0.2)
    greedy, best = (
        composed(lots, compiled, quantity, flows) for flows in (first_come(lots, quantity), delivered(lots, quantity))
    )
    assert compiled.program.objective(best) <= compiled.program.objective(greedy) + 1e-6


def test_nothing_is_delivered_twice_or_out_of_its_window() -> None:
    lots = family_lots()
    flows = delivered(lots, some_orders(lots, np.random.default_rng(0), 0.1))
    assert (flows.quantity > 0).all()
    assert ((flows.period >= lots.first[flows.line]) & (flows.period <= lots.last[flows.line])).all()
    got = np.bincount(flows.line, flows.quantity, len(lots.line))
    assert (got <= lots.quantity + 1e-6).all()


def test_without_orders_only_what_is_there_is_delivered() -> None:
    lots = family_lots()
    flows = delivered(lots, np.zeros(len(lots.order)))
    assert 0 < flows.quantity.sum() <= lots.supply_quantity.sum() + 1e-6


def test_a_plan_may_take_every_option_of_a_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    # More than there is room for as a rule: nobody looks where an array ends.
    monkeypatch.setattr(arrays, "ROOM", 0)
    lots = family_lots()
    assert np.diff(lots.option_start).max() > 2 * lots.periods
    quantity = np.full(len(lots.order), 0.4)
    flows = delivered(lots, quantity)
    got = np.bincount(flows.line, flows.quantity, len(lots.line))
    assert (got <= lots.quantity + 1e-6).all()
    without = delivered(lots, np.zeros(len(lots.order)))
    assert 0 < flows.quantity.sum() - without.quantity.sum() <= quantity.sum() + 1e-6
