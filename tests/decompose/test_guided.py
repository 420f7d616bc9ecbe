"""Guided: the search over a program gets what the plan of its lots says, unless there is an earlier plan."""

import numpy as np
import pytest

from models.assemble import derive
from models.lots_of import lots_of
from models.parts import parts
from optimizer.compile import compile_book
from optimizer.decompose.guided import LotsProof, searching
from optimizer.decompose.search import Decomposition
from optimizer.solve import search as search_module
from optimizer.solve.balance import balanced
from optimizer.solve.guided import Guided
from optimizer.solve.search import Options, Search
from optimizer.solve.warm import Warm
from tests.models.solved import PLAIN, instance

SILENT = (lambda progress: None, lambda quantities, cost, exact: None, lambda: False)


def _guided() -> Guided:
    """Two items, one supplier each; a limit on stock that lots do not know."""
    made = instance(
        items=[PLAIN | {"item": name, "quantity_step": 2} for name in ("A", "B")],
        suppliers=[{"order_cost": 20}],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 1} for name in ("A", "B")],
        inventory=[{"item": "A", "on_hand": 0}, {"item": "B", "on_hand": 0}],
        demand=[{"item": name, "due": due, "quantity": 10 * due} for name in ("A", "B") for due in (1, 2, 3)],
    )
    book = derive(made, parts())
    compiled = compile_book(made, book, parts())
    lots = lots_of(made, derive(made))
    inside = balanced(compiled.program)
    return Guided(inside.program, lots, compiled.columns["order"][lots.order], inside.unit, inside.money)


def _run(problem: Guided, options: Options) -> tuple[Search, list[str]]:
    phases: list[str] = []
    search = searching(
        problem.to_bytes(),
        options,
        lambda progress: phases.append(progress.phase),
        lambda x, cost, exact: None,
        lambda: False,
    )
    search.run()
    return search, phases


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is too small for a guide."""
    monkeypatch.setattr(search_module, "SMALL", 0)


def test_the_lots_come_first_and_their_bound_is_the_program_s() -> None:
    problem = _guided()
    search, phases = _run(problem, Options(8, gap=0.01, threads=1))
    assert any(phase.startswith("its lots alone: ") for phase in phases)
    assert problem.lots.relaxes and np.isfinite(search.bound)
    assert search.bound <= search.cost() * (1 + 1e-6)
    # 120 units at 2 are bought, on time, whatever else it costs.
    assert search.bound * problem.money >= 240


def test_prices_of_the_lots_prove_on_beside_the_search() -> None:
    problem = _guided()
    search, _ = _run(problem, Options(8, gap=0.01, threads=1))
    inner = Decomposition(problem.lots, Options(60, gap=0.9, threads=1), *SILENT, 60.0)
    inner.run()
    before = problem.bound(inner.bound)
    proof = LotsProof(problem, inner, 60.0, lambda: False).start()
    proof.offer(np.zeros(0))
    proof.wait()
    assert not proof.running
    assert before <= proof.bound <= search.cost() * (1 + 1e-6)
    proof.end()


def test_what_breaks_a_proof_is_told() -> None:
    problem = _guided()
    inner = Decomposition(problem.lots, Options(60, gap=0.9, threads=1), *SILENT)
    inner.run()

    def broken() -> bool:
        raise ZeroDivisionError

    proof = LotsProof(problem, inner, 60.0, broken).start()
    with pytest.raises(ZeroDivisionError):
        proof.end()


def test_an_earlier_plan_needs_no_lots() -> None:
    problem = _guided()
    known = Warm(np.full(problem.program.columns, np.nan), np.zeros(0), np.zeros(0, dtype=np.int64))
    _, phases = _run(problem, Options(60, gap=0.01, threads=1, warm=known))
    assert not any(phase.startswith("its lots alone: ") for phase in phases)
