"""The audit of waiting discounts: who gets his discount passes, a longer wait or another discount is refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned

OFFERS = "waiting_offers.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        sourcing=[{"unit_cost": 2, "lead_time": 2}],
        inventory=[{"on_hand": 3}],
        customers=[{"customer": "C", "weight": 2}],
        demand=[
            {"due": 0, "quantity": 10, "max_delay": 0},
            {"due": 0, "quantity": 5, "max_delay": 1, "reference": "X"},
        ],
        waiting_discounts=[
            {"periods": 1, "discount": 0.5},
            {"item": "A", "customer": "C", "periods": 2, "discount": 4},
        ],
    )


def test_a_plan_that_takes_it_off_passes(plan: Planned) -> None:
    # 3 on hand go to a line of which a unit would wait two weeks beyond its window; the other waits for one.
    assert plan.plan.accounts["waiting_discount"] == pytest.approx(7 * 4 + 5 * 0.5)
    assert plan.violations() == []


def test_nobody_waits_so_long_for_nothing(plan: Planned) -> None:
    none: dict[str, list[str]] = {name: [] for name in plan.source.text["waiting_discounts"]}
    assert {"max_delay", "account", "waiting_offers"} <= {*plan.violations(waiting_discounts=none), "account"}
    short = {**plan.source.text["waiting_discounts"], "periods": ["1", "1"]}
    assert "max_delay" in plan.violations(waiting_discounts=short)


@pytest.mark.parametrize(
    ("column", "cells"), [("discount", ["0.6", "4"]), ("discount", ["0.5", "5"]), ("customer", ["D", "C"])]
)
def test_another_discount_is_refused(plan: Planned, column: str, cells: list[str]) -> None:
    changed = {**plan.source.text["waiting_discounts"], column: cells}
    assert {"account", "waiting_offers"} <= set(plan.violations(waiting_discounts=changed))


@pytest.mark.parametrize(("column", "value"), [("quantity", "6"), ("discount", "3"), ("cost", "1"), ("reference", "Y")])
def test_an_offer_that_is_not_what_is_delivered_is_refused(plan: Planned, column: str, value: str) -> None:
    plan.cell(OFFERS, 2, column, value)
    assert "waiting_offers" in plan.violations()


def test_who_may_wait_as_long_as_he_likes_is_offered_nothing(plan: Planned) -> None:
    demand = plan.source.text["demand"]
    rules = plan.violations(demand={**demand, "max_delay": ["0", ""]})
    assert {"account", "waiting_offers"} <= set(rules)  # the second line's half a unit of money is no discount now
