"""Backorder ageing, by hand."""

from itertools import pairwise
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, day, instance, solved

BESIDE = {
    "items": [{"item": "nut", "late_cost": 6}],
    "backorder_steps": [
        {"periods": 0, "step_cost": 2},
        {"item": "nut", "customer": "shop", "periods": 1, "added_cost": 0.5},
    ],
}


def made(*steps: Any, lead: int = 3, line: Any = None, **more: Any) -> Any:
    """10 wanted in week 0; they can be there after the lead time, or never. A week of waiting costs 3."""
    tables: dict[str, Any] = {
        "items": [PLAIN],
        "sourcing": [{"unit_cost": 2, "lead_time": lead, "valid_to": day(0)}],
        "demand": [{"due": 0, "quantity": 10, **(line or {})}],
        "backorder_steps": steps,
    }
    return instance(periods=5, **{**tables, **more})


@pytest.mark.parametrize(
    ("lead", "cost"),
    [(0, 0), (1, 4), (2, 4 + 5), (3, 4 + 5 + 6)],
)
def test_waiting_gets_dearer_step_by_step(lead: int, cost: float) -> None:
    # After any wait 4 a unit; each week beyond one costs 5, and each beyond two one more.
    steps = ({"periods": 0, "step_cost": 4}, {"periods": 1, "added_cost": 5}, {"periods": 2, "added_cost": 1})
    plan = solved(made(*steps, lead=lead))
    assert plan.amounts.get("ageing", 0) == pytest.approx(10 * cost)
    assert plan.amounts["backorder"] == pytest.approx(10 * 3 * lead)


def test_a_weight_counts_and_a_row_is_for_its_lines_alone() -> None:
    heavy: dict[str, Any] = {"customers": [{"customer": "C", "weight": 3}]}
    assert solved(made({"periods": 2, "step_cost": 4}, **heavy)).amounts["ageing"] == pytest.approx(3 * 40)
    assert solved(made({"periods": 2, "step_cost": 4, "item": "A", "customer": "C"})).amounts["ageing"] == 40
    other: dict[str, Any] = {
        "items": [PLAIN, PLAIN | {"item": "B"}],
        "customers": [{"customer": "C"}, {"customer": "D"}],
    }
    for row in ({"item": "B"}, {"customer": "D"}):
        assert solved(made({"periods": 2, "step_cost": 4, **row}, **other)).amounts.get("ageing", 0) == 0


def test_a_line_that_would_wait_too_long_is_lost() -> None:
    # Waiting three weeks costs 9, and losing a unit 100 less its price of 2: from 89 on it is lost.
    assert solved(made({"periods": 2, "step_cost": 88})).objective == pytest.approx(10 * (2 + 9 + 88))
    assert solved(made({"periods": 2, "step_cost": 90})).objective == pytest.approx(1000)


def test_a_first_wait_costs_once_a_line() -> None:
    late: dict[str, Any] = {"items": [PLAIN | {"late_cost": 25}]}
    plan = solved(made(**late))
    assert plan.amounts["ageing"] == pytest.approx(25) and plan.values["late_line"] == {0: 1}
    assert solved(made(lead=0, **late)).amounts["ageing"] == 0
    assert solved(made(line={"late_cost": 7}, **late)).amounts["ageing"] == pytest.approx(7)
    # 10 × (2 + 9) + 900 are more than losing all of it.
    assert solved(made(line={"late_cost": 900})).objective == pytest.approx(1000)
    # A line that was due before has waited before.
    assert solved(made(line={"late_cost": 7, "due": day(-1)})).amounts.get("ageing", 0) == 0


def test_two_lines_or_one_may_wait() -> None:
    # 10 of 20 are there. Each line gets half, and both wait; or one waits for all: 25 instead of 50.
    demand = [{"due": 0, "quantity": 10, "reference": reference} for reference in "ab"]
    plan = solved(made(demand=demand, inventory=[{"on_hand": 10}], lead=1, items=[PLAIN | {"late_cost": 25}]))
    assert plan.amounts["ageing"] == pytest.approx(25)
    assert plan.objective == pytest.approx(20 + 30 + 25)


def test_dearer_waiting_never_costs_less() -> None:
    costs = [solved(made({"periods": 1, "added_cost": cost}, line={"late_cost": cost})).objective for cost in (0, 1, 9)]
    assert all(one <= other + 1e-6 for one, other in pairwise(costs))


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 40}]
    demand = [{"due": t, "quantity": 10, "late_cost": 5} for t in range(3)]
    one = made({"periods": 0, "step_cost": 1}, {"periods": 1, "added_cost": 2}, sourcing=source, demand=demand)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_row() -> None:
    assert solved(made()).columns("late_line") == solved(made()).rows("first_wait") == 0
    assert "ageing" not in {charge.account for charge in solved(made()).compiled.charges if len(charge.index)}
