"""The audit of order discounts: plans at what they cost pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


def plan(folder: Path, kind: str) -> Planned:
    """12 wanted at 2; a tenth off from 20 on."""
    return planned(
        folder,
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 12}],
        order_discounts=[{"minimum_value": v, "discount": d, "kind": kind} for v, d in ((20, 0.1), (40, 0.25))],
    )


@pytest.mark.parametrize(("kind", "cost"), [("all_units", 2.4), ("incremental", 0.4)])
def test_a_plan_with_its_discount_passes(tmp_path: Path, kind: str, cost: float) -> None:
    made = plan(tmp_path, kind)
    assert made.plan.accounts["discount"] == pytest.approx(-cost)
    assert made.violations() == []


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("discount", ["0.11", "0.25"]),
        ("minimum_value", ["24.1", "40"]),
        ("minimum_value", ["20", "22"]),
        ("kind", ["other"] * 2),
    ],
)
def test_other_discounts_refuse_it(tmp_path: Path, kind: str, column: str, cells: list[str]) -> None:
    made = plan(tmp_path, kind)
    other = {"all_units": "incremental", "incremental": "all_units"}[kind]
    cells = [other if cell == "other" else cell for cell in cells]
    rules = made.violations(order_discounts={**made.source.text["order_discounts"], column: cells})
    assert "account" in rules


def test_what_is_left_is_worth_what_it_may_have_cost(tmp_path: Path) -> None:
    # 20 for 40 less a quarter; 8 are left, worth 1.5 each by default.
    item = {name: cell for name, cell in PLAIN.items() if name != "ending_value"} | {"holding_cost": 0}
    made = planned(
        tmp_path,
        periods=1,
        items=[item],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "multiple": 20, "maximum_quantity": 20}],
        demand=[{"due": 0, "quantity": 12}],
        order_discounts=[{"minimum_value": 40, "discount": 0.25}],
    )
    assert made.plan.accounts["ending_value"] == pytest.approx(-12)
    assert made.violations() == []
