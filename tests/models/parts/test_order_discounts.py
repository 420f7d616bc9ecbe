"""Order discounts, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, found, instance, places, solved

BESIDE = {
    "order_discounts": [
        {"supplier": "ACME", "minimum_value": 60, "discount": 0.05},
        {"supplier": "BOLT", "minimum_value": 30, "discount": 0.02, "kind": "incremental"},
        {"supplier": "BOLT", "minimum_value": 50, "discount": 0.04, "kind": "incremental"},
    ]
}
TWENTY: Row = {"minimum_value": 20, "discount": 0.1}
FORTY: Row = {"minimum_value": 40, "discount": 0.25}


def made(*steps: Row, demand: tuple[float, ...] = (8,), kind: str = "all_units", **more: Any) -> Any:
    """A unit costs 2, a week on hand 1, a lost one 100; what is left is worth nothing."""
    lines = [{"due": t, "quantity": quantity} for t, quantity in enumerate(demand)]
    tables: dict[str, Any] = {"sourcing": [{"unit_cost": 2, "lead_time": 0}], "demand": lines}
    rows = [{"kind": kind, **row} for row in steps]
    return instance(periods=len(demand), **{**tables, "order_discounts": rows, **more})


@pytest.mark.parametrize(
    ("quantity", "all_units", "incremental"),
    [
        (8, 16, 16),
        (9.5, 20 * 0.9 + 0.5, 19),  # half a unit more than is wanted reaches the step, and is left over
        (12, 24 * 0.9, 24 - 0.1 * 4),
        (25, 50 * 0.75, 50 - 0.1 * 20 - 0.25 * 10),
    ],
)
def test_what_is_taken_off_an_order(quantity: float, all_units: float, incremental: float) -> None:
    assert solved(made(TWENTY, FORTY, demand=(quantity,))).objective == pytest.approx(all_units)
    assert solved(made(TWENTY, FORTY, demand=(quantity,), kind="incremental")).objective == pytest.approx(incremental)


def test_all_items_and_locations_count_together_and_periods_apart() -> None:
    two = [PLAIN | {"item": name} for name in "AB"]
    lines = [{"item": name, "due": 0, "quantity": 6} for name in "AB"]
    sold = [{"item": name, "unit_cost": 2, "lead_time": 0} for name in "AB"]
    # 12 + 12 reach the step together: 24 x 0.9. In two weeks they do not; moving 4 ahead costs more than 2 gain.
    together = instance(periods=1, items=two, sourcing=sold, demand=lines, order_discounts=[TWENTY])
    assert solved(together).objective == pytest.approx(21.6)
    assert solved(made(TWENTY, demand=(6, 6))).objective == pytest.approx(24)


def test_it_pays_to_order_for_two_weeks() -> None:
    # Week by week 36; at once 36 x 0.75 = 27, and 9 lie for a week: 36; with 12 and 6: 24 x 0.9 + 3 + 12 is more.
    # From 36 on at 0.3: 25.2 + 9.
    assert solved(made({"minimum_value": 36, "discount": 0.3}, demand=(9, 9))).objective == pytest.approx(34.2)


def test_price_breaks_come_first() -> None:
    # 12 at 1.5 are worth 18: below the step. 20 of value are 13.33 units: 18 and 1.33 left over.
    breaks = [{"minimum_quantity": 10, "unit_cost": 1.5}]
    assert solved(made(TWENTY, demand=(12,), price_breaks=breaks)).objective == pytest.approx(18)
    assert solved(made(TWENTY, demand=(16,), price_breaks=breaks)).objective == pytest.approx(24 * 0.9)


def test_value_limits_count_before_the_discount() -> None:
    # Worth 24, paid 21.6: as much as is asked for.
    suppliers = [{"minimum_order_value": 23}]
    assert solved(made(TWENTY, demand=(12,), suppliers=suppliers)).objective == pytest.approx(21.6)


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_the_tight_formulation_has_the_same_optimum(kind: str) -> None:
    source = [{"unit_cost": 2, "lead_time": 1, "order_cost": 3, "minimum_quantity": 4}]
    one = made(TWENTY, FORTY, demand=(3, 9, 4, 12), kind=kind, sourcing=source, suppliers=[{"order_cost": 2}])
    assert solved(one, parts()).objective == pytest.approx(solved(one).objective)


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_a_discount_never_costs_more(kind: str) -> None:
    costs = [solved(made(*steps, demand=(7, 9, 4), kind=kind)).objective for steps in ((), (TWENTY,), (TWENTY, FORTY))]
    assert costs == sorted(costs, reverse=True)


def test_without_discounts_there_is_nothing() -> None:
    plain = solved(made())
    assert plain.columns("worth") == plain.columns("reached") == plain.rows("discount_value") == 0


def test_faults_are_told() -> None:
    mixed = made(TWENTY, FORTY | {"kind": "incremental"})
    assert places(found("order_discounts", mixed)) == [("two kinds of discounts", "order_discounts", 1, "kind")]
    less = made(TWENTY, FORTY | {"discount": 0.05})
    assert places(found("order_discounts", less)) == [("discount that does not grow", "order_discounts", 1, "discount")]
    (finding,) = found("ending_value", made(TWENTY, items=[PLAIN | {"ending_value": 1.9}]))
    assert finding.message.startswith(
        "ending_value is above the item's lowest unit_cost, less the best discount of order_discounts (1.8)"
    )
    assert found("ending_value", made(TWENTY, items=[PLAIN | {"ending_value": 1.8}])) == []


def test_what_is_left_is_worth_what_it_may_have_cost() -> None:
    # 20 reach 40 at 0.75, which is 30; the 15 that are left of them are worth 1.5 each.
    default = PLAIN | {"ending_value": None, "holding_cost": 0}
    packs = [{"unit_cost": 2, "lead_time": 0, "multiple": 20}]
    assert solved(made(FORTY, demand=(5,), items=[default], sourcing=packs)).objective == pytest.approx(30 - 22.5)
