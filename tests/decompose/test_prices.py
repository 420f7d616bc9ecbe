"""Prices: the bound is never above the best plan of the lots, whatever the prices, and the steps raise it."""

from dataclasses import replace

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose import prices
from optimizer.decompose.prices import Climb, Priced, Pricing
from optimizer.solve.program import Floats
from tests.decompose.lots import family_lots, random_lots, random_prices
from tests.models.lots_program import optimum


def bounds(lots: Lots) -> list[float]:
    """Bounds at no prices, at those of opening, at random ones, and at random ones of the options' limits as well."""
    pricing = Pricing(lots, 1)
    options = len(pricing.arrays.gate)
    found = [pricing.at(np.zeros(len(pricing.opening))).bound, pricing.at(pricing.opening).bound]
    for seed in range(4):
        dice = np.random.default_rng(seed)
        random = random_prices(pricing, seed)
        limits = [dice.choice([0.0, 0.1, 2.0], options) * pricing.arrays.unit_cost for _ in range(2)]
        found += [
            pricing.at(random).bound,
            pricing.at(random, *limits).bound,
            pricing.within_limits(random, 30.0).bound,
        ]
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_bound_is_above_the_optimum_of_random_instances(seed: int) -> None:
    lots = random_lots(seed)
    best = optimum(lots)
    assert max(bounds(lots)) <= best + 1e-6 * max(1.0, abs(best))


@pytest.mark.parametrize("lot", [pytest.param(3, marks=pytest.mark.slow), 6])
def test_no_bound_is_above_the_optimum_of_a_lot_of_the_family(lot: int) -> None:
    lots = family_lots().restricted(np.array([lot]))
    # Bounds know neither packs nor least worths of gates; without them the optimum is lower, and sooner found.
    lots = replace(lots, pack=np.zeros_like(lots.pack), gate_floor=np.zeros_like(lots.gate_floor))
    best = optimum(lots)
    assert max(bounds(lots)) <= best + 1e-6 * abs(best)


def test_steps_raise_the_bound() -> None:
    pricing = Pricing(family_lots(), 1)
    climbed = [at.bound for at in pricing.climbed(10, lambda: False)]
    assert len(climbed) == 10
    assert max(climbed) > climbed[0]
    assert climbed[0] > pricing.at(np.zeros(len(pricing.opening))).bound  # what opening costs is a good start


def test_threads_change_nothing() -> None:
    one, two = (Pricing(family_lots(), threads) for threads in (1, 2))
    first, second = (pricing.at(pricing.opening) for pricing in (one, two))
    assert first.bound == second.bound
    assert np.array_equal(first.brought, second.brought)


def test_programs_of_lots_that_break_limits_raise_the_bound_and_keep_them() -> None:
    pricing = Pricing(family_lots(), 1)
    at = pricing.at(pricing.opening)
    assert at.breaks_limits(pricing.arrays).any()  # else this shows nothing
    within = pricing.within_limits(pricing.opening, 30.0)
    assert within.bound > at.bound * 1.0001
    assert not within.breaks_limits(pricing.arrays).any()
    assert np.allclose(within.own_cost(family_lots(), pricing.arrays) + paid(pricing, within), within.value)


def paid(pricing: Pricing, at: Priced) -> Floats:
    """What each lot pays for gates: 1 unit of use costs `price`."""
    a = pricing.arrays
    use = (at.brought * a.use + at.opened * a.setup) * np.append(at.price, 0.0)[a.gate]
    return np.bincount(a.option_lot, use, len(at.value)).astype(np.float64)


def test_steps_end_when_time_is_over() -> None:
    pricing = Pricing(family_lots(), 1)
    assert list(pricing.climbed(10, lambda: True)) == []


def test_a_plan_of_a_lot_costs_what_it_says_without_the_prices() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    at = pricing.at(np.zeros(len(pricing.opening)))
    assert np.allclose(at.own_cost(lots, pricing.arrays), at.value)
    dearer = pricing.at(pricing.opening)
    assert (dearer.own_cost(lots, pricing.arrays) <= dearer.value + 1e-6).all()


def test_a_glance_at_all_lots_is_a_step() -> None:
    pricing = Pricing(family_lots(), 1)
    glance = pricing.glanced()
    first, second = pricing.climbed(2, lambda: False)
    assert np.allclose(glance.value, first.value)
    assert np.allclose(glance.price[pricing.priced_gates], second.price[pricing.priced_gates])


def test_a_glance_asks_every_lot_once_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "SAMPLE", 3)
    one, two = (Pricing(family_lots(), threads) for threads in (1, 2))
    first, second = one.glanced(), two.glanced()
    assert np.array_equal(first.price, second.price)
    assert np.array_equal(first.value, second.value)
    # The first sample was asked at what opening costs, as every lot is by a first step; a later one at other prices.
    every = one.at(one.opening).value
    samples = len(every) // 3
    assert samples > 1
    assert np.allclose(first.value[::samples], every[::samples])
    assert not np.allclose(first.value[1::samples], every[1::samples])
    assert (first.value > 0).all()


def test_steps_go_on_from_where_prices_are() -> None:
    pricing = Pricing(family_lots(), 1)
    climb = Climb(pricing, 0.5)
    pace = climb.pace
    *_, last = pricing.climbed(3, lambda: False, climb)
    assert climb.pace == pace / 8
    (further,) = pricing.climbed(1, lambda: False, climb)
    assert climb.pace == pace / 16
    assert not np.array_equal(further.price, last.price)
