"""A mixed-integer program collected column by column and row by row, and solved by HiGHS or by SCIP.

min Σ cost·x  subject to  lower ≤ Σ coefficient·x ≤ upper  and bounds on x, some x whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

import highspy
import numpy as np

INFINITY = float("inf")
Solver = Literal["highs", "scip"]


@dataclass(frozen=True)
class Answer:
    """What a solver said: `status` is "optimal", "feasible" (a time limit) or "none"; `values` by column."""

    status: str
    objective: float
    bound: float
    values: list[float]


@dataclass
class MixedInteger:
    """The program; columns and rows are numbered in the order in which they are added."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[tuple[int, float]]]] = field(default_factory=list)

    def column(self, cost: float = 0, lower: float = 0, upper: float = INFINITY, whole: bool = False) -> int:
        """Adds a variable and returns its number."""
        self.costs.append(float(cost))
        self.lower.append(float(lower))
        self.upper.append(float(upper))
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float = -INFINITY, upper: float = INFINITY) -> None:
        """Adds a constraint; terms of one column are added up, terms of zero are dropped."""
        total: dict[int, float] = {}
        for column, coefficient in terms:
            total[column] = total.get(column, 0.0) + float(coefficient)
        self.rows.append((float(lower), float(upper), [(c, v) for c, v in total.items() if v]))

    def solve(self, solver: Solver = "highs", time_limit: float = 20, gap: float = 0) -> Answer:
        """Solves it on one thread."""
        return (self._highs if solver == "highs" else self._scip)(time_limit, gap)

    def _highs(self, time_limit: float, gap: float) -> Answer:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.costs), len(self.rows)
        program.col_cost_, program.col_lower_, program.col_upper_ = self.costs, self.lower, self.upper
        program.row_lower_ = [row[0] for row in self.rows]
        program.row_upper_ = [row[1] for row in self.rows]
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[whole] for whole in self.whole]
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in self.rows)]).astype(np.int32)
        program.a_matrix_.index_ = np.array([c for row in self.rows for c, _ in row[2]], dtype=np.int32)
        program.a_matrix_.value_ = np.array([v for row in self.rows for _, v in row[2]], dtype=float)
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {
            "output_flag": False, "threads": 1, "time_limit": float(time_limit), "mip_rel_gap": float(gap),
            "mip_abs_gap": 1e-7, "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": 1e-8,
        }  # fmt: skip
        for name, value in options.items():
            if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise RuntimeError(f"HiGHS refuses {name}")
        if highs.passModel(program) == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refuses the model")
        highs.run()
        info, status = highs.getInfo(), highs.getModelStatus()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer("none", INFINITY, -INFINITY, [])
        optimal = status == highspy.HighsModelStatus.kOptimal
        has_whole = any(self.whole)
        bound = info.mip_dual_bound if has_whole and isfinite(info.mip_dual_bound) else -INFINITY
        bound = info.objective_function_value if optimal and not has_whole else bound
        values = [float(value) for value in highs.getSolution().col_value]
        return Answer("optimal" if optimal else "feasible", info.objective_function_value, bound, values)

    def _scip(self, time_limit: float, gap: float) -> Answer:
        import pyscipopt

        model = pyscipopt.Model()
        model.hideOutput()
        model.setParam("limits/time", time_limit)
        model.setParam("limits/gap", gap)
        model.setParam("numerics/feastol", 1e-8)
        columns = [
            model.addVar(vtype="I" if whole else "C", lb=lower, ub=None if upper == INFINITY else upper, obj=cost)
            for cost, lower, upper, whole in zip(self.costs, self.lower, self.upper, self.whole, strict=True)
        ]
        for lower, upper, terms in self.rows:
            left = pyscipopt.quicksum(value * columns[column] for column, value in terms)
            if not terms:
                continue
            if isfinite(lower) and isfinite(upper) and lower == upper:
                model.addCons(left == lower)
            else:
                if isfinite(lower):
                    model.addCons(left >= lower)
                if isfinite(upper):
                    model.addCons(left <= upper)
        model.optimize()
        if not model.getNSols():
            return Answer("none", INFINITY, -INFINITY, [])
        best = model.getBestSol()
        assert best is not None
        status = "optimal" if model.getStatus() in {"optimal", "gaplimit"} else "feasible"
        return Answer(status, model.getObjVal(), model.getDualbound(), [float(best[column]) for column in columns])
