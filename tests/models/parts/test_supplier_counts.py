"""Supplier counts, by hand."""

from itertools import combinations
from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, solved
from tests.models.test_largest_orders import WantsMore, optimum

BESIDE = {
    "items": [{"item": "nut", "minimum_suppliers": 2, "supplier_quantity": 5, "maximum_suppliers": 2}],
    "suppliers": [{"supplier": "CORK"}],
    "sourcing": [{"item": "nut", "supplier": "CORK", "unit_cost": 4, "lead_time": 1}],
}
BESIDE_SETTINGS = {"sourcing.maximum_suppliers": 2}
PRICES = {"R": 2.0, "S": 3.0, "T": 4.0}


def made(item: Row, demand: tuple[float, ...] = (10, 10, 10), capacity: float = 10, **more: Any) -> Any:
    """R sells at 2 in week 0, S at 3 in weeks 0 and 1, T at 4 always; each at most 10 a week. On hand 1, lost 100."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    source = [
        {"supplier": s, "unit_cost": cost, "lead_time": 0, "maximum_quantity": capacity, "valid_to": valid}
        for (s, cost), valid in zip(PRICES.items(), (0, 1, None), strict=True)
    ]
    tables = {"items": [PLAIN | item], "suppliers": [{"supplier": s} for s in PRICES], "sourcing": source}
    return instance(periods=len(demand), **{**tables, "demand": lines, **more})


def cost(item: Row, **more: Any) -> float:
    return solved(made(item, **more)).objective


def test_without_limits_nothing_is_added() -> None:
    plan = solved(made({}))
    # Each at its cheapest: R for week 0, S for week 1, S in week 0 or T for week 2: T at 4, or S at 3 + 2.
    assert plan.objective == pytest.approx(20 + 30 + 40)
    assert (plan.columns("buys"), plan.columns("uses"), plan.rows("bought_from")) == (0, 0, 0)
    assert solved(made({"minimum_suppliers": 1})).columns("buys") == 0


def allowed(suppliers: tuple[str, ...]) -> float:
    """The optimum if only these suppliers were there."""
    one = made({})
    rows = one["sourcing"]
    source = [
        {"supplier": s, "unit_cost": rows["unit_cost"][k], "lead_time": 0, "maximum_quantity": 10, "valid_to": valid}
        for k, (s, valid) in enumerate(zip(PRICES, (0, 1, None), strict=True))
        if s in suppliers
    ]
    return cost({}, sourcing=source)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_at_most_so_many_suppliers_is_the_best_choice_of_so_many(most: int) -> None:
    # By enumeration of who is left: T alone 120; R and T 20 + 40 + 40; S and T 30 + 30 + 40; R and S 20 + 30 + 50.
    best = min(allowed(chosen) for chosen in combinations(PRICES, most))
    assert best == pytest.approx({1: 120, 2: 100, 3: 90}[most])
    assert cost({"maximum_suppliers": most}) == pytest.approx(best)
    assert cost({}, settings={"sourcing.maximum_suppliers": most}) == pytest.approx(best)


def test_at_most_none_orders_nothing() -> None:
    assert cost({"maximum_suppliers": 0}) == pytest.approx(3000)


def test_at_least_so_many_suppliers_each_with_enough() -> None:
    # One week, 10 wanted: R alone 20. With two, S gets one unit at 3; with three, T one at 4, too.
    week: dict[str, Any] = {"demand": (10,)}
    assert cost({}, **week) == pytest.approx(20)
    assert cost({"minimum_suppliers": 2}, **week) == pytest.approx(18 + 3)
    assert cost({"minimum_suppliers": 3}, **week) == pytest.approx(16 + 3 + 4)
    assert cost({"minimum_suppliers": 2, "supplier_quantity": 4}, **week) == pytest.approx(12 + 12)
    # 6 each, 2 more than are wanted: 12 + 18, and 2 on hand. Or nothing at all: 1000.
    assert cost({"minimum_suppliers": 2, "supplier_quantity": 6}, **week) == pytest.approx(32)


def test_nothing_need_be_ordered_for_the_sake_of_a_number() -> None:
    assert cost({"minimum_suppliers": 3}, demand=(0,), inventory=[{"on_hand": 5}]) == pytest.approx(5)


def test_all_suppliers_are_counted_over_all_items() -> None:
    items = [PLAIN | {"item": item} for item in "AB"]
    source = [
        {"item": item, "supplier": s, "unit_cost": unit, "lead_time": 0}
        for item, s, unit in (("A", "R", 2), ("A", "T", 4), ("B", "S", 3), ("B", "T", 4))
    ]
    more: dict[str, Any] = {
        "items": items,
        "sourcing": source,
        "suppliers": [{"supplier": s} for s in PRICES],
        "demand": [{"item": item, "due": 0, "quantity": 10} for item in "AB"],
    }
    costs = [solved(instance(**more, settings={"sourcing.maximum_suppliers": n})).objective for n in (1, 2, 3)]
    # T alone has both: 80. R and S: 50.
    assert costs == pytest.approx([80, 50, 50])


def test_the_limit_is_there_though_a_piece_of_the_items_keeps_it() -> None:
    one = made(
        {}, settings={"sourcing.maximum_suppliers": 2}, sourcing=[{"supplier": "T", "unit_cost": 4, "lead_time": 0}]
    )
    assert solved(one).rows("most_used") == 1
    assert solved(made({}, settings={"sourcing.maximum_suppliers": 3})).rows("most_used") == 0


@pytest.mark.parametrize("freer", [{"maximum_suppliers": 3}, {"minimum_suppliers": 1}, {"supplier_quantity": 1}])
def test_relaxing_never_costs_more(freer: Row) -> None:
    strict = {"maximum_suppliers": 2, "minimum_suppliers": 2, "supplier_quantity": 12}
    assert cost(strict | freer) <= cost(strict) + 1e-6


@pytest.mark.parametrize("item", [{"maximum_suppliers": 2}, {"minimum_suppliers": 3, "supplier_quantity": 7}])
def test_other_formulations_have_the_same_optimum(item: Row) -> None:
    one = made(item, demand=(7, 13, 4))
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)
    assert optimum(one, (*parts(), WantsMore()))[0] == pytest.approx(solved(one).objective)


def test_numbers_that_cannot_be_are_told() -> None:
    reversed_limits = made({"minimum_suppliers": 3, "maximum_suppliers": 2})
    assert places(found("supplier_counts", reversed_limits)) == [
        ("maximum below minimum", "items", 0, "minimum_suppliers")
    ]
    (finding,) = found("supplier_counts", made({"minimum_suppliers": 4}))
    assert finding.rule == "too few suppliers" and "only 3 of the suppliers sell A" in finding.message
    shares = [{"supplier": s, "unit_cost": 2, "lead_time": 0, "share_min": 0.25} for s in PRICES]
    (finding,) = found("supplier_counts", made({"maximum_suppliers": 2}, sourcing=shares))
    assert finding.rule == "too many suppliers" and "R, S and T each have a share_min" in finding.message


def test_orders_that_are_fixed_with_too_many_suppliers_are_a_contradiction_that_is_told() -> None:
    fixed = [{"supplier": s, "period": 0, "quantity": 5} for s in "RS"]
    (finding,) = found("supplier_counts", made({"maximum_suppliers": 1}, overrides=fixed))
    assert "R and S each have an order that overrides fixes" in finding.message
    (finding,) = found("supplier_counts", made({}, overrides=fixed, settings={"sourcing.maximum_suppliers": 1}))
    assert "overrides fix orders with R and S" in finding.message and "allows 1" in finding.message
    assert found("supplier_counts", made({"maximum_suppliers": 2}, overrides=fixed)) == []
