"""Pegging: which receipt covers which demand line, first in first out, over the plan's own tables.

A receipt is the opening stock, an open order, or an order of the plan; what moves between locations keeps where it came
from. Within a period receipts come first, then deliveries, transfers and losses take the oldest of what is there. What
nobody takes is ending stock. Quantities are decimals as they were published, and nothing is lost or made on the way:
what goes in of an item comes out.

The plan knows no such assignment: it decides stocks. First in first out is the customary way to tell it.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from models.open_orders import arriving, expected_periods
from models.ways import lanes
from optimizer.explain.point import Point
from optimizer.explain.standing import demand_rows
from optimizer.explain.unexplained import Unexplained

NOISE = Decimal("0.000001")  # what rounding to the nine decimals of the files may leave
NOTHING = Decimal(0)
Row = dict[str, Any]


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
    """Where stock went: `delivery`, `lost` or `ending stock`; row of the demand table, else -1; when it left."""

    kind: str
    row: int
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


def pegging(point: Point, tables: Mapping[str, pd.DataFrame], items: Sequence[str]) -> list[Peg]:
    """The pegs of some items.

    Args:
        point: the plan; its book knows how long deliveries are on the way.
        tables: of the published plan.
        items: ids.

    Raises:
        Unexplained: the tables do not add up.
    """
    return [peg for item in items for peg in _Item(point, tables, item).pegs()]


class _Item:
    """The stock of one item, lot by lot."""

    def __init__(self, point: Point, tables: Mapping[str, pd.DataFrame], item: str) -> None:
        self._days, self._item = point.days, item
        self._lots: dict[str, deque[Lot]] = defaultdict(deque)
        self._pegs: list[Peg] = []
        self._stock = _rows(tables["inventory"], item)
        self._orders = _rows(tables["purchase_orders"], item)
        self._moves = _rows(tables["transfers"], item)
        self._earlier = _open_orders(point.instance, item)
        self._leaves = _deliveries(point, tables["allocations"], item)
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
            for receipt, quantity in self._lots[place]:
                self._pegs.append(Peg(self._item, place, receipt, Use("ending stock", -1, ""), quantity))
        return self._pegs

    def _in_order(self, places: list[str], day: str) -> list[str]:
        """Locations, those that send to others in the same period before these."""
        same = [move for move in self._moves if move["period"] == move["arrival_period"] == day]
        after: dict[str, set[str]] = {place: set() for place in places}
        for move in same:
            after.setdefault(move["to_location"], set()).add(move["from_location"])
        try:
            return [place for place in TopologicalSorter(after).static_order() if place in places]
        except CycleError:
            raise Unexplained(f"{self._item} moves in a circle in {day}: that cannot be followed.") from None

    def _receive(self, place: str, day: str, row: Row) -> None:
        for receipt, quantity in self._on_the_way.pop((place, day), []):
            self._add(place, receipt, quantity)
        rest = decimal(row["receipts"])
        for order in self._orders:
            if (order["location"], order["arrival_period"]) == (place, day):
                quantity = decimal(order["quantity"])
                rest -= quantity
                self._add(place, Receipt("order", (order["supplier"], place, order["order_period"]), day), quantity)
        if rest > NOISE:
            named = self._earlier.get((place, day), [])
            if abs(sum((quantity for _, quantity in named), NOTHING) - rest) > NOISE:
                named = [((), rest)]  # they were changed, or something else arrived with them
            for names, quantity in named:
                self._add(place, Receipt("open order", names, day), quantity)

    def _issue(self, place: str, day: str, row: Row) -> None:
        gone = NOTHING
        for demand, quantity in self._leaves.get((place, day), []):
            for receipt, part in self._taken(place, quantity):
                self._pegs.append(Peg(self._item, place, receipt, Use("delivery", demand, day), part))
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
                self._pegs.append(Peg(self._item, place, receipt, Use("lost", -1, day), part))
        elif lost < -NOISE:
            raise Unexplained(f"the plan's tables do not add up for {self._item} at {place} in {day}.")

    def _add(self, place: str, receipt: Receipt, quantity: Decimal) -> None:
        if quantity > 0:
            self._lots[place].append((receipt, quantity))

    def _taken(self, place: str, quantity: Decimal) -> list[Lot]:
        """The oldest of what is there."""
        found: list[Lot] = []
        lots = self._lots[place]
        while quantity > 0 and lots:
            receipt, there = lots.popleft()
            part = min(there, quantity)
            found.append((receipt, part))
            quantity -= part
            if part < there:
                lots.appendleft((receipt, there - part))
        if quantity > NOISE:
            raise Unexplained(f"the plan's tables do not add up for {self._item} at {place}: {quantity} are missing.")
        return found


def decimal(value: object) -> Decimal:
    """A number as its shortest text says it, which is what the files have."""
    return Decimal(repr(float(str(value))))


def _rows(table: pd.DataFrame, item: str) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in table[table["item"] == item].to_dict("records")]


def _open_orders(instance: Instance, item: str) -> dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]]:
    """Orders placed earlier by location and the period in which they arrive."""
    rows, expected = instance["open_orders"], expected_periods(instance)
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], Decimal]]] = defaultdict(list)
    for k in arriving(instance).tolist():
        if rows["item"][k] == item:
            names = tuple(str(rows[name][k]) for name in ("supplier", "order", "line"))
            day = instance.calendar.first_day(int(expected[k]))
            found[str(rows["location"][k]), day].append((names, decimal(rows["quantity"][k])))
    return found


def _deliveries(point: Point, allocations: pd.DataFrame, item: str) -> dict[tuple[str, str], list[tuple[int, Decimal]]]:
    """What leaves for demand lines, by location and the period in which it leaves: the line due first goes first."""
    instance = point.instance
    given = allocations["delivered_item"].to_numpy()
    rows = allocations[((allocations["item"] == item) & (given == "")) | (given == item)]
    line = demand_rows(instance, rows)
    customer = instance.codes("demand", "customer")[line]
    location = pd.Index(instance.labels["location"]).get_indexer(pd.Index(rows["location"])).astype(np.int64)
    way, _ = lanes(point.book, customer, location)
    period = instance.calendar.index(rows["delivery_period"].to_numpy().astype("datetime64[D]")) - way
    found: dict[tuple[str, str], list[tuple[int, Decimal]]] = defaultdict(list)
    due = instance["demand"]["due"][line]
    for k in np.lexsort((line, due)).tolist():
        row = rows.iloc[k]
        each = _ratio(instance, str(row["item"]), item, str(row["customer"]))
        leaves = str(row["location"]), point.days[int(period[k])]
        found[leaves].append((int(line[k]), decimal(row["quantity"]) * each))
    return found


def _ratio(instance: Instance, asked: str, given: str, customer: str) -> Decimal:
    """Units delivered for a unit asked."""
    rows = instance["substitutes"] if asked != given else None
    best = Decimal(1)
    if rows is not None:
        fits = (rows["item"] == asked) & (rows["substitute"] == given) & np.isin(rows["customer"], ("", customer))
        for k in np.flatnonzero(fits):
            best = decimal(rows["ratio"][k])
            if rows["customer"][k]:
                break
    return best
