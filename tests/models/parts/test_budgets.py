"""Budgets, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, day, found, instance, orders, places, solved
from tests.models.test_largest_orders import WantsMore, optimum

BESIDE = {
    "budgets": [
        {"period": 1, "amount": 120},
        {"period": 1, "supplier": "BOLT", "amount": 90},
        {"supplier": "ACME", "amount": 100},
        {"amount": 400},
    ],
    "price_breaks": [{"item": "nut", "supplier": "BOLT", "minimum_quantity": 10, "unit_cost": 2.5}],
}


def made(*budgets: Row, demand: tuple[float, ...] = (10, 10, 10), **more: Any) -> Any:
    """S sells at 2, Z at 3; a week on hand 1, a week of waiting 3, a lost unit 100."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables: dict[str, Any] = {
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [{"supplier": s, "unit_cost": cost, "lead_time": 0} for s, cost in (("S", 2), ("Z", 3))],
        "demand": lines,
    }
    return instance(periods=len(demand), **{**tables, "budgets": list(budgets), **more})


def cost(*budgets: Row, **more: Any) -> float:
    return solved(made(*budgets, **more)).objective


def test_without_budgets_nothing_is_added() -> None:
    plan = solved(made())
    assert plan.objective == pytest.approx(60)
    assert plan.rows("budget") == 0
    assert solved(made({"period": 1})).rows("budget") == 0  # an empty cell: unlimited
    assert solved(made({"period": -1, "amount": 0}, {"period": 3, "amount": 0})).rows("budget") == 0


@pytest.mark.parametrize(
    ("budgets", "expected"),
    [
        ([{"period": 1, "amount": 12}], 60 + 4),  # 6 units in week 1; 4 more in week 0 lie for a week
        ([{"period": 0, "amount": 12}], 60 + 12),  # 4 units wait for a week
        ([{"period": 1, "amount": 12}, {"period": 0, "amount": 20}], 60 + 12),  # none to spare before: 4 units wait
        ([{"amount": 50}], 50 + 500),  # money for 25 of 30 units: 5 are lost
        ([{"supplier": "S", "amount": 40}], 70),  # 20 of S, 10 of Z
        ([{"supplier": "S", "period": 1, "amount": 8}], 60 + 6),  # 6 of Z instead, or earlier for 1 a week
        ([{"supplier": "Z", "amount": 0}], 60),
        ([{"period": day(1, 3), "amount": 12}, {"period": 2}], 60 + 4),  # a Thursday is in its week
    ],
)
def test_what_may_be_spent(budgets: list[Row], expected: float) -> None:
    assert cost(*budgets) == pytest.approx(expected)


def test_a_budget_counts_what_goods_cost_at_their_breaks() -> None:
    breaks = [{"supplier": "S", "minimum_quantity": 20, "unit_cost": 1.5}]
    # 25 units at 1.5 are 37.5; at 2, 40 pay for 20 of them.
    assert cost({"amount": 40}, price_breaks=breaks, demand=(25,)) == pytest.approx(37.5)
    assert cost({"amount": 40}, demand=(25,)) == pytest.approx(40 + 500)


def test_a_line_is_at_most_what_its_budgets_pay() -> None:
    budgets: list[Row] = [{"period": 1, "amount": 12}, {"supplier": "Z", "amount": 9}]
    most = {(s, t): largest for (_, s, _, t), (_, largest) in orders(made(*budgets)).items()}
    assert (most["S", 1], most["Z", 1], most["Z", 2]) == pytest.approx((6, 3, 3))
    assert most["S", 0] == pytest.approx(30)


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("more", [1, 4, None])
def test_relaxing_never_costs_more(row: int, more: float | None) -> None:
    strict: list[Row] = [{"amount": 50}, {"period": 1, "amount": 12}, {"supplier": "S", "amount": 20}]
    freer = [dict(one) for one in strict]
    freer[row]["amount"] = None if more is None else strict[row]["amount"] + more
    assert cost(*freer) <= cost(*strict) + 1e-6


def test_other_formulations_have_the_same_optimum() -> None:
    source = [
        {"supplier": s, "unit_cost": c, "lead_time": 0, "order_cost": 5, "multiple": 4} for s, c in (("S", 2), ("Z", 3))
    ]
    one = made({"amount": 55}, {"period": 1, "amount": 25}, sourcing=source)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)
    assert optimum(one, (*parts(), WantsMore()))[0] == pytest.approx(solved(one).objective)


def test_two_budgets_for_one_thing_are_told() -> None:
    twice = made(
        {"period": day(1), "amount": 5}, {"period": day(1, 2), "amount": 6}, {"period": day(1), "supplier": "S"}
    )
    assert places(found("budgets", twice)) == [("two budgets", "budgets", 1, "period")]


def test_a_minimum_order_above_a_budget_is_told() -> None:
    rich = made(
        {"period": 1, "amount": 3000}, suppliers=[{"supplier": "S", "minimum_order_value": 5000}, {"supplier": "Z"}]
    )
    (finding,) = found("budgets", rich)
    assert finding.rule == "minimum order above budget" and finding.severity.value == "warning"
    assert f"S's minimum order of 5,000 in the week of {day(1)} cannot be met: budget 3,000" in finding.message
    other = made(
        {"supplier": "Z", "amount": 3000}, suppliers=[{"supplier": "S", "minimum_order_value": 5000}, {"supplier": "Z"}]
    )
    assert found("budgets", other) == []


def test_overrides_that_cannot_be_paid_are_a_contradiction_that_is_told() -> None:
    fixed = [{"period": 1, "supplier": "S", "quantity": 10}, {"period": 1, "supplier": "Z", "minimum_quantity": 5}]
    (finding,) = found("budgets", made({"period": 1, "amount": 29}, overrides=fixed))
    assert finding.rule == "overrides above budget"
    # At the lowest price of the item: 15 × 2.
    assert f"for at least 30 in the week of {day(1)}, which cannot be paid: budget 29" in finding.message
    assert found("budgets", made({"period": 1, "amount": 35}, {"period": 0, "amount": 1}, overrides=fixed)) == []
    (finding,) = found("budgets", made({"supplier": "Z", "amount": 9}, overrides=fixed))
    assert "for at least 10 over the horizon" in finding.message
    # A row for all suppliers may be what the row of one of them is already.
    both = [{"period": 1, "quantity": 10}, {"period": 1, "supplier": "S", "quantity": 10}]
    assert found("budgets", made({"period": 1, "amount": 20}, overrides=both)) == []
    assert solved(made({"period": 1, "amount": 20}, overrides=both, items=[PLAIN])).objective == pytest.approx(60)
