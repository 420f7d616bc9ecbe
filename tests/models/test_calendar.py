"""Calendar: weeks begin on Monday, months on the first, leap years have a 29 February."""

from datetime import date

import numpy as np
import pytest

from models.calendar import Calendar, PeriodKind


def dates(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array(texts, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("kind", "start", "first"),
    [
        ("week", date(2026, 11, 23), "2026-11-23"),  # a Monday
        ("week", date(2026, 11, 29), "2026-11-23"),  # the Sunday after
        ("week", date(2027, 1, 1), "2026-12-28"),  # ISO week 53 of 2026
        ("month", date(2026, 11, 23), "2026-11-01"),
        ("month", date(2026, 11, 1), "2026-11-01"),
        ("day", date(2026, 11, 23), "2026-11-23"),
    ],
)
def test_the_start_is_moved_back_to_the_first_day_of_its_period(kind: PeriodKind, start: date, first: str) -> None:
    assert Calendar(start, 3, kind).first_day(0) == first


def test_weeks() -> None:
    calendar = Calendar(date(2026, 12, 23), 3)
    assert calendar.first_days().astype(str).tolist() == ["2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11"]
    assert (calendar.last_day(0), calendar.last_day(2)) == ("2026-12-27", "2027-01-10")
    days = dates("2026-12-20", "2026-12-21", "2026-12-27", "2026-12-28", "2027-01-10", "2027-01-11", "2026-12-13")
    assert calendar.index(days).tolist() == [-1, 0, 0, 1, 2, 3, -2]


def test_months_have_their_own_lengths() -> None:
    calendar = Calendar(date(2027, 12, 15), 4, "month")
    assert calendar.first_days().astype(str).tolist() == [
        "2027-12-01", "2028-01-01", "2028-02-01", "2028-03-01", "2028-04-01",
    ]  # fmt: skip
    assert [calendar.last_day(t) for t in range(4)] == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]
    days = dates("2027-11-30", "2027-12-01", "2028-02-29", "2028-03-01", "2028-04-01", "2026-12-31")
    assert calendar.index(days).tolist() == [-1, 0, 2, 3, 4, -12]


def test_days_pass_the_leap_day() -> None:
    calendar = Calendar(date(2028, 2, 28), 3, "day")
    assert [calendar.first_day(t) for t in (0, 1, 2)] == ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert calendar.index(dates("2028-02-27", "2028-02-29", "2028-03-02")).tolist() == [-1, 1, 3]
    common = Calendar(date(2027, 2, 28), 2, "day")
    assert common.first_day(1) == "2027-03-01" and common.last_day(1) == "2027-03-01"


def test_days_outside_the_horizon_have_their_periods_too() -> None:
    calendar = Calendar(date(2026, 11, 23), 2)
    assert (calendar.first_day(-1), calendar.last_day(-1)) == ("2026-11-16", "2026-11-22")
    assert calendar.first_day(5) == "2026-12-28"


@pytest.mark.parametrize(("kind", "a_year", "days"), [("day", 365, 1), ("week", 52, 7), ("month", 12, 30)])
def test_a_year_has_so_many_periods_and_a_period_so_many_days(kind: PeriodKind, a_year: int, days: int) -> None:
    calendar = Calendar(date(2028, 2, 1), 1, kind)
    assert (calendar.a_year, calendar.days) == (a_year, days)


@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_every_day_lies_between_the_first_and_the_last_of_its_period(kind: PeriodKind) -> None:
    calendar = Calendar(date(2027, 11, 9), 5, kind)
    days = np.arange(np.datetime64("2027-09-01"), np.datetime64("2028-12-31"))
    for day, t in zip(days, calendar.index(days).tolist(), strict=True):
        assert calendar.first_day(t) <= str(day) <= calendar.last_day(t)
