"""The audit of handling: overtime is paid for to the cent."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN, day

TABLES: dict[str, Any] = {
    "items": [PLAIN | {"handling_use": 2}],
    "inventory": [{"on_hand": 10}],
    "open_orders": [{"arrival": 1, "quantity": 4}],
    "demand": [{"due": 0, "quantity": 14}],
    "handling": [
        {"receiving_capacity": 5, "receiving_overtime_cost": 1, "shipping_capacity": 8, "shipping_overtime_cost": 1},
        {"period": 1, "receiving_capacity": 6, "receiving_overtime_cost": 1},
    ],
}


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_with_overtime_passes(plan: Planned) -> None:
    # 10 leave now, 20 of work: 12 of overtime; 4 arrive in week 1, 8 of work: 2 of overtime.
    assert plan.plan.accounts["handling"] == pytest.approx(14)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("shipping_capacity", ["9", ""]), ("shipping_overtime_cost", ["2", ""]), ("receiving_capacity", ["5", "7"]),
        ("receiving_overtime_cost", ["1", "2"]), ("period", ["", day(2)]), ("location", ["main", "east"]),
    ],
)  # fmt: skip
def test_another_capacity_refuses_it(plan: Planned, column: str, cells: list[str]) -> None:
    assert "account" in plan.violations(handling={**plan.source.text["handling"], column: cells})


def test_other_work_refuses_it(plan: Planned) -> None:
    assert "account" in plan.violations(items={**plan.source.text["items"], "handling_use": [""]})


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"unit_cost": 2, "lead_time": 1}])
