"""The audit of commitments: what is missing and paid passes, other amounts are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """20 wanted, all of them bought from Z for 60; 25 and 100 were promised, and 2 (for 5) bought before."""
    return planned(
        tmp_path,
        items=[PLAIN | {"price": 2.5}],
        suppliers=[{"supplier": "S"}, {"supplier": "Z"}],
        sourcing=[{"supplier": s, "unit_cost": cost, "lead_time": 0} for s, cost in (("S", 2), ("Z", 3))],
        demand=[{"due": 0, "quantity": 20}],
        commitments=[
            {"supplier": "Z", "item": "A", "quantity": 25, "shortfall_cost": 1.5},
            {"supplier": "Z", "value": 100, "shortfall_rate": 0.25},
        ],
        bought_before=[{"supplier": "Z", "quantity": 2}, {"supplier": "S", "quantity": 50}],
    )


def test_a_plan_that_pays_what_is_missing_passes(plan: Planned) -> None:
    # 25 - 2 - 20 = 3 units at 1.5; 100 - 5 - 60 = 35 at a quarter.
    assert plan.plan.accounts["commitment"] == pytest.approx(4.5 + 8.75)
    assert [row[2:] for row in plan.rows("commitments.csv")[1:]] == [
        ["quantity", "25", "2", "20", "3", "4.5"],
        ["value", "100", "5", "60", "35", "8.75"],
    ]
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("table", "column", "cells"),
    [
        ("commitments", "quantity", ["26", ""]),
        ("commitments", "value", ["", "101"]),
        ("commitments", "shortfall_cost", ["1.6", ""]),
        ("commitments", "shortfall_rate", ["", "0.3"]),
        ("commitments", "item", ["", "A"]),
        ("bought_before", "quantity", ["3", "50"]),
        ("bought_before", "value", ["6", ""]),
        ("bought_before", "supplier", ["S", "Z"]),
    ],
)
def test_another_contract_refuses_it(plan: Planned, table: str, column: str, cells: list[str]) -> None:
    rules = plan.violations(**{table: {**plan.source.text[table], column: cells}})
    assert "commitments" in rules or "account" in rules


@pytest.mark.parametrize("column", ["committed", "before", "ordered", "short", "cost"])
def test_figures_that_are_not_so_are_refused(plan: Planned, column: str) -> None:
    plan.cell("commitments.csv", 3, column, "7")
    assert "commitments" in plan.violations()


def test_what_is_missing_of_a_value_is_paid_in_full_unless_a_rate_is_said(plan: Planned) -> None:
    plan.cell("commitments.csv", 3, "cost", "35")
    row = next(k for k, row in enumerate(plan.rows("costs.csv"), start=1) if row[0] == "commitment" and not row[1])
    plan.cell("costs.csv", row, "amount", "35")
    rules = plan.violations(commitments={**plan.source.text["commitments"], "shortfall_rate": ["", ""]})
    assert not {"commitments", "account"} & set(rules)


def test_a_commitment_that_is_not_told_or_told_twice_is_refused(plan: Planned) -> None:
    plan.cell("commitments.csv", 3, "measure", "quantity")
    assert "commitments" in plan.violations()
    (plan.folder / "commitments.csv").unlink()
    assert "commitments" in plan.violations()


def test_money_that_is_not_booked_is_refused(plan: Planned) -> None:
    row = next(k for k, row in enumerate(plan.rows("costs.csv"), start=1) if row[0] == "commitment")
    plan.cell("costs.csv", row, "amount", "1")
    assert "account" in plan.violations()
