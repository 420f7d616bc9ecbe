"""Replan: one lot decided again in the room that the others leave."""

import numpy as np
import pytest

from optimizer.decompose.arrays import FAR, arrays, work
from optimizer.decompose.prices import Pricing
from optimizer.decompose.replan import SHUT, empty, own_cost, replan, settle, take
from tests.decompose.lots import family_lots, keeps_gates

LOTS = family_lots()
A = arrays(LOTS)
PRICING = Pricing(LOTS, 1)
FREE = PRICING.at(np.zeros(len(LOTS.gate_cost)))  # and leaves what stock that is there is worth


def test_one_lot_alone_comes_near_its_lower_limit() -> None:
    for j in (0, 5, 11):
        room, state = work(A), empty(A, PRICING.supply_price.copy())
        _, cost, count = replan(A, room, state, j, 0.0, 2, False, True)
        settle(A, room, state, j, count)
        assert FREE.value[j] - 1e-6 <= cost <= 1.15 * FREE.value[j]
        assert own_cost(A, room, state, j) == pytest.approx(cost)


def test_what_is_taken_is_given_back() -> None:
    room, state = work(A), empty(A, PRICING.supply_price.copy())
    _, _, count = replan(A, room, state, 2, 0.0, 1, False, True)
    settle(A, room, state, 2, count)
    assert state.used.any()
    take(A, state, 2, -1.0)
    assert np.allclose(state.used, 0.0, atol=1e-6)
    assert np.allclose(state.worth, 0.0, atol=1e-6)


def test_gates_that_are_shut_or_full_are_not_used() -> None:
    room, state = work(A), empty(A, PRICING.supply_price.copy())
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
    nothing = np.zeros(len(LOTS.gate_cost))
    assert keeps_gates(type(LOTS)(**{**vars(LOTS), "gate_floor": nothing}), state.quantity)
