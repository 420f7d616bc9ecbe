"""Guided: what the plan of its lots says of a program, and a search that listens."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from optimizer.solve import search as search_module
from optimizer.solve.guided import Advice, Guide, Guided
from optimizer.solve.program import Booleans
from optimizer.solve.search import Options, Search
from tests.decompose.lots import family_lots
from tests.solve.programs import Lots, lots, program

TINY = program([2.0, 3.0, 1.0], [([1, 1, 1], 1, np.inf)])
KNOWN = replace(family_lots().restricted(np.array([0])), relaxes=True)


def _guided() -> Guided:
    """Options 0 and 1 are columns 2 and 0; the others have none."""
    column = np.full(len(KNOWN.order), -1)
    column[:2] = 2, 0
    return Guided(TINY, KNOWN, column, 4.0)


def test_what_the_lots_do_not_order_is_unused() -> None:
    quantity = np.zeros(len(KNOWN.order))
    quantity[[1, 5]] = 3.0
    advice = _guided().advice(quantity, 100.0)
    assert advice is not None
    assert advice.unused.tolist() == [False, False, True]
    assert advice.bound == 25.0  # in the program's money


def test_lots_that_order_nothing_say_nothing() -> None:
    quantity = np.zeros(len(KNOWN.order))
    quantity[5] = 3.0  # of which the program has no column
    assert _guided().advice(quantity, 100.0) is None


def test_a_bound_on_the_lots_is_one_only_where_they_relax_this_program() -> None:
    guided = _guided()
    assert guided.towards(TINY).bound(8.0) == 2.0
    other = replace(TINY, cost=np.ones(3))
    assert guided.towards(other).program is other
    assert guided.towards(other).bound(8.0) == -np.inf
    assert replace(guided, lots=replace(KNOWN, relaxes=False)).bound(8.0) == -np.inf


def test_there_and_back_as_bytes() -> None:
    back = Guided.from_bytes(_guided().to_bytes())
    assert (back.money, back.column.tolist()) == (4.0, _guided().column.tolist())
    assert np.array_equal(back.program.cost, TINY.cost) and np.array_equal(back.lots.order, KNOWN.order)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Lots:
    """A program that is not solved at once."""
    monkeypatch.setattr(search_module, "SMALL", 20)
    return lots(6, 5, seed=4, capacity=1000)


def _searched(made: Lots, guide: Guide) -> tuple[Search, list[str]]:
    phases: list[str] = []
    search = Search(
        made.program,
        Options(600, gap=0.02),
        lambda progress: phases.append(progress.phase),
        lambda x, cost, exact: None,
        lambda: False,
        guide,
    )
    search.run()
    return search, list(dict.fromkeys(phases))


def _unused(made: Lots, use: Callable[[int], bool]) -> Booleans:
    """Whole-number columns that a guide leaves unused."""
    used = np.array([use(column) for column in range(made.program.columns)], dtype=np.bool_)
    return made.program.integer & ~used


def test_a_guide_leads_to_a_plan_and_its_bound_counts(large: Lots) -> None:
    def guide(report: Callable[[str, float], None]) -> Advice:
        report("looking around", large.apart - 2.0)
        return Advice(_unused(large, lambda column: True), large.apart - 1.0)

    search, phases = _searched(large, guide)
    assert phases[1:3] == ["looking around", "constructing a plan from that of its lots"]
    assert "linear relaxation" not in phases
    assert search.bound >= large.apart - 1.0
    assert search.gap() <= 0.02


def test_without_a_bound_the_relaxation_gives_one(large: Lots) -> None:
    search, phases = _searched(large, lambda report: Advice(_unused(large, lambda column: True), -np.inf))
    assert phases.index("constructing a plan from that of its lots") < phases.index("linear relaxation")
    assert search.gap() <= 0.02


@pytest.mark.parametrize("advice", [None, "nothing may be used"])
def test_where_a_guide_leads_nowhere_the_search_finds_its_own_way(large: Lots, advice: str | None) -> None:
    nothing = None if advice is None else Advice(_unused(large, lambda column: False), -np.inf)
    search, phases = _searched(large, lambda report: nothing)
    assert phases.index("linear relaxation") < phases.index("constructing a plan")
    assert search.cost() == pytest.approx(large.apart, rel=0.02)
