"""Master: a mix of proposed plans costs at least what any bound says, and its prices raise the bound."""

import numpy as np
import pytest

from optimizer.decompose.master import Master
from optimizer.decompose.prices import Pricing
from tests.decompose.lots import family_lots, random_lots


def test_its_objective_is_never_below_the_bound() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    master = Master(lots, pricing.arrays, pricing.capacity, pricing.priced_gates, 30.0)
    best = -np.inf
    for step in range(6):
        at = pricing.within_limits(pricing.opening * (1 + 0.1 * step), 30.0)
        master.propose(at)
        best = max(best, at.bound)
    far = 1e6  # a box that holds nobody back: the mix may not break a gate for less than that
    assert master.prices(at, far) is not None
    assert master.objective + lots.constant >= best - 1e-6 * abs(best)
    shares = master.open_shares()
    assert ((shares >= -1e-9) & (shares <= 1 + 1e-9)).all()


def test_what_is_known_is_not_proposed_again() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    master = Master(lots, pricing.arrays, pricing.capacity, pricing.priced_gates, 30.0)
    at = pricing.within_limits(pricing.opening, 30.0)
    assert master.propose(at) == len(lots)
    assert master.prices(at, 0.0) is not None
    assert master.propose(pricing.within_limits(at.price, 30.0)) < len(lots)


def test_a_plan_that_breaks_limits_is_no_column() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    master = Master(lots, pricing.arrays, pricing.capacity, pricing.priced_gates, 30.0)
    at = pricing.at(pricing.opening)
    breaking = int(at.breaks_limits(pricing.arrays).sum())
    assert breaking > 0
    assert master.propose(at) == len(lots) - breaking


@pytest.mark.parametrize("seed", range(3))
def test_random_instances(seed: int) -> None:
    lots = random_lots(seed)
    pricing = Pricing(lots, 1)
    master = Master(lots, pricing.arrays, pricing.capacity, pricing.priced_gates, 30.0)
    at = pricing.within_limits(pricing.opening, 30.0)
    master.propose(at)
    assert master.prices(at, 1e6) is not None
    assert master.objective + lots.constant >= at.bound - 1e-6 * max(1.0, abs(at.bound))
