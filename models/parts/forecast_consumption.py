"""Forecast consumption: orders that have come in use up the forecast that stood for them, and go before it.

Nothing is decided: before anything else, forecast lines shrink. The orders of an item, customer and location use up, by
due period τ, earliest first, what is left of the forecast of the same three

    due in τ,  then in τ-1, …, τ-B  (the nearest first),  then in τ+1, …, τ+F  (the nearest first)

B `backward_consumption`, F `forward_consumption` of table `items` [periods]; one that is empty counts as 0, and where
both are, forecast is net of orders as it stands. Of the forecast lines of one period the earliest goes first, then by
reference. What is forecast for a group of customers stands under one of them: `forecast_customer` of table `customers`.
A forecast of the past is dropped first, so an old order uses up what is ahead only.

`[costs] forecast_weight` multiplies the waiting and shortage cost of forecast lines: below 1, firm orders go first.

Example: forecast of 20 due in week 1 and 30 in week 2, B = 1, F = 0; orders of 8 in week 1, 10 in week 2, 25 in week 3.
The first leaves 12 of week 1; the second 20 of week 2; the third, with no forecast of its own week, takes these 20, and
5 more are beyond what was expected. Planned are the orders, and 12 in week 1.

Source: consumption of planned independent requirements: Vollmann et al. (2005), Manufacturing Planning and Control
Systems, ch. 8 (available-to-promise and consumption of the forecast).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from models.book import NOISE, Book, Values
from models.demand import demand_lines
from models.entities import CUSTOMERS, ITEMS, lowest_unit_cost
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance
from models.part import Move, Part
from models.tables import Kind, Result, Setting, date, periods, quantity, text

WINDOWS = ITEMS.with_columns(
    periods(
        "backward_consumption",
        "Orders use up forecast that is due up to so many periods before them.",
        default=None,
        default_text="none: forecast is net of orders",
    ),
    periods(
        "forward_consumption",
        "Orders use up forecast that is due up to so many periods after them.",
        default=None,
        default_text="none: forecast is net of orders",
    ),
)
UNDER = CUSTOMERS.with_columns(
    text(
        "forecast_customer",
        "The customer under whose name this one's demand is forecast.",
        refers="customers",
        default="",
        default_text="itself",
    ),
)


class ForecastConsumption(Part):
    """Forecast net of the orders that have come in."""

    needs = (WINDOWS, UNDER)
    settings = (
        Setting(
            "costs",
            "forecast_weight",
            Kind.NUMBER,
            "Multiplies the waiting and shortage cost of forecast lines; below 1, firm orders go first.",
            unit="factor",
            default=1.0,
        ),
    )
    gives = (
        Result(
            "forecast_consumption",
            "Forecast lines that orders have used up, in part or whole.",
            (
                text("item", "The item."),
                text("customer", "The customer."),
                date("due", "When it is wanted, as the demand table has it."),
                text("demand_location", "The location that must deliver it; empty for any."),
                text("reference", "The forecast's reference."),
                quantity("forecast", "As the demand table has it."),
                quantity("consumed", "Orders came in for this."),
                quantity("open", "What is still expected, and planned."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """A weight that makes forecast not worth buying for."""
        weight = instance.setting("costs.forecast_weight")
        if weight >= 1:
            return
        lines = demand_lines(instance)
        forecast = instance["demand"]["kind"][lines.row] == "forecast"
        cheapest = lowest_unit_cost(instance)[lines.item]
        for k in np.flatnonzero(forecast & (lines.shortage_cost > cheapest)):
            if lines.shortage_cost[k] * weight <= cheapest[k]:
                yield warning(
                    "forecast is cheap to lose",
                    f"with forecast_weight {weight:.10g}, losing a unit costs {lines.shortage_cost[k] * weight:.10g}, "
                    f"buying one at least {cheapest[k]:.10g}: nothing will be bought for this forecast",
                    table="demand",
                    row=int(lines.row[k]),
                    column="shortage_cost",
                )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What is used up, and the weight of what is not."""
        book.post("consumed", _consumed(instance))
        weight = instance.setting("costs.forecast_weight")
        if weight != 1:
            book.post("line weight", np.where(instance["demand"]["kind"] == "forecast", weight, 1.0))

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`forecast_consumption`."""
        demand, consumed = instance["demand"], _consumed(instance)
        shown = np.flatnonzero(consumed > NOISE)
        return {
            "forecast_consumption": {
                "item": demand["item"][shown],
                "customer": demand["customer"][shown],
                "due": demand.text("due")[shown],
                "demand_location": demand["location"][shown],
                "reference": demand["reference"][shown],
                "forecast": demand["quantity"][shown],
                "consumed": consumed[shown],
                "open": demand["quantity"][shown] - consumed[shown],
            }
        }


def _consumed(instance: Instance) -> Figures:
    """What orders use up of each row of `demand`."""
    demand, items = instance["demand"], instance["items"]
    consumed = np.zeros(len(demand))
    windows = np.column_stack([items["backward_consumption"], items["forward_consumption"]])
    if np.isnan(windows).all():
        return consumed
    item, due = instance.codes("demand", "item"), instance.calendar.index(demand["due"])
    counts = ~np.isnan(windows).all(axis=1)[item] & (demand["quantity"] > 0)
    groups = np.column_stack([item, _forecast_under(instance), _place(instance)])
    ordered: dict[tuple[int, ...], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for k in np.flatnonzero(counts & (demand["kind"] == "order")):
        ordered[tuple(groups[k])][int(due[k])] += demand["quantity"][k]
    rows: dict[tuple[int, ...], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    forecast = np.flatnonzero(counts & (demand["kind"] == "forecast") & (due >= 0))
    for k in forecast[np.lexsort((demand["reference"][forecast].astype(str), demand["due"][forecast]))]:
        rows[tuple(groups[k])][int(due[k])].append(int(k))
    for group, by_period in ordered.items():
        back, ahead = (int(length) for length in np.nan_to_num(windows[group[0]]))
        for period in sorted(by_period):
            reach = (*range(period, period - back - 1, -1), *range(period + 1, period + ahead + 1))
            _take(by_period[period], [k for t in reach for k in rows[group].get(t, ())], demand["quantity"], consumed)
    return consumed


def _take(quantity: float, rows: list[int], forecast: Figures, consumed: Figures) -> None:
    """Use up rows in their order until the quantity is found."""
    for k in rows:
        taken = min(quantity, forecast[k] - consumed[k])
        consumed[k] = round(consumed[k] + taken, 9)
        quantity = round(quantity - taken, 9)


def _forecast_under(instance: Instance) -> Codes:
    """The customer under whose name each row of demand is forecast."""
    customer = instance.codes("demand", "customer")
    if not len(instance["customers"]):
        return customer
    under = instance.codes("customers", "customer", "forecast_customer")
    return np.where(under == -1, np.arange(len(under)), under)[customer]


def _place(instance: Instance) -> Any:
    """The location of each row of demand; the only one, where there is one."""
    location = instance.codes("demand", "location")
    return np.where(location == -1, 0, location) if len(instance.labels["location"]) == 1 else location
