"""Resume: an earlier plan of lots is taken up as it is, mended where limits have changed, and never believed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose import arrays
from optimizer.decompose.arrays import room_for
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Pricing
from optimizer.decompose.resume import known_prices, priced_again, taken_up
from optimizer.decompose.search import Decomposition, searching
from optimizer.solve.program import Floats, Ints
from optimizer.solve.search import Options
from optimizer.solve.warm import Warm
from tests.decompose.lots import family_lots, keeps_gates, random_lots, random_prices

NONE: Ints = np.zeros(0, dtype=np.int64)


def run(lots: Lots, options: Options) -> tuple[Decomposition, Found]:
    search = searching(lots.to_bytes(), options, lambda _: None, lambda *_: None, lambda: False)
    search.run()
    assert search.best is not None
    return search, search.best


@cache
def earlier() -> tuple[Floats, Floats, float, float]:
    """Plan, prices, cost and bound of a run over the family."""
    search, best = run(family_lots(), Options(60.0, 0.15))
    return best.quantity, search.prices, best.cost, search.bound


def planner_of(lots: Lots) -> tuple[Planner, Pricing]:
    pricing = Pricing(lots, 1)
    planner = Planner(lots, pricing.arrays, 0, lambda: True)
    at = pricing.at(pricing.opening)
    planner.learn(at, pricing.supply_price, pricing.opening)
    return planner, pricing


def test_prices_there_and_back_give_the_same_bound() -> None:
    pricing = Pricing(family_lots(), 1)
    at = pricing.at(random_prices(pricing, 1), np.full(len(pricing.arrays.gate), 0.01))
    again = priced_again(pricing, known_prices(at))
    assert again is not None
    assert again.bound == at.bound
    assert priced_again(pricing, np.zeros(0)) is None


def test_new_gates_cost_what_opening_them_does() -> None:
    pricing = Pricing(family_lots(), 1)
    at = pricing.at(pricing.opening)
    unknown = known_prices(at)
    unknown[: len(pricing.opening)] = np.nan
    again = priced_again(pricing, unknown)
    assert again is not None
    assert np.array_equal(again.price, at.price)


def test_the_same_plan_is_taken_up_as_it_is() -> None:
    quantity, _, cost, _ = earlier()
    planner, pricing = planner_of(family_lots())
    found = taken_up(planner, pricing.arrays, Warm(quantity, np.zeros(0), NONE))
    assert found is not None
    assert np.array_equal(found.quantity, quantity)
    assert found.cost == pytest.approx(cost)


def test_lots_that_changed_are_decided_again_the_others_stay() -> None:
    # One lot after the other is left without orders: deciding it again gains back most, and moves no other.
    quantity, _, cost, _ = earlier()
    lots = family_lots()
    for j in np.flatnonzero(np.add.reduceat(quantity, lots.option_start[:-1]) > 0)[:6]:
        mine = np.zeros(len(quantity), dtype=np.bool_)
        mine[lots.option_start[j] : lots.option_start[j + 1]] = True
        planner, pricing = planner_of(lots)
        worse = Warm(np.where(mine, 0.0, quantity), np.zeros(0), NONE)
        left = taken_up(planner, pricing.arrays, worse)
        again = taken_up(planner, pricing.arrays, replace(worse, first=np.array([j])))
        assert left is not None
        assert again is not None
        assert left.cost - again.cost >= 0.8 * (left.cost - cost) > 0
        assert np.array_equal(again.quantity[~mine], left.quantity[~mine])


@pytest.mark.parametrize("share", [0.6, 0.9])
def test_capacity_that_has_gone_is_not_used(share: float) -> None:
    quantity, _, _, _ = earlier()
    lots = family_lots()
    tight = replace(lots, gate_capacity=lots.gate_capacity * share, gate_floor=lots.gate_floor * share)
    planner, pricing = planner_of(tight)
    found = taken_up(planner, pricing.arrays, Warm(quantity, np.zeros(0), NONE))
    assert found is not None
    assert keeps_gates(tight, found.quantity)
    assert found.quantity.any()


def test_quantities_follow_the_limits_of_their_options() -> None:
    quantity, _, _, _ = earlier()
    lots = family_lots()
    dearer = replace(lots, smallest=lots.smallest * 1.5, pack=lots.pack * 2)
    planner, pricing = planner_of(dearer)
    found = taken_up(planner, pricing.arrays, Warm(quantity, np.zeros(0), NONE))
    assert found is not None
    assert keeps_gates(dearer, found.quantity)
    assert found.quantity.any()


def test_a_lot_that_takes_more_options_than_there_is_room_for_is_decided_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "ROOM", 0)
    quantity, _, _, _ = earlier()
    lots, crowded = family_lots(), quantity.copy()
    most = int(np.diff(lots.option_start).argmax())
    mine = slice(int(lots.option_start[most]), int(lots.option_start[most + 1]))
    crowded[mine] = np.maximum(lots.smallest, lots.pack)[mine]
    assert np.count_nonzero(crowded[mine]) > 2 * lots.periods
    planner, pricing = planner_of(lots)
    found = taken_up(planner, pricing.arrays, Warm(crowded, np.zeros(0), NONE))
    assert found is not None
    assert keeps_gates(lots, found.quantity)
    assert np.count_nonzero(found.quantity[mine]) <= room_for(pricing.arrays) == 2 * lots.periods
    assert found.quantity.any()


@pytest.mark.parametrize("dice", range(5))
def test_whatever_is_taken_up_keeps_all_limits(dice: int) -> None:
    lots, random = random_lots(dice), np.random.default_rng(dice)
    quantity = np.where(random.random(len(lots.order)) < 0.5, random.uniform(0, 500, len(lots.order)), 0.0)
    planner, pricing = planner_of(lots)
    found = taken_up(planner, pricing.arrays, Warm(quantity, np.zeros(0), NONE))
    assert found is not None
    assert keeps_gates(lots, found.quantity)


def test_a_run_from_a_plan_and_its_prices_is_at_least_as_good() -> None:
    quantity, prices, cost, bound = earlier()
    search, best = run(family_lots(), Options(60.0, 0.15, warm=Warm(quantity, prices, NONE)))
    assert best.cost <= cost * (1 + 1e-9)
    assert search.bound >= bound - 1e-5 * abs(bound)


def test_a_run_from_a_plan_without_prices_is_at_least_as_good() -> None:
    quantity, _, cost, _ = earlier()
    _, best = run(family_lots(), Options(60.0, 0.15, warm=Warm(quantity, np.zeros(0), NONE)))
    assert best.cost <= cost * (1 + 1e-9)


def test_prices_of_nowhere_do_no_harm() -> None:
    quantity, prices, _, _ = earlier()
    wild = np.random.default_rng(0).permutation(prices) * 100
    search, best = run(family_lots(), Options(60.0, 0.15, warm=Warm(quantity * 0.0, wild, NONE)))
    assert best.cost - search.bound <= 0.15 * best.cost
