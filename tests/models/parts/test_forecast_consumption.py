"""Forecast consumption, by hand."""

from typing import Any

import pytest

from models.parts import plain
from tests.models.solved import PLAIN, Row, day, found, instance, places, result_tables, solved

BESIDE = {
    "items": [{"item": "nut", "backward_consumption": 1, "forward_consumption": 1}],
    "demand": [{"item": "nut", "customer": "shop", "due": 1, "quantity": 4, "reference": "R"}],
}
BESIDE_SETTINGS = {"costs.forecast_weight": 0.5}
WINDOW = PLAIN | {"backward_consumption": 1, "forward_consumption": 0}
SOURCE = [{"unit_cost": 2, "lead_time": 0}]


def line(due: int, quantity: float, kind: str = "order", **more: object) -> Row:
    return {"due": due, "quantity": quantity, "kind": kind, **more}


def asked(*demand: Row, item: Row = WINDOW, **more: Any) -> dict[tuple[str, str], float]:
    """Quantity planned by kind and due date."""
    made = instance(items=[item], sourcing=SOURCE, demand=list(demand), **more)
    plan = solved(made)
    rows = made["demand"]
    return {
        (str(rows["kind"][k]), str(rows["due"][k])): plan.book.values("quantity")[n]
        for n, k in enumerate(plan.book.indexes["lines"]["line"])
    }


def test_the_example_of_the_page() -> None:
    lines = (line(1, 20, "forecast"), line(2, 30, "forecast"), line(1, 8), line(2, 10), line(3, 25))
    # 20 - 8 = 12; 30 - 10 = 20, all taken by the 25 of the week after.
    assert asked(*lines) == {
        ("forecast", day(1)): 12, ("order", day(1)): 8, ("order", day(2)): 10, ("order", day(3)): 25
    }  # fmt: skip


def test_without_a_window_forecast_is_net_of_orders() -> None:
    assert asked(line(1, 20, "forecast"), line(1, 8), item=PLAIN) == {("forecast", day(1)): 20, ("order", day(1)): 8}


def test_back_comes_before_ahead_and_near_before_far() -> None:
    item = PLAIN | {"backward_consumption": 1, "forward_consumption": 2}
    lines = [line(t, 10, "forecast") for t in range(4)]
    # 34 ordered for week 1: 10 of week 1, 10 of week 0, 10 of week 2, 4 of week 3.
    assert asked(*lines, line(1, 34), item=item) == {("forecast", day(3)): 6, ("order", day(1)): 34}


def test_only_the_customers_own_forecast_or_that_of_its_group_is_used_up() -> None:
    customers: list[Row] = [{"customer": "C"}, {"customer": "D"}]
    lines = (line(1, 20, "forecast"), line(1, 8, customer="D"))
    assert asked(*lines, customers=customers)["forecast", day(1)] == 20
    customers[1]["forecast_customer"] = "C"
    assert asked(*lines, customers=customers)["forecast", day(1)] == 12


def test_an_old_order_uses_up_what_is_ahead_only() -> None:
    item = PLAIN | {"forward_consumption": 1}
    old: Row = {"due": day(-1), "quantity": 6}
    past: Row = {"due": day(-1, 2), "quantity": 5, "kind": "forecast"}
    assert asked(old, past, line(0, 10, "forecast"), item=item)["forecast", day(0)] == 4


def test_the_order_of_rows_makes_no_difference() -> None:
    lines = [line(1, 5, "forecast", reference=r) for r in "abc"] + [line(1, 7), line(2, 4)]
    assert asked(*lines[:3], *lines[3:]) == asked(*reversed(lines))


def test_decimals_leave_nothing_behind() -> None:
    # 0.1 + 0.2 is not 0.3 in binary digits; nothing must be planned of what is left.
    assert ("forecast", day(1)) not in asked(line(1, 0.3, "forecast"), line(1, 0.1), line(2, 0.2))


def test_firm_orders_go_before_forecast() -> None:
    lines = [line(0, 10, "forecast", customer="D"), line(0, 10)]
    given = solved(
        instance(
            customers=[{"customer": "C"}, {"customer": "D", "weight": 1.5}],
            inventory=[{"on_hand": 10}], demand=lines, settings={"costs.forecast_weight": 0.5},
        )
    )  # fmt: skip
    # D weighs more, but half of 150 is less than 100: D's forecast falls short, at 75 a unit.
    assert given.amounts["shortage"] == pytest.approx(750)
    assert given.values["short"] == {0: 10}


def test_more_forecast_used_up_never_costs_more() -> None:
    lines = [line(0, 10, "forecast"), line(1, 10, "forecast"), line(1, 12)]
    costs = [
        solved(instance(items=[PLAIN | {"backward_consumption": back}], sourcing=SOURCE, demand=lines)).objective
        for back in (None, 0, 1)
    ]
    assert costs == [pytest.approx(64), pytest.approx(44), pytest.approx(40)]  # 32, 22, 20 units at 2


def test_the_planner_sees_what_was_used_up() -> None:
    made = instance(items=[WINDOW], demand=[line(1, 20, "forecast"), line(1, 8)])
    (row,) = result_tables(made)["forecast_consumption"]
    assert (row["forecast"], row["consumed"], row["open"]) == (20, 8, 12)


def test_a_forecast_that_is_not_worth_buying_for_is_told() -> None:
    demand = [line(1, 20, "forecast"), line(1, 8)]
    made = instance(
        items=[PLAIN | {"shortage_cost": 3}], sourcing=SOURCE, demand=demand, settings={"costs.forecast_weight": 0.5}
    )
    # 3 × 0.5 is below the price of 2.
    assert places(found("forecast_consumption", made)) == [("forecast is cheap to lose", "demand", 0, "shortage_cost")]


def test_it_adds_no_variable_and_no_rule() -> None:
    made = instance(items=[WINDOW], demand=[line(1, 20, "forecast"), line(1, 8)])
    without = [part for part in plain() if part.name != "forecast_consumption"]
    one, other = solved(made).compiled.program, solved(made, without).compiled.program
    assert (one.columns, one.rows) == (other.columns, other.rows)
