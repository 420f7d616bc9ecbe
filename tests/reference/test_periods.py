"""Periods and dates."""

from datetime import date

from tests.reference.periods import Calendar, parse_date


def test_weeks_begin_on_monday() -> None:
    calendar = Calendar.starting(date(2026, 11, 25), "week", 4)  # a Wednesday
    assert calendar.first == date(2026, 11, 23)
    assert calendar.period(date(2026, 11, 22)) == -1
    assert calendar.period(date(2026, 11, 29)) == 0
    assert calendar.last_day(1) == date(2026, 12, 6)


def test_months_have_their_own_lengths() -> None:
    calendar = Calendar.starting(date(2027, 1, 31), "month", 3)
    assert calendar.first == date(2027, 1, 1)
    assert calendar.period(date(2026, 12, 31)) == -1
    assert calendar.period(date(2027, 3, 1)) == 2
    assert calendar.last_day(1) == date(2027, 2, 28)


def test_iso_weeks_name_their_monday() -> None:
    assert parse_date("2026-W48") == date(2026, 11, 23)
    assert parse_date("2026-11-23") == date(2026, 11, 23)
