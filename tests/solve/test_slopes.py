"""Slopes: a fixed cost that the relaxation hides comes to light."""

import numpy as np
import pytest

from optimizer.solve.highs import Relaxation
from optimizer.solve.program import Floats, Program
from optimizer.solve.slopes import sloped
from tests.solve.programs import program


@pytest.fixture
def two_ways() -> Program:
    """Ten units by way A (1.00 each, 40 fixed, 1000 at most) or B (1.05 each, 5 fixed, 100 at most).

    The relaxation pays 40/1000 for a unit by A: 1.04, and 5/100 by B: 1.10. In truth A costs 50 and B 15.50.
    Columns: quantity A, quantity B, open A, open B.
    """
    rows = [([1, 0, -1000, 0], -np.inf, 0.0), ([0, 1, 0, -100], -np.inf, 0.0), ([1, 1, 0, 0], 10.0, 10.0)]
    return program([1, 1.05, 40, 5], rows, upper=[np.inf, np.inf, 1, 1], integer=[False, False, True, True])


def test_the_way_that_is_really_cheaper_is_found(two_ways: Program) -> None:
    relaxation = Relaxation(two_ways, 5, lambda *_: False)
    assert relaxation.x is not None
    assert relaxation.x[:2].tolist() == pytest.approx([10, 0])

    guide = sloped(two_ways, relaxation, relaxation.x, lambda: False)
    assert guide.x[:2].tolist() == pytest.approx([0, 10])
    # All quantities may be decided; of the yes-or-no's only that of B is worth deciding on.
    assert guide.support.tolist() == [True, True, False, True]


def test_without_time_the_relaxation_is_the_guide(two_ways: Program) -> None:
    relaxation = Relaxation(two_ways, 5, lambda *_: False)
    assert relaxation.x is not None
    guide = sloped(two_ways, relaxation, relaxation.x, lambda: True)
    assert guide.x[:2].tolist() == pytest.approx([10, 0])
    assert guide.support.tolist() == [True, True, True, False]


class _EndsAfter:
    """A relaxation whose time is over in the midst of a round."""

    def __init__(self, of: Relaxation, rounds: int) -> None:
        self.x, self._of, self._rounds = of.x, of, rounds

    def again(self, columns: object, costs: Floats) -> Floats | None:
        self._rounds -= 1
        self.x = self._of.again(columns, costs) if self._rounds >= 0 else None
        return self.x


@pytest.mark.parametrize("rounds", [0, 1, 9])
def test_time_that_ends_in_a_round_leaves_the_last_point(two_ways: Program, rounds: int) -> None:
    relaxation = _EndsAfter(Relaxation(two_ways, 5, lambda *_: False), rounds)
    assert relaxation.x is not None
    guide = sloped(two_ways, relaxation, relaxation.x, lambda: False)  # type: ignore[arg-type]
    assert guide.x.shape == (4,)
    assert guide.x[:2].sum() == pytest.approx(10)
