"""The instance in exact numbers, with every default of the contract.

What the contract leaves open is read so: which sourcing row holds is decided period by period; where several rows of
one key reach into a period and none holds on its first day, the earliest does; "the item's lines", whose waiting cost
caps the default `safety_stock_cost`, are those that are planned; an item that nobody sells has the price 0.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

from optimizer.audit.book.calendar import Calendar, day
from optimizer.audit.book.numbers import ZERO, decimal, setting
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.tables import TableRow, Tables
from optimizer.audit.book.violation import Violation

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of `items`; costs per unit (and period)."""

    price: Fraction
    quantity_step: Fraction | None
    holding_cost: Fraction
    backorder_cost: Fraction
    shortage_cost: Fraction
    max_delay: Fraction | None
    ending_value: Fraction


@dataclass(frozen=True, slots=True)
class Supplier:
    """A row of `suppliers`."""

    order_cost: Fraction
    minimum_order_value: Fraction
    maximum_order_value: Fraction | None


@dataclass(frozen=True, slots=True)
class Source:
    """A row of `sourcing`, and the first and last period it holds in (days beyond the horizon included)."""

    valid_from: date
    valid_to: date
    first: int
    last: int
    unit_cost: Fraction
    lead_time: int
    order_cost: Fraction
    minimum_quantity: Fraction
    multiple: Fraction | None
    maximum_quantity: Fraction | None
    capacity_use: Fraction
    capacity_setup: Fraction
    share_min: Fraction
    share_max: Fraction


@dataclass(frozen=True, slots=True)
class Stock:
    """A row of `inventory`; costs per unit and period."""

    on_hand: Fraction
    safety_stock: Fraction
    safety_stock_cost: Fraction
    maximum: Fraction | None
    overstock_cost: Fraction


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A row of `open_orders` that arrives within the horizon."""

    item: str
    location: str
    period: int
    quantity: Fraction


class Line(NamedTuple):
    """A demand line that is planned: weighted costs, its true period `due`, its window from `first` to `last`."""

    key: LineKey
    quantity: Fraction
    backorder_cost: Fraction
    shortage_cost: Fraction
    due: int
    first: int
    last: int

    @property
    def item(self) -> str:
        """Item that is asked for."""
        return self.key[0]

    @property
    def customer(self) -> str:
        """Who asks."""
        return self.key[1]

    @property
    def location(self) -> str:
        """Where it must be delivered from; empty for anywhere."""
        return self.key[4]


class Instance:
    """What was planned."""

    def __init__(self, tables: Tables, settings: Mapping[str, Any]) -> None:
        self.tables = tables
        self.settings = settings
        self.calendar = Calendar(settings)
        self.source = cache(self._source)
        self.item = cache(self._item)

    @property
    def faults(self) -> list[Violation]:
        """What could not be read of the tables so far."""
        return self.tables.faults

    def number(self, section: str, name: str, default: str) -> Fraction:
        """A number of `instance.toml`."""
        return setting(self.settings.get(section, {}).get(name, default))

    def periods(self, name: str, default: int) -> int:
        """A number of periods of its section `[horizon]`."""
        return int(self.number("horizon", name, str(default)))

    @cached_property
    def locations(self) -> list[str]:
        """The table's, or else those named in `inventory` and `open_orders`, or else `main`."""
        listed = [row.text("location") for row in self.tables.rows("locations")]
        if not listed:
            named = [row.text("location") for name in ("inventory", "open_orders") for row in self.tables.rows(name)]
            listed = list(dict.fromkeys(location for location in named if location))
        return listed or ["main"]

    def _location(self, row: TableRow) -> str:
        return row.text("location") or (self.locations[0] if len(self.locations) == 1 else "")

    @cached_property
    def _item_rows(self) -> dict[str, TableRow]:
        return {row.text("item"): row for row in self.tables.rows("items")}

    @cached_property
    def _lowest_unit_costs(self) -> dict[str, Fraction]:
        lowest: dict[str, Fraction] = {}
        for row in (*self.tables.rows("sourcing"), *self.tables.rows("price_breaks")):
            cost, item = row.number("unit_cost"), row.text("item")
            lowest[item] = min(cost, lowest.get(item, cost))
        return lowest

    @cached_property
    def _least_costs(self) -> dict[str, Fraction]:
        """Least that a unit can cost, with the best discount on whole orders."""
        most: dict[str, Fraction] = {}
        for row in self.tables.rows("order_discounts"):
            supplier = row.text("supplier")
            most[supplier] = max(row.number("discount"), most.get(supplier, ZERO))
        if not most:
            return self._lowest_unit_costs
        least: dict[str, Fraction] = {}
        for row in (*self.tables.rows("sourcing"), *self.tables.rows("price_breaks")):
            cost, item = row.number("unit_cost") * (1 - most.get(row.text("supplier"), ZERO)), row.text("item")
            least[item] = min(cost, least.get(item, cost))
        return least

    def _item(self, item: str) -> Item:
        row = self._item_rows.get(item) or TableRow("items", 0, {}, {}, self.faults)
        lowest = self._lowest_unit_costs.get(item, ZERO)
        price = row.number("price", lowest)
        holding_rate = self.number("costs", "holding_rate", "0.25")
        return Item(
            price=price,
            quantity_step=row.number_or_none("quantity_step") or None,
            holding_cost=row.number("holding_cost", price * holding_rate / self.calendar.a_year),
            backorder_cost=row.number("backorder_cost", price * self.number("costs", "backorder_rate", "0.05")),
            shortage_cost=row.number("shortage_cost", price * self.number("costs", "shortage_rate", "2.0")),
            max_delay=row.number_or_none("max_delay"),
            ending_value=row.number("ending_value", self._least_costs.get(item, ZERO)),
        )

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        """Terms by supplier; one that the table lacks has none."""
        return {
            row.text("supplier"): Supplier(
                row.number("order_cost"), row.number("minimum_order_value"), row.number_or_none("maximum_order_value")
            )
            for row in self.tables.rows("suppliers")
        }

    @cached_property
    def weights(self) -> dict[str, Fraction]:
        """Weight by customer; one that the table lacks has weight 1."""
        return {row.text("customer"): row.number("weight", ONE) for row in self.tables.rows("customers")}

    @cached_property
    def sources(self) -> dict[tuple[str, str, str], list[Source]]:
        """Rows of `sourcing` by item, supplier and location (empty: all), the earliest first."""
        sources = defaultdict(list)
        for row in self.tables.rows("sourcing"):
            sources[row.text("item"), row.text("supplier"), row.text("location")].append(self._read_source(row))
        return {key: sorted(rows, key=lambda source: source.valid_from) for key, rows in sources.items()}

    def _read_source(self, row: TableRow) -> Source:
        valid_from, valid_to = row.day("valid_from") or date.min, row.day("valid_to") or date.max
        days = self.calendar.lead_time(row.number("lead_time_days"))
        return Source(
            valid_from,
            valid_to,
            self.calendar.index(valid_from),
            self.calendar.index(valid_to),
            row.number("unit_cost"),
            int(row.number("lead_time", Fraction(days))),
            row.number("order_cost"),
            row.number("minimum_quantity"),
            row.number_or_none("multiple") or None,
            row.number_or_none("maximum_quantity"),
            row.number("capacity_use", ONE),
            row.number("capacity_setup"),
            row.number("share_min"),
            row.number("share_max", ONE),
        )

    def _source(self, item: str, supplier: str, location: str, t: int) -> Source | None:
        """The row that an order placed in `t` is bought by: the location's own before the one for all."""
        first_day = self.calendar.first_days[t]
        for place in (location, ""):
            rows = [row for row in self.sources.get((item, supplier, place), ()) if row.first <= t <= row.last]
            for row in [row for row in rows if row.valid_from <= first_day <= row.valid_to] + rows:
                return row
        return None

    @cached_property
    def stocks(self) -> dict[tuple[str, str], Stock]:
        """Rows of `inventory` by item and location."""
        stocks: dict[tuple[str, str], Stock] = {}
        for row in self.tables.rows("inventory"):
            key = row.text("item"), self._location(row)
            if key in stocks:
                row.fault("a second row for one item and location")
            stocks[key] = self._read_stock(row, key[0])
        return stocks

    def _read_stock(self, row: TableRow, item: str) -> Stock:
        four_times = 4 * self.item(item).holding_cost
        return Stock(
            on_hand=max(row.number("on_hand"), ZERO),
            safety_stock=row.number("safety_stock"),
            safety_stock_cost=row.number(
                "safety_stock_cost", min(four_times, self._lowest_waiting_costs.get(item, four_times))
            ),
            maximum=row.number_or_none("maximum"),
            overstock_cost=row.number("overstock_cost", four_times),
        )

    @cached_property
    def _lowest_waiting_costs(self) -> dict[str, Fraction]:
        lowest: dict[str, Fraction] = {}
        for line in self.lines.values():
            lowest[line.item] = min(line.backorder_cost, lowest.get(line.item, line.backorder_cost))
        return lowest

    @cached_property
    def open_orders(self) -> list[OpenOrder]:
        """Open orders that arrive within the horizon; the overdue ones when they are expected."""
        orders = []
        for row in self.tables.rows("open_orders"):
            arrival = row.day("arrival")
            period = 0 if arrival is None else self.calendar.index(arrival)
            period = self.periods("overdue_arrival", 1) if period < 0 else period
            if period < self.calendar.periods:
                orders.append(OpenOrder(row.text("item"), self._location(row), period, row.number("quantity")))
        return orders

    @cached_property
    def lines(self) -> dict[LineKey, Line]:
        """Demand lines that are planned: something is asked for, within the horizon, and no forecast is past."""
        lines: dict[LineKey, Line] = {}
        for k, line in enumerate(self._demand()):
            if line.key in lines:
                self.tables.row("demand", k).fault("a second row with one key")
            past_forecast = line.due < 0 and line.key[3] == "forecast"
            if line.quantity.numerator > 0 and line.due < self.calendar.periods and not past_forecast:
                lines[line.key] = line
        return lines

    def plan_lines(self, changed: Iterable[Line]) -> None:
        """Put planned lines in place of those that the table has; one that asks for nothing is not planned."""
        for line in changed:
            self.lines[line.key] = line
            if line.quantity <= 0:
                del self.lines[line.key]

    def _demand(self) -> Iterator[Line]:
        """Every row of `demand` as a line. There are very many: what one text means is found once for each text."""
        tables, last, weights = self.tables, self.calendar.periods - 1, self.weights
        numbers, periods = _Meanings(decimal), _Meanings(lambda text: self.calendar.index(day(text)))
        keys = tables.columns("demand", "item", "customer", "kind", "location", "reference")
        figures = tables.columns("demand", "due", "quantity", "backorder_cost", "shortage_cost", "max_delay")
        rows = zip(tables.as_written("demand", "due"), *keys, *figures, strict=True)
        for k, row in enumerate(rows):
            written, name, customer, kind, location, reference, due, asked, waiting, lost, delay = row
            key = name, customer, written, kind or "order", location, reference
            item, weight = self.item(name), weights.get(customer, ONE)
            try:
                period = periods[due]
                quantity = numbers[asked] if asked else ZERO
                backorder_cost = numbers[waiting] if waiting else item.backorder_cost
                shortage_cost = numbers[lost] if lost else item.shortage_cost
                most = numbers[delay] if delay else item.max_delay
            except ValueError:  # told of the row
                yield self._read_line(tables.row("demand", k), key)
                continue
            first = max(period, 0)
            window = last if most is None else min(last, first + int(most))
            costs = _weighted(weight, backorder_cost), _weighted(weight, shortage_cost)
            yield Line(key, quantity, *costs, period, first, window)

    def _read_line(self, row: TableRow, key: LineKey) -> Line:
        item, weight = self.item(key[0]), self.weights.get(key[1], ONE)
        due = self.calendar.index(row.day("due") or date.max)
        first, last = max(due, 0), self.calendar.periods - 1
        max_delay = row.number_or_none("max_delay")
        max_delay = item.max_delay if max_delay is None else max_delay
        return Line(
            key,
            row.number("quantity"),
            _weighted(weight, row.number("backorder_cost", item.backorder_cost)),
            _weighted(weight, row.number("shortage_cost", item.shortage_cost)),
            due,
            first,
            last if max_delay is None else min(last, first + int(max_delay)),
        )


class _Meanings(dict[str, Any]):
    """What texts mean: each is read once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        self[text] = meaning = self._read(text)
        return meaning


def _weighted(weight: Fraction, cost: Fraction) -> Fraction:
    return cost if weight is ONE or weight == 1 else weight * cost
