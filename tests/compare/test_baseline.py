"""What a min/max rule orders and what that costs, by hand; where it has no figure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optimizer.compare.baseline import by_min_max, with_baseline
from optimizer.compare.min_max import min_max
from optimizer.read import read
from optimizer.report.summary import summary_text
from tests.audit.planned import planned
from tests.models.solved import PLAIN, instance
from tests.reference.folder import write_instance
from tests.reference.random_instances import random_instance
from tests.write import plans

STEADY: list[dict[str, Any]] = [{"due": t, "quantity": 10} for t in range(4)]


def orders(**tables: Any) -> list[tuple[int, float]]:
    decided = min_max(instance(items=[PLAIN], demand=STEADY, **tables))
    return list(zip(decided.orders.period.tolist(), decided.quantity.tolist(), strict=True))


def test_it_orders_up_to_its_level() -> None:
    # d = 10 a week, lead time 1: s = 20, no order cost: S = 30. Week 0: 25 on hand are more than 20. Week 1: 15 are
    # not, 15 are missing. Week 2: 5 + 15 = 20 are not above 20: 10. In week 3 nothing arrives in time.
    terms = [{"unit_cost": 2, "lead_time": 1}]
    assert orders(inventory=[{"on_hand": 25}], sourcing=terms) == [(1, 15.0), (2, 10.0)]
    # A lot for sqrt(2 × 80 / (1 × 10)) = 4 weeks: S = 20 + 40 = 60.
    assert orders(inventory=[{"on_hand": 15}], sourcing=[{**terms[0], "order_cost": 80}]) == [(0, 45.0)]


def test_packs_minimums_maximums_capacities_and_values() -> None:
    def first(**more: Any) -> list[tuple[int, float]]:
        tables = {"inventory": [{"on_hand": 15}], "sourcing": [{"unit_cost": 2, "lead_time": 1}], **more}
        return [order for order in orders(**tables) if order[0] == 0]

    def terms(**cells: float) -> dict[str, Any]:
        return {"sourcing": [{"unit_cost": 2, "lead_time": 1, **cells}]}

    assert first() == [(0, 15.0)]
    assert first(**terms(multiple=4)) == [(0, 16.0)]
    assert first(**terms(minimum_quantity=18, multiple=4)) == [(0, 20.0)]
    assert first(**terms(maximum_quantity=9, multiple=4)) == [(0, 8.0)]
    # 15 × 2 = 30: raised to 40; 70 is more than twice that; at most 20 is less.
    assert first(suppliers=[{"minimum_order_value": 40}]) == [(0, 20.0)]
    assert first(suppliers=[{"minimum_order_value": 70}]) == []
    assert first(suppliers=[{"maximum_order_value": 20}]) == []
    assert first(supplier_capacity=[{"period": 0, "capacity": 7}]) == [(0, 7.0)]
    assert first(settings={"horizon.frozen": 1}) == []


def test_it_is_judged_as_any_plan(tmp_path: Path) -> None:
    # 25 on hand, orders of 15 and 10 at 2 that come in weeks 2 and 3: all 40 are delivered in time. On hand 15, 5, 10
    # and 10 at 1 a week: 40; 25 × 2 = 50 are bought.
    plan = planned(
        tmp_path,
        items=[PLAIN],
        inventory=[{"on_hand": 25}],
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        demand=STEADY,
    )
    found = by_min_max(plan.source, plan.plan.bound)
    assert (found.cost, found.accounts, found.note) == (90.0, {"purchase": 50.0, "holding": 40.0}, "")
    assert (found.fill_rate_on_time, found.fill_rate) == (1.0, 1.0)
    # The plan buys 15, and holds 15 and 5.
    assert plan.plan.objective == pytest.approx(50)
    assert replace(by_min_max(plan.source), audited=True) == found
    text = summary_text(with_baseline(plan.plan, plan.source, "min-max"), width=200)
    assert "By min-max it would cost 90 EUR, 40 more, with 100.0% on time and 100.0% in all." in text
    text = summary_text(with_baseline(plan.plan, plan.source), width=200)
    assert "By min-max it would cost about 90 EUR, 40 more, with 100.0% on time and 100.0% in all." in text


def test_backorders_safety_stock_and_what_is_left(tmp_path: Path) -> None:
    # Nothing on hand, lead time 2, twice 10 asked of it: d = 5, s = 15 + 4, S = 24. 24 are ordered in week 0, and
    # arrive in week 2: 10 wait a week (30), 10 are on time; left 14 - 10 = 4. On hand 0, 0, 14, 4: holding 18, below
    # safety stock 4 + 4 at 1.5: 12. What is left is worth 4 × 0.5. In week 1 the position is 24, more than 19.
    items = [PLAIN | {"ending_value": 0.5}]
    stock = [{"safety_stock": 4, "safety_stock_cost": 1.5}]
    lines = [{"due": 1, "quantity": 10}, {"due": 3, "quantity": 10}]
    plan = planned(tmp_path, items=items, inventory=stock, sourcing=[{"unit_cost": 2, "lead_time": 2}], demand=lines)
    found = by_min_max(plan.source, plan.plan.bound)
    assert found.note == ""
    assert found.accounts == {"purchase": 48, "backorder": 30, "holding": 18, "safety_stock": 12, "ending_value": -2}


def test_random_plans_keep_every_hard_rule(tmp_path: Path) -> None:
    ordered = 0
    for seed in range(12):
        tables, settings = random_instance(seed, "small")
        write_instance(tmp_path / str(seed), tables, settings)
        source = read(tmp_path / str(seed))
        found = by_min_max(source, -1e12)
        assert found.cost is not None or "knows nothing" in found.note, (seed, found.note)
        ordered += "purchase" in found.accounts
    assert ordered >= 4


def test_where_there_is_no_figure(tmp_path: Path) -> None:
    plan = planned(tmp_path, items=[PLAIN], demand=STEADY, budgets=[{"period": 0, "amount": 5}])
    found = by_min_max(plan.source, plan.plan.bound)
    assert (found.cost, found.note) == (None, "the rule knows nothing of budgets")
    told = summary_text(plans.plan(run={"baseline": found.record()}), width=200)
    assert "min-max" not in summary_text(plans.plan(run={"baseline": by_min_max(plan.source).record()}), width=200)
    assert "What min-max would cost cannot be told (the rule knows nothing of budgets)." in told
