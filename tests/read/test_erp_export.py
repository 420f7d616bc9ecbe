"""The instance `erp-export`: every message that its planner gets, and ids in the plan as they stand in the export."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.calendar import Calendar
from optimizer import planning, read
from optimizer.check import check
from optimizer.planning import plan
from optimizer.read import Input
from tests.solve.in_process import InProcess

FOLDER = Path(__file__).parents[2] / "instances" / "erp-export"
OVERDUE = (
    "was due before 2026-11-23: it is expected in the period of 2026-11-30 (setting overdue_arrival); "
    "chase it, or take it off"
)
BOTH = "both count; a forecast is what is expected beside the orders"
MESSAGES = [
    "items.csv: columns 'Warengruppe', 'Disponent' are not read: items has no such columns",
    "suppliers.csv, column Name: column 'Name' is not read: suppliers has no such column",
    "customers.csv, column Ort: column 'Ort' is not read: customers has no such column",
    "inventory.csv, column Werk: column 'Werk' is not read: inventory has no such column",
    "inventory.csv, row 30, column on_hand: '3,000-' is negative and counts as 0",
    "inventory.csv, row 33, column on_hand: '14,000-' is negative and counts as 0",
    "demand.csv: columns 'Pos', 'Verkäufer' are not read: demand has no such columns",
    "open_orders.csv, column Einkäufer: column 'Einkäufer' is not read: open_orders has no such column",
    "sourcing.csv, column Einkäufer: column 'Einkäufer' is not read: sourcing has no such column",
    "demand.csv, row 9, column due: this forecast was due before 2026-11-23 and is dropped",
    "demand.csv, row 8, column due: due after the horizon, which ends on 2027-03-14, and left out",
    f"open_orders.csv, row 2, column arrival: order 4500018201 {OVERDUE}",
    f"open_orders.csv, row 3, column arrival: order 4500018201 {OVERDUE}",
    f"open_orders.csv, row 6, column arrival: order 4500018377 {OVERDUE}",
    "open_orders.csv, row 13, column arrival: order 4500018433 arrives after the horizon, which ends on 2027-03-14, "
    "and is left out",
    "demand.csv, row 143, column kind: forecast of 1000 beside orders of 250 of item 'ROHR CU 15X1' for customer "
    f"'Abholmarkt' in the period of 2026-12-21: {BOTH}",
    "demand.csv, row 221, column kind: forecast of 56 beside orders of 21 of item 'SILIKON-WEIß' for customer "
    f"'Abholmarkt' in the period of 2027-01-04: {BOTH}",
    # Two descriptions span two lines: the item in the 24th row below the header stands in line 27 of an editor.
    "items.csv, row 27, column item: '104712' and '000104712' are two items; are they one and the same?",
    "sourcing.csv, row 27, column multiple: a pack of 10 is above the minimum of 1: an order is 10 at least",
    "sourcing.csv, row 30, column unit_cost: 129 is 95.6 times 1.35, that of other rows of item 'HANF 80G'; "
    "is the decimal point or the unit right?",
]


@pytest.fixture(scope="module")
def source() -> Input:
    return read(FOLDER)


@pytest.fixture(scope="module")
def exported() -> dict[str, list[dict[str, str]]]:
    """The export, read by a few lines that know nothing of ours."""
    return {
        path.stem: list(csv.DictReader(path.read_bytes().decode("cp1252").splitlines(keepends=True), delimiter=";"))
        for path in FOLDER.glob("*.csv")
    }


def test_the_planner_gets_these_messages_and_no_other() -> None:
    report = check(FOLDER)
    assert report.faults == []
    assert [str(found) for found in report.warnings] == MESSAGES


def test_the_command_prints_them_and_the_instances_page_shows_what_it_prints() -> None:
    call = [sys.executable, "-c", "from optimizer.cli import main; main()", "check", "instances/erp-export"]
    root = FOLDER.parents[1]
    ended = subprocess.run(call, cwd=root, capture_output=True, encoding="utf-8", check=True, timeout=100)
    printed = [f"warning: {message}" for message in MESSAGES] + ["instances/erp-export: no faults, 20 warnings"]
    assert ended.stdout.splitlines() == printed
    assert "\n".join(["```", *printed, "```"]) in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_only_how_the_files_are_written_is_set(source: Input) -> None:
    assert set(source.settings_text) == {"name", "start", "periods", "read"}


def test_every_id_is_read_byte_for_byte(source: Input, exported: dict[str, list[dict[str, str]]]) -> None:
    for name, rows in exported.items():
        records = source.instance.tables[name]
        for column in records.table.key:
            if column.name in rows[0]:
                assert source.as_written(name, column.name) == [row[column.name] for row in rows], (name, column)
                assert list(records.text(column.name)) == [row[column.name] for row in rows], (name, column)


def test_numbers_and_dates_are_what_they_mean(source: Input, exported: dict[str, list[dict[str, str]]]) -> None:
    items, demand, sourcing = (source.instance[name] for name in ("items", "demand", "sourcing"))
    prices = dict(zip(items["item"], items["price"], strict=True))
    assert prices["KESSEL BW-20"] == 2890.0  # 2.890,00
    descriptions = dict(zip(items["item"], items["description"], strict=True))
    assert descriptions["VERT-5-FACH"] == "Heizkreisverteiler Edelstahl\n5-fach, mit Durchflussmesser"
    copper = [row for row in exported["demand"] if row["item"] == "ROHR CU 15X1" and row["quantity"] == "1.000,000"]
    assert copper
    assert sum(demand["quantity"][demand["item"] == "ROHR CU 15X1"] == 1000) == len(copper)
    assert str(demand["due"][0]) == "2026-10-20"
    assert source.text["demand"]["due"][0] == "2026-10-20"
    dated = {str(day) for day in sourcing["valid_to"]}
    assert dated == {"NaT", "2026-12-31", "9999-12-31"}
    assert source.text["inventory"]["on_hand"][31] == "-14"  # the audit is told what the file says
    assert source.instance["inventory"]["on_hand"].min() == 0


def test_an_order_may_have_several_lines_and_deliveries(source: Input) -> None:
    orders, calendar = source.instance["open_orders"], source.instance.calendar
    assert isinstance(calendar, Calendar)
    mine = orders["order"] == "4500018201"
    assert list(orders["line"][mine]) == ["00010", "00020", "00030", "00030"]
    assert list(calendar.index(orders["arrival"][mine])) == [-2, -2, 1, 4]
    assert list(orders["quantity"][mine]) == [180, 135, 120, 120]  # 3 × 60, 3 × 45, 4 × 30 twice


@pytest.fixture(scope="module")
def planned(source: Input, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "Engine", InProcess)
        out = tmp_path_factory.mktemp("erp") / "plan"
        plan(source, gap=0.05, time_limit=20, out=out)  # any plan will do: it is audited
        yield out


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_bytes().decode("utf-8").splitlines(keepends=True)))


def test_the_plan_names_everything_as_the_export_does(planned: Path, exported: dict[str, list[dict[str, str]]]) -> None:
    def names(row: dict[str, str], location: str) -> tuple[str, ...]:
        return tuple(row[name] for name in ("item", "customer", "due", "kind", location, "reference"))

    lines = {names(row, "location") for row in exported["demand"]}
    given, waiting = (rows_of(planned / f"{name}.csv") for name in ("allocations", "backorders"))
    assert {names(row, "demand_location") for row in given + waiting} <= lines
    # Every line that counts (not the last forecast, nor the order after the horizon) is delivered or is short.
    assert len({names(row, "demand_location") for row in given + waiting}) == len(lines) - 2
    assert {row["due"] for row in waiting} >= {"20.10.2026", "13.11.2026", "20.11.2026"}  # the old backorders
    for name in ("purchase_orders", "inventory", "costs"):
        for row in rows_of(planned / f"{name}.csv"):
            assert row["item"] in {item["item"] for item in exported["items"]} | ({""} if name == "costs" else set())
            assert row.get("supplier", "") in {"", *(supplier["supplier"] for supplier in exported["suppliers"])}
            assert row["location"] in {"", "Nürnberg", "Außenlager Fürth"}


def test_the_plan_keeps_ids_that_look_like_something_else(planned: Path) -> None:
    items = {row["item"] for row in rows_of(planned / "allocations.csv")}
    assert {"NA", "1E5", "000104712", "104712", "VENT-Ø16", "SILIKON-WEIß", "RÜ-0815", "ROHR CU 15X1"} <= items


def test_overdue_orders_arrive_in_the_second_week(planned: Path) -> None:
    ball_valve = [
        row for row in rows_of(planned / "inventory.csv") if (row["item"], row["location"]) == ("000104711", "Nürnberg")
    ]
    # 180 open since 10 November; what is ordered now at the earliest arrives then too, from S-WÖRTH.
    assert ball_valve[0]["receipts"] == "0"
    assert float(ball_valve[1]["receipts"]) >= 180
