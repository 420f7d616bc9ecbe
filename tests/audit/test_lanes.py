"""The audit of lanes: deliveries by a lane pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned

TABLES: dict[str, Any] = {
    "locations": [{"location": "east"}, {"location": "west"}],
    "inventory": [{"location": "east", "on_hand": 6}, {"location": "west", "on_hand": 6}],
    "demand": [{"due": 1, "quantity": 10}],
    "lanes": [{"location": "east", "unit_cost": 2}, {"location": "west", "unit_cost": 1, "lead_time": 1}],
}


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_by_lanes_passes(plan: Planned) -> None:
    assert plan.plan.accounts["delivery"] == pytest.approx(6 + 8)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("unit_cost", ["3", "1"], "account"), ("lead_time", ["0", "0"], "delivered"), ("lead_time", ["2", "1"], "lane"),
        ("customer", ["C", "D"], "lane"), ("location", ["east", "north"], "lane"),
    ],
)  # fmt: skip
def test_other_lanes_refuse_it(plan: Planned, column: str, cells: list[str], rule: str) -> None:
    assert rule in plan.violations(lanes={**plan.source.text["lanes"], column: cells})


def test_what_would_have_left_before_the_horizon_leaves_in_its_first_week(plan: Planned) -> None:
    assert plan.violations(lanes={**plan.source.text["lanes"], "lead_time": ["2", "2"]}) == ["delivered", "lane"]


def test_lots_do_not_know_it() -> None:
    sourcing = [{"unit_cost": 2, "lead_time": 1}]
    demand = [{"due": t, "quantity": 10, "location": name} for t in (1, 3) for name in ("east", "west")]
    free = [{"location": name, "lead_time": 1} for name in ("east", "west")]
    for rows in (TABLES["lanes"], free):
        assert decided_as_a_whole(**{**TABLES, "lanes": rows}, sourcing=sourcing)
        assert decided_as_a_whole(**{**TABLES, "lanes": rows, "demand": demand}, sourcing=sourcing)
