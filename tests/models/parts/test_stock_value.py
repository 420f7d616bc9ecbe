"""Stock value, by hand."""

from typing import Any

import pytest

from models.parts import parts
from tests.models.solved import PLAIN, Row, day, instance, solved

BESIDE = {
    "value_limits": [
        {"maximum_value": 20, "cost": 0.5},
        {"location": "main", "period": 1, "maximum_value": 9, "cost": 1},
    ]
}
LIMIT: Row = {"maximum_value": 100, "cost": 0.5}


def made(*rows: Row, **more: Any) -> Any:
    """10 A worth 8 and 10 B worth 4 on hand for three weeks, in the east and in the west."""
    items = [PLAIN | {"item": "A", "price": 8, "holding_cost": 0}, PLAIN | {"item": "B", "price": 4, "holding_cost": 0}]
    tables: dict[str, Any] = {
        "items": items,
        "inventory": [
            {"item": "A", "location": "east", "on_hand": 10}, {"item": "B", "location": "west", "on_hand": 10},
        ],
    }  # fmt: skip
    return instance(periods=3, **{**tables, "value_limits": rows, **more})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 0),
        ([LIMIT], 3 * 10),  # 80 + 40 are 20 above, at 0.5, for three weeks
        ([LIMIT | {"period": 1}], 10),
        ([LIMIT | {"period": day(1, 3)}, LIMIT], 40),  # each row is a limit
        ([LIMIT | {"location": "east", "maximum_value": 50}], 45),
        ([LIMIT | {"location": "west"}], 0),
        ([LIMIT | {"period": day(-1)}, LIMIT | {"period": day(3)}], 0),
    ],
)
def test_value_above_the_limit(rows: list[Row], expected: float) -> None:
    assert solved(made(*rows)).objective == pytest.approx(expected)


def test_what_ties_up_too_much_is_not_bought() -> None:
    # Both are wanted in week 2, and can be had in week 0 alone.
    case = {
        "inventory": [],
        "sourcing": [
            {"item": name, "unit_cost": cost, "lead_time": 0, "valid_to": 0} for name, cost in (("A", 8), ("B", 4))
        ],
        "demand": [{"item": name, "due": 2, "quantity": 10} for name in "AB"],
    }  # fmt: skip
    assert solved(made(**case)).objective == pytest.approx(120)
    # 40 too much at 30 a week and two weeks: 60 for each unit of money, 480 for an A that loses 100.
    plan = solved(made(LIMIT | {"maximum_value": 80, "cost": 30}, **case))
    assert plan.values["short"] == {0: 5}
    assert plan.objective == pytest.approx(80 + 500)


@pytest.mark.parametrize("cheaper", [{"maximum_value": 101}, {"cost": 0.4}, {"period": 1}])
def test_relaxing_never_costs_more(cheaper: Row) -> None:
    assert solved(made(LIMIT | cheaper)).objective <= solved(made(LIMIT)).objective + 1e-6


def test_the_tight_formulation_has_the_same_optimum() -> None:
    sourcing = [{"item": "A", "unit_cost": 8, "lead_time": 0, "order_cost": 50}]
    demand = [{"item": "A", "due": t, "quantity": 9} for t in range(3)]
    case = made(LIMIT | {"maximum_value": 10}, sourcing=sourcing, demand=demand)
    assert solved(case, parts()).objective == pytest.approx(solved(case).objective)
