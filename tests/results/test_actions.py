"""The worklist of small plans: what is to be done, by when, and in which order."""

from pathlib import Path

import pytest

from optimizer.results.actions import COLUMNS
from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN

WANTED = [{"due": 1, "quantity": 10}, {"due": 3, "quantity": 10}]


def rows(plan: Planned) -> list[dict[str, str]]:
    header, *cells = plan.rows("actions.csv")
    assert header == COLUMNS
    return [dict(zip(header, row, strict=True)) for row in cells]


def test_an_order_to_release(tmp_path: Path) -> None:
    # 12 on hand, 10 + 10 asked: 8 are ordered now, as they take three weeks; a week later they wait a week at 3 each.
    plan = planned(
        tmp_path,
        periods=5,
        items=[PLAIN],
        inventory=[{"on_hand": 12}],
        sourcing=[{"unit_cost": 2, "lead_time": 3}],
        demand=WANTED,
    )
    (row,) = rows(plan)
    assert row == {
        "rank": "1",
        "action": "release",
        "item": "A",
        "supplier": "S",
        "location": "main",
        "customer": "",
        "reference": "",
        "quantity": "8",
        "due": "2026-12-14",
        "promise": "2026-12-20",
        "money": "16",
        "latest_safe_date": "2026-11-29",
        "cost_of_waiting": "24",
        "why": "a week later 8 unit for C would wait (estimate)",
    }
    assert plan.violations() == []


def test_overdue_orders_customers_and_their_order(tmp_path: Path) -> None:
    # 10 overdue arrive in week 1 and cover the first line. The second, and B's 3 due long ago, are never delivered.
    plan = planned(
        tmp_path,
        items=[PLAIN, PLAIN | {"item": "B", "shortage_cost": 7}],
        open_orders=[{"order": "PO", "line": "7", "arrival": "2026-11-02", "quantity": 10, "supplier": "S"}],
        demand=[
            *WANTED,
            {"item": "B", "due": "2026-11-16", "quantity": 3, "reference": "R"},
            {"item": "B", "due": 1, "quantity": 1, "kind": "forecast"},
        ],
    )
    short, chase, old = rows(plan)
    # Shortage 10 × 100 = 1,000; a week later 10 wait at 3: 30; shortage 3 × 7 = 21. The open order is worth 10 × 2.
    assert [row["action"] for row in (short, chase, old)] == ["tell", "chase", "tell"]
    assert (short["money"], short["cost_of_waiting"], short["promise"], short["quantity"]) == ("1000", "0", "", "10")
    assert (short["latest_safe_date"], short["why"]) == ("2026-12-14", "10 of 10 unit are never delivered")
    assert (chase["reference"], chase["due"], chase["promise"]) == ("PO 7", "2026-11-02", "2026-12-06")
    assert (chase["cost_of_waiting"], chase["money"], chase["latest_safe_date"]) == ("30", "20", "2026-12-06")
    assert [old[name] for name in ("money", "reference", "due")] == ["21", "R", "2026-11-16"]
    assert old["latest_safe_date"] == "2026-11-23"
    assert plan.violations() == []


@pytest.fixture
def changed(tmp_path: Path) -> Planned:
    """Open orders that are brought in, put off and cancelled (see the tests of their audit)."""
    return planned(
        tmp_path,
        items=[PLAIN | {"item": item} for item in "ABC"],
        demand=[{"due": 0, "quantity": 10}, {"item": "B", "due": 3, "quantity": 10}],
        open_orders=[
            {"order": "a", "arrival": "2026-W50", "quantity": 10, "sooner_periods": 2, "sooner_cost": 2},
            {"order": "b", "arrival": 1, "quantity": 10, "later_periods": 2, "later_cost": 0.5, "change_cost": 3}
            | {"item": "B"},
            {"order": "c", "arrival": 0, "quantity": 7, "cancel_cost": 2, "unit_cost": 1.5, "item": "C"},
        ],
    )


def test_changes_of_open_orders(changed: Planned) -> None:
    told = {row["action"]: row for row in rows(changed)}
    # a comes in week 0, and a week later its 10 would wait at 3 each.
    assert (told["expedite"]["reference"], told["expedite"]["due"], told["expedite"]["promise"]) == (
        "a", "2026-W50", "2026-11-29",
    )  # fmt: skip
    assert (told["expedite"]["cost_of_waiting"], told["expedite"]["latest_safe_date"]) == ("30", "2026-11-29")
    # b is agreed for week 1: to be told in week 0; c for week 0.
    assert (told["postpone"]["latest_safe_date"], told["postpone"]["promise"]) == ("2026-11-29", "2026-12-20")
    assert (told["cancel"]["latest_safe_date"], told["cancel"]["promise"], told["cancel"]["money"]) == (
        "2026-11-29", "", "3.5",
    )  # fmt: skip
    assert [row["action"] for row in rows(changed)] == ["expedite", "postpone", "cancel"]


def test_what_comes_faster(tmp_path: Path) -> None:
    # 5 are due in week 1 and the usual way takes two: by air, for 1 each, it is one. The 4 of week 2 come as usual.
    plan = planned(
        tmp_path,
        items=[PLAIN],
        sourcing=[{"unit_cost": 2, "lead_time": 2, "order_cost": 1}],
        transport_modes=[{"mode": "air", "lead_time": 1, "unit_cost": 1}],
        demand=[{"due": 1, "quantity": 5}, {"due": 2, "quantity": 4}],
    )
    found = rows(plan)
    # Week 1 lacks 5 at 3 each if air is a week later; week 2 lacks 4 at 3 each if the rest is.
    assert [(row["action"], row["quantity"], row["cost_of_waiting"]) for row in found] == [
        ("expedite", "5", "15"), ("release", "9", "12"),
    ]  # fmt: skip
    assert (found[0]["reference"], found[0]["promise"], found[0]["money"]) == ("air", "2026-12-06", "5")
    assert found[1]["promise"] == "2026-12-13"
    assert plan.violations() == []


def test_a_plan_without_anything_to_do(tmp_path: Path) -> None:
    plan = planned(tmp_path, items=[PLAIN], inventory=[{"on_hand": 99}], demand=WANTED)
    assert rows(plan) == []
    assert plan.violations() == []
