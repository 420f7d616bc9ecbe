"""Lateness: costs of pieces by arrival, from the figures of one lot."""

import numpy as np

from optimizer.decompose.arrays import FAR
from optimizer.decompose.lateness import filled


def test_a_piece_pays_for_being_missed_then_for_waiting() -> None:
    # One unit each: due in 1 (waits at 2 until 3), due in 2 (waits at 5). The reserve is one unit, missed at 3; stock
    # costs 1 a period. The first is of the reserve of 0 (unit 1 <= 0 + 1), the second of that of 1 (unit 2 <= 1 + 1).
    reach = np.array([[1.0, 2.0, 2.0, 2.0, 2.0]])
    missed = np.array([[3.0, 0, 0, 0, 0], [0, 3.0, 0, 0, 0]])
    arguments = (
        np.array([0, 2]), np.array([0.5, 1.5]), np.array([1, 2]), np.array([0, 1]), np.array([3, 4]),
        np.array([2.0, 5.0]), reach, missed, np.arange(6.0)[None, :],
    )  # fmt: skip
    late = np.zeros((2, 5))
    filled(*arguments, False, late)
    # By 1 the first is missed once and saves a period of stock: 3 - 1; then it waits.
    assert late[0].tolist() == [0, 2, 4, 6, FAR]
    assert late[1].tolist() == [0, 0, 2, 7, 12]
    # The unit on hand may be kept for the second, which is dearer and due in 2: the first is not charged after that.
    filled(*arguments, True, late)
    assert late[0].tolist() == [0, 2, 4, 3, FAR]
    assert late[1].tolist() == [0, 0, 2, 7, 12]
