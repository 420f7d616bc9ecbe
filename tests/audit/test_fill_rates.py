"""The audit of fill rates: what is reached or paid for passes, anything else is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        customers=[{"customer": "C", "minimum_fill_rate": 0.3, "class": "x"}, {"customer": "D", "weight": 2}],
        inventory=[{"on_hand": 10}],
        demand=[{"due": 0, "quantity": 10}, {"customer": "D", "due": 0, "quantity": 10}],
        fill_rates=[{"customer_class": "x", "minimum_fill_rate": 0.5, "cost": 50}],
    )


def test_a_plan_that_keeps_and_pays_passes(plan: Planned) -> None:
    # C gets the 3 that it must; the 2 to its 5 are paid for, which is cheaper than taking them from D.
    assert plan.plan.accounts["fill_rate"] == pytest.approx(100)
    assert any("a fill rate is missed: customers of class x get 3 of 10" in told for told in plan.plan.warnings)
    assert plan.violations() == []


def test_a_higher_rate_is_not_reached(plan: Planned) -> None:
    customers = plan.source.text["customers"]
    assert plan.violations(customers={**customers, "minimum_fill_rate": ["0.31", ""]}) == ["fill_rate"]
    assert plan.violations(customers={**customers, "minimum_fill_rate": ["0.3", "0.7"]}) == []


def test_a_dearer_miss_is_not_paid(plan: Planned) -> None:
    rows = plan.source.text["fill_rates"]
    assert "account" in plan.violations(fill_rates={**rows, "cost": ["51"]})
    assert "fill_rate" in plan.violations(fill_rates={**rows, "cost": [""]})
    assert "account" in plan.violations(fill_rates={**rows, "minimum_fill_rate": ["0.6"]})


def test_a_row_for_others_asks_for_something_else(plan: Planned) -> None:
    rows = {**plan.source.text["fill_rates"], "customer_class": [""]}
    # Of all that is asked for A, 10 of 20 are half: nothing is missing. Of what C asks, 2 are: told at C.
    assert "account" in plan.violations(fill_rates={**rows, "item": ["A"]})
    assert plan.violations(fill_rates={**rows, "customer": ["C"]}) == ["account"]
    assert plan.violations(fill_rates={**rows, "customer": ["D"], "cost": [""]}) == ["account", "plan_figures"]
