"""Intervals: chords between bounds, the least of the lines, and a solver that contradicts itself."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.solve.program import Floats, Program
from optimizer.tune.intervals import Intervals, concave, shape
from optimizer.tune.intervals import intervals as intervals_of
from tests.solve.programs import program


def priced(*costs: float) -> list[Program]:
    """Programs of one column, at these costs."""
    return [program([cost]) for cost in costs]


def intervals(at: list[float], programs: list[Program], bounds: Floats, upper: Floats) -> Intervals:
    return intervals_of(at, shape(at, programs), bounds, upper)


def test_chords_tighten_what_is_between() -> None:
    # Costs 1, 2, 3 at factors 1, 2, 3; bounds 10, 12, 30: the chord of the ends is 20 in the middle.
    found = intervals([1, 2, 3], priced(1, 2, 3), np.array([10.0, 12.0, 30.0]), np.array([11.0, 21.0, 31.0]))
    assert found.lower.tolist() == [10.0, 20.0, 30.0]
    assert found.upper.tolist() == [11.0, 21.0, 31.0]
    assert found.carried
    assert found.contradicted == ()


def test_a_bound_above_a_plan_is_told() -> None:
    found = intervals([1, 2, 3], priced(1, 2, 3), np.array([10.0, 12.0, 30.0]), np.array([11.0, 19.0, 31.0]))
    assert found.contradicted == (1,)


def test_offsets_are_no_matter_of_the_chord() -> None:
    # Without their offsets of 0, 100, 0 the bounds are 10, 12, 30.
    programs = [replace(one, offset=offset) for one, offset in zip(priced(1, 2, 3), (0.0, 100.0, 0.0), strict=True)]
    found = intervals([1, 2, 3], programs, np.array([10.0, 112.0, 30.0]), np.array([11.0, 121.0, 31.0]))
    assert found.lower.tolist() == [10.0, 120.0, 30.0]


@pytest.mark.parametrize(
    ("costs", "lower", "expected"),
    [
        ((1, 2, 3), 0.0, True),
        ((1, 3, 3), 0.0, True),  # as the least of two lines is
        ((1, 1.5, 3), 0.0, False),  # as the product of two factors is: 1, 1.5², …
        ((1, 2, 3), -1.0, False),  # a column that can be negative earns by a higher cost
    ],
)
def test_where_chords_are_bounds(costs: tuple[float, ...], lower: float, expected: bool) -> None:
    programs = [replace(one, lower=np.array([lower])) for one in priced(*costs)]
    assert concave(np.array([1.0, 2.0, 3.0]), programs) is expected
    found = intervals([1, 2, 3], programs, np.array([10.0, 12.0, 30.0]), np.array([50.0, 50.0, 50.0]))
    assert found.lower.tolist() == ([10.0, 20.0, 30.0] if expected else [10.0, 12.0, 30.0])


def test_a_bound_holds_where_nothing_costs_less() -> None:
    nothing, upper = -np.inf, np.array([50.0, 50.0, 50.0])
    growing = intervals([1, 2, 3], priced(1, 2, 3), np.array([nothing, 12.0, nothing]), upper)
    assert growing.lower.tolist() == [nothing, 12.0, 12.0]
    falling = intervals([1, 2, 3], priced(3, 2, 1), np.array([nothing, 12.0, nothing]), upper)
    assert falling.lower.tolist() == [nothing, 12.0, nothing]


def test_one_point_has_its_own_bound() -> None:
    found = intervals([1], priced(1), np.array([10.0]), np.array([11.0]))
    assert (found.lower.tolist(), found.upper.tolist()) == ([10.0], [11.0])
