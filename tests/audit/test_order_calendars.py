"""The audit of order calendars: orders in their weeks that arrive as the calendar says pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import day


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """Orders in weeks 0 and 2; closed in week 1, so that what is ordered in week 0 takes two weeks, by air too."""
    source: dict[str, Any] = {"unit_cost": 2, "lead_time": 2, "order_cost": 9}
    return planned(
        tmp_path,
        periods=6,
        sourcing=[source],
        demand=[{"due": 2, "quantity": 5}, {"due": 3, "quantity": 5}, {"due": 4, "quantity": 5}],
        transport_modes=[{"mode": "air", "lead_time": 1, "unit_cost": 1}],
        order_calendar=[
            {"supplier": "S", "period": 0, "kind": "order"},
            {"supplier": "S", "period": 2, "kind": "order"},
            {"supplier": "", "period": day(1, 3), "kind": "closed"},
        ],
    )


def test_a_plan_by_the_calendar_passes(plan: Planned) -> None:
    assert plan.rows("purchase_orders.csv")[1][3:5] == [day(0), day(3)]
    assert [row[5] for row in plan.rows("expedited.csv")[1:]] == [day(2)]
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("period", [day(1), day(2), day(4)], "order_calendar"),
        ("kind", ["closed", "order", "closed"], "order_calendar"),
        ("supplier", ["", "", "Z"], "lead_time"),
        ("period", [day(0), day(2), day(0)], "order_calendar"),
    ],
)
def test_another_calendar_refuses_it(plan: Planned, column: str, cells: list[str], rule: str) -> None:
    assert rule in plan.violations(order_calendar={**plan.source.text["order_calendar"], column: cells})


def test_an_arrival_that_does_not_wait_is_refused(plan: Planned) -> None:
    plan.cell("purchase_orders.csv", 2, "arrival_period", day(2))
    assert "lead_time" in plan.violations()


def test_a_row_of_no_day_says_nothing(plan: Planned) -> None:
    text = plan.source.text["order_calendar"]
    more = {
        name: [*cells, {"period": "", "kind": "closed", "supplier": "S"}.get(name, "")] for name, cells in text.items()
    }
    assert plan.violations(order_calendar=more) == []
