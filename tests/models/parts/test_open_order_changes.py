"""Changes of open orders, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, day, found, instance, places, result_tables, solved

BESIDE = {
    "open_orders": [
        {"order": "P", "item": "nut", "arrival": 1, "quantity": 4, "sooner_periods": 1, "sooner_cost": 0.25},
        {
            "order": "Q", "item": "nut", "arrival": 1, "quantity": 6, "later_periods": 1, "cancel_cost": 1,
            "change_cost": 3,
        },
    ]
}  # fmt: skip


def made(order: Row, *demand: tuple[int, float], **more: Any) -> Any:
    """One open order of 10 for week 2; waiting costs 3 a week, holding 1, a lost unit 100."""
    tables: dict[str, Any] = {
        "open_orders": [{"arrival": 2, "quantity": 10, **order}],
        "demand": [{"due": t, "quantity": quantity} for t, quantity in demand],
    }
    return instance(periods=4, **{**tables, **more})


def cost(order: Row, *demand: tuple[int, float], **more: Any) -> float:
    return solved(made(order, *demand, **more)).objective


def test_without_terms_it_arrives_as_agreed() -> None:
    assert cost({}, (0, 10)) == pytest.approx(60)
    assert solved(made({}, (0, 10))).columns("change") == 0


def test_it_is_brought_in_sooner_where_that_pays() -> None:
    # A week sooner: 10 × 2, and 30 of waiting; two: 40 and none. At 4 a week neither.
    assert cost({"sooner_periods": 1, "sooner_cost": 2}, (0, 10)) == pytest.approx(50)
    assert cost({"sooner_periods": 9, "sooner_cost": 2}, (0, 10)) == pytest.approx(40)
    assert cost({"sooner_periods": 9, "sooner_cost": 4}, (0, 10)) == pytest.approx(60)
    assert cost({"sooner_periods": 9, "sooner_cost": 2, "change_cost": 21}, (0, 10)) == pytest.approx(60)


def test_it_is_put_off_where_that_pays() -> None:
    # Wanted in week 3: a week on hand, 10; put off at 0.5: 5.
    assert cost({"later_periods": 3, "later_cost": 0.5}, (3, 10)) == pytest.approx(5)
    assert cost({"later_periods": 3, "later_cost": 2}, (3, 10)) == pytest.approx(10)


def test_it_is_cancelled_where_that_pays() -> None:
    # Nobody wants it: two weeks on hand, 20. Cancelled at 1.5 a unit: 15; with its price of 4 saved, -25.
    assert cost({"cancel_cost": 1.5}) == pytest.approx(15)
    assert cost({"cancel_cost": 1.5, "unit_cost": 4}) == pytest.approx(-25)
    assert cost({"cancel_cost": 2.5}) == pytest.approx(20)


def test_an_order_is_changed_as_a_whole() -> None:
    # 5 are wanted now, 5 in week 2: sooner by two weeks saves 30 of waiting, and costs 5 × 2 of holding and 10 × 1.
    order = {"sooner_periods": 2, "sooner_cost": 0.5}
    plan = solved(made(order, (0, 5), (2, 5)))
    assert plan.objective == pytest.approx(10 + 10) and plan.values["change"] == {(0, 0): 1}


def test_an_overdue_order_is_moved_from_when_it_is_expected() -> None:
    # Expected in week 1, it can come in week 0.
    assert cost({"arrival": day(-2), "sooner_periods": 5, "sooner_cost": 2}, (0, 10)) == pytest.approx(20)


def test_one_after_the_horizon_stays_out() -> None:
    assert solved(made({"arrival": day(6), "sooner_periods": 9}, (0, 10))).columns("change") == 0


@pytest.mark.parametrize("terms", [{"sooner_periods": 2, "sooner_cost": 1}, {"later_periods": 1}, {"cancel_cost": 1}])
def test_the_tight_formulation_has_the_same_optimum(terms: Row) -> None:
    more: dict[str, Any] = {"sourcing": [{"unit_cost": 2, "lead_time": 1, "order_cost": 15}], "items": [PLAIN]}
    one = made(terms, (0, 4), (1, 4), (3, 6), **more)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


@pytest.mark.parametrize("freer", [{"sooner_periods": 2}, {"later_periods": 2}, {"cancel_cost": 3}, {"later_cost": 0}])
def test_relaxing_never_costs_more(freer: Row) -> None:
    terms = {"sooner_periods": 1, "sooner_cost": 1, "later_periods": 1, "later_cost": 1, "cancel_cost": 5}
    demand = ((0, 3), (3, 4))
    assert cost(terms | freer, *demand) <= cost(terms, *demand) + 1e-6 <= cost({}, *demand) + 1e-3


def test_the_planner_sees_whom_to_call_and_stock_adds_up() -> None:
    tables = result_tables(made({"sooner_periods": 9, "sooner_cost": 2}, (0, 10)))
    (row,) = tables["open_order_changes"]
    told = (row["order"], row["arrival"], row["quantity"], row["action"], row["new_arrival"], row["cost"])
    assert told == ("PO-1", day(2), 10, "expedite", day(0), 40)
    assert [stock["receipts"] for stock in tables["inventory"]] == [10]
    (row,) = result_tables(made({"cancel_cost": 1.5}))["open_order_changes"]
    assert (row["action"], row["new_arrival"], row["cost"]) == ("cancel", "", 15)


def test_an_order_that_it_pays_to_place_again_is_told() -> None:
    source = [{"unit_cost": 2, "lead_time": 1}]
    dear = made({"cancel_cost": 1, "unit_cost": 4}, sourcing=source)
    assert places(found("open_order_changes", dear)) == [("cancelling pays", "open_orders", 0, "cancel_cost")]
    assert found("open_order_changes", made({"cancel_cost": 1, "unit_cost": 3}, sourcing=source)) == []
