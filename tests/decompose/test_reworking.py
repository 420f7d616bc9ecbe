"""Reworking: plans that keep all rules, cost what the program says, and become better."""

import numpy as np
import pytest

from optimizer.decompose.carry import delivered
from optimizer.decompose.compose import composed
from optimizer.decompose.reworking import Reworking
from tests.decompose.lots import keeps_gates
from tests.decompose.ridden import rich_family


@pytest.mark.parametrize("seed", range(2))
def test_passes_make_a_plan_better_and_keep_all_rules(seed: int) -> None:
    made = rich_family()
    program = made.compiled.program
    reworking = Reworking(made.problem, seed, lambda: False)
    nothing = reworking.adopt(np.zeros(len(made.lots.order)))
    assert nothing is not None
    costs = [nothing.cost]
    for kicks in (0, 2, 2):
        found = reworking.sweep(0.0, kicks)
        assert found is not None
        costs.append(found.cost)
        assert keeps_gates(made.lots, found.quantity)
        x = composed(made.lots, made.compiled, found.quantity, delivered(made.lots, found.quantity))
        made.ridden.steps.write(program, x)
        assert program.relative_violation(x) < 1e-6
        assert np.isclose(program.objective(x), found.cost, rtol=1e-9)
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < 0.9 * costs[0]


def test_a_plan_that_breaks_ties_is_none_until_it_is_mended() -> None:
    made = rich_family()
    reworking = Reworking(made.problem, 0, lambda: False)
    reworking.adopt(np.zeros(len(made.lots.order)))
    assert reworking.sweep(0.0, 0, firmness=0.0) is None  # shares are overlooked, what gates allow is not
    broken = reworking.state.quantity.copy()
    mended = reworking.mended()
    assert mended is not None
    assert keeps_gates(made.lots, mended.quantity)
    assert np.array_equal(reworking.state.quantity, broken)  # the plan at hand stays
    assert reworking.adopt(mended.quantity) is not None
