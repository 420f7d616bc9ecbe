"""Riders: they reach another process as they are."""

from dataclasses import fields

import numpy as np

from models.riders import Extended
from tests.decompose.ridden import with_all_riders


def test_lots_with_riders_come_back_from_bytes() -> None:
    problem = with_all_riders().problem
    back = Extended.from_bytes(problem.to_bytes())
    for one, other in ((problem.lots, back.lots), (problem.riders, back.riders)):
        for field in fields(one):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_entries_belong_to_ties() -> None:
    riders = with_all_riders().problem.riders
    # Two ties over the order lines of both suppliers: 4 periods from ACME, and 3 from BOLT, which needs one to arrive.
    assert riders.ties == 2
    assert riders.tie_of.tolist() == [0] * 7 + [1] * 7
