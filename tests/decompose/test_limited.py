"""Limited: what is proven of one lot is its linear relaxation, and never more than that, whatever the prices."""

import numpy as np
import pytest
from scipy.optimize import linprog

from optimizer.decompose.arrays import FAR, Arrays, arrays
from optimizer.decompose.limited import Limited, reach
from optimizer.solve.program import Floats
from tests.decompose.lots import family_lots, random_lots


def relaxation(a: Arrays, j: int, unit: Floats, fixed: Floats) -> float:
    """The program in the head of `limited.py`, written pair by pair, by a solver of its own."""
    options = range(a.option_start[j], a.option_start[j + 1])
    lines = range(a.line_start[j], a.line_start[j + 1])
    supplies = range(a.supply_start[j], a.supply_start[j + 1])
    end = a.held[j, a.periods] - a.credit[j]
    cost, upper, rows, sides, equal, right = [], [], [], [], [], []
    met: list[dict[int, float]] = [{} for _ in lines]

    def column(price: float, most: float) -> int:
        cost.append(price)
        upper.append(most)
        return len(cost) - 1

    def flows(period: int, price: float, into: dict[int, float]) -> list[tuple[int, int]]:
        made = []
        for d, distance in enumerate(reach(a, j, np.array([period]))[0]):
            if np.isfinite(distance):
                x = column(price + distance, np.inf)
                met[d][x] = into[x] = 1.0
                made.append((d, x))
        return made

    for s in supplies:
        row: dict[int, float] = {}
        flows(a.supply_period[s], 0.0, row)
        row[column(end - a.held[j, a.supply_period[s]], np.inf)] = 1.0
        equal.append(row)
        right.append(a.supply_quantity[s])
    for k in options:
        taken = column(fixed[k], 1.0)
        brought: dict[int, float] = {}
        for d, x in flows(a.arrival[k], unit[k], brought):
            rows.append({x: 1.0, taken: -a.quantity[lines[d]]})
            sides.append(0.0)
        brought[column(unit[k] + end - a.held[j, a.arrival[k]], np.inf)] = 1.0
        if a.largest[k] < FAR:
            rows.append({**brought, taken: -a.largest[k]})
            sides.append(0.0)
        rows.append({**{x: -1.0 for x in brought}, taken: a.smallest[k]})
        sides.append(0.0)
    for d, line in enumerate(lines):
        equal.append({**met[d], column(a.lost[line], np.inf): 1.0})
        right.append(a.quantity[line])

    def dense(entries: list[dict[int, float]]) -> Floats:
        matrix = np.zeros((len(entries), len(cost)))
        for r, row in enumerate(entries):
            matrix[r, list(row)] = list(row.values())
        return matrix

    found = linprog(
        cost, A_ub=dense(rows) if rows else None, b_ub=sides or None, A_eq=dense(equal), b_eq=right,
        bounds=[(0.0, most) for most in upper],
    )  # fmt: skip
    assert found.status == 0 and found.fun is not None
    return float(found.fun)


def at_prices(a: Arrays, seed: int) -> tuple[Floats, Floats]:
    dice = np.random.default_rng(seed)
    dearer = dice.choice([0.0, 0.1, 1.0], len(a.gate)) * dice.random(len(a.gate))
    return a.unit_cost * (1 + dearer), a.fixed_cost * dice.choice([0.0, 1.0, 3.0], len(a.gate))


@pytest.mark.parametrize("lot", [0, 3, 6, 11])
def test_it_is_the_linear_relaxation_of_a_lot_of_the_family(lot: int) -> None:
    a = arrays(family_lots())
    program = Limited(a, lot, 30.0)
    for seed in range(3):  # the later ones from where the earlier one was
        unit, fixed = at_prices(a, seed)
        found, best = program.at(unit, fixed), relaxation(a, lot, unit, fixed)
        assert found is not None
        assert best * (1 - 1e-4) <= found.value <= best * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_no_more_is_proven_than_random_lots_cost(seed: int) -> None:
    a = arrays(random_lots(seed))
    for lot in np.flatnonzero(np.diff(a.line_start) * np.diff(a.option_start) > 0).tolist():
        unit, fixed = at_prices(a, seed)
        found, best = Limited(a, lot, 30.0).at(unit, fixed), relaxation(a, lot, unit, fixed)
        assert found is not None
        assert found.value <= best + 1e-7 * max(1.0, abs(best))


def test_plans_keep_the_limits() -> None:
    a = arrays(family_lots())
    for lot in range(len(family_lots())):
        found = Limited(a, lot, 30.0).at(a.unit_cost, a.fixed_cost)
        mine = slice(a.option_start[lot], a.option_start[lot + 1])
        assert found is not None
        assert (found.brought <= a.largest[mine] * found.opened * (1 + 1e-6) + 1e-6).all()
        assert (found.brought >= a.smallest[mine] * found.opened * (1 - 1e-6) - 1e-6).all()
