"""Halves: whatever two halves do side by side, both together keep every limit; threads change nothing."""

import numpy as np
import pytest

from optimizer.decompose.halves import FEWEST, Halves
from optimizer.decompose.planner import Planner
from optimizer.decompose.prices import Pricing
from tests.decompose.lots import family_lots, keeps_gates

LOTS = family_lots(FEWEST + 5, 6, 3)
PRICING = Pricing(LOTS, 1)


def planned(seed: int, threads: int = 1) -> Planner:
    planner = Planner(LOTS, PRICING.arrays, seed, lambda: False, threads)
    planner.learn(PRICING.at(PRICING.opening), PRICING.supply_price, PRICING.opening)
    assert planner.start(np.ones(len(LOTS.gate_cost), dtype=np.bool_), 1) is not None
    return planner


@pytest.mark.parametrize("seed", range(3))
def test_both_halves_together_have_the_room_of_the_whole(seed: int) -> None:
    state, a = planned(seed).state, PRICING.arrays
    one, two = Halves(a, 1).drawn(state, np.random.default_rng(seed))
    assert (one.mine ^ two.mine).all()
    left, right, whole = (half.gate_capacity - state.used for half in (one.a, two.a, a))
    assert np.allclose(left[:-1] + right[:-1], whole[:-1])
    assert (np.minimum(left, right) >= -1e-9 * (1 + a.gate_capacity)).all()
    beyond = [np.maximum(state.worth - half.gate_floor, 0.0) for half in (one.a, two.a, a)]
    shared = (beyond[0] < beyond[2]) & (a.gate_floor > 0)
    assert shared.any()
    assert np.allclose((beyond[0] + beyond[1])[shared], beyond[2][shared])


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.slow), 2])
def test_what_halves_make_of_a_plan_keeps_all_limits(seed: int) -> None:
    planner, at = planned(seed), PRICING.at(PRICING.opening)
    before = planner.adopt(planner.state.quantity.copy())
    assert before is not None
    support = np.ones(len(LOTS.order), dtype=np.bool_)
    costs = [before.cost]
    for turn in range(6):
        after = planner.eject(planner.losses(at), 45, 2) if turn % 2 else planner.rebuild(at, support, 40)
        assert after is not None
        assert keeps_gates(LOTS, after.quantity)
        costs.append(after.cost)
    assert min(costs) < before.cost


def test_threads_change_nothing() -> None:
    costs = []
    for threads in (1, 2):
        planner = planned(1, threads)
        at = PRICING.at(PRICING.opening)
        support = np.ones(len(LOTS.order), dtype=np.bool_)
        found = [planner.sweep(0.5, 1), planner.eject(planner.losses(at), 10, 1), planner.rebuild(at, support, 30)]
        costs.append([plan.cost for plan in found if plan is not None])
    assert costs[0] == costs[1]
    assert len(costs[0]) == 3


def test_few_lots_are_not_divided() -> None:
    lots = family_lots(FEWEST - 1, 6, 3)
    a = Pricing(lots, 1).arrays
    planner = Planner(lots, a, 0, lambda: False)
    (only,) = Halves(a, 2).drawn(planner.state, np.random.default_rng(0))
    assert only.mine.all()
    assert only.state is planner.state
