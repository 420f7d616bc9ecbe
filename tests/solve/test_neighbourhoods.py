"""Neighbourhoods: which blocks are decided again together, the same for one seed, never for the worse."""

import numpy as np
import pytest

from optimizer.solve import neighbourhoods
from optimizer.solve.construct import nothing_ordered
from optimizer.solve.highs import Infeasible, Limits
from optimizer.solve.neighbourhoods import Neighbourhoods, improved
from optimizer.solve.program import Floats, Program
from tests.solve.programs import is_plan, lots, program


@pytest.fixture
def pairs() -> Program:
    """Four blocks, a column each; 0 and 1 share two rows, 2 and 3 one, and that one also a shared column."""
    rows = [
        ([1, 1, 0, 0, 0, 0], 0.0, 5.0),
        ([1, 2, 0, 0, 0, 0], 0.0, 5.0),
        ([0, 0, 1, 1, 1, 0], 0.0, 5.0),
        ([0, 0, 0, 0, 1, 1], 0.0, 5.0),
    ]
    return program([1.0] * 6, rows, block=[0, 1, 2, 3, -1, -1])


def test_every_block_once(pairs: Program) -> None:
    order = [blocks.tolist() for blocks in Neighbourhoods(pairs, 0).one_by_one()]
    assert sorted(order) == [[0], [1], [2], [3]]


def test_groups_are_those_that_share_most(pairs: Program) -> None:
    groups = [sorted(blocks.tolist()) for blocks in Neighbourhoods(pairs, 0).groups(2)]
    assert set(map(tuple, groups)) == {(0, 1), (2, 3)}


def test_a_group_is_never_larger_than_all(pairs: Program) -> None:
    assert all(sorted(blocks.tolist()) == [0, 1, 2, 3] for blocks in Neighbourhoods(pairs, 0).groups(9))


def orders(made: Program, seed: int) -> list[list[int]]:
    around = Neighbourhoods(made, seed)
    return [blocks.tolist() for blocks in (*around.one_by_one(), *around.groups(3), *around.one_by_one())]


def test_the_same_for_one_seed() -> None:
    made = lots(12, 3, capacity=60).program
    assert orders(made, 5) == orders(made, 5)
    assert orders(made, 5) != orders(made, 6)


def test_freed_with_a_block_is_what_is_shared_in_its_rows(pairs: Program) -> None:
    around, everything = Neighbourhoods(pairs, 0), np.ones(6, dtype=np.bool_)
    assert np.flatnonzero(around.freed(np.array([0]), everything)).tolist() == [0]
    assert np.flatnonzero(around.freed(np.array([2]), everything)).tolist() == [2, 4]
    assert np.flatnonzero(around.freed(np.array([2]), ~everything)).tolist() == []


def test_others_use_the_same_in_a_point(pairs: Program) -> None:
    around = Neighbourhoods(pairs, 0)
    x = np.array([1.0, 0, 1, 1, 1, 0])
    assert around.others(np.array([0]), x).tolist() == [0]  # block 1 uses nothing
    assert around.others(np.array([3]), x).tolist() == [2, 3]
    assert around.others(np.array([1]), x).tolist() == []


def test_a_neighbourhood_makes_it_better_and_touches_nothing_else() -> None:
    made = lots(3, 5, capacity=40).program
    nothing = nothing_ordered(made, 5)
    assert nothing is not None
    free = Neighbourhoods(made, 0).freed(np.array([1]), np.ones(made.columns, dtype=np.bool_))
    x = improved(made, nothing, free, Limits(300), 0, lambda: False)
    assert made.objective(x) < made.objective(nothing)
    assert (x[~free] == nothing[~free]).all()
    assert is_plan(made, np.where(made.integer, np.round(x), x))


def test_what_cannot_be_better_stays_as_it_is() -> None:
    made = program([1.0, 1.0], upper=[5, 5], integer=[True, True])
    best = np.zeros(2)
    assert improved(made, best, np.array([True, False]), Limits(300), 0, lambda: False) is best


def test_a_solver_that_calls_its_own_start_impossible_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: object, **more: object) -> None:
        raise Infeasible

    monkeypatch.setattr(neighbourhoods, "solve", wrong)
    x: Floats = np.array([3.0])
    assert improved(program([1.0]), x, np.array([True]), Limits(300), 0, lambda: False) is x
