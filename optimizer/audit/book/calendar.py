"""The horizon: which period a day falls into, and what a period is called.

Period t = 0 … T-1 is a day, a week from Monday or a month, named by its first day. `start` is moved back to the first
day of the period it lies in. Days before the horizon have negative periods, so that lateness can be counted.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

PERIODS_A_YEAR = {"day": 365, "week": 52, "month": 12}
DAYS_A_PERIOD = {"day": 1, "week": 7, "month": 30}


class Calendar:
    """Periods of the horizon; `first_days` has one more than there are periods, the day after the end."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.kind = str(settings.get("period", "week"))
        self.periods = int(settings.get("periods", 0))
        if self.kind not in PERIODS_A_YEAR or self.periods < 1:
            raise ValueError(f"no horizon: periods {settings.get('periods')}, period {self.kind}")
        self._start = self._first_day_around(_settings_day(settings.get("start")))
        self.first_days = [self._first_day(t) for t in range(self.periods + 1)]
        self._named = {day.isoformat(): t for t, day in enumerate(self.first_days[:-1])}
        self._names = list(self._named)

    @property
    def a_year(self) -> int:
        """Periods in a year: 365 days, 52 weeks or 12 months."""
        return PERIODS_A_YEAR[self.kind]

    def name(self, t: int) -> str:
        """First day of a period of the horizon, as written in the files."""
        return self._names[t]

    def last_day(self, t: int) -> str:
        """Last day of a period, of the horizon or after it, as written in the files."""
        after = self.first_days[t + 1] if -1 <= t < self.periods else self._first_day(t + 1)
        return (after - timedelta(days=1)).isoformat()

    def named(self, text: str) -> int:
        """The period that is called so.

        Raises:
            ValueError: none is.
        """
        if text not in self._named:
            raise ValueError(f"the first day of a {self.kind} from {self._names[0]} to {self._names[-1]}")
        return self._named[text]

    def index(self, day: date) -> int:
        """The period that contains a day: negative before the horizon, T or more after it."""
        if self.kind == "month":
            return (day.year - self._start.year) * 12 + day.month - self._start.month
        return (day - self._start).days // DAYS_A_PERIOD[self.kind]

    def lead_time(self, days: Fraction) -> int:
        """Periods that a lead time in days takes, rounded up."""
        return -int(-days // DAYS_A_PERIOD[self.kind])

    def _first_day_around(self, day: date) -> date:
        if self.kind == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.kind == "month" else day

    def _first_day(self, t: int) -> date:
        if self.kind == "month":
            years, month = divmod(self._start.month - 1 + t, 12)
            return date(self._start.year + years, month + 1, 1)
        return self._start + timedelta(days=DAYS_A_PERIOD[self.kind] * t)


@lru_cache(maxsize=2**12)
def day(text: str) -> date:
    """The day that an ISO date names (`2026-11-23`, or `2026-W48` for its Monday).

    Raises:
        ValueError: it names none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("an ISO date such as 2026-11-23 or 2026-W48") from None


def _settings_day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else day(str(value))
