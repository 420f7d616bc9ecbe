"""Spread: the transport problem of one lot, against a linear program of scipy."""

from typing import Any

import numpy as np
import pytest
import scipy.optimize

from optimizer.decompose.arrays import FAR, Arrays, Work, arrays, work
from optimizer.decompose.follow import reach
from optimizer.decompose.spread import spread
from tests.decompose.lots import family_lots, random_lots

OPTIMIZE: Any = scipy.optimize


def by_linear_program(a: Arrays, w: Work, j: int, chosen: list[int]) -> float:
    """The same by its definition; inf where it is impossible."""
    lines = range(a.line_start[j], a.line_start[j + 1])
    supplies = range(a.supply_start[j], a.supply_start[j + 1])
    left = a.held[j, a.periods] - a.credit[j]
    sources = [(int(a.supply_period[s]), 0.0, a.supply_quantity[s], a.supply_quantity[s]) for s in supplies]
    sources += [(int(w.node_arrival[k]), w.node_unit[k], w.node_least[k], w.node_most[k]) for k in chosen]
    wide = len(lines) + 1
    cost = np.array(
        [
            [unit + reach(a, j, period, d) for d in lines] + [unit + left - a.held[j, period]]
            for period, unit, *_ in sources
        ]
        + [[*(a.lost[d] for d in lines), FAR]]
    )
    upper = np.where(cost >= FAR / 2, 0.0, np.inf)
    meet = np.tile(np.hstack([np.eye(len(lines)), np.zeros((len(lines), 1))]), len(cost))
    amount = np.kron(np.eye(len(cost)), np.ones(wide))[:-1]
    least, most = (np.array([source[x] for source in sources]) for x in (2, 3))
    answer = OPTIMIZE.linprog(
        np.where(cost >= FAR / 2, 0.0, cost).ravel(), A_eq=meet, b_eq=[a.quantity[d] for d in lines],
        A_ub=np.vstack([amount, -amount]) if sources else None,
        b_ub=np.concatenate([most, -least]) if sources else None,
        bounds=list(zip(np.zeros(cost.size), upper.ravel(), strict=True)),
    )  # fmt: skip
    return float(answer.fun) + float(sum(w.node_fixed[k] for k in chosen)) if answer.status == 0 else np.inf


def nodes(a: Arrays, w: Work, j: int, dice: np.random.Generator) -> list[int]:
    """Some options of a lot as nodes, with random limits, of which some bind."""
    options = np.arange(a.option_start[j], a.option_start[j + 1])
    some = np.sort(dice.permutation(options)[: min(3, len(options))])
    total = float(a.quantity[a.line_start[j] : a.line_start[j + 1]].sum()) + 1.0
    for x, k in enumerate(some):
        w.node[x], w.node_arrival[x], w.node_unit[x], w.node_fixed[x] = k, a.arrival[k], a.unit_cost[k], a.fixed_cost[k]
        w.node_least[x] = dice.choice([0.0, 0.1, 0.4]) * total
        w.node_most[x] = w.node_least[x] + dice.choice([0.0, 0.3, 2.0]) * total
        w.node_pack[x] = 0.0
        w.trial[x] = x
    return list(range(len(some)))


@pytest.mark.parametrize("seed", range(8))
def test_it_costs_what_the_linear_program_costs(seed: int) -> None:
    lots = random_lots(seed) if seed % 2 else family_lots().restricted(np.array([seed, seed + 1]))
    a, dice = arrays(lots), np.random.default_rng(seed)
    w = work(a)
    exact = 0
    for j in range(len(lots)):
        for _ in range(4):
            chosen = nodes(a, w, j, dice)
            expected = by_linear_program(a, w, j, chosen)
            cost = spread(a, w, j, w.trial, len(chosen))
            if cost < FAR / 2:
                assert cost >= expected - 1e-6 * max(1.0, abs(expected))
                # A node that pays to be left over is none of the contract's: its credit is above its price.
                known = a.supply_start[j + 1] - a.supply_start[j]
                lines = a.line_start[j + 1] - a.line_start[j]
                if (w.cost[known + 1 : known + 1 + len(chosen), lines] >= 0).all():
                    exact += 1
                    assert cost == pytest.approx(expected, rel=1e-6, abs=1e-6)
            else:
                assert expected == np.inf
    assert exact > 0


def test_packs_are_whole_and_everybody_gets_no_more_than_asked() -> None:
    lots = family_lots()
    a, dice = arrays(lots), np.random.default_rng(0)
    w = work(a)
    tried = 0
    for j in range(len(lots)):
        chosen = nodes(a, w, j, dice)
        for x in chosen:
            w.node_pack[x], w.node_least[x], w.node_most[x] = 4.0, 8.0, 400.0
        if spread(a, w, j, w.trial, len(chosen)) >= FAR / 2:
            continue
        tried += 1
        quantity = w.trial_quantity[: len(chosen)]
        assert np.allclose(quantity / 4, np.round(quantity / 4))
        assert ((quantity >= 8 - 1e-6) & (quantity <= 400 + 1e-6)).all()
        first, lines = a.line_start[j], a.line_start[j + 1] - a.line_start[j]
        sources = a.supply_start[j + 1] - a.supply_start[j] + 1 + len(chosen)
        assert np.allclose(w.flow[:sources, :lines].sum(axis=0), a.quantity[first : first + lines])
    assert tried > 10


def test_limits_that_contradict_each_other_are_impossible() -> None:
    lots = family_lots()
    a = arrays(lots)
    w = work(a)
    chosen = nodes(a, w, 0, np.random.default_rng(0))
    w.node_least[chosen[0]], w.node_most[chosen[0]] = 5.0, 4.0
    assert spread(a, w, 0, w.trial, len(chosen)) >= FAR / 2
