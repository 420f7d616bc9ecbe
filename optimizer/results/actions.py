"""Actions: today's worklist, a row for each thing to do, those first on which most money hangs.

    release    an order of this plan that goes out now                     money: its value
    expedite   an open order, or a part of an order to release, that is to come faster   money: what that costs
    chase      an open order that is overdue, and on which the plan counts all the same  money: its value
    postpone, cancel   an open order that is not needed by then             money: what that costs
    tell       a customer whose order comes late or not at all              money: what the line's waiting costs

`latest_safe_date` is the last day on which an order can go out, an overdue one come in, or a supplier be told, with
every delivery of the plan as planned; empty where none in the horizon needs it. `cost_of_waiting` estimates what a week
more would cost (`optimizer.results.waiting`). Ranked by it, or by its money where a customer is to be told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.entities import price
from models.findings import shown
from models.instance import Instance
from models.open_orders import arriving, expected_periods
from models.schema import ACTIONS
from optimizer.results.waiting import Waits, waits

COLUMNS = [column.name for column in ACTIONS.columns]
NUMBERS = ("quantity", "money", "cost_of_waiting")
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Receipt:
    """Something that is to arrive, and what is to be done for it.

    `done`: the period in which that is due; `row`: the cells of its action that are known.
    """

    arrives: int
    quantity: float
    done: int
    row: dict[str, object]


def actions(instance: Instance, tables: Tables) -> pd.DataFrame:
    """The worklist of a plan.

    Args:
        instance: what was planned.
        tables: its result tables.

    Returns:
        The result table `actions`.
    """
    receipts = [*_releases(instance, tables), *_expedited(instance, tables), *_chases(instance, tables)]
    receipts += _sooner(instance, tables)
    rows = [*_with_waiting(instance, tables, receipts), *_not_needed(instance, tables), *_told(instance, tables)]
    found = pd.DataFrame(rows, columns=COLUMNS[1:])
    for name in NUMBERS:
        found[name] = found[name].astype(float)
    stake = np.where(found["action"] == "tell", found["money"], found["cost_of_waiting"])
    order = np.lexsort((np.arange(len(found)), -found["money"].to_numpy(dtype=float), -stake.astype(float)))
    found = found.iloc[order].reset_index(drop=True)
    found.insert(0, "rank", np.arange(1, len(found) + 1))
    return found.astype({name: object for name in COLUMNS if name not in ("rank", *NUMBERS)})


def _row(action: str, **cells: object) -> dict[str, object]:
    empty: dict[str, object] = dict.fromkeys(COLUMNS[1:], "")
    return empty | {"action": action, "money": 0.0, "cost_of_waiting": 0.0} | cells


def _period(instance: Instance, days: Iterable[str]) -> list[int]:
    return [int(t) for t in instance.calendar.index(np.array(list(days), dtype="datetime64[D]"))]


def _rows(tables: Tables, name: str) -> pd.DataFrame:
    """A table that the plan need not have."""
    found = tables.get(name)
    return pd.DataFrame() if found is None else found


def _releases(instance: Instance, tables: Tables) -> Iterator[_Receipt]:
    orders = tables["purchase_orders"]
    orders = orders[orders["action"] == "release"]
    sped: dict[tuple[str, ...], float] = {}
    for one in _rows(tables, "expedited").to_dict("records"):
        key = one["item"], one["supplier"], one["location"], one["order_period"]
        sped[key] = sped.get(key, 0.0) + one["quantity"]
    placed, arrival = (_period(instance, orders[name]) for name in ("order_period", "arrival_period"))
    for one, done, arrives in zip(orders.to_dict("records"), placed, arrival, strict=True):
        key = one["item"], one["supplier"], one["location"], one["order_period"]
        names = {name: one[name] for name in ("item", "supplier", "location", "quantity")}
        row = _row("release", **names, promise=instance.calendar.last_day(arrives), money=one["value"])
        yield _Receipt(arrives, one["quantity"] - sped.get(key, 0.0), done, row)


def _expedited(instance: Instance, tables: Tables) -> Iterator[_Receipt]:
    """Parts of orders to release that come by a faster mode."""
    sped, orders = _rows(tables, "expedited"), tables["purchase_orders"]
    if not len(sped):
        return
    names = ["item", "supplier", "location", "order_period"]
    released = set(orders.loc[orders["action"] == "release", names].itertuples(index=False, name=None))
    for one in sped.to_dict("records"):
        if tuple(one[name] for name in names) in released:
            done, arrives = _period(instance, (one["order_period"], one["arrival_period"]))
            cells = {name: one[name] for name in ("item", "supplier", "location", "quantity")}
            promise = instance.calendar.last_day(arrives)
            row = _row("expedite", **cells, reference=one["mode"], promise=promise, money=one["cost"])
            row["why"] = f"comes by {one['mode']}"
            yield _Receipt(arrives, one["quantity"], done, row)


def _chases(instance: Instance, tables: Tables) -> Iterator[_Receipt]:
    """Open orders that should have come, and of which the plan changes nothing."""
    rows, expected = instance["open_orders"], expected_periods(instance)
    written, calendar = rows.text("arrival"), instance.calendar
    agreed = calendar.index(rows["arrival"])
    changes = _rows(tables, "open_order_changes")
    changed = set(changes[["order", "line", "arrival"]].itertuples(index=False, name=None)) if len(changes) else set()
    worth = np.nan_to_num(price(instance))[instance.codes("open_orders", "item")]
    for k in arriving(instance):
        if agreed[k] < 0 and (rows["order"][k], rows["line"][k], written[k]) not in changed:
            quantity, arrives = float(rows["quantity"][k]), int(expected[k])
            row = _row(
                "chase",
                **_of_open_order(instance, k),
                promise=calendar.last_day(arrives),
                money=round(quantity * float(worth[k]), 9),
                why="overdue, and the plan counts on it",
            )
            yield _Receipt(arrives, quantity, arrives, row)


def _of_open_order(instance: Instance, k: int) -> dict[str, object]:
    """The cells of an action that name an open order."""
    rows, locations = instance["open_orders"], instance.labels["location"]
    location = rows["location"][k] or (locations[0] if len(locations) == 1 else "")
    reference = " ".join(filter(None, (rows["order"][k], rows["line"][k])))
    cells = {"item": rows["item"][k], "supplier": rows["supplier"][k], "location": location, "reference": reference}
    return cells | {"quantity": float(rows["quantity"][k]), "due": rows.text("arrival")[k]}


def _changes(instance: Instance, tables: Tables) -> Iterator[tuple[int, dict[str, object]]]:
    """Changes of open orders, each with the row of the order."""
    changes, rows = _rows(tables, "open_order_changes"), instance["open_orders"]
    if len(changes):
        written = rows.text("arrival")
        place = {(rows["order"][k], rows["line"][k], written[k]): k for k in range(len(rows))}
        for one in changes.to_dict("records"):
            yield place[one["order"], one["line"], one["arrival"]], {str(name): cell for name, cell in one.items()}


def _sooner(instance: Instance, tables: Tables) -> Iterator[_Receipt]:
    for k, one in _changes(instance, tables):
        if one["action"] == "expedite":
            (arrives,) = _period(instance, [str(one["new_arrival"])])
            promise, cells = instance.calendar.last_day(arrives), _of_open_order(instance, k)
            row = _row("expedite", **cells, promise=promise, money=one["cost"], why="needed sooner than agreed")
            yield _Receipt(arrives, float(instance["open_orders"]["quantity"][k]), 0, row)


def _not_needed(instance: Instance, tables: Tables) -> Iterator[dict[str, object]]:
    """What is put off or cancelled: to be told before it is on its way."""
    calendar, expected = instance.calendar, expected_periods(instance)
    for k, one in _changes(instance, tables):
        if one["action"] != "expedite":
            (new,) = _period(instance, [str(one["new_arrival"])]) if one["new_arrival"] else (None,)
            yield _row(
                str(one["action"]),
                **_of_open_order(instance, k),
                promise="" if new is None else calendar.last_day(new),
                money=one["cost"],
                latest_safe_date=calendar.last_day(max(int(expected[k]) - 1, 0)),
                why="not needed" if new is None else "needed later than agreed",
            )


def _with_waiting(instance: Instance, tables: Tables, receipts: Sequence[_Receipt]) -> Iterator[dict[str, object]]:
    """The rows of what is to arrive, with what waiting does to each."""
    frame = pd.DataFrame(
        [(one.row["item"], one.row["location"], one.arrives, one.quantity) for one in receipts],
        columns=["item", "location", "period", "quantity"],
    )
    found = waits(instance, tables, frame)
    units = dict(zip(instance["items"]["item"], instance["items"]["unit"], strict=True))
    for k, receipt in enumerate(receipts):
        yield receipt.row | _waiting(instance, receipt, found, k, units[receipt.row["item"]])


def _waiting(instance: Instance, receipt: _Receipt, found: Waits, k: int, unit: str) -> dict[str, object]:
    """The cells that tell of waiting."""
    calendar, slack = instance.calendar, int(found.slack[k])
    told = [str(receipt.row["why"])] if receipt.row["why"] else []
    if slack < 0:
        return {"why": ", ".join([*told, "no delivery of the horizon needs it"])}
    needed = calendar.first_day(receipt.arrives + slack)
    if slack:
        told.append(f"needed from {needed} on")
    if found.missing[k]:
        who = found.customers[k]
        named = f" for {who[0]}" + (f" and {len(who) - 1:,} more" if len(who) > 1 else "") if who else ""
        told.append(f"a week later {shown(float(found.missing[k]))} {unit}{named} would wait (estimate)")
    cells: dict[str, object] = {
        "latest_safe_date": calendar.last_day(receipt.done + slack),
        "cost_of_waiting": float(found.cost[k]),
        "why": ", ".join(told),
    }
    return cells if receipt.row["due"] else cells | {"due": needed}


def _told(instance: Instance, tables: Tables) -> Iterator[dict[str, object]]:
    """Customers' orders that come late or not at all; a forecast has nobody to tell."""
    lines = tables["backorders"]
    lines = lines[lines["kind"] == "order"]
    if not len(lines):
        return
    demand, start = instance["demand"], str(instance.calendar.start)
    day_of = dict(zip(demand.text("due").tolist(), demand["due"].astype(str).tolist(), strict=True))
    units = dict(zip(instance["items"]["item"], instance["items"]["unit"], strict=True))
    for one in lines.to_dict("records"):
        late, short, unit = one["late_quantity"], one["short_quantity"], units[one["item"]]
        told = (
            [f"{shown(late)} of {shown(one['quantity'])} {unit} come late, the last by {one['promise']}"]
            if late
            else []
        )
        told += [f"{shown(short)} of {shown(one['quantity'])} {unit} are never delivered"] if short else []
        yield _row(
            "tell",
            item=one["item"],
            location=one["demand_location"],
            customer=one["customer"],
            reference=one["reference"],
            quantity=round(late + short, 9),
            due=one["due"],
            promise=one["promise"],
            money=one["cost"],
            latest_safe_date=max(day_of.get(one["due"], one["due"]), start),
            why="; ".join(told),
        )
