"""Priority tiers, by hand: the plans are those of the whole road, because one program alone does not say the order."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN, found, instance, places, solved

BESIDE = {
    "customers": [{"customer": "shop", "tier": 1}, {"customer": "mill", "tier": 2}],
    "demand": [{"item": "nut", "customer": "mill", "due": 1, "quantity": 8}],
}
BESIDE_SETTINGS = {"allocation.strict_tiers": 2.0}
CUSTOMERS = [{"customer": "C", "weight": 5}, {"customer": "D", "tier": 2}, {"customer": "E", "tier": 1}]
TABLES: dict[str, Any] = {
    "customers": CUSTOMERS,
    "inventory": [{"on_hand": 10}],
    "demand": [
        {"due": 0, "quantity": 8},
        {"customer": "D", "due": 0, "quantity": 7},
        {"customer": "E", "due": 1, "quantity": 6},
    ],
}


def plan(folder: Path, tiers: int, **more: Any) -> Planned:
    """10 on hand. This week C, who weighs five times as much, wants 8, and D 7; next week E wants 6."""
    settings = {"allocation": {"strict_tiers": tiers}, "solve": {"gap": 1e-4, "time_limit": 600}}
    return planned(folder, settings=settings, **{**TABLES, **more})


def given(made: Planned) -> dict[str, float]:
    rows = made.plan.tables["allocations"]
    return {
        str(name): round(float(quantity), 4) for name, quantity in rows.groupby("customer")["quantity"].sum().items()
    }


def test_a_tier_is_served_by_substitutes_too(tmp_path: Path) -> None:
    # Next week come 8 A, 6 for E and 2 for D, and 5 B, which are for D too: its 7 wait a week, at 3 each.
    instead: dict[str, Any] = {
        "items": [PLAIN | {"item": name} for name in "AB"],
        "inventory": [{}],
        "open_orders": [{"order": name, "item": name, "arrival": 1, "quantity": n} for name, n in (("A", 8), ("B", 5))],
        "substitutes": [{"item": "A", "substitute": "B", "customer": "D"}],
    }
    made = plan(tmp_path, 2, **instead)
    assert made.violations() == []
    assert given(made) == {"D": 7, "E": 6}
    assert [goal["value"] for goal in made.plan.run["goals"]] == pytest.approx([0, 7 * 3], abs=1e-3)


def test_by_cost_the_heavy_customer_goes_first(tmp_path: Path) -> None:
    assert given(plan(tmp_path, 0)) == {"C": 8, "D": 2}


def test_tier_after_tier(tmp_path: Path) -> None:
    # E's 6 lie a week; D gets the other 4; nothing is left for C.
    made = plan(tmp_path / "2", 2)
    assert given(made) == {"D": 4, "E": 6}
    assert [goal["value"] for goal in made.plan.run["goals"]] == pytest.approx([0, 300], abs=1e-3)
    assert [goal["bound"] for goal in made.plan.run["goals"]] == pytest.approx([0, 300], abs=0.05)
    assert made.plan.objective == pytest.approx(8 * 500 + 300 + 6, rel=1e-4)
    assert made.violations() == []
    # Only the first tier is strict: the others go by cost.
    assert given(plan(tmp_path / "1", 1)) == {"C": 4, "E": 6}


def test_a_tier_is_served_whatever_it_costs_others(tmp_path: Path) -> None:
    # An order of 1,000 is placed for the one unit of E that is not there; by cost it is not worth it.
    source = [{"unit_cost": 2, "lead_time": 0, "order_cost": 1000}]
    more: dict[str, Any] = {"demand": [{"customer": "E", "due": 0, "quantity": 11}], "sourcing": source}
    assert plan(tmp_path / "0", 0, **more).plan.objective == pytest.approx(100, rel=1e-4)
    assert plan(tmp_path / "1", 1, **more).plan.objective == pytest.approx(1002, rel=1e-4)


@pytest.mark.parametrize("stock", [3, 9, 14])
def test_the_plan_is_the_first_of_all_splits_in_the_order_of_tiers(tmp_path: Path, stock: int) -> None:
    # Whole units, each line in the period in which it is due: c of C's 8, d of D's 7, e of E's 6, which lie a week.
    def costs(c: int, d: int, e: int) -> tuple[int, int, int]:
        left = stock - c - d
        return 100 * (6 - e), 100 * (7 - d), 500 * (8 - c) + 100 * (13 - d - e) + left + 3 * (left - e)

    splits = [split for split in product(range(9), range(8), range(7)) if sum(split) <= stock]
    best = min(costs(*split) for split in splits)
    demand = [{**row, "max_delay": 0} for row in TABLES["demand"]]
    made = plan(tmp_path, 2, demand=demand, inventory=[{"on_hand": stock}])
    assert [goal["value"] for goal in made.plan.run["goals"]] == pytest.approx(best[:2], abs=1e-3)
    assert made.plan.objective == pytest.approx(best[2], rel=1e-4)


def test_strict_tiers_never_cost_less(tmp_path: Path) -> None:
    costs = [plan(tmp_path / str(tiers), tiers).plan.objective for tiers in (0, 1, 2)]
    assert costs == sorted(costs)


def test_the_planner_sees_how_tiers_are_served(tmp_path: Path) -> None:
    rows = plan(tmp_path, 2).plan.tables["tiers"]
    assert rows.round(3).to_numpy().tolist() == [[1, 6, 6, 0], [2, 7, 4, 300]]


def test_nothing_is_there_without_strict_tiers() -> None:
    one = solved(instance(periods=3, **TABLES))
    assert one.columns("tier_cost") == one.rows("tier_served") == 0
    assert len(one.compiled.goals) == 0


def test_strict_tiers_without_a_tier_are_told() -> None:
    odd = instance(settings={"allocation.strict_tiers": 1.0}, customers=[{"customer": "C"}])
    assert places(found("priority_tiers", odd)) == [("no tiers", "customers", None, "tier")]
    assert found("priority_tiers", instance(**TABLES)) == []
