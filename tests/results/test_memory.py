"""Memory: what is kept of a plan is found again by its names, and each change of an item is seen."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.lots import Lots
from models.lots_of import lots_of
from optimizer.read import read
from optimizer.results.memory import begun, digests, remembered
from tests.results.frames import frames

Table = dict[str, list[str]]
NONE = np.zeros(0)


def tables() -> dict[str, Table]:
    """Two items from two suppliers, one of which opens at a cost and has a capacity."""
    return {
        "items": {"item": ["A", "B"], "holding_cost": ["1", "1"], "backorder_cost": ["5", "5"],
                  "shortage_cost": ["50", "50"], "ending_value": ["0", "0"]},
        "suppliers": {"supplier": ["S", "R"], "order_cost": ["7", "0"]},
        "customers": {"customer": ["C", "D"], "weight": ["1", "2"]},
        "sourcing": {"item": ["A", "B", "B"], "supplier": ["S", "S", "R"], "unit_cost": ["2", "3", "4"],
                     "lead_time": ["1", "1", "1"]},
        "supplier_capacity": {"supplier": ["S", "S"], "period": ["2026-11-23", "2026-11-30"], "capacity": ["9", "9"]},
        "inventory": {"item": ["A", "B"], "location": ["main", "main"]},
        "demand": {"item": ["A", "A", "B"], "customer": ["C", "C", "D"],
                   "due": ["2026-12-02", "2026-12-09", "2026-12-09"], "quantity": ["8", "2", "3"]},
    }  # fmt: skip


def made(changed: dict[str, Table] | None = None, start: str = "2026-11-23") -> tuple[Instance, Book, Lots]:
    settings = {"name": "two", "start": start, "periods": 4}
    instance = read(frames(changed or tables()), settings=settings).instance
    book = derive(instance)
    return instance, book, lots_of(instance, book)


def orders(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["item", "supplier", "order_period", "quantity"]).assign(location="main")
    return frame.astype({"quantity": float})


def ordered(book: Book, instance: Instance, quantity: np.ndarray) -> dict[tuple[str, str, int], float]:
    """What is ordered, by name and period."""
    index = book.indexes["orders"]
    return {
        (instance.labels["item"][index["item"][k]], instance.labels["supplier"][index["supplier"][k]],
         int(index["period"][k])): float(quantity[k])
        for k in np.flatnonzero(quantity)
    }  # fmt: skip


def test_orders_are_found_again_by_their_names() -> None:
    instance, book, lots = made()
    earlier = orders(("A", "S", "2026-11-23", 8), ("B", "R", "2026-11-30", 3), ("B", "R", "2026-11-30", 1))
    start = begun(instance, book, lots, {"purchase_orders": earlier})
    assert ordered(book, instance, start.quantity) == {("A", "S", 0): 8.0, ("B", "R", 1): 4.0}
    assert start.record == {"orders": 3, "orders_found_again": 3, "items_changed": 0, "prices": False}


def test_a_week_later_they_stand_a_period_earlier() -> None:
    instance, book, lots = made(start="2026-11-30")
    earlier = orders(("A", "S", "2026-11-23", 8), ("B", "R", "2026-11-30", 3))
    start = begun(instance, book, lots, {"purchase_orders": earlier})
    assert ordered(book, instance, start.quantity) == {("B", "R", 0): 3.0}
    assert start.record["orders_found_again"] == 1


def test_what_is_there_no_more_is_passed_over() -> None:
    instance, book, lots = made()
    for row in (("X", "S", "2026-11-23", 1.0), ("A", "X", "2026-11-23", 1.0), ("A", "R", "2026-11-23", 1.0),
                ("A", "S", "2031-01-01", 1.0), ("A", "S", "1990-01-01", 1.0)):  # fmt: skip
        start = begun(instance, book, lots, {"purchase_orders": orders(row)})
        assert not start.quantity.any()
        assert start.record["orders_found_again"] == 0
    assert not begun(instance, book, lots, {"purchase_orders": orders()}).quantity.any()


def test_prices_there_and_back() -> None:
    instance, book, lots = made()
    dice = np.random.default_rng(0)
    gates, options = len(lots.gate_cost), len(lots.order)
    prices = np.round(dice.random(gates + 2 * options), 9)
    kept = remembered(instance, book, lots, prices)
    found = begun(instance, book, lots, {"purchase_orders": orders(), **kept})
    used = np.isin(np.arange(gates), lots.gate)
    assert np.array_equal(found.prices[:gates][used], prices[:gates][used])
    assert np.isnan(found.prices[:gates][~used]).all()
    assert np.array_equal(found.prices[gates:], prices[gates:])
    assert found.record["prices"]
    assert set(kept["prices"]["limit"]) == {"capacity", "maximum_quantity", "minimum_quantity"}


def test_prices_stay_with_their_names_where_rows_come_and_move() -> None:
    instance, book, lots = made()
    prices = np.arange(1.0, 1.0 + len(lots.gate_cost) + 2 * len(lots.order))
    kept = remembered(instance, book, lots, prices)
    more = tables()
    more["suppliers"] = {"supplier": ["N", "R", "S"], "order_cost": ["3", "0", "7"]}
    more["items"] = {name: [cells[0], *cells] for name, cells in more["items"].items()}
    more["items"]["item"] = ["0", "B", "A"]
    more["sourcing"] = {name: [*cells, cells[0]] for name, cells in more["sourcing"].items()}
    more["sourcing"]["item"][-1], more["sourcing"]["supplier"][-1] = "0", "N"
    instance, book, lots = made(more)
    found = begun(instance, book, lots, {"purchase_orders": orders(), **kept})
    again = remembered(instance, book, lots, np.nan_to_num(found.prices))["prices"]
    names = ["supplier", "period", "item", "location", "limit"]
    both = kept["prices"].merge(again, on=names)
    assert len(both) == len(kept["prices"])
    assert (both["price_x"] == both["price_y"]).all()
    new = lots.gate[instance.labels["supplier"][book.indexes["orders"]["supplier"][lots.order]] == "N"]
    assert np.isnan(found.prices[new]).all()


def test_without_lots_only_the_basis_is_kept() -> None:
    instance, book, _ = made()
    assert list(remembered(instance, book, None, NONE)) == ["basis"]


def changed(change: Callable[[dict[str, Table]], None]) -> list[str]:
    """Items that have changed after a change of the tables."""
    instance, book, lots = made()
    kept = remembered(instance, book, lots, NONE)
    now = tables()
    change(now)
    instance, book, lots = made(now)
    start = begun(instance, book, lots, {"purchase_orders": orders(), **kept})
    return list(instance.labels["item"][start.changed])


def put(table: str, column: str, row: int, cell: str) -> Callable[[dict[str, Table]], None]:
    def change(now: dict[str, Table]) -> None:
        now[table].setdefault(column, [""] * len(next(iter(now[table].values()))))[row] = cell

    return change


@pytest.mark.parametrize(
    ("change", "items"),
    [
        (lambda now: None, []),
        (put("items", "backorder_cost", 1, "6"), ["B"]),
        (put("demand", "quantity", 0, "9"), ["A"]),
        (put("demand", "due", 0, "2026-12-10"), ["A"]),
        (put("inventory", "on_hand", 1, "4"), ["B"]),
        (put("sourcing", "multiple", 2, "4"), ["B"]),
        (put("sourcing", "valid_to", 2, "2026-12-01"), ["B"]),
        (put("suppliers", "order_cost", 1, "6"), ["B"]),
        (put("suppliers", "order_cost", 0, "6"), ["A", "B"]),
        (put("customers", "weight", 1, "3"), ["B"]),
        (put("supplier_capacity", "capacity", 0, "8"), []),
    ],
)
def test_which_items_have_changed(change: Callable[[dict[str, Table]], None], items: list[str]) -> None:
    assert changed(change) == items


def test_cells_that_change_places_are_a_change_and_rows_that_do_are_none() -> None:
    def swapped(now: dict[str, Table]) -> None:
        now["demand"]["quantity"][:2] = ["2", "8"]

    def reordered(now: dict[str, Table]) -> None:
        for table in now.values():
            for cells in table.values():
                cells.reverse()

    def added(now: dict[str, Table]) -> None:
        for table in ("items", "inventory"):
            for cells in now[table].values():
                cells.append(cells[0])
            now[table]["item"][-1] = "C"

    assert changed(swapped) == ["A"]
    assert changed(reordered) == []
    assert changed(added) == ["C"]


def test_settings_are_part_of_every_item() -> None:
    instance, _, _ = made()
    other = replace(instance, settings={**instance.settings, "costs.holding_rate": 0.3})
    assert (digests(instance) != digests(other)).all()
    longer = replace(instance, calendar=replace(instance.calendar, periods=5))
    assert (digests(instance) != digests(longer)).all()


def test_a_row_for_all_items_is_part_of_every_item() -> None:
    def faster(lead_time: str) -> Instance:
        modes = {"supplier": ["S"], "mode": ["air"], "lead_time": [lead_time], "unit_cost": ["1"]}
        return made(tables() | {"transport_modes": modes})[0]

    assert (digests(faster("0")) != digests(faster("1"))).all()
