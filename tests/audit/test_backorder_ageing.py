"""The audit of backorder ageing: a wait that is paid for passes, another price is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"late_cost": 7}],
        customers=[{"customer": "C", "weight": 2}],
        sourcing=[{"unit_cost": 2, "lead_time": 2}],
        demand=[
            {"due": 0, "quantity": 10},
            {"due": 1, "quantity": 5, "kind": "forecast", "late_cost": 4},
        ],
        backorder_steps=[{"periods": 0, "added_cost": 1}, {"item": "A", "customer": "C", "periods": 1, "step_cost": 3}],
        settings={"costs": {"forecast_weight": 0.5}},
    )


def test_a_plan_that_pays_passes(plan: Planned) -> None:
    # Two weeks for 10: 2 × (2 + 3) each; one for 5, whose weight is 2 × 0.5: 1 each; first waits 2 × 7 and 4.
    assert plan.plan.accounts["ageing"] == pytest.approx(100 + 5 + 14 + 4)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [("periods", ["1", "1"]), ("added_cost", ["2", "0"]), ("step_cost", ["0", "4"]), ("customer", ["", "D"])],
)
def test_another_price_is_not_paid(plan: Planned, column: str, cells: list[str]) -> None:
    assert "account" in plan.violations(backorder_steps={**plan.source.text["backorder_steps"], column: cells})


def test_another_first_wait_is_not_paid(plan: Planned) -> None:
    items, demand = plan.source.text["items"], plan.source.text["demand"]
    assert "account" in plan.violations(items={**items, "late_cost": ["8"]})
    assert "account" in plan.violations(demand={**demand, "late_cost": ["", ""]})


def test_a_line_without_a_price_for_its_first_wait_pays_none(plan: Planned) -> None:
    # The first line's own 0 goes before the item's 7: 14 less.
    demand = {**plan.source.text["demand"], "late_cost": ["0", "4"]}
    assert "account" in plan.violations(demand=demand)
    header, *rows = plan.rows("costs.csv")
    first = next(k for k, row in enumerate(rows, start=2) if row[0] == "ageing" and row[header.index("amount")] == "14")
    plan.cell("costs.csv", first, "amount", "0")
    assert "account" not in plan.violations(demand=demand)
