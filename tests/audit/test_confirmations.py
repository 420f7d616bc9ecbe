"""The audit of confirmations: promises that are kept or paid for pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        inventory=[{"on_hand": 30}],
        demand=[
            {"due": 0, "quantity": 7, "policy": "win", "reference": "a"},
            {"due": 0, "quantity": 30, "policy": "gain", "confirmed": 1, "confirmed_quantity": 20, "reference": "b"},
            {"due": 0, "quantity": 9, "policy": "fill", "confirmed": 2, "confirmed_quantity": 3, "reference": "c"},
            {"due": 0, "quantity": 5, "policy": "lose", "confirmed": 1, "reference": "d"},
            {"due": 0, "quantity": 5, "policy": "win", "reference": "e"},
        ],
    )


def test_a_plan_that_keeps_or_pays_passes(plan: Planned) -> None:
    # 30 on hand, 32 promised: 2 are broken, at 10 × 100.
    assert plan.plan.accounts["promise"] == pytest.approx(2000)
    assert len(plan.rows("promises.csv")) == 4
    assert any("a promise cannot be kept" in warning for warning in plan.plan.warnings)
    assert plan.violations() == []


def test_a_dearer_promise_is_not_paid(plan: Planned) -> None:
    plan.source.settings_text["costs"] = {"promise_rate": 11}
    assert {"account", "promises"} <= set(plan.violations())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("policy", "gain"), ("promised_period", "2026-11-30"), ("promised", "8"), ("kept", "6"), ("broken", "3"),
        ("cost", "1"), ("reference", "x"),
    ],
)  # fmt: skip
def test_a_promise_told_wrong_is_refused(plan: Planned, column: str, value: str) -> None:
    plan.cell("promises.csv", 2, column, value)
    assert "promises" in plan.violations()


def test_a_promise_that_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / "promises.csv").unlink()
    assert plan.violations() == ["promises"]


def test_what_is_held_to_a_promise_is_never_better(plan: Planned) -> None:
    demand = plan.source.text["demand"]
    rows = plan.rows("allocations.csv")
    line = rows[1][rows[0].index("reference")]  # the first delivery, in week 0
    held = ["fill" if reference == line else policy for reference, policy in
            zip(demand["reference"], demand["policy"], strict=True)]  # fmt: skip
    assert "confirmation" in plan.violations(demand={**demand, "policy": held, "confirmed": ["2026-11-30"] * 5})
    assert "confirmation" in plan.violations(
        demand={**demand, "policy": held, "confirmed": ["2026-11-23"] * 5, "confirmed_quantity": ["1"] * 5}
    )


def test_what_may_not_be_withdrawn_pays_its_shortage(plan: Planned) -> None:
    demand = plan.source.text["demand"]
    policies = ["redistribute" if policy == "lose" else policy for policy in demand["policy"]]
    assert "account" in plan.violations(demand={**demand, "policy": policies})
