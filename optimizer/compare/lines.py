"""Lines: which demand lines fare better or worse in another plan.

A line is named by its key, as the demand table has it. Of each line that is planned in both:

    delivered, late, short   quantities
    promise                  the last day of the period of its last delivery; none where nothing is delivered
    better, worse            less or more is short; else it is promised earlier or later; else less or more is late

The demand may have changed too: `quantity` then differs, and the line is compared all the same.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.calendar import Calendar
from optimizer.compare.horizon import calendar_of
from optimizer.read.published import Published

KEY = ["item", "customer", "due", "kind", "demand_location", "reference"]
FIGURES = ("quantity", "late_quantity", "short_quantity", "promise", "cost")
COLUMNS = ("change", *KEY, *(f"{name}{when}" for name in FIGURES for when in ("_before", "")))
TINY = 1e-6
NEVER = "9999"  # later than any day: nothing is delivered


def fares(plan: Published) -> pd.DataFrame:
    """How every planned demand line fares: index `KEY`, columns `FIGURES`, `on_time_quantity` and `delivery`.

    `delivery` is the first day of the period of its last delivery, "" where nothing is delivered.
    """
    return fares_of(plan.allocations, plan.backorders, calendar_of(plan))


def fares_of(given: pd.DataFrame, backorders: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """As `fares`, from the tables `allocations` and `backorders`."""
    waiting = backorders.set_index(KEY)
    delivered = given.groupby(KEY, sort=False).agg(delivered=("quantity", "sum"), delivery=("delivery_period", "max"))
    every = delivered.index.union(waiting.index, sort=False)
    delivered, waiting = delivered.reindex(every), waiting.reindex(every)
    got, short = delivered["delivered"].fillna(0.0), waiting["short_quantity"].fillna(0.0)
    late, delivery = waiting["late_quantity"].fillna(0.0), delivered["delivery"].fillna("").astype(object)
    return pd.DataFrame(
        {
            "quantity": waiting["quantity"].fillna(got + short),
            "late_quantity": late,
            "short_quantity": short,
            "promise": [_last_day(calendar, day) for day in delivery],
            "cost": waiting["cost"].fillna(0.0),
            "on_time_quantity": np.maximum(got - late, 0.0),
            "delivery": delivery,
        },
        index=every,
    )


def line_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Lines that fare better or worse.

    Args:
        before: what `fares` gave of the one plan.
        after: of the other.

    Returns:
        Columns `COLUMNS`, a row for each line that fares otherwise; `change` is `better` or `worse`; those whose cost
        differs most first.
    """
    both = before.index.intersection(after.index, sort=False)
    one, other = before.loc[both], after.loc[both]
    verdict = _verdict(one, other)
    table = pd.DataFrame(index=both)
    table["change"] = np.where(verdict > 0, "worse", "better")
    for name in FIGURES:
        table[f"{name}_before"], table[name] = one[name], other[name]
    table = table[verdict != 0].reset_index()
    order = np.argsort(-(table["cost"] - table["cost_before"]).abs().to_numpy(dtype=float), kind="stable")
    found: pd.DataFrame = table.iloc[order].reset_index(drop=True)[list(COLUMNS)]
    return found


def fill_rates(fares: pd.DataFrame) -> tuple[float, float]:
    """Shares of the quantity asked that are delivered on time, and ever; 1 where nothing is asked."""
    asked = float(fares["quantity"].sum())
    if asked <= 0:
        return 1.0, 1.0
    return float(fares["on_time_quantity"].sum()) / asked, 1.0 - float(fares["short_quantity"].sum()) / asked


def _verdict(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.int64]:
    """1: worse, -1: better, 0: neither."""
    sooner, later = (frame["promise"].replace("", NEVER).to_numpy(dtype=object) for frame in (one, other))
    promise = np.array([(b > a) - (b < a) for a, b in zip(sooner, later, strict=True)], dtype=np.int64)
    first = _sign(other["short_quantity"] - one["short_quantity"], one["quantity"])
    last = _sign(other["late_quantity"] - one["late_quantity"], one["quantity"])
    return np.where(first != 0, first, np.where(promise != 0, promise, last))


def _sign(difference: "pd.Series[float]", size: "pd.Series[float]") -> NDArray[np.int64]:
    figure = difference.to_numpy(dtype=float)
    return np.where(np.abs(figure) > TINY * (1 + size.to_numpy(dtype=float)), np.sign(figure), 0).astype(np.int64)


def _last_day(calendar: Calendar, day: str) -> str:
    if not day:
        return ""
    return calendar.last_day(int(calendar.index(np.array([day], dtype="datetime64[D]"))[0]))
