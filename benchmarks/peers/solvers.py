"""The solvers by name: what they need installed, and how they are called. A new peer is a file and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from benchmarks.arrays import PLAIN, TIGHT
from benchmarks.peers.task import Answer, Task


@dataclass(frozen=True)
class Peer:
    """A solver.

    Attributes:
        title: as tables show it.
        module: of this package; it has `solve`.
        needs: package that must be installed.
        formulation: of the program that it gets.
    """

    title: str
    module: str
    needs: str
    formulation: str = PLAIN


PEERS = {
    "pyomo": Peer("Pyomo + HiGHS", "pyomo_highs", "pyomo"),
    "highs": Peer("HiGHS on arrays", "highs", "highspy"),
    "highs-tight": Peer("HiGHS, tight form", "highs", "highspy", TIGHT),
    "highs-facility": Peer("HiGHS, facility form", "facility", "highspy"),
    "scip": Peer("SCIP", "scip", "pyscipopt"),
    "cp-sat": Peer("CP-SAT", "cp_sat", "ortools"),
    "cp-sat-tight": Peer("CP-SAT, tight form", "cp_sat", "ortools", TIGHT),
    "cp-sat-lots": Peer("CP-SAT, own form", "cp_sat_lots", "ortools"),
    "cbc": Peer("CBC (PuLP)", "cbc", "pulp"),
}
NAMES = tuple(PEERS)


def installed(name: str) -> bool:
    """Whether a solver can be run here."""
    return find_spec(PEERS[name].needs) is not None


def solver(name: str) -> Callable[[Task], Answer]:
    """The function that solves a task."""
    solve: Callable[[Task], Answer] = import_module(f"benchmarks.peers.{PEERS[name].module}").solve
    return solve
