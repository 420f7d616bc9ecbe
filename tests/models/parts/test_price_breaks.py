"""Price breaks, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import Row, day, found, instance, orders, places, result_tables, solved

BESIDE = {
    "price_breaks": [
        {"item": "nut", "supplier": "BOLT", "minimum_quantity": 10, "unit_cost": 2.5, "kind": "incremental"},
        {"item": "nut", "supplier": "BOLT", "minimum_quantity": 16, "unit_cost": 2.25, "kind": "incremental"},
        {"item": "rod", "supplier": "BOLT", "minimum_quantity": 5, "unit_cost": 7},
        {
            "item": "rod", "supplier": "BOLT", "location": "main", "valid_from": day(1), "minimum_quantity": 9,
            "unit_cost": 7.5,
        },
    ]
}  # fmt: skip
TEN: Row = {"minimum_quantity": 10, "unit_cost": 1.5}


def made(*breaks: Row, demand: tuple[float, ...] = (8,), kind: str = "all_units", **more: Any) -> Any:
    """A unit costs 2, a week on hand 1, a lost one 100."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables: dict[str, Any] = {"sourcing": [{"unit_cost": 2, "lead_time": 0}], "demand": lines}
    rows = [{"kind": kind, **row} for row in breaks]
    return instance(periods=len(demand), **{**tables, "price_breaks": rows, **more})


@pytest.mark.parametrize(
    ("quantity", "all_units", "incremental"),
    [
        (4, 4 * 2, 4 * 2),
        (9.5, 10 * 1.5 + 0.5, 9.5 * 2),  # half a unit more than is wanted brings the price down, and is left over
        (12, 12 * 1.5, 10 * 2 + 2 * 1.5),
        (25, 25 * 1, 10 * 2 + 10 * 1.5 + 5 * 1),
    ],
)
def test_the_price_of_a_quantity(quantity: float, all_units: float, incremental: float) -> None:
    breaks = (TEN, {"minimum_quantity": 20, "unit_cost": 1})
    assert solved(made(*breaks, demand=(quantity,))).objective == pytest.approx(all_units)
    assert solved(made(*breaks, demand=(quantity,), kind="incremental")).objective == pytest.approx(incremental)


def test_a_break_makes_it_pay_to_buy_for_two_weeks() -> None:
    # Week by week 24. Ten at once are 15, with 4 on hand and 2 more at 2: 23. Twelve at 1.2 are 14.4, and 6 on hand.
    assert solved(made(demand=(6, 6))).objective == pytest.approx(24)
    assert solved(made(TEN, demand=(6, 6))).objective == pytest.approx(23)
    deep = {"minimum_quantity": 12, "unit_cost": 1.2}
    assert solved(made(TEN, deep, demand=(6, 6))).objective == pytest.approx(20.4)


def test_more_than_is_needed_is_bought_where_that_is_cheaper() -> None:
    # 8 at 2 are 16; 10 at 1.2 are 12, and 2 are left for 2.
    cheap = TEN | {"unit_cost": 1.2}
    assert solved(made(cheap)).objective == pytest.approx(14)
    assert orders(made(cheap))["A", "S", "main", 0][1] >= 10


def test_each_order_line_has_its_own_price() -> None:
    # Two suppliers, both wanted for a share: neither reaches the break alone.
    more: dict[str, Any] = {
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [{"supplier": s, "unit_cost": 2, "lead_time": 0, "share_min": 0.5} for s in "SZ"],
    }
    both = [TEN | {"supplier": s} for s in "SZ"]
    assert solved(made(*both, demand=(16,), **more)).objective == pytest.approx(32)


def test_an_order_value_is_counted_at_the_lower_price() -> None:
    # At least 18: at 2 that is 9 units, but from 10 on 12 are needed to reach it.
    supplier = [{"minimum_order_value": 18}]
    assert solved(made(TEN, demand=(12,), suppliers=supplier)).objective == pytest.approx(18)
    # At most 15: ten at 1.5, and one is lost.
    assert solved(made(TEN, demand=(11,), suppliers=[{"maximum_order_value": 15}])).objective == pytest.approx(115)


def test_whole_packs_and_breaks() -> None:
    source = [{"unit_cost": 2, "lead_time": 0, "multiple": 6}]
    # 8 are two packs: 12 at 1.5, and 4 are left.
    assert solved(made(TEN, sourcing=source)).objective == pytest.approx(18 + 4)


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_the_tight_formulation_has_the_same_optimum(kind: str) -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 3, "minimum_quantity": 4}]
    one = made(TEN, demand=(3, 9, 4, 12), kind=kind, sourcing=source, suppliers=[{"order_cost": 2}])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_a_break_never_costs_more(kind: str) -> None:
    costs = [
        solved(made(*breaks, demand=(7, 9, 4), kind=kind)).objective
        for breaks in ((), (TEN,), (TEN | {"unit_cost": 1},))
    ]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(("kind", "value"), [("all_units", 18), ("incremental", 23)])
def test_the_order_shows_what_it_costs(kind: str, value: float) -> None:
    tables = result_tables(made(TEN, demand=(12,), kind=kind))
    (order,) = tables["purchase_orders"]
    assert order["value"] == pytest.approx(value) and order["unit_cost"] == pytest.approx(value / 12)
    assert sum(row["amount"] for row in tables["costs"] if row["account"] == "purchase") == pytest.approx(value)


def test_two_kinds_and_breaks_of_nobody_are_told() -> None:
    two = made(TEN, TEN | {"minimum_quantity": 20, "kind": "incremental"})
    assert places(found("price_breaks", two)) == [("two kinds of price breaks", "price_breaks", 1, "kind")]
    nobody = made(TEN | {"supplier": "Z"}, suppliers=[{"supplier": "S"}, {"supplier": "Z"}])
    assert places(found("price_breaks", nobody)) == [("price break without a source", "price_breaks", 0, "supplier")]


def test_a_break_holds_between_its_days() -> None:
    # 12 wanted in each of four weeks, 9 a week on hand: nothing is bought ahead. 1.5 from Wednesday of week 1, the week
    # of which is its first, to Tuesday of week 2, whose first day it holds on: 24 + 18 + 18 + 24.
    dated = TEN | {"valid_from": day(1, 2), "valid_to": day(2, 1)}
    dear = [{"item": "A", "price": 4, "holding_cost": 9, "backorder_cost": 50, "shortage_cost": 100, "ending_value": 0}]
    assert solved(made(dated, demand=(12, 12, 12, 12), items=dear)).objective == pytest.approx(84)


def test_where_two_lists_meet_the_first_day_of_the_week_decides() -> None:
    # The old list ends on Tuesday of week 1, the new one begins on Wednesday, with another break: week 1 has the old.
    # 12 in each of three weeks: 18, 18, and 24 x 1 at the new break of 24 is more than 12 x 2: 24.
    old, new = TEN | {"valid_to": day(1, 1)}, {"minimum_quantity": 24, "unit_cost": 1, "valid_from": day(1, 2)}
    dear = [{"item": "A", "price": 4, "holding_cost": 9, "backorder_cost": 50, "shortage_cost": 100, "ending_value": 0}]
    assert solved(made(old, new, demand=(12, 12, 12), items=dear)).objective == pytest.approx(18 + 18 + 24)


def test_breaks_of_a_location_come_before_those_for_all() -> None:
    # 12 wanted at each: in the east at 1.25 from 10 on, its own; in the west at 1.5: 15 + 18.
    lines = [{"location": location, "due": 0, "quantity": 12} for location in ("east", "west")]
    one = instance(
        periods=1,
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=lines,
        price_breaks=[TEN, TEN | {"location": "east", "unit_cost": 1.25}],
        locations=[{"location": "east"}, {"location": "west"}],
        inventory=[],
    )
    assert solved(one).objective == pytest.approx(15 + 18)


def test_two_prices_on_one_day_are_told() -> None:
    twice = made(TEN, TEN | {"valid_from": day(0), "valid_to": day(0, 6), "unit_cost": 1.25})
    assert places(found("price_breaks", twice)) == [("overlapping rows", "price_breaks", 1, "valid_from")]
    turned = made(TEN | {"valid_from": day(1), "valid_to": day(0)})
    assert places(found("price_breaks", turned)) == [("dates reversed", "price_breaks", 0, "valid_to")]
