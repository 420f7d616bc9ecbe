"""Waiting, by hand: five weeks from 2026-11-23, item A at main.

on hand   12   2   2   0   0      10 leave in week 1 for C (waiting 3, shortage 100), in week 3 6 for D (2, 7; may
                                  not wait) and 4 for C
"""

from fractions import Fraction
from pathlib import Path

import pytest

from optimizer.audit import lanes, substitutes
from optimizer.audit.book import Book
from optimizer.audit.book.tables import Tables
from optimizer.audit.book.waiting import Receipt, Waiting

WEEKS = ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"]
LINES = [("C", WEEKS[1], "10"), ("D", WEEKS[3], "6"), ("C", WEEKS[3], "4")]
STOCK = ["12", "2", "2", "0", "0"]


def waiting(
    folder: Path, stock: list[str], lines: list[tuple[str, str, str]] = LINES, **more: dict[str, list[str]]
) -> Waiting:
    """The lines are delivered when they are due; of one due in week 2, in week 4 by substitute B where there is one."""
    given = "B" if "substitutes" in more else ""
    tables = {
        "items": {"item": ["A"], "backorder_cost": ["3"], "shortage_cost": ["100"]},
        "demand": {
            "item": ["A"] * len(lines),
            "customer": [customer for customer, _, _ in lines],
            "due": [due for _, due, _ in lines],
            "quantity": [quantity for _, _, quantity in lines],
            "backorder_cost": ["2" if customer == "D" else "" for customer, _, _ in lines],
            "shortage_cost": ["7" if customer == "D" else "" for customer, _, _ in lines],
            "max_delay": ["0" if customer == "D" else "" for customer, _, _ in lines],
        },
        **more,
    }
    kind = "day" if len(stock) == 10 else "week"
    days = [f"2026-11-{23 + t}" for t in range(7)] + ["2026-11-30", "2026-12-01", "2026-12-02"]
    periods = days if kind == "day" else WEEKS
    rows = [
        f"A,{customer},{due},order,,,main,{WEEKS[4] if due == WEEKS[2] else due},{quantity},0,0,{given}"
        for customer, due, quantity in lines
    ]
    head = (
        "item,customer,due,kind,demand_location,reference,location,delivery_period,quantity,periods_late,backorder_cost"
    )
    (folder / "allocations.csv").write_text("\n".join([f"{head},delivered_item", *rows, ""]), encoding="utf-8")
    head = "item,location,period,opening,receipts,transfers_in,transfers_out,delivered,on_hand"
    rows = [f"{given or 'A'},main,{day},0,0,0,0,0,{on_hand}" for day, on_hand in zip(periods, stock, strict=True)]
    (folder / "inventory.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    book = Book(Tables(tables, {}), {"start": "2026-11-23", "periods": len(stock), "period": kind}, folder)
    book.ways = [lanes.leaves, substitutes.leaves]
    return Waiting(book, [receipt(0, 0), receipt(0, 0)._replace(item="B")])


def receipt(arrives: int, quantity: float | str) -> Receipt:
    return Receipt("A", "main", arrives, Fraction(quantity))


def test_what_waits_is_what_costs_least(tmp_path: Path) -> None:
    # Of the 10 of week 3, 8 lack: C's 4 wait a week for 3 each, and 4 of D's 6, which may not wait, are short at 7.
    made = waiting(tmp_path, STOCK)
    assert made.needed(receipt(3, 8)) == [3]
    assert made.cost(receipt(3, 8)) == 4 * 3 + 4 * 7
    assert made.costs_so(receipt(3, 8), Fraction(40)) and not made.costs_so(receipt(3, 8), Fraction("40.01"))


def test_it_is_needed_when_the_stock_does_not_last(tmp_path: Path) -> None:
    # 2 are on hand to the end of week 2: 2 or less that arrive in week 0 are needed in week 3, and 5 in week 1.
    made = waiting(tmp_path, STOCK)
    assert [made.needed(receipt(0, much)) for much in (2, 1.5, 5)] == [[3], [3], [1]]
    assert made.cost(receipt(0, 5)) == 0 and not made.costs_so(receipt(0, 5), Fraction(1, 100))
    assert waiting(tmp_path, ["12", "11", "11", "9", "9"]).needed(receipt(3, 8)) == [None]


def test_next_to_what_is_on_hand_either_is_right(tmp_path: Path) -> None:
    # A ten-millionth lacks in week 1. What leaves then may wait for 3 each: 3e-7 or nothing.
    made, near = waiting(tmp_path, STOCK), receipt(1, "2.0000001")
    assert made.needed(near) == [1, 2, 3]
    assert all(made.costs_so(near, Fraction(cost)) for cost in ("0", "0.0000001", "0.0000003"))
    assert not made.costs_so(near, Fraction("0.001"))
    assert waiting(tmp_path, ["12", "9", "9", "9", "7.9999999"]).needed(receipt(0, 8)) == [4, None]


def test_what_waited_has_paid_for_it_already(tmp_path: Path) -> None:
    # C's 4 of week 2 are delivered in week 4, the last: later they are short, 100 each less two weeks at 3.
    made = waiting(tmp_path, ["9", "9", "9", "9", "0"], [("C", WEEKS[2], "4")])
    assert made.cost(receipt(4, 4)) == 4 * (100 - 2 * 3)
    # Where waiting was dearer than the shortage, nothing is lost by it.
    made = waiting(
        tmp_path, ["9", "9", "9", "9", "0"], [("C", WEEKS[2], "4")], customers={"customer": ["C"], "weight": ["0"]}
    )
    assert made.cost(receipt(4, 4)) == 0


def test_a_week_is_seven_days(tmp_path: Path) -> None:
    # 3 lack from day 1 on, 5 from day 2: they wait until day 8. 2 of day 1's 3 are D's, short at 7, the third C's.
    days = [("D", "2026-11-24", "2"), ("C", "2026-11-24", "9"), ("C", "2026-11-25", "2")]
    made = waiting(tmp_path, ["5", "2", "0", *["0"] * 7], days)
    assert made.needed(receipt(1, 5)) == [1]
    # Day 1: D's 2 at 7 and C's 1 at 7 × 3. Day 2: 2 more, C's, at 6 × 3.
    assert made.cost(receipt(1, 5)) == 2 * 7 + 7 * 3 + 2 * 6 * 3


def test_on_a_lane_it_leaves_earlier(tmp_path: Path) -> None:
    # C's 4, due in week 2 and had in week 4, left in week 3. From week 4 they would come after the horizon.
    lanes = {"location": ["main"], "customer": ["C"], "lead_time": ["1"]}
    made = waiting(tmp_path, ["9", "9", "9", "0", "0"], [("C", WEEKS[2], "4")], lanes=lanes)
    assert made.cost(receipt(3, 4)) == 4 * (100 - 2 * 3)


def test_a_substitute_counts_by_what_leaves(tmp_path: Path) -> None:
    # 2 of B for each of 4 A: of 8 that leave in week 1, 6 lack, by which 3 A wait a week at 3.
    rows = {"item": ["A"], "substitute": ["B"], "ratio": ["2"]}
    made = waiting(tmp_path, ["9", "0", "0", "0", "0"], [("C", WEEKS[1], "4")], substitutes=rows)
    asked = receipt(1, 6)._replace(item="B")
    assert made.cost(asked) == pytest.approx(3 * 3)
