"""Carry: what stock does for given receipts costs what the program says."""

import numpy as np
import pytest

from optimizer.decompose.arrays import arrays
from optimizer.decompose.carry import carried, delivered, levels, lines, received, stocks
from optimizer.decompose.compose import composed
from optimizer.solve.program import Floats
from tests.decompose.greedy import some_orders
from tests.decompose.ridden import Made, rich_family, with_all_riders


def cost(made: Made, quantity: Floats) -> float:
    """Of stock and lines, and of the options, without gates."""
    a, steps = arrays(made.lots), levels(made.ridden.riders)
    room, total = lines(a), 0.0
    for j in range(len(made.lots)):
        received(a, room, j, quantity)
        total += carried(a, steps, room, j)
    own = float(made.lots.unit_cost @ quantity + made.lots.fixed_cost @ (quantity > 0))
    opened = np.unique(made.lots.gate[quantity > 0])
    return total + own + float(made.lots.gate_cost[opened[opened >= 0]].sum()) + made.lots.constant


def test_missing_and_superfluous_stock_costs_more() -> None:
    made = with_all_riders()
    a, steps = arrays(made.lots), levels(made.ridden.riders)
    room = lines(a)
    room.receipts[:] = [2, 0, 30, 0]
    got = carried(a, steps, room, 0)
    # 2; then 10 are due and 2 there: 8 wait for a period; 30 come, 22 are left; 8 are due, 14 are left.
    assert room.stock.tolist() == [2, 0, 22, 14]
    lot = made.lots
    held = lot.holding[0, 0] * (2 + 0 + 22 + 14)
    assert np.isclose(got, held + 8 * lot.waiting[0] + 0.5 * (3 + 5) + 0.75 * 2 - lot.credit[0] * 14)


@pytest.mark.parametrize("seed", range(4))
def test_the_program_says_the_same(seed: int) -> None:
    made = rich_family()
    quantity = some_orders(made.lots, np.random.default_rng(seed), 0.03 * (seed + 1))
    program = made.compiled.program
    x = composed(made.lots, made.compiled, quantity, delivered(made.lots, quantity))
    made.ridden.steps.write(program, x)
    assert np.isclose(program.objective(x), cost(made, quantity), rtol=1e-9)
    stock = np.zeros(made.lots.holding.shape)
    a = arrays(made.lots)
    stocks(a, levels(made.ridden.riders), lines(a), quantity, stock)
    ends = made.compiled.columns["on_hand"].reshape(len(made.lots), -1)[:, 1:]
    assert np.allclose(x[ends], stock)
