"""The audit of budgets: plans that can be paid pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import day


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """10 wanted in each of two weeks; at 1.5 from 10 on: 15 a week, 30 in all, just what there is."""
    return planned(
        tmp_path,
        periods=2,
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        price_breaks=[{"minimum_quantity": 10, "unit_cost": 1.5}],
        demand=[{"due": t, "quantity": 10} for t in range(2)],
        budgets=[{"period": 0, "amount": 15}, {"supplier": "S", "amount": 31}, {"period": day(1, 2), "supplier": "S"}],
    )


def test_a_plan_within_its_budgets_passes(plan: Planned) -> None:
    assert plan.plan.objective == pytest.approx(30)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("amount", ["14.9", "31", ""]),
        ("amount", ["15", "29.9", ""]),
        ("amount", ["15", "31", "14"]),
        ("supplier", ["S", "", "S"]),
        ("period", ["", "", day(1)]),
    ],
)
def test_other_budgets(plan: Planned, column: str, cells: list[str]) -> None:
    expected = [] if column == "supplier" else ["budget"]
    assert plan.violations(budgets={**plan.source.text["budgets"], column: cells}) == expected
