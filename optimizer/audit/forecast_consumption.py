"""Forecast consumption: forecast is planned net of the orders that have come in, and weighs less where it is told to.

For an item with `backward_consumption` B or `forward_consumption` F (an empty one is 0), the orders of one item,
customer (or its `forecast_customer`) and location, by due period τ from the earliest, take from the forecast lines of
the periods τ, τ-1 … τ-B, τ+1 … τ+F what they leave, within a period the earliest first, then by reference. Forecast of
the past gives nothing. Costs of forecast lines are times `forecast_weight`.

`forecast_consumption.csv`, where it is written, tells every line of which something was taken, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.instance import Instance, Line
from optimizer.audit.book.numbers import ZERO, same_quantity
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

FILE = "forecast_consumption.csv"


class Consumption(NamedTuple):
    """A row of `forecast_consumption.csv`."""

    row: int
    item: str
    customer: str
    due: str
    demand_location: str
    reference: str
    forecast: Fraction
    consumed: Fraction
    open: Fraction


class _Asked(NamedTuple):
    """A row of `demand` that takes or gives."""

    key: LineKey
    period: int
    due: date
    quantity: Fraction


def lines(instance: Instance) -> Iterator[Line]:
    """Forecast lines with what is left of them, and their own costs."""
    taken, weight = _taken(instance), instance.number("costs", "forecast_weight", "1")
    every = weight != 1
    for key, line in list(instance.lines.items()) if taken or every else ():
        if key[3] == "forecast" and (every or key in taken):
            yield line._replace(
                quantity=line.quantity - taken.get(key, (ZERO, ZERO))[1],
                backorder_cost=weight * line.backorder_cost,
                shortage_cost=weight * line.shortage_cost,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse a table that tells another consumption."""
    taken = _taken(book.instance)
    told = book.plan.load(FILE, Consumption) if (book.plan.folder / FILE).exists() else []
    for row in told:
        key = row.item, row.customer, row.due, "forecast", row.demand_location, row.reference
        forecast, consumed = taken.pop(key, (ZERO, ZERO))
        refuse = partial(Violation, rule="forecast_consumption", file=FILE, row=row.row, item=row.item)
        for name, found, expected in (
            ("forecast", row.forecast, forecast),
            ("consumed", row.consumed, consumed),
            ("open", row.open, forecast - consumed),
        ):
            if not same_quantity(found, expected):
                message = f"{name} is not what the orders leave"
                yield refuse(customer=row.customer, message=message, found=show(found), expected=show(expected))
    for key, (_, consumed) in taken.items():
        yield Violation(
            rule="forecast_consumption",
            file=FILE,
            item=key[0],
            customer=key[1],
            message=f"forecast due {key[2]} that orders have used up is not told",
            expected=show(consumed),
        )


def _taken(instance: Instance) -> dict[LineKey, tuple[Fraction, Fraction]]:
    """Forecast, and what is taken of it, by line of which anything is."""
    windows = {}
    for row in instance.tables.rows("items"):
        back, ahead = row.number_or_none("backward_consumption"), row.number_or_none("forward_consumption")
        if back is not None or ahead is not None:
            windows[row.text("item")] = int(back or 0), int(ahead or 0)
    under = {row.text("customer"): row.text("forecast_customer") for row in instance.tables.rows("customers")}
    orders: dict[tuple[str, str, str], list[_Asked]] = defaultdict(list)
    forecasts: dict[tuple[str, str, str], list[_Asked]] = defaultdict(list)
    for row in instance.tables.rows("demand") if windows else ():
        item, customer, place, kind = row.text("item"), row.text("customer"), row.text("location"), row.text("kind")
        if item not in windows:
            continue
        key = item, customer, row.as_written("due"), kind or "order", place, row.text("reference")
        day = row.day("due") or date.max
        asked = _Asked(key, instance.calendar.index(day), day, row.number("quantity"))
        place = place or (instance.locations[0] if len(instance.locations) == 1 else "")
        group = item, under.get(customer) or customer, place
        if kind != "forecast":
            orders[group].append(asked)
        elif asked.period >= 0:
            forecasts[group].append(asked)
    taken: dict[LineKey, tuple[Fraction, Fraction]] = {}
    for group, asking in orders.items():
        ahead_of_all = sorted(forecasts[group], key=lambda asked: (asked.due, asked.key[5]))
        for order in sorted(asking, key=lambda asked: asked.period):
            _use_up(order, ahead_of_all, windows[group[0]], taken)
    return taken


def _use_up(
    order: _Asked, forecasts: list[_Asked], window: tuple[int, int], taken: dict[LineKey, tuple[Fraction, Fraction]]
) -> None:
    back, ahead = window
    wanted = order.quantity
    steps = [*range(0, -back - 1, -1), *range(1, ahead + 1)]
    for step in steps:
        for forecast in forecasts:
            if forecast.period == order.period + step:
                before = taken.get(forecast.key, (forecast.quantity, ZERO))[1]
                more = min(wanted, forecast.quantity - before)
                if more > 0:
                    taken[forecast.key] = forecast.quantity, before + more
                    wanted -= more
