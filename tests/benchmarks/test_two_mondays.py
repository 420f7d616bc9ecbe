"""Two Mondays: what a week does to the tables, and that nothing of the first plan is lost or bought twice."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.costs import charges
from benchmarks.plan_folder import write_plan
from benchmarks.two_mondays import compare, roll
from tests.reference.contract import read_contract, rows_of
from tests.reference.plain_model import solve
from tests.reference.random_instances import random_instance

PASSED = {"purchase", "ordering", "overtime", "holding", "safety_stock", "overstock"}
SETTINGS: dict[str, Any] = {"name": "hand", "start": "2026-11-23", "periods": 3, "horizon": {"whole_packs": 2}}
KEY = ("A", "S", "main")


def tables() -> dict[str, dict[str, list[str]]]:
    return {
        "items": {"item": ["A"], "max_delay": ["2"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["1"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["5"]},
        "open_orders": {
            "order": ["1", "2", "3"], "arrival": ["2026-11-16", "2026-11-24", "2026-12-07"], "item": ["A"] * 3,
            "supplier": ["S"] * 3, "location": ["main"] * 3, "quantity": ["1", "2", "3"],
        },
        "demand": {
            "item": ["A"] * 4, "customer": ["old", "firm", "guess", "later"],
            "due": ["2026-11-16", "2026-11-23", "2026-11-25", "2026-12-01"],
            "kind": ["order", "", "forecast", "forecast"], "quantity": ["4", "6", "8", "9"],
        },
    }  # fmt: skip


def first_plan(folder: Path) -> None:
    contract = read_contract(tables(), SETTINGS)
    orders = {(*KEY, 0): Fraction(10), (*KEY, 1): Fraction(7)}
    # Week 0: 5 + 2 on hand: 4 for the old line and 3 for the firm one. Week 1: 10 + 1 arrive: 3 more, 5 of the guess,
    # 3 of the later.
    deliveries = {(0, 0): 4, (1, 0): 3, (1, 1): 3, (2, 1): 5, (3, 1): 3}
    write_plan(folder, contract, orders, {(n, "main", t): Fraction(q) for (n, t), q in deliveries.items()})


def test_a_week_passes(tmp_path: Path) -> None:
    first_plan(tmp_path)
    rolled, settings = roll(tables(), SETTINGS, tmp_path)
    assert str(settings["start"]) == "2026-11-30"
    assert settings["periods"] == 3
    assert rolled["inventory"]["on_hand"] == ["0"]  # 5 + 2 received − 4 − 3
    # The overdue one gets the date that the plan expected; the one of this week is received; the release of 10 is on
    # its way.
    orders = rolled["open_orders"]
    assert orders["arrival"] == ["2026-11-30", "2026-12-07", "2026-11-30"]
    assert orders["quantity"] == ["1", "3", "10"]
    # The old line is served. 3 of the firm one wait and may wait one week more. 5 of the guess were promised; 3 lapse.
    demand = list(rows_of(rolled, "demand"))
    assert [(row["customer"], row["kind"], row["quantity"], row["max_delay"]) for row in demand] == [
        ("firm", "", "3", "1"),
        ("guess", "order", "5", "1"),
        ("later", "forecast", "9", ""),
    ]
    assert demand[1]["reference"] == "forecast 1"


def test_lines_are_found_by_what_the_user_wrote(tmp_path: Path) -> None:
    first_plan(tmp_path)
    written = ["16.11.2026", "2026-W48", "2026-11-25", "2026-12-01"]
    text = (tmp_path / "allocations.csv").read_text(encoding="utf-8")
    for iso, as_written in zip(tables()["demand"]["due"], written, strict=True):
        text = text.replace(iso + ",order", as_written + ",order")
    (tmp_path / "allocations.csv").write_text(text, encoding="utf-8")
    rolled, _ = roll(tables(), SETTINGS, tmp_path, due_as_written=written)
    assert [(row["customer"], row["due"]) for row in rows_of(rolled, "demand")] == [
        ("firm", "2026-11-23"), ("guess", "2026-11-25"), ("later", "2026-12-01"),
    ]  # fmt: skip


def test_the_same_end_shortens_the_horizon(tmp_path: Path) -> None:
    first_plan(tmp_path)
    _, settings = roll(tables(), SETTINGS, tmp_path, same_end=True)
    assert settings["periods"] == 2
    assert settings["horizon"] == {"whole_packs": 1}
    assert SETTINGS["horizon"] == {"whole_packs": 2}


def test_the_rest_of_the_first_plan_is_a_plan_of_the_second_monday(tmp_path: Path) -> None:
    compared = 0
    for seed in range(40):
        tables, settings = random_instance(seed, "small")
        before = read_contract(tables, settings)
        if before.shares or before.periods < 3:
            continue  # shares count what is newly ordered, and what was released no longer is
        optimum = solve(before)
        orders = {key: Fraction(quantity).limit_denominator(10**6) for key, quantity in optimum.orders.items()}
        deliveries = {key: Fraction(quantity).limit_denominator(10**6) for key, quantity in optimum.deliveries.items()}
        write_plan(tmp_path / str(seed), before, orders, deliveries)
        after = read_contract(*roll(tables, settings, tmp_path / str(seed), same_end=True))
        rest = {(*key[:3], key[3] - 1): float(q) for key, q in orders.items() if key[3] > before.frozen}
        again = solve(after, fixed_orders=rest)
        assert again.status == "optimal", seed
        if any(after.stocks[key].safety_stock_cost != before.stocks[key].safety_stock_cost for key in before.stocks):
            continue  # the default follows the demand lines, and they have changed
        passed = sum(
            charge.amount
            for charge in charges(before, orders, deliveries)
            if (charge.account in PASSED and charge.period == 0)
            or (charge.account in PASSED - {"holding", "safety_stock", "overstock"} and charge.period == before.frozen)
        )
        assert again.objective <= optimum.objective - float(passed) + 1e-4, seed
        compared += 1
    assert compared >= 20


def plan_of(folder: Path, orders: dict[int, int], start: str = "2026-11-23") -> Path:
    contract = read_contract(tables(), SETTINGS | {"start": start, "periods": 5})
    write_plan(folder, contract, {(*KEY, t): Fraction(q) for t, q in orders.items()}, {})
    return folder


def test_changes_are_counted(tmp_path: Path) -> None:
    first = plan_of(tmp_path / "1", {0: 10, 1: 7, 2: 5, 3: 4})
    second = plan_of(tmp_path / "2", {0: 7, 1: 6, 3: 4}, start="2026-11-30")
    changes = asdict(compare(first, second))
    # Released: 10, then 7 as planned. 5 became 6; the 4 of week 3 (second plan: its period 2) went to week 4.
    assert {name: n for name, n in changes.items() if n} == {
        "released_first": 1, "released_second": 1, "released_again": 1, "kept": 1, "quantity_changed": 1, "moved": 1,
        "value_kept": 14.0,
    }  # fmt: skip


def test_an_order_that_is_placed_twice_is_found(tmp_path: Path) -> None:
    first = plan_of(tmp_path / "1", {0: 10, 2: 5})
    second = plan_of(tmp_path / "2", {0: 10, 3: 6}, start="2026-11-30")
    changes = compare(first, second)
    assert changes.ordered_twice == 1
    assert changes.twice == ["A from S at main: 10"]
    assert (changes.dropped, changes.added, changes.kept) == (1, 2, 0)
    assert compare(first, second, through="2026-12-14").added == 1  # the order of 6 arrives on 2026-12-28


def test_an_order_that_is_only_split_anew_is_not_placed_twice(tmp_path: Path) -> None:
    first = plan_of(tmp_path / "1", {0: 10, 2: 15})
    second = plan_of(tmp_path / "2", {0: 9, 1: 6}, start="2026-11-30")  # 10 + 9 + 6 are the 25 of the first plan
    assert compare(first, second).ordered_twice == 0
