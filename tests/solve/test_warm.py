"""Warm: what a search begins from comes over to another process as it was."""

import numpy as np

from optimizer.solve.warm import Warm


def test_there_and_back() -> None:
    warm = Warm(np.array([1.0, np.nan]), np.array([0.25]), np.array([3, 7]))
    back = Warm.from_bytes(warm.to_bytes())
    assert np.array_equal(back.x, warm.x, equal_nan=True)
    assert back.prices.tolist() == [0.25]
    assert back.first.tolist() == [3, 7]
