"""Second opinion: the solver is not believed where it says that there is no plan."""

from typing import Any

import pytest

from optimizer.planning import plan
from optimizer.results.second_opinion import after_all
from optimizer.solve.highs import Answer, Infeasible, NoPlan
from tests.models.solved import instance
from tests.solve.in_process import InProcess
from tests.solve.programs import random_input


def made(**more: Any) -> Any:
    return instance(inventory=[{"on_hand": 5}], demand=[{"due": 0, "quantity": 10}], **more)


def test_where_nothing_is_broken_the_point_is_a_plan() -> None:
    # 5 on hand of 10 asked for, half of which must be delivered: 5 short at 100, and nothing else costs anything.
    other = after_all(made(fill_rates=[{"minimum_fill_rate": 0.5}]), 10)
    assert other is not None
    assert other.compiled.program.objective(other.x) == pytest.approx(500)


def test_where_a_rule_is_broken_there_is_no_plan() -> None:
    assert after_all(made(fill_rates=[{"minimum_fill_rate": 0.6}]), 10) is None


def test_a_solver_that_calls_everything_contradictory_is_not_believed(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Liar(InProcess):
        def search(self, *arguments: object) -> Any:
            raise Infeasible

    monkeypatch.setattr("optimizer.planning.Engine", Liar)
    found = plan(random_input(5, "small"), out=tmp_path / "plan")
    assert found.bound <= found.objective
    assert found.run["failure"] == "the solver called the rules contradictory although there is a plan"
    assert any("a failure of ours" in warning for warning in found.warnings)
    assert (tmp_path / "plan" / "plan.json").is_file()


def test_where_the_elastic_program_finds_nothing_the_solver_s_word_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    class Liar(InProcess):
        def search(self, *arguments: object) -> Any:
            raise NoPlan

    def no_point(*arguments: object) -> Answer:
        raise Infeasible

    monkeypatch.setattr("optimizer.planning.Engine", Liar)
    monkeypatch.setattr("optimizer.results.contradictions.solve", no_point)
    monkeypatch.setattr("optimizer.results.second_opinion.solve", no_point)
    with pytest.raises(NoPlan):
        plan(random_input(5, "small"))
