"""CP-SAT: the program in whole numbers. Quantities are whole units, costs and rows are scaled by powers of ten.

A row keeps its decimal digits up to a factor of a million; what has more is rounded so that the row becomes tighter
where that is possible, so a plan of the whole-number program is one of the original, or nearly; the judge sees to the
rest. What CP-SAT proves, it proves for plans in whole units: its bound is not one of the original, and is not used.
"""

import importlib
from typing import Any

import numpy as np
import scipy.sparse as sp

from benchmarks.arrays import Arrays, Floats
from benchmarks.peers.task import Answer, Task, Trace

DIGITS = 6  # decimal digits that a row may have
CENTS = 1e4  # costs are in units of a ten-thousandth
LARGEST = 10**9  # of a variable without a limit that follows from others
WORKERS = 8  # fewer lose the searches that are good at this; they share the cores


def solve(task: Task) -> Answer:
    """Solve the arrays in whole numbers."""
    cp_model: Any = importlib.import_module("ortools.sat.python.cp_model")
    program = task.arrays
    upper = implied_limits(program)
    if (program.lower < 0).any():
        return Answer("CP-SAT", note="a variable may be negative: not translated")
    model = cp_model.CpModel()
    tops = np.minimum(np.floor(upper + 1e-6), LARGEST).astype(np.int64).tolist()
    floors = np.ceil(program.lower - 1e-6).astype(np.int64).tolist()
    variables = [model.new_int_var(low, top, "") for low, top in zip(floors, tops, strict=True)]
    for columns, factors, low, top in whole_rows(program):
        expression = cp_model.LinearExpr.weighted_sum([variables[column] for column in columns], factors)
        model.add_linear_constraint(expression, low, top)
    costs = np.round(program.cost * CENTS).astype(np.int64)
    used = np.flatnonzero(costs)
    model.minimize(cp_model.LinearExpr.weighted_sum([variables[place] for place in used], costs[used].tolist()))
    ready = task.spent()

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = task.left()
    solver.parameters.num_workers = max(task.cores, WORKERS)
    solver.parameters.relative_gap_limit = task.gap
    trace = Trace(task, program.offset)
    solver.best_bound_callback = lambda bound: trace.add(None, bound / CENTS)
    status = solver.solve(model, watch(cp_model, trace, CENTS))
    x = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        trace.add(solver.objective_value / CENTS, solver.best_objective_bound / CENTS)
        x = np.array([solver.value(variable) for variable in variables], dtype=np.float64)
    version = f"CP-SAT of OR-Tools {importlib.import_module('ortools').__version__}"
    return Answer(
        version, x, trace.bound, bound_holds=False, ready=ready, trace=trace.points,
        note=f"whole units; {solver.parameters.num_workers} workers; {solver.status_name(status).lower()}",
    )  # fmt: skip


def implied_limits(program: Arrays, rounds: int = 100) -> Floats:
    """Upper limits of all columns, for those without one what follows from the rows; lower limits must be 0 or more."""
    upper = program.upper.copy()
    rows = sp.csr_array(program.matrix)
    both = sp.csr_array(sp.vstack([rows, -rows]))
    limit = np.concatenate([program.row_upper, -program.row_lower])
    row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
    column, factor = both.indices, both.data
    for _ in range(rounds):
        with np.errstate(invalid="ignore"):
            least = np.where(factor > 0, factor * program.lower[column], factor * upper[column])
        unlimited = np.isinf(least)
        sums = np.bincount(row, np.where(unlimited, 0.0, least), minlength=both.shape[0])
        open_terms = np.bincount(row, unlimited, minlength=both.shape[0])
        useful = (factor > 0) & np.isinf(upper[column]) & (open_terms[row] == 0) & np.isfinite(limit[row])
        if not useful.any():
            break
        of = row[useful]
        room = (limit[of] - sums[of] + least[useful]) / factor[useful]
        np.minimum.at(upper, column[useful], np.maximum(room, 0.0))
    return upper


def whole_rows(program: Arrays) -> list[tuple[list[int], list[int], int, int]]:
    """Each row in whole numbers: columns, factors, lower and upper limit."""
    rows = sp.csr_array(program.matrix)
    found = []
    for row in range(program.rows):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        factors, low, top = rows.data[part], float(program.row_lower[row]), float(program.row_upper[row])
        scale = scale_of(np.append(factors, [limit for limit in (low, top) if np.isfinite(limit)]))
        if low == top:
            scaled = np.round(factors * scale)
        else:  # up where only the upper limit counts, down where only the lower does: tighter, all columns being >= 0
            scaled = np.ceil(factors * scale - 1e-6) if np.isfinite(top) else np.floor(factors * scale + 1e-6)
        least = int(np.ceil(low * scale - 1e-6)) if np.isfinite(low) else -(2**60)
        most = int(np.floor(top * scale + 1e-6)) if np.isfinite(top) else 2**60
        columns = rows.indices[part].tolist()
        found.append((columns, scaled.astype(np.int64).tolist(), min(least, most), most))
    return found


def scale_of(numbers: Floats) -> float:
    """The smallest power of ten by which all are whole, at most a million."""
    for digits in range(DIGITS):
        scaled = numbers * 10.0**digits
        if np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-6:
            return float(10.0**digits)
    return float(10.0**DIGITS)


def watch(cp_model: Any, trace: Trace, cents: float) -> Any:
    """What CP-SAT calls with each better plan."""

    class Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            trace.add(self.objective_value / cents, self.best_objective_bound / cents)

    return Watch()
