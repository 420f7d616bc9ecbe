"""Storage, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, solved

BESIDE = {
    "items": [
        {"item": "nut", "unit_volume": 0.5, "unit_weight": 2},
        {"item": "rod", "unit_volume": 3, "unit_weight": 1},
    ],
    "locations": [
        {
            "location": "main", "volume_capacity": 12, "overflow_cost": 0.25, "weight_capacity": 9,
            "weight_overflow_cost": 0.5,
        },
    ],
}  # fmt: skip
ROOM: Row = {"location": "main", "volume_capacity": 30, "overflow_cost": 2}


def made(*rooms: Row, **more: Any) -> Any:
    """A and B, of volume 2 and 1, 10 of each wanted in week 2; both can only be bought for week 0."""
    items = [PLAIN | {"item": "A", "unit_volume": 2}, PLAIN | {"item": "B", "unit_volume": 1, "unit_weight": 5}]
    tables: dict[str, Any] = {
        "items": items,
        "sourcing": [{"item": name, "unit_cost": 2, "lead_time": 0, "valid_to": 0} for name in "AB"],
        "demand": [{"item": name, "due": 2, "quantity": 10} for name in "AB"],
    }
    return instance(periods=3, **{**tables, "locations": rooms, **more})


def test_room_enough_costs_nothing() -> None:
    # 20 bought: 40; 20 on hand for two weeks: 40.
    assert solved(made()).objective == pytest.approx(80)
    plan = solved(made(ROOM))
    assert (plan.objective, plan.amounts["overflow"]) == pytest.approx((80, 0))


def test_what_has_no_room_is_paid_for() -> None:
    # 30 of volume, room for 21: 9 for two weeks at 2.
    plan = solved(made(ROOM | {"volume_capacity": 21}))
    assert plan.amounts["overflow"] == pytest.approx(36)
    assert plan.values["overflow_volume"] == {("main", 0): 9, ("main", 1): 9}


def test_a_dear_overflow_is_avoided_by_what_takes_most_room() -> None:
    # Losing a unit costs 100, and saves 2 + 2 beside: A frees 2 × 30 × 2 weeks = 120, B 60. So 5 of A are lost for 9 of
    # volume, of which the last frees 1 only: 60 + 4 < 100, so it stays. 4 lost: 400 - 16, and 1 over for two weeks: 60.
    plan = solved(made(ROOM | {"volume_capacity": 21, "overflow_cost": 30}))
    assert plan.values["short"] == {0: 4.5}
    # Fractions are allowed: half of a unit frees the last one, 4.5 × 96 = 432.
    assert plan.objective == pytest.approx(80 + 432)


def test_weight() -> None:
    # 10 B weigh 50; 42 can be borne: 8 at 3 for two weeks.
    plan = solved(made({"location": "main", "weight_capacity": 42, "weight_overflow_cost": 3}))
    assert plan.amounts["overflow"] == pytest.approx(48)


def test_what_passes_through_needs_no_room() -> None:
    # Bought and delivered in week 2.
    sourcing = [{"item": name, "unit_cost": 2, "lead_time": 0} for name in "AB"]
    assert solved(made(ROOM | {"volume_capacity": 0}, sourcing=sourcing)).objective == pytest.approx(40)


def test_each_location_has_its_own_room() -> None:
    rooms = [ROOM | {"location": "east", "volume_capacity": 5}, ROOM | {"location": "west", "volume_capacity": 0}]
    stock = [{"item": "A", "location": "east", "on_hand": 3}, {"item": "A", "location": "west", "on_hand": 1}]
    plan = solved(made(*rooms, inventory=stock, sourcing=[], demand=[]))
    # East is 1 over, west 2, for three weeks at 2; 4 on hand for three weeks.
    assert plan.objective == pytest.approx(6 + 12 + 12)


@pytest.mark.parametrize("cheaper", [{"volume_capacity": 22}, {"overflow_cost": 29}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    room = ROOM | {"volume_capacity": 21, "overflow_cost": 30}
    assert solved(made(room | cheaper)).objective <= solved(made(room)).objective + 1e-6
    assert solved(made()).objective <= solved(made(room)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    room = made(ROOM | {"volume_capacity": 21, "overflow_cost": 30})
    assert solved(room, parts()).objective == pytest.approx(solved(room).objective)


def test_a_capacity_without_a_price_is_a_fault() -> None:
    wrong = made({"location": "main", "volume_capacity": 3, "weight_capacity": 3})
    assert places(found("storage", wrong)) == [
        ("no overflow cost", "locations", 0, "overflow_cost"),
        ("no overflow cost", "locations", 0, "weight_overflow_cost"),
    ]
    assert found("storage", made(ROOM)) == []
