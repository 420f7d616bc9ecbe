"""The audit of cancellations: what is open may be delivered, what was cancelled may not."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"cancel_share": 0.25}],
        sourcing=[{"unit_cost": 2, "lead_time": 2}],
        inventory=[{"on_hand": 4}],
        demand=[{"due": 0, "quantity": 20}, {"due": 1, "quantity": 8, "cancel_share": 0}],
    )


def test_a_plan_that_keeps_to_what_is_open_passes(plan: Planned) -> None:
    # 4 now; of 16, 12 and then 9 are open when orders can come: 7 are cancelled.
    assert plan.rows("cancellations.csv")[1][-1] == "7"
    assert plan.violations() == []


def test_impatient_customers_get_less(plan: Planned) -> None:
    items, demand = plan.source.text["items"], plan.source.text["demand"]
    assert "cancelled" in plan.violations(items={**items, "cancel_share": ["0.26"]})
    assert "cancelled" in plan.violations(demand={**demand, "cancel_share": ["1", "0"]})
    assert plan.violations(items={**items, "cancel_share": ["0.24"]}) == ["cancellations"]


@pytest.mark.parametrize(("column", "value"), [("cancelled", "8"), ("customer", "X"), ("due", "2026-11-30")])
def test_a_cancellation_told_wrong_is_refused(plan: Planned, column: str, value: str) -> None:
    plan.cell("cancellations.csv", 2, column, value)
    assert "cancellations" in plan.violations()


def test_a_cancellation_that_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / "cancellations.csv").unlink()
    assert plan.violations() == ["cancellations"]


def test_of_what_is_delivered_at_once_nothing_is_cancelled(tmp_path: Path) -> None:
    items, inventory = [PLAIN | {"cancel_share": 0.25}], [{"on_hand": 9}]
    plan = planned(tmp_path, items=items, inventory=inventory, demand=[{"due": 0, "quantity": 4}])
    assert not (plan.folder / "cancellations.csv").exists()
    assert plan.violations() == []


def test_in_the_last_week_no_more_is_open_than_before(plan: Planned) -> None:
    # Of the 9 open in week 2 that come then, 6.75 would be open in week 3.
    header, *rows = plan.rows("allocations.csv")
    last = max(range(len(rows)), key=lambda k: (rows[k][2] == "2026-11-23", rows[k][header.index("delivery_period")]))
    assert rows[last][header.index("delivery_period")] == "2026-12-07"
    plan.cell("allocations.csv", last + 2, "delivery_period", "2026-12-14")
    assert "cancelled" in plan.violations()
