"""SCIP, through PySCIPOpt: the program as an MPS file (without loss: 15 digits), default settings, one core."""

import importlib
from typing import Any

import numpy as np

from benchmarks.peers.arrays_to_highs import hand_over
from benchmarks.peers.task import Answer, Task, Trace


def solve(task: Task) -> Answer:
    """Solve the arrays."""
    scip: Any = importlib.import_module("pyscipopt")
    path = task.scratch / "program.mps"
    hand_over(task.arrays).writeModel(str(path))
    solver = scip.Model()
    solver.hideOutput()
    solver.readProblem(str(path))
    path.unlink()
    columns = {int(variable.name[1:]): variable for variable in solver.getVars()}  # HiGHS names them c0, c1, …
    ready = task.spent()
    solver.setParam("limits/time", task.left())
    solver.setParam("limits/gap", task.gap)
    trace = Trace(task, task.arrays.offset)
    solver.includeEventhdlr(_watch(scip, trace), "trace", "follows plan and bound")
    solver.optimize()
    _add(trace, solver)
    x = None
    if solver.getNSols():
        best = solver.getBestSol()
        x = np.zeros(task.arrays.columns)
        for column, variable in columns.items():
            x[column] = best[variable]
    version = f"SCIP {solver.version()}"
    return Answer(version, x, trace.bound, ready=ready, trace=trace.points, note="one core")


def _add(trace: Trace, solver: Any) -> None:
    trace.add(solver.getPrimalbound() if solver.getNSols() else None, solver.getDualbound())


def _watch(scip: Any, trace: Trace) -> Any:
    """What SCIP calls whenever it has a better plan or bound."""
    kinds = scip.SCIP_EVENTTYPE
    wanted = (kinds.BESTSOLFOUND, kinds.NODESOLVED, kinds.FIRSTLPSOLVED, kinds.LPSOLVED)

    class Watch(scip.Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            for kind in wanted:
                self.model.catchEvent(kind, self)

        def eventexit(self) -> None:
            for kind in wanted:
                self.model.dropEvent(kind, self)

        def eventexec(self, event: Any) -> dict[str, Any]:
            _add(trace, self.model)
            return {}

    return Watch()
