"""Batches: what there is of them whatever is decided, and first expired first out, by hand."""

from typing import Any

import numpy as np

from models.batches import Batches, first_expired_first, given, with_own_expiry
from tests.models.solved import PLAIN, instance

LIFE = PLAIN | {"shelf_life": 3}


def batches(*rows: tuple[int, int, int, float]) -> Batches:
    """Of place, expiry, period, quantity."""
    place, expiry, period, quantity = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return Batches(place.astype(np.int64), expiry.astype(np.int64), period.astype(np.int64), quantity)


def rows(some: Batches, *beside: Any) -> list[tuple[float, ...]]:
    return [tuple(row) for row in zip(*(column.tolist() for column in (*some, *beside)), strict=True)]


def test_what_is_on_hand_and_not_in_batches_is_as_good_as_new() -> None:
    # 10 on hand: 4 until week 1, in two rows for one week, and 6 for three weeks; 5 arrive in week 1, good to week 2.
    case = instance(
        items=[LIFE],
        inventory=[{"on_hand": 10}],
        batches=[{"expiry": "2026-12-01", "quantity": 1}, {"expiry": "2026-12-03", "quantity": 3}],
        open_orders=[{"arrival": 1, "quantity": 5, "expiry": 2}, {"order": "P", "arrival": 1, "quantity": 7}],
    )
    place, life = np.array([0]), np.array([3])
    assert rows(with_own_expiry(case, place)) == [(0, 2, 1, 5)]
    assert rows(given(case, np.array([10.0]), place, life)) == [(0, 1, 0, 4), (0, 2, 0, 6), (0, 2, 1, 5)]


def test_the_oldest_goes_first_and_to_who_asks_for_most() -> None:
    # Of 4 to week 0, 3 to week 2 and 2 to week 5: who asks for week 2 gets 2 of the second; the rest takes 4 and 1.
    arrived = batches((0, 0, 0, 4), (0, 2, 0, 3), (0, 5, 0, 2), (1, 9, 0, 1))
    used, wasted = first_expired_first(arrived, batches((0, 0, 0, 5), (0, 2, 0, 2)), batches())
    assert rows(used, wasted) == [(0, 0, 0, 4, 0), (0, 2, 0, 3, 0)]


def test_what_is_left_of_the_oldest_is_thrown_away() -> None:
    arrived = batches((0, 0, 0, 4), (0, 1, 0, 3), (0, 2, 1, 5))
    used, wasted = first_expired_first(arrived, batches((0, 0, 0, 1), (0, 1, 1, 4)), batches((0, 0, 0, 3)))
    assert rows(used, wasted) == [(0, 0, 0, 1, 3), (0, 1, 1, 3, 0), (0, 2, 1, 1, 0)]
    nothing, none = first_expired_first(batches(), batches(), batches())
    assert rows(nothing, none) == []
