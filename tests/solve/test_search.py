"""Search: ends by gap, by time, or when asked to; always with a plan, and a bound that is never above it."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from optimizer.solve import highs
from optimizer.solve import search as search_module
from optimizer.solve.construct import nothing_ordered
from optimizer.solve.events import Progress
from optimizer.solve.highs import Answer, Infeasible, Limits
from optimizer.solve.program import Floats, Program
from optimizer.solve.search import Options, Search
from tests.solve.programs import Lots, compiled, is_plan, lots, program, random_input

CERTAIN = 1e-6


@dataclass
class Run:
    """One search, with all that it told."""

    program: Program
    options: Options
    stop_after_plans: int | None = None
    told: list[Progress] = field(default_factory=list)
    kept: list[tuple[Floats, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.search = Search(
            self.program,
            self.options,
            self.told.append,
            lambda x, cost, exact: self.kept.append((x.copy(), cost)),
            self._stop,
        )
        self.search.run()

    def _stop(self) -> bool:
        return self.stop_after_plans is not None and len(self.kept) >= self.stop_after_plans

    @property
    def phases(self) -> list[str]:
        return list(dict.fromkeys(progress.phase for progress in self.told))

    def check(self) -> None:
        """What holds for every search."""
        assert self.kept
        x, cost = self.kept[-1]
        assert is_plan(self.program, x)
        assert cost == pytest.approx(self.program.objective(x))
        assert self.search.bound <= cost + CERTAIN * max(1.0, abs(cost))
        bounds = [progress.bound for progress in self.told if progress.bound is not None]
        assert bounds == sorted(bounds)
        assert all(bound <= cost + CERTAIN * max(1.0, abs(cost)) for bound in bounds)
        seconds = [progress.seconds for progress in self.told]
        assert seconds == sorted(seconds)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Lots:
    """A program that is not solved at once; its optimum is known, because nobody orders 1000."""
    monkeypatch.setattr(search_module, "SMALL", 20)
    made = lots(6, 5, seed=4, capacity=1000)
    assert made.program.integer.sum() > 20
    return made


def test_a_small_program_to_its_optimum() -> None:
    made = lots(4, 8, seed=2)
    run = Run(made.program, Options(30, gap=0))
    run.check()
    assert run.kept[-1][1] == pytest.approx(made.apart)
    assert run.search.bound == pytest.approx(made.apart)


def test_a_large_program_goes_through_every_phase_and_ends_by_gap(large: Lots) -> None:
    run = Run(large.program, Options(600, gap=0.02))
    run.check()
    cost = run.kept[-1][1]
    assert run.search.bound <= large.apart + 1e-6 <= cost + 1e-5
    assert (cost - run.search.bound) / cost <= 0.02
    assert run.phases[:3] == ["ordering nothing", "linear relaxation", "constructing a plan"]


def test_where_the_time_is_over_nothing_is_begun_after_the_first_plan(large: Lots) -> None:
    run = Run(large.program, Options(0.0, gap=0.0))
    assert [*dict.fromkeys(run.phases)] == ["ordering nothing"]
    assert len(run.kept) == 1 and run.search.bound == -np.inf


def test_two_runs_with_one_seed_end_with_the_same_plan(large: Lots) -> None:
    one, other = (Run(large.program, Options(600, gap=0.05, seed=7)).kept[-1][0] for _ in range(2))
    assert one.tolist() == other.tolist()


def test_on_two_threads_what_ends_soon_is_the_same(large: Lots) -> None:
    one, two = (Run(large.program, Options(600, gap=0.05, seed=7, threads=count)).kept[-1][0] for count in (1, 2))
    assert one.tolist() == two.tolist()


@pytest.mark.parametrize("alone", [0.0, 1e-4])
def test_branch_and_bound_beside_the_search(large: Lots, alone: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "ALONE", alone)
    run = Run(large.program, Options(60, gap=0.0, threads=2))
    run.check()
    assert run.search.bound == pytest.approx(large.apart)
    assert run.kept[-1][1] == pytest.approx(large.apart)


def test_a_small_program_that_takes_long_is_searched_beside_its_tree() -> None:
    hard = lots(12, 14, capacity=90).program  # minutes to prove
    run = Run(hard, Options(3, gap=0.0, threads=2))
    run.check()
    assert hard.integer.sum() < search_module.SMALL
    assert "branch and bound, and 2 blocks at a time" in run.phases
    assert Run(hard, Options(1, gap=0.0, threads=1)).phases[1:] == ["branch and bound on the whole", "exact quantities"]


def test_both_end_when_time_is_over(large: Lots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "ALONE", 0.0)
    run = Run(lots(14, 16, capacity=100).program, Options(1.5, gap=0.0, threads=2))
    run.check()
    assert run.search.gap() > 0  # minutes to prove
    assert run.search._proof is not None and not run.search._proof.running


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3])
def test_a_tiny_time_limit_still_gives_a_plan(large: Lots, seconds: float) -> None:
    Run(large.program, Options(seconds, gap=0)).check()


@pytest.mark.parametrize("seed", range(10))
def test_a_tiny_time_limit_on_whole_instances(seed: int) -> None:
    _, _, made = compiled(random_input(seed, "medium"))
    Run(made.program, Options(0.05, gap=0)).check()


@pytest.mark.parametrize("plans", [1, 2])
def test_asked_to_stop_it_ends_with_its_best_plan(large: Lots, plans: int) -> None:
    run = Run(large.program, Options(600, gap=0), stop_after_plans=plans)
    run.check()
    assert run.search.gap() > 0


def test_contradictory_rules() -> None:
    made = program([1.0], [([1.0], 3.0, 4.0)], upper=[2.0], integer=[True])
    with pytest.raises(Infeasible):
        Run(made, Options(5))


def test_where_ordering_nothing_is_no_plan_another_is_found() -> None:
    made = program([1.0, 1.0], [([1.0, 1.0], 3.0, 3.0)], upper=[5.0, 2.0], integer=[True, False])
    run = Run(made, Options(5))
    run.check()
    assert run.kept[-1][1] == 3


def test_where_ordering_nothing_is_no_plan_the_first_plan_may_pass_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []
    asked = highs.solve

    def listen(made: Program, limit: Limits, **more: Any) -> Answer:
        limits.append(limit.seconds)
        return asked(made, limit, **more)

    monkeypatch.setattr(search_module, "solve", listen)
    made = program([1.0, 1.0], [([1.0, 1.0], 3.0, 3.0)], upper=[5.0, 2.0], integer=[True, False])
    Run(made, Options(0.0, gap=0.0)).check()
    assert limits == [search_module.FIRST_PLAN]


def test_where_what_is_decided_last_cannot_be_whole_all_is_decided_together() -> None:
    # 2 z + y = 1 over whole numbers, z decided last: y = 0 is cheaper and leaves z = 1/2, so that y = 1 it is.
    made = program([1.0, 0.0], [([1.0, 2.0], 1.0, 1.0)], upper=[1.0, 3.0], integer=[True, True])
    made = replace(made, late=np.array([False, True]))
    run = Run(made, Options(5, gap=0.0))
    assert run.search.best is not None and run.search.best.tolist() == [1, 0]
    assert run.kept[-1][1] == run.search.bound == 1


def test_what_can_never_be_whole_is_a_contradiction() -> None:
    made = program([1.0, 0.0], [([0.0, 2.0], 1.0, 1.0)], upper=[1.0, 3.0], integer=[True, True])
    with pytest.raises(Infeasible):
        Run(replace(made, late=np.array([False, True])), Options(5, gap=0.0))


def test_a_worse_answer_of_the_solver_does_not_take_the_place_of_the_plan(
    large: Lots, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: list[Floats] = []
    ordered_nothing = nothing_ordered

    def first(made: Program, seconds: float) -> Floats | None:
        x = ordered_nothing(made, seconds)
        assert x is not None
        nothing.append(x)
        return x

    monkeypatch.setattr(search_module, "nothing_ordered", first)
    monkeypatch.setattr(search_module, "solve", lambda *_, **__: Answer(nothing[0], -np.inf, "limit"))
    run = Run(large.program, Options(20, gap=0.0))
    run.check()
    assert run.kept[-1][1] < large.program.objective(nothing[0])
    assert run.kept[-1][1] == min(cost for _, cost in run.kept)


def test_few_blocks_are_decided_to_a_finer_gap_and_never_to_a_coarser() -> None:
    class Blocks:
        def __init__(self, count: int) -> None:
            self.blocks = range(count)

    made = Search(lots(2, 2).program, Options(), lambda _: None, lambda *_: None, lambda: False)
    assert made._fine(Blocks(50)) == pytest.approx(0.005 / 50)  # type: ignore[arg-type]
    assert made._fine(Blocks(2)) == made._fine(Blocks(101)) == 0.0005  # type: ignore[arg-type]
