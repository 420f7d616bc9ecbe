"""Lanes, by hand."""

from typing import Any

import pytest

from models.assemble import derive
from models.known import judged
from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, result_tables, solved

BESIDE = {"lanes": [{"customer": "shop", "unit_cost": 0.5, "lead_time": 1}]}
EAST: Row = {"location": "east", "unit_cost": 2}
WEST: Row = {"location": "west", "unit_cost": 5}


def made(*rows: Row, **more: Any) -> Any:
    """East and west have 6 each; 10 are wanted now."""
    tables: dict[str, Any] = {
        "inventory": [{"location": "east", "on_hand": 6}, {"location": "west", "on_hand": 6}],
        "items": [PLAIN | {"holding_cost": 0}],
        "demand": [{"due": 0, "quantity": 10}],
    }
    return instance(periods=4, **{**tables, "lanes": rows, **more})


def test_without_lanes_every_location_serves_everybody() -> None:
    assert solved(made()).objective == pytest.approx(0)


def test_the_cheapest_way_first() -> None:
    # 6 from the east at 2, 4 from the west at 5.
    plan = solved(made(EAST, WEST))
    assert plan.objective == pytest.approx(12 + 20)
    assert plan.amounts["delivery"] == pytest.approx(32)


def test_where_there_is_no_lane_nothing_goes() -> None:
    # 6 from the east; 4 lost at 100.
    assert solved(made(EAST)).objective == pytest.approx(12 + 400)


def test_what_is_on_the_way_comes_later() -> None:
    # From the west it takes 2 weeks: 4 wait for two weeks at 3, and pay 5.
    plan = solved(made(EAST, WEST | {"lead_time": 2}))
    assert plan.objective == pytest.approx(12 + 4 * 5 + 4 * 6)
    # It may wait a week only: it is lost.
    late = {"demand": [{"due": 0, "quantity": 10, "max_delay": 1}]}
    assert solved(made(EAST, WEST | {"lead_time": 2}, **late)).objective == pytest.approx(12 + 400)


def test_what_leaves_in_time_is_on_time_and_pays_no_holding_on_the_road() -> None:
    # Wanted in week 2: leaves in week 0, on hand at the end of no week.
    case = made(
        WEST | {"lead_time": 2, "unit_cost": 0},
        items=[PLAIN],
        inventory=[{"location": "west", "on_hand": 10}],
        locations=[{"location": "west"}],
        demand=[{"due": 2, "quantity": 10}],
    )
    assert solved(case).objective == pytest.approx(0)
    tables = result_tables(case)
    assert [(row["period"], row["delivered"], row["on_hand"]) for row in tables["inventory"]] == [("2026-11-23", 10, 0)]
    assert tables["allocations"][0]["delivery_period"] == "2026-12-07"
    assert tables["backorders"] == []


def test_promises_count_when_they_arrive() -> None:
    # Promised for week 0; what comes from the west in week 1 breaks it: 4 at 10 × 100.
    win = {"demand": [{"due": 0, "quantity": 10, "policy": "win"}]}
    plan = solved(made(EAST, WEST | {"lead_time": 1}, **win))
    assert plan.amounts["promise"] == pytest.approx(4000)


@pytest.mark.parametrize("cheaper", [{"unit_cost": 4}, {"lead_time": 0}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    slow = WEST | {"lead_time": 2}
    assert solved(made(EAST, slow | cheaper)).objective <= solved(made(EAST, slow)).objective + 1e-6
    assert solved(made(EAST, slow)).objective <= solved(made(EAST)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    sourcing = [{"unit_cost": 2, "lead_time": 1, "order_cost": 9}]
    for rows in ([EAST, WEST], [EAST | {"lead_time": 1}, WEST]):
        case = made(*rows, sourcing=sourcing, demand=[{"due": t, "quantity": 9} for t in range(4)])
        assert solved(case, parts()).objective == pytest.approx(solved(case).objective)


def test_lots_do_not_know_lanes_though_they_cost_nothing() -> None:
    free = [{"location": name, "lead_time": 1} for name in ("east", "west")]
    for rows, known in (([], True), (free, False)):
        case = made(*rows, demand=[{"due": 2, "quantity": 9, "location": "east"}])
        found = judged(case, derive(case))
        assert (found.pure, found.relaxes) == (known, known)


def test_lines_that_nobody_serves_are_told() -> None:
    case = made(
        EAST | {"customer": "D"}, demand=[{"due": 0, "quantity": 1}, {"due": 0, "quantity": 1, "customer": "D"}]
    )
    assert places(found("lanes", case)) == [("no lane", "demand", 0, "customer")]
    case = made(EAST, demand=[{"due": 0, "quantity": 1, "location": "west"}])
    assert places(found("lanes", case)) == [("no lane", "demand", 0, "customer")]
    assert "location west does not serve" in found("lanes", case)[0].message
    assert found("lanes", made(EAST)) == found("lanes", made()) == []
