"""The book: what every concept of the audit reads, and the two ledgers in which they meet.

`flows` are quantities into and out of stock by column of `inventory.csv`; `charges` are amounts by account and key.
Each is the sum of what the concepts say, so that none of them needs to know another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from optimizer.audit.book.calendar import Calendar
from optimizer.audit.book.instance import Instance, Line, Source
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, total
from optimizer.audit.book.plan import Allocation, LineKey, Order, Plan, StockRow
from optimizer.audit.book.tables import Tables
from optimizer.audit.book.violation import Violation

StockKey = tuple[str, str, int]
ChargeKey = tuple[str, str, str, str, str, str]


class Flow(NamedTuple):
    """A quantity that moves in a period; `column` is that of `inventory.csv` in which it counts."""

    column: str
    item: str
    location: str
    period: int
    quantity: Fraction


class Charge(NamedTuple):
    """An amount on an account; `rate` is the price of a unit where the quantity is a difference of quantities.

    An amount of no period is one of the whole horizon.
    """

    account: str
    amount: Fraction
    period: int | None = None
    item: str = ""
    supplier: str = ""
    customer: str = ""
    location: str = ""
    rate: Fraction = ZERO


@dataclass(slots=True)
class Total:
    """What an account should hold for one key: the sum of its charges, and the sum of their rates."""

    amount: Fraction = ZERO
    rates: Fraction = ZERO

    @property
    def slack(self) -> Fraction:
        """How far the amount may be off because quantities may be."""
        return self.rates * QUANTITY_ABSOLUTE


class Service(NamedTuple):
    """How a demand line fares: delivered in all, of that late, when last (None: never), and never delivered."""

    delivered: Fraction
    late: Fraction
    last: int | None
    short: Fraction


class Book:
    """An instance and a plan of it, in exact numbers."""

    def __init__(self, tables: Tables, settings: Mapping[str, Any], folder: Path) -> None:
        self.instance = Instance(tables, settings)
        self.plan = Plan(folder, self.instance.calendar)
        self.flows: dict[str, dict[StockKey, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        self.charges: dict[ChargeKey, Total] = {}
        self.accounts: set[str] = set()
        self.pricings: list[Callable[[Book, Order], Fraction | None]] = []
        self.delays: list[Callable[[Book, str, int, int], int]] = []

    @property
    def calendar(self) -> Calendar:
        """The horizon."""
        return self.instance.calendar

    @property
    def faults(self) -> list[Violation]:
        """What could not be read of the instance and the plan so far."""
        return [*self.instance.faults, *self.plan.faults]

    def move(self, flows: Iterable[Flow]) -> None:
        """Add to the flows."""
        for column, item, location, period, quantity in flows:
            moved, key = self.flows[column], (item, location, period)
            before = moved.get(key)
            moved[key] = quantity if before is None else before + quantity

    def charge(self, accounts: Iterable[str], charges: Iterable[Charge]) -> None:
        """Add to the charges; the accounts exist from now on."""
        self.accounts.update(accounts)
        name = self.calendar.name
        for account, amount, period, item, supplier, customer, location, rate in charges:
            key = account, item, supplier, customer, location, "" if period is None else name(period)
            before = self.charges.get(key)
            if before is None:
                self.charges[key] = Total(amount, rate)
            else:
                before.amount += amount
                before.rates += rate

    def source(self, order: Order) -> Source | None:
        """The sourcing row by which an order is placed, None if there is none."""
        return self.instance.source(order.item, order.supplier, order.location, order.order_period)

    def arrival(self, supplier: str, t: int, lead_time: int) -> int:
        """The period in which what is ordered in `t` arrives."""
        return max([t + lead_time, *(delay(self, supplier, t, lead_time) for delay in self.delays)])

    def value(self, order: Order) -> Fraction:
        """What the goods of an order cost."""
        source = self.source(order)
        if source is None:
            return order.value
        for pricing in self.pricings:
            value = pricing(self, order)
            if value is not None:
                return value
        return order.quantity * source.unit_cost

    @cached_property
    def stock(self) -> dict[StockKey, StockRow]:
        """Rows of `inventory.csv` by item, location and period."""
        return {(row.item, row.location, row.period): row for row in self.plan.stock_rows}

    def on_hand(self, item: str, location: str, t: int) -> Fraction:
        """Stock at the end of a period as `inventory.csv` tells it; `balance` proves that it tells the truth."""
        row = self.stock.get((item, location, t))
        return ZERO if row is None else row.on_hand

    @cached_property
    def deliveries(self) -> dict[LineKey, list[Allocation]]:
        """Rows of `allocations.csv` by demand line."""
        deliveries: dict[LineKey, list[Allocation]] = defaultdict(list)
        for row, line in self.delivered:
            deliveries[row.line if line is None else line.key].append(row)
        return dict(deliveries)

    @cached_property
    def delivered(self) -> list[tuple[Allocation, Line | None]]:
        """Rows of `allocations.csv`, each with the demand line that it names, if that is planned."""
        return [(row, self.instance.lines.get(row.line)) for row in self.plan.allocations]

    @cached_property
    def services(self) -> dict[LineKey, Service]:
        """How each planned demand line fares."""
        return {key: self._service(line) for key, line in self.instance.lines.items()}

    def _service(self, line: Line) -> Service:
        rows = self.deliveries.get(line.key, ())
        last = max((row.delivery_period for row in rows), default=None)
        if len(rows) == 1:
            delivered = rows[0].quantity
            late = delivered if rows[0].delivery_period > line.due else ZERO
        else:
            delivered = total(row.quantity for row in rows)
            late = total(row.quantity for row in rows if row.delivery_period > line.due)
        short = ZERO if delivered is line.quantity else max(line.quantity - delivered, ZERO)
        return Service(delivered, late, last, short)
