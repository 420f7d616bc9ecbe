"""Replan: one lot decided again in the room that the others leave."""

from dataclasses import replace

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose.arrays import FAR, arrays, work
from optimizer.decompose.prices import Pricing
from optimizer.decompose.replan import SHUT, empty, own_cost, replan, settle, take
from optimizer.solve.program import Floats
from tests.decompose.lots import family_lots, keeps_gates, pure_lots
from tests.models.lots_program import optimum

LOTS = family_lots()
A = arrays(LOTS)


def _supply_price(lots: Lots) -> Floats:
    """What stock that is there is worth where gates cost nothing."""
    pricing = Pricing(lots, 1)
    pricing.at(np.zeros(len(lots.gate_cost)))
    return pricing.supply_price


SUPPLY_PRICE = _supply_price(LOTS)


def test_one_lot_alone_is_decided_as_by_a_whole_number_program() -> None:
    # With everything tried it may be beaten where several options must move at once; that is seldom, and not by much.
    exact = tried = 0
    for number in range(6):
        lots = pure_lots(number)
        a, supply_price = arrays(lots), _supply_price(lots)
        for j in range(len(lots)):
            room, state = work(a), empty(a, supply_price.copy())
            _, cost, count = replan(a, room, state, j, 0.0, 2, False, True)
            settle(a, room, state, j, count)
            assert own_cost(a, room, state, j) == pytest.approx(cost)
            best = optimum(_alone(lots, j))
            slack = 1e-6 * abs(best)
            assert best - slack <= cost <= best + 0.01 * abs(best), (number, j)
            exact += cost <= best + slack
            tried += 1
    assert tried >= 30
    assert exact >= 0.9 * tried


def _alone(lots: Lots, j: int) -> Lots:
    """One lot; gates limit it, but neither cost anything nor ask for anything."""
    nothing = np.zeros(len(lots.gate_cost))
    return replace(lots.restricted(np.array([j])), gate_cost=nothing, gate_floor=nothing)


def test_what_is_taken_is_given_back() -> None:
    room, state = work(A), empty(A, SUPPLY_PRICE.copy())
    _, _, count = replan(A, room, state, 2, 0.0, 1, False, True)
    settle(A, room, state, 2, count)
    assert state.used.any()
    take(A, state, 2, -1.0)
    assert np.allclose(state.used, 0.0, atol=1e-6)
    assert np.allclose(state.worth, 0.0, atol=1e-6)


def test_gates_that_are_shut_or_full_are_not_used() -> None:
    room, state = work(A), empty(A, SUPPLY_PRICE.copy())
    state.status[:-1:2] = SHUT
    full = np.arange(1, A.gates - 1, 4)
    state.used[full] = A.gate_capacity[full]
    for j in range(A.lots):
        _, best, count = replan(A, room, state, j, 0.0, 1, False, True)
        assert best < FAR / 2
        settle(A, room, state, j, count)
    gates = A.gate[state.quantity > 0]
    assert not (state.status[gates] == SHUT).any()
    assert not np.isin(gates, full).any()
    assert len(gates) > 10
    assert keeps_gates(replace(LOTS, gate_floor=np.zeros(len(LOTS.gate_cost))), state.quantity)
