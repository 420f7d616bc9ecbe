"""Refine: what a solver keeps to a tolerance is kept to the last digits; nothing else moves."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.solve.highs import Limits, solve
from optimizer.solve.refine import refined
from tests.solve.programs import compiled, program, random_input


def test_what_follows_from_the_others_follows_exactly() -> None:
    # stock = 1,000,000 bought - 999,960 delivered; the solver says 40.0003, which is within its tolerance of the flows.
    made = program(
        [1.0, 0.0, 1.0], [([1.0, 0.0, 0.0], 1e6, 1e6), ([1.0, -1.0, -1.0], 0.0, 0.0)], upper=[np.inf, 999_960.0, np.inf]
    )
    x = refined(made, np.array([1e6, 999_960.0, 40.0003]))
    assert x == pytest.approx([1e6, 999_960.0, 40.0], rel=1e-9)


def test_a_limit_that_is_just_broken_is_kept_and_whole_numbers_stay() -> None:
    # x <= 10 y with y = 1; of the two columns the continuous one moves.
    made = program([-1.0, 1.0], [([1.0, -10.0], -np.inf, 0.0)], upper=[50.0, 3.0], integer=[False, True])
    assert refined(made, np.array([10.000003, 1.0])).tolist() == pytest.approx([10.0, 1.0], rel=1e-12)


def test_a_limit_that_has_room_moves_nothing() -> None:
    made = program([1.0], [([1.0], 2.0, 9.0)], upper=[50.0])
    assert refined(made, np.array([4.0])).tolist() == [4.0]


def test_a_column_leaves_its_limit_where_nothing_else_can_move() -> None:
    # 10.00001 arrive, 10 are delivered, 0 are left by tolerance only, now and in the period after.
    rows = [([1.0, 0, 0, 0], 10.00001, 10.00001), ([1.0, -1.0, -1.0, 0], 0.0, 0.0), ([0, 0, 1.0, -1.0], 0.0, 0.0)]
    made = program([1.0, 0.0, 1.0, 1.0], rows, upper=[np.inf, 10.0, np.inf, np.inf])
    x = refined(replace(made, block=np.zeros(4, dtype=np.int64)), np.array([10.00001, 10.0, 0.0, 0.0]))
    assert x == pytest.approx([10.00001, 10.0, 0.00001, 0.00001], rel=1e-9)


def test_what_cannot_be_bettered_stays() -> None:
    """Both columns are at their limits, and the row is missed all the same."""
    made = program([1.0, 1.0], [([1.0, 1.0], 3.0, 3.0)], lower=[1.0, 2.0 + 1e-7], upper=[1.0, 2.0 + 1e-7])
    assert refined(made, np.array([1.0, 2.0 + 1e-7])).tolist() == [1.0, 2.0 + 1e-7]


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_a_plan_stays_a_plan_of_its_cost(seed: int) -> None:
    _, _, made = compiled(random_input(seed, "medium"))
    whole = made.program
    answer = solve(whole, Limits(20, gap=0.5))
    assert answer.x is not None
    noise = 1 + 1e-8 * np.random.default_rng(seed).standard_normal(whole.columns)
    rough = np.where(whole.integer, np.round(answer.x), np.clip(answer.x * noise, whole.lower, whole.upper))
    fine = refined(whole, rough)
    assert whole.relative_violation(fine) <= max(1e-12, whole.relative_violation(rough) / 100)
    assert fine[whole.integer].tolist() == rough[whole.integer].tolist()
    assert whole.objective(fine) == pytest.approx(whole.objective(rough), rel=1e-6)
