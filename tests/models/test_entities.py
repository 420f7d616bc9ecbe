"""Entities: prices, holding costs and places that several parts ask for."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.book import Book
from models.entities import holding_cost, lowest_unit_cost, pair_places, price, stocked
from models.instance import Instance, Records
from models.tables import Table, money, text
from tests.models.solved import Row, instance


def numbers(values: Any) -> list[Any]:
    """As a list, with None for none."""
    return [None if np.isnan(value) else float(value) for value in values]


def three(*items: Row) -> Instance:
    return instance(
        items=[{"item": name} | row for name, row in zip(("A", "B", "C"), items, strict=True)],
        suppliers=[{"supplier": "S"}, {"supplier": "R"}],
        sourcing=[
            {"item": "A", "supplier": "S", "unit_cost": 3, "lead_time": 1},
            {"item": "A", "supplier": "R", "unit_cost": 2, "lead_time": 1, "valid_to": "2020-01-01"},
            {"item": "B", "supplier": "S", "unit_cost": 0, "lead_time": 1},
        ],
    )


def test_the_lowest_unit_cost_is_over_all_rows() -> None:
    assert numbers(lowest_unit_cost(three({}, {}, {}))) == [2, 0, None]


def test_the_lowest_unit_cost_is_over_all_tables_that_state_a_price() -> None:
    made = three({}, {}, {})
    table = Table(
        "price_breaks",
        key=(text("item", "The item."),),
        columns=(money("unit_cost", "The price.", per="unit", role="purchase price"), money("other", "Not a price.")),
    )
    columns = {
        "item": np.array(["A", "C", "A"], dtype=object), "unit_cost": np.array([1.5, 9, np.nan]), "other": np.zeros(3),
    }  # fmt: skip
    with_breaks = replace(made, tables={**made.tables, "price_breaks": Records(table, columns)})
    assert numbers(lowest_unit_cost(with_breaks)) == [1.5, 0, 9]


def test_the_price_is_the_one_stated_else_the_lowest_unit_cost() -> None:
    assert numbers(price(three({"price": 7}, {}, {}))) == [7, 0, None]
    assert numbers(price(three({"price": 0}, {"price": 1}, {"price": 4}))) == [0, 1, 4]


def test_the_holding_cost_follows_from_the_price() -> None:
    made = three({"price": 52}, {"holding_cost": 3}, {})
    assert numbers(holding_cost(made)) == [pytest.approx(0.25), 3, None]
    assert numbers(holding_cost(three({"holding_cost": 0, "price": 52}, {}, {"price": 104}))) == [0, 0, 0.5]


def test_places_are_numbered_by_item_and_location() -> None:
    made = instance(
        items=[{"item": "A"}, {"item": "B"}], locations=[{"location": x} for x in ("east", "north", "west")]
    )
    assert pair_places(made, np.array([0, 1, 1]), np.array([2, 0, 2])).tolist() == [2, 3, 5]
    book = Book()
    assert stocked(made, book).tolist() == []
    book.post("stocked", (np.array([1, 0]), np.array([0, 2])))
    book.post("stocked", (np.array([1]), np.array([0])))
    assert stocked(made, book).tolist() == [2, 3]
