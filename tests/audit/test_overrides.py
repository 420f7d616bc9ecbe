"""The audit of overrides: plans that keep them pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        suppliers=[{"supplier": "S"}, {"supplier": "Z"}],
        sourcing=[{"supplier": s, "unit_cost": 2, "lead_time": 0, "maximum_quantity": 12} for s in "SZ"],
        demand=[{"due": t, "quantity": 10} for t in range(3)],
        overrides=[
            {"supplier": "", "location": "", "period": 0, "quantity": 20},
            {"supplier": "S", "location": "main", "period": 1, "minimum_quantity": 3, "maximum_quantity": 4},
            {"supplier": "S", "location": "", "period": 2, "quantity": 0},
        ],
    )


def test_a_plan_that_keeps_its_overrides_passes(plan: Planned) -> None:
    assert plan.violations() == []
    ordered: dict[str, float] = {}
    for row in plan.rows("purchase_orders.csv")[1:]:
        ordered[row[3]] = ordered.get(row[3], 0) + float(row[5])
    assert ordered == {"2026-11-23": 20, "2026-11-30": 3, "2026-12-07": 7}


@pytest.mark.parametrize("change", [{"quantity": ["21", "", "0"]}, {"quantity": ["19", "", "0"]},
    {"minimum_quantity": ["", "4", ""], "maximum_quantity": ["", "", ""]},
    {"minimum_quantity": ["", "", ""], "maximum_quantity": ["", "2", ""]},
    {"supplier": ["", "S", "Z"]},
])  # fmt: skip
def test_a_plan_of_other_overrides_is_refused(plan: Planned, change: dict[str, list[str]]) -> None:
    assert plan.violations(overrides={**plan.source.text["overrides"], **change}) == ["overrides"]


def test_one_outside_the_horizon_is_passed_over(plan: Planned) -> None:
    later = {"period": ["2027-11-23", "2020-11-30", "2026-12-07"], "quantity": ["99", "98", "0"]}
    assert plan.violations(overrides={**plan.source.text["overrides"], **later}) == []
