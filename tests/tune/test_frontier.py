"""Frontier: the table of a sweep, its marks and its sentences; a solver that has erred publishes nothing."""

from dataclasses import replace

import pytest

from optimizer.read import Input
from optimizer.tune.frontier import Contradiction, axis_of, tuned_sweep
from optimizer.tune.groups import named
from optimizer.tune.result import Tuned
from optimizer.tune.sweep import Sweep, path, ranged, swept
from tests.tune.breaking_even import instance, tables, trials


def three_items() -> Input:
    """Three items of 10 units each; delivering costs 5.5, 6 and 12 a unit with its order, a shortage 4 each."""
    return instance(
        items={
            "item": ["A", "B", "D"], "class": ["", "", ""], "holding_cost": ["1"] * 3, "backorder_cost": ["3"] * 3,
            "shortage_cost": ["4"] * 3, "ending_value": ["0"] * 3,
        },
        sourcing={
            "item": ["A", "B", "D"], "supplier": ["S"] * 3, "unit_cost": ["2"] * 3, "lead_time": ["0"] * 3,
            "order_cost": ["35", "40", "100"],
        },
        inventory={"item": ["A", "B", "D"], "location": ["main"] * 3},
        demand={"item": ["A", "B", "D"], "customer": ["C"] * 3, "due": ["2026-11-23"] * 3, "quantity": ["10"] * 3},
    )  # fmt: skip


@pytest.fixture(scope="module")
def sweep() -> Sweep:
    """Factors 1, 1.4, 2 and 4 on the shortage cost: 4, 5.6, 8 and 16 a unit, so 0, 1, 2 and 3 items are delivered."""
    source = three_items()
    factors = [(1.0,), (1.4,), (2.0,), (4.0,)]
    return swept(trials(source, "shortage_cost"), [one[0] for one in factors], factors)


@pytest.fixture(scope="module")
def result(sweep: Sweep) -> Tuned:
    """The frontier of it."""
    return tuned_sweep(sweep)


def test_the_points(result: Tuned) -> None:
    points = result.points
    # Ordered are 55, then 60 and 120 more; short are 30, 20, 10 and 0 units, at 4 each by the planner's own.
    assert points["cost_other"].tolist() == pytest.approx([0, 55, 115, 235])
    assert points["varied_own"].tolist() == pytest.approx([120, 80, 40, 0])
    assert points["cost_own"].tolist() == pytest.approx([120, 135, 155, 235])
    assert points["cost"].tolist() == pytest.approx([120, 55 + 112, 115 + 80, 235])
    assert points["fill_rate"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert points["own_shortage"].tolist() == pytest.approx(points["varied_own"].tolist())
    assert points["orders"].tolist() == [0, 1, 2, 3]
    assert points["own"].tolist() == [1, 0, 0, 0]
    assert points["dominated"].tolist() == [0, 0, 0, 0]
    assert (points["gap"] <= 1e-4).all()


def test_the_knee_and_what_is_written_there(result: Tuned) -> None:
    # Brought to 0 ... 1: (0, 0), (0.234, 0.333), (0.489, 0.667), (1, 1): the third is farthest above the chord.
    assert result.points["knee"].tolist() == [0, 0, 1, 0]
    assert result.plan is not None
    assert result.plan.fill_rate == pytest.approx(2 / 3)
    assert any("what if: shortage_cost × 2" in warning for warning in result.plan.warnings)
    assert result.suggested["items"]["shortage_cost"].tolist() == ["8", "8", "8"]
    assert "late_cost" not in result.suggested["items"].columns
    assert any("The knee is at × 2" in sentence for sentence in result.sentences)


def test_a_bound_above_a_plan_publishes_nothing(sweep: Sweep) -> None:
    wrong = replace(sweep, intervals=replace(sweep.intervals, contradicted=(1,)))
    with pytest.raises(Contradiction, match=r"at × 1.4 a plan costs 167\.0"):
        tuned_sweep(wrong)


def test_points_with_one_plan_are_told() -> None:
    source = instance()
    one = swept(trials(source, "shortage_cost"), *path([ranged(source, "shortage_cost=0.5..2")], 4, "even"))
    result = tuned_sweep(one)
    assert result.points["dominated"].tolist() == [0, 1, 0, 1]
    assert any("2 of the points have the cost and the service of another" in told for told in result.sentences)
    assert result.chosen is None
    assert result.plan is None


def test_what_the_cost_buys_follows_what_is_varied() -> None:
    inventory = {**tables()["inventory"], "safety_stock": ["1"], "safety_stock_cost": ["1"]}
    source = instance(inventory=inventory)
    for name, column, down in (
        ("backorder_cost", "fill_rate_on_time", False),
        ("customers.weight", "fill_rate_on_time", False),
        ("shortage_cost", "fill_rate", False),
        ("costs.shortage_rate", "fill_rate", False),
        ("safety_stock_cost", "varied_own", True),
    ):
        axis, less = axis_of([named(source, name)])
        assert (axis.column, less) == (column, down), name
