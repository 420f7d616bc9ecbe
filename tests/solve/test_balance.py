"""Balance: other units, the same program; and optima that follow the planner's units."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from optimizer.solve.balance import balanced
from optimizer.solve.events import Progress
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import SHARED, Program
from tests.solve.programs import lots


def rescaled(program: Program, factor: float) -> Program:
    """The same program with what is not a whole number counted in units of 1/factor: rows have limits × factor."""
    unit = np.where(program.integer, 1.0, 1.0 / factor)
    matrix = program.matrix.copy()
    matrix.data = matrix.data * np.repeat(unit, np.diff(matrix.indptr)) * factor
    return replace(
        program,
        matrix=matrix,
        cost=program.cost * unit,
        row_lower=program.row_lower * factor,
        row_upper=program.row_upper * factor,
        lower=program.lower / unit,
        upper=program.upper / unit,
    )


def test_a_total_of_large_amounts_is_counted_in_a_larger_unit() -> None:
    # total - 2e10 x = 0 with x in [3, 4]: a row in units of 2e10 would leave 5e-11 of the total, which HiGHS drops.
    program = Program(
        cost=np.array([0.0, 1.0]), offset=0.0, matrix=sp.csc_array(np.array([[-2e10, 1.0], [1.0, 0.0]])),
        row_lower=np.array([0.0, 3.0]), row_upper=np.array([0.0, 4.0]), lower=np.zeros(2), upper=np.full(2, np.inf),
        integer=np.zeros(2, dtype=np.bool_), block=np.array([0, SHARED]), late=np.zeros(2, dtype=np.bool_),
    )  # fmt: skip
    inside = balanced(program)
    assert np.abs(inside.program.matrix.data).min() > 0.1
    answer = solve(inside.program, Limits(10))
    assert answer.x is not None
    assert inside.point(answer.x) == pytest.approx([3, 6e10])


def test_the_way_back_gives_the_same_cost_and_keeps_every_rule() -> None:
    program = lots(8, 3, seed=1).program
    inside = balanced(program)
    answer = solve(inside.program, Limits(300))
    assert answer.x is not None
    point = inside.point(answer.x)
    assert program.objective(point) == pytest.approx(inside.program.objective(answer.x) * inside.money)
    assert program.relative_violation(point) < 1e-6
    assert np.array_equal(point[program.integer], answer.x[program.integer])


def test_factors_are_powers_of_two() -> None:
    inside = balanced(rescaled(lots(8, 3, seed=1).program, 1e6))
    for factors in (inside.unit, np.array([inside.money])):
        assert np.array_equal(np.log2(factors), np.round(np.log2(factors)))
    assert (inside.unit > 1e3).any()


@pytest.mark.parametrize("factor", [1e6, 1e9, 1e-4])
def test_the_optimum_does_not_depend_on_the_unit_of_quantities(factor: float) -> None:
    program = lots(8, 3, seed=1).program
    expected = solve(program, Limits(300)).bound
    inside = balanced(rescaled(program, factor))
    assert solve(inside.program, Limits(300)).bound * inside.money == pytest.approx(expected, rel=1e-6)


def test_events_are_told_in_the_planners_money() -> None:
    inside = replace(balanced(lots(4, 1, seed=1).program), money=8.0)
    told = inside.progress(Progress(1.0, 2.0, None, "testing"))
    assert told == Progress(1.0, 16.0, None, "testing")


def test_millions_in_packs_of_one_beside_a_shared_budget_are_not_far_apart() -> None:
    # x = 1 n, stock s = 2e6 - x, and a budget of x + 40 z <= 3e6, z <= 5: n is whole, so that its unit stays 1.
    matrix = np.array([[1.0, -1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 40.0], [0.0, 0.0, 0.0, 1.0]])
    program = Program(
        cost=np.array([1.0, 0.0, 3.0, -1.0]), offset=0.0, matrix=sp.csc_array(matrix),
        row_lower=np.array([0.0, 2e6, -np.inf, -np.inf]), row_upper=np.array([0.0, 2e6, 3e6, 5.0]),
        lower=np.zeros(4), upper=np.full(4, np.inf), integer=np.array([False, True, False, False]),
        block=np.array([0, 0, 0, 1]), late=np.zeros(4, dtype=np.bool_),
    )  # fmt: skip
    inside = balanced(program)
    sizes = np.abs(inside.program.matrix.data)
    assert sizes.max() / sizes.min() < 1e4  # 2e6 / 2e-5 by limits alone
    answer = solve(inside.program, Limits(10))
    assert answer.x is not None
    assert inside.point(answer.x) == pytest.approx([2e6, 2e6, 0, 5])


def test_a_program_without_limits_or_costs_has_units() -> None:
    program = lots(4, 1, seed=1).program
    nothing = replace(program, cost=np.zeros(program.columns), row_lower=np.full(program.rows, -np.inf),
                      row_upper=np.full(program.rows, np.inf))  # fmt: skip
    inside = balanced(nothing)
    assert inside.money == 1.0
    assert np.array_equal(np.log2(inside.unit), np.round(np.log2(inside.unit)))
