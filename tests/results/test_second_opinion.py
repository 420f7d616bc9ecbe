"""Second opinion: the solver is not believed where it says that there is no plan."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from optimizer.planning import make, plan, settled
from optimizer.read import Input, read
from optimizer.results.plan import Plan
from optimizer.results.second_opinion import after_all
from optimizer.solve.engine import Engine
from optimizer.solve.highs import Answer, Infeasible, NoPlan
from tests.campaigns.pure_instances import pure_instance
from tests.models.solved import instance
from tests.results.frames import frames
from tests.solve.in_process import InProcess
from tests.solve.liar import lying
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


def tiers() -> Input:
    """4 on hand; C1 of the first tier wants 3, C2 of the second 3, who waits a week for more: 3 and 1 now, 2 later."""
    tables = {
        "items": {"item": ["A"], "price": ["2"], "ending_value": ["0"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["1"], "lead_time": ["1"], "order_cost": ["1"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["4"]},
        "customers": {"customer": ["C1", "C2"], "tier": ["1", "2"]},
        "demand": {"item": ["A"] * 2, "customer": ["C1", "C2"], "due": ["2026-11-23"] * 2, "quantity": ["3"] * 2},
    }
    settings = {"name": "tiers", "start": "2026-11-23", "periods": 3, "allocation": {"strict_tiers": 2}}
    return read(frames(tables), settings=settings)


def lots() -> Input:
    """Small, and planned lot by lot."""
    tables, settings = pure_instance(1, "crowded")
    return read(frames(tables), settings=settings)


@pytest.mark.parametrize(
    ("source", "lots_from", "road"),
    [(lambda: random_input(5, "small"), None, "whole"), (lots, 0, "decomposed"), (tiers, None, "whole")],
)
def test_on_every_road_contradictory_is_not_believed_once(
    source: Callable[[], Input], lots_from: int | None, road: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, made = cast(Engine, InProcess()), source()
    asked_for = settled(made, gap=0.05, time_limit=20, threads=1)

    def planned() -> Plan:
        return make(made, asked_for, engine, lambda progress: None, lots_from=lots_from)

    honest = planned()
    asked = lying(monkeypatch)
    lied_to = planned()
    assert asked.count("off") == asked.count("choose") > 0
    assert honest.run["road"].startswith(road) and lied_to.run["failure"] == ""
    assert lied_to.objective == pytest.approx(honest.objective, rel=0.06)
    assert lied_to.bound <= honest.objective * (1 + 1e-9) and honest.bound <= lied_to.objective * (1 + 1e-9)
