"""Each look at what is allowed and probably wrong: told where it should be, and not where it should not."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from optimizer.check import check
from optimizer.check.checking import looks
from optimizer.read.new import new

SOURCING = "item,supplier,unit_cost,lead_time,minimum_quantity,multiple\n"
DEMAND = "item,customer,due,kind,reference,quantity\n"
# Three items, ten lines of ten units each a week apart: 100 in 26 weeks, 200 a year.
LINES = "".join(f"{item},C1,2026-12-07,order,R{k},10\n" for item in ("A", "B", "C") for k in range(10))
SOUND = {
    "items": "item,class\nA,x\nB,x\nC,x\n",
    "suppliers": "supplier\nS\nT\n",
    "locations": "location\n",
    "customers": "customer\n",
    "sourcing": f"{SOURCING}A,S,4,1,,\nB,S,5,1,,\nC,S,6,1,,\n",
    "inventory": "item,location,on_hand\nA,main,5\n",
    "demand": DEMAND + LINES,
}


def told(folder: Path, changes: Mapping[str, str], *rules: str) -> list[str]:
    """Findings of some rules (all looks have rules of their own), in a new instance with these tables."""
    given = {**SOUND, **changes}
    for file in new(folder):
        if file.suffix == ".csv" and file.stem not in given:
            file.unlink()
    for name, text in given.items():
        (folder / f"{name}.csv").write_text(text)
    report = check(folder)
    assert report.faults == []
    return [str(found) for found in report.warnings if found.rule in rules]


def test_a_sound_instance_is_plausible(tmp_path: Path) -> None:
    rules = ("price far off", "demand spike", "pack above minimum", "minimum is no multiple", "years of stock",
             "forecast with orders", "lookalike ids")  # fmt: skip
    assert told(tmp_path / "x", {}, *rules) == []


def test_a_price_ten_times_its_neighbours(tmp_path: Path) -> None:
    # Of A's three rows the median of the others is 4.1: 45 is 11 times that.
    rows = f"{SOURCING}A,S,4,1,,\nA,T,45,1,,\nB,S,5,1,,\nB,T,7,1,,\nC,S,6,1,,\n"
    assert told(tmp_path / "rows", {"sourcing": rows}, "price far off") == [
        "sourcing.csv, row 3, column unit_cost: 45 is 11.2 times 4, that of other rows of item 'A'; "
        "is the decimal point or the unit right?"
    ]
    rows = f"{SOURCING}A,S,4,1,,\nA,T,4.2,1,,\nC,S,6,1,,\nB,S,5,1,,\n" + "A,U,0.4,1,,\n"
    suppliers = "supplier\nS\nT\nU\n"
    # The others' median is 4.1, and 4.1 / 0.4 = 10.25.
    assert told(tmp_path / "low", {"sourcing": rows, "suppliers": suppliers}, "price far off") == [
        "sourcing.csv, row 6, column unit_cost: 0.4 is 1/10.2 of 4.1, that of other rows of item 'A'; "
        "is the decimal point or the unit right?"
    ]


def test_what_costs_nothing_says_nothing_of_other_prices(tmp_path: Path) -> None:
    rows = f"{SOURCING}A,S,4,1,,\nA,T,0,1,,\nB,S,5,1,,\nC,S,6,1,,\n"
    items = "item,class,shortage_cost,ending_value\nA,x,99,0\nB,x,99,0\nC,x,99,0\n"
    assert told(tmp_path / "x", {"sourcing": rows, "items": items}, "price far off") == []


def test_a_price_beside_those_of_its_class(tmp_path: Path) -> None:
    items = "item,class\nA,x\nB,x\nC,x\nD,x\nE,x\n"
    rows = f"{SOURCING}A,S,4,1,,\nB,S,5,1,,\nC,S,6,1,,\nD,S,7,1,,\nE,S,70,1,,\n"
    assert told(tmp_path / "x", {"items": items, "sourcing": rows}, "price far off") == [
        "sourcing.csv, row 6, column unit_cost: 70 is 11.7 times 6, that of items of class 'x'; "
        "is the decimal point or the unit right?"
    ]


def test_a_stated_price_beside_what_it_costs(tmp_path: Path) -> None:
    items = "item,price\nA,400\nB,5\nC,0.06\n"
    found = told(tmp_path / "x", {"items": items}, "price far off")
    assert [line.split(";")[0] for line in found] == [
        "items.csv, row 2, column price: 400 is 100 times 4, that of its lowest unit_cost",
        "items.csv, row 4, column price: 0.06 is 1/100 of 6, that of its lowest unit_cost",
    ]


def test_a_demand_spike(tmp_path: Path) -> None:
    lines = LINES + "A,C1,2026-12-07,order,R99,100\nB,C1,2026-12-07,order,R99,99\nB,C2,2026-12-07,order,R1,5000\n"
    # The median of A's lines is 10: 100 is ten times that, 99 is not; one line of C2 has no usual quantity.
    assert told(tmp_path / "x", {"demand": DEMAND + lines}, "demand spike") == [
        "demand.csv, row 32, column quantity: 100 is 10 times 10, what customer 'C1' usually takes of item 'A'; "
        "is the quantity right?"
    ]


def test_packs_and_minimums_that_do_not_fit(tmp_path: Path) -> None:
    rows = f"{SOURCING}A,S,4,1,10,12\nB,S,5,1,10,4\nC,S,6,1,0.3,0.1\n"
    assert told(tmp_path / "x", {"sourcing": rows}, "pack above minimum", "minimum is no multiple") == [
        "sourcing.csv, row 2, column multiple: a pack of 12 is above the minimum of 10: an order is 12 at least",
        "sourcing.csv, row 3, column minimum_quantity: the minimum of 10 is no multiple of 4: an order is 12 at least",
    ]
    rows = "item,supplier,unit_cost,lead_time,minimum_quantity,multiple,maximum_quantity\n"
    rows += "A,S,4,1,11,10,19\nB,S,5,1,,4,3\nC,S,6,1,10,10,10\nD,S,6,1,0.3,0.1,0.3\n"
    items = "item\nA\nB\nC\nD\n"
    assert told(tmp_path / "y", {"sourcing": rows, "items": items}, "no pack below maximum") == [
        f"sourcing.csv, row {row}, column maximum_quantity: in packs of {pack} an order is {least} at least, "
        f"and {most} is the most: nothing can be ordered where packs are whole"
        for row, pack, least, most in ((2, 10, 20, 19), (3, 4, 4, 3))
    ]


def test_an_order_that_covers_years(tmp_path: Path) -> None:
    # 100 in 26 weeks are 200 a year: 400 are two years, 401 more than two.
    rows = f"{SOURCING}A,S,4,1,400,\nB,S,5,1,401,\nC,S,6,1,,5000\n"
    assert told(tmp_path / "x", {"sourcing": rows}, "years of stock") == [
        "sourcing.csv, row 3, column minimum_quantity: the smallest order, 401, would cover 2 years of item 'B', "
        "of which 200 are asked for a year; is it in the item's unit?",
        "sourcing.csv, row 4, column multiple: the smallest order, 5000, would cover 25 years of item 'C', "
        "of which 200 are asked for a year; is it in the item's unit?",
    ]


def test_forecast_beside_orders(tmp_path: Path) -> None:
    # Friday of the week whose Monday the orders are due.
    lines = LINES + "A,C1,2026-12-11,forecast,,30\nA,C1,2026-12-14,forecast,,30\nA,C2,2026-12-07,forecast,,30\n"
    lines += "B,C2,2026-12-07,order,,0.5\nB,C2,2026-12-07,forecast,,2\n"
    assert told(tmp_path / "x", {"demand": DEMAND + lines}, "forecast with orders") == [
        "demand.csv, row 32, column kind: forecast of 30 beside orders of 100 of item 'A' for customer 'C1' in "
        "the period of 2026-12-07: both count; a forecast is what is expected beside the orders",
        "demand.csv, row 36, column kind: forecast of 2 beside orders of 0.5 of item 'B' for customer 'C2' in "
        "the period of 2026-12-07: both count; a forecast is what is expected beside the orders",
    ]


def test_forecast_that_orders_use_up_is_not_told(tmp_path: Path) -> None:
    lines = LINES + "A,C1,2026-12-11,forecast,,30\n"
    items = "item,price,backward_consumption\nA,5,0\nB,5,\nC,5,\n"
    assert told(tmp_path / "x", {"demand": DEMAND + lines, "items": items}, "forecast with orders") == []


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [("A-1", "a1", False), ("A1", "a1", True), ("0A1", "A1", True), ("1-12", "11-2", False)],
)
def test_ids_that_look_alike(tmp_path: Path, first: str, second: str, alike: bool) -> None:
    found = told(tmp_path / "x", {"items": f"item\nA\nB\nC\n{first}\n{second}\n"}, "lookalike ids")
    message = f"items.csv, row 6, column item: '{second}' and '{first}' are two items; are they one and the same?"
    assert found == ([message] if alike else [])


def test_every_look_passes_over_an_instance_without_optional_columns(tmp_path: Path) -> None:
    changes = {
        "sourcing": "item,supplier,unit_cost,lead_time\nA,S,4,1\n",
        "demand": "item,customer,due,quantity\nA,C1,2026-12-07,1\n",
    }
    assert told(tmp_path / "x", changes, "price far off", "years of stock") == []
    assert len(looks()) == 6
