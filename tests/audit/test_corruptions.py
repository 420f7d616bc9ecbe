"""What the audit refuses: a clean plan, one thing at a time made wrong.

`FILES` are corruptions of the plan's files, each with a rule that must be among those named. `INSTANCE` leaves the plan
as it is and changes what it had to obey or cost, so that a rule is seen alone: exactly the rules given are named.
What is told of each, word for word, is kept in golden/corruptions.json.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from optimizer.audit import Violation, audit
from tests.audit.example import Example

ORDERS, ALLOCATIONS, BACKORDERS = "purchase_orders.csv", "allocations.csv", "backorders.csv"
STOCK, COSTS = "inventory.csv", "costs.csv"
GOLDEN = Path(__file__).parent / "golden" / "corruptions.json"
Change = Callable[[Example], object]


def told_as_before(name: str, violations: Sequence[Violation], update: bool) -> None:
    """Every word of it; in the order of the concepts, each in that of its rows."""
    now, golden = [str(violation) for violation in violations], json.loads(GOLDEN.read_text(encoding="utf-8"))
    if update:
        kept = {**golden, name: now}
        GOLDEN.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    else:
        assert now == golden[name], "if other words were meant, run pytest --update -n 0"


def cell(file: str, row: int, column: str, value: str) -> Change:
    return lambda example: example.cell(file, row, column, value)


def drop(file: str, row: int) -> Change:
    return lambda example: example.files[file].pop(row - 1)


def repeat(file: str, row: int) -> Change:
    return lambda example: example.files[file].append(example.files[file][row - 1])


def add(file: str, *cells: str) -> Change:
    return lambda example: example.files[file].append(list(cells))


def each_row(file: str, change: Callable[[list[str]], object]) -> Change:
    def corrupt(example: Example) -> None:
        for row in example.files[file]:
            change(row)

    return corrupt


def figure(name: str, value: object) -> Change:
    return lambda example: example.plan.update({name: value})


FILES: dict[str, tuple[str, Change]] = {
    # sourcing
    "order below the minimum": ("minimum_order", cell(ORDERS, 2, "quantity", "10")),
    "order above the maximum": ("maximum_order", cell(ORDERS, 2, "quantity", "210")),
    "order not in whole packs": ("whole_packs", cell(ORDERS, 2, "quantity", "45")),
    "order of nothing": ("positive_quantity", cell(ORDERS, 5, "quantity", "0")),
    "negative order": ("positive_quantity", cell(ORDERS, 5, "quantity", "-10")),
    "order from a supplier who does not sell it": ("sourcing_row", cell(ORDERS, 4, "supplier", "acme")),
    "order for a location nobody delivers to": ("sourcing_row", cell(ORDERS, 5, "location", "south")),
    "price of the later row": ("unit_cost", cell(ORDERS, 5, "unit_cost", "7")),
    "price of the row for all locations": ("unit_cost", cell(ORDERS, 3, "unit_cost", "5.2")),
    "value is another": ("order_value", cell(ORDERS, 4, "value", "301")),
    "arrival too soon": ("lead_time", cell(ORDERS, 2, "arrival_period", "2026-11-30")),
    "arrival too late": ("lead_time", cell(ORDERS, 4, "arrival_period", "2026-12-14")),
    "order that arrives after the horizon": ("within_horizon", cell(ORDERS, 2, "order_period", "2026-12-28")),
    "order written twice": ("one_order_line", repeat(ORDERS, 6)),
    "order left out": ("receipts", drop(ORDERS, 4)),
    "order in a frozen period": ("frozen_periods", cell(ORDERS, 4, "order_period", "2026-11-23")),
    "planned order released": ("action", cell(ORDERS, 5, "action", "release")),
    "released order planned": ("action", cell(ORDERS, 2, "action", "planned")),
    "order moved a week": ("account", cell(ORDERS, 6, "order_period", "2026-12-14")),
    "half a gear ordered": ("quantity_step", cell(ORDERS, 4, "quantity", "5.5")),
    # fulfilment
    "half a gear delivered": ("quantity_step", cell(ALLOCATIONS, 7, "quantity", "3.5")),
    "delivered to nobody": ("demand_line", cell(ALLOCATIONS, 2, "reference", "R8")),
    "delivered to a forecast of the past": ("demand_line", cell(ALLOCATIONS, 5, "due", "2026-11-01")),
    "delivered to demand after the horizon": ("demand_line", cell(ALLOCATIONS, 9, "due", "2027-03-01")),
    "due written otherwise than in the input": ("demand_line", cell(ALLOCATIONS, 5, "due", "2026-12-07")),
    "kind left out": ("demand_line", cell(ALLOCATIONS, 2, "kind", "")),
    "more than was asked for": ("line_quantity", cell(ALLOCATIONS, 2, "quantity", "11")),
    "delivery of nothing": ("positive_quantity", cell(ALLOCATIONS, 4, "quantity", "0")),
    "negative delivery": ("positive_quantity", cell(ALLOCATIONS, 4, "quantity", "-4")),
    "delivered early": ("never_early", cell(ALLOCATIONS, 9, "delivery_period", "2026-12-14")),
    "delivered after it may wait": ("max_delay", cell(ALLOCATIONS, 8, "delivery_period", "2026-12-14")),
    "delivered from another location": ("demand_location", cell(ALLOCATIONS, 5, "location", "north")),
    "lateness since the start, not since due": ("periods_late", cell(ALLOCATIONS, 4, "periods_late", "1")),
    "late but said to be on time": ("periods_late", cell(ALLOCATIONS, 6, "periods_late", "0")),
    "waiting without the customer's weight": ("backorder_cost", cell(ALLOCATIONS, 4, "backorder_cost", "1.6")),
    "delivery left out": ("delivered", drop(ALLOCATIONS, 8)),
    "delivery written twice": ("delivered", repeat(ALLOCATIONS, 8)),
    "one unit less delivered": ("delivered", cell(ALLOCATIONS, 9, "quantity", "29")),
    # backorders
    "backorder left out": ("backorder_row_missing", drop(BACKORDERS, 3)),
    "backorder written twice": ("one_backorder_row", repeat(BACKORDERS, 3)),
    "backorder of a line served on time": (
        "backorder_row_needless",
        add(BACKORDERS, "bolt", "ann", "2026-11-23", "order", "", "", "10", "0", "0", "2026-11-29", "0"),
    ),
    "backorder of nobody": ("demand_line", cell(BACKORDERS, 2, "customer", "bob")),
    "asked quantity is another": ("quantity", cell(BACKORDERS, 3, "quantity", "24")),
    "old order's first delivery not late": ("late_quantity", cell(BACKORDERS, 2, "late_quantity", "4")),
    "short quantity hidden": ("short_quantity", cell(BACKORDERS, 3, "short_quantity", "0")),
    "promise of the first day": ("promise", cell(BACKORDERS, 4, "promise", "2026-12-07")),
    "promise left out": ("promise", cell(BACKORDERS, 4, "promise", "")),
    "line's cost without what is short": ("backorder_cost", cell(BACKORDERS, 3, "cost", "2.6")),
    # stock
    "stock that does not add up": ("balance", cell(STOCK, 5, "on_hand", "33")),
    "stock that was not there before": ("opening", cell(STOCK, 4, "opening", "51")),
    "opening stock of nowhere": ("opening", cell(STOCK, 2, "opening", "13")),
    "receipt of nothing": ("receipts", cell(STOCK, 10, "receipts", "1")),
    "delivery to nobody": ("delivered", cell(STOCK, 6, "delivered", "1")),
    "transfer from nowhere": ("transfers_in", cell(STOCK, 6, "transfers_in", "1")),
    "transfer to nowhere": ("transfers_out", cell(STOCK, 6, "transfers_out", "1")),
    "negative stock": ("stock_not_negative", cell(STOCK, 2, "on_hand", "-1")),
    "period with stock left out": ("stock_row_missing", drop(STOCK, 4)),
    "first period left out": ("stock_row_missing", drop(STOCK, 2)),
    "last period left out": ("stock_row_missing", drop(STOCK, 17)),
    "period written twice": ("one_stock_row", repeat(STOCK, 6)),
    # costs
    "a cent too much for goods": ("account", cell(COSTS, 2, "amount", "208.01")),
    "amount left out": ("account", drop(COSTS, 10)),
    "amount written twice": ("account", repeat(COSTS, 14)),
    "joint cost charged to an item": ("account", cell(COSTS, 10, "item", "bolt")),
    "shortage in another period": ("account", cell(COSTS, 18, "period", "2026-12-14")),
    "holding at another location": ("account", cell(COSTS, 20, "location", "south")),
    "ending value with the wrong sign": ("account", cell(COSTS, 39, "amount", "166.4")),
    "account nobody knows": ("unknown_account", add(COSTS, "bribes", "", "acme", "", "", "2026-11-30", "5")),
    "cost outside the horizon": ("period", add(COSTS, "holding", "bolt", "", "", "north", "2027-06-07", "0")),
    "costs that do not add up to the objective": ("total_cost", cell(COSTS, 2, "amount", "209")),
    # identities
    "item with a blank before it": ("identity", cell(ORDERS, 2, "item", " bolt")),
    "supplier in capitals": ("identity", cell(ORDERS, 2, "supplier", "ACME")),
    "location that is none": ("identity", cell(STOCK, 6, "location", "east")),
    "customer that is none": ("identity", cell(COSTS, 15, "customer", "eve")),
    "delivery from no location": ("identity", cell(ALLOCATIONS, 2, "location", "")),
    # figures of plan.json
    "cost made smaller": ("plan_figures", figure("objective", 795.0)),
    "bound above the cost": ("plan_figures", figure("bound", 797.0)),
    "bound of another plan": ("plan_figures", figure("bound", 700.0)),
    "infinite bound": ("file", figure("bound", float("-inf"))),
    "gap is another": ("plan_figures", figure("gap", 0.001)),
    "gap in money is another": ("plan_figures", figure("gap_money", 3.0)),
    "controllable gap of the whole cost": ("plan_figures", figure("gap_controllable", 0.004346462)),
    "fill rate on time counts old orders": ("plan_figures", figure("fill_rate_on_time", 0.7125)),
    "fill rate is another": ("plan_figures", figure("fill_rate", 0.94)),
    "figure left out": ("plan_figures", lambda example: example.plan.pop("gap_controllable")),
    "figure is a text": ("plan_figures", figure("objective", "796.625")),
    "status of its own": ("plan_figures", figure("status", "best")),
    "optimal above the gap asked for": (
        "plan_figures",
        lambda example: example.run.update(settings={"gap": 0.001}),
    ),
    "account of plan.json is another": ("plan_figures", figure("accounts", {"holding": 1})),
    "account of plan.json that nobody knows": ("plan_figures", figure("accounts", {"bribes": 1})),
    # files
    "file left out": ("file", lambda example: example.files.pop(BACKORDERS)),
    "column left out": ("file", each_row(ORDERS, list.pop)),
    "columns in another order": ("file", each_row(COSTS, list.reverse)),
    "column named twice": ("file", each_row(COSTS, lambda row: row.append(row[0]))),
    "row cut short": ("file", lambda example: example.files[STOCK][3].pop()),
    "only row cut short": (
        "file",
        lambda example: example.files.update({BACKORDERS: [example.files[BACKORDERS][0], ["bolt", "ann"]]}),
    ),
    "number with an exponent": ("file", cell(ORDERS, 2, "quantity", "4e1")),
    "number with a decimal comma": ("file", cell(COSTS, 6, "amount", "84,0")),
    "empty number": ("file", cell(STOCK, 3, "transfers_in", "")),
    "no number": ("file", cell(STOCK, 3, "on_hand", "nan")),
    "day that begins no period": ("file", cell(ORDERS, 2, "order_period", "2026-12-01")),
    "period before the horizon": ("file", cell(ALLOCATIONS, 2, "delivery_period", "2026-11-16")),
}


@pytest.mark.parametrize("name", FILES)
def test_corrupted_files_are_refused(name: str, tmp_path: Path, update: bool) -> None:
    rule, change = FILES[name]
    example = Example(run={})
    change(example)
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert rule in {violation.rule for violation in violations}, [str(violation) for violation in violations]
    told_as_before(name, violations, update)


def table(name: str, row: int, column: str, value: str) -> Change:
    return lambda example: example.table_cell(name, row, column, value)


def add_row(name: str, **cells: str) -> Change:
    def change(example: Example) -> None:
        for column, texts in example.tables[name].items():
            texts.append(cells.get(column, ""))

    return change


def horizon(name: str, value: object) -> Change:
    return lambda example: example.settings["horizon"].update({name: value})


def rates(name: str, value: float) -> Change:
    return lambda example: example.settings.update(costs={name: value})


ACCOUNT, TWICE = {"account", "plan_figures"}, {"account", "plan_figures", "backorder_cost"}

INSTANCE: dict[str, tuple[set[str], Change]] = {
    "minimum quantity": ({"minimum_order"}, table("sourcing", 6, "minimum_quantity", "6")),
    "maximum quantity": ({"maximum_order"}, table("sourcing", 2, "maximum_quantity", "30")),
    "multiple": ({"whole_packs"}, table("sourcing", 2, "multiple", "15")),
    "whole packs for longer": ({"whole_packs"}, horizon("whole_packs", 5)),
    "whole packs for ever": ({"whole_packs"}, lambda example: example.settings["horizon"].pop("whole_packs")),
    "quantity step of what is ordered and delivered": ({"quantity_step"}, table("items", 3, "quantity_step", "2")),
    "valid later": ({"sourcing_row"} | ACCOUNT, table("sourcing", 6, "valid_from", "2026-12-07")),
    "valid no longer": ({"sourcing_row"} | ACCOUNT, table("sourcing", 6, "valid_to", "2026-11-29")),
    "first day of the period decides": (
        {"unit_cost", "order_value", "whole_packs"} | ACCOUNT,  # the next row's price and packs
        table("sourcing", 4, "valid_to", "2026-12-06"),
    ),
    "lead time": ({"lead_time"}, table("sourcing", 6, "lead_time", "2")),
    "lead time in days, rounded up": ({"lead_time"}, table("sourcing", 3, "lead_time_days", "15")),
    "lead time beyond the horizon": ({"within_horizon"}, table("sourcing", 6, "lead_time", "5")),
    "price": ({"unit_cost", "order_value"} | ACCOUNT, table("sourcing", 6, "unit_cost", "61")),
    "line cost": (ACCOUNT, table("sourcing", 6, "order_cost", "2")),
    "smallest share": ({"shares"}, table("sourcing", 2, "share_min", "0.8")),
    "smallest share of one who sells nothing": (
        {"shares"},
        add_row("sourcing", item="gear", supplier="acme", unit_cost="70", lead_time="1", share_min="0.1"),
    ),
    "largest share at a location": ({"shares"}, table("sourcing", 4, "share_max", "0.3")),
    "more frozen periods": ({"frozen_periods", "action"}, horizon("frozen", 2)),
    "fewer frozen periods": ({"action"}, horizon("frozen", 0)),
    "minimum order value": ({"minimum_order_value"}, table("suppliers", 3, "minimum_order_value", "70")),
    "maximum order value": ({"maximum_order_value"}, table("suppliers", 2, "maximum_order_value", "310")),
    "joint order cost": (ACCOUNT, table("suppliers", 3, "order_cost", "13")),
    "capacity": ({"supplier_capacity"}, table("supplier_capacity", 3, "capacity", "9")),
    "overtime capacity": ({"supplier_capacity"}, table("supplier_capacity", 2, "overtime_capacity", "7")),
    "overtime cost": (ACCOUNT, table("supplier_capacity", 2, "overtime_cost", "3")),
    "capacity use": (ACCOUNT, table("sourcing", 3, "capacity_use", "0.3")),
    "capacity use that is not given": ({"supplier_capacity"} | ACCOUNT, table("sourcing", 3, "capacity_use", "")),
    "capacity setup": (ACCOUNT, table("sourcing", 2, "capacity_setup", "4")),
    "capacity that was unlimited": ({"supplier_capacity"}, table("supplier_capacity", 4, "capacity", "0")),
    "opening stock": ({"opening"}, table("inventory", 4, "on_hand", "5")),
    "opening stock where there was none": ({"stock_row_missing"}, table("inventory", 5, "on_hand", "5")),
    "safety stock": (ACCOUNT, table("inventory", 2, "safety_stock", "11")),
    "safety stock where nothing ever is": (ACCOUNT, table("inventory", 5, "safety_stock", "1")),
    "safety stock cost": (ACCOUNT, table("inventory", 4, "safety_stock_cost", "4")),
    "maximum": (ACCOUNT, table("inventory", 2, "maximum", "44")),
    "overstock cost": (ACCOUNT, table("inventory", 2, "overstock_cost", "0.2")),
    "holding cost": (ACCOUNT, table("items", 3, "holding_cost", "0.9")),
    "holding rate": (ACCOUNT, rates("holding_rate", 0.26)),
    "backorder rate": (TWICE, rates("backorder_rate", 0.06)),
    "shortage rate": (TWICE, rates("shortage_rate", 3)),
    "price for the rates": (TWICE, table("items", 2, "price", "6")),
    "ending value": (ACCOUNT, table("items", 3, "ending_value", "19")),
    "ending value that is not given": (ACCOUNT, table("items", 3, "ending_value", "")),
    "open order": ({"receipts"}, table("open_orders", 2, "quantity", "16")),
    "open order that comes later": ({"receipts", "stock_row_missing"}, horizon("overdue_arrival", 0)),
    "open order that comes in the first week": (
        {"receipts", "stock_row_missing"},
        table("open_orders", 2, "arrival", "2026-11-23"),
    ),
    "open order that comes after all": ({"receipts"}, table("open_orders", 4, "arrival", "2026-12-28")),
    "customer's weight": (TWICE, table("customers", 2, "weight", "3")),
    "line's backorder cost": (TWICE, table("demand", 4, "backorder_cost", "0.5")),
    "line's shortage cost": (TWICE, table("demand", 3, "shortage_cost", "9")),
    "item's longest wait": ({"max_delay"}, table("items", 3, "max_delay", "0")),
    "line's longest wait": ({"max_delay"}, table("demand", 3, "max_delay", "0")),
    "old order's longest wait counts from the start": ({"max_delay"}, table("demand", 4, "max_delay", "0")),
    "more demand": ({"backorder_row_missing"} | ACCOUNT, table("demand", 8, "quantity", "31")),
    "less demand": ({"line_quantity", "plan_figures"}, table("demand", 8, "quantity", "29")),
}

# What changes nothing, or comes just to the limit.
HARMLESS: dict[str, Change] = {
    "least quantity": table("sourcing", 2, "minimum_quantity", "40"),
    "most quantity": table("sourcing", 2, "maximum_quantity", "40"),
    "one pack": table("sourcing", 2, "multiple", "40"),
    "whole packs for as long as they are": horizon("whole_packs", 4),
    "one supplier's whole share": table("sourcing", 6, "share_min", "1"),
    "share of what nobody orders": add_row("sourcing", item="nut", supplier="acme", unit_cost="1", share_min="0.5"),
    "least order value": table("suppliers", 2, "minimum_order_value", "318"),
    "most order value": table("suppliers", 2, "maximum_order_value", "318"),
    "just enough overtime": table("supplier_capacity", 2, "overtime_capacity", "8"),
    "capacity of the past": add_row("supplier_capacity", supplier="acme", period="2026-11-22", capacity="0"),
    "capacity after the horizon": add_row("supplier_capacity", supplier="acme", period="2027-01-04", capacity="0"),
    "line may wait as long as it does": table("demand", 4, "max_delay", "1"),
    "valid in the week only": table("sourcing", 6, "valid_from", "2026-12-06"),
    "open order that is not overdue": table("open_orders", 2, "arrival", "2026-11-30"),
    "stock below nothing by what a solver lets pass": cell(STOCK, 2, "on_hand", "-0.0000004"),
    "demand for nothing": add_row("demand", item="bolt", customer="eve", due="2026-12-07", quantity="0"),
    "tables that nobody knows": lambda example: example.tables.update(
        moods={"period": ["2026-11-30"], "amount": ["1"]}
    ),
    "bound far below the cost": lambda example: example.plan.update(
        bound=-1.0, gap_money=797.625, gap=1.001255296, gap_controllable=23.036101083, status="feasible"
    ),
}

# Where one change breaks much else: the rule that must be among those named.
ENTANGLED: dict[str, tuple[str, Change]] = {
    "line's location, part of its name": ("demand_line", table("demand", 2, "location", "south")),
    "location that is gone": (
        "identity",
        lambda example: example.tables.update(locations={"location": ["north"]}),
    ),
    "start a week earlier": (
        "file",
        lambda example: example.settings.update(start="2026-11-16", periods=5),
    ),
    "number that cannot be read": ("input", table("supplier_capacity", 4, "capacity", "a lot")),
    "date that cannot be read": ("input", table("sourcing", 5, "valid_from", "10.12.2026")),
    "stock told twice": ("input", table("inventory", 5, "location", "north")),
    "demand told twice": (
        "input",
        add_row("demand", item="bolt", customer="ann", due="2026-11-23", kind="order", quantity="1"),
    ),
}


@pytest.mark.parametrize("name", INSTANCE)
def test_plan_that_disobeys_is_refused_for_that(name: str, tmp_path: Path, update: bool) -> None:
    rules, change = INSTANCE[name]
    example = Example(run={})
    change(example)
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert {violation.rule for violation in violations} == rules, [str(violation) for violation in violations]
    told_as_before(name, violations, update)


@pytest.mark.parametrize("name", HARMLESS)
def test_plan_that_obeys_passes(name: str, tmp_path: Path) -> None:
    example = Example()
    HARMLESS[name](example)
    assert [str(v) for v in audit(example.tables, example.settings, example.write(tmp_path))] == []


def test_capacity_holds_from_the_first_period(tmp_path: Path) -> None:
    example = Example(settings={"start": "2026-11-23", "periods": 6}, run={})
    example.cell(ORDERS, 5, "order_period", "2026-11-23")
    example.table_cell("supplier_capacity", 3, "period", "2026-11-23")
    example.table_cell("supplier_capacity", 3, "capacity", "9")
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert [v.period for v in violations if v.rule == "supplier_capacity"] == ["2026-11-23"]


@pytest.mark.parametrize("name", ENTANGLED)
def test_plan_of_another_instance_is_refused(name: str, tmp_path: Path, update: bool) -> None:
    rule, change = ENTANGLED[name]
    example = Example(run={})
    change(example)
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert rule in {violation.rule for violation in violations}, [str(violation) for violation in violations]
    told_as_before(name, violations, update)


RECORD: dict[str, tuple[str, str, object]] = {
    "rows": (ORDERS, "rows", 6),
    "total": (ORDERS, "totals", {"quantity": 88}),
    "total of no column": (ORDERS, "totals", {"price": 88}),
    "total of a column of texts": (ORDERS, "totals", {"action": 88}),
    "hash": (COSTS, "sha256", "0" * 64),
}


@pytest.mark.parametrize("name", RECORD)
def test_wrong_run_record_is_refused(name: str, tmp_path: Path, update: bool) -> None:
    file, figure_name, value = RECORD[name]
    example = Example()
    example.run["files"][file][figure_name] = value
    violations = audit(example.tables, example.settings, example.write(tmp_path))
    assert [violation.rule for violation in violations] == ["run_record"]
    told_as_before(f"record: {name}", violations, update)


BYTES = {
    "other encoding": (ORDERS, "item,b\xf6lt".encode("latin-1")),
    "quote that never ends": (ORDERS, (",".join(Example().files[ORDERS][0]) + '\n"bolt,acme\n').encode()),
    "empty file": (COSTS, b""),
    "no JSON": ("plan.json", b"{"),
    "JSON that is no object": ("plan.json", b"[]"),
    "JSON with NaN": ("plan.json", b'{"objective": NaN}'),
    "no JSON of the run": ("run.json", b"{"),
}


@pytest.mark.parametrize("name", BYTES)
def test_unreadable_file_is_refused(name: str, tmp_path: Path) -> None:
    file, content = BYTES[name]
    example = Example(run={})
    (example.write(tmp_path) / file).write_bytes(content)
    violations = audit(example.tables, example.settings, tmp_path)
    assert ("file", file) in {(violation.rule, violation.file) for violation in violations}
