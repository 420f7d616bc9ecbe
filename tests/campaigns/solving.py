"""Programs solved by several solvers and settings, as campaigns compare them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from models.assemble import derive
from models.instance import Instance
from models.part import Part
from optimizer.compile import Compiled, compile_book
from optimizer.solve.balance import balanced
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Program

CLOSE = 1e-5
KEPT = 1e-5  # relative violation up to which a point counts as one


@dataclass(frozen=True)
class Range:
    """Cost of the best plan that was found, and what no plan costs less than."""

    cost: float
    bound: float

    def times(self, factor: float) -> "Range":
        """In other money."""
        return Range(self.cost * factor, self.bound * factor)


def compiled(instance: Instance, chosen: tuple[Part, ...]) -> Compiled:
    """The program of some parts."""
    return compile_book(instance, derive(instance, chosen), chosen)


def in_balance(program: Program, seconds: float) -> tuple[Floats | None, float] | None:
    """Best point and bound, in the planner's units, solved in those of the engine; None where there is no plan."""
    inside = balanced(program)
    try:
        answer = solve(inside.program, Limits(seconds=seconds))
    except Infeasible:
        return None
    x = None if answer.x is None else inside.point(answer.x)
    return x, answer.bound * inside.money


def by_highs(
    program: Program, seconds: float, *, presolve: str = "choose", seed: int = 0, threads: int = 1
) -> Range | None:
    """By HiGHS as it comes, without the engine's units; None where it finds the program infeasible."""
    highspy.Highs.resetGlobalScheduler(True)
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_, model.offset_ = program.columns, program.rows, program.offset
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.matrix.indptr
    model.a_matrix_.index_ = program.matrix.indices
    model.a_matrix_.value_ = program.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    options = {
        "output_flag": False, "time_limit": seconds, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "presolve": presolve,
        "random_seed": seed, "threads": threads, "mip_feasibility_tolerance": 1e-7,
    }  # fmt: skip
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS refuses {name}")
    highs.passModel(model)
    highs.run()
    info, status = highs.getInfo(), highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(highs.getSolution().col_value) if found else None
    bound = info.mip_dual_bound if program.integer.any() else info.objective_function_value
    return _range(program, x, float(bound))


def by_scip(program: Program, seconds: float) -> Range | None:
    """By SCIP; None where it finds the program infeasible."""
    import pyscipopt

    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    model.setParam("numerics/feastol", 1e-8)
    columns = [
        model.addVar(
            vtype="I" if whole else "C",
            lb=None if low == -np.inf else low,
            ub=None if high == np.inf else high,
            obj=cost,
        )
        for cost, low, high, whole in zip(program.cost, program.lower, program.upper, program.integer, strict=True)
    ]
    rows = sp.csr_array(program.matrix)
    for row in range(program.rows):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        low, high = program.row_lower[row], program.row_upper[row]
        if part.start == part.stop or (low == -np.inf and high == np.inf):
            continue
        terms = zip(rows.data[part], rows.indices[part], strict=True)
        left = pyscipopt.quicksum(float(value) * columns[column] for value, column in terms)
        if low == high:
            model.addCons(left == float(low))
            continue
        if low > -np.inf:
            model.addCons(left >= float(low))
        if high < np.inf:
            model.addCons(left <= float(high))
    model.optimize()
    if model.getStatus() == "infeasible":
        return None
    best = model.getBestSol() if model.getNSols() else None
    x = None if best is None else np.array([best[column] for column in columns])
    return _range(program, x, model.getDualbound() + program.offset)


def _range(program: Program, x: Floats | None, bound: float) -> Range:
    """Cost and bound; a point that breaks a row by more than a tolerance is none."""
    if x is not None and program.violation(x, np.ones(program.rows, dtype=np.bool_)) > KEPT:
        x = None
    return Range(float("inf") if x is None else program.objective(x), bound if np.isfinite(bound) else -np.inf)


def slack_of(cost: float) -> float:
    """How far two costs may be apart."""
    return CLOSE * max(1.0, abs(cost))


def apart(one: str, found: Range | None, another: str, other: Range | None) -> Iterator[str]:
    """What of two claims about the same cannot be."""
    if (found is None) != (other is None):
        yield f"{one} says {found}, {another} says {other}"
    yield from not_below(one, found, other, another)
    yield from not_below(another, other, found, one)


def not_below(one: str, found: Range | None, other: Range | None, another: str = "the plan") -> Iterator[str]:
    """That a plan of `one` costs no less than what any plan of `another` does."""
    if found is not None and other is not None and found.cost < other.bound - slack_of(other.bound):
        yield f"{one} costs {found.cost}, and {another} no less than {other.bound}"
