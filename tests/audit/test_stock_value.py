"""The audit of stock value: what is above a limit is paid for to the cent."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN, day

TABLES: dict[str, Any] = {
    "items": [PLAIN | {"price": 3}],
    "inventory": [{"on_hand": 10}],
    "demand": [{"due": 2, "quantity": 10}],
    "value_limits": [
        {"maximum_value": 20, "cost": 2},
        {"location": "main", "period": 1, "maximum_value": 5, "cost": 1},
    ],
}


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(tmp_path, **TABLES)


def test_a_plan_above_its_limits_passes(plan: Planned) -> None:
    # 30 in weeks 0 and 1: 10 above at 2 for two weeks, and 25 above at 1 in week 1.
    assert plan.plan.accounts["stock_value"] == pytest.approx(65)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [("maximum_value", ["21", "5"]), ("cost", ["2", "2"]), ("period", ["", day(2)]), ("location", ["", "east"])],
)
def test_other_limits_refuse_it(plan: Planned, column: str, cells: list[str]) -> None:
    assert "account" in plan.violations(value_limits={**plan.source.text["value_limits"], column: cells})


def test_another_price_refuses_it(plan: Planned) -> None:
    assert "account" in plan.violations(items={**plan.source.text["items"], "price": ["4"]})


def test_lots_do_not_know_it() -> None:
    assert decided_as_a_whole(**TABLES, sourcing=[{"unit_cost": 2, "lead_time": 1}])
