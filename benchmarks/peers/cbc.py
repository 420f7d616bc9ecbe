"""CBC, through PuLP and the binary that comes with it; its trace is read from its log."""

import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from benchmarks.peers.task import Answer, Task, Trace

NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?)"
NODES = re.compile(rf"Cbc0010I .*?, {NUMBER} best solution, best possible {NUMBER} \({NUMBER} seconds\)")
PLAN = re.compile(rf"Cbc00(?:04|12|16)I Integer solution of {NUMBER} found .*?\({NUMBER} seconds\)")
RELAXED = re.compile(rf"Continuous objective value is {NUMBER} - {NUMBER} seconds")
LOWER = re.compile(rf"^Lower bound: +{NUMBER}", re.MULTILINE)
OPTIMAL = re.compile(rf"^Result - Optimal solution found\s+Objective value: +{NUMBER}", re.MULTILINE)
SOLUTIONS = {"Optimal Solution Found", "Solution Found"}


def solve(task: Task) -> Answer:
    """Solve the arrays."""
    pulp: Any = importlib.import_module("pulp")
    program = task.arrays
    problem, variables = _problem(pulp, task)
    log = task.scratch / "cbc.log"
    ready = task.spent()
    solver = pulp.PULP_CBC_CMD(
        msg=False, timeLimit=task.left(), gapRel=task.gap, threads=task.cores, logPath=str(log), timeMode="elapsed",
    )  # fmt: skip
    problem.solve(solver)
    trace = Trace(task, program.offset)
    follow(log.read_text(errors="replace") if log.exists() else "", trace, ready)
    x = None
    if pulp.constants.LpSolution[problem.sol_status] in SOLUTIONS:
        x = np.array([variable.varValue or 0.0 for variable in variables], dtype=np.float64)
    return Answer(
        f"CBC through PuLP {pulp.__version__}", x, trace.bound, ready=ready, trace=trace.points, note=_build(log)
    )


def follow(log: str, trace: Trace, ready: float) -> None:
    """Plans and bounds from CBC's log."""
    for line in log.splitlines():
        if found := NODES.search(line):
            plan, bound, seconds = map(float, found.groups())
            trace.add(plan if plan < 1e49 else None, bound, ready + seconds)
        elif found := PLAN.search(line):
            plan, seconds = map(float, found.groups())
            trace.add(plan, None, ready + seconds)
        elif found := RELAXED.search(line):
            trace.add(None, float(found.group(1)), ready + float(found.group(2)))
    for proven in (LOWER, OPTIMAL):
        if found := proven.search(log):
            trace.add(None, float(found.group(1)))


def _problem(pulp: Any, task: Task) -> tuple[Any, list[Any]]:
    """The program in PuLP's words."""
    program = task.arrays
    limits = zip(program.lower.tolist(), program.upper.tolist(), program.integer.tolist(), strict=True)
    variables = [
        pulp.LpVariable(f"x{place}", _finite(lower), _finite(upper), "Integer" if whole else "Continuous")
        for place, (lower, upper, whole) in enumerate(limits)
    ]
    problem = pulp.LpProblem("program", pulp.LpMinimize)
    used = np.flatnonzero(program.cost)
    problem += pulp.LpAffineExpression([(variables[place], float(program.cost[place])) for place in used])
    rows = sp.csr_array(program.matrix)
    for row in range(program.rows):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        terms = zip(rows.indices[part].tolist(), rows.data[part].tolist(), strict=True)
        sum_of = pulp.LpAffineExpression([(variables[place], factor) for place, factor in terms])
        lower, upper = float(program.row_lower[row]), float(program.row_upper[row])
        if lower == upper:
            problem += sum_of == lower
            continue
        if np.isfinite(lower):
            problem += sum_of >= lower
        if np.isfinite(upper):
            problem += sum_of <= upper
    return problem, variables


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _build(log: Path) -> str:
    """Which CBC it was, from the head of its log."""
    head = log.read_text(errors="replace")[:500] if log.exists() else ""
    found = re.search(r"Version: (\S+)", head)
    return f"CBC {found.group(1)}" if found else ""
