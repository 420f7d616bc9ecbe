"""Groups: the program of some lots holds the plan at hand, and what it decides is a plan that costs no more."""

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose.groups import Task, decided, group
from optimizer.decompose.planner import Planner
from optimizer.decompose.prices import Pricing
from optimizer.solve.highs import Limits
from tests.decompose.lots import family_lots, keeps_gates, pure_lots
from tests.models.lots_program import optimum

LOTS = 6


@pytest.fixture(scope="module")
def lots() -> Lots:
    return family_lots(LOTS)


@pytest.mark.parametrize("number", [6, 10, 14])
def test_a_group_gains_what_lots_one_by_one_do_not(number: int) -> None:
    lots = pure_lots(number)
    pricing = Pricing(lots, 1)
    a, planner = pricing.arrays, Planner(lots, pricing.arrays, 0, lambda: False)
    planner.learn(pricing.at(pricing.opening), pricing.supply_price, pricing.opening)
    start = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 0)
    assert start is not None
    made = group(a, planner.state, np.arange(min(5, len(lots))), np.ones(len(a.gate), dtype=np.bool_))
    x = decided(Task(made.program, made.start, Limits(600.0, 1e-4, 200), 0))
    assert x is not None
    quantity = planner.state.quantity.copy()
    made.quantities(x, a, quantity)
    found = planner.adopt(quantity)
    assert found is not None
    assert keeps_gates(lots, quantity)
    assert optimum(lots) * (1 - 1e-6) <= found.cost <= 0.98 * start.cost


def test_a_group_is_decided_at_no_more_than_the_plan_at_hand_costs(lots: Lots) -> None:
    pricing = Pricing(lots, 1)
    planner = Planner(lots, pricing.arrays, 0, lambda: False)
    at = pricing.at(pricing.opening)
    planner.learn(at, pricing.supply_price, pricing.opening)
    start = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 0)
    assert start is not None
    everything = np.ones(len(pricing.arrays.gate), dtype=np.bool_)
    chosen = np.array([0, 2, 3])
    made = group(pricing.arrays, planner.state, chosen, everything)
    x = decided(Task(made.program, made.start, Limits(600.0, 1e-4, 200), 0))
    assert x is not None
    quantity = planner.state.quantity.copy()
    made.quantities(x, pricing.arrays, quantity)
    others = ~np.isin(pricing.arrays.option_lot, chosen)
    assert np.array_equal(quantity[others], planner.state.quantity[others])
    found = planner.adopt(quantity)
    assert found is not None  # it keeps all that gates allow
    assert found.cost <= start.cost * (1 + 1e-6)
