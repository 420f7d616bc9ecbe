"""Contradictions to plant: each puts two rules into an instance that no plan can keep together.

A field is an instance of `tests.reference` with one more item, which has suppliers and customers of its own. The item
is ordinary: it can be bought in every period, it arrives in the same one, and nothing need be ordered. A plant adds
rows about it and says where they stand, whom they name, and in which period they hold, if in one.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tests.campaigns.drawn.rule import Drawn
from tests.reference.random_instances import random_instance

NAMES = ("PX-1", "0815", "Süd & Co", "A/B 7", "#12", "Q'x", "007x", "Ünique", "10 %", "x_1", "ZZ (old)", "8.5")
COST = 4.0
START = date(2026, 11, 23)


@dataclass(frozen=True)
class Planted:
    """What was planted.

    Attributes:
        rows: table and row (0 is the first below the header) of the rules that contradict each other; either may be
            told.
        names: item, and suppliers or customers, that a message must name.
        period: the day by which it must name the period; None for rules of the whole horizon.
    """

    rows: tuple[tuple[str, int], ...]
    names: tuple[str, ...]
    period: str | None = None


class Field:
    """An instance with room for a contradiction."""

    def __init__(self, number: int) -> None:
        """With names, a period and a quantity that a number decides, in a random instance."""
        self.dice = dice = random.Random(number + 5_000_000)
        self.drawn = drawn = Drawn(*random_instance(number, "small"))
        drawn.settings.pop("horizon", None)
        taken = {one for kind in ("item", "supplier", "customer") for one in drawn.ids(kind)}
        names = dice.sample([name for name in NAMES if name not in taken], 5)
        self._begin(names, dice.randrange(drawn.calendar().periods), dice.randrange(20, 60))

    @classmethod
    def plain(cls) -> "Field":
        """With usual names and nothing beside the item, for people."""
        made = cls.__new__(cls)
        made.dice = random.Random(0)
        made.drawn = Drawn({"inventory": {"item": [], "location": []}}, {"name": "small", "start": START, "periods": 4})
        made._begin(["WIDGET-1", "ACME", "BOLTS", "SHOP-1", "SHOP-2"], 1, 40)
        return made

    def _begin(self, names: Sequence[str], period: int, wanted: int) -> None:
        drawn = self.drawn
        self.item, self.supplier, self.other, self.customer, self.second = names
        self.home, self.period, self.wanted = drawn.ids("location")[0], period, wanted
        self.add("items", item=self.item, price=10, ending_value=0)
        self.add("suppliers", supplier=self.supplier)
        self.source(self.supplier)
        self.add("inventory", item=self.item, location=self.home, on_hand=0)
        if "customers" in drawn.tables:
            self.add("customers", customer=self.customer)
            self.add("customers", customer=self.second)
        self.demand = self.ask(self.customer)

    @property
    def when(self) -> str:
        """First day of the field's period."""
        return self.day(self.period)

    def day(self, period: int) -> str:
        """First day of a period."""
        return str(self.drawn.calendar().first_day(period))

    @property
    def last(self) -> int:
        """The last period."""
        return self.drawn.calendar().periods - 1

    def add(self, table: str, **cells: object) -> int:
        """Add a row; its number."""
        of = self.drawn.tables.setdefault(table, {})
        count = len(next(iter(of.values()), []))
        for name in cells:
            of.setdefault(name, [""] * count)
        for name, column in of.items():
            column.append(str(cells.get(name, "")))
        return count

    def fill(self, table: str, row: int, **cells: object) -> None:
        """Fill cells of a row."""
        of = self.drawn.tables[table]
        for name, cell in cells.items():
            of.setdefault(name, [""] * len(next(iter(of.values()))))[row] = str(cell)

    def source(self, supplier: str, **more: object) -> int:
        """Somebody sells the item."""
        return self.add("sourcing", **{
            "item": self.item, "supplier": supplier, "location": self.home, "unit_cost": COST, "lead_time": 0,
        } | more)  # fmt: skip

    def ask(self, customer: str, due: int = 0, **more: object) -> int:
        """Somebody wants so much of it."""
        return self.add("demand", **{
            "item": self.item, "customer": customer, "due": self.day(due), "kind": "order", "quantity": self.wanted,
        } | more)  # fmt: skip

    def override(self, period: int | None = None, **cells: object) -> int:
        """The planner orders the item."""
        when = self.when if period is None else self.day(period)
        return self.add("overrides", **{"item": self.item, "supplier": self.supplier, "period": when} | cells)

    def rate(self, share: float = 0.9) -> int:
        """So much of it must be delivered."""
        return self.add("fill_rates", item=self.item, minimum_fill_rate=share)

    def terms(self, **cells: object) -> int:
        """What the item's row in `sourcing` says."""
        row = len(self.drawn.tables["sourcing"]["item"]) - 1
        self.fill("sourcing", row, **cells)
        return row

    def seller(self, **cells: object) -> int:
        """What the row of its supplier says."""
        row = self.drawn.tables["suppliers"]["supplier"].index(self.supplier)
        self.fill("suppliers", row, **cells)
        return row

    def of_item(self, **cells: object) -> int:
        """What its row in `items` says."""
        row = self.drawn.tables["items"]["item"].index(self.item)
        self.fill("items", row, **cells)
        return row

    def every_period(self, table: str, **cells: object) -> int:
        """A row for each period; the number of the first."""
        return min(self.add(table, period=self.day(period), **cells) for period in range(self.last + 1))

    def planted(self, *rows: tuple[str, int], period: str | None = None, who: str = "") -> Planted:
        """What was planted: rows, and the item, or whoever it is about."""
        return Planted(rows, (who or self.item,), period)


Plant = Callable[[Field], Planted]


def override_above_budget(f: Field) -> Planted:
    row, budget = f.override(quantity=10), f.add("budgets", period=f.when, amount=10 * COST - 1)
    return f.planted(("overrides", row), ("budgets", budget), period=f.when)


def override_above_the_budget_of_the_horizon(f: Field) -> Planted:
    row, budget = f.override(minimum_quantity=10), f.add("budgets", period="", supplier=f.supplier, amount=15)
    return f.planted(("overrides", row), ("budgets", budget), period=f.when)


def override_above_capacity(f: Field) -> Planted:
    row = f.override(quantity=10)
    capacity = f.add("supplier_capacity", supplier=f.supplier, period=f.when, capacity=8, overtime_capacity=1)
    return f.planted(("overrides", row), ("supplier_capacity", capacity), period=f.when)


def override_while_the_supplier_is_closed(f: Field) -> Planted:
    row = f.override(quantity=10)
    closed = f.add("order_calendar", supplier=f.supplier, period=f.when, kind="closed")
    return f.planted(("overrides", row), ("order_calendar", closed), period=f.when)


def override_when_no_orders_are_taken(f: Field) -> Planted:
    f.period = f.last
    row = f.override(minimum_quantity=3)
    day = f.add("order_calendar", supplier=f.supplier, period=f.day(0), kind="order")
    return f.planted(("overrides", row), ("order_calendar", day), period=f.when)


def override_in_a_frozen_period(f: Field) -> Planted:
    f.drawn.settings["horizon"] = {"frozen": 1}
    return f.planted(("overrides", f.override(period=0, quantity=10)), period=f.day(0))


def override_that_arrives_too_late(f: Field) -> Planted:
    source = f.terms(lead_time=f.last + 1)
    return f.planted(("overrides", f.override(quantity=10)), ("sourcing", source), period=f.when)


def override_above_the_largest_order_value(f: Field) -> Planted:
    row, seller = f.override(quantity=10), f.seller(maximum_order_value=30)
    return f.planted(("overrides", row), ("suppliers", seller), period=f.when)


def override_below_the_smallest_order_value(f: Field) -> Planted:
    row, seller = f.override(quantity=10), f.seller(minimum_order_value=5000)
    return f.planted(("overrides", row), ("suppliers", seller), period=f.when)


def override_between_packs(f: Field) -> Planted:
    row, source = f.override(quantity=10), f.terms(multiple=4)
    return f.planted(("overrides", row), ("sourcing", source), period=f.when)


def override_between_steps(f: Field) -> Planted:
    row, item = f.override(quantity=7.5), f.of_item(quantity_step=2)
    return f.planted(("overrides", row), ("items", item), period=f.when)


def override_above_the_largest_order(f: Field) -> Planted:
    row, source = f.override(minimum_quantity=10), f.terms(maximum_quantity=6)
    return f.planted(("overrides", row), ("sourcing", source), period=f.when)


def override_below_the_smallest_order(f: Field) -> Planted:
    row, source = f.override(minimum_quantity=2, maximum_quantity=5), f.terms(minimum_quantity=8)
    return f.planted(("overrides", row), ("sourcing", source), period=f.when)


def override_against_another(f: Field) -> Planted:
    row, other = f.override(quantity=8), f.override(supplier="", maximum_quantity=5)
    return f.planted(("overrides", row), ("overrides", other), period=f.when)


def override_that_fills_no_container(f: Field) -> Planted:
    row = f.override(quantity=3)
    f.of_item(unit_volume=1)
    container = f.add("containers", supplier=f.supplier, volume_capacity=20, minimum_volume=10)
    return f.planted(("overrides", row), ("containers", container), period=f.when)


def overrides_with_too_many_suppliers(f: Field) -> Planted:
    f.add("suppliers", supplier=f.other)
    f.source(f.other)
    rows = [("overrides", f.override(quantity=5)), ("overrides", f.override(supplier=f.other, quantity=5))]
    return f.planted(*rows, ("items", f.of_item(maximum_suppliers=1)))


def share_of_somebody_who_cannot_deliver(f: Field) -> Planted:
    f.add("suppliers", supplier=f.other)
    source = f.terms(share_max=0.5)
    f.source(f.other, lead_time=f.last + 1)
    return f.planted(("overrides", f.override(quantity=10)), ("sourcing", source), period=f.when)


def share_of_somebody_without_capacity(f: Field) -> Planted:
    f.add("suppliers", supplier=f.other)
    f.source(f.other, share_min=0.5)
    row, first = f.rate(), f.every_period("supplier_capacity", supplier=f.other, capacity=0)
    rows = [("supplier_capacity", first + k) for k in range(f.last + 1)]
    return f.planted(("fill_rates", row), *rows)


def fill_rate_that_comes_too_late(f: Field) -> Planted:
    source = f.terms(lead_time=f.last + 1)
    return f.planted(("fill_rates", f.rate()), ("sourcing", source))


def fill_rate_of_who_does_not_wait(f: Field) -> Planted:
    f.of_item(max_delay=0)
    source = f.terms(lead_time=1)
    return f.planted(("fill_rates", f.rate()), ("sourcing", source), ("items", f.of_item()))


def fill_rate_above_capacity(f: Field) -> Planted:
    row, first = f.rate(), f.every_period("supplier_capacity", supplier=f.supplier, capacity=1)
    return f.planted(("fill_rates", row), *(("supplier_capacity", first + k) for k in range(f.last + 1)))


def fill_rate_of_who_takes_no_orders(f: Field) -> Planted:
    row, first = f.rate(), f.every_period("order_calendar", supplier=f.supplier, kind="closed")
    return f.planted(("fill_rates", row), *(("order_calendar", first + k) for k in range(f.last + 1)))


def fill_rate_above_budget(f: Field) -> Planted:
    row, budget = f.rate(), f.add("budgets", period="", supplier=f.supplier, amount=f.wanted)
    return f.planted(("fill_rates", row), ("budgets", budget))


def fill_rate_with_a_minimum_order_above_budget(f: Field) -> Planted:
    seller = f.seller(minimum_order_value=5000)
    row, first = f.rate(), f.every_period("budgets", supplier=f.supplier, amount=3000)
    rows = [("budgets", first + k) for k in range(f.last + 1)]
    return f.planted(("fill_rates", row), ("suppliers", seller), *rows)


def fill_rate_of_a_customer(f: Field) -> Planted:
    f.drawn.master("customers", "customer")
    row = f.drawn.tables["customers"]["customer"].index(f.customer)
    f.fill("customers", row, minimum_fill_rate=0.8)
    source = f.terms(maximum_quantity=1)
    return f.planted(("customers", row), ("sourcing", source), who=f.customer)


def fill_rate_of_a_line_that_takes_all_or_nothing(f: Field) -> Planted:
    f.fill("demand", f.demand, complete="yes")
    row, budget = f.rate(0.5), f.add("budgets", period="", supplier=f.supplier, amount=0.7 * f.wanted * COST)
    return f.planted(("fill_rates", row), ("budgets", budget), ("demand", f.demand))


def fill_rate_of_who_is_not_served(f: Field) -> Planted:
    f.drawn.master("customers", "customer")
    for customer in f.drawn.ids("customer"):
        if customer != f.customer:
            f.add("lanes", location=f.home, customer=customer)
    return f.planted(("fill_rates", f.rate()), *(("lanes", k) for k in range(9)))


def quota_above_supply(f: Field) -> Planted:
    row = f.add("quotas", customer=f.customer, item=f.item, valid_to=f.day(0), minimum_quantity=f.wanted)
    source = f.terms(lead_time=1)
    return f.planted(("quotas", row), ("sourcing", source), who=f.customer, period=f.day(0))


def quota_above_what_is_asked(f: Field) -> Planted:
    row = f.add("quotas", customer=f.customer, item=f.item, minimum_quantity=f.wanted + 1)
    return f.planted(("quotas", row), ("demand", f.demand), who=f.customer)


def quota_below_a_fill_rate(f: Field) -> Planted:
    row = f.add("quotas", customer=f.customer, item=f.item, maximum_quantity=3)
    return f.planted(("quotas", row), ("fill_rates", f.rate()))


def shares_of_customers_that_exceed_all(f: Field) -> Planted:
    f.ask(f.second)
    one = f.add("quotas", customer=f.customer, item=f.item, minimum_share=0.7)
    two = f.add("quotas", customer=f.second, item=f.item, minimum_share=0.6)
    return f.planted(("quotas", one), ("quotas", two))


def share_of_a_customer_against_another_s_fill_rate(f: Field) -> Planted:
    f.ask(f.second)
    quota = f.add("quotas", customer=f.customer, item=f.item, minimum_share=0.8)
    rate = f.add("fill_rates", customer=f.second, item=f.item, minimum_fill_rate=1)
    return f.planted(("quotas", quota), ("fill_rates", rate))


def fair_shares_against_a_fill_rate(f: Field) -> Planted:
    f.ask(f.second)
    budget = f.add("budgets", period="", supplier=f.supplier, amount=f.wanted * COST)
    fair = f.add("fair_shares", item=f.item, kind="proportional", tolerance=0.05)
    rate = f.add("fill_rates", customer=f.customer, item=f.item, minimum_fill_rate=1)
    return f.planted(("fair_shares", fair), ("fill_rates", rate), ("budgets", budget))


def _promised(f: Field, quantity: float) -> int:
    return f.add("last_plan", item=f.item, supplier=f.supplier, location=f.home, order_period=f.when, quantity=quantity)


def promise_against_an_override(f: Field) -> Planted:
    promise, seller = _promised(f, 40), f.seller(maximum_change=0.1)
    row = f.override(quantity=f.dice.choice([0, 30, 60]))
    return f.planted(("last_plan", promise), ("suppliers", seller), ("overrides", row), period=f.when)


def promise_above_budget(f: Field) -> Planted:
    promise, seller = _promised(f, 40), f.seller(maximum_change=0.2)
    budget = f.add("budgets", period=f.when, amount=20 * COST)
    return f.planted(("last_plan", promise), ("suppliers", seller), ("budgets", budget), period=f.when)


def more_changes_than_allowed(f: Field) -> Planted:
    _promised(f, 40)
    seller, row = f.seller(maximum_changes=0), f.override(quantity=30)
    return f.planted(("suppliers", seller), ("overrides", row), who=f.supplier)


def shares_of_suppliers_that_exceed_all(f: Field) -> Planted:
    f.add("suppliers", supplier=f.other)
    one = f.terms(share_min=0.7)
    return f.planted(("sourcing", one), ("sourcing", f.source(f.other, share_min=0.6)))


def more_suppliers_than_there_are(f: Field) -> Planted:
    return f.planted(("items", f.of_item(minimum_suppliers=3)))


def a_minimum_above_the_maximum(f: Field) -> Planted:
    return f.planted(("sourcing", f.terms(minimum_quantity=9, maximum_quantity=5)))


PLANTS: tuple[Plant, ...] = tuple(
    made for name, made in list(globals().items()) if callable(made) and getattr(made, "__module__", "") == __name__
    and not name.startswith("_") and not isinstance(made, type)
)  # fmt: skip
