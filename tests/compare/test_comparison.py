"""Comparisons of hand-made plans: money, orders, lines, and of which weeks."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from optimizer.compare import Comparison, compared
from optimizer.compare.show import shown
from optimizer.compare.written import write
from optimizer.read.earlier import NoEarlierPlan
from optimizer.write import TargetRefused
from tests.compare.folders import delivery, order, publish_one, sunday, waiting, week


@pytest.fixture
def two(tmp_path: Path) -> Comparison:
    """Six weeks, two plans: an order is kept, others change in every way; a line is better, one is worse."""
    before = publish_one(
        tmp_path / "before",
        [order("A", "S", 0, 10), order("A", "S", 2, 5), order("B", "S", 1, 4), *map(order, "CD", "SS", (1, 0), (9, 1))],
        [delivery("A", 1, 1, 10), delivery("A", 3, 4, 5), delivery("B", 2, 2, 3)],
        [waiting("A", 3, 5, 5, 0, 4, 5), waiting("B", 2, 4, 0, 1, 2, 100)],
        [("purchase", 0, 22), ("purchase", 1, 26), ("purchase", 2, 10), ("backorder", 4, 5), ("shortage", 2, 100)],
        bound=120,
    )
    after = publish_one(
        tmp_path / "after",
        [
            order("A", "S", 0, 10),
            order("A", "S", 1, 5),
            order("B", "S", 1, 6),
            order("C", "T", 2, 9),
            order("E", "S", 3, 2),
        ],
        [delivery("A", 1, 2, 10), delivery("A", 3, 3, 5), delivery("B", 2, 2, 4)],
        [waiting("A", 1, 10, 10, 0, 2, 10)],
        [("purchase", 0, 20), ("purchase", 1, 22), ("purchase", 2, 18), ("purchase", 3, 4), ("backorder", 2, 10)],
        bound=60,
    )
    return compared([before, after])


def test_money_by_account(two: Comparison) -> None:
    (pair,) = two.pairs
    # Purchase 58 → 64, backorder 5 → 10, shortage 100 → 0: 163 → 74.
    assert pair.accounts["difference"].to_dict() == {"shortage": -100.0, "purchase": 6.0, "backorder": 5.0}
    assert pair.difference == -89.0
    # Best: before 120 to 163, after 60 to 74, so from 60 - 163 to 74 - 120.
    assert pair.best == (-103.0, -46.0)


def test_orders(two: Comparison) -> None:
    (pair,) = two.pairs
    found = {(row["item"], row["change"]): row for row in pair.orders.to_dict("records")}
    assert set(found) == {("A", "moved"), ("B", "quantity"), ("C", "supplier"), ("D", "dropped"), ("E", "added")}
    assert (found["A", "moved"]["order_period_before"], found["A", "moved"]["order_period"]) == (week(2), week(1))
    assert (found["B", "quantity"]["quantity_before"], found["B", "quantity"]["quantity"]) == (4.0, 6.0)
    assert (found["C", "supplier"]["supplier_before"], found["C", "supplier"]["supplier"]) == ("S", "T")
    assert found["D", "dropped"]["supplier"] == "" and found["E", "added"]["supplier_before"] == ""
    assert pair.order_counts == {
        "before": 5, "after": 5, "kept": 1, "quantity": 1, "moved": 1, "supplier": 1, "added": 1, "dropped": 1,
        "past": 0, "beyond": 0,
    }  # fmt: skip
    assert pair.orders["item"].iloc[0] == "C"  # 9 × 2 is most


def test_lines(two: Comparison) -> None:
    (pair,) = two.pairs
    found = {(row["item"], row["due"]): row for row in pair.lines.to_dict("records")}
    assert {key: row["change"] for key, row in found.items()} == {
        ("B", week(2)): "better", ("A", week(1)): "worse", ("A", week(3)): "better",
    }  # fmt: skip
    assert (found["A", week(1)]["promise_before"], found["A", week(1)]["promise"]) == (sunday(1), sunday(2))
    assert (found["B", week(2)]["short_quantity_before"], found["B", week(2)]["short_quantity"]) == (1.0, 0.0)
    assert pair.lines["item"].iloc[0] == "B"  # 100 differ
    assert pair.line_counts == {"both": 3, "better": 2, "worse": 1, "only_before": 0, "only_after": 0}


def test_shown_and_written(two: Comparison, tmp_path: Path) -> None:
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        console.print(shown(two, top=1))
    text = capture.get()
    assert "The best that the tables allow costs less than before, by 46 to 103 EUR: that is proven." in text
    assert "Orders: 5 lines before, 5 after: 1 as before, 1 another quantity, 1 moved in time" in text
    assert "Demand lines: 3 in both, 2 better, 1 worse." in text
    assert "S → T" in text
    assert "and 4 more; -o FOLDER writes them all" in text
    write(two, tmp_path / "out")
    write(two, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "accounts.csv", "comparison.json", "lines.csv", "orders.csv",
    ]  # fmt: skip
    document = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert document["comparisons"][0]["difference"] == -89
    assert (tmp_path / "out" / "lines.csv").read_text().startswith("plan,change,item,customer,due")
    with pytest.raises(TargetRefused, match="something else"):
        write(two, tmp_path / "after")


def test_only_the_weeks_that_both_have_are_compared(tmp_path: Path) -> None:
    before = publish_one(
        tmp_path / "before",
        [order("A", "S", 0, 10), order("A", "S", 2, 5)],
        [delivery("A", 0, 0, 3), delivery("A", 3, 3, 5)],
        [],
        [("purchase", 0, 20), ("purchase", 2, 10), ("ending_value", 5, -7), ("commitment", -1, 50)],
    )
    after = publish_one(
        tmp_path / "after",
        [order("A", "S", 2, 5), order("A", "S", 5, 8)],
        [delivery("A", 3, 4, 5), delivery("A", 6, 6, 8)],
        [waiting("A", 3, 5, 5, 0, 4, 5)],
        [("purchase", 2, 10), ("purchase", 5, 16), ("purchase", 6, 1), ("backorder", 4, 5), ("ending_value", 6, -9)],
        weeks=(1, 6),
    )
    (pair,) = compared([before, after]).pairs
    # Weeks 1 to 5: purchase 10 and 10 + 16, backorder 5. The order of week 0 is past, that of week 5 arrives beyond.
    assert (pair.window.first, pair.window.calendar.periods, pair.window.whole) == (week(1), 5, False)
    assert pair.accounts["difference"].to_dict() == {"purchase": 16.0, "backorder": 5.0}
    assert (pair.order_counts["kept"], pair.order_counts["past"], pair.order_counts["beyond"]) == (1, 1, 1)
    assert pair.line_counts == {"both": 1, "better": 0, "worse": 1, "only_before": 1, "only_after": 1}
    assert pair.fill_rates == ((1.0, 1.0), (0.0, 1.0))
    assert pair.best is None
    assert "only the 5 weeks from 2026-11-30 to 2027-01-03 that both have are compared" in pair.notes[0]


def test_plans_of_the_same_tables(tmp_path: Path) -> None:
    run = {"inputs": {"items.csv": "1"}}
    one = publish_one(tmp_path / "one", [], [], [], [("holding", 0, 30)], bound=20, run=run)
    same = publish_one(tmp_path / "same", [], [], [], [("holding", 0, 25)], bound=21, run=run)
    other = publish_one(tmp_path / "other", [], [], [], [("holding", 0, 25)], bound=21)
    pairs = compared([one, same, other]).pairs
    assert pairs[0].notes == ["Both are plans of the same tables: neither can cost less than 21.00."]
    assert [pair.best for pair in pairs] == [None, (21 - 30, 25 - 20)]
    console = Console(width=150, color_system=None)
    with console.capture() as capture:
        console.print(shown(compared([one, same, other])))
    assert "from 9 EUR less to 5 EUR more than before" in capture.get()


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    one = publish_one(tmp_path / "one", [], [], [], [])
    far = publish_one(tmp_path / "far", [], [], [], [], weeks=(6, 3))
    with pytest.raises(NoEarlierPlan, match="have no week in common"):
        compared([one, far])
    days = publish_one(
        tmp_path / "days", [], [], [], [], run={"horizon": {"start": week(0), "periods": 3, "period": "day"}}
    )
    with pytest.raises(NoEarlierPlan, match="is planned by weeks"):
        compared([one, days])
    old = publish_one(tmp_path / "old", [], [], [], [], run={"horizon": {}})
    with pytest.raises(NoEarlierPlan, match="does not say which periods"):
        compared([one, old])
