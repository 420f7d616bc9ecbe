"""Fairness: the frontier of the example in docs/rules/fair-shares.md, worked out by hand."""

import pytest

from optimizer.read import Input, read
from optimizer.tune.fairness import Fairness, rates, with_floor, worst
from optimizer.tune.refused import TuneRefused
from tests.results.frames import frames
from tests.tune.breaking_even import instance, run


def scarce() -> Input:
    """9 on hand, nothing can be bought. C wants 12; D, who weighs twice as much, 6; a lost unit costs 100."""
    tables = {
        "items": {"item": ["A"], "holding_cost": ["0"], "shortage_cost": ["100"], "ending_value": ["0"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["9"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["9"]},
        "customers": {"customer": ["C", "D"], "weight": ["1", "2"]},
        "demand": {
            "item": ["A", "A"], "customer": ["C", "D"], "due": ["2026-11-23"] * 2, "quantity": ["12", "6"],
        },
    }  # fmt: skip
    return read(frames(tables), settings={"name": "scarce", "start": "2026-11-23", "periods": 2})


def test_the_frontier_of_the_example() -> None:
    result = Fairness(scarce(), run(), 5).solve()
    # D gets 6 and C 3 of 12: 900. A floor f gives C 12 f and D 9 - 12 f: 100 (12 - 12 f) + 200 (12 f - 3)
    # = 600 + 1200 f, until both have half: 1200.
    floors = result.points["floor"].tolist()
    assert floors[0] == pytest.approx(0.25)
    assert floors[-1] == pytest.approx(0.5, abs=0.002)
    assert result.points["cost"].tolist() == pytest.approx([600 + 1200 * floor for floor in floors])
    assert result.points["worst_fill_rate"].tolist() == pytest.approx(floors)
    assert result.points["bound"].tolist() == pytest.approx(result.points["cost"].tolist())
    assert result.points["own"].tolist() == [1, 0, 0, 0, 0]
    assert result.chosen is None  # a straight line has no knee
    assert "25.0%" in result.sentences[0]


def test_a_floor_leaves_higher_ones_as_they_are() -> None:
    source = scarce()
    assert with_floor(source, 0.3).text["customers"]["minimum_fill_rate"] == ["0.3", "0.3"]
    again = with_floor(with_floor(source, 0.3), 0.2)
    assert again.text["customers"]["minimum_fill_rate"] == ["0.3", "0.3"]


def test_rates_count_what_is_never_delivered() -> None:
    found = Fairness(scarce(), run(), 2)
    result = found.solve()
    assert result.plan is None
    first = found._solved(0.0, scarce(), None, 2)
    assert first is not None
    assert rates(first.source, first.plan).tolist() == pytest.approx([0.25, 1.0])
    assert worst(first.source, first.plan) == pytest.approx(0.25)


def test_one_customer_is_nothing_to_be_fair_to() -> None:
    with pytest.raises(TuneRefused, match="has one"):
        Fairness(instance(), run(), 3).solve()


def test_what_is_stopped_has_the_floors_that_are_there() -> None:
    one = Fairness(scarce(), run(stop=lambda: one._solves > 2), 5)
    result = one.solve()
    assert 1 <= len(result.points) < 5
    assert "cut off" in result.sentences[-1]
