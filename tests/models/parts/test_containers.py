"""Containers, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, result_tables, solved
from tests.models.test_largest_orders import WantsMore, optimum

BESIDE = {
    "items": [{"item": "nut", "unit_volume": 0.5, "unit_weight": 2}, {"item": "rod", "unit_weight": 5}],
    "containers": [
        {"supplier": "BOLT", "container": "pallet", "volume_capacity": 4, "weight_capacity": 40, "cost": 7},
        {"supplier": "BOLT", "container": "crate", "weight_capacity": 15, "minimum_weight": 12, "cost": 2},
    ],
}
BOX: Row = {"volume_capacity": 10, "cost": 12}


def made(*containers: Row, demand: tuple[float, ...] = (6, 6), **more: Any) -> Any:
    """A unit costs 2 and takes 1 of volume, 3 of weight; a week on hand 1, a lost one 100."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables: dict[str, Any] = {
        "items": [PLAIN | {"unit_volume": 1, "unit_weight": 3}],
        "sourcing": [{"unit_cost": 2, "lead_time": 0}],
        "demand": lines,
    }
    return instance(periods=len(demand), **{**tables, "containers": containers, **more})


def cost(*containers: Row, **more: Any) -> float:
    return solved(made(*containers, **more)).objective


def test_without_containers_nothing_is_added() -> None:
    plan = solved(made())
    assert plan.objective == pytest.approx(24)
    assert (plan.columns("containers"), plan.rows("container_room"), plan.rows("container_fill")) == (0, 0, 0)


def test_an_order_takes_as_many_containers_as_it_fills() -> None:
    # 12 wanted over two weeks. One box a week: 24 + 24. All at once: two boxes as well, and 6 on hand.
    assert cost(BOX) == pytest.approx(48)
    # A box of 12 takes all at once: 24 + 12 + 6 on hand.
    assert cost(BOX | {"volume_capacity": 12}) == pytest.approx(42)
    # Boxes of 5: three hold all. Two now with 7, 1 of them on hand, and one of 5 then: 24 + 36 + 1.
    assert cost(BOX | {"volume_capacity": 5}) == pytest.approx(61)


def test_weight_may_fill_a_container_before_volume_does() -> None:
    # 10 of volume, but 15 of weight are 5 units: as boxes of 5.
    assert cost(BOX | {"weight_capacity": 15}) == pytest.approx(61)
    assert cost({"weight_capacity": 15, "cost": 12}) == pytest.approx(61)


def test_the_cheapest_mix_of_kinds() -> None:
    kinds = (
        {"container": "large", "volume_capacity": 10, "cost": 12},
        {"container": "small", "volume_capacity": 3, "cost": 4},
    )
    # 13 in one week: a large one and a small one, 16 (two large 24, five small 20).
    assert cost(*kinds, demand=(13,)) == pytest.approx(26 + 16)


def test_a_container_without_a_volume_takes_any() -> None:
    # Volume bounds neither: 12 × 3 of weight need two of 20.
    assert cost({"weight_capacity": 20, "cost": 12}, demand=(12,)) == pytest.approx(24 + 24)
    # The flat one carries 36 and takes any volume, the box has room for 10: one flat.
    kinds = (BOX | {"container": "box"}, {"container": "flat", "weight_capacity": 36, "cost": 15})
    assert cost(*kinds, demand=(12,)) == pytest.approx(24 + 15)


def test_a_container_must_be_filled() -> None:
    # At least 8 in a box: 6 are wanted each week. 8 and then 4 more cannot be; 12 at once take two boxes of 8 at least.
    # 8 now and 8 then: 32 + 24, on hand 2 and 4. Ten now and two lost: 20 + 12 + 4 + 200.
    assert cost(BOX | {"minimum_volume": 8}) == pytest.approx(32 + 24 + 6)
    # By weight the same: 24 are 8 units.
    assert cost(BOX | {"minimum_weight": 24}) == pytest.approx(32 + 24 + 6)


def test_full_containers_alone_and_packs_that_fill_them() -> None:
    full = BOX | {"minimum_volume": 10}
    # 12 in full boxes are 20: 40 + 24, on hand 4 and 8, or 14 and 8 at once.
    assert cost(full) == pytest.approx(40 + 24 + 12)
    # Packs of 4 fill a box of 10 never, two boxes of 10 with 5 packs: all at once, 14 and 8 on hand.
    packs = [{"unit_cost": 2, "lead_time": 0, "multiple": 4}]
    assert cost(full, sourcing=packs) == pytest.approx(40 + 24 + 14 + 8)


def test_items_share_containers_and_locations_do_not() -> None:
    two = [PLAIN | {"item": item, "unit_volume": 1} for item in "AB"]
    source = [{"item": item, "unit_cost": 2, "lead_time": 0} for item in "AB"]
    wanted = [{"item": item, "due": 0, "quantity": 5} for item in "AB"]
    one = instance(periods=1, items=two, sourcing=source, demand=wanted, containers=[BOX])
    assert solved(one).objective == pytest.approx(20 + 12)
    apart = instance(
        periods=1,
        items=two,
        sourcing=source,
        locations=[{"location": "x"}, {"location": "y"}],
        demand=[row | {"location": place} for row, place in zip(wanted, "xy", strict=True)],
        containers=[BOX],
    )
    assert solved(apart).objective == pytest.approx(20 + 24)


@pytest.mark.parametrize(
    "freer", [{"cost": 10}, {"volume_capacity": 11}, {"minimum_volume": 7}, {"minimum_volume": 0}, {"cost": 0}]
)
def test_relaxing_never_costs_more(freer: Row) -> None:
    strict = BOX | {"minimum_volume": 8}
    assert cost(strict | freer, demand=(7, 3, 9)) <= cost(strict, demand=(7, 3, 9)) + 1e-6


@pytest.mark.parametrize("minimum", [0, 8])
def test_the_tight_formulation_has_the_same_optimum(minimum: float) -> None:
    source = [{"unit_cost": 2, "lead_time": 0, "order_cost": 3, "minimum_quantity": 4}]
    one = made(BOX | {"minimum_volume": minimum}, demand=(3, 9, 4, 12), sourcing=source)
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


@pytest.mark.parametrize("multiple", [None, 3, 4])
@pytest.mark.parametrize("least", [{"minimum_volume": 8}, {"minimum_volume": 10}, {"minimum_weight": 27}])
def test_larger_limits_of_order_lines_make_no_plan_cheaper(multiple: float | None, least: Row) -> None:
    two = [PLAIN | {"item": "A", "unit_volume": 1, "unit_weight": 3}, PLAIN | {"item": "B", "unit_volume": 2}]
    source = [{"item": item, "unit_cost": 2, "lead_time": 0, "multiple": multiple} for item in "AB"]
    demand = [{"item": item, "due": t, "quantity": 3 + 2 * t} for item in "AB" for t in (0, 2)]
    one = instance(periods=3, items=two, sourcing=source, demand=demand, containers=[BOX | least])
    assert optimum(one, parts())[0] == pytest.approx(optimum(one, (*parts(), WantsMore()))[0])


def test_the_planner_sees_the_containers() -> None:
    (row,) = result_tables(made(BOX | {"container": "box"}, demand=(12,)))["containers"]
    assert (row["container"], row["number"], row["cost"]) == ("box", 2, 24)
    assert "containers" not in result_tables(made())


def test_containers_that_hold_nothing_or_cannot_be_filled_are_told() -> None:
    endless = made({"cost": 3})
    assert places(found("containers", endless)) == [
        ("container without a capacity", "containers", 0, "volume_capacity"),
        ("no room taken", "items", 0, "unit_weight"),
    ]
    (finding,) = found("containers", made(BOX | {"minimum_volume": 11}))
    assert finding.rule == "maximum below minimum" and "above volume_capacity (10)" in finding.message
    light = made(BOX, items=[PLAIN | {"unit_weight": 3}])
    assert places(found("containers", light)) == [("no room taken", "items", 0, "unit_volume")]
