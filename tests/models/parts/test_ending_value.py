"""Ending value, solved by hand."""

import pytest

from tests.models.solved import PLAIN, Row, found, instance, places, solved

FREE = PLAIN | {"holding_cost": 0}


def test_what_is_left_is_credited_once_at_the_end() -> None:
    made = instance(
        items=[FREE | {"ending_value": 0.5}],
        inventory=[{"on_hand": 10}],
        demand=[{"due": 3, "quantity": 4}],  # the last week
        sourcing=[{"unit_cost": 2, "lead_time": 1}],
    )
    plan = solved(made)
    assert plan.amounts["ending_value"] == pytest.approx(-6 * 0.5)  # six are left after week 3
    assert plan.objective == pytest.approx(-3)


def one_item(**item: float | None) -> list[Row]:
    return [FREE | item]


def test_the_default_is_the_lowest_unit_cost_of_all_rows() -> None:
    made = instance(
        items=one_item(ending_value=None, price=9),
        suppliers=[{"supplier": "S"}, {"supplier": "R"}],
        sourcing=[
            {"supplier": "S", "unit_cost": 3, "lead_time": 1},
            {"supplier": "R", "unit_cost": 2, "lead_time": 1, "valid_to": 1},
            {"supplier": "R", "unit_cost": 4, "lead_time": 1, "valid_from": 2},
        ],
        inventory=[{"on_hand": 10}],
    )
    assert solved(made).objective == pytest.approx(-10 * 2)


def test_an_item_that_nobody_sells_has_no_ending_value_unless_stated() -> None:
    nobody = instance(items=one_item(ending_value=None, price=9), inventory=[{"on_hand": 10}])
    assert solved(nobody).objective == pytest.approx(0)
    stated = instance(items=one_item(ending_value=5, price=9), inventory=[{"on_hand": 10}])
    assert solved(stated).objective == pytest.approx(-50)


def test_it_never_pays_to_buy_for_the_end() -> None:
    # The credit equals the price: buying the ten that are wanted is all that saves anything.
    made = instance(
        items=one_item(ending_value=2),
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 10}],
    )
    assert solved(made).objective == pytest.approx(20)


def test_every_location_is_credited() -> None:
    made = instance(
        items=one_item(ending_value=3),
        inventory=[{"location": "east", "on_hand": 1}, {"location": "west", "on_hand": 2}],
    )
    assert solved(made).objective == pytest.approx(-9)


def test_an_ending_value_above_the_cheapest_price_is_a_fault() -> None:
    made = instance(
        items=[PLAIN | {"item": "A", "ending_value": 2}, PLAIN | {"item": "B", "ending_value": 2.01}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 1} for name in ("A", "B")],
    )
    findings = found("ending_value", made)
    assert places(findings) == [("ending value too high", "items", 1, "ending_value")]
    assert findings[0].value == "2.01"
    assert "write at most 2" in findings[0].message
