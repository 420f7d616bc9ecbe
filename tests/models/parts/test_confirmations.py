"""Confirmations, by hand."""

from typing import Any

import pytest

from models.assemble import build, derive
from models.parts import parts
from optimizer.compile import compile_model
from optimizer.results.collect import collect
from optimizer.solve.highs import Limits, solve
from tests.models.solved import PLAIN, Row, found, instance, places, result_tables, solved

BESIDE = {
    "demand": [
        {"item": "nut", "customer": "shop", "due": 0, "reference": "W", "quantity": 4, "policy": "win"},
        {
            "item": "rod", "customer": "shop", "due": 0, "reference": "G", "quantity": 6, "policy": "gain",
            "confirmed": 1,
        },
        {
            "item": "nut", "customer": "shop", "due": 0, "reference": "F", "quantity": 8, "policy": "fill",
            "confirmed": 2, "confirmed_quantity": 6,
        },
        {
            "item": "nut", "customer": "shop", "due": 0, "reference": "L", "quantity": 2, "policy": "lose",
            "confirmed": 1,
        },
    ]
}  # fmt: skip
TWO = [{"customer": "C"}, {"customer": "D", "weight": 2}]


def made(line: Row, *, stock: float = 10, **more: Any) -> Any:
    """10 on hand; C wants 10 in week 0, and D, who weighs twice as much, 10 in week 1. Nothing can be bought."""
    tables: dict[str, Any] = {
        "customers": TWO,
        "inventory": [{"on_hand": stock}],
        "demand": [{"due": 0, "quantity": 10, **line}, {"customer": "D", "due": 1, "quantity": 10}],
    }
    return instance(periods=3, **{**tables, **more})


def delivered(line: Row, **more: Any) -> dict[tuple[int, int], float]:
    """Quantity by demand line and period."""
    plan = solved(made(line, **more))
    return {(d, t): quantity for (d, _, t), quantity in plan.values["deliver"].items()}


def test_without_a_policy_stock_goes_where_it_is_worth_most() -> None:
    # 10 held a week, and C's 10 lost at 100; D's would be 2,000.
    assert solved(made({})).objective == pytest.approx(1010)
    assert delivered({}) == {(1, 1): 10}


def test_win_is_served_in_full_on_its_day() -> None:
    plan = solved(made({"policy": "win"}))
    assert plan.values["deliver"] == {(0, "main", 0): 10}
    assert plan.objective == pytest.approx(2000)


def test_gain_is_served_as_confirmed_or_better() -> None:
    # 4 by week 1: they leave in week 0, which saves holding and waiting; 6 wait for D.
    got = delivered({"policy": "gain", "confirmed": 1, "confirmed_quantity": 4})
    assert got == {(0, 0): 4, (1, 1): 6}


def test_redistribute_counts_for_nothing() -> None:
    assert delivered({"policy": "redistribute", "confirmed": 0}) == {(1, 1): 10}


def test_fill_is_never_better_than_confirmed() -> None:
    # 20 on hand: both could be served at once. C gets 7, and no sooner than week 1.
    assert delivered({"policy": "fill", "confirmed": 1, "confirmed_quantity": 7}, stock=20) == {(0, 1): 7, (1, 1): 10}
    assert delivered({"policy": "fill", "confirmed": 3}, stock=20) == {(1, 1): 10}


def test_a_cap_on_what_cannot_be_delivered_says_nothing() -> None:
    line = {"policy": "fill", "confirmed": 1, "confirmed_quantity": 4}
    assert delivered(line, lanes=[{"customer": "D"}]) == {(1, 1): 10}


def test_lose_is_withdrawn_at_no_cost() -> None:
    line = {"policy": "lose", "confirmed": 1}
    plan = solved(made(line))
    assert plan.amounts["shortage"] == 0 and plan.values["short"] == {0: 10}
    # Nothing is bought for it either.
    source = [{"unit_cost": 2, "lead_time": 0}]
    assert solved(made(line, stock=0, sourcing=source)).amounts["purchase"] == pytest.approx(20)  # for D alone


def test_a_promise_is_broken_only_where_it_must_be() -> None:
    # Both of C's lines cannot be there in week 0: 10 of 14 are; 4 are lost: 4 × 100, and 4 × 10 × 100 for the promise.
    lines = [{"due": 0, "quantity": 7, "policy": "win", "reference": r} for r in "ab"]
    plan = solved(made({}, demand=lines))
    assert plan.amounts["promise"] == pytest.approx(4000) and plan.amounts["shortage"] == pytest.approx(400)


def test_a_promise_that_is_late_is_broken_all_the_same() -> None:
    source = [{"unit_cost": 2, "lead_time": 1}]
    plan = solved(made({"policy": "win"}, stock=0, sourcing=source))
    # 10 come a week late: 30 of waiting, and 10 × 10 × 100.
    assert plan.amounts["promise"] == pytest.approx(10000) and plan.amounts["backorder"] == pytest.approx(30)
    half = solved(made({"policy": "win"}, stock=0, sourcing=source, settings={"costs.promise_rate": 5}))
    assert half.amounts["promise"] == pytest.approx(5000)


def test_an_old_promise_is_due_at_once_and_one_beyond_the_horizon_binds_to_nothing() -> None:
    old = {"due": "2026-11-02", "policy": "gain", "confirmed": "2026-11-09"}
    assert delivered(old) == {(0, 0): 10}
    assert delivered({"policy": "gain", "confirmed": 3}) == {(1, 1): 10}


def test_the_planner_sees_what_is_kept_and_what_is_not() -> None:
    lines = [{"due": 0, "quantity": 7, "policy": "win", "reference": r} for r in "ab"]
    rows = result_tables(made({}, demand=[*lines, {"due": 1, "quantity": 1}]))["promises"]
    assert sum(row["kept"] for row in rows) == pytest.approx(10)
    assert sorted(row["broken"] for row in rows) == pytest.approx([0, 4])
    assert {(row["policy"], row["promised_period"], row["promised"]) for row in rows} == {("win", "2026-11-23", 7)}


def test_what_cannot_be_kept_is_told_by_name() -> None:
    source = made({"policy": "win", "reference": "SO-1"}, stock=4)
    book = derive(source)
    compiled = compile_model(*build(source, book), book)
    answer = solve(compiled.program, Limits(seconds=600))
    assert answer.x is not None
    assert collect(source, book, compiled, answer.x).remarks == [
        "a promise cannot be kept: of 10 A for C (SO-1), 6 are not there by 2026-11-29 (policy win)"
    ]


@pytest.mark.parametrize("policy", ["gain", "redistribute"])
def test_looser_policies_never_cost_more(policy: str) -> None:
    line = {"confirmed": 0, "confirmed_quantity": 6}
    assert solved(made(line | {"policy": policy})).objective <= solved(made(line | {"policy": "win"})).objective + 1e-6
    held = solved(made({"policy": "fill", "confirmed": 1}, stock=20)).objective
    assert solved(made({}, stock=20)).objective <= held + 1e-6


@pytest.mark.parametrize("policy", ["win", "gain", "fill", "lose"])
def test_the_tight_formulation_has_the_same_optimum(policy: str) -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 30}]
    one = made({"policy": policy, "confirmed": 1, "confirmed_quantity": 6}, sourcing=source, items=[PLAIN])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_policies_without_a_date_and_promises_of_too_much_are_told() -> None:
    assert places(found("confirmations", made({"policy": "gain"}))) == [("no date confirmed", "demand", 0, "confirmed")]
    assert found("confirmations", made({"policy": "win"})) == []
    assert places(found("confirmations", made({"confirmed": 0, "confirmed_quantity": 11}))) == [
        ("more confirmed than open", "demand", 0, "confirmed_quantity")
    ]
