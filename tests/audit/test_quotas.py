"""The audit of quotas: what is kept or paid for passes, anything else is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import day


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        customers=[{"customer": "C"}, {"customer": "D", "weight": 2}],
        inventory=[{"on_hand": 10}],
        demand=[{"due": 0, "quantity": 10}, {"customer": "D", "due": 0, "quantity": 10}],
        quotas=[
            {"customer": "C", "item": "A", "minimum_share": 0.3},
            {"customer": "C", "minimum_quantity": 5, "cost": 50},
            {"customer": "D", "valid_to": day(0, 1), "maximum_quantity": 6},
        ],
    )


def test_a_plan_that_keeps_and_pays_passes(plan: Planned) -> None:
    # C gets 3 of 10, and 2 to its 5 are paid for; D gets 6 in week 0, and one in week 1.
    assert plan.plan.accounts["quota"] == pytest.approx(100)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("minimum_share", ["0.31", "", ""], "quota"),
        ("maximum_share", ["0.29", "", ""], "quota"),
        ("maximum_quantity", ["", "", "5"], "quota"),
        ("valid_to", ["", "", day(1)], "quota"),
        ("minimum_quantity", ["4", "5", ""], "quota"),
        ("minimum_quantity", ["", "6", ""], "account"),
        ("cost", ["", "49", ""], "account"),
        ("cost", ["", "", ""], "quota"),
    ],
)
def test_other_quotas_are_not_kept(plan: Planned, column: str, cells: list[str], rule: str) -> None:
    assert rule in plan.violations(quotas={**plan.source.text["quotas"], column: cells})
