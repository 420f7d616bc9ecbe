"""Change: afterwards no single change pays, whatever was turned down unseen."""

import numpy as np
import pytest

from optimizer.decompose.arrays import FAR, Arrays, Work, arrays, work
from optimizer.decompose.change import GAIN, changed, kept
from optimizer.decompose.spread import laid_out, spread, spread_again
from tests.decompose.lots import family_lots

LOTS = family_lots()
A = arrays(LOTS)


def nodes(a: Arrays, w: Work, j: int, dice: np.random.Generator) -> int:
    """All options of a lot as nodes, most of them with little room; how many."""
    n = int(a.option_start[j + 1] - a.option_start[j])
    asked = float(a.quantity[a.line_start[j] : a.line_start[j + 1]].sum())
    for x in range(n):
        k = a.option_start[j] + x
        w.node[x], w.node_arrival[x], w.node_unit[x], w.node_fixed[x] = k, a.arrival[k], a.unit_cost[k], a.fixed_cost[k]
        w.node_least[x] = dice.choice([0.0, 0.02, 0.1]) * asked
        w.node_most[x] = w.node_least[x] + dice.choice([0.02, 0.1, 0.2]) * asked
        w.node_pack[x] = 0.0
    return n


@pytest.mark.parametrize("j", [1, 3, 4, 5])
@pytest.mark.parametrize("depth", [1, 2])
def test_no_single_change_pays_afterwards(j: int, depth: int) -> None:
    w, dice = work(A), np.random.default_rng(j)
    n = nodes(A, w, j, dice)
    known = int(A.supply_start[j + 1] - A.supply_start[j])
    w.trial[:3] = np.sort(dice.permutation(n)[:3])
    first = spread(A, w, j, w.trial, 3)
    assert first < FAR / 2
    start, count = kept(w, known, 3, first, FAR, 0)
    laid_out(A, w, j, n)
    cost, count = changed(A, w, j, n, depth, start, count)
    assert cost < first
    chosen, quantity = w.best[:count].copy(), w.best_quantity[:count].copy()
    w.trial[:count] = chosen
    assert spread(A, w, j, w.trial, count) == pytest.approx(cost)
    assert np.allclose(w.trial_quantity[:count], quantity)
    laid_out(A, w, j, n)
    others = [x for x in range(n) if x not in chosen]
    trials = [[*np.delete(chosen, y)] for y in range(count)]
    for y in range(count):
        near = [x for x in others if abs(w.node_arrival[x] - w.node_arrival[chosen[y]]) <= depth]
        trials += [[*np.delete(chosen, y), x] for x in near]
    trials += [[*chosen, x] for x in others] if depth > 1 else []
    for trial in trials:
        w.trial[: len(trial)] = trial
        assert spread_again(A, w, j, w.trial, len(trial), FAR) >= cost * (1 - 1.01 * GAIN)
    assert len(trials) > 10
