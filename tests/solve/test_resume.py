"""Resume: an earlier plan is kept where its rules still hold, mended where they do not, and what changed is decided."""

import numpy as np
import pytest

from optimizer.solve import search as search_module
from optimizer.solve.clock import Clock
from optimizer.solve.highs import Limits, solve
from optimizer.solve.neighbourhoods import Neighbourhoods
from optimizer.solve.program import Floats, Ints, Program
from optimizer.solve.resume import changed_again, resumed
from optimizer.solve.search import Options, Search
from optimizer.solve.warm import Warm
from tests.solve.programs import is_plan, lots, program

LONG = 300.0  # seconds that no test here needs
NONE: Ints = np.zeros(0, dtype=np.int64)
# An order of up to 10 for 3 asked; 5 to place it, 1 a unit, 50 a unit short: the best is 3 units, 8.
ORDER = program(
    [1.0, 5.0, 50.0], [([1, 0, 1], 3, np.inf), ([1, -10, 0], -np.inf, 0)],
    upper=[10.0, 1.0, 3.0], integer=[False, True, False], block=[0, 0, 0],
)  # fmt: skip


def clock() -> Clock:
    return Clock(LONG, lambda: False)


def warm(*orders: float, first: Ints = NONE) -> Warm:
    """What is known of an earlier plan: its order."""
    return Warm(np.array([*orders, np.nan, np.nan]), np.zeros(0), first)


def test_what_is_ordered_is_ordered_again_in_the_best_quantity() -> None:
    # 2 of 3 units would leave one short for 50: placed is placed, and 3 units cost 3 + 5.
    x = resumed(ORDER, warm(2.0), clock())
    assert x is not None
    assert x.tolist() == pytest.approx([3.0, 1.0, 0.0])
    x = resumed(ORDER, warm(0.0), clock())
    assert x is not None
    assert x.tolist() == pytest.approx([0.0, 0.0, 3.0])


def test_where_that_is_allowed_no_more_the_nearest_is_decided() -> None:
    # Nothing under 4 units may be ordered now: x >= 4 y.
    least = program(
        [1.0, 5.0, 50.0], [([1, 0, 1], 3, np.inf), ([1, -10, 0], -np.inf, 0), ([1, -4, 0], 0, np.inf)],
        upper=[10.0, 1.0, 3.0], integer=[False, True, False],
    )  # fmt: skip
    x = resumed(least, warm(2.0), clock())
    assert x is not None
    assert x.tolist() == pytest.approx([4.0, 1.0, 0.0])
    # What was not ordered stays so.
    x = resumed(least, warm(0.0), clock())
    assert x is not None
    assert x.tolist() == pytest.approx([0.0, 0.0, 3.0])


def test_a_plan_beyond_every_limit_is_cut_to_it() -> None:
    x = resumed(ORDER, warm(1000.0), clock())
    assert x is not None
    assert is_plan(ORDER, x)
    assert x[1] == 1.0


def test_where_nothing_fits_there_is_none() -> None:
    nothing = program([1.0, 0.0, 0.0], [([1, 0, 0], 5, np.inf)], upper=[10.0, 1.0, 1.0])
    assert resumed(nothing, warm(0.0), clock()) is None


def test_blocks_that_changed_are_decided_again() -> None:
    made = lots(8, 6, seed=3).program
    nothing = search(made, Options(0.0, 1.0)).best
    assert nothing is not None
    around = Neighbourhoods(made, 0)
    limits = Limits(LONG, 0.0, 50)
    x = changed_again(made, nothing, np.array([2, 99]), around, limits, lambda: False)
    assert made.objective(x) < made.objective(nothing)
    assert np.array_equal(x[made.block != 2], nothing[made.block != 2])
    # Two of eight are many.
    assert changed_again(made, nothing, np.array([1, 2]), around, limits, lambda: False) is nothing
    assert changed_again(made, nothing, np.array([2]), around, limits, lambda: True) is nothing


def search(made: Program, options: Options) -> Search:
    made_search = Search(made, options, lambda _: None, lambda *_: None, lambda: False)
    made_search.run()
    return made_search


def orders(made: Program, x: Floats) -> Floats:
    """What is known of a plan: the continuous columns that are orders (the first quarter of `lots`)."""
    known = np.full(made.columns, np.nan)
    known[: made.columns // 4] = x[: made.columns // 4]
    return known


@pytest.fixture
def twenty(monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program that is searched as a large one; its gap is reached by work of seconds, and not by a time limit."""
    monkeypatch.setattr(search_module, "SMALL", 100)
    made = lots(20, 6, seed=1, capacity=150).program
    assert made.integer.sum() > 100
    return made


@pytest.mark.parametrize("gap", [1.0, 0.03])
def test_a_search_from_a_plan_gives_at_least_that_plan(gap: float, twenty: Program) -> None:
    best = solve(twenty, Limits(LONG, 0.01)).x
    assert best is not None
    begun = search(twenty, Options(LONG, gap, warm=Warm(orders(twenty, best), np.zeros(0), NONE)))
    assert begun.cost() <= twenty.objective(best) * (1 + 1e-6)
    assert begun.bound <= begun.cost() + 1e-6


@pytest.mark.parametrize("dice", [pytest.param(0, marks=pytest.mark.slow), 1, pytest.param(2, marks=pytest.mark.slow)])
def test_any_earlier_plan_does_no_harm(dice: int, twenty: Program) -> None:
    random = np.random.default_rng(dice)
    x = np.where(random.random(twenty.columns) < 0.3, random.uniform(0, 200, twenty.columns), 0.0)
    unrelated = Warm(orders(twenty, x), np.zeros(0), np.array([5]))
    begun = search(twenty, Options(LONG, 0.03, warm=unrelated))
    assert begun.best is not None
    assert is_plan(twenty, begun.best)
    assert begun.gap() <= 0.03
