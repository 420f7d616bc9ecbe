"""Rebuild: what is kept costs what it says and keeps all limits; what is undone leaves no trace."""

import numpy as np
import pytest

from optimizer.decompose.halves import Halves
from optimizer.decompose.improve import own_costs
from optimizer.decompose.planner import Planner
from optimizer.decompose.prices import Priced, Pricing
from optimizer.decompose.rebuild import Rebuilder
from tests.decompose.lots import family_lots, keeps_gates

LOTS = family_lots()
PRICING = Pricing(LOTS, 1)


def planned(seed: int) -> tuple[Planner, Priced]:
    """A plan at some prices."""
    at = PRICING.at(PRICING.opening)
    planner = Planner(LOTS, PRICING.arrays, seed, lambda: False)
    planner.learn(at, PRICING.supply_price, PRICING.opening)
    assert planner.start(np.ones(len(LOTS.gate_cost), dtype=np.bool_), 1) is not None
    return planner, at


EVERYTHING = np.ones(len(LOTS.order), dtype=np.bool_)
ROUNDS = 20


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_plans_keep_all_limits_and_cost_what_is_said(seed: int) -> None:
    planner, at = planned(seed)
    for _ in range(2):
        found = planner.rebuild(at, EVERYTHING, ROUNDS)
        assert found is not None
        assert keeps_gates(LOTS, found.quantity)
        again = Planner(LOTS, PRICING.arrays, 0, lambda: False).adopt(found.quantity)
        assert again is not None
        assert found.cost == pytest.approx(again.cost, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_its_own_account_of_costs_is_right(seed: int) -> None:
    planner, at = planned(seed)
    before = planner.costs.copy()
    half = Halves(PRICING.arrays, 1).drawn(planner.state, np.random.default_rng(seed))[0]
    Rebuilder(half, planner.costs, np.abs(at.value), EVERYTHING).batch(planner.losses(at), 40, lambda: False)
    kept, right = planner.costs.copy(), np.zeros(len(LOTS))
    own_costs(PRICING.arrays, half.room, planner.state, right)
    assert not np.array_equal(kept, before)
    assert kept == pytest.approx(right, rel=1e-9)


@pytest.mark.slow
def test_it_gains_where_passes_do_not() -> None:
    planner, at = planned(0)
    for share in (1.0, 0.5, 0.0, 0.0, 0.0):
        before = planner.sweep(share, 1)
    found = [planner.rebuild(at, EVERYTHING, 50) for _ in range(6)]
    assert before is not None
    assert min(one.cost for one in found if one is not None) < before.cost * 0.998


def test_one_seed_gives_one_plan() -> None:
    costs = []
    for _ in range(2):
        planner, at = planned(1)
        found = planner.rebuild(at, EVERYTHING, ROUNDS)
        assert found is not None
        costs.append(found.cost)
    assert costs[0] == costs[1]


def test_what_is_undone_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, at = planned(2)
    state = planner.state
    before = [values.copy() for values in (state.quantity, state.status, state.price)]
    used = state.used.copy()
    monkeypatch.setattr("optimizer.decompose.rebuild.DEARER", -np.inf)  # nothing is ever taken up
    assert planner.rebuild(at, EVERYTHING, ROUNDS) is not None
    for now, then in zip((state.quantity, state.status, state.price), before, strict=True):
        assert np.array_equal(now, then)
    assert np.allclose(state.used, used)
