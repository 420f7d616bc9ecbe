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
    at = pricing.at(pricing.opening)
    for at in pricing.climbed(6, lambda: False):
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
    at = pricing.at(pricing.opening)
    assert master.propose(at) == len(lots)
    assert master.prices(at, 0.0) is not None
    assert master.propose(pricing.at(at.price)) < len(lots)


@pytest.mark.parametrize("seed", range(3))
def test_random_instances(seed: int) -> None:
    lots = random_lots(seed)
    pricing = Pricing(lots, 1)
    master = Master(lots, pricing.arrays, pricing.capacity, pricing.priced_gates, 30.0)
    at = pricing.at(pricing.opening)
    master.propose(at)
    assert master.prices(at, 1e6) is not None
    assert master.objective + lots.constant >= at.bound - 1e-6 * max(1.0, abs(at.bound))
