"""Supplier capacity, solved by hand."""

import pytest

from models.instance import Instance
from tests.models.solved import PLAIN, Row, day, found, instance, orders, places, solved


def ten(capacity: list[Row], sourcing: Row | None = None) -> Instance:
    """Ten units due in week 1, from a supplier a week away, with so much capacity."""
    rows: list[Row] = [{"unit_cost": 2, "lead_time": 1} | (sourcing or {})]
    return instance(sourcing=rows, supplier_capacity=capacity, demand=[{"due": 1, "quantity": 10}])


def cost(made: Instance) -> float:
    """The cheapest plan's cost."""
    return solved(made).objective


def test_what_does_not_fit_waits() -> None:
    # Six in week 0, four a week later.
    assert cost(ten([{"period": 0, "capacity": 6}])) == pytest.approx(20 + 4 * 3)


def test_it_is_used_in_the_week_of_the_order() -> None:
    # No capacity when they arrive, in week 1, is no matter.
    assert cost(ten([{"period": 1, "capacity": 0}])) == pytest.approx(20)
    assert cost(ten([{"period": 0, "capacity": 0}])) == pytest.approx(20 + 30)


def test_overtime_is_paid_by_its_unit() -> None:
    plan = solved(ten([{"period": 0, "capacity": 6, "overtime_capacity": 5, "overtime_cost": 2}]))
    assert plan.values["overtime"] == {("S", 0): 4}
    assert plan.amounts["overtime"] == pytest.approx(8)
    assert plan.objective == pytest.approx(20 + 8)


def test_overtime_has_a_limit() -> None:
    made = ten([{"period": 0, "capacity": 6, "overtime_capacity": 3, "overtime_cost": 2}])
    assert cost(made) == pytest.approx(20 + 6 + 3)  # three in overtime, one waits


def test_waiting_may_be_cheaper_than_overtime() -> None:
    made = ten([{"period": 0, "capacity": 6, "overtime_capacity": 5, "overtime_cost": 3.5}])
    assert cost(made) == pytest.approx(20 + 12)


def test_overtime_costs_nothing_unless_stated_and_there_is_none_unless_stated() -> None:
    assert cost(ten([{"period": 0, "capacity": 6, "overtime_capacity": 4}])) == pytest.approx(20)
    assert cost(ten([{"period": 0, "capacity": 6, "overtime_cost": 1}])) == pytest.approx(20 + 12)


def test_a_unit_may_use_more_or_less() -> None:
    assert cost(ten([{"period": 0, "capacity": 6}], {"capacity_use": 2})) == pytest.approx(20 + 7 * 3)
    assert cost(ten([{"period": 0, "capacity": 6}], {"capacity_use": 0.5})) == pytest.approx(20)
    assert cost(ten([{"period": 0, "capacity": 0}], {"capacity_use": 0})) == pytest.approx(20)


def test_an_order_line_may_use_some_whatever_its_quantity() -> None:
    # Two for the line leave four units; six wait.
    assert cost(ten([{"period": 0, "capacity": 6}], {"capacity_setup": 2})) == pytest.approx(20 + 6 * 3)
    # 2 + 10 with overtime at 1: six.
    overtime = [{"period": 0, "capacity": 6, "overtime_capacity": 9, "overtime_cost": 1}]
    assert cost(ten(overtime, {"capacity_setup": 2})) == pytest.approx(20 + 6)


def test_a_line_for_which_there_is_no_room_cannot_be_placed() -> None:
    made = ten([{"period": 0, "capacity": 1.5}], {"capacity_setup": 2})
    assert [key[3] for key in orders(made)] == [1, 2]
    assert cost(made) == pytest.approx(20 + 30)
    # Nor where the setup alone does not fit, though units use none; just fitting is enough.
    none = ten([{"period": 0, "capacity": 1.5}], {"capacity_setup": 2, "capacity_use": 0})
    assert cost(none) == pytest.approx(20 + 30)
    fits = ten([{"period": 0, "capacity": 2}], {"capacity_setup": 2, "capacity_use": 0})
    assert cost(fits) == pytest.approx(20)


def test_no_row_or_an_empty_cell_is_unlimited() -> None:
    assert cost(ten([])) == pytest.approx(20)
    plan = solved(ten([{"period": 0, "capacity": None, "overtime_capacity": 3, "overtime_cost": 9}]))
    assert plan.objective == pytest.approx(20)
    assert plan.rows("supplier_capacity") == 0 and plan.columns("overtime") == 0


def test_any_day_names_its_week_and_rows_outside_the_horizon_say_nothing() -> None:
    assert cost(ten([{"period": day(0, 3), "capacity": 0}])) == pytest.approx(50)
    outside: list[Row] = [{"period": day(-1, 6), "capacity": 0}, {"period": day(4), "capacity": 0}]
    plan = solved(ten(outside))
    assert plan.objective == pytest.approx(20) and plan.rows("supplier_capacity") == 0


def test_items_and_locations_compete() -> None:
    made = instance(
        items=[PLAIN, PLAIN | {"item": "B", "backorder_cost": 5}],
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 1} for name in ("A", "B")],
        supplier_capacity=[{"period": 0, "capacity": 25}],
        demand=[
            {"item": name, "due": 1, "quantity": 10, "location": place}
            for name in ("A", "B")
            for place in ("east", "west")
        ],
    )
    # Forty are wanted: all of B, whose wait costs more, and five of A; fifteen of A wait.
    plan = solved(made)
    assert plan.objective == pytest.approx(80 + 15 * 3)


def test_another_suppliers_capacity_is_his_own() -> None:
    made = instance(
        suppliers=[{"supplier": "S"}, {"supplier": "R"}],
        sourcing=[
            {"supplier": "S", "unit_cost": 2, "lead_time": 1},
            {"supplier": "R", "unit_cost": 3, "lead_time": 1},
        ],
        supplier_capacity=[{"supplier": "S", "period": 0, "capacity": 6}],
        demand=[{"due": 1, "quantity": 10}],
    )
    assert cost(made) == pytest.approx(6 * 2 + 4 * 3)


def test_packs_stop_short_of_it() -> None:
    made = ten([{"period": 0, "capacity": 8}], {"multiple": 5})
    assert orders(made)["A", "S", "main", 0] == (5, 5)
    assert cost(made) == pytest.approx(20 + 5 * 3)


def test_two_rows_in_one_period_are_a_fault() -> None:
    made = instance(
        suppliers=[{"supplier": "S"}, {"supplier": "R"}],
        supplier_capacity=[
            {"period": day(1, 2), "capacity": 5},
            {"period": day(0), "capacity": 5},
            {"supplier": "R", "period": day(1), "capacity": 5},
            {"period": day(1, 6), "capacity": None},
        ],
    )
    findings = found("supplier_capacity", made)
    assert places(findings) == [("two capacities", "supplier_capacity", 3, "period")]
    assert findings[0].value == "2026-12-06"
    assert "the row of 2026-12-02 is for the same supplier and period" in findings[0].message
    assert found("supplier_capacity", instance()) == []


def test_overtime_beyond_no_limit_is_told() -> None:
    made = ten(
        [{"period": 0, "capacity": None, "overtime_capacity": 3}, {"period": 1, "capacity": 0, "overtime_capacity": 3}]
    )
    findings = found("supplier_capacity", made)
    assert places(findings) == [("overtime beyond no limit", "supplier_capacity", 0, "overtime_capacity")]
