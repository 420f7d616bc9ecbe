"""The book: the contract's defaults and fine print, in exact numbers."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from optimizer.audit.book.calendar import Calendar
from optimizer.audit.book.instance import Instance
from optimizer.audit.book.numbers import (
    ZERO,
    at_most,
    balanced,
    decimal,
    is_multiple,
    same_money,
    same_quantity,
    total,
)
from optimizer.audit.book.tables import Tables as TextTables
from optimizer.audit.book.violation import show
from tests.audit.example import Tables, columns, rows_of

WEEKS = {"start": date(2026, 11, 23), "periods": 6}


def tables(**texts: str) -> Tables:
    return {name: columns(rows_of(text)) for name, text in texts.items()}


def numbers(*values: int) -> list[Fraction]:
    return [Fraction(value) for value in values]


def instance(settings: dict[str, Any] | None = None, **texts: str) -> Instance:
    return Instance(TextTables(tables(**texts), {}), WEEKS | (settings or {}))


@pytest.mark.parametrize(
    ("period", "start", "names", "last_day"),
    [
        ("day", "2026-12-30", ["2026-12-30", "2026-12-31", "2027-01-01"], "2027-01-01"),
        ("week", "2026-12-31", ["2026-12-28", "2027-01-04", "2027-01-11"], "2027-01-17"),
        ("week", "2026-W53", ["2026-12-28", "2027-01-04", "2027-01-11"], "2027-01-17"),
        ("month", "2026-12-31", ["2026-12-01", "2027-01-01", "2027-02-01"], "2027-02-28"),
    ],
)
def test_calendar_names_periods_by_their_first_day(period: str, start: str, names: list[str], last_day: str) -> None:
    calendar = Calendar({"start": start, "periods": 3, "period": period})
    assert [calendar.name(t) for t in range(3)] == names
    assert [calendar.named(name) for name in names] == [0, 1, 2]
    assert calendar.last_day(2) == last_day
    assert [calendar.index(date.fromisoformat(name)) for name in names] == [0, 1, 2]
    assert calendar.index(date.fromisoformat(last_day)) == 2


@pytest.mark.parametrize(
    ("period", "day", "t"),
    [("day", "2026-11-20", -3), ("week", "2026-11-22", -1), ("week", "2026-11-15", -2), ("month", "2025-12-31", -11)],
)
def test_days_before_the_horizon_have_negative_periods(period: str, day: str, t: int) -> None:
    assert Calendar({"start": "2026-11-23", "periods": 3, "period": period}).index(date.fromisoformat(day)) == t


def test_no_period_begins_after_the_end() -> None:
    with pytest.raises(ValueError, match="from 2026-11-23 to 2026-12-07"):
        Calendar({"start": "2026-11-23", "periods": 3}).named("2026-12-14")


def test_start_may_be_a_day_or_a_moment_of_toml() -> None:
    for start in (date(2026, 11, 25), datetime(2026, 11, 25, 9)):
        assert Calendar({"start": start, "periods": 1}).name(0) == "2026-11-23"


@pytest.mark.parametrize(("period", "periods"), [("day", 31), ("week", 5), ("month", 2)])
def test_lead_time_in_days_is_rounded_up(period: str, periods: int) -> None:
    """31 days ÷ 1, 7 (4.4) and 30 (1.03)."""
    assert Calendar({"start": "2026-11-23", "periods": 3, "period": period}).lead_time(Fraction(31)) == periods


@pytest.mark.parametrize("settings", [{}, {"start": "soon"}, {"periods": 0}, {"period": "year"}])
def test_horizon_that_is_none_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no horizon|ISO date"):
        Calendar(settings if not settings else {"start": "2026-11-23", "periods": 3} | settings)


def test_costs_of_an_item_come_from_its_price() -> None:
    """Price 8, the lower of two: holding 8 × 0.25 ÷ 52, waiting 8 × 0.05, short 8 × 2; what is left is worth 8."""
    item = instance(items="item\nbolt\n", sourcing="item,supplier,unit_cost\nbolt,a,9\nbolt,b,8\n").item("bolt")
    assert item.holding_cost == Fraction(8, 4 * 52)
    assert item.backorder_cost == Fraction(2, 5)
    assert item.shortage_cost == 16
    assert item.ending_value == 8


@pytest.mark.parametrize(("period", "a_year"), [("day", 365), ("week", 52), ("month", 12)])
def test_holding_rate_is_a_year_s(period: str, a_year: int) -> None:
    item = instance({"period": period, "costs": {"holding_rate": 0.1}}, items="item,price\nbolt,20\n").item("bolt")
    assert item.holding_cost == Fraction(2, a_year)


def test_price_that_is_given_does_not_change_the_ending_value() -> None:
    item = instance(items="item,price\nbolt,20\n", sourcing="item,supplier,unit_cost\nbolt,a,9\n").item("bolt")
    assert [item.shortage_cost, item.ending_value] == numbers(40, 9)


def test_item_that_nobody_sells_has_no_price() -> None:
    item = instance(items="item\nbolt\n").item("bolt")
    assert [item.holding_cost, item.shortage_cost, item.ending_value] == numbers(0, 0, 0)


@pytest.mark.parametrize(
    ("backorder_cost", "expected"),
    [("1.5", Fraction(3)), ("9", Fraction(4)), ("", Fraction(4))],
)
def test_safety_stock_cost_stays_below_what_customers_pay_for_waiting(backorder_cost: str, expected: Fraction) -> None:
    """Holding 1: four times that is 4; ann's weight of 2 makes 1.5 to 3 and 9 to 18; the item's own 5 counts as 10."""
    book = instance(
        items="item,holding_cost,backorder_cost\nbolt,1,5\n",
        customers="customer,weight\nann,2\n",
        demand=f"item,customer,due,quantity,backorder_cost\nbolt,ann,2026-11-23,1,{backorder_cost}\n",
        inventory="item,location,safety_stock\nbolt,main,5\n",
    )
    assert book.stocks["bolt", "main"].safety_stock_cost == expected


def test_safety_stock_cost_of_an_item_without_demand_is_four_times_holding() -> None:
    """Dropped demand counts for nothing."""
    book = instance(
        items="item,holding_cost\nbolt,1\n",
        demand="item,customer,due,quantity,backorder_cost\nbolt,ann,2027-11-23,1,0.1\n",
        inventory="item,location,safety_stock\nbolt,main,5\n",
    )
    assert book.stocks["bolt", "main"].safety_stock_cost == 4
    assert book.stocks["bolt", "main"].overstock_cost == 4


SOURCING = """item,supplier,location,valid_from,valid_to,unit_cost
bolt,a,,,,1
bolt,a,north,2026-12-02,2026-12-08,2
bolt,a,north,2026-12-09,2026-12-20,3
bolt,a,north,2026-W52,,4
"""


@pytest.mark.parametrize(
    ("location", "t", "unit_cost"),
    [
        ("south", 2, 1),
        ("north", 0, 1),  # before the location's own rows, the one for all holds
        ("north", 1, 2),  # from the period that contains valid_from
        ("north", 2, 2),  # two meet: the first day decides
        ("north", 3, 3),
        ("north", 4, 4),
        ("north", 5, 4),
    ],
)
def test_sourcing_row_that_holds(location: str, t: int, unit_cost: int) -> None:
    source = instance(sourcing=SOURCING).source("bolt", "a", location, t)
    assert source is not None
    assert source.unit_cost == unit_cost


def test_where_no_row_holds_on_the_first_day_the_earliest_does() -> None:
    text = "item,supplier,valid_from,valid_to,unit_cost\nbolt,a,2026-12-04,,4\nbolt,a,2026-12-02,2026-12-03,2\n"
    source = instance(sourcing=text).source("bolt", "a", "main", 1)
    assert source is not None
    assert source.unit_cost == 2


def test_sourcing_defaults() -> None:
    source = instance(sourcing="item,supplier,unit_cost,lead_time_days\nbolt,a,1,8\n").source("bolt", "a", "main", 0)
    assert source is not None
    assert source.lead_time == 2
    assert [source.capacity_use, source.share_min, source.share_max] == numbers(1, 0, 1)
    assert (source.multiple, source.maximum_quantity) == (None, None)


@pytest.mark.parametrize(
    ("texts", "locations"),
    [
        ({}, ["main"]),
        ({"locations": "location\n", "inventory": "item,location\nbolt,b\n"}, ["b"]),
        ({"inventory": "item,location\nbolt,b\n", "open_orders": "order,location\nP,a\nQ,b\n"}, ["b", "a"]),
        ({"locations": "location\na\n", "inventory": "item,location\nbolt,a\n"}, ["a"]),
    ],
)
def test_locations(texts: dict[str, str], locations: list[str]) -> None:
    assert Instance(TextTables(tables(**texts), {}), WEEKS).locations == locations


def test_negative_stock_counts_as_none() -> None:
    book = instance(inventory="item,location,on_hand\nbolt,main,-3\n")
    assert book.stocks["bolt", "main"].on_hand == 0


def test_open_orders_arrive_when_they_are_expected() -> None:
    text = (
        "order,arrival,item,location,quantity\nP,2026-11-22,bolt,main,1\nQ,2026-12-06,bolt,main,2\nR,2027-01-04,b,m,3\n"
        "S,,bolt,main,4\n"
    )
    orders = instance({"horizon": {"overdue_arrival": 2}}, open_orders=text).open_orders
    assert [order.period for order in orders] == [2, 1, 0]
    assert [order.quantity for order in orders] == numbers(1, 2, 4)


def test_demand_lines_and_their_windows() -> None:
    """Dropped: a forecast of the past, what is due after the horizon, what asks nothing. An old order is served now."""
    text = """item,customer,due,kind,quantity,max_delay
bolt,ann,2026-11-20,forecast,1,
bolt,ann,2027-01-04,order,2,
bolt,ann,2026-11-08,order,3,2
bolt,ann,2026-12-02,,4,
bolt,ann,2026-12-09,,0,
bolt,ann,2026-12-28,forecast,5,3
bolt,ann,2026-11-29,forecast,6,
"""
    lines = instance(items="item,max_delay\nbolt,1\n", demand=text).lines.values()
    assert [(line.due, line.first, line.last) for line in lines] == [(-3, 0, 2), (1, 1, 2), (5, 5, 5), (0, 0, 1)]
    assert [line.key[3] for line in lines] == ["order", "order", "forecast", "forecast"]


def test_a_line_of_which_something_cannot_be_read_is_told_and_read_as_far_as_it_can_be() -> None:
    text = """item,customer,due,kind,quantity,backorder_cost,max_delay
bolt,ann,2026-11-30,,a lot,2,
bolt,bob,soon,,3,,
bolt,eve,2026-11-30,order,4,,often
"""
    book = instance(items="item,max_delay,backorder_cost\nbolt,1,5\n", demand=text)
    assert [(line.customer, int(line.quantity), line.due, line.last) for line in book._demand()] == [
        ("ann", 0, 1, 2), ("bob", 3, book.calendar.index(date.max), 5), ("eve", 4, 1, 2),
    ]  # fmt: skip
    assert [line.backorder_cost for line in book._demand()] == numbers(2, 5, 5)
    assert {(fault.row, fault.message, fault.found) for fault in book.faults} == {
        (2, "quantity cannot be read", "a lot"), (3, "due cannot be read", "soon"),
        (4, "max_delay cannot be read", "often"),
    }  # fmt: skip


def test_a_line_that_comes_to_ask_for_nothing_is_planned_no_longer() -> None:
    book = instance(
        items="item\nbolt\n", demand="item,customer,due,quantity\nbolt,ann,2026-11-23,4\nbolt,bob,2026-11-23,4\n"
    )
    ann, bob = book.lines.values()
    book.plan_lines([ann._replace(quantity=ZERO), bob._replace(quantity=Fraction(1, 3))])
    assert [(line.customer, line.quantity) for line in book.lines.values()] == [("bob", Fraction(1, 3))]


def test_customers_multiply_what_their_lines_cost() -> None:
    """Weight 3: waiting 3 × 2, short 3 × the item's 10; a customer who is not listed weighs 1."""
    text = "item,customer,due,quantity,backorder_cost\nbolt,ann,2026-11-23,1,2\nbolt,bob,2026-11-23,1,2\n"
    book = instance(items="item,shortage_cost\nbolt,10\n", customers="customer,weight\nann,3\nbob,\n", demand=text)
    assert [line.backorder_cost for line in book.lines.values()] == numbers(6, 2)
    assert [line.shortage_cost for line in book.lines.values()] == numbers(30, 10)


@pytest.mark.parametrize("text", ["", "1e5", "1,5", "nan", "inf", "+1", " 1", "1.", ".5", "0x1", "１"])
def test_only_plain_decimals_are_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        decimal(text)


def test_tolerances() -> None:
    """1e-6 + 1e-9 × 1000 is 2e-6 for a quantity of 1000; 1e-6 × 1000 is 1e-3 for money."""
    thousand = Fraction(1000)
    assert same_quantity(thousand, decimal("1000.000002"))
    assert not same_quantity(thousand, decimal("1000.000003"))
    assert at_most(decimal("1000.000002"), thousand)
    assert not at_most(decimal("1000.000003"), thousand)
    assert is_multiple(decimal("999.999998"), Fraction(8))
    assert not is_multiple(decimal("999.99"), Fraction(8))
    assert same_money(thousand, decimal("1000.001"))
    assert not same_money(thousand, decimal("1000.0011"))
    assert not same_money(Fraction(0), decimal("0.00001"))
    assert same_money(Fraction(0), decimal("0.00000001"))
    assert not same_money(Fraction(0), decimal("0.000000011"))
    assert same_money(Fraction(0), decimal("0.00001"), slack=decimal("0.00001"))


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("-0.5", "-0.5"), ("1200", "1200"), ("0.0000000004", "0"), ("1.10", "1.1"), ("-12.345", "-12.345")],
)
def test_numbers_are_shown_as_plain_decimals(number: str, text: str) -> None:
    assert show(decimal(number)) == text


def test_a_sum_is_exact_whatever_the_denominators() -> None:
    # 1/3 + 1/3 + 1/3 = 1; 0.1 + 0.2 = 3/10; together 1.3
    assert total([Fraction(1, 3)] * 3 + [decimal("0.1"), decimal("0.2")]) == Fraction(13, 10)
    assert total([]) is ZERO and total([decimal("2.5"), decimal("-2.5"), decimal("0.0")]) is ZERO


@pytest.mark.parametrize(("left", "agree"), [("0.300001", True), ("0.299999", True), ("0.3000011", False)])
def test_sums_agree_within_a_millionth(left: str, agree: bool) -> None:
    assert balanced((decimal("0.1"), ZERO, decimal("0.2")), (decimal(left),)) is agree
    assert balanced((Fraction(1, 3), Fraction(2, 3)), (decimal("0.7"), decimal(left))) is agree


def test_columns_of_different_lengths_are_no_table() -> None:
    ragged = TextTables({"items": {"item": ["A", "B"], "price": ["1"]}}, {})
    with pytest.raises(ValueError, match="different lengths"):
        list(ragged.rows("items"))


def test_texts_of_a_column() -> None:
    some = TextTables({"items": {"item": ["A", "B", "A"]}}, {})
    assert some.texts("items", "item") == {"A", "B"}
    assert some.texts("items", "customer") == {""}
    assert some.texts("demand", "item") == set()
