"""Commitments, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, result_tables, solved
from tests.models.test_largest_orders import WantsMore, optimum

BESIDE = {
    "commitments": [
        {"supplier": "BOLT", "item": "rod", "quantity": 30, "shortfall_cost": 2},
        {"supplier": "ACME", "value": 900, "shortfall_rate": 0.5},
        {"supplier": "BOLT", "quantity": 60, "shortfall_cost": 1},
    ],
    "price_breaks": [{"item": "nut", "supplier": "ACME", "minimum_quantity": 24, "unit_cost": 1.5}],
}


def made(*commitments: Row, demand: tuple[float, ...] = (10, 10), **more: Any) -> Any:
    """S sells at 2, Z at 3; a week on hand 1, a lost unit 100, what is left at the end is worth nothing."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables: dict[str, Any] = {
        "items": [PLAIN | {"price": 2.5}],
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [{"supplier": s, "unit_cost": cost, "lead_time": 0} for s, cost in (("S", 2), ("Z", 3))],
        "demand": lines,
    }
    rows = [{"supplier": "Z", **row} for row in commitments]
    return instance(periods=len(demand), **{**tables, "commitments": rows, **more})


def cost(*commitments: Row, **more: Any) -> float:
    return solved(made(*commitments, **more)).objective


def test_without_commitments_nothing_is_added() -> None:
    plan = solved(made())
    assert plan.objective == pytest.approx(40)
    assert (plan.columns("shortfall"), plan.rows("quantity_committed"), plan.rows("value_committed")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("quantity", "penalty", "expected"),
    [
        (5, 0.5, 40 + 2.5),  # to pay 0.5 for each of 5 is cheaper than 1 more for each
        (5, 1.5, 40 + 5),  # to buy 5 from Z is
        (25, 1.5, 60 + 5 * 1.5),  # all 20 from Z; a unit that nobody wants costs 3 + 1, the penalty is 1.5
        (25, 4.5, 60 + 5 * 4),  # and here it is worth it, at the end of the horizon
    ],
)
def test_a_quantity_is_bought_or_paid_for(quantity: float, penalty: float, expected: float) -> None:
    row = {"quantity": quantity, "shortfall_cost": penalty}
    assert cost(row) == pytest.approx(expected)
    assert cost(row | {"item": "A"}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "rate", "expected"),
    [
        (15, 0.25, 40 + 15 * 0.25),  # 5 units for 15 cost 5 more, the penalty 3.75
        (15, 0.5, 40 + 5),
        (66, 1, 60 + 6),  # 6 paid for nothing, rather than for 2 units that cost 1 each to keep
    ],
)
def test_a_value_is_bought_or_paid_for(value: float, rate: float, expected: float) -> None:
    assert cost({"value": value, "shortfall_rate": rate}) == pytest.approx(expected)
    assert cost({"value": value, "shortfall_rate": rate, "item": "A"}) == pytest.approx(expected)


def test_what_is_missing_of_a_value_is_paid_in_full_where_nothing_is_said() -> None:
    assert cost({"value": 66}) == pytest.approx(66)


def test_a_value_counts_what_goods_cost_at_their_breaks() -> None:
    # 20 of Z at once are 2.5 each: 50, and 10 lie for a week. 60 are promised: 10 more are paid.
    breaks = [{"supplier": "Z", "minimum_quantity": 20, "unit_cost": 2.5}]
    alone = [{"supplier": "Z", "unit_cost": 3, "lead_time": 0}]
    assert cost({"value": 60}, price_breaks=breaks, sourcing=alone) == pytest.approx(60)  # 3 each: 60, nothing missing
    assert cost({"value": 45}, price_breaks=breaks, sourcing=alone, items=[PLAIN | {"holding_cost": 0.5}]) == (
        pytest.approx(50 + 5)
    )


def test_what_was_bought_before_counts() -> None:
    row = {"quantity": 25, "shortfall_cost": 1.5}
    before = [{"supplier": "Z", "quantity": 12}, {"supplier": "S", "quantity": 99}]
    # 13 are missing: 13 of Z instead of S.
    assert cost(row, bought_before=before) == pytest.approx(40 + 13)
    assert cost(row, bought_before=[{"supplier": "Z", "quantity": 30}]) == pytest.approx(40)
    # By value: 12 at the item's price of 2.5 are 30, or 36 where it is said; of 45, 15 or 9 are missing.
    assert cost({"value": 45}, bought_before=before) == pytest.approx(40 + 5)
    assert cost({"value": 45}, bought_before=[before[0] | {"value": 36}]) == pytest.approx(40 + 3)


def test_a_commitment_for_all_items_counts_them_all() -> None:
    two: dict[str, Any] = {
        "items": [PLAIN | {"item": item} for item in "AB"],
        "sourcing": [
            {"item": item, "supplier": s, "unit_cost": unit, "lead_time": 0}
            for item, s, unit in (("A", "S", 2), ("A", "Z", 3), ("B", "S", 2), ("B", "Z", 2.5))
        ],
        "demand": [{"item": item, "due": 0, "quantity": 10} for item in "AB"],
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
    }
    rows = [{"supplier": "Z", "quantity": 14, "shortfall_cost": 2}]
    # B first, at 0.5 more each, then 4 of A at 1 more.
    assert solved(instance(periods=1, commitments=rows, **two)).objective == pytest.approx(40 + 5 + 4)


@pytest.mark.parametrize(
    "freer", [{"quantity": 20}, {"shortfall_cost": 1}, {"value": 10}, {"shortfall_rate": 0.1}, {"quantity": None}]
)
def test_relaxing_never_costs_more(freer: Row) -> None:
    strict = {"quantity": 30, "shortfall_cost": 3, "value": 75, "shortfall_rate": 0.5}
    assert cost(strict | freer) <= cost(strict) + 1e-6


@pytest.mark.parametrize("row", [{"quantity": 33, "shortfall_cost": 9}, {"value": 99, "shortfall_rate": 2}])
def test_other_formulations_have_the_same_optimum(row: Row) -> None:
    source = [
        {"supplier": s, "unit_cost": c, "lead_time": 0, "order_cost": 5, "multiple": 4} for s, c in (("S", 2), ("Z", 3))
    ]
    one = made(row, sourcing=source, demand=(3, 9, 8))
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)
    assert optimum(one, (*parts(), WantsMore()))[0] == pytest.approx(solved(one).objective)


def test_the_planner_sees_how_far_commitments_are_kept() -> None:
    tables = result_tables(made({"quantity": 25, "shortfall_cost": 1.5, "item": "A"}, {"supplier": "S", "value": 0}))
    z, s = tables["commitments"]
    assert (z["item"], z["measure"], z["committed"], z["ordered"], z["short"], z["cost"]) == (
        "A",
        "quantity",
        25,
        20,
        5,
        7.5,
    )
    assert (s["item"], s["measure"], s["short"]) == ("", "value", 0)
    (row,) = (row for row in tables["costs"] if row["account"] == "commitment")
    assert (row["supplier"], row["item"], row["period"], row["amount"]) == ("Z", "A", "", 7.5)
    (row,) = (row for row in result_tables(made({"value": 66}))["costs"] if row["account"] == "commitment")
    assert (row["supplier"], row["item"], row["amount"]) == ("Z", "", 6)


def test_commitments_that_say_nothing_or_cannot_be_kept_are_told() -> None:
    assert places(found("commitments", made({}))) == [("commitment to nothing", "commitments", 0, "quantity")]
    assert places(found("commitments", made({"quantity": 4}))) == [
        ("penalty missing", "commitments", 0, "shortfall_cost")
    ]
    gone = made({"value": 4}, sourcing=[{"supplier": "S", "unit_cost": 2, "lead_time": 0}])
    (finding,) = found("commitments", gone)
    assert finding.rule == "commitment without a source" and "paid whatever is ordered" in finding.message
    assert solved(gone).objective == pytest.approx(44)
