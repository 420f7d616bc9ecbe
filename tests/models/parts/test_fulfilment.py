"""Fulfilment, solved by hand."""

import pytest

from models.instance import Instance
from tests.models.solved import PLAIN, Row, day, found, instance, places, result_tables, solved

WEEK_AWAY = [{"unit_cost": 2, "lead_time": 1}]


def ten(due: int | str = 0, **line: object) -> list[Row]:
    """One line of ten units."""
    return [{"due": due, "quantity": 10, **line}]


def cost(made: Instance) -> float:
    """The cheapest plan's cost."""
    return solved(made).objective


def test_late_units_pay_for_each_period() -> None:
    # 20 for ten units, and a week's wait of each at 3.
    assert cost(instance(sourcing=WEEK_AWAY, demand=ten())) == pytest.approx(20 + 30)
    two_weeks = [{"unit_cost": 2, "lead_time": 2}]
    assert cost(instance(sourcing=two_weeks, demand=ten())) == pytest.approx(20 + 60)


def test_what_is_never_delivered_is_lost_once_and_pays_no_waiting() -> None:
    plan = solved(instance(inventory=[{"on_hand": 4}], demand=ten()))
    assert plan.values["short"] == {0: 6}
    assert plan.amounts["shortage"] == pytest.approx(600)
    assert plan.objective == pytest.approx(600)


def test_dropping_may_be_cheaper_than_waiting() -> None:
    # A wait of two weeks at 3 and a price of 2 cost 8 a unit; losing it costs 7.
    made = instance(items=[PLAIN | {"shortage_cost": 7}], sourcing=[{"unit_cost": 2, "lead_time": 2}], demand=ten())
    assert cost(made) == pytest.approx(70)


def test_never_early() -> None:
    plan = solved(instance(inventory=[{"on_hand": 10}], demand=ten(due=2)))
    assert plan.values["deliver"] == {(0, "main", 2): 10}
    assert plan.objective == pytest.approx(10 + 10)  # held in weeks 0 and 1


@pytest.mark.parametrize(
    ("max_delay", "expected"),
    [
        (0, 1000),  # on the day or never
        (1, 1000),  # the order takes two weeks
        (2, 20 + 60),
        (None, 20 + 60),  # to the horizon's end
        (99, 20 + 60),
    ],
)
def test_a_line_waits_no_longer_than_its_window(max_delay: int | None, expected: float) -> None:
    two_weeks = [{"unit_cost": 2, "lead_time": 2}]
    assert cost(instance(sourcing=two_weeks, demand=ten(max_delay=max_delay))) == pytest.approx(expected)
    of_item = instance(items=[PLAIN | {"max_delay": max_delay}], sourcing=two_weeks, demand=ten())
    assert cost(of_item) == pytest.approx(expected)


def test_a_lines_own_terms_beat_those_of_its_item() -> None:
    item = PLAIN | {"max_delay": 0}
    made = instance(items=[item], sourcing=WEEK_AWAY, demand=ten(max_delay=1, backorder_cost=0.5))
    assert cost(made) == pytest.approx(20 + 5)
    assert cost(instance(items=[item], demand=ten(shortage_cost=7))) == pytest.approx(70)
    free = instance(items=[item], sourcing=WEEK_AWAY, demand=ten(max_delay=1, backorder_cost=0))
    assert cost(free) == pytest.approx(20)  # zero is a cost, and not the default


def test_default_penalties_are_shares_of_the_price() -> None:
    bare = {"holding_cost": 1, "ending_value": 0}
    made = instance(items=[bare | {"price": 10}], sourcing=WEEK_AWAY, demand=ten())
    assert cost(made) == pytest.approx(20 + 10 * 10 * 0.05)
    # Without a price, the lowest unit cost: a week's wait costs 2 × 0.05, losing a unit 2 × 2.
    assert cost(instance(items=[bare], sourcing=WEEK_AWAY, demand=ten())) == pytest.approx(20 + 1)
    dropped = instance(items=[bare], sourcing=WEEK_AWAY, demand=ten(max_delay=0))
    assert cost(dropped) == pytest.approx(40)
    rates = {"costs.backorder_rate": 0.3, "costs.shortage_rate": 1.5}
    made = instance(items=[bare | {"price": 10}], sourcing=WEEK_AWAY, demand=ten(), settings=rates)
    assert cost(made) == pytest.approx(20 + 30)
    made = instance(items=[bare | {"price": 10}], demand=ten(), settings=rates)
    assert cost(made) == pytest.approx(150)


def test_the_customers_weight_multiplies_both_penalties() -> None:
    heavy: list[Row] = [{"weight": 2.5}]
    assert cost(instance(customers=heavy, sourcing=WEEK_AWAY, demand=ten())) == pytest.approx(20 + 75)
    assert cost(instance(customers=heavy, demand=ten())) == pytest.approx(2500)
    assert cost(instance(customers=heavy, demand=ten(shortage_cost=7))) == pytest.approx(175)


def test_scarce_stock_goes_to_whom_it_costs_most_to_fail() -> None:
    made = instance(
        customers=[{"customer": "C1", "weight": 1}, {"customer": "C2", "weight": 2}],
        inventory=[{"on_hand": 10}],
        demand=[
            {"customer": "C1", "due": 0, "quantity": 6},
            {"customer": "C2", "due": 0, "quantity": 6},
            {"customer": "C1", "due": 0, "quantity": 1, "reference": "rush", "shortage_cost": 500},
        ],
    )
    plan = solved(made)
    # The rush unit (500), six for C2 (200 each), three for C1 (100 each); C1 lacks three.
    assert plan.values["deliver"] == {(2, "main", 0): 1, (1, "main", 0): 6, (0, "main", 0): 3}
    assert plan.objective == pytest.approx(300)


def test_an_old_backorder_counts_from_the_start() -> None:
    old = ten(due=day(-2))
    assert cost(instance(inventory=[{"on_hand": 10}], demand=old)) == pytest.approx(0)
    assert cost(instance(sourcing=WEEK_AWAY, demand=old)) == pytest.approx(20 + 30)
    # Its window too begins at the start: it may still wait one week, or none.
    one = ten(due=day(-2), max_delay=1)
    assert cost(instance(sourcing=WEEK_AWAY, demand=one)) == pytest.approx(20 + 30)
    none = ten(due=day(-2), max_delay=0)
    assert cost(instance(sourcing=WEEK_AWAY, demand=none)) == pytest.approx(1000)


def test_a_forecast_in_the_past_is_dropped_and_an_order_is_not() -> None:
    past = instance(inventory=[{"on_hand": 0}], demand=ten(due=day(-1, 6), kind="forecast"))
    plan = solved(past)
    assert plan.objective == pytest.approx(0) and len(plan.model.lines) == 0
    now = instance(inventory=[{"on_hand": 0}], demand=ten(due=day(0), kind="forecast"))
    assert cost(now) == pytest.approx(1000)
    order = instance(inventory=[{"on_hand": 0}], demand=ten(due=day(-1, 6)))
    assert cost(order) == pytest.approx(1000)


def test_what_is_due_after_the_horizon_or_asks_for_nothing_is_left_out() -> None:
    made = instance(
        inventory=[{}],
        demand=[
            {"due": day(4), "quantity": 10},
            {"due": day(3, 6), "quantity": 1},  # the last Sunday
            {"due": day(2), "quantity": 0},
        ],
    )
    plan = solved(made)
    assert list(plan.model.lines) == [1]
    assert plan.objective == pytest.approx(100)


def test_a_line_that_names_a_location_is_served_from_there_only() -> None:
    stock: list[Row] = [{"location": "east", "on_hand": 4}, {"location": "west", "on_hand": 5}]
    anywhere = solved(instance(inventory=stock, demand=ten()))
    assert anywhere.values["deliver"] == {(0, "east", 0): 4, (0, "west", 0): 5}
    assert anywhere.objective == pytest.approx(100)
    west = solved(instance(inventory=stock, demand=ten(location="west")))
    assert west.values["deliver"] == {(0, "west", 0): 5}
    assert west.objective == pytest.approx(500 + 4 * 4)  # five short; four held in the east for four weeks


def test_an_item_that_is_nowhere_is_short() -> None:
    plan = solved(instance(demand=ten()))
    assert plan.objective == pytest.approx(1000)
    assert plan.columns("deliver") == 0


def test_allocations_and_backorders_tell_lateness_and_promise() -> None:
    made = instance(
        customers=[{"weight": 2}],
        sourcing=[{"unit_cost": 2, "lead_time": 2, "maximum_quantity": 4}],
        inventory=[{"on_hand": 3}],
        demand=[
            {"due": "2026-11-13", "quantity": 3, "reference": "old"},
            {"due": 1, "quantity": 9, "kind": "forecast", "location": "main"},
            {"due": 3, "quantity": 1, "reference": "ok", "max_delay": 0, "shortage_cost": 500},
        ],
    )
    # The old line goes out now, two weeks late, at no cost. Orders of weeks 0 and 1 bring 4 each: week 2 brings 4 of
    # the forecast (4 × 3 × 2), week 3 one for the last line and 3 of the forecast, two weeks late (3 × 2 × 3 × 2).
    tables = result_tables(made)
    forecast = {
        "item": "A", "customer": "C", "due": "2026-11-30", "kind": "forecast", "demand_location": "main",
        "reference": "",
    }  # fmt: skip
    old = {
        "item": "A",
        "customer": "C",
        "due": "2026-11-13",
        "kind": "order",
        "demand_location": "",
        "reference": "old",
    }
    last = {
        "item": "A",
        "customer": "C",
        "due": "2026-12-14",
        "kind": "order",
        "demand_location": "",
        "reference": "ok",
    }
    main = {"location": "main"}
    assert tables["allocations"] == [
        old | main | {"delivery_period": "2026-11-23", "quantity": 3.0, "periods_late": 2, "backorder_cost": 0.0},
        forecast | main
        | {"delivery_period": "2026-12-07", "quantity": 4.0, "periods_late": 1, "backorder_cost": 24.0},
        forecast | main
        | {"delivery_period": "2026-12-14", "quantity": 3.0, "periods_late": 2, "backorder_cost": 36.0},
        last | main | {"delivery_period": "2026-12-14", "quantity": 1.0, "periods_late": 0, "backorder_cost": 0.0},
    ]  # fmt: skip
    assert tables["backorders"] == [
        old
        | {"quantity": 3.0, "late_quantity": 3.0, "short_quantity": 0.0, "promise": "2026-11-29", "cost": 0.0},
        # Two units of nine are short at 100 × 2; the wait costs 60.
        forecast
        | {"quantity": 9.0, "late_quantity": 7.0, "short_quantity": 2.0, "promise": "2026-12-20", "cost": 460.0},
    ]  # fmt: skip


def test_a_line_that_gets_nothing_has_no_promise() -> None:
    (row,) = result_tables(instance(inventory=[{}], demand=ten()))["backorders"]
    assert (row["promise"], row["short_quantity"], row["cost"]) == ("", 10, 1000)


def test_lines_that_are_left_out_are_told() -> None:
    made = instance(
        inventory=[{}],
        demand=[
            {"due": day(-1, 6), "kind": "forecast", "quantity": 1},
            {"due": day(-1, 6), "quantity": 1},
            {"due": day(4), "quantity": 1},
            {"due": day(3, 6), "quantity": 1},
        ],
    )
    findings = found("fulfilment", made)
    assert places(findings) == [
        ("forecast in the past", "demand", 0, "due"),
        ("demand after the horizon", "demand", 2, "due"),
    ]
    assert [finding.value for finding in findings] == ["2026-11-22", "2026-12-21"]
    assert "due before 2026-11-23 and is dropped" in findings[0].message
    assert "ends on 2026-12-20" in findings[1].message


def test_a_line_whose_penalties_nothing_tells_is_a_fault() -> None:
    made = instance(
        items=[{"item": "A"}, {"item": "B", "price": 1}, {"item": "D"}],
        demand=[
            {"item": "A", "due": 0, "quantity": 1},
            {"item": "B", "due": 0, "quantity": 1},
            {"item": "D", "due": 0, "quantity": 1, "backorder_cost": 1, "shortage_cost": 9},
            {"item": "A", "due": 0, "quantity": 1, "reference": "2", "backorder_cost": 1},
        ],
    )
    findings = found("fulfilment", made)
    assert places(findings) == [("no price", "demand", 0, "shortage_cost"), ("no price", "demand", 3, "shortage_cost")]
    assert "fill backorder_cost and shortage_cost" in findings[0].message


def test_a_shortage_that_costs_less_than_buying_is_told() -> None:
    made = instance(
        customers=[{"weight": 0.5}],
        sourcing=[{"unit_cost": 4, "lead_time": 1}],
        demand=[
            ten(shortage_cost=8, backorder_cost=0, reference="equal")[0],  # weighted 4: no more than the price
            ten(shortage_cost=8.5, backorder_cost=0, reference="more")[0],
        ],
    )
    findings = found("fulfilment", made)
    assert places(findings) == [("shortage is cheap", "demand", 0, "shortage_cost")]
    assert findings[0].value == "8"
    assert "costs 4 (weighted), buying one at least 4" in findings[0].message
    # Of an item whose own cell says it, that cell is told, once for all its lines.
    made = instance(items=[PLAIN | {"shortage_cost": 3}], sourcing=[{"unit_cost": 4, "lead_time": 1}],
                    demand=[*ten(reference="1", backorder_cost=0), *ten(reference="2", backorder_cost=0)])  # fmt: skip
    findings = found("fulfilment", made)
    assert places(findings) == [("shortage is cheap", "items", 0, "shortage_cost")]
    assert findings[0].value == "3" and "for these 2 lines of the item" in findings[0].message
    # It is as the warning says: nothing is bought for it.
    made = instance(sourcing=[{"unit_cost": 4, "lead_time": 0}], demand=ten(shortage_cost=3.5))
    assert cost(made) == pytest.approx(35)


def test_a_shortage_that_costs_less_than_waiting_is_told() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
        demand=[
            ten(due=0, shortage_cost=8.9)[0],  # three weeks to the end at 3: 9
            ten(due=0, shortage_cost=9, reference="2")[0],
            ten(due=0, shortage_cost=8.9, reference="3", max_delay=2)[0],
            ten(due=1, shortage_cost=8.9, reference="4")[0],
        ],
    )
    findings = found("fulfilment", made)
    assert places(findings) == [("dropping beats waiting", "demand", 0, "shortage_cost")]
    assert "costs 9 a unit, dropping it 8.9" in findings[0].message
