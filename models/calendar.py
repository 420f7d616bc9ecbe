"""Calendar: periods of the horizon, and which one a date falls into.

Period t = 0 … T-1 is a day, an ISO week (Monday to Sunday) or a calendar month, and is named by its first day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PeriodKind = Literal["day", "week", "month"]
PERIODS_A_YEAR: dict[PeriodKind, int] = {"day": 365, "week": 52, "month": 12}
DAYS_A_PERIOD: dict[PeriodKind, int] = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The horizon: `periods` periods of one `kind`, from the period that contains `start`."""

    start: date
    periods: int
    kind: PeriodKind = "week"

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self._first_day_of_period(self.start))

    def _first_day_of_period(self, day: date) -> date:
        match self.kind:
            case "day":
                return day
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)

    @property
    def a_year(self) -> int:
        """Periods in a year: 365 days, 52 weeks, 12 months."""
        return PERIODS_A_YEAR[self.kind]

    @property
    def days(self) -> int:
        """Days by which a lead time in days is divided: 1, 7 or 30."""
        return DAYS_A_PERIOD[self.kind]

    def first_days(self) -> NDArray[np.datetime64]:
        """First day of each period of the horizon, then of the one after it: shape (T + 1,), datetime64[D]."""
        steps = np.arange(self.periods + 1)
        if self.kind == "month":
            months = np.datetime64(self.start, "M") + steps
            return months.astype("datetime64[D]")
        return np.datetime64(self.start, "D") + steps * self.days

    def index(self, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """Period that contains each day: negative before `start`, T or more after the horizon. NaT is not allowed."""
        if self.kind == "month":
            return (days.astype("datetime64[M]") - np.datetime64(self.start, "M")).astype(np.int64)
        since = (days.astype("datetime64[D]") - np.datetime64(self.start, "D")).astype(np.int64)
        return since // self.days

    def first_day(self, t: int) -> str:
        """ISO date of the first day of period t, within the horizon or not."""
        return str(self._first(t))

    def last_day(self, t: int) -> str:
        """ISO date of the last day of period t."""
        return str(self._first(t + 1) - np.timedelta64(1, "D"))

    def _first(self, t: int) -> np.datetime64:
        unit: Literal["M", "D"] = "M" if self.kind == "month" else "D"
        first = np.array([self.start], dtype=f"datetime64[{unit}]") + t * (1 if unit == "M" else self.days)
        day: np.datetime64 = first.astype("datetime64[D]")[0]
        return day
