"""Decisions: the penalty behind an order is found again, where it is known by hand."""

from pathlib import Path

import pytest

from optimizer.read import InputFaults
from optimizer.read.earlier import NoEarlierPlan
from optimizer.tune.decisions import Decisions
from optimizer.tune.refused import TuneRefused
from tests.tune.breaking_even import BREAK_EVEN, instance, tables, trials

HEADER = "item,supplier,location,order_period,quantity\n"


def decided(folder: Path, *orders: str) -> Path:
    """A plan with these orders."""
    (folder / "purchase_orders.csv").write_text(HEADER + "".join(f"{one}\n" for one in orders), encoding="utf-8")
    return folder


def test_who_orders_believes_in_a_penalty_above_the_break_even(tmp_path: Path) -> None:
    plan = decided(tmp_path, "A,S,main,2026-11-23,10")
    result = Decisions(trials(instance(), "shortage_cost"), [0.25], [4.0], plan).solve()
    assert result.chosen is not None
    best = result.points.iloc[result.chosen]
    # Ordering costs 50, not ordering 40 f: a regret of 10 at the own penalties, and none from f = 1.25 on.
    own = result.points[result.points["own"] == 1].iloc[0]
    assert (own["cost_held"], own["regret"]) == pytest.approx((50, 10))
    assert best["regret"] == pytest.approx(0)
    assert best["factor"] >= BREAK_EVEN * 0.999
    low, high = result.document["fits"]["shortage_cost"]
    assert low == pytest.approx(BREAK_EVEN, rel=0.02)
    assert high == 4.0
    assert "nearest to the best" in result.sentences[0]


def test_who_does_not_order_believes_in_less(tmp_path: Path) -> None:
    items = {**tables()["items"], "shortage_cost": ["8"]}  # the break-even of 5 is at 0.625
    result = Decisions(trials(instance(items=items), "shortage_cost"), [0.25], [4.0], decided(tmp_path)).solve()
    low, high = result.document["fits"]["shortage_cost"]
    assert low == 0.25
    assert high == pytest.approx(0.625, rel=0.02)
    own = result.points[result.points["own"] == 1].iloc[0]
    assert own["regret"] == pytest.approx(80 - 50)


def test_a_plan_that_no_penalty_explains_keeps_its_regret(tmp_path: Path) -> None:
    # 15 are ordered where 10 are wanted: 30 + 30, and 5 on stock for two weeks: 10 more; 20 above what 10 cost.
    plan = decided(tmp_path, "A,S,main,2026-11-23,15")
    result = Decisions(trials(instance(), "shortage_cost"), [0.25], [4.0], plan).solve()
    assert result.points["regret"].min() == pytest.approx(20)


def test_of_groups_that_multiply_each_other_no_range_is_told(tmp_path: Path) -> None:
    # A shortage costs 40 f g: by lines it would be 40 (f + g - 1), 120 and not 160 at both 2.
    plan = decided(tmp_path, "A,S,main,2026-11-23,10")
    one = trials(instance(), "shortage_cost", "customers.weight")
    result = Decisions(one, [0.5, 0.5], [2.0, 2.0], plan).solve()
    assert result.points["regret"].min() == pytest.approx(0)
    assert result.document["fits"] == {"shortage_cost": [], "customers.weight": []}
    assert "no straight lines" in result.sentences[-1]


def test_orders_that_cannot_be_placed_are_told(tmp_path: Path) -> None:
    plan = decided(tmp_path, "A,S,main,2026-11-23,10", "A,S,main,2025-11-24,10")
    result = Decisions(trials(instance(), "shortage_cost"), [0.25], [4.0], plan).solve()
    assert "1 of its 2 orders cannot be placed any more" in result.sentences[-1]


def test_orders_that_break_a_rule(tmp_path: Path) -> None:
    source = instance(sourcing={**tables()["sourcing"], "minimum_quantity": ["8"]})
    with pytest.raises(InputFaults, match="minimum"):
        Decisions(trials(source, "shortage_cost"), [0.5], [2.0], decided(tmp_path, "A,S,main,2026-11-23,5")).solve()


def test_what_cannot_be_sought(tmp_path: Path) -> None:
    names = ["shortage_cost"] * 5
    with pytest.raises(TuneRefused, match="1 to 4 groups"):
        Decisions(trials(instance(), *names), [0.5] * 5, [2.0] * 5, decided(tmp_path)).solve()
    with pytest.raises(NoEarlierPlan):
        Decisions(trials(instance(), "shortage_cost"), [0.5], [2.0], tmp_path / "none").solve()
