"""Waiting: how long a receipt can wait before a delivery has to, and what it costs if it waits a week longer.

A receipt of q in period a, at an item and location with H[t] on hand at the end of each period by the plan:

    slack     the largest k with  H[t] >= q  for a <= t < a + k: so many periods later, every delivery is as planned
    missing   max(0, q - H[t])    units that deliveries until t lack when the receipt is not there yet: exact, where
              nothing else is changed
    cost      of the deliveries that then wait until a + k (k: the periods of a week), the cheapest first: waiting per
              period, and where their window ends before that, the shortage instead

What waits is what costs least, and other orders stay as they are, so the cost is an estimate; slack is not. Lines have
the weights and windows with which they are planned. What counts is what leaves the stock: on a lane sooner than it is
delivered, of a substitute its ratio times what was asked for.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.assemble import posted
from models.demand import demand_lines
from models.instance import Array, Codes, Figures, Instance

PAIR = ["item", "location"]
TINY = 1e-6
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Waits:
    """What becomes of each receipt that waits.

    Attributes:
        slack: periods that it can wait; -1 where no delivery of the horizon needs it.
        missing: units that wait, if it comes a week later.
        cost: what that costs [money].
        customers: whose, the one with most first.
    """

    slack: Codes
    missing: Figures
    cost: Figures
    customers: list[list[str]]


@dataclass(frozen=True)
class _Taken:
    """A delivery that a line gets in a period, and what it costs per unit to let it wait until later."""

    quantity: float
    cost: float
    customer: str


def waits(instance: Instance, tables: Tables, receipts: pd.DataFrame) -> Waits:
    """What waiting does to receipts.

    Args:
        instance: what was planned.
        tables: its plan.
        receipts: columns `item`, `location`, `period` (number of the period in which it arrives), `quantity`.
    """
    horizon, week = instance.calendar.periods, max(1, round(7 / instance.calendar.days))
    pairs = pd.MultiIndex.from_frame(receipts[PAIR].drop_duplicates()) if len(receipts) else None
    if pairs is None:
        return Waits(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), [])
    place = pairs.get_indexer(pd.MultiIndex.from_frame(receipts[PAIR]))
    stock = _stock(instance, tables["inventory"], pairs)
    quantity, arrives = receipts["quantity"].to_numpy(dtype=float), receipts["period"].to_numpy(dtype=np.int64)
    short = np.maximum(quantity[:, None] - stock[place], 0.0)
    short[(short <= TINY * (1 + quantity[:, None])) | (np.arange(horizon) < arrives[:, None])] = 0.0
    needed = short > 0
    slack = np.where(needed.any(axis=1), needed.argmax(axis=1) - arrives, -1)
    critical = np.flatnonzero((slack >= 0) & (slack < week))
    taken = _Deliveries(instance, tables["allocations"], receipts.iloc[critical])
    missing, cost = np.zeros(len(receipts)), np.zeros(len(receipts))
    customers: list[list[str]] = [[] for _ in range(len(receipts))]
    for row in critical:
        pair, until, before = (
            (str(receipts["item"].iloc[row]), str(receipts["location"].iloc[row])),
            arrives[row] + week,
            0.0,
        )
        who: dict[str, float] = defaultdict(float)
        for t in range(arrives[row], min(until, horizon)):
            left = max(0.0, short[row, t] - before)
            before += left
            for one in taken.cheapest(*pair, t, until):
                part = min(left, one.quantity)
                left -= part
                cost[row] += part * one.cost
                who[one.customer] += part
                if left <= TINY:
                    break
        missing[row] = before
        customers[row] = sorted((name for name in who if name), key=lambda name: (-who[name], name))
    return Waits(slack, np.round(missing, 9), np.round(cost, 9), customers)


def _stock(instance: Instance, inventory: pd.DataFrame, pairs: pd.MultiIndex) -> Figures:
    """On hand at the end of each period: (pairs, periods); 0 where the table has no row."""
    grid = np.zeros((len(pairs), instance.calendar.periods))
    if len(inventory):
        rows = pairs.get_indexer(pd.MultiIndex.from_frame(inventory[PAIR].astype(object)))
        kept = np.flatnonzero(rows >= 0)
        period = _periods(instance, inventory["period"].to_numpy(dtype=object)[kept])
        grid[rows[kept], period] = inventory["on_hand"].to_numpy(dtype=float)[kept]
    return grid


def _periods(instance: Instance, days: Array) -> Codes:
    """Number of each period, by its first day."""
    place = {str(day): t for t, day in enumerate(instance.calendar.first_days()[:-1])}
    return np.array([place[day] for day in days], dtype=np.int64)


class _Deliveries:
    """What leaves the stocks of some receipts, and what it costs to let it wait."""

    def __init__(self, instance: Instance, allocations: pd.DataFrame, receipts: pd.DataFrame) -> None:
        self.periods = instance.calendar.periods
        wanted = set(zip(receipts["item"], receipts["location"], strict=True))
        self.rows: dict[tuple[str, str, int], list[tuple[float, float, float, int, int, str]]] = defaultdict(list)
        if not wanted or not len(allocations):
            return
        item = allocations["item"].astype(object)
        if "delivered_item" in allocations:
            other = allocations["delivered_item"].astype(object).fillna("")
            item = other.where(other != "", item)
        inside = np.array([pair in wanted for pair in zip(item, allocations["location"], strict=True)], dtype=np.bool_)
        given = allocations[inside]
        lines = _line_figures(instance, set(given["item"]))
        leads, ratios = _leads(instance), _ratios(instance)
        names = ("item", "customer", "due", "kind", "demand_location", "reference")
        keys = zip(*(given[name] for name in names), strict=True)
        figures = zip(keys, item[inside], given["location"], given["delivery_period"], given["quantity"], strict=True)
        place = {str(day): t for t, day in enumerate(instance.calendar.first_days()[:-1])}
        for key, what, location, day, quantity in figures:
            t, line = place[day], lines.get(key)
            if line is not None:
                leaves = t - leads.get((location, key[1]), 0)
                pair = key[0], what
                ratio = ratios.get((*pair, key[1]), ratios.get((*pair, ""), 1.0)) if what != key[0] else 1.0
                waiting, shortage, window = line
                each = float(quantity) * ratio, waiting / ratio, shortage / ratio, window
                self.rows[what, location, leaves].append((*each, t - leaves, key[1]))

    def cheapest(self, item: str, location: str, t: int, until: int) -> list[_Taken]:
        """What leaves in a period, the cheapest first to let it wait until a later one."""
        found = []
        for quantity, waiting, shortage, window, lead, customer in self.rows.get((item, location, t), ()):
            first, last = divmod(window, self.periods)
            if until + lead <= last:
                cost = waiting * (until - t)
            else:
                cost = max(0.0, shortage - waiting * max(0, t + lead - first))
            found.append(_Taken(quantity, cost, customer))
        return sorted(found, key=lambda one: one.cost)


def _line_figures(instance: Instance, items: set[str]) -> dict[tuple[str, ...], tuple[float, float, int]]:
    """Waiting cost, shortage cost and window (first × periods + last) of the demand lines of some items, by key."""
    lines, table = demand_lines(instance, posted(instance)), instance["demand"]
    labels = instance.labels["item"]
    chosen = np.flatnonzero(np.isin(lines.item, np.flatnonzero([label in items for label in labels])))
    rows = lines.row[chosen]
    texts = (table.text(name)[rows] for name in ("item", "customer", "due", "kind", "location", "reference"))
    figures = zip(
        lines.waiting_cost[chosen].tolist(),
        lines.shortage_cost[chosen].tolist(),
        (lines.first[chosen] * instance.calendar.periods + lines.last[chosen]).tolist(),
        strict=True,
    )
    return dict(zip(zip(*texts, strict=True), figures, strict=True))


def _leads(instance: Instance) -> dict[tuple[str, str], int]:
    """Periods from a location to a customer's door, where not none."""
    lanes = instance.tables.get("lanes")
    if lanes is None or not len(lanes):
        return {}
    return {
        (location, customer): int(lead)
        for location, customer, lead in zip(lanes["location"], lanes["customer"], lanes["lead_time"], strict=True)
    }


def _ratios(instance: Instance) -> dict[tuple[str, str, str], float]:
    """Units that leave the stock for one asked for, by item, substitute and customer (empty: all)."""
    rows = instance.tables.get("substitutes")
    if rows is None:
        return {}
    return dict(zip(zip(rows["item"], rows["substitute"], rows["customer"], strict=True), rows["ratio"], strict=True))
