"""Whole packs, solved by hand."""

import pytest

from models.instance import Instance
from tests.models.solved import Row, instance, orders, solved


def seven(multiple: float | None, whole_packs: int | None = None, due: int = 0, **row: object) -> Instance:
    """Seven units from a supplier who delivers at once."""
    rows: list[Row] = [{"unit_cost": 2, "lead_time": 0, "multiple": multiple, **row}]
    return instance(
        periods=2,
        sourcing=rows,
        demand=[{"due": due, "quantity": 7, "max_delay": 0}],
        settings={"horizon.whole_packs": whole_packs},
    )


def test_an_order_is_a_whole_number_of_packs() -> None:
    plan = solved(seven(3))
    # Three packs: 18, and two units are left for two weeks; two packs would leave one short (12 + 100).
    assert plan.values["packs"] == {("A", "S", "main", 0): 3}
    assert plan.objective == pytest.approx(18 + 2 * 2)


def test_a_pack_may_be_a_fraction() -> None:
    # 5 × 1.5 = 10 × 0.75 = 7.5: half a unit is left for two weeks.
    assert solved(seven(1.5)).objective == pytest.approx(15 + 0.5 * 2)
    assert solved(seven(0.75)).objective == pytest.approx(15 + 0.5 * 2)


def test_without_a_multiple_anything_can_be_ordered() -> None:
    plan = solved(seven(None))
    assert plan.objective == pytest.approx(14)
    assert plan.columns("packs") == 0


@pytest.mark.parametrize(
    ("due", "whole_packs", "cost"),
    [
        (0, 1, 18 + 4),
        (1, 1, 14),  # ordered in week 1, whose packs may be fractional
        (1, 2, 18 + 2),  # two units are left for a week
        (0, 0, 14),
        (1, 99, 18 + 2),
        (1, None, 18 + 2),  # all
    ],
)
def test_packs_are_whole_in_the_first_weeks_only(due: int, whole_packs: int | None, cost: float) -> None:
    assert solved(seven(3, whole_packs, due)).objective == pytest.approx(cost)


def test_a_minimum_is_rounded_up_to_packs_where_they_are_whole() -> None:
    limits = orders(seven(3, whole_packs=1, due=1, minimum_quantity=4))
    # Week 0: 4 → 6, and 7 → 9 at most; week 1: as stated.
    assert limits == {("A", "S", "main", 0): (6, 9), ("A", "S", "main", 1): (4, 7)}


def test_order_weeks_count_and_not_those_of_arrival() -> None:
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 2, "multiple": 3}],
        demand=[{"due": 2, "quantity": 7}],
        settings={"horizon.whole_packs": 1},
    )
    assert orders(made)["A", "S", "main", 0][0] == 3
    assert orders(made)["A", "S", "main", 1][0] == 0
