"""Improve: passes and chains only ever make the plan cheaper, and keep what they keep track of."""

import numpy as np
import pytest

from optimizer.decompose.arrays import arrays, work
from optimizer.decompose.improve import ejected, own_costs, swept
from optimizer.decompose.prices import Pricing
from optimizer.decompose.replan import State, empty
from tests.decompose.lots import family_lots

LOTS = family_lots()
A = arrays(LOTS)
PRICING = Pricing(LOTS, 1)
PRICING.at(np.zeros(len(LOTS.gate_cost)))  # leaves what stock that is there is worth
ORDER = np.arange(A.lots)


def started() -> State:
    """Every lot decided in turn, from nothing, at no price."""
    state = empty(A, PRICING.supply_price.copy())
    swept(A, work(A), state, ORDER, 0.0, 0, True)
    return state


def cost(state: State) -> float:
    costs = np.zeros(A.lots)
    own_costs(A, work(A), state, costs)
    return float(costs.sum())


def test_a_pass_gains_or_leaves_things_as_they_are() -> None:
    state = started()
    for depth in (1, 2):
        before = cost(state)
        swept(A, work(A), state, ORDER, 0.0, depth, False)
        assert cost(state) <= before + 1e-6 * before


def test_chains_gain_what_they_say_and_keep_the_capacities() -> None:
    state = started()
    costs, before = np.zeros(A.lots), cost(state)
    own_costs(A, work(A), state, costs)
    stamp = np.zeros(A.lots, dtype=np.int64)
    gained = ejected(A, work(A), state, ORDER, 1, costs, stamp, np.zeros(len(A.gate)))
    assert gained >= 0
    assert cost(state) == pytest.approx(before - gained, rel=1e-9)
    assert float(costs.sum()) == pytest.approx(cost(state), rel=1e-9)
    assert not stamp.any()
    used = np.bincount(A.gate, state.quantity * A.use + (state.quantity > 0) * A.setup, A.gates)
    assert np.allclose(used, state.used, atol=1e-6)
    assert (used <= A.gate_capacity * (1 + 1e-6)).all()
