"""The audit of cover: stock above it is paid for to the cent."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned

TABLES: dict[str, Any] = {
    "inventory": [{"on_hand": 30, "maximum_cover": 1.5, "cover_cost": 2}],
    "demand": [{"due": t, "quantity": q} for t, q in ((1, 4), (2, 6), (3, 10))],
}


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_above_its_cover_passes(plan: Planned) -> None:
    # 30 - 7 and 26 - 11, at 2.
    assert plan.plan.accounts["cover"] == pytest.approx(76)
    assert plan.violations() == []


@pytest.mark.parametrize(("column", "value"), [("maximum_cover", "1"), ("maximum_cover", "2"), ("cover_cost", "")])
def test_another_ceiling_refuses_it(plan: Planned, column: str, value: str) -> None:
    assert "account" in plan.violations(inventory={**plan.source.text["inventory"], column: [value]})


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"unit_cost": 2, "lead_time": 1}])


def test_one_location_needs_no_name(plan: Planned) -> None:
    unnamed = {**plan.source.text["inventory"], "location": [""]}
    assert plan.violations(inventory=unnamed) == []
    assert "account" in plan.violations(inventory={**unnamed, "maximum_cover": ["1"]})
