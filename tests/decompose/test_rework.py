"""Rework: ties as arrays of compiled code."""

import numpy as np

from optimizer.decompose.rework import ties_of
from tests.decompose.ridden import rich_family


def test_ties_are_found_by_block_and_by_option() -> None:
    made = rich_family()
    riders = made.ridden.riders
    ties, lot_start = ties_of(made.lots, riders)
    assert lot_start.tolist() == list(range(0, len(made.lots) + 1, 2))  # two locations an item
    assert ties.start[-1] == riders.ties
    for k in range(0, len(made.lots.order), 50):
        mine = slice(ties.of_option[k], ties.of_option[k + 1])
        entries = riders.tie_option == k
        assert sorted(ties.tie[mine]) == sorted(riders.tie_of[entries])
        assert np.isclose(ties.quantity[mine].sum(), riders.tie_quantity[entries].sum())
