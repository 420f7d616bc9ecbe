"""The audit of storage: overflow is paid for to the cent."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN

TABLES: dict[str, Any] = {
    "items": [PLAIN | {"unit_volume": 2, "unit_weight": 3}],
    "locations": [
        {
            "location": "main", "volume_capacity": 15, "overflow_cost": 0.5, "weight_capacity": 29,
            "weight_overflow_cost": 1,
        },
    ],
    "inventory": [{"on_hand": 10}],
    "demand": [{"due": 2, "quantity": 10}],
}  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_with_overflow_passes(plan: Planned) -> None:
    # 5 of volume at 0.5 and 1 of weight at 1, for two weeks.
    assert plan.plan.accounts["overflow"] == pytest.approx(7)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("volume_capacity", "14"), ("overflow_cost", "0.4"), ("weight_capacity", "28"), ("weight_overflow_cost", "2")],
)
def test_another_room_refuses_it(plan: Planned, column: str, value: str) -> None:
    rows = plan.source.text["locations"]
    assert "account" in plan.violations(locations={**rows, column: [value]})


@pytest.mark.parametrize("column", ["unit_volume", "unit_weight"])
def test_other_sizes_refuse_it(plan: Planned, column: str) -> None:
    assert "account" in plan.violations(items={**plan.source.text["items"], column: ["9"]})


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"unit_cost": 2, "lead_time": 1}])


def test_what_is_elsewhere_needs_no_room_here(plan: Planned) -> None:
    plan.add("inventory.csv", ["A", "elsewhere", "2026-11-23", "0", "0", "0", "0", "0", "0"])
    rows = {"location": "elsewhere", "volume_capacity": "", "weight_capacity": ""}
    text = plan.source.text["locations"]
    assert plan.violations(locations={name: [*cells, rows.get(name, "")] for name, cells in text.items()}) == []
