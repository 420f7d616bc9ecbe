"""Knee: dominated points and the bend, of frontiers whose answer is seen."""

import numpy as np
import pytest

from optimizer.tune.knee import dominated, knee


def test_dominated() -> None:
    cost = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    service = np.array([0.5, 0.4, 0.8, 0.8, 0.9])
    # The second costs more than the first and serves less; the fourth costs more than the third and serves the same.
    assert dominated(cost, service).tolist() == [False, True, False, True, False]


def test_of_points_that_are_the_same_the_first_stays() -> None:
    assert dominated(np.array([1.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5])).tolist() == [False, True, True]


def test_the_knee_is_farthest_from_the_chord() -> None:
    # In the square: (0,0), (0.1,0.8), (0.5,0.9), (1,1): distances 0.7, 0.4 over the root of 2.
    cost, service = np.array([0.0, 10.0, 50.0, 100.0]), np.array([0.5, 0.9, 0.95, 1.0])
    assert knee(cost, service) == 1
    assert knee(cost[::-1].copy(), service[::-1].copy()) == 2


@pytest.mark.parametrize(
    ("cost", "service"),
    [
        ([1.0, 2.0], [0.5, 0.6]),  # two points are a line
        ([1.0, 2.0, 3.0], [0.5, 0.6, 0.7]),  # and so are these
        ([1.0, 2.0, 3.0], [0.5, 0.5, 0.5]),  # one point: the others are dominated
        ([1.0, 1.0, 1.0], [0.5, 0.6, 0.7]),
        ([0.0, 50.0, 60.0, 100.0], [0.0, 0.1, 0.2, 1.0]),  # bent the other way
    ],
)
def test_no_knee(cost: list[float], service: list[float]) -> None:
    assert knee(np.array(cost), np.array(service)) is None


def test_a_dominated_point_is_no_knee() -> None:
    cost, service = np.array([0.0, 10.0, 9.0, 100.0]), np.array([0.0, 0.9, 0.95, 1.0])
    assert knee(cost, service) == 2
