"""Segments: an order line is one option, whatever a plan made of it."""

from dataclasses import replace

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose.segments import Segments
from optimizer.solve.program import Floats
from tests.decompose.lots import family_lots


def _lots(pack: float = 0.0) -> Lots:
    """One line with three prices (0 to 14.99, 15 to 29.99, 30 to 40), one with two, and one with a single price."""
    some = family_lots().restricted(np.array([0]))
    six = {name: getattr(some, name)[:6] for name in ("arrival", "gate", "unit_cost", "fixed_cost", "use", "setup")}
    return replace(
        some,
        **six,
        worth=six["unit_cost"],
        option_start=np.array([0, 6]),
        order=np.array([4, 4, 4, 7, 7, 9]),
        segment=np.array([0, 1, 2, 3, 4, -1]),
        smallest=np.array([0.0, 15, 30, 0, 10, 0]),
        largest=np.array([14.99, 29.99, 40, 9.99, 50, 60]),
        pack=np.full(6, pack),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([5, 15, 0, 0, 0, 3], [0, 20, 0, 0, 0, 3]),  # 20 lie in the second segment
        ([10, 0, 30, 8, 0, 0], [0, 0, 40, 8, 0, 0]),
        ([0, 25, 30, 0, 0, 0], [0, 0, 40, 0, 0, 0]),  # 55 are more than the line may be
        ([0, 0, 0, 9.99, 0.005, 0], [0, 0, 0, 9.99, 0, 0]),  # 9.995 lie between two segments
        ([0, 20, 0, 0, 12, 7], [0, 20, 0, 0, 12, 7]),
    ],
)
def test_two_options_of_a_line_become_one(before: list[float], after: list[float]) -> None:
    quantity: Floats = np.array(before, dtype=np.float64)
    Segments(_lots()).gather(quantity)
    assert quantity == pytest.approx(np.array(after))


def test_whole_packs_stay_whole() -> None:
    quantity = np.array([0.0, 24, 36, 0, 0, 0])
    Segments(_lots(pack=12)).gather(quantity)
    assert quantity.tolist() == [0, 0, 36, 0, 0, 0]  # of 60, no more than 40 in packs of 12
