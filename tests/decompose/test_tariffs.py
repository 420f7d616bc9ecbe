"""Tariffs: whatever the prices on riders, the bound is not above the optimum of the whole."""

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose.arrays import arrays
from optimizer.decompose.carry import levels, lines, stocks
from optimizer.decompose.prices import Pricing
from optimizer.decompose.tariffs import TariffBook, Tariffs
from optimizer.solve.highs import Limits, solve
from tests.decompose.lots import random_prices
from tests.decompose.ridden import Made, random_ridden, rich_family, with_all_riders

# Instances whose lots relax them, each by itself; named here, because to try them all takes seconds in each collection.
SEEDS = [0, 1, 2, 3, 4, 5, 9, 10, 11, 15, 16, 18, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 31, 32, 34]
MORE = [35, 36, 37, 38, 39, 40, 41, 42, 43, 47, 49, 51, 53, 56, 57, 58, 59, 62, 63, 65, 67, 68, 69, 70, 71, 73, 74]


def wild(made: Made, seed: int) -> Tariffs:
    """Prices far outside what is allowed, and 0."""
    dice, riders = np.random.default_rng(seed), made.ridden.riders

    def some(*shape: int) -> np.ndarray:
        return dice.choice([-1.0, 0.0, 0.2, 0.5, 1.0, 50.0], shape) * dice.random(shape)

    unit = float(made.lots.unit_cost.mean()) if len(made.lots.unit_cost) else 1.0
    costs = made.lots.holding.mean() + riders.below_cost
    tie = some(riders.ties) * dice.choice([-1.0, 1.0], riders.ties) * unit * 0.3
    return Tariffs(some(*costs.shape) * costs, some(*costs.shape) * riders.above_cost, tie)


def bound(made: Made, tariffs: Tariffs, seed: int) -> float:
    book = TariffBook(made.lots, made.ridden.riders)
    lots: Lots = book.priced(book.allowed(tariffs))
    pricing = Pricing(lots, 1)
    return max(pricing.at(random_prices(pricing, seed)).bound, pricing.at(pricing.opening).bound)


def test_there_are_instances_to_try() -> None:
    made = [random_ridden(seed) for seed in SEEDS]
    assert sum(one is not None and bool(one.ridden.names) for one in made) >= 10


@pytest.mark.parametrize("seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.slow) for seed in MORE)])
def test_the_bound_is_valid(seed: int) -> None:
    made = random_ridden(seed)
    assert made is not None
    best = solve(made.compiled.program, Limits(600.0)).bound
    for turn in range(4):
        assert bound(made, wild(made, 10 * seed + turn), turn) <= best + 1e-6 * max(1.0, abs(best))


def test_only_prices_that_are_valid_are_allowed() -> None:
    made = with_all_riders()
    book = TariffBook(made.lots, made.ridden.riders)
    asked = Tariffs(np.full((1, 4), 9.0), np.full((1, 4), -1.0), np.array([-7.0, -7.0]))
    got = book.allowed(asked)
    # No more than a unit below costs (0.5); no less than nothing; a share that is a least takes no negative price.
    assert (got.below <= 0.5).all()
    assert (got.below <= made.lots.holding + made.lots.waiting.min()).all()
    assert not got.above.any()
    least = np.isfinite(made.ridden.riders.tie_least)
    assert np.array_equal(got.tie, np.where(least, 0.0, -7.0))


def test_prices_on_riders_raise_the_bound() -> None:
    made = rich_family()
    plain = max(at.bound for at in Pricing(made.lots, 1).climbed(25, lambda: False))
    book, pricing = TariffBook(made.lots, made.ridden.riders), Pricing(made.lots, 1)
    tariffs, way, best = book.start(), book.still(), -np.inf
    stock = np.zeros(made.lots.holding.shape)
    for step, at in enumerate(pricing.climbed(25, lambda: False)):
        best = max(best, at.bound if step else -np.inf)  # the first is of the lots without tariffs
        a = pricing.arrays
        stocks(a, levels(made.ridden.riders), lines(a), at.brought, stock)
        tariffs, way = book.moved(tariffs, way, 0.95**step, at.brought, at.opened, stock)
        pricing.lots = book.priced(tariffs)
        pricing.arrays = arrays(pricing.lots)
    assert best > 1.005 * plain
