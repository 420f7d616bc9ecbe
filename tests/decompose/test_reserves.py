"""Reserves: as demand that is wanted early they cost what they cost, and never more where a bound is reckoned."""

import numpy as np
import pytest

from optimizer.decompose.planner import Planner
from optimizer.decompose.prices import Pricing
from optimizer.decompose.reserves import Reserves
from optimizer.decompose.served import Served
from optimizer.decompose.tariffs import TariffBook
from optimizer.solve.highs import Limits, solve
from tests.decompose.lots import random_prices
from tests.decompose.ridden import Made, made_of, random_ridden, rich_family, with_all_riders
from tests.decompose.test_tariffs import MORE, SEEDS, wild
from tests.models.solved import PLAIN, instance


def bound(made: Made, seed: int | None, proven: bool = True) -> float:
    """At wild prices of riders that are left and at some of gates; at no prices of riders without a seed."""
    reserves = Reserves(made.lots, made.ridden.riders)
    book = TariffBook(reserves.lots, reserves.rest)
    tariffs = book.start() if seed is None else book.allowed(wild(made, seed))
    lots, a = reserves.arrays(book.priced(tariffs), proven)
    pricing = Pricing(lots, 1)
    pricing.arrays = a
    return max(pricing.at(random_prices(pricing, seed or 0)).bound, pricing.at(pricing.opening).bound)


@pytest.mark.parametrize("seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.slow) for seed in MORE)])
def test_the_bound_is_valid(seed: int) -> None:
    made = random_ridden(seed)
    assert made is not None
    best = solve(made.compiled.program, Limits(600.0)).bound
    for turn in (None, 10 * seed, 10 * seed + 1, 10 * seed + 2):
        assert bound(made, turn) <= best + 1e-6 * max(1.0, abs(best))


def two_customers() -> Made:
    """One unit on hand, one wanted as a reserve; OLD asks for one in 1, at little, NEW in 2, at much; more in 5."""
    return made_of(
        instance(
            periods=8,
            items=[PLAIN | {"item": "A", "holding_cost": 0.1, "shortage_cost": 500, "ending_value": 0}],
            suppliers=[{"supplier": "ACME"}],
            sourcing=[{"item": "A", "supplier": "ACME", "unit_cost": 2, "lead_time": 5, "order_cost": 9}],
            inventory=[{"item": "A", "on_hand": 1, "safety_stock": 1, "safety_stock_cost": 1.0}],
            customers=[{"customer": "OLD"}, {"customer": "NEW"}],
            demand=[
                {"item": "A", "customer": "OLD", "due": 1, "quantity": 1, "backorder_cost": 1},
                {"item": "A", "customer": "NEW", "due": 2, "quantity": 1, "backorder_cost": 50},
            ],
        )
    )  # fmt: skip


def test_stock_that_is_kept_for_somebody_is_a_reserve_too() -> None:
    # The unit on hand goes to NEW in 2: OLD waits from 1 to 5 (4 x 1). It is held in 0 and 1 (0.2), and is the
    # reserve until then, which is missed in 2, 3 and 4 (3 x 1). In 5 one unit is bought for OLD and one to be it in
    # 5, 6 and 7 for 3 (2 + 3 x 0.1 = 2.3, missed it would be 3): 9 + 2 + 2.3. In all 20.5.
    made = two_customers()
    best = solve(made.compiled.program, Limits(600.0)).bound
    assert np.isclose(best, 20.5)
    # In the order of due periods, the reserve of 0 is OLD's unit, which comes in 5: 1 more.
    assert np.isclose(bound(made, None, proven=False), 21.5)
    assert 19.5 <= bound(made, None) <= best + 1e-6


def test_pieces_are_all_of_the_demand() -> None:
    made = rich_family()
    reserves = Reserves(made.lots, made.ridden.riders)
    pieces = reserves.pieces
    real = pieces.line >= 0
    asked = np.bincount(pieces.line[real], pieces.quantity[real], len(made.lots.line))
    assert np.allclose(asked, made.lots.quantity)
    # Beyond the horizon as much as the reserve: nobody asks for it, it is to be there.
    lot = np.repeat(np.arange(len(made.lots)), np.diff(pieces.start))
    assert np.allclose(np.bincount(lot[~real], pieces.quantity[~real]), made.ridden.riders.below[:, -1])
    assert (np.diff(reserves.lots.first) >= 0)[np.diff(lot) == 0].all()


def test_a_plan_without_shortage_costs_as_pieces_what_it_costs() -> None:
    made = with_all_riders()
    reserves = Reserves(made.lots, made.ridden.riders)
    lots, a = reserves.arrays(reserves.lots, proven=False)
    quantity = np.zeros(len(lots.order))
    quantity[(lots.arrival == 1) & (lots.unit_cost == 3)] = 8.0
    quantity[(lots.arrival == 1) & (lots.unit_cost == 2)] = 12.0
    found = Served(made.problem, reserves).found(quantity)
    by_pieces = Planner(lots, a, 0, lambda: True).adopt(quantity)
    assert found is not None
    assert by_pieces is not None
    assert np.isclose(found.cost, by_pieces.cost)
