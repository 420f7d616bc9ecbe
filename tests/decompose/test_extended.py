"""Extended: plan and bound of lots with riders meet from both sides."""

import numpy as np

from optimizer.decompose.extended import searching
from optimizer.solve.events import Progress
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import Floats
from optimizer.solve.search import Options
from tests.decompose.lots import keeps_gates
from tests.decompose.ridden import Made, rich_family, with_all_riders


def run(made: Made, options: Options) -> tuple[float, list[tuple[Floats, float]], list[Progress]]:
    kept: list[tuple[Floats, float]] = []
    told: list[Progress] = []
    content = made.problem.to_bytes()
    search = searching(content, options, told.append, lambda x, cost, exact: kept.append((x, cost)), lambda: False)
    search.run()
    return search.bound, kept, told


def test_bound_and_plan_enclose_the_optimum() -> None:
    made = with_all_riders()
    best = solve(made.compiled.program, Limits(600.0)).bound
    bound, kept, _ = run(made, Options(3.0, 1e-4, 0, 1))
    assert bound <= best + 1e-6
    assert kept[-1][1] >= best - 1e-6
    assert kept[-1][1] <= 1.05 * best


def test_plans_become_better_and_keep_gates() -> None:
    made = rich_family()
    bound, kept, told = run(made, Options(15.0, 0.05, 0, 2))
    costs = [cost for _, cost in kept]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < 0.9 * costs[0]
    assert bound <= costs[-1]
    assert all(keeps_gates(made.lots, quantity) for quantity, _ in kept)
    bounds = [event.bound for event in told if event.bound is not None]
    assert bounds == sorted(bounds)


def test_there_is_a_plan_even_without_time() -> None:
    _, kept, _ = run(with_all_riders(), Options(0.0))
    assert not np.any(kept[0][0])
