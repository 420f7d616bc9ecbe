"""Program: arithmetic on the arrays, parts of a program, the way to another process, and a bound for any program."""

from dataclasses import fields

import numpy as np
import pytest
import scipy.sparse as sp

from optimizer.solve.construct import nothing_ordered
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import Program, finite_bound
from tests.solve.programs import columns, compiled, lots, program, random_input, relaxed_point


@pytest.fixture
def two() -> Program:
    """2 x + 3 y + 4; x + y in [1, 5], x - y at most 2."""
    return program([2, 3], [([1, 1], 1, 5), ([1, -1], -np.inf, 2)], offset=4)


def test_cost_and_violation_of_a_point(two: Program) -> None:
    assert two.objective(np.array([1.0, 2.0])) == 2 + 6 + 4
    assert two.relative_violation(np.array([1.0, 2.0])) == 0
    # x + y = 8 is 3 above 5, of numbers that add up to 8; x - y = 8 is 6 above 2, of 8.
    assert two.relative_violation(np.array([8.0, 0.0])) == 6 / 8
    # Small numbers count as 1: x + y = 0.5 is 0.5 below 1.
    assert two.relative_violation(np.array([0.25, 0.25])) == 0.5


def test_a_program_without_rows_is_never_broken() -> None:
    assert program([1.0]).relative_violation(np.array([7.0])) == 0


def test_fixed_holds_columns_and_their_whole_numbers(two: Program) -> None:
    held = program([2, 3], integer=[True, True]).fixed(columns(two, 0), np.array([1.5, 9.0]))
    assert (held.lower.tolist(), held.upper.tolist()) == ([1.5, 0], [1.5, np.inf])
    assert held.integer.tolist() == [False, True]


@pytest.mark.parametrize("seed", range(5))
def test_the_rest_of_a_program_costs_and_breaks_what_the_whole_does(seed: int) -> None:
    whole = lots(3, 4, seed=seed, capacity=30).program
    at, free = relaxed_point(whole, seed), np.random.default_rng(seed).random(whole.columns) < 0.4
    part = whole.restricted(free, at)

    other = relaxed_point(whole, seed + 100)
    joined = np.where(free, other, at)
    assert part.objective(other[free]) == pytest.approx(whole.objective(joined))
    touched = np.unique(sp.csc_array(whole.matrix[:, free]).indices)
    assert part.rows == len(touched)
    activity = (whole.matrix @ joined)[touched]
    np.testing.assert_allclose(part.matrix @ other[free] - part.row_upper, activity - whole.row_upper[touched])
    assert (part.columns, part.block.tolist()) == (free.sum(), whole.block[free].tolist())


@pytest.mark.parametrize("seed", range(5))
def test_condensed_allows_the_same(seed: int) -> None:
    whole = lots(3, 4, seed=seed, capacity=30).program
    dice = np.random.default_rng(seed)
    free = dice.random(whole.columns) < 0.6
    nothing = nothing_ordered(whole, 5)
    assert nothing is not None
    part = whole.restricted(free, nothing)
    less = part.condensed
    assert less.rows == (np.diff(part.by_row.indptr) > 1).sum() < part.rows
    here = np.maximum(relaxed_point(whole, seed + 100)[free] + dice.choice([-0.5, 0.0, 0.5], part.columns), 0.0)
    keeps = [bool((one.violation(here, np.ones(one.rows, dtype=np.bool_))) <= 1e-9) for one in (part, less)]
    assert keeps[0] == keeps[1]
    best = [solve(one, Limits(20)) for one in (part, less)]
    assert [answer.ended for answer in best] == ["optimal", "optimal"]
    assert best[0].bound == pytest.approx(best[1].bound)


def test_limits_that_cross_by_rounding_are_one_value() -> None:
    # y <= w with y held just above 1, where w may be 1 at most; and far above it.
    made = program([0.0, 1.0], [([1.0, -1.0], -np.inf, 0.0)], upper=[2.0, 1.0])
    only_w = np.array([False, True])
    part = made.restricted(only_w, np.array([1.0 + 1e-9, 0.0])).condensed
    assert (part.rows, part.lower.tolist(), part.upper.tolist()) == (0, [1.0], [1.0])
    part = made.restricted(only_w, np.array([1.5, 0.0])).condensed
    assert (part.lower.tolist(), part.upper.tolist()) == ([1.5], [1.0])


def test_bytes_bring_back_every_array() -> None:
    before = lots(3, 4, capacity=30).program
    after = Program.from_bytes(before.to_bytes())
    for field in fields(Program):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if field.name == "matrix":
            assert one.shape == other.shape
            one, other = one.todense(), other.todense()
        np.testing.assert_array_equal(one, other, err_msg=field.name)
        assert np.asarray(one).dtype == np.asarray(other).dtype, field.name


def test_bytes_of_a_program_without_rows() -> None:
    after = Program.from_bytes(program([1.0, 2.0], offset=3).to_bytes())
    assert (after.rows, after.columns, after.offset) == (0, 2, 3)


def test_a_bound_where_stock_has_a_value_but_no_limit() -> None:
    # Stock is worth 1.5 and has no limit of its own, but 3 are there and at most 10 arrive: 3 + 10 is the most.
    # order, place, stock;  order <= 10 place;  stock = 3 + order
    made = program(
        [2, 5, -1.5], [([1, -10, 0], -np.inf, 0), ([-1, 0, 1], 3, 3)], upper=[np.inf, 1, np.inf],
        integer=[False, True, False],
    )  # fmt: skip
    assert finite_bound(made) == -1.5 * 13
    assert solve(made, Limits(300)).x is not None
    assert solve(made, Limits(300)).bound == pytest.approx(-1.5 * 3)  # nothing pays but what is there


def test_a_bound_through_many_periods() -> None:
    # stock_t = stock_{t-1} + order_t - out_t, 5 periods, order <= 2 each, the last stock is worth 1: at most 10.
    periods = 5
    rows = []
    for t in range(periods):
        row = np.zeros(3 * periods)
        row[[t, periods + t, 2 * periods + t]] = -1, 1, 1  # order, out, stock
        if t:
            row[2 * periods + t - 1] = -1
        rows.append((row.tolist(), 0.0, 0.0))
    cost = [0.0] * (3 * periods - 1) + [-1.0]
    made = program(cost, rows, upper=[2.0] * periods + [np.inf] * 2 * periods)
    assert finite_bound(made) == -10


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_a_whole_instance_is_finite_and_below_its_optimum(seed: int) -> None:
    _, _, made = compiled(random_input(seed))
    bound = finite_bound(made.program)
    assert np.isfinite(bound)
    answer = solve(made.program, Limits(300))
    assert answer.x is not None
    assert bound <= made.program.objective(answer.x) + 1e-6
