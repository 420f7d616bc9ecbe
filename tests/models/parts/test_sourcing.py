"""Sourcing, solved by hand."""

from typing import Any

import pytest

from models.assemble import build, derive
from models.instance import Instance
from tests.models.solved import PLAIN, Row, day, found, instance, orders, places, result_tables, solved

S_AND_R: list[Row] = [{"supplier": "S"}, {"supplier": "R"}]


def ten(due: int = 1) -> list[Row]:
    """One line of ten units, that can wait to the end."""
    return [{"due": due, "quantity": 10}]


def from_s(due: int = 1, periods: int = 4, **row: object) -> Instance:
    """Ten units, from one supplier."""
    rows: list[Row] = [{"unit_cost": 2, "lead_time": 1} | row]
    return instance(periods=periods, sourcing=rows, demand=ten(due))


def prices(rows: list[Row], supplier: str = "S", location: str = "main", **more: Any) -> dict[int, float]:
    """Unit cost by order period; orders arrive at once, and something is wanted in the last week."""
    lines: list[Row] = [row | {"lead_time": 0} for row in rows]
    made = instance(sourcing=lines, demand=[{"due": 3, "quantity": 1}], **more)
    m, _ = build(made, derive(made))
    return {o: m.unit_cost[i, s, l, o] for i, s, l, o in m.orders if (s, l) == (supplier, location)}


def test_what_is_missing_is_bought() -> None:
    plan = solved(from_s())
    assert plan.values["order"] == {("A", "S", "main", 0): 10}
    assert plan.amounts["purchase"] == pytest.approx(20)
    assert plan.objective == pytest.approx(20)


def test_the_cheaper_supplier_unless_it_is_too_slow() -> None:
    def best(slow_lead: int) -> float:
        rows: list[Row] = [
            {"supplier": "S", "unit_cost": 2, "lead_time": slow_lead},
            {"supplier": "R", "unit_cost": 4, "lead_time": 1},
        ]
        return solved(instance(suppliers=S_AND_R, sourcing=rows, demand=ten())).objective

    assert best(1) == pytest.approx(20)
    assert best(2) == pytest.approx(40)  # a week's wait would cost 30 + 20


@pytest.mark.parametrize(
    ("lead_time", "cost"),
    [
        (0, 20),  # the same week
        (1, 20),
        (2, 20 + 30),  # ordered in week 0, in week 2 a week late
        (3, 20 + 60),
        (4, 1000),  # after the horizon: not placed
    ],
)
def test_an_order_arrives_after_its_lead_time(lead_time: int, cost: float) -> None:
    assert solved(from_s(lead_time=lead_time)).objective == pytest.approx(cost)


def test_an_order_that_would_arrive_after_the_horizon_is_not_placed() -> None:
    assert [key[3] for key in orders(from_s(lead_time=0))] == [0, 1, 2, 3]
    assert [key[3] for key in orders(from_s(lead_time=3))] == [0]
    assert orders(from_s(lead_time=4)) == {}


@pytest.mark.parametrize(
    ("kind", "days", "periods"),
    [
        ("week", 0, 0), ("week", 1, 1), ("week", 7, 1), ("week", 7.5, 2), ("week", 14, 2), ("week", 15, 3),
        ("month", 30, 1), ("month", 31, 2), ("day", 1, 1), ("day", 1.5, 2), ("day", 3, 3),
    ],
)  # fmt: skip
def test_days_are_rounded_up_to_periods(kind: Any, days: float, periods: int) -> None:
    made = instance(
        kind=kind,
        sourcing=[{"unit_cost": 2, "lead_time_days": days}],
        demand=[{"due": 3, "quantity": 10, "max_delay": 0}],
    )
    # Bought to arrive in period 3 exactly: the last line that can be placed is that many periods earlier.
    assert max(key[3] for key in orders(made)) == 3 - periods
    plan = solved(made)
    assert plan.values["order"] == {("A", "S", "main", 3 - periods): 10}


def test_a_lead_time_in_periods_beats_one_in_days() -> None:
    assert solved(from_s(lead_time=1, lead_time_days=28)).objective == pytest.approx(20)


def test_a_lead_time_of_zero_is_a_lead_time() -> None:
    made = from_s(due=0, lead_time=0, lead_time_days=7)
    assert solved(made).objective == pytest.approx(20)


def test_dated_lead_times_belong_to_the_week_of_the_order() -> None:
    made = instance(
        sourcing=[
            {"unit_cost": 2, "lead_time": 3, "valid_to": day(0, 6)},
            {"unit_cost": 2, "lead_time": 1, "valid_from": day(1)},
        ],
        demand=ten(due=1),
    )
    # Ordered in week 0 they land in week 3 (60 waiting), in week 1 in week 2 (30).
    assert solved(made).objective == pytest.approx(50)


def test_a_row_holds_from_the_week_of_its_first_day_to_that_of_its_last() -> None:
    assert prices([{"unit_cost": 2, "valid_from": day(1, 2)}]) == {1: 2, 2: 2, 3: 2}
    assert prices([{"unit_cost": 2, "valid_from": day(0, 2), "valid_to": day(2)}]) == {0: 2, 1: 2, 2: 2}
    assert prices([{"unit_cost": 2, "valid_from": day(2, 3), "valid_to": day(2, 4)}]) == {2: 2}
    assert prices([{"unit_cost": 2, "valid_from": day(-9), "valid_to": day(-1, 6)}]) == {}
    assert prices([{"unit_cost": 2, "valid_from": day(4)}]) == {}
    assert prices([{"unit_cost": 2, "valid_from": day(-9), "valid_to": day(9)}]) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_where_two_rows_meet_in_a_week_its_first_day_decides() -> None:
    midweek: list[Row] = [
        {"unit_cost": 2, "valid_to": day(1, 1)},
        {"unit_cost": 3, "valid_from": day(1, 2)},
    ]
    assert prices(midweek) == {0: 2, 1: 2, 2: 3, 3: 3}
    assert prices(midweek[::-1]) == {0: 2, 1: 2, 2: 3, 3: 3}
    on_monday: list[Row] = [{"unit_cost": 2, "valid_to": day(0, 6)}, {"unit_cost": 3, "valid_from": day(1)}]
    assert prices(on_monday) == {0: 2, 1: 3, 2: 3, 3: 3}
    # Three rows, one of them within a week whose Monday belongs to the first.
    three: list[Row] = [
        {"unit_cost": 2, "valid_to": day(1, 1)},
        {"unit_cost": 3, "valid_from": day(1, 2), "valid_to": day(1, 3)},
        {"unit_cost": 4, "valid_from": day(1, 4)},
    ]
    assert prices(three) == {0: 2, 1: 2, 2: 4, 3: 4}


def test_where_neither_row_holds_on_the_first_day_the_earlier_is_in_force() -> None:
    rows: list[Row] = [
        {"unit_cost": 3, "valid_from": day(1, 4)},
        {"unit_cost": 2, "valid_from": day(1, 1), "valid_to": day(1, 2)},
    ]
    assert prices(rows) == {1: 2, 2: 3, 3: 3}


def test_a_locations_own_row_beats_the_row_for_all_week_by_week() -> None:
    rows: list[Row] = [
        {"unit_cost": 2},
        {"unit_cost": 9, "location": "east", "valid_from": day(2, 3)},  # a Thursday: the whole week
    ]
    two: list[Row] = [{"location": "east"}, {"location": "west"}]
    assert prices(rows, location="east", locations=two) == {0: 2, 1: 2, 2: 9, 3: 9}
    assert prices(rows, location="west", locations=two) == {0: 2, 1: 2, 2: 2, 3: 2}
    # One row of another supplier changes nothing.
    other = [rows[0], {"unit_cost": 9, "location": "east", "supplier": "R"}]
    assert prices(other, location="east", locations=two, suppliers=S_AND_R) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_a_row_for_one_location_is_for_that_one_only() -> None:
    made = instance(
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=[{"unit_cost": 2, "lead_time": 1, "location": "west"}],
        demand=ten(),
    )
    assert {key[2] for key in orders(made)} == {"west"}


def test_prices_change_over_time() -> None:
    made = instance(
        sourcing=[
            {"unit_cost": 5, "lead_time": 0, "valid_to": day(0, 6)},
            {"unit_cost": 2, "lead_time": 0, "valid_from": day(1), "valid_to": day(1, 6)},
            {"unit_cost": 9, "lead_time": 0, "valid_from": day(2)},
        ],
        demand=[{"due": 0, "quantity": 1, "max_delay": 0}, {"due": 2, "quantity": 1}, {"due": 3, "quantity": 1}],
    )
    # One at 5 now; two at 2 in week 1, held for one week and for two; against 9 each later.
    assert solved(made).objective == pytest.approx(5 + 2 * 2 + 1 + 2)


def test_a_fixed_cost_per_line_brings_orders_together() -> None:
    two_lines: list[Row] = [{"due": 1, "quantity": 5}, {"due": 2, "quantity": 5}]

    def best(order_cost: float) -> Any:
        row = {"unit_cost": 2, "lead_time": 0, "order_cost": order_cost}
        return solved(instance(sourcing=[row], demand=two_lines))

    dear = best(7)
    assert dear.objective == pytest.approx(20 + 7 + 5)  # once, five held for a week
    assert dear.amounts["ordering"] == pytest.approx(7)
    assert best(4).objective == pytest.approx(20 + 8)  # twice


def test_a_fixed_cost_may_be_dated() -> None:
    made = instance(
        sourcing=[
            {"unit_cost": 2, "lead_time": 0, "order_cost": 50, "valid_to": day(1, 6)},
            {"unit_cost": 2, "lead_time": 0, "order_cost": 1, "valid_from": day(2)},
        ],
        demand=ten(),
    )
    # A week's wait is 30 and the line 1; on time the line is 50.
    assert solved(made).objective == pytest.approx(20 + 30 + 1)


def test_a_minimum_above_what_is_needed_is_bought_or_nothing_is() -> None:
    # Fifty for 100, in week 3: ten wait two weeks (60), forty are left once (40); in week 1 they are left three times.
    assert solved(from_s(minimum_quantity=50)).objective == pytest.approx(100 + 60 + 40)
    # Four hundred for 800, 60 for waiting, 390 left once: rather lose ten at 100.
    assert solved(from_s(minimum_quantity=400)).objective == pytest.approx(1000)
    assert orders(from_s(minimum_quantity=50))["A", "S", "main", 0] == (50, 50)


def test_a_minimum_is_rounded_up_to_whole_packs() -> None:
    assert orders(from_s(minimum_quantity=7, multiple=5))["A", "S", "main", 0] == (10, 10)
    assert orders(from_s(minimum_quantity=7, multiple=4))["A", "S", "main", 0] == (8, 12)
    assert orders(from_s(minimum_quantity=10, multiple=5))["A", "S", "main", 0] == (10, 10)
    assert orders(from_s(minimum_quantity=0, multiple=3))["A", "S", "main", 0] == (3, 12)


def test_packs_that_floats_cannot_hold_are_counted_right() -> None:
    # 30 × 0.1 is 3 and not 3.1: 0.1 is no binary fraction.
    row = {"unit_cost": 2, "lead_time": 1, "multiple": 0.1, "minimum_quantity": 0.3}
    made = instance(sourcing=[row], demand=[{"due": 1, "quantity": 3}])
    assert orders(made)["A", "S", "main", 0] == pytest.approx((0.3, 3.0))


def test_a_maximum_splits_an_order() -> None:
    plan = solved(from_s(lead_time=0, maximum_quantity=6))
    # Six in week 1, and four in week 0 that are held for a week.
    assert plan.objective == pytest.approx(20 + 4)
    assert plan.values["order"] == {("A", "S", "main", 0): 4, ("A", "S", "main", 1): 6}


def test_a_maximum_is_rounded_down_to_whole_packs() -> None:
    assert orders(from_s(maximum_quantity=8, multiple=3))["A", "S", "main", 0] == (3, 6)


def test_a_line_whose_ceiling_is_below_its_minimum_cannot_be_placed() -> None:
    # 11 is rounded up to 15, 12 down to 10.
    made = from_s(minimum_quantity=11, maximum_quantity=12, multiple=5)
    assert orders(made) == {}
    assert solved(made).objective == pytest.approx(1000)
    assert orders(from_s(maximum_quantity=2, multiple=3)) == {}
    assert orders(from_s(minimum_quantity=12, maximum_quantity=12)) != {}
    assert orders(from_s(maximum_quantity=0)) == {}


def test_the_largest_order_is_what_can_still_be_used() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        inventory=[{"location": "east", "safety_stock": 100}, {"location": "west"}],
        demand=[
            {"due": 0, "quantity": 1, "max_delay": 1},  # deliverable until week 1
            {"due": 1, "quantity": 10, "max_delay": 1, "location": "west"},  # until week 2, from the west only
            {"due": 2, "quantity": 20},  # to the end
        ],
    )
    assert orders(made) == {
        ("A", "S", "east", 0): (0, 121), ("A", "S", "east", 1): (0, 120), ("A", "S", "east", 2): (0, 120),
        ("A", "S", "west", 0): (0, 31), ("A", "S", "west", 1): (0, 30), ("A", "S", "west", 2): (0, 20),
    }  # fmt: skip


def test_a_line_that_nobody_could_use_does_not_exist() -> None:
    made = instance(
        items=[PLAIN, PLAIN | {"item": "B"}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 1} for name in ("A", "B")],
        demand=[{"item": "A", "due": 1, "quantity": 10, "max_delay": 0}],
    )
    assert list(orders(made)) == [("A", "S", "main", 0)]  # nobody wants B, nor A after week 1


def test_purchase_orders_name_their_periods_and_terms() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2.5, "lead_time": 2, "maximum_quantity": 6}],
        demand=[{"due": 2, "quantity": 6}, {"due": 3, "quantity": 4}],
    )
    row = {"item": "A", "supplier": "S", "location": "main", "unit_cost": 2.5}
    assert result_tables(made)["purchase_orders"] == [
        row | {
            "order_period": "2026-11-23", "arrival_period": "2026-12-07", "quantity": 6.0, "value": 15.0,
            "action": "release",
        },
        row | {
            "order_period": "2026-11-30", "arrival_period": "2026-12-14", "quantity": 4.0, "value": 10.0,
            "action": "planned",
        },
    ]  # fmt: skip


def test_lead_times_must_be_given_and_given_once() -> None:
    made = instance(
        suppliers=S_AND_R,
        sourcing=[
            {"supplier": "S", "unit_cost": 2},
            {"supplier": "R", "unit_cost": 2, "lead_time": 0, "lead_time_days": 3},
        ],
    )
    findings = found("sourcing", made)
    assert places(findings) == [
        ("lead time missing", "sourcing", 0, "lead_time"),
        ("two lead times", "sourcing", 1, "lead_time_days"),
    ]
    assert "fill lead_time (periods) or lead_time_days" in findings[0].message
    assert findings[1].value == "3" and "lead_time is used" in findings[1].message


def long_enough(rows: list[Row]) -> Instance:
    """A horizon that leaves no room for a warning."""
    return instance(periods=20, suppliers=S_AND_R, sourcing=[{"unit_cost": 2, "lead_time": 1} | row for row in rows])


def test_dates_that_are_reversed_are_a_fault() -> None:
    findings = found("sourcing", long_enough([
        {"valid_from": day(2), "valid_to": day(1, 6)},
        {"supplier": "R", "valid_from": day(2), "valid_to": day(2)},
    ]))  # fmt: skip
    assert places(findings) == [("dates reversed", "sourcing", 0, "valid_to")]
    assert findings[0].value == "2026-12-06" and "before valid_from (2026-12-07)" in findings[0].message


def test_a_maximum_below_the_minimum_is_a_fault() -> None:
    findings = found("sourcing", long_enough([
        {"minimum_quantity": 5, "maximum_quantity": 4.5},
        {"supplier": "R", "minimum_quantity": 5, "maximum_quantity": 5},
    ]))  # fmt: skip
    assert places(findings) == [("maximum below minimum", "sourcing", 0, "maximum_quantity")]
    assert findings[0].value == "4.5" and "below minimum_quantity (5)" in findings[0].message


def test_rows_that_hold_on_one_day_are_a_fault() -> None:
    findings = found("sourcing", long_enough([
        {"valid_from": day(3)},
        {"valid_to": day(3)},
        {"supplier": "R", "valid_from": day(3)},
        {"supplier": "R", "valid_to": day(2, 6)},
        {"supplier": "R", "location": "main"},
    ]))  # fmt: skip
    assert places(findings) == [("overlapping rows", "sourcing", 0, "valid_from")]
    assert findings[0].value == "2026-12-14" and "both hold on 2026-12-14" in findings[0].message


def test_a_row_that_holds_for_ever_overlaps_all_that_follow() -> None:
    findings = found("sourcing", long_enough([
        {"valid_from": day(1), "valid_to": day(9)},
        {"valid_from": day(2), "valid_to": day(2, 6)},
        {"valid_from": day(5), "valid_to": day(5, 6)},
    ]))  # fmt: skip
    assert places(findings) == [
        ("overlapping rows", "sourcing", 1, "valid_from"),
        ("overlapping rows", "sourcing", 2, "valid_from"),
    ]


def test_a_horizon_shorter_than_the_longest_lead_time_and_eight_is_told() -> None:
    def horizon(periods: int) -> list[tuple[str, str, int | None, str]]:
        rows: list[Row] = [{"unit_cost": 2, "lead_time": 3}, {"unit_cost": 2, "lead_time": 1, "supplier": "R"}]
        return places(found("sourcing", instance(periods=periods, suppliers=S_AND_R, sourcing=rows)))

    assert horizon(10) == [("short horizon", "sourcing", 0, "lead_time")]
    assert horizon(11) == []


def test_sound_rows_are_passed() -> None:
    assert found("sourcing", long_enough([{}, {"supplier": "R", "lead_time": 12}])) == []
    assert found("sourcing", instance()) == []
