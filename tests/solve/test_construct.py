"""Construct: ordering nothing is always a plan; polishing makes whole numbers exact; blocks are made whole in turn."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from optimizer.solve.clock import Clock
from optimizer.solve.construct import made_whole, nothing_ordered, polished, taken_over
from optimizer.solve.highs import Limits, Relaxation, solve
from optimizer.solve.neighbourhoods import Neighbourhoods
from optimizer.solve.program import Floats, Program
from tests.solve.programs import compiled, is_plan, lots, program, random_input, whole


@pytest.mark.parametrize("seed", range(20))
def test_nothing_ordered_is_always_a_plan(seed: int) -> None:
    _, _, made = compiled(random_input(seed))
    x = nothing_ordered(made.program, 5)
    assert x is not None
    assert is_plan(made.program, x)
    assert not x[made.columns["order"]].any()


def test_nothing_ordered_is_the_best_without_orders() -> None:
    made = lots(2, 5).program
    x = nothing_ordered(made, 5)
    assert x is not None
    # All demand is short, at 50 a unit.
    assert made.objective(x) == pytest.approx(50 * made.row_lower[made.row_lower > 0].sum())


def test_nothing_is_as_near_to_nothing_as_may_be() -> None:
    x = nothing_ordered(program([1.0], lower=[2.0], upper=[5.0], integer=[True]), 5)
    assert x is not None
    assert x.tolist() == [2]


def test_no_plan_without_orders() -> None:
    made = program([1.0, 1.0], [([1.0, 1.0], 3, 3)], upper=[5.0, 2.0], integer=[True, False])
    assert nothing_ordered(made, 5) is None


def test_polished_has_exact_whole_numbers_and_the_best_quantities() -> None:
    made = lots(3, 6, capacity=40).program
    best = solve(made, Limits(300)).x
    assert best is not None
    noisy = np.where(made.integer, np.clip(best + 4e-8, 0, 1 - 4e-8), best + 1e-7)
    assert not whole(made, noisy)
    x = polished(made, noisy, 5)
    assert x is not None
    assert is_plan(made, x)
    assert made.objective(x) == pytest.approx(made.objective(best))


def _orders(made: Program, x: Floats) -> Floats:
    """What a point orders: the columns that a whole number limits; nothing of all others."""
    rows = sp.csr_array(made.matrix)[np.flatnonzero(made.row_upper == 0.0)]
    return np.where(np.isin(np.arange(made.columns), rows.indices) & ~made.integer, x, np.nan)


def test_a_plan_is_taken_over_block_by_block() -> None:
    made = lots(4, 6, capacity=60).program
    best = solve(made, Limits(300)).x
    nothing = nothing_ordered(made, 5)
    assert best is not None and nothing is not None
    x = taken_over(made, nothing, _orders(made, best), Neighbourhoods(made, 0), Clock(60, lambda: False))
    assert x is not None
    assert is_plan(made, x)
    assert made.objective(x) == pytest.approx(made.objective(best), rel=1e-6)


def test_what_a_block_may_not_order_is_decided_again() -> None:
    # Two blocks buy x at 1 and want 4 each, at 10 a unit that is short; a whole place lets 6 of block 0, 3 of block 1.
    rows = [([1, -6, 0, 0, 0, 0], -np.inf, 0.0), ([0, 0, 0, 1, -3, 0], -np.inf, 0.0)]
    rows += [([1, 0, 1, 0, 0, 0], 4.0, np.inf), ([0, 0, 0, 1, 0, 1], 4.0, np.inf)]
    made = program([1, 0, 10, 1, 0, 10], rows, upper=[np.inf, 1, np.inf] * 2, integer=[False, True, False] * 2,
                   block=[0, 0, 0, 1, 1, 1])  # fmt: skip
    at = np.array([4.0, np.nan, np.nan, 4.0, np.nan, np.nan])
    x = taken_over(made, np.array([0.0, 0, 4, 0, 0, 4]), at, Neighbourhoods(made, 0), Clock(60, lambda: False))
    assert x is not None
    assert x == pytest.approx([4, 1, 0, 3, 1, 1])
    assert taken_over(made, x, at, Neighbourhoods(made, 0), Clock(60, lambda: True)) is None


def test_rounding_that_breaks_a_rule_gives_no_plan() -> None:
    # order = 3, order <= 10 place: place = 0.3 rounds to 0.
    made = program([0.0, 1.0], [([1, -10], -np.inf, 0)], lower=[3.0, 0.0], upper=[3, 1], integer=[False, True])
    assert polished(made, np.array([3.0, 0.3]), 5) is None
    assert polished(made, np.array([3.0, 0.7]), 5) is not None


def test_polished_lowers_what_nothing_needs_any_more() -> None:
    # use <= 10 order, order <= supplier, use >= 0; nothing is used, yet both fixed costs are paid: 5 + 7. The
    # fourth is at 4 of at least 2, and its row wants 3.
    made = program(
        [1.0, 5.0, 7.0, 1.0],
        [([1, -10, 0, 0], -np.inf, 0), ([0, 1, -1, 0], -np.inf, 0), ([0, 0, 0, 1], 3, np.inf)],
        lower=[0.0, 0.0, 0.0, 2.0], upper=[10.0, 1.0, 1.0, 9.0], integer=[False, True, True, True],
    )  # fmt: skip
    x = polished(made, np.array([0.0, 1.0, 1.0, 4.0]), 5)
    assert x is not None
    assert x.tolist() == [0, 0, 0, 3]


def test_polished_lowers_what_only_holds_each_other_up() -> None:
    # An order line lies in one of two segments of prices, and needs its supplier, who costs 7; the line itself is free.
    made = program(
        [1.0, 0.0, 0.0, 0.0, 7.0],
        [([0, -1, 1, 1, 0], 0, 0), ([1, 0, -10, -20, 0], -np.inf, 0), ([0, 1, 0, 0, -1], -np.inf, 0)],
        upper=[20.0, 1.0, 1.0, 1.0, 1.0], integer=[False, True, True, True, True],
    )  # fmt: skip
    x = polished(made, np.array([0.0, 1.0, 1.0, 0.0, 1.0]), 5)
    assert x is not None
    assert x.tolist() == [0, 0, 0, 0, 0]
    wanted = replace(made, lower=np.array([3.0, 0, 0, 0, 0]))
    x = polished(wanted, np.array([3.0, 1.0, 1.0, 0.0, 1.0]), 5)
    assert x is not None
    assert x.tolist() == [3, 1, 1, 0, 1]


def test_polished_keeps_what_is_needed() -> None:
    # At least 3 are to be used, which needs the order: 3 + 5.
    made = program(
        [1.0, 5.0], [([1, -10], -np.inf, 0), ([1, 0], 3, np.inf)], upper=[10.0, 1.0], integer=[False, True]
    )  # fmt: skip
    x = polished(made, np.array([3.0, 1.0]), 5)
    assert x is not None
    assert x.tolist() == [3, 1]


def test_blocks_are_made_whole_in_turn() -> None:
    made = lots(6, 6, capacity=60).program
    relaxed = Relaxation(made, 10, lambda *_: False)
    assert relaxed.x is not None
    everything = np.ones(made.columns, dtype=np.bool_)
    x = made_whole(made, relaxed.x, everything, Neighbourhoods(made, 0), Clock(30, lambda: False))
    nothing = nothing_ordered(made, 5)
    assert x is not None
    assert nothing is not None
    assert is_plan(made, x)
    assert relaxed.bound <= made.objective(x) < made.objective(nothing)


def test_nothing_is_made_whole_when_time_is_over() -> None:
    made = lots(2, 4).program
    relaxed = Relaxation(made, 10, lambda *_: False)
    assert relaxed.x is not None
    everything = np.ones(made.columns, dtype=np.bool_)
    assert made_whole(made, relaxed.x, everything, Neighbourhoods(made, 0), Clock(30, lambda: True)) is None


def test_a_row_that_is_full_to_the_last_unit_is_not_broken_by_rounding() -> None:
    """A solver's 2.9999998 in a row that is full to 1e-7: with 3 exactly the row is broken by that, and still kept."""
    made = program([0.0], [([1.0], 0, 3 - 2e-7)], upper=[5.0], integer=[True])
    x = polished(made, np.array([2.9999998]), 5)
    assert x is not None
    assert x.tolist() == [3]
    # What is really broken stays so.
    assert polished(program([1.0], [([1.0], 0, 2.9)], upper=[5.0], integer=[True]), np.array([2.9]), 5) is None
