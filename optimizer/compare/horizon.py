"""Horizon: which periods a published plan is of, and which ones two plans have in common."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

import numpy as np
import pandas as pd

from models.calendar import Calendar, PeriodKind
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import Published


@dataclass(frozen=True)
class Window:
    """Periods that two plans have in common, by their days.

    Attributes:
        first: first day of the first; ISO, as all dates of a plan.
        after: first day after the last.
        whole: both plans have these periods and no others.
        calendar: of these periods.
    """

    first: str
    after: str
    whole: bool
    calendar: Calendar

    def has(self, days: "pd.Series[str]") -> "pd.Series[bool]":
        """Which first days of periods are within."""
        return (days >= self.first) & (days < self.after)


def calendar_of(plan: Published) -> Calendar:
    """The periods that a plan is of.

    Raises:
        NoEarlierPlan: it does not say.
    """
    told = plan.run.get("horizon", {})
    try:
        kind = str(told["period"])
        if kind not in get_args(PeriodKind):
            raise ValueError
        return Calendar(date.fromisoformat(told["start"]), int(told["periods"]), kind)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError):
        raise NoEarlierPlan(f"{plan.folder} does not say which periods it is of: plan it again.") from None


def common(one: Published, other: Published) -> Window:
    """The periods that both have.

    Raises:
        NoEarlierPlan: there are none, or their periods are not of one kind.
    """
    first, second = calendar_of(one), calendar_of(other)
    if first.kind != second.kind:
        raise NoEarlierPlan(f"{one.folder} is planned by {first.kind}s, {other.folder} by {second.kind}s.")
    place = int(first.index(np.array([second.start], dtype="datetime64[D]"))[0])  # of the other's start
    begins, ends = max(0, place), min(first.periods, place + second.periods)
    if begins >= ends:
        raise NoEarlierPlan(f"{one.folder} and {other.folder} have no {first.kind} in common.")
    calendar = Calendar(date.fromisoformat(first.first_day(begins)), ends - begins, first.kind)
    whole = ends - begins == first.periods == second.periods
    return Window(first.first_day(begins), first.first_day(ends), whole, calendar)
