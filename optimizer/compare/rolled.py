"""Rolled: the tables that a plan expects some periods later, if it is followed until then.

    inventory     on hand as the plan has it at the end of the last period that passed
    open orders   those that have not arrived by then, an overdue one on the day on which it was expected; and what the
                  plan has ordered since, with its arrivals
    demand        less what was delivered; a line that may wait no longer is gone, others have what is left of their
                  window. A forecast that is past has lapsed, but for what the plan promised: that is an order now
    start, periods   those of the later plan

What other tables say stays as it was.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from models.open_orders import expected_periods
from optimizer.compare.lines import KEY
from optimizer.read.changed import Text, changed
from optimizer.read.input import Input
from optimizer.read.published import Published
from optimizer.write.tables import decimal_text

TINY = 1e-6
Row = dict[str, str]


def rolled(source: Input, plan: Published, passed: int, settings: Mapping[str, Any]) -> Input:
    """The instance of a plan some periods later.

    Args:
        source: what the plan is of.
        plan: the plan that was followed.
        passed: how many periods have passed.
        settings: `start` and `periods` of the later instance.

    Raises:
        InputFaults: what comes of it does not fit together.
    """
    tables: dict[str, Text] = {
        "inventory": _as_text(source, "inventory", _inventory(source, plan, passed)),
        "open_orders": _as_text(source, "open_orders", _open_orders(source, plan, passed)),
        "demand": _as_text(source, "demand", _demand(source, plan, passed)),
    }
    if not len(next(iter(tables["demand"].values()), ())):
        del tables["demand"]  # at least one line must be there; the old ones are past, and nobody is asked for them
    return changed(source, tables, source.settings_text | dict(settings))


def rows_of(source: Input, table: str) -> Iterator[Row]:
    """Rows of a table, by column, as text."""
    columns = source.text.get(table, {})
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))


def _as_text(source: Input, table: str, rows: Iterator[Row]) -> Text:
    names = [column.name for column in source.instance[table].table.all_columns]
    found = list(rows)
    return {name: [row.get(name, "") for row in found] for name in names}


def _inventory(source: Input, plan: Published, passed: int) -> Iterator[Row]:
    last = plan.inventory[plan.inventory["period"] == source.instance.calendar.first_day(passed - 1)]
    keys = zip(last["item"], last["location"], strict=True)
    there = dict(zip(keys, last["on_hand"], strict=True))
    only = source.instance.labels["location"][0] if len(source.instance.labels["location"]) == 1 else ""
    for row in rows_of(source, "inventory"):
        on_hand = there.pop((row["item"], row["location"] or only), 0.0)
        yield row | {"on_hand": decimal_text(max(on_hand, 0.0))}
    for (item, location), on_hand in there.items():
        yield {"item": item, "location": location, "on_hand": decimal_text(max(on_hand, 0.0))}


def _open_orders(source: Input, plan: Published, passed: int) -> Iterator[Row]:
    calendar = source.instance.calendar
    expected = expected_periods(source.instance)
    for row, period in zip(rows_of(source, "open_orders"), expected, strict=True):
        if period >= passed:
            due = calendar.index(np.array([row["arrival"]], dtype="datetime64[D]"))[0]
            yield row if due >= 0 else row | {"arrival": calendar.first_day(int(period))}
    now = calendar.first_day(passed)
    orders = plan.purchase_orders
    placed = orders[(orders["order_period"] < now) & (orders["arrival_period"] >= now)]
    for number, one in enumerate(placed.to_dict("records"), start=1):
        names = {name: one[name] for name in ("item", "supplier", "location")}
        marks = {"order": f"planned before {now}", "line": str(number), "arrival": one["arrival_period"]}
        yield {**names, **marks, "quantity": decimal_text(one["quantity"])}


def _demand(source: Input, plan: Published, passed: int) -> Iterator[Row]:
    calendar, items = source.instance.calendar, {row["item"]: row for row in rows_of(source, "items")}
    now, later = (_delivered(plan, calendar.first_day(passed), until=until) for until in (True, False))
    periods = calendar.index(source.instance["demand"]["due"])
    written, taken = source.as_written("demand", "due"), set()
    for number, row in enumerate(rows_of(source, "demand")):
        kind, due = row["kind"] or "order", int(periods[number])
        key = row["item"], row["customer"], written[number], kind, row["location"], row["reference"]
        if due >= passed:
            yield row
            continue
        left = later[key] if kind == "forecast" else float(row["quantity"]) - now[key]
        delay = row["max_delay"] or items[row["item"]]["max_delay"]
        window = int(delay) - (passed - max(due, 0)) if delay else 0
        if left <= TINY or window < 0 or (kind == "forecast" and due < 0):
            continue
        reference = row["reference"]
        while kind == "forecast" and (key[:3], reference) in taken:
            reference += " forecast"
        taken.add((key[:3], reference))
        yield row | {
            "quantity": decimal_text(left),
            "kind": "order",
            "reference": f"{reference} forecast".strip() if kind == "forecast" else reference,
            "max_delay": str(window) if delay else "",
        }


def _delivered(plan: Published, now: str, *, until: bool) -> dict[tuple[str, ...], float]:
    """What each line got before a day, or gets from then on."""
    given = plan.allocations
    part = given[(given["delivery_period"] < now) == until]
    total: dict[tuple[str, ...], float] = defaultdict(float)
    for key, quantity in zip(part[KEY].itertuples(index=False, name=None), part["quantity"], strict=True):
        total[key] += quantity
    return total
