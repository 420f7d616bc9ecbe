"""Tables: declarations of several parts become one."""

from dataclasses import replace

import pytest

from models import schema
from models.parts import parts
from models.tables import (
    REQUIRED,
    Kind,
    Result,
    Table,
    date,
    merge,
    merge_results,
    money,
    number,
    periods,
    quantity,
    text,
)

KEY = (text("item", "The item."),)
PRICE = money("price", "Its price.", per="unit", default=None)
WEIGHT = number("weight", "Its weight.", unit="kg", default=1.0)


def test_columns_of_one_table_are_put_together_in_the_order_of_declaration() -> None:
    one, two = Table("items", "Things.", KEY, (PRICE,)), Table("items", "Things.", KEY, (WEIGHT, PRICE))
    other = Table("places", key=(text("place", "Where."),))
    merged = merge([one, other, two])
    assert list(merged) == ["items", "places"]
    assert merged["items"].all_columns == (*KEY, PRICE, WEIGHT)
    assert merged["items"].about == "Things."
    assert merge([]) == {}


def test_two_keys_for_one_table_are_refused() -> None:
    with pytest.raises(ValueError, match="table items is declared with two keys"):
        merge([Table("items", key=KEY), Table("items", key=(text("item", "Another."),))])


def test_two_meanings_of_one_column_are_refused() -> None:
    other = money("price", "Its price.", per="pack", default=None)
    with pytest.raises(ValueError, match=r"column items\.price is declared in two ways"):
        merge([Table("items", key=KEY, columns=(PRICE,)), Table("items", key=KEY, columns=(other,))])


def test_the_words_for_columns() -> None:
    assert text("item", "x").kind is Kind.TEXT and text("item", "x").required
    assert (quantity("q", "x").unit, quantity("q", "x").default) == ("unit", REQUIRED)
    assert (money("m", "x").unit, money("m", "x", per="unit and period").unit) == ("money", "money per unit and period")
    assert (periods("p", "x").unit, periods("p", "x").kind) == ("periods", Kind.COUNT)
    assert date("d", "x", default=None).kind is Kind.DATE and not date("d", "x", default=None).required
    assert number("n", "x", maximum=1.0).maximum == 1.0 and number("n", "x").minimum == 0.0
    assert repr(REQUIRED) == "required"


def test_a_part_adds_columns_to_a_table_that_it_shares() -> None:
    table = Table("items", "Things.", KEY, (PRICE,), optional=True)
    assert table.with_columns(WEIGHT) == Table("items", "Things.", KEY, (WEIGHT,), optional=True)


# The contract's tables and columns so far, to the name; keys first.
CONTRACT = {
    "items": "item description class unit price holding_cost quantity_step backorder_cost shortage_cost max_delay "
    "ending_value",
    "locations": "location",
    "suppliers": "supplier order_cost minimum_order_value maximum_order_value",
    "customers": "customer class weight",
    "sourcing": "item supplier location valid_from valid_to unit_cost lead_time lead_time_days order_cost "
    "minimum_quantity multiple maximum_quantity capacity_use capacity_setup share_min share_max",
    "supplier_capacity": "supplier period capacity overtime_capacity overtime_cost",
    "inventory": "item location on_hand safety_stock safety_stock_cost maximum overstock_cost",
    "open_orders": "order line arrival item supplier location quantity",
    "demand": "item customer due kind location reference quantity backorder_cost shortage_cost max_delay",
}
KEYS = {"sourcing": 4, "supplier_capacity": 2, "inventory": 2, "open_orders": 3, "demand": 6}
OPTIONAL = {"locations", "customers", "supplier_capacity", "open_orders"}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_contracts_columns_are_declared(name: str) -> None:
    table = schema.tables()[name]
    assert set(CONTRACT[name].split()) <= {column.name for column in table.all_columns}
    assert [column.name for column in table.key] == CONTRACT[name].split()[: KEYS.get(name, 1)]
    assert table.optional is (name in OPTIONAL)


def test_the_contracts_settings_are_declared_with_their_defaults() -> None:
    assert {setting.path: setting.default for setting in schema.settings()}.items() >= {
        "horizon.frozen": 0.0, "horizon.whole_packs": None, "horizon.overdue_arrival": 1.0,
        "costs.holding_rate": 0.25, "costs.backorder_rate": 0.05, "costs.shortage_rate": 2.0,
    }.items()  # fmt: skip


RESULTS = {
    "purchase_orders": "item supplier location order_period arrival_period quantity unit_cost value action",
    "allocations": "item customer due kind demand_location reference location delivery_period quantity periods_late "
    "backorder_cost",
    "backorders": "item customer due kind demand_location reference quantity late_quantity short_quantity promise cost",
    "inventory": "item location period opening receipts transfers_in transfers_out delivered on_hand",
}


def test_the_contracts_result_columns_come_first_and_in_order() -> None:
    given = {result.name: [column.name for column in result.columns] for result in schema.results()}
    for name, columns in RESULTS.items():
        assert given[name][: len(columns.split())] == columns.split()


def test_every_column_says_what_it_is() -> None:
    for table in schema.tables().values():
        for column in table.all_columns:
            assert column.about.endswith("."), f"{table.name}.{column.name}"
            plain = column.kind in (Kind.TEXT, Kind.DATE) or column.name == "weight"  # a factor has no unit
            assert column.unit or plain, f"{table.name}.{column.name} has no unit"
            if column.refers:
                assert column.refers in schema.tables()


def test_every_part_reads_only_tables_that_agree() -> None:
    merge(table for part in parts() for table in part.needs)  # raises where two parts disagree


def test_results_of_one_table_are_put_together() -> None:
    place, amount = text("place", "Where."), quantity("amount", "How much.")
    one, two = (
        Result("stock", "It.", (place, PRICE), key=("place",)),
        Result("stock", "It.", (place, amount), ("place",)),
    )
    assert merge_results([one, two])["stock"].columns == (place, PRICE, amount)
    with pytest.raises(ValueError, match="result stock is given by two parts with keys"):
        merge_results([one, Result("stock", "It.", (place, amount))])
    with pytest.raises(ValueError, match=r"column stock\.price is declared in two ways"):
        merge_results([one, Result("stock", "It.", (place, replace(PRICE, unit="money")), ("place",))])
