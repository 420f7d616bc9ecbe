"""Bonds: what items owe for ties, reckoned by hand."""

import numpy as np

from optimizer.decompose.bonds import Bonds
from tests.decompose.ridden import rich_family, with_all_riders


def test_what_is_broken_costs_three_times_what_its_units_cost() -> None:
    made = with_all_riders()
    bonds = Bonds(made.lots, made.ridden.riders)
    # 10 from ACME alone: at least a quarter from BOLT is 2.5 missed, at most 0.6 from ACME 4 too much. The entries of
    # both rows add up to the same mean size s as there are as many orders of either; units cost u on average.
    acme = np.flatnonzero(made.lots.unit_cost == 2)
    quantity = np.zeros(len(made.lots.order))
    quantity[acme[0]] = 10.0
    owed = bonds.owed(quantity, np.array([0]))
    assert np.isclose(owed, bonds.penalty @ np.array([4.0, 2.5])) or np.isclose(
        owed, bonds.penalty @ np.array([2.5, 4.0])
    )
    paid = np.array([0.1, 0.2])
    riders = made.ridden.riders
    has = np.bincount(riders.tie_of, riders.tie_quantity * quantity[riders.tie_option], riders.ties)
    assert np.isclose(bonds.owed(quantity, np.array([0]), paid) - owed, paid @ has)


def test_items_are_whole() -> None:
    made = rich_family()
    bonds = Bonds(made.lots, made.ridden.riders)
    assert bonds.together(np.array([5, 0])).tolist() == [0, 1, 4, 5]  # two locations an item
    assert np.array_equal(np.concatenate(bonds.ties), np.arange(made.ridden.riders.ties))


def test_prices_are_charged_and_taken_back() -> None:
    made = rich_family()
    bonds, riders, lots = Bonds(made.lots, made.ridden.riders), made.ridden.riders, made.lots
    unit, fixed, more = lots.unit_cost.copy(), lots.fixed_cost.copy(), np.zeros(riders.ties)
    more[:2] = (0.5, 0.25)
    bonds.charged(np.array([0]), more, unit, fixed)
    quantity = np.arange(len(unit)) % 7.0
    has = np.bincount(riders.tie_of, riders.tie_quantity * quantity[riders.tie_option], riders.ties)
    assert np.isclose((lots.unit_cost - unit) @ quantity, more @ has)
    bonds.charged(np.array([0]), -more, unit, fixed)
    assert np.allclose(unit, lots.unit_cost)
    assert np.allclose(fixed, lots.fixed_cost)
