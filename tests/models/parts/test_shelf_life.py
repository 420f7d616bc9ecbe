"""Shelf life, by hand."""

from itertools import product
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, day, found, instance, places, result_tables, solved

BESIDE: dict[str, list[Row]] = {
    "items": [{"item": "nut", "shelf_life": 2, "waste_cost": 0.5}],
    "batches": [{"item": "nut", "location": "main", "expiry": 0, "quantity": 3}],
    "customers": [{"customer": "shop", "minimum_remaining_life": 1}],
    "open_orders": [{"order": "PO-9", "arrival": 1, "item": "nut", "location": "main", "quantity": 4, "expiry": 2}],
}
FREE = PLAIN | {"holding_cost": 0}


def made(life: int | None, *batches: Row, cost: float = 2, **more: Any) -> Any:
    """10 on hand; 4 wanted in each of four weeks."""
    tables: dict[str, Any] = {
        "items": [FREE | {"shelf_life": life, "waste_cost": cost}],
        "inventory": [{"on_hand": 10}],
        "demand": [{"due": t, "quantity": 4, "max_delay": 0} for t in range(4)],
    }
    return instance(periods=4, **{**tables, "batches": batches, **more})


def test_what_keeps_is_used_to_the_end() -> None:
    # 10 of 16.
    assert solved(made(None)).objective == pytest.approx(600)


def test_what_expires_is_wasted() -> None:
    # Usable in weeks 0 and 1: 8 are, 2 go to waste at 2; 8 are lost.
    plan = solved(made(2))
    assert plan.objective == pytest.approx(2 * 2 + 800)
    assert sum(plan.values["waste"].values()) == 2
    assert plan.amounts["waste"] == pytest.approx(4)


def test_first_expired_first_out() -> None:
    # 4 can be used this week only, the rest for 4 weeks: nothing is wasted, though a fresh unit would do as well.
    assert solved(made(4, {"expiry": 0, "quantity": 4})).objective == pytest.approx(600)
    # 6 expire this week, of which 4 are used: 2 wasted, 4 for week 1, 8 lost.
    assert solved(made(4, {"expiry": 0, "quantity": 6})).objective == pytest.approx(4 + 800)
    # Two batches: 5 to week 0, 5 to week 1: one of each goes to waste.
    plan = solved(made(4, {"expiry": 0, "quantity": 5}, {"expiry": day(1, 6), "quantity": 5}))
    assert sum(plan.values["waste"].values()) == 2


def test_new_orders_last_from_their_arrival() -> None:
    # An order of at least 12 in week 0, at 1 a unit, lasts for weeks 0 to 2: all but the last 4 are served.
    sourcing = [{"unit_cost": 1, "lead_time": 0, "minimum_quantity": 12, "valid_to": 0}]
    plan = solved(made(3, inventory=[], sourcing=sourcing))
    assert plan.objective == pytest.approx(12 + 400)
    # With an order in any week: 12 and then 12, of which 8 are left in week 3, not expired.
    plan = solved(made(3, inventory=[], sourcing=[sourcing[0] | {"valid_to": None}]))
    assert plan.objective == pytest.approx(24)


def test_open_orders_with_an_expiry_of_their_own() -> None:
    # 8 arrive in week 1: with their full life all are used in weeks 1 and 2; to the end of week 1 only, 4 are wasted.
    order = {"arrival": 1, "quantity": 8}
    assert solved(made(2, inventory=[], open_orders=[order])).objective == pytest.approx(800)
    plan = solved(made(2, inventory=[], open_orders=[order | {"expiry": day(1, 2)}]))
    assert plan.objective == pytest.approx(1200 + 8)
    assert plan.values["fresh"] == {}


def test_what_will_not_be_used_is_thrown_away_where_keeping_it_costs_more() -> None:
    # 10 on hand at 1 a week, usable in weeks 0 and 1: 8 are wanted; 2 go at once, at 0.5 a unit, and 4 are held a week.
    items = [PLAIN | {"shelf_life": 2, "waste_cost": 0.5}]
    assert solved(made(2, items=items)).objective == pytest.approx(1 + 4 + 800)
    # One of 5 old ones is not wanted now; one of the others is not wanted later, and goes now: first expired first out.
    rows = result_tables(made(2, {"expiry": 0, "quantity": 5}, items=items))["batches"]
    assert [(row["expiry"], row["taken"], row["wasted"]) for row in rows] == [
        ("2026-11-29", 4, 1), ("2026-12-06", 0, 1), ("2026-12-06", 4, 0),
    ]  # fmt: skip


def test_remaining_life_that_customers_ask_for() -> None:
    # C wants 4 a week with 2 weeks left, D with none. 8 on hand for weeks 0 to 2, and C is served in week 0 alone.
    def cost(least: int) -> float:
        customers = [{"customer": "C", "minimum_remaining_life": least}, {"customer": "D"}]
        demand = [{"due": t, "quantity": 2, "max_delay": 0, "customer": name} for t in range(3) for name in "CD"]
        return solved(made(3, inventory=[{"on_hand": 12}], customers=customers, demand=demand)).objective

    assert cost(0) == pytest.approx(0)
    # In week 1 they have 1 week left, in week 2 none: 2 and 2 of C are lost, and wasted at 2.
    assert cost(2) == pytest.approx(4 * 100 + 4 * 2)
    assert cost(1) == pytest.approx(2 * 100 + 2 * 2)
    assert cost(3) == pytest.approx(6 * 100 + 6 * 2)


def test_who_asks_for_less_gets_the_older() -> None:
    # 2 fresh ones and 2 that expire now; C asks for a week left. Both get theirs.
    customers = [{"customer": "C", "minimum_remaining_life": 1}, {"customer": "D"}]
    demand = [{"due": 0, "quantity": 2, "customer": name} for name in "CD"]
    case = made(2, {"expiry": 0, "quantity": 2}, inventory=[{"on_hand": 4}], customers=customers, demand=demand)
    assert solved(case).objective == pytest.approx(0)
    swapped = [{"customer": name, "minimum_remaining_life": 1} for name in "CD"]
    assert solved(
        made(2, {"expiry": 0, "quantity": 2}, inventory=[{"on_hand": 4}], customers=swapped, demand=demand)
    ).objective == pytest.approx(204)


def test_remaining_life_counts_from_the_door() -> None:
    # A week on the road, and a week left at the door: 2 weeks at leaving. Usable in weeks 0 and 1, it cannot be.
    case = {"lanes": [{"lead_time": 1}], "demand": [{"due": 1, "quantity": 4, "max_delay": 0}]}
    fresh = {"customers": [{"minimum_remaining_life": 1}]}
    assert solved(made(2, cost=0, **case)).objective == pytest.approx(0)
    assert solved(made(2, cost=0, **case, **fresh)).objective == pytest.approx(400)
    assert solved(made(3, cost=0, **case, **fresh)).objective == pytest.approx(0)


def test_enumerated() -> None:
    """Every use of three batches in three weeks, by hand and by the model."""
    demand = (3, 2, 2)
    for sizes, cost in product(((4, 2, 1), (1, 1, 5), (5, 0, 2), (2, 3, 2)), (0, 7)):
        best = float("inf")
        for first, second, third in product(range(demand[0] + 1), range(demand[1] + 1), range(demand[2] + 1)):
            # The oldest are taken first; what is left of a batch at its end is lost.
            left, wasted = list(sizes), 0
            possible = True
            for t, taken in enumerate((first, second, third)):
                need = taken
                for e in range(t, 3):
                    some = min(left[e], need)
                    left[e], need = left[e] - some, need - some
                possible &= need == 0
                wasted, left[t] = wasted + left[t], 0
            if possible:
                best = min(best, cost * wasted + 100 * (sum(demand) - first - second - third))
        lines = [{"due": t, "quantity": q, "max_delay": 0} for t, q in enumerate(demand)]
        batches = [{"expiry": e, "quantity": q} for e, q in enumerate(sizes)]
        case = made(9, *batches, cost=cost, inventory=[{"on_hand": sum(sizes)}], demand=lines)
        assert solved(case).objective == pytest.approx(best), (sizes, cost)


@pytest.mark.parametrize("longer", [3, 4, None])
def test_relaxing_never_costs_more(longer: int | None) -> None:
    assert solved(made(longer)).objective <= solved(made(2)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    sourcing = [{"unit_cost": 2, "lead_time": 0, "order_cost": 15}]
    for life in (1, 2, 3):
        for items in ([PLAIN | {"shelf_life": life, "waste_cost": 1}], [FREE | {"shelf_life": life}]):
            case = made(life, {"expiry": 1, "quantity": 3}, sourcing=sourcing, items=items)
            assert solved(case, parts()).objective == pytest.approx(solved(case).objective)


def test_the_planner_sees_batches_and_stock_adds_up() -> None:
    tables = result_tables(made(2))
    assert [(row["expiry"], row["period"], row["taken"]) for row in tables["batches"]] == [
        ("2026-12-06", "2026-11-23", 4), ("2026-12-06", "2026-11-30", 4),
    ]  # fmt: skip
    left = [row["opening"] - row["delivered"] - row["on_hand"] for row in tables["inventory"]]
    assert sum(left) == 2
    assert [row["wasted"] for row in tables["inventory"] if row["wasted"] > 0] == [2]
    assert "wasted" not in result_tables(made(None))["inventory"][0]


def test_a_batch_may_last_beyond_the_horizon() -> None:
    rows = result_tables(made(9))["batches"]
    assert {row["expiry"] for row in rows} == {"2027-01-24"}  # the end of week 8


def test_faults() -> None:
    wrong = made(
        2, {"expiry": day(-1), "quantity": 1}, {"expiry": 1, "quantity": 10}, {"item": "B", "expiry": 1, "quantity": 0},
        items=[FREE | {"shelf_life": 2}, PLAIN | {"item": "B"}, PLAIN | {"item": "D", "shelf_life": 0}],
        locations=[{"location": "main"}, {"location": "west"}],
        transfers=[{"from_location": "main", "to_location": "west", "lead_time": 1}],
        customers=[{"minimum_remaining_life": 1}], substitutes=[{"item": "B", "substitute": "A"}],
        open_orders=[
            {"arrival": 2, "quantity": 1, "expiry": 1},
            {"order": "P", "arrival": 1, "quantity": 1, "expiry": 2, "cancel_cost": 1},
        ],
    )  # fmt: skip
    assert places(found("shelf_life", wrong)) == [
        ("no life", "items", 2, "shelf_life"), ("expired", "batches", 0, "expiry"),
        ("no shelf life", "batches", 2, "item"), ("more in batches than on hand", "batches", 1, "quantity"),
        ("expired", "open_orders", 0, "expiry"), ("own expiry of a changeable order", "open_orders", 1, "expiry"),
        ("shelf life and transfers", "transfers", 0, "item"),
        ("shelf life and substitutes", "substitutes", 0, "substitute"),
    ]  # fmt: skip
    assert found("shelf_life", made(2, {"expiry": 1, "quantity": 10})) == []


def test_substitutes_over_lanes_that_take_time_are_refused() -> None:
    items = [FREE | {"shelf_life": 2}, PLAIN | {"item": "B"}]
    more: dict[str, Any] = {"items": items, "substitutes": [{"item": "B", "substitute": "A"}]}
    assert found("shelf_life", made(2, lanes=[{}], **more)) == []
    refused = found("shelf_life", made(2, lanes=[{"lead_time": 1}], **more))
    assert places(refused) == [("shelf life and substitutes", "substitutes", 0, "substitute")]
