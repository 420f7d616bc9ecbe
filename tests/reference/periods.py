"""Periods of an instance: which period a date falls into, and the first and last day of each.

Written from the contract alone. Period 0 contains `start`; earlier periods have negative numbers.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_PERIOD = {"day": 1, "week": 7, "month": 30}
PERIODS_PER_YEAR = {"day": 365, "week": 52, "month": 12}


def parse_date(text: str | date) -> date:
    """The date that an ISO date (`2026-11-23`) or an ISO week (`2026-W48`, its Monday) names."""
    if isinstance(text, date):
        return text
    if "W" in text:
        year, week = text.split("-W")
        return date.fromisocalendar(int(year), int(week[:2]), int(week[3:]) if len(week) > 2 else 1)
    return date.fromisoformat(text[:10])


@dataclass(frozen=True)
class Calendar:
    """The periods of a horizon."""

    first: date
    unit: str
    periods: int

    @classmethod
    def starting(cls, start: date, unit: str, periods: int) -> "Calendar":
        """The calendar whose period 0 contains `start`."""
        if unit == "week":
            start -= timedelta(days=start.weekday())
        elif unit == "month":
            start = start.replace(day=1)
        return cls(start, unit, periods)

    def period(self, day: date) -> int:
        """Number of the period that contains the day; negative before the start."""
        if self.unit == "month":
            return (day.year - self.first.year) * 12 + day.month - self.first.month
        return (day - self.first).days // DAYS_PER_PERIOD[self.unit]

    def first_day(self, period: int) -> date:
        """First day of a period."""
        if self.unit == "month":
            months = self.first.year * 12 + self.first.month - 1 + period
            return date(months // 12, months % 12 + 1, 1)
        return self.first + timedelta(days=DAYS_PER_PERIOD[self.unit] * period)

    def last_day(self, period: int) -> date:
        """Last day of a period."""
        return self.first_day(period + 1) - timedelta(days=1)
