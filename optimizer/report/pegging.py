"""Pegging: which receipt covers which demand line, first in first out, over a plan's own tables.

A receipt is the opening stock, an open order, or an order of the plan; what moves between locations keeps where it came
from. Within a period receipts come first, then deliveries, transfers and losses take the oldest of what is there. What
nobody takes is ending stock. Quantities are decimals as they were published, and nothing is lost or made on the way:
what goes in of an item comes out.

The plan knows no such assignment: it decides stocks. First in first out is the customary way to tell it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from models.open_orders import arriving, expected_periods
from models.tables import date, quantity, text

NOISE = Decimal("0.000001")  # what rounding to the nine decimals of the files may leave
NOTHING = Decimal(0)
LINE = ("item", "customer", "due", "kind", "demand_location", "reference")  # what names a demand line
COLUMNS = (
    text("item", "The item that is delivered."),
    text("location", "Where it is delivered from, or lies."),
    text("receipt", "Where it came from: opening stock, an open order (placed earlier), an order (of this plan)."),
    text("supplier", "From whom the receipt is; empty for opening stock."),
    text("order", "Number and line of an open order."),
    date("ordered", "The period in which an order of this plan is placed."),
    date("arrival", "The period in which it arrives; empty: it is there."),
    text("use", "Where it goes: a delivery, ending stock, lost."),
    text("customer", "Who gets it."),
    date("due", "When it was due."),
    text("kind", "Of the demand line: order or forecast."),
    text("reference", "Of the demand line."),
    date("period", "The period in which it leaves; empty: it stays."),
    quantity("quantity", "How much of the receipt goes there."),
)
Row = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]


class Unfollowed(ValueError):
    """The tables of an item do not add up, or it moves in a circle."""


@dataclass(frozen=True)
class Receipt:
    """Where stock came from.

    Attributes:
        kind: `opening stock`, `open order` or `order`.
        names: supplier, location and order period of an order; supplier, number and line of an open order.
        arrival: first day of the period in which it arrived; "": before the first.
    """

    kind: str
    names: tuple[str, ...]
    arrival: str


@dataclass(frozen=True)
class Use:
    """Where stock went: `delivery`, `lost` or `ending stock`; what names the demand line (`LINE`); when it left."""

    kind: str
    line: tuple[str, ...]
    period: str


@dataclass(frozen=True)
class Peg:
    """So much of a receipt went to a use, at a location."""

    item: str
    location: str
    receipt: Receipt
    use: Use
    quantity: Decimal


Lot = tuple[Receipt, Decimal]


def pegging(tables: Tables, instance: Instance, items: Sequence[str]) -> list[Peg]:
    """The pegs of some items.

    Args:
        tables: result tables by file stem.
        instance: what was planned.
        items: ids.

    Raises:
        Unfollowed: the tables do not add up.
    """
    every = _Rows(tables, instance, items)
    return [peg for item in items for peg in _Item(every, item).pegs()]


def pegged(tables: Tables, instance: Instance) -> pd.DataFrame:
    """The pegs of all items as a table of `COLUMNS`; items that cannot be followed are left out."""
    stock = tables.get("inventory")
    items = [] if stock is None else list(dict.fromkeys(stock["item"].tolist()))
    every, found = _Rows(tables, instance, items), list[Peg]()
    for item in items:
        with suppress(Unfollowed):
            found += _Item(every, item).pegs()
    ours = [peg.receipt.names if peg.receipt.kind == "order" else ("", "", "") for peg in found]
    theirs = [peg.receipt.names if peg.receipt.kind == "open order" else () for peg in found]
    columns: dict[str, Sequence[object]] = {
        "item": [peg.item for peg in found],
        "location": [peg.location for peg in found],
        "receipt": [peg.receipt.kind for peg in found],
        "supplier": [one[0] or (other[0] if other else "") for one, other in zip(ours, theirs, strict=True)],
        "order": [" ".join(name for name in names[1:] if name) for names in theirs],
        "ordered": [names[2] for names in ours],
        "arrival": [peg.receipt.arrival for peg in found],
        "use": [peg.use.kind for peg in found],
        **{
            name: [peg.use.line[LINE.index(name)] if peg.use.line else "" for peg in found]
            for name in ("customer", "due", "kind", "reference")
        },
        "period": [peg.use.period for peg in found],
        "quantity": [float(peg.quantity) for peg in found],
    }
    return pd.DataFrame(columns, columns=[column.name for column in COLUMNS])


def decimal(value: object) -> Decimal:
    """A number as its shortest text says it, which is what the files have."""
    return Decimal(repr(float(str(value))))


class _Rows:
    """What the tables say of each item, and the days of the horizon."""

    def __init__(self, tables: Tables, instance: Instance, items: Iterable[str]) -> None:
        calendar = instance.calendar
        self.days = [calendar.first_day(t) for t in range(calendar.periods)]
        asked = set(items)
        self.stock = _by_item(tables.get("inventory"), asked)
        self.orders = _by_item(tables.get("purchase_orders"), asked)
        self.moves = _by_item(tables.get("transfers"), asked)
        self.earlier = _open_orders(instance, asked)
        self.leaves = _deliveries(instance, tables.get("allocations"), self.days, asked)


class _Item:
    """The stock of one item, lot by lot."""

    def __init__(self, every: _Rows, item: str) -> None:
        self._days, self._item = every.days, item
        self._lots: dict[str, deque[Lot]] = defaultdict(deque)
        self._pegs: list[Peg] = []
        self._stock = every.stock.get(item, [])
        self._moves = every.moves.get(item, [])
        self._earlier = every.earlier.get(item, {})
        self._leaves = every.leaves.get(item, {})
        self._orders: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for order in every.orders.get(item, []):
            self._orders[order["location"], order["arrival_period"]].append(order)
        self._on_the_way: dict[tuple[str, str], list[Lot]] = defaultdict(list)

    def pegs(self) -> list[Peg]:
        """Follow the periods of the horizon."""
        stock = {(row["location"], row["period"]): row for row in self._stock}
        places = sorted({location for location, _ in stock})
        opened: set[str] = set()
        for day in self._days:
            for place in self._in_order(places, day):
                row = stock.get((place, day))
                if row is None:
                    continue
                if place not in opened:
                    opened.add(place)
                    self._add(place, Receipt("opening stock", (), ""), decimal(row["opening"]))
                self._receive(place, day, row)
                self._issue(place, day, row)
        for place in places:
            for receipt, much in self._lots[place]:
                self._pegs.append(Peg(self._item, place, receipt, Use("ending stock", (), ""), much))
        return self._pegs

    def _in_order(self, places: list[str], day: str) -> list[str]:
        """Locations, those that send to others in the same period before these."""
        same = [move for move in self._moves if move["period"] == move["arrival_period"] == day]
        if not same:
            return places
        after: dict[str, set[str]] = {place: set() for place in places}
        for move in same:
            after.setdefault(move["to_location"], set()).add(move["from_location"])
        try:
            return [place for place in TopologicalSorter(after).static_order() if place in places]
        except CycleError:
            raise Unfollowed(f"{self._item} moves in a circle in {day}: that cannot be followed.") from None

    def _receive(self, place: str, day: str, row: Row) -> None:
        for receipt, much in self._on_the_way.pop((place, day), []):
            self._add(place, receipt, much)
        rest = decimal(row["receipts"])
        for order in self._orders.get((place, day), []):
            much = decimal(order["quantity"])
            rest -= much
            self._add(place, Receipt("order", (order["supplier"], place, order["order_period"]), day), much)
        if rest > NOISE:
            named = self._earlier.get((place, day), [])
            if abs(sum((much for _, much in named), NOTHING) - rest) > NOISE:
                named = [((), rest)]  # they were changed, or something else arrived with them
            for names, much in named:
                self._add(place, Receipt("open order", names, day), much)

    def _issue(self, place: str, day: str, row: Row) -> None:
        gone = NOTHING
        for line, much in self._leaves.get((place, day), []):
            for receipt, part in self._taken(place, much):
                self._pegs.append(Peg(self._item, place, receipt, Use("delivery", line, day), part))
                gone += part
        for move in self._moves:
            if (move["from_location"], move["period"]) == (place, day):
                taken = self._taken(place, decimal(move["quantity"]))
                self._on_the_way[move["to_location"], move["arrival_period"]] += taken
                gone += sum((part for _, part in taken), NOTHING)
        come = sum((decimal(row[name]) for name in ("opening", "receipts", "transfers_in")), NOTHING)
        lost = come - decimal(row["on_hand"]) - gone
        if lost > NOISE:
            for receipt, part in self._taken(place, lost):
                self._pegs.append(Peg(self._item, place, receipt, Use("lost", (), day), part))
        elif lost < -NOISE:
            raise Unfollowed(f"the plan's tables do not add up for {self._item} at {place} in {day}.")

    def _add(self, place: str, receipt: Receipt, much: Decimal) -> None:
        if much > 0:
            self._lots[place].append((receipt, much))

    def _taken(self, place: str, much: Decimal) -> list[Lot]:
        """The oldest of what is there."""
        found: list[Lot] = []
        lots = self._lots[place]
        while much > 0 and lots:
            receipt, there = lots.popleft()
            part = min(there, much)
            found.append((receipt, part))
            much -= part
            if part < there:
                lots.appendleft((receipt, there - part))
        if much > NOISE:
            raise Unfollowed(f"the plan's tables do not add up for {self._item} at {place}: {much} are missing.")
        return found


def _by_item(table: pd.DataFrame | None, items: set[str]) -> dict[str, list[Row]]:
    """The rows of each item that is asked about."""
    found: dict[str, list[Row]] = defaultdict(list)
    if table is not None and len(table):
        for row in table[table["item"].isin(items)].to_dict("records"):
            found[row["item"]].append({str(name): value for name, value in row.items()})
    return found


def _open_orders(
    instance: Instance, items: set[str]
) -> dict[str, dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]]]:
    """Orders placed earlier by item, then by location and the period in which they arrive."""
    found: dict[str, dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    if not len(instance.tables.get("open_orders", ())):
        return found
    rows, expected = instance["open_orders"], expected_periods(instance)
    for k in arriving(instance).tolist():
        item = str(rows["item"][k])
        if item in items:
            names = tuple(str(rows[name][k]) for name in ("supplier", "order", "line"))
            day = instance.calendar.first_day(int(expected[k]))
            found[item][str(rows["location"][k]), day].append((names, decimal(rows["quantity"][k])))
    return found


def _deliveries(
    instance: Instance, rows: pd.DataFrame | None, days: Sequence[str], items: set[str]
) -> dict[str, dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]]]:
    """What leaves for demand lines by item, then by location and period; what was due first goes first."""
    found: dict[str, dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    if rows is None or not len(rows):
        return found
    instead = rows["delivered_item"] if "delivered_item" in rows else pd.Series("", index=rows.index)
    given = np.where((instead != "").to_numpy(), instead, rows["item"])
    kept = pd.Series(given, index=rows.index).isin(items).to_numpy()
    rows, given = rows[kept], given[kept]
    way, place = _on_the_way(instance), {day: t for t, day in enumerate(days)}
    period = [place[day] for day in rows["delivery_period"]]
    due = np.array(period) - rows["periods_late"].to_numpy(dtype=float)
    lines = list(zip(*(rows[name].tolist() for name in LINE), strict=True))
    columns = (rows[name].tolist() for name in ("item", "customer", "location", "quantity"))
    every = list(zip(*columns, period, given.tolist(), lines, strict=True))
    for asked, customer, location, much, t, item, line in (every[k] for k in np.argsort(due, kind="stable").tolist()):
        each = decimal(much) if asked == item else decimal(much) * _ratio(instance, asked, item, customer)
        found[item][location, days[t - way.get((location, customer), 0)]].append((line, each))
    return found


def _on_the_way(instance: Instance) -> dict[tuple[str, str], int]:
    """Periods from each location to each customer."""
    rows = instance.tables.get("lanes", {"location": (), "customer": (), "lead_time": ()})
    return {
        (str(location), str(customer)): int(periods)
        for location, customer, periods in zip(rows["location"], rows["customer"], rows["lead_time"], strict=True)
    }


def _ratio(instance: Instance, asked: str, given: str, customer: str) -> Decimal:
    """Units delivered for a unit asked."""
    rows, best = instance["substitutes"], Decimal(1)
    fits = (rows["item"] == asked) & (rows["substitute"] == given) & np.isin(rows["customer"], ("", customer))
    for k in np.flatnonzero(fits):
        best = decimal(rows["ratio"][k])
        if rows["customer"][k]:
            break
    return best
