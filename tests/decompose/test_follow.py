"""Follow: the dynamic program is a lower limit, and exact where nothing was left out."""

import numpy as np
import pytest

from optimizer.decompose.arrays import arrays, work
from optimizer.decompose.follow import empty_prices, follow, outside, priced, reach
from tests.decompose.lots import family_lots, random_lots
from tests.models.lots_program import optimum
from tests.solve.programs import wagner_whitin


def test_it_finds_what_wagner_and_whitin_find() -> None:
    # One lot of the family, its figures replaced: an option in each period at a fixed cost of 60 and nothing a unit,
    # a unit a period on hand costs 1, lost 50, and nothing waits.
    lots = family_lots().restricted(np.array([0]))
    dice = np.random.default_rng(3)
    for _ in range(5):
        periods = 8
        demand, setup = dice.integers(0, 21, periods).astype(np.float64), 60.0
        a = arrays(lots)._replace(
            periods=periods, held=np.arange(periods + 1.0)[None, :], line_start=np.array([0, periods]),
            first=np.arange(periods), last=np.arange(periods), quantity=demand, waiting=np.zeros(periods),
            lost=np.full(periods, 50.0), supply_start=np.zeros(2, dtype=np.int64),
        )  # fmt: skip
        room = work(a)
        outside(a, room, 0, np.zeros(0))
        arrival = np.arange(periods)
        cost, _ = follow(a, room, 0, periods, np.zeros(periods), np.full(periods, setup), arrival)
        assert cost == pytest.approx(wagner_whitin(demand, setup))
        # Whatever is not lost is brought by some option.
        came_from = room.source[:periods]
        assert room.taken[:periods].sum() == pytest.approx(demand[came_from >= 0].sum())


@pytest.mark.parametrize("seed", range(6))
def test_the_value_of_each_lot_is_no_more_than_its_optimum(seed: int) -> None:
    lots = random_lots(seed)
    a = arrays(lots)
    value, brought, opened = np.zeros(len(lots)), np.zeros(len(a.gate)), np.zeros(len(a.gate))
    priced(a, work(a), np.arange(len(lots)), a.unit_cost, a.fixed_cost, empty_prices(a), value, brought, opened)
    for lot in range(len(lots)):
        best = optimum(lots.restricted(np.array([lot])))  # with the gates, which only cost more
        assert value[lot] <= best + 1e-6 * max(1.0, abs(best))
    assert (brought >= 0).all()


def test_what_a_unit_costs_on_its_way_to_a_line() -> None:
    lots = family_lots()
    a = arrays(lots)
    line = int(np.argmax((lots.first > 2) & (lots.last > lots.first)))
    lot = int(np.searchsorted(lots.line_start, line, side="right")) - 1
    first = int(lots.first[line])
    assert reach(a, lot, first - 2, line) == pytest.approx(lots.holding[lot, first - 2 : first].sum())
    assert reach(a, lot, first + 1, line) == pytest.approx(lots.waiting[line])
    assert reach(a, lot, int(lots.last[line]) + 1, line) > 1e20
