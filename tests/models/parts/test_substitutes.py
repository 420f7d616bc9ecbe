"""Substitutes, by hand."""

from itertools import product
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, orders, places, result_tables, solved

BESIDE: dict[str, list[Row]] = {
    "items": [{"item": "rod", "quantity_step": 1}],
    "substitutes": [{"item": "nut", "substitute": "rod", "ratio": 0.5, "unit_cost": 0.25}],
    "demand": [{"item": "nut", "customer": "shop", "due": 0, "policy": "gain"}],
    "lanes": [{"customer": "shop", "unit_cost": 0.5}],
}
B: Row = {"item": "A", "substitute": "B", "unit_cost": 5}


def made(*rows: Row, **more: Any) -> Any:
    """4 A and 9 B on hand; 10 A wanted now."""
    tables: dict[str, Any] = {
        "items": [PLAIN | {"item": name, "holding_cost": 0} for name in "AB"],
        "inventory": [{"item": "A", "on_hand": 4}, {"item": "B", "on_hand": 9}],
        "demand": [{"item": "A", "due": 0, "quantity": 10}],
    }
    return instance(periods=3, **{**tables, "substitutes": rows, **more})


def test_without_a_substitute_what_is_not_there_is_lost() -> None:
    assert solved(made()).objective == pytest.approx(600)


def test_a_substitute_takes_its_place() -> None:
    plan = solved(made(B))
    assert plan.objective == pytest.approx(6 * 5)
    assert plan.amounts["substitution"] == pytest.approx(30)
    assert plan.amounts["shortage"] == pytest.approx(0)
    assert plan.values["substitute"] == {(0, 0, "main", 0): 6}


def test_a_dear_substitute_is_not_taken() -> None:
    assert solved(made(B | {"unit_cost": 101})).objective == pytest.approx(600)


def test_two_for_one() -> None:
    # 9 B make 4.5 A; 1.5 are lost.
    assert solved(made(B | {"ratio": 2})).objective == pytest.approx(4.5 * 5 + 150)
    # In whole pieces 4 A: 8 B.
    items = [PLAIN | {"item": name, "holding_cost": 0, "quantity_step": 1} for name in "AB"]
    assert solved(made(B | {"ratio": 2}, items=items)).objective == pytest.approx(4 * 5 + 200)
    assert solved(made(B | {"ratio": 1.5}, items=items)).values["substitute"] == {(0, 0, "main", 0): 6}
    assert solved(made(B | {"ratio": 1.8}, items=items)).values["substitute"] == {(0, 0, "main", 0): 5}


def test_who_consents() -> None:
    def cost(*rows: Row, consent: str = "yes") -> float:
        customers = [{"customer": "C", "substitutes": consent}, {"customer": "D"}]
        return solved(made(*rows, customers=customers)).objective

    own = B | {"customer": "C", "unit_cost": 7}
    assert cost(B | {"customer": "D"}) == pytest.approx(600)
    assert cost(own) == pytest.approx(42)
    assert cost(B, own) == pytest.approx(42)  # one's own row comes before the one for all
    assert cost(B, consent="no") == pytest.approx(600)
    assert cost(B, own, consent="no") == pytest.approx(42)


def test_a_late_substitute_waits_as_its_item_would() -> None:
    # 6 B arrive in week 1: they pay 5 and a week at 3.
    case = made(B, inventory=[{"item": "A", "on_hand": 4}], open_orders=[{"item": "B", "arrival": 1, "quantity": 6}])
    assert solved(case).objective == pytest.approx(6 * 8)
    assert result_tables(case)["backorders"][0]["late_quantity"] == 6


def test_substitutes_are_bought_for_it() -> None:
    case = made(B | {"ratio": 2}, sourcing=[{"item": "B", "unit_cost": 2, "lead_time": 0}], inventory=[])
    assert orders(case)["B", "S", "main", 0] == (0, 20)
    # 20 B at 2 and 10 at 5.
    assert solved(case).objective == pytest.approx(90)


def test_a_substitute_comes_over_a_lane_too() -> None:
    # 4 A and 6 B (12 of them) travel at 1 for a week: all wait a week.
    case = made(B | {"ratio": 1.5}, lanes=[{"unit_cost": 1, "lead_time": 1}])
    assert solved(case).objective == pytest.approx(4 + 9 + 30 + 30)


def test_a_promise_is_kept_by_a_substitute() -> None:
    win = {"demand": [{"item": "A", "due": 0, "quantity": 10, "policy": "win"}]}
    assert solved(made(**win)).objective == pytest.approx(600 + 6000)
    plan = solved(made(B, **win))
    assert plan.objective == pytest.approx(30)
    (row,) = result_tables(made(B, **win))["promises"]
    assert (row["kept"], row["broken"]) == (10, 0)
    # What comes too late does not keep it.
    late = made(
        B, **win, inventory=[{"item": "A", "on_hand": 4}], open_orders=[{"item": "B", "arrival": 1, "quantity": 6}]
    )
    assert solved(late).objective == pytest.approx(6 * 8 + 6000)


SCARCE: dict[str, Any] = {
    "demand": [{"item": "A", "due": 0, "quantity": 10}, {"item": "A", "due": 0, "quantity": 10, "customer": "D"}],
    "customers": [{"customer": "C"}, {"customer": "D", "weight": 2}],
}
LATER: dict[str, Any] = {
    "inventory": [{"item": "A", "on_hand": 4}],
    "open_orders": [{"item": "B", "arrival": 1, "quantity": 6}],
}


def test_a_substitute_is_no_miss_of_a_fill_rate() -> None:
    # 6 of 10 B make the rate of 0.9, beside 4 A: nothing is missed. Without B 5 are missed at 40 each, and 6 lost.
    target = {"fill_rates": [{"minimum_fill_rate": 0.9, "cost": 40}]}
    assert solved(made(B, **target)).objective == pytest.approx(30)
    assert solved(made(**target)).objective == pytest.approx(600 + 5 * 40)


def test_fair_shares_count_substitutes() -> None:
    # D gets 10 and C 3 of 13; fair is 6.5 each: 3.5 less for D at 200, 3.5 more for C at 100. All but 4 are B, at 5.
    assert solved(made(B, **SCARCE)).objective == pytest.approx(7 * 100 + 45)
    fair = {"fair_shares": [{"kind": "proportional"}]}
    assert solved(made(B, **SCARCE, **fair)).objective == pytest.approx(3.5 * 100 + 3.5 * 200 + 45)


def test_a_late_substitute_ages() -> None:
    # 6 wait a week, at 5 + 3 each; 2 more each for the wait, and 7 once for the line.
    steps = {"backorder_steps": [{"periods": 0, "step_cost": 2}]}
    late = {"items": [PLAIN | {"item": name, "holding_cost": 0, "late_cost": 7} for name in "AB"]}
    assert solved(made(B, **LATER, **steps)).objective == pytest.approx(6 * 10)
    assert solved(made(B, **LATER, **late)).objective == pytest.approx(6 * 8 + 7)


def test_who_waits_for_a_substitute_may_cancel() -> None:
    # Of the 6 that wait for B half are cancelled: 3 wait, 3 are lost.
    patience = {"items": [PLAIN | {"item": name, "holding_cost": 0, "cancel_share": 0.5} for name in "AB"]}
    case = made(B, **LATER, **patience)
    assert solved(case).objective == pytest.approx(3 * 8 + 300)
    assert [row["cancelled"] for row in result_tables(case)["cancellations"]] == [pytest.approx(3)]
    gone = {"items": [PLAIN | {"item": name, "holding_cost": 0, "cancel_share": 1} for name in "AB"]}
    assert solved(made(B, **LATER, **gone)).objective == pytest.approx(600)


def test_a_complete_line_may_be_made_up_of_both_items() -> None:
    whole = {"demand": [{"item": "A", "due": 0, "quantity": 10, "complete": "yes"}]}
    assert solved(made(**whole)).objective == pytest.approx(1000)
    assert solved(made(B, **whole)).objective == pytest.approx(30)
    assert solved(made(B, **whole, inventory=[{"item": "B", "on_hand": 9}])).objective == pytest.approx(1000)
    assert solved(made(B, **whole, inventory=[{"item": "B", "on_hand": 10}])).objective == pytest.approx(50)


@pytest.mark.parametrize(
    "terms",
    [
        {"demand": [{"item": "A", "due": 0, "quantity": 10, "one_delivery": "yes"}]},
        {"demand": [{"item": "A", "due": 0, "quantity": 10, "minimum_delivery": 2}]},
        {"customers": [{"customer": "C", "minimum_shipment": 2}]},
        {"reserved_stock": [{"item": "A", "tier": 1, "quantity": 0}]},
        {"reserved_stock": [{"item": "B", "tier": 1, "quantity": 1}]},
    ],
)
def test_who_gets_no_substitute(terms: dict[str, Any]) -> None:
    assert solved(made(B, **terms)).objective == pytest.approx(600)


def test_a_line_that_is_held_to_its_confirmation_gets_its_own_item() -> None:
    held = {"demand": [{"item": "A", "due": 0, "quantity": 10, "policy": "fill"}]}
    assert solved(made(B, **held)).objective == pytest.approx(600)


def test_enumerated() -> None:
    """Every split of 7 B over three lines in whole pieces, by hand and by the model."""
    items = [PLAIN | {"item": name, "holding_cost": 0, "quantity_step": 1} for name in "AB"]
    weights = {"C": 1, "D": 2}
    demand = [
        {"item": "A", "due": 0, "quantity": 3, "customer": "C"},
        {"item": "A", "due": 0, "quantity": 4, "customer": "D"},
        {"item": "B", "due": 0, "quantity": 5, "customer": "C"},
    ]
    for ratio, cost in product((1, 2), (5, 60, 150)):
        best = min(
            100 * (3 - c) + 200 * (4 - d) + 100 * (5 - b) + cost * (c + d)
            for c, d, b in product(range(4), range(5), range(6))
            if ratio * (c + d) + b <= 7
        )
        customers = [{"customer": name, "weight": weight} for name, weight in weights.items()]
        inventory = [{"item": "A"}, {"item": "B", "on_hand": 7}]
        row = B | {"ratio": ratio, "unit_cost": cost}
        case = made(row, items=items, demand=demand, customers=customers, inventory=inventory)
        assert solved(case).objective == pytest.approx(best), (ratio, cost)


@pytest.mark.parametrize("cheaper", [{"unit_cost": 4}, {"ratio": 1}, {"customer": ""}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    row = B | {"ratio": 2, "customer": "C"}
    assert solved(made(row | cheaper)).objective <= solved(made(row)).objective + 1e-6
    assert solved(made(row)).objective <= solved(made()).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    sourcing = [{"item": name, "unit_cost": 2, "lead_time": 1, "order_cost": 9} for name in "AB"]
    demand = [{"item": name, "due": t, "quantity": 6} for name in "AB" for t in range(3)]
    case = made(B, sourcing=sourcing, demand=demand)
    assert solved(case, parts()).objective == pytest.approx(solved(case).objective)


def test_the_planner_sees_what_is_delivered_instead() -> None:
    tables = result_tables(made(B))
    assert [(row["quantity"], row["delivered_item"]) for row in tables["allocations"]] == [(4, ""), (6, "B")]
    assert tables["backorders"] == []
    assert {row["item"]: row["delivered"] for row in tables["inventory"] if row["delivered"]} == {"A": 4, "B": 6}
    assert all("delivered_item" not in row for row in result_tables(made())["allocations"])


def test_a_substitute_of_itself_is_a_fault() -> None:
    wrong = made(B, B | {"substitute": "A"})
    assert places(found("substitutes", wrong)) == [("substitute of itself", "substitutes", 1, "substitute")]
