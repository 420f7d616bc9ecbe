"""What was bought before, by hand."""

from typing import Any

import pytest

from tests.models.solved import Row, instance, solved

BESIDE = {
    "bought_before": [{"item": "nut", "supplier": "ACME", "quantity": 400}],
    "sourcing": [{"item": "nut", "supplier": "ACME", "unit_cost": 2, "lead_time": 1, "share_max": 0.75}],
}


def made(least: float, most: float, *before: Row, **more: Any) -> Any:
    """100 wanted; S sells at 2, Z at 3 with a share from `least` to `most`."""
    tables: dict[str, Any] = {
        "suppliers": [{"supplier": "S"}, {"supplier": "Z"}],
        "sourcing": [
            {"supplier": "S", "unit_cost": 2, "lead_time": 0},
            {"supplier": "Z", "unit_cost": 3, "lead_time": 0, "share_min": least, "share_max": most},
        ],
        "demand": [{"due": 0, "quantity": 100}],
    }
    return instance(periods=1, **{**tables, "bought_before": before, **more})


def split(*of: Any, **more: Any) -> dict[str, float]:
    """Ordered by supplier."""
    return {s: quantity for (_, s, _, _), quantity in solved(made(*of, **more)).values["order"].items()}


def before(supplier: str, quantity: float) -> Row:
    return {"supplier": supplier, "quantity": quantity}


def test_without_it_the_share_is_of_what_is_new() -> None:
    assert split(0.3, 1) == pytest.approx({"S": 70, "Z": 30})


def test_what_was_bought_counts() -> None:
    # 0.3 of 200 is 60: Z had 40, so 20 more. Or it had 60 already, and nothing more is due to it.
    assert split(0.3, 1, before("S", 60), before("Z", 40)) == pytest.approx({"S": 80, "Z": 20})
    assert split(0.3, 1, before("S", 40), before("Z", 60)) == pytest.approx({"S": 100})


def test_who_is_behind_catches_up() -> None:
    # 0.3 of 250 is 75: Z has none of the 150 yet, and gets 75 of 100.
    assert split(0.3, 1, before("S", 150)) == pytest.approx({"S": 25, "Z": 75})


def test_what_cannot_be_caught_up_with_now_is_left_for_later() -> None:
    # 0.3 of 1,100 is 330, more than is wanted: Z gets all 100, at 3; buying 330 and more would cost more.
    plan = solved(made(0.3, 1, before("S", 1000)))
    assert plan.objective == pytest.approx(300)
    assert plan.values["catch_up"] == {("A", "Z", ""): 1}


def test_nothing_must_be_ordered_for_the_sake_of_a_share() -> None:
    assert solved(made(0.3, 1, before("S", 1000), demand=[])).objective == 0


def test_who_is_ahead_waits() -> None:
    cheap = [{"supplier": "S", "unit_cost": 4, "lead_time": 0}]
    # Z is the cheaper one now. 0.3 of 200 is 60: it had 40; or 80, and gets nothing.
    for had, expected in ((40.0, {"S": 80, "Z": 20}), (80.0, {"S": 100})):
        sourcing = [*cheap, {"supplier": "Z", "unit_cost": 3, "lead_time": 0, "share_max": 0.3}]
        bought = [before("S", 100 - had), before("Z", had)]
        assert split(0, 0.3, sourcing=sourcing, bought_before=bought) == pytest.approx(expected)


def test_two_that_are_behind_share_what_is_new() -> None:
    sourcing = [
        {"supplier": "S", "unit_cost": 2, "lead_time": 0},
        *({"supplier": s, "unit_cost": c, "lead_time": 0, "share_min": 0.3} for s, c in (("Y", 3), ("Z", 4))),
    ]
    suppliers = [{"supplier": s} for s in "SYZ"]
    found_split = split(0, 1, sourcing=sourcing, suppliers=suppliers, bought_before=[before("S", 1000)])
    # S had everything: Y and Z get all, Z its share of it and Y, the cheaper one, the rest.
    assert found_split == pytest.approx({"Y": 70, "Z": 30})


def test_other_locations_do_not_count_at_one() -> None:
    both: dict[str, Any] = {
        "locations": [{"location": "east"}, {"location": "west"}],
        "sourcing": [
            {"supplier": "S", "unit_cost": 2, "lead_time": 0},
            {"supplier": "Z", "unit_cost": 3, "lead_time": 0, "location": "east", "share_min": 0.5},
        ],
        "demand": [{"due": 0, "quantity": 100, "location": "east"}],
    }
    west, east = before("Z", 100) | {"location": "west"}, before("Z", 100) | {"location": "east"}
    assert split(0, 1, **both, bought_before=[west]) == pytest.approx({"S": 50, "Z": 50})
    assert split(0, 1, **both, bought_before=[east]) == pytest.approx({"S": 100})


@pytest.mark.parametrize("looser", [0.2, 0.1, 0.0])
def test_a_smaller_share_never_costs_more(looser: float) -> None:
    bought = (before("S", 150), before("Z", 10))
    assert solved(made(looser, 1, *bought)).objective <= solved(made(0.3, 1, *bought)).objective + 1e-6


def test_what_no_share_asks_for_has_no_effect() -> None:
    plan = solved(made(0, 1, before("S", 150)))
    assert plan.columns("catch_up") == plan.columns("paused") == 0 and plan.objective == pytest.approx(200)
