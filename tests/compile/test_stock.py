"""Stock: the arrays say what the Pyomo model says, at any point, and the charges are the objective."""

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.core.expr.visitor import identify_variables

from optimizer.compile import Compiled
from optimizer.solve.program import SHARED, Floats
from tests.solve.programs import compiled, random_input, relaxed_point

SEEDS = range(8)


def set_point(m: Any, made: Compiled, x: Floats) -> None:
    """Give the model's own variables the values of a point."""
    values = made.values(x)
    for variable in m.component_objects(pyo.Var):
        for data, value in zip(variable.values(), values[variable.local_name], strict=True):
            data.set_value(float(value), skip_validation=True)


def sides_of_model(m: Any) -> list[float]:
    """By how much each rule of the model is broken (negative: kept), evaluated by Pyomo."""
    sides = []
    for rule in m.component_data_objects(pyo.Constraint, active=True):
        if next(identify_variables(rule.body), None) is None:
            continue
        body = pyo.value(rule.body)
        sides += [body - pyo.value(rule.upper)] if rule.has_ub() else []
        sides += [pyo.value(rule.lower) - body] if rule.has_lb() else []
    return sorted(sides)


def sides_of_program(made: Compiled, x: Floats) -> list[float]:
    program, activity = made.program, made.program.matrix @ x
    above, below = activity - program.row_upper, program.row_lower - activity
    return sorted([*above[np.isfinite(program.row_upper)].tolist(), *below[np.isfinite(program.row_lower)].tolist()])


@pytest.mark.parametrize("seed", SEEDS)
def test_arrays_and_model_agree_at_random_points(seed: int) -> None:
    m, _, made = compiled(random_input(seed))
    for k in range(3):
        x = relaxed_point(made.program, 10 * seed + k)
        set_point(m, made, x)
        assert made.program.objective(x) == pytest.approx(pyo.value(m.total_cost))  # type: ignore[attr-defined]
        np.testing.assert_allclose(sides_of_program(made, x), sides_of_model(m), atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_charges_add_up_to_the_objective(seed: int) -> None:
    _, _, made = compiled(random_input(seed))
    x = relaxed_point(made.program, seed)
    money = sum(float(amounts.sum()) for _, amounts in made.amounts(x))
    assert money == pytest.approx(made.program.objective(x))


@pytest.mark.parametrize("seed", SEEDS)
def test_limits_and_kinds_are_those_of_the_variables(seed: int) -> None:
    m, book, made = compiled(random_input(seed))
    seen = 0
    for variable in m.component_objects(pyo.Var):  # type: ignore[attr-defined]
        index = book.indexes[variable.index_set().local_name]
        for k, (column, data) in enumerate(zip(made.columns[variable.local_name], variable.values(), strict=True)):
            if column < 0:
                continue
            seen += 1
            assert made.program.lower[column] == (-np.inf if data.lb is None else data.lb)
            assert made.program.upper[column] == (np.inf if data.ub is None else data.ub)
            assert made.program.integer[column] == (not data.is_continuous())
            if "item" in index.dimensions:
                assert made.program.block[column] == index["item"][k]
            elif "line" not in index.dimensions:
                assert made.program.block[column] == SHARED
    assert seen == made.program.columns


def test_the_rows_of_a_rule_are_where_the_map_says() -> None:
    m, _, made = compiled(random_input(1))
    for rule in m.component_objects(pyo.Constraint):  # type: ignore[attr-defined]
        rows = made.rows[rule.local_name]
        for row, key in zip(rows, rule.index_set(), strict=True):
            if row >= 0 and rule[key].equality:
                assert made.program.row_lower[row] == made.program.row_upper[row]
    every = np.sort(np.concatenate([rows[rows >= 0] for rows in made.rows.values()]))
    assert every.tolist() == list(range(made.program.rows))


def test_a_variable_that_occurs_nowhere_is_nothing() -> None:
    _, book, made = compiled(random_input(0))
    name = next(name for name, column in made.columns.items() if len(column))
    dropped = Compiled(made.program, {name: np.full(3, -1)}, {}, [], {})
    assert dropped.values(np.ones(made.program.columns))[name].tolist() == [0, 0, 0]
    assert book.indexes
