"""HiGHS on arrays: the program handed over by `passModel`, default settings, no plan to start from."""

import math
from typing import Any

import highspy
import numpy as np

from benchmarks.peers.arrays_to_highs import hand_over
from benchmarks.peers.task import Answer, Task, Trace


def solve(task: Task) -> Answer:
    """Solve the arrays."""
    highs = hand_over(task.arrays)
    ready = task.spent()
    _configure(highs, task)
    trace = Trace(task, task.arrays.offset)
    listen(highs, trace)
    highs.run()
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(highs.getSolution().col_value, dtype=np.float64) if found else None
    bound = float(info.mip_dual_bound)
    trace.add(float(info.objective_function_value) if found else None, bound if math.isfinite(bound) else None)
    return Answer(f"HiGHS {highs.version()}", x, trace.bound, ready=ready, trace=trace.points)


def _configure(highs: highspy.Highs, task: Task) -> None:
    """Its time, gap and cores; anything else as it comes."""
    highs.setOptionValue("time_limit", task.left())
    highs.setOptionValue("mip_rel_gap", task.gap)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("threads", task.cores)


def listen(highs: highspy.Highs, trace: Trace) -> None:
    """Let HiGHS tell of plans and bounds."""

    def improved(event: Any) -> None:
        trace.add(event.data_out.objective_function_value, event.data_out.mip_dual_bound)

    def asked(event: Any) -> None:
        trace.add(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
