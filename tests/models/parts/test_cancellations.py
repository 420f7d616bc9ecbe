"""Cancellations, by hand."""

from itertools import pairwise
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, day, found, instance, places, result_tables, solved

BESIDE = {
    "items": [{"item": "nut", "cancel_share": 0.25}],
    "demand": [{"item": "rod", "customer": "shop", "due": 1, "cancel_share": 1}],
}


def made(share: float, *, lead: int = 2, line: Any = None, **more: Any) -> Any:
    """64 wanted in week 0; they can be there after the lead time. A week of waiting costs 3, a lost unit 100."""
    tables: dict[str, Any] = {
        "items": [PLAIN | {"cancel_share": share}],
        "sourcing": [{"unit_cost": 2, "lead_time": lead, "valid_to": day(0)}],
        "demand": [{"due": 0, "quantity": 64, **(line or {})}],
    }
    return instance(periods=5, **{**tables, **more})


@pytest.mark.parametrize(
    ("share", "lead", "left"), [(0, 2, 64), (0.25, 0, 64), (0.25, 1, 48), (0.25, 3, 27), (1, 1, 0)]
)
def test_who_waits_leaves_by_and_by(share: float, lead: int, left: float) -> None:
    # 64 × 0.75 per week of waiting.
    plan = solved(made(share, lead=lead))
    assert sum(plan.values["deliver"].values()) == pytest.approx(left)
    assert plan.objective == pytest.approx(left * (2 + 3 * lead) + 100 * (64 - left))


def test_only_what_waits_is_cancelled() -> None:
    # 24 are there: 40 wait, half of them for a week, half of those for another, when they are there.
    plan = solved(made(0.5, inventory=[{"on_hand": 24}]))
    assert plan.values["deliver"] == {(0, "main", 0): 24, (0, "main", 2): 10}


def test_a_line_may_have_a_share_of_its_own() -> None:
    assert sum(solved(made(0.25, line={"cancel_share": 0.5})).values["deliver"].values()) == pytest.approx(16)
    assert sum(solved(made(0.25, line={"cancel_share": 0})).values["deliver"].values()) == pytest.approx(64)


def test_where_next_to_nobody_is_left_nobody_is() -> None:
    # 0.05^2 = 0.0025 of the line are left, 0.05^3 are less than a thousandth.
    assert sum(solved(made(0.95, lead=2)).values["deliver"].values()) == pytest.approx(64 * 0.0025)
    assert solved(made(0.95, lead=3)).values.get("deliver", {}) == {}


def test_patience_never_costs_more() -> None:
    costs = [solved(made(share)).objective for share in (0, 0.1, 0.5, 1)]
    assert all(one <= other + 1e-6 for one, other in pairwise(costs))


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 900}]
    demand = [{"due": t, "quantity": 10} for t in range(4)]
    one = made(0.25, sourcing=source, demand=demand)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_share() -> None:
    assert solved(made(0)).rows("patience") == solved(made(0)).rows("gone") == 0


def test_the_planner_sees_what_is_cancelled() -> None:
    # 64 wait for one week: 16 are cancelled; the others are there.
    (row,) = result_tables(made(0.25, lead=1))["cancellations"]
    assert (row["item"], row["customer"], row["cancelled"]) == ("A", "C", 16)
    # Nothing comes: of 64, 48, 36 are left at the end of a window of two weeks.
    (row,) = result_tables(made(0.25, lead=4, line={"max_delay": 2}))["cancellations"]
    assert row["cancelled"] == pytest.approx(28)
    assert "cancellations" not in result_tables(made(0))


def test_customers_who_never_wait_need_no_window() -> None:
    odd = made(1, items=[PLAIN | {"cancel_share": 1, "max_delay": 3}])
    assert places(found("cancellations", odd)) == [("nobody waits", "items", 0, "cancel_share")]
    assert found("cancellations", made(1)) == []
