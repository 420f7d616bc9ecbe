"""The audit of priority tiers: they are told as they are served."""

import json
from pathlib import Path

import pytest

from tests.audit.planned import Planned
from tests.models.parts.test_priority_tiers import plan as of_tiers


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return of_tiers(tmp_path, 2)


def test_tiers_that_are_told_as_they_are_served_pass(plan: Planned) -> None:
    assert plan.violations() == []


@pytest.mark.parametrize(("column", "value"), [("tier", "3"), ("asked", "8"), ("delivered", "5"), ("cost", "299")])
def test_a_tier_told_wrong_is_refused(plan: Planned, column: str, value: str) -> None:
    plan.cell("tiers.csv", 3, column, value)
    assert "tiers" in plan.violations()


def test_a_tier_that_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / "run.json").unlink()
    path = plan.folder / "tiers.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert plan.violations() == ["tiers"]


def test_a_tier_told_twice_is_refused(plan: Planned) -> None:
    plan.add("tiers.csv", plan.rows("tiers.csv")[1])
    assert plan.violations() == ["tiers"]


@pytest.mark.parametrize(("figure", "value"), [("value", 290.0), ("bound", 310.0), ("bound", None)])
def test_a_goal_that_was_not_reached_is_refused(plan: Planned, figure: str, value: float | None) -> None:
    path = plan.folder / "run.json"
    run = json.loads(path.read_text(encoding="utf-8"))
    run["goals"][1][figure] = value
    path.write_text(json.dumps(run), encoding="utf-8")
    assert "tiers" in plan.violations()


def test_another_order_of_customers_is_told_otherwise(plan: Planned) -> None:
    customers = plan.source.text["customers"]
    assert "tiers" in plan.violations(customers={**customers, "tier": ["1", "2", ""]})
