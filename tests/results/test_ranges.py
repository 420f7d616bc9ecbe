"""Ranges of coefficients: told above a million, in the planner's words."""

import pytest

from models.assemble import derive
from models.parts import plain
from optimizer.compile import compile_book
from optimizer.results.ranges import range_warnings, width
from tests.models.solved import instance


def told(use: float) -> list[str]:
    """What is told of ten units due in week 1, each of which uses so much of its supplier's capacity."""
    made = instance(
        sourcing=[{"unit_cost": 2, "lead_time": 1, "capacity_use": use, "maximum_quantity": 50}],
        supplier_capacity=[{"period": 0, "capacity": 5}],
        demand=[{"due": 1, "quantity": 10}],
    )
    book = derive(made, plain())
    compiled = compile_book(made, book, plain())
    assert width(compiled.program) >= 1
    return range_warnings(made, book, compiled)


@pytest.mark.parametrize("use", [0.01, 1, 100])
def test_what_is_of_a_like_size_is_not_told(use: float) -> None:
    assert told(use) == []


def test_a_figure_that_is_far_too_small_is_named() -> None:
    (text,) = told(1e-9)
    assert "range over" in text
    assert "1e-09 in 'supplier capacity' of supplier 'S', 2026-" in text
