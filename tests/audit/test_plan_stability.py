"""The audit of plan stability: changes that are paid, within limits and told pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    supplier: dict[str, Any] = {"change_cost": 1, "change_rate": 0.025, "maximum_changes": 2, "maximum_change": 1}
    return planned(
        tmp_path,
        items=[PLAIN | {"price": 4}],
        suppliers=[supplier],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "order_cost": 15}],
        demand=[{"due": t, "quantity": 10} for t in range(3)],
        last_plan=[{"order_period": t, "quantity": 10} for t in range(3)],
    )


def test_a_plan_that_pays_its_changes_passes(plan: Planned) -> None:
    # One order less saves 15 - 10; two lines and 20 units at 0.1 cost 4.
    assert plan.plan.accounts["plan_change"] == pytest.approx(4)
    assert len(plan.rows("order_changes.csv")) == 3
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("table", "change", "rule"),
    [
        ("suppliers", {"change_cost": ["2"]}, "account"),
        ("suppliers", {"change_rate": ["0.05"]}, "account"),
        ("suppliers", {"maximum_changes": ["1"]}, "maximum_changes"),
        ("suppliers", {"maximum_change": ["0.9"]}, "maximum_change"),
        ("items", {"price": ["5"]}, "account"),
        ("last_plan", {"quantity": ["10", "10", "9"]}, "order_changes"),
    ],
)
def test_a_plan_under_other_terms_is_refused(
    plan: Planned, table: str, change: dict[str, list[str]], rule: str
) -> None:
    assert rule in plan.violations(**{table: {**plan.source.text[table], **change}})


def test_the_periods_that_count(plan: Planned) -> None:
    plan.source.settings_text["horizon"] = {"promised": 0}
    assert "account" in plan.violations()


@pytest.mark.parametrize("column", ["promised", "quantity", "change"])
def test_a_change_told_wrong_is_refused(plan: Planned, column: str) -> None:
    plan.cell("order_changes.csv", 2, column, "7")
    assert "order_changes" in plan.violations()


def test_a_change_that_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / "order_changes.csv").unlink()
    assert "order_changes" in plan.violations()


def test_a_change_told_twice_is_refused(plan: Planned) -> None:
    plan.add("order_changes.csv", plan.rows("order_changes.csv")[1])
    assert plan.violations() == ["order_changes"]


def test_a_line_that_is_as_promised_is_not_told(plan: Planned) -> None:
    (_, *changed), (_, *ordered) = plan.rows("order_changes.csv"), plan.rows("purchase_orders.csv")
    (kept,) = {row[3] for row in ordered} - {row[3] for row in changed}  # 10 were promised, and 10 are ordered
    plan.add("order_changes.csv", ["A", "S", "main", kept, "10", "10", "0"])
    assert plan.violations() == ["order_changes"]


def test_a_line_of_no_day_was_not_promised(plan: Planned) -> None:
    text = plan.source.text["last_plan"]
    assert (
        plan.violations(
            last_plan={name: [*cells, "" if name == "order_period" else cells[0]] for name, cells in text.items()}
        )
        == []
    )
