"""Balance, solved by hand."""

from typing import Any

import pytest

from models.parts.balance import STOCK
from tests.models.solved import PLAIN, found, instance, places, result_tables, solved


def test_stock_carries_over_and_pays_for_what_is_left() -> None:
    made = instance(
        inventory=[{"on_hand": 10}],
        demand=[{"due": 0, "quantity": 4}, {"due": 2, "quantity": 3}],
    )
    plan = solved(made)
    # On hand 10 before; 6, 6, 3, 3 at the periods' ends: 6 + 6 + 3 + 3 holding.
    assert plan.values["on_hand"] == {
        ("A", "main", -1): 10, ("A", "main", 0): 6, ("A", "main", 1): 6, ("A", "main", 2): 3, ("A", "main", 3): 3,
    }  # fmt: skip
    assert plan.objective == pytest.approx(18)
    assert plan.amounts["holding"] == pytest.approx(18)


def test_what_arrives_in_a_period_is_delivered_in_it_and_pays_no_holding() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 5}, {"due": 1, "quantity": 5}],
    )
    assert solved(made).objective == pytest.approx(10 * 2)


def test_negative_stock_counts_as_none() -> None:
    (on_hand,) = (column for column in STOCK.columns if column.name == "on_hand")
    assert on_hand.clip and on_hand.minimum == 0.0  # the reader clips, and warns
    plan = solved(instance(inventory=[{"on_hand": -7}], demand=[{"due": 0, "quantity": 1}]))
    assert plan.objective == pytest.approx(100)  # one unit short, and not eight


@pytest.mark.parametrize(
    ("kind", "price", "a_period"),
    # 0.25 a year of the price: 52 weeks, 12 months, 365 days.
    [("week", 52, 0.25), ("month", 48, 1.0), ("day", 730, 0.5)],
)
def test_the_default_holding_cost_is_a_share_of_the_price(kind: Any, price: float, a_period: float) -> None:
    made = instance(
        kind=kind, periods=3, items=[PLAIN | {"holding_cost": None, "price": price}], inventory=[{"on_hand": 4}]
    )
    assert solved(made).objective == pytest.approx(4 * 3 * a_period)


def test_the_default_price_is_the_lowest_unit_cost() -> None:
    made = instance(
        items=[PLAIN | {"holding_cost": None}],
        suppliers=[{"supplier": "S"}, {"supplier": "R"}],
        sourcing=[
            {"supplier": "S", "unit_cost": 80, "lead_time": 1},
            {"supplier": "R", "unit_cost": 52, "lead_time": 1},
        ],
        inventory=[{"on_hand": 4}],
    )
    # 52 × 0.25 ÷ 52 = 0.25 a unit and week, 4 units for 4 weeks.
    assert solved(made).objective == pytest.approx(4.0)


def test_a_holding_cost_of_zero_is_a_cost_and_not_the_default() -> None:
    made = instance(items=[PLAIN | {"holding_cost": 0, "price": 52}], inventory=[{"on_hand": 4}])
    assert solved(made).objective == pytest.approx(0)


def test_the_holding_rate_is_a_setting() -> None:
    made = instance(
        periods=2,
        items=[PLAIN | {"holding_cost": None, "price": 52}],
        inventory=[{"on_hand": 1}],
        settings={"costs.holding_rate": 1.5},
    )
    assert solved(made).objective == pytest.approx(2 * 1.5)


def test_stock_stays_where_it_is() -> None:
    made = instance(
        inventory=[{"location": "east", "on_hand": 5}, {"location": "west", "on_hand": 0}],
        demand=[{"due": 0, "quantity": 5, "location": "west"}],
    )
    # East holds 5 for four weeks; west has nothing: 5 short at 100.
    assert solved(made).objective == pytest.approx(5 * 4 + 500)


def test_there_is_a_balance_where_an_item_can_be() -> None:
    made = instance(
        items=[PLAIN | {"item": name} for name in ("held", "coming", "sold", "nowhere")],
        locations=[{"location": "east"}, {"location": "west"}],
        inventory=[{"item": "held", "location": "east"}],
        open_orders=[{"item": "coming", "location": "west", "arrival": 1, "quantity": 1}],
        sourcing=[{"item": "sold", "unit_cost": 1, "lead_time": 1}],
    )
    stocks = list(solved(made).model.stocks)
    assert stocks == [("held", "east"), ("coming", "west"), ("sold", "east"), ("sold", "west")]


def test_the_projection_adds_up_and_leaves_out_what_is_nothing() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1, "multiple": 6}],
        inventory=[{"on_hand": 3}],
        open_orders=[{"arrival": 1, "quantity": 2}],
        demand=[{"due": 0, "quantity": 3}, {"due": 1, "quantity": 8}],
    )
    # Week 0: 3 go. Week 1: 2 on order and a pack of 6 arrive, 8 go. Nothing is left, so weeks 2 and 3 have no row.
    assert result_tables(made)["inventory"] == [
        {
            "item": "A", "location": "main", "period": "2026-11-23", "opening": 3.0, "receipts": 0.0,
            "transfers_in": 0.0, "transfers_out": 0.0, "delivered": 3.0, "on_hand": 0.0,
        },
        {
            "item": "A", "location": "main", "period": "2026-11-30", "opening": 0.0, "receipts": 8.0,
            "transfers_in": 0.0, "transfers_out": 0.0, "delivered": 8.0, "on_hand": 0.0,
        },
    ]  # fmt: skip


def test_the_projection_is_by_item_and_location() -> None:
    made = instance(
        periods=2,
        items=[PLAIN, PLAIN | {"item": "B"}],
        locations=[{"location": "east"}, {"location": "west"}],
        inventory=[
            {"item": "A", "location": "west", "on_hand": 7},
            {"item": "B", "location": "east", "on_hand": 5},
            {"item": "B", "location": "west"},
        ],
        open_orders=[{"item": "B", "location": "west", "arrival": 0, "quantity": 4}],
        demand=[
            {"item": "A", "due": 0, "quantity": 6, "location": "west"},
            {"item": "B", "due": 1, "quantity": 3, "location": "west"},
        ],
    )
    rows = result_tables(made)["inventory"]
    columns = ("item", "location", "opening", "receipts", "delivered", "on_hand")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("A", "west", 7, 0, 6, 1), ("A", "west", 1, 0, 0, 1),
        ("B", "east", 5, 0, 0, 5), ("B", "east", 5, 0, 0, 5),
        ("B", "west", 0, 4, 0, 4), ("B", "west", 4, 0, 3, 1),
    ]  # fmt: skip


def test_a_stocked_item_of_which_nothing_tells_the_worth_is_a_fault() -> None:
    made = instance(
        items=[PLAIN, {"item": "B"}, {"item": "C"}, {"item": "D", "price": 3}],
        inventory=[{"item": "A"}, {"item": "B"}, {"item": "D"}],
    )
    findings = found("balance", made)  # C is not stocked, D has a price
    assert places(findings) == [("no price", "items", 1, "price")]
    assert "fill price" in findings[0].message
