"""Proof: a tree that grows beside a search; takes up what is offered, tells what it finds, ends when asked."""

import threading

import numpy as np
import pytest

from optimizer.solve import proof as proof_module
from optimizer.solve.construct import nothing_ordered
from optimizer.solve.highs import Infeasible, Limits, SolverError
from optimizer.solve.program import Floats
from optimizer.solve.proof import Proof
from tests.solve.programs import lots

MADE = lots(4, 8, seed=2)  # solved in a second; its optimum is known
HARD = lots(14, 16, capacity=100).program  # minutes to prove


def start_of(program: object) -> Floats:
    """The plan that orders nothing."""
    point = nothing_ordered(program, 10.0)  # type: ignore[arg-type]
    assert point is not None
    return point


def test_it_ends_proven_and_tells_what_it_finds() -> None:
    found: list[float] = []
    proof = Proof(
        MADE.program, Limits(30), 0, start_of(MADE.program), lambda _, cost: found.append(cost), lambda: False
    ).start()
    proof.wait()
    assert not proof.running
    assert proof.bound == pytest.approx(MADE.apart)
    assert min(found) == pytest.approx(MADE.apart)


def test_it_ends_when_it_is_asked() -> None:
    enough = threading.Event()
    proof = Proof(HARD, Limits(300), 0, start_of(HARD), lambda *_: enough.set(), enough.is_set).start()
    proof.wait(60.0)
    assert not proof.running
    assert proof.bound <= HARD.objective(start_of(HARD))


def test_it_can_be_ended() -> None:
    proof = Proof(HARD, Limits(300), 0, start_of(HARD), lambda *_: None, lambda: False).start()
    proof.end()
    assert not proof.running


def test_what_is_offered_is_taken_up_once() -> None:
    """The first that it finds by itself is offered to another, which then has nothing to find until it is better."""
    first: list[Floats] = []
    Proof(HARD, Limits(300), 0, start_of(HARD), lambda x, _: first.append(x), lambda: bool(first)).start().wait()
    proof = Proof(HARD, Limits(0.0), 0, start_of(HARD), lambda *_: None, lambda: True).start()
    proof.wait()
    proof.offer(first[0])
    assert proof._taken() is first[0]
    assert proof._taken() is None


def test_a_solver_that_lies_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def contradictory(*_: object, **__: object) -> None:
        raise Infeasible

    monkeypatch.setattr(proof_module, "solve", contradictory)
    proof = Proof(HARD, Limits(5), 0, start_of(HARD), lambda *_: None, lambda: False).start()
    proof.wait()
    assert proof.bound == -np.inf


def test_its_failure_is_raised_where_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise SolverError("broken")

    monkeypatch.setattr(proof_module, "solve", broken)
    proof = Proof(HARD, Limits(5), 0, start_of(HARD), lambda *_: None, lambda: False).start()
    with pytest.raises(SolverError, match="broken"):
        proof.wait()
    proof.wait()  # told once
