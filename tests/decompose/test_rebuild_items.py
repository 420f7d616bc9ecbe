"""Rebuild items: rounds come to keep ties, and leave costs and gates as they should be."""

import numpy as np

from optimizer.decompose.arrays import work
from optimizer.decompose.bonds import Bonds
from optimizer.decompose.improve import own_costs
from optimizer.decompose.planner import Planner
from optimizer.decompose.prices import Pricing
from optimizer.decompose.reserves import Reserves
from optimizer.decompose.served import Served
from tests.decompose.lots import keeps_gates
from tests.decompose.ridden import rich_family


def test_ties_come_to_be_kept_at_little_cost() -> None:
    made = rich_family(24)  # enough lots for two halves
    reserves = Reserves(made.lots, made.ridden.riders)
    lots, a = reserves.arrays(reserves.lots, proven=False)
    pricing, bonds = Pricing(lots, 1), Bonds(lots, made.ridden.riders)
    pricing.arrays = a
    at, served = pricing.at(pricing.opening), Served(made.problem, reserves)
    paid = np.zeros(made.ridden.riders.ties)
    everything, plans, items = np.ones(len(lots.order), dtype=np.bool_), [], np.arange(bonds.items)
    unit, fixed = a.unit_cost.copy(), a.fixed_cost.copy()
    for threads in (1, 2):
        planner = Planner(lots, a, 0, lambda: False, threads, bonds)
        planner.learn(at, pricing.supply_price, pricing.opening)
        start = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 1)
        assert start is not None
        found = planner.rebuild(at, everything, 40, paid)
        assert found is not None
        plans.append(found.quantity)
        assert keeps_gates(made.lots, found.quantity)
        assert bonds.owed(found.quantity, items) < bonds.owed(start.quantity, items)
        broken = [(served.lacks(quantity) != 0).sum() for quantity in (start.quantity, found.quantity)]
        assert broken[1] < broken[0]
    assert np.array_equal(plans[0], plans[1])  # threads change nothing
    assert np.array_equal(a.unit_cost, unit)
    assert np.array_equal(a.fixed_cost, fixed)
    kept = planner.costs.copy()
    own_costs(a, work(a), planner.state, kept)
    assert np.allclose(kept, planner.costs)
