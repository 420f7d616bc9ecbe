"""The contract read a second time: text tables to exact numbers, with every default applied.

Shares nothing with the engine, so that a misreading there shows as a different optimum here. All numbers are fractions.
What the contract leaves open is decided here as follows.

- Which sourcing row is in force is decided period by period: a location's own row where one holds, else the row for
  all.
- Where two dated rows meet in a period and neither holds on its first day, the earlier one is in force.
- A share of a row for all locations counts the item's orders at every location, those on a location's own row too.
- `quantity_step` is whole in every order period; `whole_packs` loosens `multiple` only.
- "The item's lines", whose waiting cost caps the default `safety_stock_cost`, are those that are planned: not the
  dropped ones, nor those that ask for nothing.
- An item that nobody sells has the price 0 and the ending value 0 where none is given.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from tests.reference.periods import DAYS_PER_PERIOD, PERIODS_PER_YEAR, Calendar, parse_date

Tables = Mapping[str, Mapping[str, Sequence[str]]]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Offer:
    """An order line that may be placed: item, supplier and location in one order period."""

    item: str
    supplier: str
    location: str
    period: int
    arrival: int
    unit_cost: Fraction
    order_cost: Fraction
    minimum: Fraction
    multiple: Fraction | None
    step: Fraction | None
    maximum: Fraction | None
    capacity_use: Fraction
    capacity_setup: Fraction

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Item, supplier, location, order period."""
        return self.item, self.supplier, self.location, self.period


@dataclass(frozen=True)
class Share:
    """Limits on a supplier's share of what is newly ordered of an item, at one location or (empty) over all."""

    item: str
    supplier: str
    location: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Terms:
    """What a supplier asks per period; by period what it can make: capacity, overtime, the cost of overtime."""

    order_cost: Fraction = ZERO
    minimum_value: Fraction = ZERO
    maximum_value: Fraction | None = None
    capacity: Mapping[int, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A demand line that is planned: costs are weighted, `first` and `last` are its window, `due` its true period."""

    key: tuple[str, str, str, str, str, str]
    due: int
    first: int
    last: int
    quantity: Fraction
    waiting_cost: Fraction
    shortage_cost: Fraction
    step: Fraction | None
    locations: tuple[str, ...]

    @property
    def item(self) -> str:
        """The item asked for."""
        return self.key[0]

    @property
    def customer(self) -> str:
        """Who asks for it."""
        return self.key[1]


@dataclass(frozen=True)
class Stock:
    """An item at a location: what is there, what is on its way, and what it costs to have it or to lack it."""

    opening: Fraction
    receipts: Mapping[int, Fraction]
    holding_cost: Fraction
    safety_stock: Fraction
    safety_stock_cost: Fraction
    maximum: Fraction | None
    overstock_cost: Fraction
    ending_value: Fraction


@dataclass(frozen=True)
class Contract:
    """An instance in exact numbers."""

    name: str
    calendar: Calendar
    frozen: int
    whole_packs: int
    items: tuple[str, ...]
    locations: tuple[str, ...]
    offers: tuple[Offer, ...]
    shares: tuple[Share, ...]
    terms: Mapping[str, Terms]
    lines: tuple[Line, ...]
    stocks: Mapping[tuple[str, str], Stock]

    @property
    def periods(self) -> int:
        """Number of periods of the horizon."""
        return self.calendar.periods


def rows_of(tables: Tables, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, as column → text; none where the table is absent."""
    table = tables.get(name, {})
    length = max((len(cells) for cells in table.values()), default=0)
    for position in range(length):
        yield {column: cells[position] for column, cells in table.items()}


def number(row: Mapping[str, str], column: str, default: Fraction | None = None) -> Fraction | None:
    """The cell as an exact number, or the default where it is empty or absent."""
    text = row.get(column, "")
    return default if text == "" else Fraction(text)


def amount(row: Mapping[str, str], column: str, default: Fraction = ZERO) -> Fraction:
    """The cell as an exact number; the default where it is empty or absent."""
    text = row.get(column, "")
    return default if text == "" else Fraction(text)


def read_contract(tables: Tables, settings: Mapping[str, Any], due_as_written: Sequence[str] | None = None) -> Contract:
    """Applies the contract to text tables and settings.

    Args:
        tables: the instance as text tables.
        settings: `instance.toml` as `tomllib` gives it.
        due_as_written: the cells of `demand.due` as the user wrote them, by which a plan names its demand lines.

    Raises:
        KeyError: where a row names an item or a location that no table knows.
        ValueError: where a sourcing row has no lead time.
    """
    return _Reading(tables, settings, due_as_written).contract()


class _Reading:
    """One reading of an instance; the methods are in the order in which the figures depend on each other."""

    def __init__(self, tables: Tables, settings: Mapping[str, Any], due_as_written: Sequence[str] | None) -> None:
        self.tables, self.settings = tables, settings
        self.due_as_written = due_as_written or list(tables.get("demand", {}).get("due", ()))
        horizon, self.rates = settings.get("horizon", {}), settings.get("costs", {})
        self.calendar = Calendar.starting(
            parse_date(settings["start"]), settings.get("period", "week"), int(settings["periods"])
        )
        self.periods = self.calendar.periods
        self.frozen = int(horizon.get("frozen", 0))
        self.whole_packs = int(horizon.get("whole_packs", self.periods))
        self.overdue_arrival = int(horizon.get("overdue_arrival", 1))
        self.items = {row["item"]: row for row in rows_of(tables, "items")}
        self.weights = {row["customer"]: amount(row, "weight", Fraction(1)) for row in rows_of(tables, "customers")}
        self.lowest: dict[str, Fraction] = {}
        for row in rows_of(tables, "sourcing"):
            cost = Fraction(row["unit_cost"])
            self.lowest[row["item"]] = min(cost, self.lowest.get(row["item"], cost))
        named = [row["location"] for row in rows_of(tables, "locations")] or [
            row["location"] for name in ("inventory", "open_orders") for row in rows_of(tables, name)
        ]
        self.locations = tuple(dict.fromkeys(named)) or ("main",)

    def contract(self) -> Contract:
        lines = tuple(self._lines())
        return Contract(
            str(self.settings.get("name", "instance")), self.calendar, self.frozen, self.whole_packs,
            tuple(self.items), self.locations, tuple(self._offers()), tuple(self._shares()), self._terms(),
            lines, self._stocks(lines),
        )  # fmt: skip

    def _rate(self, name: str, default: str) -> Fraction:
        return Fraction(str(self.rates.get(name, default)))

    def _price(self, item: str) -> Fraction:
        return amount(self.items[item], "price", self.lowest.get(item, ZERO))

    def _holding_cost(self, item: str) -> Fraction:
        a_period = self._rate("holding_rate", "0.25") / PERIODS_PER_YEAR[self.calendar.unit]
        return amount(self.items[item], "holding_cost", self._price(item) * a_period)

    def _offers(self) -> Iterator[Offer]:
        rows: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
        for row in rows_of(self.tables, "sourcing"):
            rows[row["item"], row["supplier"], row.get("location", "")].append(row)
        pairs = dict.fromkeys((item, supplier) for item, supplier, _ in rows)
        for item, supplier in pairs:
            for location in self.locations:
                for period in range(self.frozen, self.periods):
                    own = self._in_force(rows[item, supplier, location], period)
                    held = own or self._in_force(rows[item, supplier, ""], period)
                    if held and period + self._lead_time(held) < self.periods:
                        yield self._offer(held, location, period)

    def _in_force(self, rows: list[dict[str, str]], period: int) -> dict[str, str] | None:
        def first(row: dict[str, str]) -> date:
            return parse_date(row["valid_from"]) if row.get("valid_from") else date.min

        def last(row: dict[str, str]) -> date:
            return parse_date(row["valid_to"]) if row.get("valid_to") else date.max

        opens, closes = self.calendar.first_day(period), self.calendar.last_day(period)
        holding = sorted((row for row in rows if first(row) <= closes and last(row) >= opens), key=first)
        on_first_day = [row for row in holding if first(row) <= opens]
        return next(iter(on_first_day or holding), None)

    def _lead_time(self, row: Mapping[str, str]) -> int:
        if row.get("lead_time"):
            return int(Fraction(row["lead_time"]))
        if row.get("lead_time_days"):
            return ceil(Fraction(row["lead_time_days"]) / DAYS_PER_PERIOD[self.calendar.unit])
        raise ValueError(f"no lead time: {row['item']} from {row['supplier']}")

    def _offer(self, row: Mapping[str, str], location: str, period: int) -> Offer:
        return Offer(
            item=row["item"],
            supplier=row["supplier"],
            location=location,
            period=period,
            arrival=period + self._lead_time(row),
            unit_cost=Fraction(row["unit_cost"]),
            order_cost=amount(row, "order_cost"),
            minimum=amount(row, "minimum_quantity"),
            multiple=number(row, "multiple") if period < self.whole_packs else None,
            step=number(self.items[row["item"]], "quantity_step"),
            maximum=number(row, "maximum_quantity"),
            capacity_use=amount(row, "capacity_use", Fraction(1)),
            capacity_setup=amount(row, "capacity_setup"),
        )

    def _shares(self) -> Iterator[Share]:
        shares = {
            Share(
                row["item"], row["supplier"], row.get("location", ""),
                amount(row, "share_min"), amount(row, "share_max", Fraction(1)),
            ): None
            for row in rows_of(self.tables, "sourcing")
        }  # fmt: skip
        yield from (share for share in shares if share.low > 0 or share.high < 1)

    def _terms(self) -> dict[str, Terms]:
        capacity: dict[str, dict[int, tuple[Fraction, Fraction, Fraction]]] = defaultdict(dict)
        for row in rows_of(self.tables, "supplier_capacity"):
            period = self.calendar.period(parse_date(row["period"]))
            if 0 <= period < self.periods and row.get("capacity", ""):
                capacity[row["supplier"]][period] = (
                    Fraction(row["capacity"]), amount(row, "overtime_capacity"), amount(row, "overtime_cost"),
                )  # fmt: skip
        return {
            row["supplier"]: Terms(
                amount(row, "order_cost"), amount(row, "minimum_order_value"),
                number(row, "maximum_order_value"), capacity[row["supplier"]],
            )
            for row in rows_of(self.tables, "suppliers")
        }  # fmt: skip

    def _lines(self) -> Iterator[Line]:
        for row, written in zip(rows_of(self.tables, "demand"), self.due_as_written, strict=True):
            item, price = self.items[row["item"]], self._price(row["item"])
            due, kind = self.calendar.period(parse_date(row["due"])), row.get("kind") or "order"
            quantity = amount(row, "quantity")
            if quantity == 0 or due >= self.periods or (due < 0 and kind == "forecast"):
                continue
            weight = self.weights.get(row["customer"], Fraction(1))
            delay = number(row, "max_delay", number(item, "max_delay"))
            first, end = max(due, 0), self.periods - 1
            waiting = amount(item, "backorder_cost", price * self._rate("backorder_rate", "0.05"))
            lost = amount(item, "shortage_cost", price * self._rate("shortage_rate", "2"))
            place = row.get("location", "")
            if place and place not in self.locations:
                raise KeyError(place)
            yield Line(
                key=(row["item"], row["customer"], written, kind, place, row.get("reference", "")),
                due=due,
                first=first,
                last=end if delay is None else min(end, first + int(delay)),
                quantity=quantity,
                waiting_cost=weight * amount(row, "backorder_cost", waiting),
                shortage_cost=weight * amount(row, "shortage_cost", lost),
                step=number(item, "quantity_step"),
                locations=(place,) if place else self.locations,
            )

    def _stocks(self, lines: Sequence[Line]) -> dict[tuple[str, str], Stock]:
        receipts: dict[tuple[str, str], dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for row in rows_of(self.tables, "open_orders"):
            arrival = self.calendar.period(parse_date(row["arrival"]))
            arrival = self.overdue_arrival if arrival < 0 else arrival
            if arrival < self.periods:
                receipts[row["item"], row["location"]][arrival] += amount(row, "quantity")
        inventory = {(row["item"], row["location"]): row for row in rows_of(self.tables, "inventory")}
        lines_of: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            lines_of[line.item].append(line)
        return {
            (item, place): self._stock(item, inventory.get((item, place), {}), receipts[item, place], lines_of[item])
            for item in self.items
            for place in self.locations
        }

    def _stock(
        self, item: str, row: Mapping[str, str], receipts: Mapping[int, Fraction], lines: Sequence[Line]
    ) -> Stock:
        holding = self._holding_cost(item)
        return Stock(
            opening=max(amount(row, "on_hand"), ZERO),
            receipts=dict(receipts),
            holding_cost=holding,
            safety_stock=amount(row, "safety_stock"),
            safety_stock_cost=amount(
                row, "safety_stock_cost", min([4 * holding, *(line.waiting_cost for line in lines)])
            ),
            maximum=number(row, "maximum"),
            overstock_cost=amount(row, "overstock_cost", 4 * holding),
            ending_value=amount(self.items[item], "ending_value", self.lowest.get(item, ZERO)),
        )
