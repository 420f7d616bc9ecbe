import numpy as np
import pytest

from optimizer.solve.program import SHARED
from tests.decompose.lagrangian import best_bound, lagrangian, linear_prices, linking_rows, optimum, random_program
from tests.solve.programs import lots, program


def test_two_items_and_one_truck() -> None:
    # Items 0 and 1 need a unit each: for 1 or 2 by truck, for 5 otherwise. The truck takes one: 1 + 5 or 5 + 2, so 6.
    made = program(
        [1, 5, 2, 5],
        [([1, 1, 0, 0], 1, 1), ([0, 0, 1, 1], 1, 1), ([1, 0, 1, 0], -np.inf, 1)],
        upper=[1] * 4, integer=[True] * 4, block=[0, 0, 1, 1], offset=10.0,
    )  # fmt: skip
    linking = linking_rows(made)
    assert linking.tolist() == [False, False, True]
    for price, bound in (
        (0.0, 10 + 1 + 2),
        (-3.0, 10 - 3 + (1 + 3) + (2 + 3)),  # the second is indifferent: 16, which is the optimum
        (-4.0, 10 - 4 + 5 + 5),
        (-5.0, 10 - 5 + 5 + 5),
        (1.0, -np.inf),  # of a row that only says "at most"
    ):
        assert lagrangian(made, linking, np.array([price])).total == pytest.approx(bound)
    assert optimum(made) == pytest.approx(16)
    assert best_bound(made, linking)[0].total == pytest.approx(16)


def test_what_is_shared_is_a_block_of_its_own() -> None:
    # x <= 4 y with a fixed cost of 8 for y; x >= 2 is worth it. At price -2 for x - 4 y <= 0: x costs 1 + 2, y 8 - 8.
    made = program(
        [1, 8], [([1, -4], -np.inf, 0), ([1, 0], 2, np.inf)], upper=[9, 1], integer=[False, True], block=[0, SHARED]
    )
    found = lagrangian(made, linking_rows(made), np.array([-2.0]))
    assert found.of == {0: pytest.approx(6), SHARED: pytest.approx(0)}
    assert optimum(made) == pytest.approx(10)
    with pytest.raises(ValueError, match="several blocks"):
        lagrangian(made, np.zeros(2, dtype=np.bool_), np.zeros(0))


@pytest.mark.slow
def test_without_prices_every_item_is_alone() -> None:
    free, tight = lots(4, 5, seed=2), lots(4, 5, seed=2, capacity=20.0)
    linking = linking_rows(tight.program)
    assert linking.sum() == 5
    assert lagrangian(tight.program, linking, np.zeros(5)).total == pytest.approx(free.apart)
    assert best_bound(tight.program, linking)[0].total > free.apart + 1


@pytest.mark.parametrize("seed", range(12))
def test_bounds_lie_between_the_relaxation_and_the_optimum(seed: int) -> None:
    made = random_program(seed)
    linking = linking_rows(made)
    least, prices = linear_prices(made, linking)
    slack = 1e-5 * max(1.0, abs(least))
    best, at = best_bound(made, linking, passes=5)
    assert least - slack <= lagrangian(made, linking, prices).total <= best.total <= optimum(made) + slack
    assert lagrangian(made, linking, at).total == pytest.approx(best.total)
