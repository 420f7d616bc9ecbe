"""Transport: from any prices on, against a linear program of scipy."""

from typing import Any

import numpy as np
import pytest
import scipy.optimize

from optimizer.decompose.arrays import FAR, Work, arrays, work
from optimizer.decompose.transport import assigned, balanced
from optimizer.solve.program import Floats
from tests.decompose.lots import family_lots

OPTIMIZE: Any = scipy.optimize
SOURCES, LINES = 5, 12
WIDE = LINES + 1


def problem(w: Work, dice: np.random.Generator) -> Floats:
    """Five sources of which the last limits nothing, some pairs impossible; what the lines ask for."""
    quantity = np.round(dice.uniform(1, 9, LINES))
    total = float(quantity.sum())
    for p in range(SOURCES):
        w.row[p] = 2 * p  # rows need not follow each other
        w.cost[2 * p, :WIDE] = np.round(dice.uniform(1, 20, WIDE), 2)
        w.cost[2 * p, :LINES] = np.where(dice.random(LINES) < 0.2, FAR, w.cost[2 * p, :LINES])
        w.least[p] = dice.choice([0.0, 0.05, 0.3]) * total
        w.most[p] = w.least[p] + dice.choice([0.0, 0.1, 0.5]) * total
    w.cost[2 * p, :LINES], w.cost[2 * p, LINES] = 30.0, FAR
    w.least[p], w.most[p] = 0.0, FAR
    return quantity


def by_linear_program(w: Work, quantity: Floats) -> float:
    cost = w.cost[w.row[:SOURCES], :WIDE]
    meet = np.tile(np.hstack([np.eye(LINES), np.zeros((LINES, 1))]), SOURCES)
    amount = np.kron(np.eye(SOURCES), np.ones(WIDE))
    answer = OPTIMIZE.linprog(
        np.where(cost >= FAR / 2, 0.0, cost).ravel(), A_eq=meet, b_eq=quantity, A_ub=np.vstack([amount, -amount]),
        b_ub=np.concatenate([np.minimum(w.most[:SOURCES], 1e9), -w.least[:SOURCES]]),
        bounds=list(zip(np.zeros(cost.size), np.where(cost >= FAR / 2, 0.0, np.inf).ravel(), strict=True)),
    )  # fmt: skip
    assert answer.status == 0
    return float(answer.fun)


@pytest.mark.parametrize("seed", range(40))
def test_from_any_prices_it_ends_at_the_least_cost_and_starts_below_it(seed: int) -> None:
    w, dice = work(arrays(family_lots())), np.random.default_rng(seed)
    quantity = problem(w, dice)
    expected = by_linear_program(w, quantity)
    for spread_of_prices in (0.0, 3.0, 30.0):
        w.price[:SOURCES] = dice.uniform(-1, 1, SOURCES) * spread_of_prices
        limit = assigned(w, quantity, SOURCES)
        assert limit <= expected + 1e-9 * abs(expected)
        assert balanced(w, SOURCES, LINES, limit, FAR)
        flow = w.flow[:SOURCES, :WIDE]
        cost = w.cost[w.row[:SOURCES], :WIDE]
        assert (flow * cost).sum() == pytest.approx(expected, rel=1e-9)
        assert np.allclose(flow[:, :LINES].sum(axis=0), quantity)
        assert np.allclose(flow.sum(axis=1), w.amount[:SOURCES])
        assert (flow.sum(axis=1) <= w.most[:SOURCES] + 1e-6).all()
        assert (flow.sum(axis=1) >= w.least[:SOURCES] - 1e-6).all()
        # At its own prices there is nothing left to do: the limit is the cost.
        assert assigned(w, quantity, SOURCES) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_it_gives_up_only_what_costs_enough(seed: int) -> None:
    w, dice = work(arrays(family_lots())), np.random.default_rng(seed)
    quantity = problem(w, dice)
    expected = by_linear_program(w, quantity)
    for share, possible in ((0.5, False), (0.999, False), (1.001, True)):
        w.price[:SOURCES] = 0.0
        limit = assigned(w, quantity, SOURCES)
        assert (limit < share * expected and balanced(w, SOURCES, LINES, limit, share * expected)) == possible


def test_a_line_that_nobody_can_serve_is_impossible() -> None:
    w = work(arrays(family_lots()))
    quantity = problem(w, np.random.default_rng(0))
    w.cost[:, 3] = FAR
    w.price[:SOURCES] = 0.0
    assert assigned(w, quantity, SOURCES) >= FAR
