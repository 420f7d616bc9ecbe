"""Pyomo + HiGHS: what anyone would write first. The model built rule by rule by stock Pyomo, solved by `appsi_highs`.

Building and handing over are part of its time, as they are of ours; reading the tables is not.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.peers.highs import listen
from benchmarks.peers.task import Answer, Task, Trace


def solve(task: Task) -> Answer:
    """Build and solve the Pyomo model."""
    from pyomo.contrib.appsi.solvers import Highs

    from models.assemble import build, derive
    from optimizer.read import read

    source = read(task.instance)
    task = replace(task, began=time.monotonic())
    m, _ = build(source.instance, derive(source.instance))
    solver: Any = Highs()
    version = "Pyomo, HiGHS " + ".".join(map(str, solver.version()))
    # Nothing changes between handing over and solving: it need not look for changes.
    for name in solver.update_config:
        if name.startswith(("check_for_new", "update_")):
            setattr(solver.update_config, name, False)
    solver.set_instance(m)
    ready = task.spent()
    if ready >= task.seconds:
        return Answer(version, ready=ready, note="time was over before HiGHS had the model")
    solver.config.load_solution = False
    solver.config.time_limit = task.left()
    solver.config.mip_gap = task.gap
    solver.highs_options = {"threads": task.cores, "mip_abs_gap": 0.0}
    trace = Trace(task)
    listen(solver._solver_model, trace)
    results = solver.solve(m)
    trace.add(results.best_feasible_objective, results.best_objective_bound)
    x = None
    if results.best_feasible_objective is not None:
        results.solution_loader.load_vars()
        x = _point(task, m)
    return Answer(version, x, trace.bound, ready=ready, trace=trace.points)


def _point(task: Task, m: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values of Pyomo's variables by the program's columns."""
    x = np.zeros(task.arrays.columns)
    for name, columns in task.arrays.places.items():
        values = np.array([data.value or 0.0 for data in m.component(name).values()], dtype=np.float64)
        held = columns >= 0
        x[columns[held]] = values[held]
    return x
