"""Served: plans cost what the program of the whole says, and are handed out in the cheaper of two ways."""

import numpy as np
import pytest

from optimizer.decompose.carry import delivered as at_once
from optimizer.decompose.compose import composed
from optimizer.decompose.served import Served
from optimizer.solve.program import Floats
from tests.decompose.ridden import Made, random_ridden, rich_family
from tests.decompose.test_reserves import two_customers


def random_plan(made: Made, seed: int) -> Floats:
    """Some options, of their smallest quantity or more; it may break rules."""
    dice, lots = np.random.default_rng(seed), made.lots
    size = np.where(lots.pack > 0, np.maximum(lots.smallest, lots.pack), np.maximum(lots.smallest, 3.0))
    size = np.where(lots.pack > 0, np.ceil(size / np.where(lots.pack > 0, lots.pack, 1.0)) * lots.pack, size)
    return np.where((dice.random(len(size)) < 0.15) & (size <= lots.largest), size, 0.0)


@pytest.mark.parametrize("seed", [0, 2, 4, 9, 15, 21])
def test_a_plan_costs_what_the_program_says(seed: int) -> None:
    made = random_ridden(seed)
    assert made is not None
    served = Served(made.problem)
    found = served.mended(random_plan(made, seed))
    assert found is not None
    x = composed(made.lots, made.compiled, found.quantity, served.deliveries(found.quantity))
    made.ridden.steps.write(made.compiled.program, x)
    if not made.ridden.left:
        assert np.isclose(made.compiled.program.objective(x), found.cost, rtol=1e-9)


def test_a_plan_of_the_family_keeps_all_rules() -> None:
    made = rich_family()
    served = Served(made.problem)
    found = served.mended(random_plan(made, 3))
    assert found is not None
    x = composed(made.lots, made.compiled, found.quantity, served.deliveries(found.quantity))
    made.ridden.steps.write(made.compiled.program, x)
    assert made.compiled.program.relative_violation(x) < 1e-6
    assert np.isclose(made.compiled.program.objective(x), found.cost, rtol=1e-9)
    assert served.ties_hold(found.quantity).all()


def test_stock_is_kept_for_whom_waiting_costs_much() -> None:
    made = two_customers()
    served = Served(made.problem)
    quantity = np.zeros(len(made.lots.order))
    quantity[made.lots.arrival == 5] = 2.0
    flows = served.deliveries(quantity)
    # OLD, due in 1, gets nothing before 5; at once it would get what NEW asks for in 2.
    assert sorted(zip(flows.line.tolist(), flows.period.tolist(), strict=True)) == [(0, 5), (1, 2)]
    first = at_once(made.lots, quantity)
    assert sorted(zip(first.line.tolist(), first.period.tolist(), strict=True)) == [(0, 1), (1, 5)]
    found = served.found(quantity)
    assert found is not None
    assert np.isclose(found.cost, 20.5)  # as reckoned in test_reserves
