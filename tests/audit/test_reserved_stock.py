"""The audit of reserved stock: a reserve that is left passes, one that is taken is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        customers=[
            {"customer": "C"},
            {"customer": "D", "tier": 2, "weight": 2},
            {"customer": "E", "tier": 1, "weight": 3},
        ],
        inventory=[{"on_hand": 10}],
        demand=[
            {"due": 0, "quantity": 6},
            {"customer": "D", "due": 0, "quantity": 3},
            {"customer": "E", "due": 1, "quantity": 2},
        ],
        reserved_stock=[{"tier": 2, "quantity": 4}],
    )


def test_a_plan_that_leaves_the_reserve_passes(plan: Planned) -> None:
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("quantity", "4.1", ["reserved_stock"]),
        ("quantity", "3.9", []),
        ("location", "main", []),
        ("tier", "1", []),  # C and D together leave 4
    ],
)
def test_another_reserve(plan: Planned, column: str, cell: str, expected: list[str]) -> None:
    rows = plan.source.text["reserved_stock"]
    assert plan.violations(reserved_stock={**rows, column: [cell]}) == expected


def test_who_is_of_a_lower_tier_may_not_take_it(plan: Planned) -> None:
    # E takes 2 of the 4 in week 1, which tier 3 may not.
    customers = plan.source.text["customers"]
    assert plan.violations(customers={**customers, "tier": ["", "2", "3"]}) == ["reserved_stock"]
    assert plan.violations(customers={**customers, "tier": ["1", "2", "1"]}) == []


def test_nobody_waits_for_whom_it_is_reserved(plan: Planned) -> None:
    # C wants 6 and gets 3: of tier 1, and D of none, D would have to wait.
    customers = plan.source.text["customers"]
    assert plan.violations(customers={**customers, "tier": ["1", "", "1"]}) == ["reserved_stock"]
    # Where no lane leads to C, or none that is there in time, it does not wait for that stock.
    for lanes in (["D", "E", "E"], ["D", "E", "C"]):
        table = {"location": ["main"] * 2 + ["main" if "C" in lanes else "x"], "customer": lanes}
        table["lead_time"] = ["0", "0", "1"]
        found = plan.violations(customers={**customers, "tier": ["1", "", "1"]}, lanes=table)
        assert "lane" in found and "reserved_stock" not in found


def test_who_takes_nothing_leaves_the_reserve(plan: Planned) -> None:
    rows = plan.source.text["reserved_stock"]
    for number, row in enumerate(plan.rows("allocations.csv")[1:], start=2):
        if row[1] == "C":
            plan.cell("allocations.csv", number, "quantity", "0")
    assert "reserved_stock" not in plan.violations(reserved_stock={**rows, "quantity": ["9"]})
