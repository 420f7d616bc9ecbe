"""Defaults and dates of the contract, with their arithmetic."""

from fractions import Fraction
from typing import Any

import pytest

from tests.reference.contract import read_contract

SETTINGS: dict[str, Any] = {"name": "hand", "start": "2026-11-25", "periods": 6}  # weeks from Monday 2026-11-23


def tables(**more: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    base = {
        "items": {"item": ["A"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["13"], "lead_time": ["1"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["-4"], "safety_stock": ["2"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-12-08"], "quantity": ["10"]},
    }
    return base | more


def test_costs_default_to_shares_of_the_price() -> None:
    contract = read_contract(tables(), SETTINGS)
    stock, line = contract.stocks["A", "main"], contract.lines[0]
    assert stock.holding_cost == Fraction(13) / 4 / 52  # 13 × 0.25 a year = 0.0625 a week
    assert line.waiting_cost == Fraction(13, 20)  # 13 × 0.05
    assert line.shortage_cost == 26  # 13 × 2
    assert stock.safety_stock_cost == Fraction(1, 4)  # 4 × 0.0625, below the 0.65 of the line
    assert stock.ending_value == 13
    assert stock.opening == 0  # negative stock counts as none
    assert (line.first, line.last, line.key[3]) == (2, 5, "order")


def test_weights_and_the_cheapest_line_cap_the_safety_stock_cost() -> None:
    customers = {"customer": ["C"], "weight": ["0.2"]}
    contract = read_contract(tables(customers=customers), SETTINGS)
    assert contract.lines[0].waiting_cost == Fraction(13, 100)  # 0.65 × 0.2
    assert contract.stocks["A", "main"].safety_stock_cost == Fraction(13, 100)  # below 0.25


def test_old_orders_count_from_the_start_and_old_forecasts_are_dropped() -> None:
    demand = {
        "item": ["A"] * 4, "customer": ["C"] * 4, "due": ["2026-11-09", "2026-11-09", "2027-01-04", "2026-11-24"],
        "kind": ["order", "forecast", "order", "forecast"], "quantity": ["3"] * 4, "max_delay": ["1", "", "", "0"],
    }  # fmt: skip
    lines = read_contract(tables(demand=demand), SETTINGS).lines
    # The forecast of two weeks ago is dropped, and so is the order due in week 6, which is after the horizon.
    assert [(line.due, line.first, line.last) for line in lines] == [(-2, 0, 1), (0, 0, 0)]


def test_lead_times_in_days_are_rounded_up_and_late_arrivals_are_not_offered() -> None:
    sourcing = {"item": ["A"], "supplier": ["S"], "unit_cost": ["1"], "lead_time_days": ["15"]}
    offers = read_contract(tables(sourcing=sourcing), SETTINGS | {"horizon": {"frozen": 1, "whole_packs": 2}}).offers
    # 15 days are 3 weeks: of weeks 1 to 5 (0 is frozen) only 1 and 2 land within the 6 weeks.
    assert [(offer.period, offer.arrival) for offer in offers] == [(1, 4), (2, 5)]


def test_the_first_day_decides_where_two_dated_rows_meet_and_own_rows_go_first() -> None:
    sourcing = {
        "item": ["A"] * 3, "supplier": ["S"] * 3, "location": ["", "", "main"], "unit_cost": ["1", "2", "3"],
        "lead_time": ["0"] * 3, "valid_from": ["", "2026-12-09", "2026-12-25"], "valid_to": ["2026-12-08", "", ""],
    }  # fmt: skip
    offers = read_contract(tables(sourcing=sourcing), SETTINGS).offers
    # Row 1 ends on Tuesday of week 2 (from 7 December), whose Monday it holds; the location's own row holds from week
    # 4 on.
    assert [int(offer.unit_cost) for offer in offers] == [1, 1, 1, 2, 3, 3]


def test_the_earlier_row_holds_where_neither_holds_on_the_first_day() -> None:
    sourcing = {
        "item": ["A"] * 2, "supplier": ["S"] * 2, "unit_cost": ["1", "2"], "lead_time": ["0"] * 2,
        "valid_from": ["2026-12-11", "2026-12-09"], "valid_to": ["", "2026-12-10"],
    }  # fmt: skip
    offers = read_contract(tables(sourcing=sourcing), SETTINGS).offers
    assert [(offer.period, int(offer.unit_cost)) for offer in offers] == [(2, 2), (3, 1), (4, 1), (5, 1)]


def test_demand_lines_are_named_as_they_were_written() -> None:
    contract = read_contract(tables(), SETTINGS, due_as_written=["8.12.2026"])
    assert contract.lines[0].key == ("A", "C", "8.12.2026", "order", "", "")
    assert contract.lines[0].due == 2


def test_overdue_open_orders_land_after_the_start_and_later_ones_are_left_out() -> None:
    arrivals = ["2026-11-22", "2026-11-23", "2027-01-04"]
    orders = {
        "order": ["1", "2", "3"], "arrival": arrivals, "item": ["A"] * 3, "supplier": ["S"] * 3,
        "location": ["main"] * 3, "quantity": ["5", "7", "9"],
    }  # fmt: skip
    stocks = read_contract(tables(open_orders=orders), SETTINGS | {"horizon": {"overdue_arrival": 2}}).stocks
    assert stocks["A", "main"].receipts == {2: 5, 0: 7}


def test_a_place_that_nobody_knows_is_refused() -> None:
    demand = {"item": ["A"], "customer": ["C"], "due": ["2026-12-08"], "location": ["moon"], "quantity": ["1"]}
    with pytest.raises(KeyError, match="moon"):
        read_contract(tables(demand=demand), SETTINGS)
