"""HiGHS: answers, "infeasible" said twice, options and models refused, limits, starts."""

from typing import Any

import highspy
import numpy as np
import pytest
import scipy.sparse as sp

from optimizer.solve import highs
from optimizer.solve.construct import nothing_ordered
from optimizer.solve.highs import (
    Answer,
    Infeasible,
    Limits,
    LinearProgram,
    Priced,
    Recosted,
    Relaxation,
    SolverError,
    solve,
)
from optimizer.solve.program import Program
from tests.solve.liar import lying
from tests.solve.programs import is_plan, lots, program

LONG = Limits(300)  # more than any test here takes
HARD = lots(12, 14, capacity=90).program  # minutes to prove


@pytest.fixture
def bag() -> Program:
    """Worth 5, 4, 3 of weights 2, 3, 1, at most 5 in the bag: the first two, worth 9. Fractional: 8 + 4 * 2 / 3."""
    return program([-5, -4, -3], [([2, 3, 1], -np.inf, 5)], upper=[1, 1, 1], integer=[True, True, True], offset=10)


def test_an_optimum_by_hand(bag: Program) -> None:
    answer = solve(bag, LONG)
    assert answer.x is not None
    assert answer.x.tolist() == [1, 1, 0]
    assert answer.ended == "optimal"
    assert answer.bound == pytest.approx(10 - 9)


def test_a_relaxation_and_the_same_at_other_costs(bag: Program) -> None:
    relaxation = Relaxation(bag, 5, lambda *_: False)
    assert relaxation.bound == pytest.approx(10 - 8 - 4 * 2 / 3)
    assert relaxation.x is not None
    assert relaxation.x.tolist() == pytest.approx([1, 2 / 3, 1])
    again = relaxation.again(np.array([0, 2], dtype=np.int32), np.array([0.0, 1.0]))
    assert again is not None
    assert again[1] == 1
    assert relaxation.bound == pytest.approx(10 - 8 - 4 * 2 / 3)  # of the program as it was first asked


def test_entries_of_the_same_place_are_added_up() -> None:
    linear = LinearProgram(np.array([6.0]), np.array([np.inf]), 5)
    none = np.zeros(0, dtype=np.int64)
    assert linear.add(np.zeros(0), np.zeros(0), none, none, np.zeros(0)).tolist() == []
    column, row = np.array([1, 0, 1]), np.zeros(3, dtype=np.int64)
    linear.add(np.array([4.0, 5.0]), np.full(2, np.inf), column, row, np.array([1.0, 1.0, 2.0]))
    answer = linear.solve()
    assert answer is not None
    assert answer[0].tolist() == [0, 2]  # 1 + 2 for 5 are cheaper than 1 for 4
    linear.add(np.array([1.0]), np.ones(1), none, none, np.zeros(0))  # in no row
    assert linear.columns == 3


def test_prices_with_whole_numbers_held() -> None:
    # x + y >= 4, x <= 3 z, z held at 1: x = 3 at 1, y = 1 at 2, z 10. A unit more asked costs 2, one of room saves 1.
    fixed = program(
        [1, 2, 10],
        [([1, 1, 0], 4, np.inf), ([1, 0, -3], -np.inf, 0)],
        upper=[np.inf, 20, 1],
        integer=[False, False, True],
    )
    priced = Priced(fixed, np.array([0.0, 0.0, 1.0]), 5)
    assert priced.x is not None
    assert priced.x.tolist() == pytest.approx([3, 1, 1])
    assert priced.cost == pytest.approx(15)
    assert priced.prices.tolist() == pytest.approx([2, -1])
    assert priced.again({1: (0.0, 1.0)}) == pytest.approx(14)
    assert priced.again({0: (1.0, 0.0)}) == pytest.approx(17)
    assert priced.again({0: (100.0, 0.0)}) is None  # 3 + 20 at most
    assert priced.again({}) == pytest.approx(15)  # all is as it was


def test_what_is_offered_on_the_way_is_taken_up() -> None:
    best = solve(HARD, Limits(60, gap=0.3)).x
    assert best is not None
    offers, costs = [best], [np.inf]

    def watch(cost: float, bound: float, point: Any) -> bool:
        costs.append(cost)
        return not offers and min(costs) <= HARD.objective(best) * (1 + 1e-6)

    nothing = np.where(HARD.integer, 0.0, np.nan)
    answer = solve(HARD, Limits(60), start=nothing, watch=watch, offered=lambda: offers.pop() if offers else None)
    assert not offers
    assert answer.x is not None
    assert HARD.objective(answer.x) <= HARD.objective(best) * (1 + 1e-6)


def test_infeasible_is_not_believed_once(bag: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    run, asked = highs._run, []

    def presolve_lies(*arguments: Any, **more: Any) -> Answer:
        asked.append(more["presolve"])
        return run(*arguments, **more) if asked[-1] == "off" else Answer(None, -np.inf, "infeasible")

    monkeypatch.setattr(highs, "_run", presolve_lies)
    assert solve(bag, LONG).ended == "optimal"
    assert asked == ["choose", "off"]


def test_what_presolve_calls_empty_is_no_proof_of_the_point_from_which_it_began() -> None:
    # HiGHS 1.15.1: presolve finds this infeasible, and with a point to begin from calls that one optimal. It is a drawn
    # instance in the engine's units, whose optimum by SCIP is 35.39: 35.39 / 32 = 1.1059375.
    rows: list[tuple[dict[int, float], float]] = [
        ({0: 1}, 0.0), ({3: 1, 6: 0.5}, 0.5), ({4: 1, 5: 1, 7: 1}, 1.0), ({0: -1, 1: 1, 4: 1}, 0.0),
        ({1: -1, 2: 1, 3: 0.5, 5: 1}, 1.25), ({3: 1, 8: -0.5}, 0.0), ({4: 1, 5: 1, 9: -1}, 0.0),
        ({3: -0.5, 4: -1, 5: -1, 10: -2}, -1.5), ({3: 1, 11: -1}, 0.0), ({4: 1, 12: -0.5}, 0.0),
        ({5: 1, 13: -0.5}, 0.0),
    ]  # fmt: skip
    cost = [0, 0.015, -1.13375, 0, 0, 0.72, 0.669375, 7.32375, 0, 0, 0, 0, 0, 0]
    made = program(
        cost,
        [([row.get(column, 0.0) for column in range(14)], side, side) for row, side in rows],
        upper=[np.inf] * 8 + [1.0] * 2 + [np.inf] * 4,
        integer=[column in (8, 9, 11, 12, 13) for column in range(14)],
    )
    best = solve(made, LONG)
    again = solve(made, LONG, start=nothing_ordered(made, 5))
    for answer in (best, again):
        assert answer.x is not None
        assert (made.objective(answer.x), answer.bound) == pytest.approx((1.1059375, 1.1059375))


def test_a_linear_program_is_asked_again_without_presolve(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lying(monkeypatch)
    linear = LinearProgram(np.array([3.0]), np.array([5.0]), 20)
    linear.add(np.array([2.0]), np.array([9.0]), *(np.zeros(1, dtype=np.int64),) * 2, np.ones(1))
    found = linear.solve()
    assert found is not None
    assert (found[0].tolist(), found[2]) == ([3.0], 6.0)
    assert asked == ["choose", "off"]
    asked.clear()
    relaxation = Relaxation(program([2.0], [([1.0], 3.0, 5.0)], upper=[9.0], integer=[True]), 20, lambda *_: False)
    assert relaxation.x is not None and relaxation.x.tolist() == [3.0]
    again = relaxation.again(np.zeros(1, dtype=np.int32), np.array([-1.0]))
    assert again is not None and again.tolist() == [5.0]
    assert asked == ["choose", "off"] * 2


def test_infeasible_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    run, asked = highs._run, []

    def listen(*arguments: Any, **more: Any) -> Answer:
        asked.append(more["presolve"])
        return run(*arguments, **more)

    monkeypatch.setattr(highs, "_run", listen)
    with pytest.raises(Infeasible):
        solve(program([1.0], [([1.0], 3, 4)], upper=[2.0], integer=[True]), LONG)
    assert asked == ["choose", "off"]


@pytest.mark.parametrize("options", [{"presolve": "perhaps"}, {"no_such_option": 1}, {"mip_rel_gap": -1.0}])
def test_an_option_that_is_refused(options: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SolverError, match=next(iter(options))):
        highs._set(highspy.Highs(), options)  # type: ignore[no-untyped-call]


def test_a_model_that_is_refused(bag: Program, capfd: pytest.CaptureFixture[str]) -> None:
    outside = sp.csc_array((np.ones(1), np.array([0]), np.array([0, 1, 1, 1])), shape=(1, 3))
    outside.indices[0] = 7  # a row that does not exist
    wrong = Program(**{**vars(bag), "matrix": outside})
    with pytest.raises(SolverError, match="model"):
        solve(wrong, LONG)


def test_a_time_limit_leaves_a_plan_and_a_bound() -> None:
    start = solve(HARD, Limits(300, gap=0.5)).x
    assert start is not None
    answer = solve(HARD, Limits(0.3), start=start)
    assert answer.ended == "limit"
    assert answer.x is not None
    assert is_plan(HARD, np.where(HARD.integer, np.round(answer.x), answer.x))
    assert answer.bound <= HARD.objective(answer.x)
    assert HARD.objective(answer.x) <= HARD.objective(start) + 1e-6


def test_a_start_is_used() -> None:
    # With no node to search, the solver ends with what it was given, or better.
    easy = lots(6, 8).program
    best = solve(easy, LONG).x
    assert best is not None
    answer = solve(easy, Limits(300, nodes=0), start=best)
    assert answer.x is not None
    assert easy.objective(answer.x) == pytest.approx(easy.objective(best))


def test_who_watches_sees_plans_and_can_stop() -> None:
    plans = []

    def watch(best: float, bound: float, point: Any) -> bool:
        if point is not None:
            plans.append((best, point))
        return bool(plans)

    answer = solve(HARD, LONG, watch=watch)
    assert answer.ended == "limit"
    cost, point = plans[0]
    assert cost == pytest.approx(HARD.objective(point))


def test_the_same_seed_gives_the_same_plan() -> None:
    easy = lots(5, 8, capacity=60).program
    one, other = (solve(easy, Limits(300, gap=0.02), seed=3).x for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.tolist() == other.tolist()


def test_nothing_to_decide() -> None:
    answer = solve(program([], offset=7), LONG)
    assert answer.x is not None
    assert (len(answer.x), answer.bound, answer.ended) == (0, 7, "optimal")


def test_costs_change_and_no_earlier_stop_holds() -> None:
    # One unit is wanted: bought at 3 with an order of 2, or lost.
    lot = program(
        [3.0, 2.0, 4.0],
        [([1.0, 0.0, 1.0], 1.0, np.inf), ([1.0, -1.0, 0.0], -np.inf, 0.0)],
        upper=[1.0, 1.0, 1.0],
        integer=[False, True, False],
    )
    kept = Recosted(lot)
    stopped = kept.solve(lot.cost, 0.0, Limits(10.0), watch=lambda *told: True)
    assert stopped.x is None or lot.objective(stopped.x) >= 4.0
    first = kept.solve(lot.cost, 1.0, Limits(10.0))
    assert first.x is not None
    assert first.x.tolist() == [0.0, 0.0, 1.0]
    assert first.bound == pytest.approx(4.0 + 1.0)
    second = kept.solve(np.array([3.0, 2.0, 6.0]), 0.0, Limits(10.0), start=first.x)
    assert second.x is not None
    assert second.x.tolist() == pytest.approx([1.0, 1.0, 0.0])
    assert second.bound == pytest.approx(5.0)
