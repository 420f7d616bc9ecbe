"""What a point truly costs: rounding, quantities solved for again, and points that break rules."""

import numpy as np
import pytest
import scipy.sparse as sp

from benchmarks.judge import feasible_point
from optimizer.solve.program import SHARED, Program


def ordering() -> Program:
    """Order q >= 30 from one supplier, at 2 a unit and 50 for ordering at all: q <= 1,000,000 b, b whole."""
    return Program(
        cost=np.array([2.0, 50.0]),
        offset=7.0,
        matrix=sp.csc_array(np.array([[1.0, -1e6], [1.0, 0.0]])),
        row_lower=np.array([-np.inf, 30.0]),
        row_upper=np.array([0.0, np.inf]),
        lower=np.zeros(2),
        upper=np.array([np.inf, 1.0]),
        integer=np.array([False, True]),
        block=np.array([0, SHARED]),
        late=np.zeros(2, dtype=np.bool_),
    )


def test_a_sound_point_stays() -> None:
    x = feasible_point(ordering(), np.array([40.0, 1.0]))
    assert x is not None
    assert ordering().objective(x) == 40 * 2 + 50 + 7


def test_polishing_solves_for_the_quantities() -> None:
    x = feasible_point(ordering(), np.array([40.0, 1.0]), polish=True)
    assert x is not None
    assert ordering().objective(x) == pytest.approx(30 * 2 + 50 + 7)


def test_a_whole_number_within_the_tolerance_is_not_free() -> None:
    # b = 0.00003 lets 30 units through for almost nothing; rounded, nothing may be ordered, and 30 are wanted.
    assert feasible_point(ordering(), np.array([30.0, 3e-5])) is None
    x = feasible_point(ordering(), np.array([30.0, 1 - 3e-5]))
    assert x is not None
    assert ordering().objective(x) == pytest.approx(30 * 2 + 50 + 7)


@pytest.mark.parametrize("point", [[30.0, 0.5], [np.nan, 1.0], [30.0]])
def test_what_is_no_plan_is_none(point: list[float]) -> None:
    assert feasible_point(ordering(), np.array(point)) is None


def test_broken_quantities_are_mended_where_that_is_possible() -> None:
    x = feasible_point(ordering(), np.array([29.0, 1.0]))
    assert x is not None
    assert x.tolist() == pytest.approx([30.0, 1.0])
