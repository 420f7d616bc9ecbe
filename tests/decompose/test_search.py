"""Search: a plan and a bound that meet the lots' optimum from both sides, the same with any number of threads."""

from collections.abc import Callable

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose.search import Decomposition, searching
from optimizer.solve.events import Progress
from optimizer.solve.program import Floats
from optimizer.solve.search import Options
from tests.decompose.lots import family_lots, keeps_gates, random_lots
from tests.models.lots_program import optimum

Kept = list[tuple[Floats, float, bool]]


def run(
    lots: Lots, options: Options, stop: Callable[[], bool] = lambda: False
) -> tuple[Decomposition, Kept, list[Progress]]:
    kept: Kept = []
    told: list[Progress] = []
    search = searching(lots.to_bytes(), options, told.append, lambda *plan: kept.append(plan), stop)
    search.run()
    return search, kept, told


@pytest.mark.parametrize(
    "seed",
    [
        0,
        1,
        pytest.param(2, marks=pytest.mark.slow),
        pytest.param(3, marks=pytest.mark.slow),
        pytest.param(4, marks=pytest.mark.slow),
        5,
    ],
)
def test_bound_and_plan_enclose_the_optimum(seed: int) -> None:
    lots = random_lots(seed)
    search, kept, _ = run(lots, Options(1.0, 0.001, 0, 1))
    best = optimum(lots)
    slack = 1e-6 * max(1.0, abs(best))
    assert search.bound <= best + slack
    assert kept[-1][1] >= best - slack
    assert all(keeps_gates(lots, quantity) for quantity, _, _ in kept)


def test_plans_become_better_and_the_bound_rises() -> None:
    search, kept, told = run(family_lots(), Options(20.0, 0.03))
    costs = [cost for _, cost, _ in kept]
    assert len(costs) > 2
    assert costs == sorted(costs, reverse=True)
    assert all(exact for _, _, exact in kept)
    assert all(keeps_gates(family_lots(), quantity) for quantity, _, _ in kept)
    bounds = [event.bound for event in told if event.bound is not None]
    assert bounds == sorted(bounds)
    assert search.bound <= costs[-1]


def test_one_seed_gives_the_same_plan_with_one_thread_and_with_two() -> None:
    one, two = (run(family_lots(), Options(100.0, 0.12, 5, threads))[1][-1] for threads in (1, 2))
    assert one[1] == two[1]
    assert np.array_equal(one[0], two[0])


def test_there_is_a_plan_even_without_time() -> None:
    _, kept, _ = run(family_lots(), Options(0.0))
    assert not kept[0][0].any()


def test_it_ends_when_it_is_asked_to() -> None:
    asked = [False]
    kept: Kept = []

    def tell(progress: Progress) -> None:
        asked[0] = progress.bound is not None

    searching(
        family_lots().to_bytes(), Options(300.0, 0.0), tell, lambda *plan: kept.append(plan), lambda: asked[0]
    ).run()
    assert kept
