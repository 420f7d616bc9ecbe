"""Groups: which cells a name means, what they stand for, and what a factor makes of them."""

import pytest

from optimizer.read import Input, read
from optimizer.tune.groups import changed_tables, named, scaled
from optimizer.tune.refused import TuneRefused
from tests.results.frames import frames
from tests.tune.breaking_even import tables


@pytest.fixture(scope="module")
def source() -> Input:
    """Two items, one of which has no costs of its own; one line that says otherwise than its item."""
    other = {
        "items": {
            "item": ["A", "B"], "class": ["fast", "slow"], "price": ["10", "20"], "backorder_cost": ["3", ""],
            "shortage_cost": ["4", ""], "ending_value": ["0", "0"],
        },
        "sourcing": {"item": ["A", "B"], "supplier": ["S", "S"], "unit_cost": ["2", "2"], "lead_time": ["0", "0"]},
        "inventory": {"item": ["A", "B"], "location": ["main", "main"]},
        "demand": {
            "item": ["A", "A", "B"], "customer": ["C", "D", "C"], "due": ["2026-11-23"] * 3, "quantity": ["10"] * 3,
            "backorder_cost": ["", "7", ""],
        },
    }  # fmt: skip
    return read(frames({**tables(), **other}), settings={"name": "two", "start": "2026-11-23", "periods": 2})


def cells(source: Input, table: str, column: str) -> list[str]:
    return source.text[table][column]


def test_a_bare_name_takes_items_and_the_lines_that_say_otherwise(source: Input) -> None:
    group = named(source, "backorder_cost")
    assert [(one.table, one.rows.tolist(), one.numbers.tolist()) for one in group.cells] == [
        ("items", [0, 1], [3.0, 1.0]),  # 20 x 0.05 where the cell is empty
        ("demand", [1], [7.0]),
    ]
    other = scaled(source, [group], [1.5])
    assert cells(other, "items", "backorder_cost") == ["4.5", "1.5"]
    assert cells(other, "demand", "backorder_cost") == ["", "10.5", ""]
    assert changed_tables(source, [group]) == ["items", "demand"]


def test_brackets_choose_rows(source: Input) -> None:
    for name in ("items[class=slow].shortage_cost", "items[B].shortage_cost", "shortage_cost[class=slow]"):
        other = scaled(source, [named(source, name)], [0.5])
        assert cells(other, "items", "shortage_cost") == ["4", "20"]  # half of 20 x 2


def test_a_table_that_is_not_there_has_the_rows_that_others_imply(source: Input) -> None:
    assert "customers" not in source.text
    other = scaled(source, [named(source, "customers[D].weight")], [3.0])
    assert cells(other, "customers", "customer") == ["C", "D"]
    assert cells(other, "customers", "weight") == ["", "3"]


def test_a_setting(source: Input) -> None:
    group = named(source, "costs.backorder_rate")
    assert group.shown(2.0) == 0.1
    assert named(source, "backorder_rate").setting == group.setting
    other = scaled(source, [group], [2.0])
    assert other.settings_text["costs"] == {"backorder_rate": 0.1}
    assert other.instance.setting("costs.backorder_rate") == 0.1


def test_two_groups_that_share_a_cell_both_multiply_it(source: Input) -> None:
    groups = [named(source, "items.shortage_cost"), named(source, "items[A].shortage_cost")]
    assert cells(scaled(source, groups, [2.0, 3.0]), "items", "shortage_cost") == ["24", "80"]


def test_a_factor_of_one_changes_nothing(source: Input) -> None:
    assert scaled(source, [named(source, "shortage_cost")], [1.0]) is source


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shortage_costs", "did you mean|no table has"),
        ("items.shortage", "no column 'shortage'"),
        ("item.shortage_cost", "no table 'item'"),
        ("items[Z].shortage_cost", "no row of items has item 'Z'"),
        ("items[class].shortage_cost", "no row of items has item 'class'"),
        ("demand.quantity", "is no cost"),
        ("items.late_cost", "every cell of it is 0"),
        ("unit_cost", "unit_cost|no cost"),
        ("costs.holding", "no table 'costs'"),
        ("horizon.frozen", "not varied"),
        ("shortage_cost[class=", "'"),
    ],
)
def test_what_is_no_penalty_is_refused(source: Input, name: str, message: str) -> None:
    if name == "unit_cost":  # one table of the instance has it
        assert named(source, name).cells[0].table == "sourcing"
        return
    with pytest.raises(TuneRefused, match=message):
        named(source, name)
