"""The generator: repeatable, and rich enough to be worth comparing."""

import tomllib
from pathlib import Path

from tests.reference.contract import read_contract, rows_of
from tests.reference.folder import read_tables, write_instance
from tests.reference.periods import parse_date
from tests.reference.random_instances import random_instance


def test_the_same_seed_gives_the_same_instance() -> None:
    assert random_instance(7) == random_instance(7)
    assert random_instance(7) != random_instance(8)


def test_written_files_read_back_byte_for_byte(tmp_path: Path) -> None:
    for seed in range(20):
        tables, settings = random_instance(seed, "medium")
        folder = tmp_path / str(seed)
        write_instance(folder, tables, settings)
        assert tomllib.loads((folder / "instance.toml").read_text(encoding="utf-8")) == settings
        assert read_tables(folder) == {name: dict(columns) for name, columns in tables.items()}


def test_every_rule_occurs() -> None:
    seen: set[str] = set()
    for seed in range(150):
        tables, settings = random_instance(seed)
        contract = read_contract(tables, settings)
        for name in tables:
            for row in rows_of(tables, name):
                seen |= {f"{name}.{column}" for column, cell in row.items() if cell}
        seen |= {f"settings.{key}" for key in settings} | {f"horizon.{key}" for key in settings.get("horizon", {})}
        seen |= {f"unit {contract.calendar.unit}"}
        seen |= {"old backorder" for line in contract.lines if line.due < 0}
        seen |= {"nothing asked" for cell in tables["demand"]["quantity"] if cell == "0"}
        seen |= {"same period" for offer in contract.offers if offer.arrival == offer.period}
        seen |= {"two locations"} if len(contract.locations) > 1 else set()
        seen |= {"empty table" for name in tables if not any(True for _ in rows_of(tables, name))}
    expected = [
        "items.quantity_step",
        "items.price",
        "items.holding_cost",
        "items.backorder_cost",
        "items.shortage_cost",
        "items.max_delay",
        "items.ending_value",
        "items.buyer",
        "suppliers.order_cost",
        "suppliers.minimum_order_value",
        "suppliers.maximum_order_value",
        "sourcing.location",
        "sourcing.valid_from",
        "sourcing.valid_to",
        "sourcing.lead_time",
        "sourcing.lead_time_days",
        "sourcing.order_cost",
        "sourcing.minimum_quantity",
        "sourcing.multiple",
        "sourcing.maximum_quantity",
        "sourcing.capacity_use",
        "sourcing.capacity_setup",
        "sourcing.share_min",
        "sourcing.share_max",
        "customers.weight",
        "locations.location",
        "inventory.on_hand",
        "inventory.safety_stock",
        "inventory.safety_stock_cost",
        "inventory.maximum",
        "inventory.overstock_cost",
        "open_orders.quantity",
        "demand.location",
        "demand.backorder_cost",
        "demand.shortage_cost",
        "demand.max_delay",
        "supplier_capacity.capacity",
        "supplier_capacity.overtime_cost",
        "settings.period",
        "settings.costs",
        "horizon.frozen",
        "horizon.whole_packs",
        "horizon.overdue_arrival",
    ]
    assert set(expected) <= seen
    assert {"unit day", "unit week", "unit month", "old backorder", "nothing asked", "same period"} <= seen
    assert {"two locations", "empty table"} <= seen


def test_limits_are_consistent() -> None:
    for seed in range(100):
        tables, settings = random_instance(seed)
        for offer in read_contract(tables, settings).offers:
            assert offer.maximum is None or offer.maximum >= offer.minimum
        periods = [
            (row["supplier"], read_contract(tables, settings).calendar.period(parse_date(row["period"])))
            for row in rows_of(tables, "supplier_capacity")
        ]
        assert len(periods) == len(set(periods))
