"""The audit of forecast consumption: plans net of orders pass, those that are not are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"backward_consumption": 1}],
        customers=[{"customer": "C"}, {"customer": "D", "forecast_customer": "C"}],
        sourcing=[{"unit_cost": 2, "lead_time": 0, "maximum_quantity": 5}],
        demand=[
            {"due": 1, "quantity": 20, "kind": "forecast"},
            {"due": 1, "quantity": 8},
            {"due": 2, "quantity": 4.5, "customer": "D"},
            {"due": 3, "quantity": 3, "kind": "forecast", "reference": "late"},
        ],
        settings={"costs": {"forecast_weight": 0.5}},
    )


def test_a_plan_net_of_orders_passes(plan: Planned) -> None:
    # Forecast 20 - 8 - 4.5 = 7.5; of 23 wanted, 20 can be bought.
    assert plan.rows("forecast_consumption.csv")[1:] == [["A", "C", "2026-11-30", "", "", "20", "12.5", "7.5"]]
    assert plan.violations() == []


@pytest.mark.parametrize(("column", "value"), [("forecast", "21"), ("consumed", "12"), ("open", "8"), ("item", "B")])
def test_a_wrong_consumption_is_refused(plan: Planned, column: str, value: str) -> None:
    plan.cell("forecast_consumption.csv", 2, column, value)
    assert "forecast_consumption" in plan.violations()


def test_a_consumption_that_is_not_told_is_refused(plan: Planned) -> None:
    (plan.folder / "forecast_consumption.csv").unlink()
    assert "forecast_consumption" in plan.violations()


def test_more_than_what_is_left_may_not_be_delivered(plan: Planned) -> None:
    items = plan.source.text["items"]
    assert "line_quantity" not in plan.violations(items={**items, "backward_consumption": [""]})  # 20 may be
    demand = plan.source.text["demand"]
    assert "line_quantity" in plan.violations(demand={**demand, "quantity": ["20", "8", "10", "3"]})


def test_the_weight_of_forecast_counts(plan: Planned) -> None:
    plan.source.settings_text["costs"] = {"forecast_weight": 1}
    assert "account" in plan.violations()


def test_only_items_with_a_window_and_forecasts_to_come_are_used_up(plan: Planned) -> None:
    text = plan.source.text
    items = {name: [*cells, cells[0]] for name, cells in text["items"].items()}
    items |= {"item": ["A", "B"], "backward_consumption": ["1", ""]}
    demand = {name: [*cells, cells[0], cells[0], ""] for name, cells in text["demand"].items()}
    rows = {
        "item": ["B", "A", "A"], "due": ["2026-11-30", "2026-11-16", "2026-11-16"], "quantity": ["5", "3", "2"],
        "kind": ["forecast", "forecast", "order"], "reference": ["b", "old", "o"], "customer": ["C", "C", "C"],
    }  # fmt: skip
    for name, cells in rows.items():
        demand[name][-3:] = cells
    assert "forecast_consumption" not in plan.violations(items=items, demand=demand)


def test_orders_use_up_what_is_forecast_later_where_that_is_the_window(plan: Planned) -> None:
    # The 8 of week 1 leave 12 of its 20. Of the 4.5 of week 2, 3 are taken from week 3, as all that is there.
    items = plan.source.text["items"] | {"backward_consumption": [""], "forward_consumption": ["1"]}
    plan.cell("forecast_consumption.csv", 2, "consumed", "8")
    plan.cell("forecast_consumption.csv", 2, "open", "12")
    assert "forecast_consumption" in plan.violations(items=items)
    plan.add("forecast_consumption.csv", ["A", "C", "2026-12-14", "", "late", "3", "3", "0"])
    assert "forecast_consumption" not in plan.violations(items=items)


def test_where_there_is_one_location_to_name_it_is_to_name_none(plan: Planned) -> None:
    demand = plan.source.text["demand"] | {"location": ["", "main", "main", ""]}
    assert "forecast_consumption" not in plan.violations(demand=demand)
    two = {"locations": {"location": ["main", "north"]}}
    assert "forecast_consumption" in plan.violations(demand=demand, **two)


def test_a_forecast_that_is_used_up_is_planned_no_more(plan: Planned) -> None:
    # Orders of 8 and 12 leave nothing of 20; another order finds none left.
    demand = plan.source.text["demand"]
    changed = {**demand, "quantity": ["20", "8", "12", "3"]}
    plan.cell("forecast_consumption.csv", 2, "consumed", "20")
    plan.cell("forecast_consumption.csv", 2, "open", "0")
    found = plan.violations(demand=changed)
    assert "forecast_consumption" not in found and "demand_line" in found
    assert "forecast_consumption" not in plan.violations(demand={**demand, "quantity": ["20", "21", "12", "3"]})
