"""Quotas, by hand."""

from typing import Any

import pytest

from models.parts import parts
from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, day, found, instance, places, solved

BESIDE = {
    "quotas": [
        {"customer": "shop", "item": "nut", "valid_to": day(1), "maximum_quantity": 15},
        {"customer": "shop", "item": "rod", "minimum_share": 0.5},
        {"customer": "shop", "minimum_quantity": 4, "maximum_share": 0.9, "cost": 3},
    ]
}
TWO = [{"customer": "C"}, {"customer": "D", "weight": 2}]


def made(*quotas: Any, stock: float = 10, **more: Any) -> Any:
    """10 on hand; C and D want 10 each in week 0, and D weighs twice as much. Nothing can be bought."""
    tables: dict[str, Any] = {
        "customers": TWO,
        "inventory": [{"on_hand": stock}],
        "demand": [{"due": 0, "quantity": 10}, {"customer": "D", "due": 0, "quantity": 10}],
        "quotas": quotas,
    }
    return instance(periods=3, **{**tables, **more})


def given(*quotas: Any, **more: Any) -> dict[tuple[int, int], float]:
    """Quantity by demand line and period."""
    values = solved(made(*quotas, **more)).values["deliver"]
    return {(d, t): quantity for (d, _, t), quantity in values.items()}


def test_without_a_quota_stock_goes_where_it_is_worth_most() -> None:
    assert given() == {(1, 0): 10}


def test_a_customer_gets_no_less_and_no_more() -> None:
    assert given({"minimum_quantity": 3}) == {(0, 0): 3, (1, 0): 7}
    assert given({"customer": "D", "maximum_quantity": 4}) == {(0, 0): 6, (1, 0): 4}
    assert given({"customer": "D", "maximum_share": 0.8}) == {(0, 0): 2, (1, 0): 8}
    assert given({"minimum_share": 0.25, "item": "A"}) == {(0, 0): 2.5, (1, 0): 7.5}


def test_only_deliveries_of_the_window_count() -> None:
    # D gets 4 in weeks 0 and 1; the other 6 wait until week 2, at 2 × 2 × 3 each, and a week on stock twice: 72 + 12.
    # Losing C's and delivering D's is still worth it.
    quota = {"customer": "D", "valid_from": day(0, 3), "valid_to": day(1, 6), "maximum_quantity": 4}
    plan = solved(made(quota, items=[PLAIN | {"shortage_cost": 1000}], customers=[{"customer": "C", "weight": 0.001},
                                                                                  TWO[1]]))  # fmt: skip
    got = {(d, t): quantity for (d, _, t), quantity in plan.values["deliver"].items()}
    assert got == {(1, 0): 4, (1, 2): 6}
    assert plan.objective == pytest.approx(6 * 2 * 2 * 3 + 6 * 2 + 10 * 0.001 * 1000)


def test_a_share_is_of_the_item_alone_or_of_all() -> None:
    items = [PLAIN, PLAIN | {"item": "B"}]
    tables: dict[str, Any] = {
        "items": items,
        "inventory": [{"on_hand": 10}, {"item": "B", "on_hand": 30}],
        "demand": [
            {"item": "A", "due": 0, "quantity": 10},
            {"item": "A", "customer": "D", "due": 0, "quantity": 10},
            {"item": "B", "customer": "D", "due": 0, "quantity": 30},
        ],
    }
    assert given({"item": "A", "minimum_share": 0.5}, **tables) == {(0, 0): 5, (1, 0): 5, (2, 0): 30}
    assert given({"minimum_share": 0.2}, **tables) == {(0, 0): 8, (1, 0): 2, (2, 0): 30}


def test_a_quota_with_a_cost_is_kept_where_that_pays() -> None:
    # A unit taken from D costs 100 more than it saves.
    paid = solved(made({"minimum_quantity": 3, "cost": 99}))
    assert paid.amounts["quota"] == pytest.approx(297)
    assert given({"minimum_quantity": 3, "cost": 101}) == {(0, 0): 3, (1, 0): 7}


@pytest.mark.parametrize("looser", [{"minimum_quantity": 3}, {"maximum_share": 0.9}, {"cost": 50}])
def test_relaxing_never_costs_more(looser: dict[str, float]) -> None:
    tight = {"minimum_quantity": 4, "maximum_share": 0.5}
    assert solved(made(tight | looser)).objective <= solved(made(tight)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 30}]
    for quota in ({"minimum_share": 0.4}, {"customer": "D", "valid_to": day(0), "maximum_quantity": 1}):
        one = made(quota, stock=6, sourcing=source)
        assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


def test_nothing_is_there_without_a_quota() -> None:
    assert solved(made()).rows("quota") == solved(made()).columns("off_quota") == 0


def test_quotas_that_say_nothing_or_too_much_are_told() -> None:
    assert places(found("quotas", made({}))) == [("quota of nothing", "quotas", 0, "minimum_quantity")]
    assert places(found("quotas", made({"minimum_share": 0.5, "maximum_share": 0.4}))) == [
        ("maximum below minimum", "quotas", 0, "minimum_share")
    ]
    assert places(found("quotas", made({"minimum_share": 0.6}, {"customer": "D", "minimum_share": 0.5}))) == [
        ("shares of more than all", "quotas", 1, "minimum_share")
    ]
    assert found("quotas", made({"minimum_share": 0.6}, {"customer": "D", "minimum_share": 0.4})) == []


def test_what_cannot_be_kept_is_told() -> None:
    (told,) = contradictions(made({"minimum_quantity": 12}), 600)
    assert told.message.startswith("what C gets: a minimum quantity of 12 cannot be kept") and "2 are missing" in (
        told.message
    )
    both = made({"item": "A", "maximum_quantity": 4}, fill_rates=[{"customer": "C", "minimum_fill_rate": 0.5}])
    sides = contradictions(both, 600)
    assert {(side.table, side.column) for side in sides} == {
        ("quotas", "maximum_quantity"), ("fill_rates", "minimum_fill_rate")
    }  # fmt: skip


def test_what_a_customer_gets_instead_counts() -> None:
    # 4 A and 9 B; C and D want 10 A each. D, whose loss costs more, gets all of it unless C must have 30%.
    instead: dict[str, Any] = {
        "items": [PLAIN | {"item": name, "holding_cost": 0} for name in "AB"],
        "inventory": [{"item": "A", "on_hand": 4}, {"item": "B", "on_hand": 9}],
        "substitutes": [{"item": "A", "substitute": "B"}],
    }
    quota = {"item": "A", "minimum_share": 0.3}
    assert solved(made(**instead)).objective == pytest.approx(7 * 100)
    # 3.9 of 13 are C's: 6.1 of C and 0.9 of D... 10 - 3.9 = 6.1 lost by C, 10 - 9.1 = 0.9 by D at 200.
    assert solved(made(quota, **instead)).objective == pytest.approx(6.1 * 100 + 0.9 * 200)


def test_of_what_nobody_can_get_a_quota_is_kept_or_told() -> None:
    nothing: dict[str, Any] = {"lanes": [{"customer": "D"}]}
    assert solved(made({"maximum_quantity": 3}, **nothing)).objective == pytest.approx(1000)
    assert solved(made({"minimum_quantity": 3, "cost": 5}, **nothing)).objective == pytest.approx(1000 + 15)
    (told,) = contradictions(made({"minimum_quantity": 3}, **nothing), 600)
    assert (told.table, told.row, told.column) == ("quotas", 0, "minimum_quantity")
