"""Planner: whatever it finds keeps every limit, and costs what the composed plan costs."""

import numpy as np
import pytest

from optimizer.decompose import arrays
from optimizer.decompose.planner import Found, Planner
from optimizer.decompose.prices import Pricing
from tests.decompose.lots import family_lots, keeps_gates, random_lots, random_prices
from tests.models.lots_program import optimum


def planned(seed: int, prices_seed: int = 0) -> tuple[Planner, list[Found | None]]:
    """Plans of the family one after the other, from nothing."""
    lots = family_lots()
    pricing = Pricing(lots, 1)
    planner = Planner(lots, pricing.arrays, seed, lambda: False)
    at = pricing.at(random_prices(pricing, prices_seed) % 1.0)
    planner.learn(at, pricing.supply_price, pricing.opening)
    found = [planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 1)]
    found += [planner.sweep(share, 1) for share in (1.0, 0.5, 0.0)]
    found.append(planner.eject(planner.losses(at), 5, 1))
    return planner, found


@pytest.mark.parametrize("seed", [0, 1])
def test_every_plan_keeps_all_limits(seed: int) -> None:
    _, found = planned(seed, seed)
    plans = [plan for plan in found if plan is not None]
    assert len(plans) >= 3
    assert all(keeps_gates(family_lots(), plan.quantity) for plan in plans)


def test_one_seed_gives_one_plan() -> None:
    (_, one), (_, same) = planned(3), planned(3)
    for first, second in zip(one, same, strict=True):
        assert first is not None and second is not None
        assert first.cost == second.cost
        assert np.array_equal(first.quantity, second.quantity)


def test_ordering_nothing_is_a_plan() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    nothing = Planner(lots, pricing.arrays, 0, lambda: False).adopt(np.zeros(len(lots.order)))
    assert nothing is not None
    assert not nothing.quantity.any()
    _, found = planned(0)
    assert found[0] is not None
    assert found[0].cost < nothing.cost


def test_a_plan_that_is_taken_over_costs_the_same() -> None:
    planner, found = planned(0)
    last = found[-1]
    assert last is not None
    again = planner.adopt(last.quantity)
    assert again is not None
    assert again.cost == pytest.approx(last.cost)


def test_a_plan_that_breaks_a_gate_is_none() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    gate = int(lots.gate[0])
    first = int(np.flatnonzero(lots.gate == gate)[0])
    quantity = np.zeros(len(lots.order))
    quantity[first] = 2 * lots.gate_capacity[gate] / lots.use[first]
    assert Planner(lots, pricing.arrays, 0, lambda: False).adopt(quantity) is None


def test_a_plan_that_takes_more_options_than_there_is_room_for_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "ROOM", 0)
    lots = family_lots()
    pricing = Pricing(lots, 1)
    planner = Planner(lots, pricing.arrays, 0, lambda: False)
    quantity = np.zeros(len(lots.order))
    crowded = int(np.diff(lots.option_start).argmax())
    quantity[lots.option_start[crowded] : lots.option_start[crowded + 1]] = 1e-3
    assert np.count_nonzero(quantity) > 2 * lots.periods
    assert planner.adopt(quantity) is None
    assert not planner.state.quantity.any()


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_is_cheaper_than_the_optimum(seed: int) -> None:
    lots = random_lots(seed)
    pricing = Pricing(lots, 1)
    planner = Planner(lots, pricing.arrays, 0, lambda: False)
    planner.learn(pricing.at(pricing.opening), pricing.supply_price, pricing.opening)
    found = planner.start(np.ones(len(lots.gate_cost), dtype=np.bool_), 2)
    best = optimum(lots)
    assert found is None or found.cost >= best - 1e-6 * max(1.0, abs(best))
    assert found is None or keeps_gates(lots, found.quantity)
