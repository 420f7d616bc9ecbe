"""The audit of fair shares: what is shared or paid for passes, anything else is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[{"item": name, "holding_cost": 1, "shortage_cost": 100, "ending_value": 0, "class": name, "price": 1}
               for name in "AB"],
        customers=[{"customer": "C"}, {"customer": "D", "weight": 2}],
        inventory=[{"on_hand": 9}, {"item": "B", "on_hand": 9}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 99} for name in "AB"],
        demand=[
            {"item": item, "customer": customer, "due": 0, "quantity": quantity}
            for item in "AB"
            for customer, quantity in (("C", 12), ("D", 6))
        ],
        fair_shares=[
            {"item": "A", "kind": "proportional", "tolerance": 0.25},
            {"item_class": "B", "kind": "proportional", "cost": 10},
            {"item": "B", "kind": "max_min", "cost": 20},
        ],
    )  # fmt: skip


def test_a_plan_that_shares_or_pays_passes(plan: Planned) -> None:
    # Of B, D gets all 6 and C 3 of 12: both are off by 3, and 9 of 12 are lacking for the worst: 60 + 18 × 20 × 0.75.
    assert plan.plan.accounts["fairness"] == pytest.approx(60 + 270)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("tolerance", ["0.24", "", ""], "fair_share"),
        ("cost", ["", "", "20"], "fair_share"),
        ("cost", ["", "11", "20"], "account"),
        ("cost", ["", "10", "21"], "account"),
        ("item", ["", "", "B"], "fair_share"),
        ("item_class", ["", "A", ""], "account"),
    ],
)
def test_other_shares_are_not_kept(plan: Planned, column: str, cells: list[str], rule: str) -> None:
    assert rule in plan.violations(fair_shares={**plan.source.text["fair_shares"], column: cells})
