"""Plan stability, by hand."""

from typing import Any

import pytest

from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, Row, day, found, instance, places, result_tables, solved

BESIDE = {
    "suppliers": [
        {"supplier": "BOLT", "change_cost": 5, "change_rate": 0.125, "maximum_changes": 3, "maximum_change": 1}
    ],
    "last_plan": [
        {"item": "nut", "supplier": "BOLT", "order_period": 1, "quantity": 10},
        {"item": "rod", "supplier": "BOLT", "order_period": 1, "quantity": 6},
    ],
}
SOURCE: Row = {"unit_cost": 2, "lead_time": 0, "order_cost": 15}


def made(supplier: Row, *last_plan: Row, demand: tuple[float, ...] = (10, 10, 10), **more: Any) -> Any:
    """Price 4, goods at 2, 15 an order line, 1 a week on stock: two weeks' demand at once pays, three weeks' too."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables = {"items": [PLAIN | {"price": 4}], "sourcing": [SOURCE], "demand": lines, "suppliers": [supplier]}
    promised = [{"order_period": t, **row} for t, row in enumerate(last_plan)]
    return instance(periods=3, **{**tables, "last_plan": promised, **more})


def cost(supplier: Row, *promised: float, **more: Any) -> float:
    return solved(made(supplier, *({"quantity": quantity} for quantity in promised), **more)).objective


def test_without_a_price_on_changes_nothing_is_held() -> None:
    # Two orders, of 20 and 10 or 10 and 20: 60 + 30 + 10.
    assert cost({}, 10, 10, 10) == pytest.approx(100)
    assert solved(made({}, {"quantity": 10})).columns("more") == 0


def test_a_dear_change_is_not_made() -> None:
    # As promised: 60 + 45. Changed to 20, 0, 10: two lines.
    assert cost({"change_cost": 3}, 10, 10, 10) == pytest.approx(105)
    assert cost({"change_cost": 2}, 10, 10, 10) == pytest.approx(104)


def test_a_change_costs_by_quantity() -> None:
    # 10 more and 10 less, at 0.05 × 4: 4 for what saves 5; at 0.1 × 4 nothing is changed.
    assert cost({"change_rate": 0.05}, 10, 10, 10) == pytest.approx(104)
    assert cost({"change_rate": 0.1}, 10, 10, 10) == pytest.approx(105)


def test_a_new_line_is_a_change_and_a_dropped_one_too() -> None:
    plan = solved(made({"change_cost": 1}, {"quantity": 30}, {"quantity": 0}, {"quantity": 10}))
    # 30 at once: 60 + 15 + 30, and the third week's 10 dropped: 1. Or 20 and 10: 100, and one change.
    assert plan.objective == pytest.approx(101)
    assert plan.amounts["plan_change"] == pytest.approx(1)


def test_so_many_lines_may_be_changed_and_no_more() -> None:
    # Demand has doubled: 20 a week.
    costs = [cost({"maximum_changes": n}, 10, 10, 10, demand=(20, 20, 20)) for n in (0, 1, 2, 3)]
    assert costs[0] > costs[1] >= costs[2] >= costs[3]
    # None: 60 + 45, and 30 of the 60 wanted are never delivered, at 100.
    assert costs[0] == pytest.approx(60 + 45 + 3000)
    # All: 20 each week: 120 + 45.
    assert costs[3] == pytest.approx(165)


def test_a_promised_quantity_may_change_by_its_share() -> None:
    plan = solved(made({"maximum_change": 0.25}, *({"quantity": 10} for _ in range(3)), demand=(20, 20, 20)))
    assert {t: quantity for (*_, t), quantity in plan.values["order"].items()} == pytest.approx(
        {0: 12.5, 1: 12.5, 2: 12.5}
    )


def test_only_periods_of_the_promise_count() -> None:
    # Only week 0 was promised: as promised, then 20 at once. Counting to the end, that second order is new: 50.
    assert cost({"change_cost": 50}, 10) == pytest.approx(100)
    assert cost({"change_cost": 50}, 10, settings={"horizon.promised": 3}) == pytest.approx(150)
    assert cost({"change_cost": 50}, 30, settings={"horizon.promised": 0}) == pytest.approx(100)


def test_a_frozen_week_is_no_promise() -> None:
    plan = solved(made({"change_cost": 50}, {"quantity": 10}, settings={"horizon.frozen": 1}))
    assert plan.amounts["plan_change"] == 0 and plan.columns("more") == 0


def test_a_promise_that_cannot_be_placed_is_broken_at_its_cost() -> None:
    gone = [SOURCE | {"valid_from": day(1)}]
    plan = solved(made({"change_cost": 7, "change_rate": 0.5}, {"quantity": 10}, sourcing=gone))
    assert plan.amounts["plan_change"] == pytest.approx(7 + 0.5 * 4 * 10)


@pytest.mark.parametrize("freer", [{"change_cost": 1}, {"maximum_changes": 2}, {"maximum_change": 0.5}, {}])
def test_relaxing_never_costs_more(freer: Row) -> None:
    strict = {"change_cost": 3, "maximum_changes": 1, "maximum_change": 0.25}
    held = cost({**strict, "maximum_change": None, "maximum_changes": 1}, 10, 5, 20)
    assert cost(freer, 10, 5, 20) <= cost(strict, 10, 5, 20) + 1e-6
    assert held <= cost(strict, 10, 5, 20) + 1e-6


def test_the_planner_sees_what_is_changed() -> None:
    dear = {"change_rate": 0.01}
    rows = result_tables(made(dear, {"quantity": 10}, {"quantity": 10}, {"quantity": 10}))["order_changes"]
    assert sum(row["change"] for row in rows) == pytest.approx(0) and len(rows) == 2
    assert {row["promised"] for row in rows} == {10}
    assert "order_changes" not in result_tables(made({}, {"quantity": 10}))


def test_a_promise_told_twice_or_held_in_vain_is_told() -> None:
    two = made({}, {"order_period": day(0)}, {"order_period": day(0, 2)}, last_plan=[
        {"order_period": day(0), "quantity": 1}, {"order_period": day(0, 2), "quantity": 1}])  # fmt: skip
    assert places(found("plan_stability", two)) == [("two promises", "last_plan", 1, "order_period")]
    gone = made({"maximum_change": 0.5}, {"quantity": 10}, sourcing=[SOURCE | {"valid_from": day(1)}])
    (finding,) = found("plan_stability", gone)
    assert finding.rule == "promise that cannot be kept" and "the 10 promised to S" in finding.message
    assert found("plan_stability", made({"maximum_change": 0.5}, {"quantity": 10})) == []


def test_a_promise_against_other_rules_is_told() -> None:
    # 10 are promised and 4 can be paid: 6 less, and a half allowed.
    case = made({"maximum_change": 0.5}, {"quantity": 10}, budgets=[{"period": 0, "amount": 8}])
    told, *sides = contradictions(case, 600)
    assert {side.table for side in sides} == {"budgets"}
    assert (told.table, told.row, told.column) == ("last_plan", 0, "order_period")
    assert "must be changed by 1 more" in told.message


def test_too_few_changes_are_told() -> None:
    # Nothing can be paid: two promises are broken, where one may be.
    promised = ({"quantity": 10}, {"quantity": 10})
    case = made({"maximum_changes": 1}, *promised, budgets=[{"amount": 0}])
    told, *sides = contradictions(case, 600)
    assert [(side.table, side.row) for side in sides] == [("budgets", 0), ("last_plan", 0), ("last_plan", 1)]
    assert (told.table, told.row, told.column) == ("suppliers", 0, "maximum_changes")
    assert "of S 1 order lines more than the 1" in told.message
