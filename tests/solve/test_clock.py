"""Clock: what is left for searching, and what is kept for the end."""

import pytest

from optimizer.solve import clock
from optimizer.solve.clock import Clock


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    fake = Time()
    monkeypatch.setattr(clock, "time", fake)
    return fake


def test_a_tenth_is_kept_for_the_end(time: Time) -> None:
    ours = Clock(50, lambda: False)
    assert (ours.left(), ours.rest(), ours.seconds()) == (45, 50, 0)
    time.now += 40
    assert (ours.left(), ours.rest(), ours.seconds()) == (9, 10, 40)
    assert not ours.over()


def test_never_more_than_ten_seconds_nor_less_than_a_tenth_of_one(time: Time) -> None:
    assert Clock(1000, lambda: False).left() == 990
    assert Clock(0.5, lambda: False).left() == pytest.approx(0.4)
    tiny = Clock(0.05, lambda: False)
    assert (tiny.left(), tiny.rest(), tiny.over()) == (0, 0.05, True)


def test_getting_ready_counts_where_it_is_said_to(time: Time) -> None:
    ours = Clock(10, lambda: False)
    ours.counts_from(997)
    assert (ours.seconds(), ours.rest()) == (3, 7)
    ours.counts_from(999)
    assert ours.seconds() == 3


def test_over_by_time_or_by_wish(time: Time) -> None:
    ours = Clock(10, lambda: False)
    time.now += 11
    assert (ours.left(), ours.rest(), ours.over()) == (0, 0, True)
    assert Clock(10, lambda: True).over()


@pytest.mark.parametrize(
    ("took", "limit", "later"),
    [(60, 300, 0), (60, 60, 30), (60, 0, 60), (9, 1, 0)],  # the last is loading, not compiling: that always counts
)
def test_compiling_takes_half_the_limit_at_most(took: float, limit: float, later: float) -> None:
    assert clock.uncounted(took, limit) == later
