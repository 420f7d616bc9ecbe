"""Cover, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, instance, solved

BESIDE = {"inventory": [{"item": "nut", "maximum_cover": 1.5}, {"item": "rod", "maximum_cover": 1, "cover_cost": 2}]}


def made(cover: Row, **more: Any) -> Any:
    """30 on hand; 4, 6 and 10 are wanted in weeks 1, 2 and 3; a unit on hand costs 1."""
    tables: dict[str, Any] = {"demand": [{"due": t, "quantity": q} for t, q in ((1, 4), (2, 6), (3, 10))]}
    return instance(periods=4, **{**tables, "inventory": [{"on_hand": 30} | cover], **more})


def above(cover: Row, **more: Any) -> dict[int, float]:
    """What is too much, by period."""
    values = solved(made(cover, **more)).values.get("above_cover", {})
    return {t: value for (_, _, t), value in values.items()}


def test_stock_above_the_demand_to_come() -> None:
    # 30, 26, 20 at the ends of weeks 0 to 2; the next week asks for 4, 6, 10; what follows week 3 is not known.
    assert above({"maximum_cover": 1}) == {0: 26, 1: 20, 2: 10}
    # Two weeks: 10 and 16; one and a half: 4 + 3 and 6 + 5.
    assert above({"maximum_cover": 2}) == {0: 20, 1: 10}
    assert above({"maximum_cover": 1.5}) == {0: 23, 1: 15}
    assert above({"maximum_cover": 0}) == {0: 30, 1: 26, 2: 20, 3: 10}
    assert above({"maximum_cover": 9}) == above({}) == {}


def test_its_cost_and_the_default_of_it() -> None:
    # 86 on hand in all, 56 too much: at 4, and at 0.5.
    assert solved(made({"maximum_cover": 1})).objective == pytest.approx(86 + 224)
    assert solved(made({"maximum_cover": 1, "cover_cost": 0.5})).objective == pytest.approx(86 + 28)


def test_buying_ahead_is_put_off() -> None:
    # An order costs 10, holding 0.1.
    items = [PLAIN | {"holding_cost": 0.1}]
    sourcing = [{"unit_cost": 2, "lead_time": 0, "order_cost": 10}]
    free = {"items": items, "sourcing": sourcing}
    # 20 bought in week 1; 16 and 10 on hand: 40 + 10 + 2.6.
    assert solved(made({"on_hand": 0}, **free)).objective == pytest.approx(52.6)
    # At 5 a unit above a week's cover: 16 - 6 in week 1; instead 10 in week 1 and 10 in week 3, or 4 and 16: 20 + 0.6.
    assert solved(made({"on_hand": 0, "maximum_cover": 1, "cover_cost": 5}, **free)).objective == pytest.approx(60.6)


def test_demand_of_its_own_location_and_of_any() -> None:
    case = {
        "inventory": [{"location": "east", "on_hand": 30, "maximum_cover": 1}, {"location": "west"}],
        "demand": [
            {"due": 1, "quantity": 4}, {"due": 1, "quantity": 3, "location": "east"},
            {"due": 1, "quantity": 8, "location": "west"},
        ],
    }  # fmt: skip
    values = solved(made({}, **case)).values["above_cover"]
    assert values["A", "east", 0] == 30 - 7


@pytest.mark.parametrize("cheaper", [{"maximum_cover": 2}, {"cover_cost": 1}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    cover = {"maximum_cover": 1}
    assert solved(made(cover | cheaper)).objective <= solved(made(cover)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    case = made({"maximum_cover": 1}, sourcing=[{"unit_cost": 2, "lead_time": 0, "order_cost": 10}])
    assert solved(case, parts()).objective == pytest.approx(solved(case).objective)
