"""Guided: what the plan of its lots says of a program, and a search that listens."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from optimizer.solve import search as search_module
from optimizer.solve.guided import Advice, Guide, Guided
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import Floats
from optimizer.solve.proof import Beside
from optimizer.solve.search import Options, Search
from tests.decompose.lots import family_lots
from tests.solve.programs import Lots, lots, program

TINY = program([2.0, 3.0, 1.0], [([1, 1, 1], 1, np.inf)])
KNOWN = replace(family_lots().restricted(np.array([0])), relaxes=True)


def _guided() -> Guided:
    """Options 0 and 1 are columns 2 and 0; the others have none."""
    column = np.full(len(KNOWN.order), -1)
    column[:2] = 2, 0
    return Guided(TINY, KNOWN, column, np.array([1.0, 1.0, 2.0]), 4.0)


NONE = np.zeros(len(KNOWN.order), dtype=np.bool_)


def test_what_the_lots_order_and_what_not() -> None:
    quantity, mixed = np.zeros(len(KNOWN.order)), NONE.copy()
    quantity[[0, 5]] = 3.0
    advice = _guided().advice(quantity, mixed, 100.0)
    assert advice is not None
    assert advice.at == pytest.approx([0.0, np.nan, 1.5], nan_ok=True)  # in the program's units
    assert advice.unused.tolist() == [True, False, False]
    assert advice.bound == 25.0  # in the program's money
    mixed[1] = True
    more = _guided().advice(quantity, mixed, 100.0)
    assert more is not None and not more.unused.any()


def test_segments_of_prices_are_one_order_line() -> None:
    column = np.full(len(KNOWN.order), -1)
    column[:2] = 2
    quantity = np.zeros(len(KNOWN.order))
    quantity[1] = 3.0
    advice = replace(_guided(), column=column).advice(quantity, NONE, 100.0)
    assert advice is not None
    assert (advice.at[2], advice.unused[2]) == (1.5, False)


def test_lots_that_order_nothing_say_nothing() -> None:
    quantity = np.zeros(len(KNOWN.order))
    quantity[5] = 3.0  # of which the program has no column
    assert _guided().advice(quantity, NONE, 100.0) is None


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


@dataclass
class Said:
    """A guide that says what it is told to."""

    advice: Advice | None
    bound: float = -np.inf
    proves: Beside | None = None

    def __call__(self, report: Callable[[str, float], None]) -> Advice | None:
        report("looking around", self.bound)
        return self.advice

    def proof(self, seconds: float) -> Beside | None:
        return self.proves


def _searched(made: Lots, guide: Guide, gap: float = 0.02) -> tuple[Search, list[str]]:
    phases: list[str] = []
    search = Search(
        made.program,
        Options(60, gap=gap, threads=1),
        lambda progress: phases.append(progress.phase),
        lambda x, cost, exact: None,
        lambda: False,
        guide,
    )
    search.run()
    return search, list(dict.fromkeys(phases))


def _advice(made: Lots, at: Floats, bound: float = -np.inf) -> Advice:
    """What the whole-number columns are, and nothing else."""
    whole = made.program.integer
    return Advice(np.where(whole, at, np.nan), np.zeros(len(whole), dtype=np.bool_), bound)


def _optimum(made: Lots) -> Floats:
    answer = solve(made.program, Limits(60))
    assert answer.x is not None
    return np.round(answer.x)


def test_a_guide_s_plan_is_taken_over_and_its_bound_counts(large: Lots) -> None:
    advice = _advice(large, _optimum(large), large.apart - 1.0)
    search, phases = _searched(large, Said(advice, large.apart - 2.0))
    assert phases[1:3] == ["looking around", "taking over the plan of its lots"]
    assert not {"linear relaxation", "constructing a plan from that of its lots"} & {*phases}
    assert search.bound >= large.apart - 1.0
    assert search.gap() <= 0.02


def test_a_poor_plan_is_no_place_to_begin(large: Lots) -> None:
    """Only the first block orders: better than nothing, and far above the bound."""
    at = np.where(large.program.block == 0, _optimum(large), 0.0)
    search, phases = _searched(large, Said(_advice(large, at, large.apart - 1.0)))
    assert phases[2:5] == ["taking over the plan of its lots", "linear relaxation", "constructing a plan"]
    assert search.cost() == pytest.approx(large.apart, rel=0.02)


def test_without_a_bound_the_relaxation_gives_one(large: Lots) -> None:
    search, phases = _searched(large, Said(_advice(large, _optimum(large))))
    assert phases.index("taking over the plan of its lots") < phases.index("linear relaxation")
    assert search.gap() <= 0.02


def test_where_a_guide_leads_nowhere_the_search_finds_its_own_way(large: Lots) -> None:
    search, phases = _searched(large, Said(None))
    assert phases.index("linear relaxation") < phases.index("constructing a plan")
    assert search.cost() == pytest.approx(large.apart, rel=0.02)
    nothing = _advice(large, np.zeros(large.program.columns))  # which is the plan that is there
    search, phases = _searched(large, Said(nothing))
    tried = ["taking over the plan of its lots", "constructing a plan from that of its lots", "linear relaxation"]
    assert phases[2:5] == tried
    assert search.cost() == pytest.approx(large.apart, rel=0.02)
