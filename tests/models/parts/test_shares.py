"""Shares, solved by hand."""

from typing import Any

import pytest

from models.instance import Instance
from tests.models.solved import PLAIN, Row, day, found, instance, places, solved

TWO: list[Row] = [{"supplier": "S"}, {"supplier": "R"}]


def cheap_and_dear(cheap: Row, dear: Row, **more: Any) -> Instance:
    """Ten units, from S at 2 and R at 3."""
    rows: list[Row] = [
        {"supplier": "S", "unit_cost": 2, "lead_time": 1} | cheap,
        {"supplier": "R", "unit_cost": 3, "lead_time": 1} | dear,
    ]
    tables: dict[str, Any] = {"suppliers": TWO, "sourcing": rows, "demand": [{"due": 1, "quantity": 10}]}
    return instance(**(tables | more))


@pytest.mark.parametrize(
    ("cheap", "dear", "cost"),
    [
        ({}, {}, 20),
        ({"share_max": 0.5}, {}, 5 * 2 + 5 * 3),
        ({}, {"share_min": 0.3}, 7 * 2 + 3 * 3),
        ({"share_min": 0.4}, {"share_min": 0.2, "share_max": 0.25}, 8 * 2 + 2 * 3),
        ({"share_max": 0}, {}, 30),
        ({}, {"share_min": 1}, 30),
        ({"share_min": 0.6, "share_max": 0.6}, {}, 6 * 2 + 4 * 3),
    ],
)
def test_an_item_is_split(cheap: Row, dear: Row, cost: float) -> None:
    assert solved(cheap_and_dear(cheap, dear)).objective == pytest.approx(cost)


def test_a_share_is_of_the_quantity_over_the_whole_horizon() -> None:
    made = cheap_and_dear(
        {"share_max": 0.5}, {}, demand=[{"due": 1, "quantity": 4, "max_delay": 0}, {"due": 2, "quantity": 4}]
    )
    plan = solved(made)
    assert plan.objective == pytest.approx(4 * 2 + 4 * 3)
    made = cheap_and_dear(
        {"share_max": 0.5, "valid_to": day(0, 6)}, {"valid_from": day(1)},
        demand=[{"due": 1, "quantity": 4, "max_delay": 0}, {"due": 2, "quantity": 4}],
    )  # fmt: skip
    # S delivers in week 1, R in week 2: each has its half.
    assert solved(made).objective == pytest.approx(4 * 2 + 4 * 3)


def test_open_orders_do_not_count() -> None:
    made = cheap_and_dear({"share_max": 0.5}, {}, open_orders=[{"supplier": "R", "arrival": 1, "quantity": 4}])
    # Six are new: three and three.
    assert solved(made).objective == pytest.approx(3 * 2 + 3 * 3)


def two_places(cheap: list[Row], dear: list[Row]) -> float:
    rows: list[Row] = [{"supplier": "S", "unit_cost": 2, "lead_time": 1} | row for row in cheap]
    rows += [{"supplier": "R", "unit_cost": 3, "lead_time": 1} | row for row in dear]
    made = instance(
        suppliers=TWO,
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=rows,
        demand=[{"due": 1, "quantity": 10, "location": place} for place in ("east", "west")],
    )
    return solved(made).objective


def test_a_share_of_a_row_for_all_locations_is_over_all() -> None:
    # Of twenty, ten: which place gets them is free.
    assert two_places([{"share_max": 0.5}], [{}]) == pytest.approx(10 * 2 + 10 * 3)
    # R delivers to the east only: all ten there, and so S may have the ten of the west.
    assert two_places([{"share_max": 0.5}], [{"location": "east"}]) == pytest.approx(10 * 2 + 10 * 3)


def test_a_share_over_all_counts_what_is_ordered_on_a_locations_own_row() -> None:
    assert two_places([{"share_max": 0.5}, {"location": "east"}], [{}]) == pytest.approx(10 * 2 + 10 * 3)


def test_a_share_of_a_locations_own_row_is_of_what_is_ordered_there() -> None:
    own: list[Row] = [{"location": "east", "share_max": 0.2}, {"location": "west"}]
    # Two of ten in the east from S; all of the west.
    assert two_places(own, [{}]) == pytest.approx(2 * 2 + 8 * 3 + 10 * 2)


def test_a_supplier_that_can_deliver_no_more_blocks_what_must_be_shared_with_it() -> None:
    # R must get at least 30% and arrives after the horizon: nothing of the item can be ordered.
    made = cheap_and_dear({}, {"share_min": 0.3, "lead_time": 9})
    assert solved(made).objective == pytest.approx(1000)
    # S may get no more than half, and there is nobody else any more.
    made = cheap_and_dear({"share_max": 0.5}, {"lead_time": 9})
    assert solved(made).objective == pytest.approx(1000)


def test_nothing_ordered_keeps_every_share() -> None:
    made = cheap_and_dear({"share_min": 0.5, "minimum_quantity": 900}, {"share_min": 0.5, "minimum_quantity": 900})
    assert solved(made).objective == pytest.approx(1000)


def test_a_big_lot_of_one_supplier_is_matched_by_the_other() -> None:
    # Ten are wanted at 100 each; R alone is in time, in packs of 50, but gets no more than half: S must sell 50 too.
    made = cheap_and_dear(
        {"lead_time": 2}, {"share_max": 0.5, "multiple": 50}, demand=[{"due": 1, "quantity": 10, "max_delay": 0}]
    )
    # 50 × 3 + 50 × 2; 40 left in weeks 1 and 2, and 90 in week 3, when those of S arrive; ten short would cost 1000.
    assert solved(made).objective == pytest.approx(150 + 100 + 40 + 40 + 90)


def test_a_lot_of_a_supplier_without_shares_of_its_own_is_matched_too() -> None:
    # S must get 70%; R, in time, sells packs of 1000: for one of them S sells 7000 / 3 units.
    made = cheap_and_dear(
        {"lead_time": 2, "share_min": 0.7}, {"multiple": 1000},
        demand=[{"due": 1, "quantity": 10, "max_delay": 0, "shortage_cost": 1e6}],
    )  # fmt: skip
    matched = 7000 / 3  # arrives in week 3
    assert solved(made).objective == pytest.approx(3000 + 2 * matched + 3 * 990 + matched)


def test_a_minimum_order_value_of_one_supplier_is_matched_by_the_other() -> None:
    # An order to R is worth 3000 or nothing: a thousand units, and S must get 70% of the whole.
    made = cheap_and_dear(
        {"lead_time": 2, "share_min": 0.7}, {},
        suppliers=[{"supplier": "S"}, {"supplier": "R", "minimum_order_value": 3000}],
        demand=[{"due": 1, "quantity": 10, "max_delay": 0, "shortage_cost": 1e6}],
    )  # fmt: skip
    matched = 7000 / 3
    assert solved(made).objective == pytest.approx(3000 + 2 * matched + 3 * 990 + matched)


def test_each_item_has_shares_of_its_own() -> None:
    items = [PLAIN | {"item": name} for name in ("A", "B", "D")]
    shares = {"A": 0.5, "B": 0.2, "D": 1.0}
    rows: list[Row] = [
        {"item": name, "supplier": supplier, "unit_cost": cost, "lead_time": 1}
        | ({"share_max": shares[name]} if supplier == "S" else {})
        for name in shares
        for supplier, cost in (("S", 2), ("R", 3))
    ]
    demand = [{"item": name, "due": 1, "quantity": 10} for name in shares]
    plan = solved(instance(items=items, suppliers=TWO, sourcing=rows, demand=demand))
    # S sells 5 of A, 2 of B and 10 of D at 2; R the other 13 at 3.
    assert plan.objective == pytest.approx(17 * 2 + 13 * 3)
    assert plan.rows("share_maximum") == 2


def test_rows_without_shares_have_no_constraint() -> None:
    plan = solved(cheap_and_dear({}, {}))
    assert plan.rows("share_minimum") == plan.rows("share_maximum") == 0


def test_shares_that_are_reversed_are_a_fault() -> None:
    findings = found("shares", cheap_and_dear({"share_min": 0.6, "share_max": 0.5}, {}))
    assert places(findings) == [("shares reversed", "sourcing", 0, "share_min")]
    assert findings[0].value == "0.6" and "above share_max (0.5)" in findings[0].message


def test_shares_that_cannot_add_up_to_one_are_a_fault() -> None:
    findings = found("shares", cheap_and_dear({"share_min": 0.7}, {"share_min": 0.4}))
    assert places(findings) == [("shares cannot add up", "sourcing", 1, "share_min")]
    assert "add up to 1.1" in findings[0].message and "at most 1" in findings[0].message
    findings = found("shares", cheap_and_dear({"share_max": 0.5}, {"share_max": 0.4}))
    assert places(findings) == [("shares cannot add up", "sourcing", 1, "share_max")]
    assert "add up to 0.9" in findings[0].message


@pytest.mark.parametrize(
    ("cheap", "dear"),
    [
        ({"share_max": 0.5}, {"share_max": 0.5}),
        ({"share_min": 0.7}, {"share_min": 0.3}),  # 0.7 + 0.3 in floats
        ({"share_max": 0.5}, {}),
        ({"share_max": 0.1}, {"share_max": 0.9}),
    ],
)
def test_shares_that_add_up_are_passed(cheap: Row, dear: Row) -> None:
    assert found("shares", cheap_and_dear(cheap, dear)) == []


def test_a_third_supplier_may_deliver_the_rest() -> None:
    rows: list[Row] = [
        {"supplier": "S", "unit_cost": 2, "lead_time": 1, "share_max": 0.4},
        {"supplier": "R", "unit_cost": 2, "lead_time": 1, "share_max": 0.4},
        {"supplier": "Q", "unit_cost": 5, "lead_time": 1},
    ]
    made = instance(suppliers=[*TWO, {"supplier": "Q"}], sourcing=rows, demand=[{"due": 1, "quantity": 10}])
    assert found("shares", made) == []
    assert solved(made).objective == pytest.approx(8 * 2 + 2 * 5)


def test_shares_at_a_location_name_it() -> None:
    made = cheap_and_dear({"share_min": 0.7, "location": "main"}, {"share_min": 0.4, "location": "main"})
    (finding,) = found("shares", made)
    assert "share_min of A at main add up to 1.1" in finding.message


def test_only_who_delivers_to_a_location_may_deliver_the_rest() -> None:
    def rest(location: str) -> list[tuple[str, str, int | None, str]]:
        rows: list[Row] = [
            {"supplier": "S", "unit_cost": 2, "lead_time": 1, "location": "east", "share_max": 0.5},
            {"supplier": "R", "unit_cost": 3, "lead_time": 1, "location": location},
        ]
        both: list[Row] = [{"location": "east"}, {"location": "west"}]
        return places(found("shares", instance(suppliers=TWO, locations=both, sourcing=rows)))

    assert rest("west") == [("shares cannot add up", "sourcing", 0, "share_max")]
    assert rest("east") == rest("") == []
    # Of a row for all locations the rest may come from whoever delivers anywhere.
    assert found("shares", cheap_and_dear({"share_max": 0.5}, {"location": "main"})) == []


def test_dated_rows_count_once_and_must_agree() -> None:
    def dated(first: float, second: float) -> Instance:
        rows: list[Row] = [
            {"supplier": "S", "unit_cost": 2, "lead_time": 1, "share_min": first, "valid_to": day(1, 6)},
            {"supplier": "S", "unit_cost": 2, "lead_time": 1, "share_min": second, "valid_from": day(2)},
            {"supplier": "R", "unit_cost": 3, "lead_time": 1},
        ]
        return instance(suppliers=TWO, sourcing=rows)

    assert found("shares", dated(0.6, 0.6)) == []
    (finding,) = found("shares", dated(0.6, 0.5))
    assert places([finding]) == [("share changes over time", "sourcing", 1, "share_min")]
    assert finding.value == "0.5" and "has 0.6" in finding.message
