"""HiGHS on arrays: the only file that talks to the solver."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from optimizer.solve.program import Floats, Ints, Program

FEASIBILITY = 1e-7  # by which a whole number may miss one
LEAST_SECONDS = 0.1  # for a second opinion on what was called contradictory
ASKED_AGAIN = ("infeasible", "doubtful")  # without presolve
CONTRADICTORY = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class SolverError(Exception):
    """The solver refused what we handed to it: a fault of ours."""


class NoPlan(SolverError):
    """The time was over before there was any plan."""


class Infeasible(Exception):
    """No point satisfies the program, said twice: with and without presolve."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run ends: seconds, relative gap, or branch-and-bound nodes, whichever comes first."""

    seconds: float
    gap: float = 0.0
    nodes: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run ended with: the best point, if any, and the proven bound (-inf for none).

    Doubtful is what is called optimal without any bound: where presolve finds no point at all, HiGHS gives back the
    point from which it began, and calls that optimal.
    """

    x: Floats | None
    bound: float
    ended: str  # "optimal" within the gap, "limit", "infeasible", "doubtful"


Watch = Callable[[float, float, Floats | None], bool]  # best cost, bound, new point; answers whether to stop
Offered = Callable[[], Floats | None]  # a point that was found elsewhere since it was last asked for


def solve(
    program: Program,
    limits: Limits,
    *,
    seed: int = 0,
    start: Floats | None = None,
    watch: Watch | None = None,
    offered: Offered | None = None,
) -> Answer:
    """Minimise a program, from a starting point where one is known; what is offered on the way is taken up.

    Raises:
        Infeasible: there is no point, and presolve was not to blame.
        SolverError: the solver refused the program or an option.
    """
    began = time.monotonic()
    answer = _run(program, limits, seed, start, watch, offered, presolve="choose")
    if answer.ended in ASKED_AGAIN:
        limits = replace(limits, seconds=max(limits.seconds - (time.monotonic() - began), LEAST_SECONDS))
        answer = _run(program, limits, seed, start, watch, offered, presolve="off")
        if answer.ended == "infeasible":
            raise Infeasible
    return answer


class Relaxation:
    """The linear relaxation of a program, kept so that it can be solved again with other costs.

    Attributes:
        x: the last point, inside its limits; None where the time was over before one was found, or where there is
            none: that is never believed here, the program itself is asked for it.
        bound: proven lower limit on the cost of the program (its optimum as it was first asked); -inf for none.
    """

    def __init__(self, program: Program, seconds: float, watch: Watch) -> None:
        self._program, self._highs = program, _new()
        relaxed = replace(program, integer=np.zeros_like(program.integer))
        _set(self._highs, {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01)})
        _pass(self._highs, relaxed)
        _subscribe(self._highs, watch)
        _run_again_where_contradictory(self._highs)
        answer = _answer(self._highs, relaxed)
        self.x, self.bound = answer.x, answer.bound

    def again(self, columns: Any, costs: Floats) -> Floats | None:
        """The point that is best at other costs of some columns, from the last basis; None where time was over."""
        self._highs.changeColsCost(len(columns), columns, costs)
        _run_again_where_contradictory(self._highs)
        self.x = _answer(self._highs, self._program).x
        return self.x

    def recosted(self, cost: Floats, offset: float) -> float:
        """The bound at other costs of all columns, from the last basis; -inf where time was over."""
        columns = np.arange(len(cost), dtype=np.int32)
        if self._highs.changeColsCost(len(columns), columns, cost) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused new costs")
        self._highs.changeObjectiveOffset(offset)
        _run_again_where_contradictory(self._highs)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -np.inf
        return float(self._highs.getInfo().objective_function_value)


class Recosted:
    """A program with its whole numbers, kept to be solved again with other costs, from a plan that is known.

    An old plan that is within the gap comes back at once, however little the solver has looked: ask for a gap that is
    small against what the change of costs does.
    """

    def __init__(self, program: Program, seed: int = 0) -> None:
        self._program, self._seed, self._highs = program, seed, _new()
        self._watch: Watch | None = None
        options = {"output_flag": False, "threads": 1, "random_seed": seed, "mip_abs_gap": 0.0}
        _set(self._highs, {**options, "mip_feasibility_tolerance": FEASIBILITY})
        _pass(self._highs, program)
        _subscribe(self._highs, self._told)

    def solve(
        self, cost: Floats, offset: float, limits: Limits, start: Floats | None = None, watch: Watch | None = None
    ) -> Answer:
        """The best point at these costs, as `solve` finds it.

        Raises:
            Infeasible: there is no point, and presolve was not to blame.
            SolverError: the solver refused the costs or an option.
        """
        self._watch = watch
        until = self._highs.getRunTime() + max(limits.seconds, 0.01)  # its clock goes on from run to run
        _set(self._highs, {"time_limit": until, "mip_rel_gap": limits.gap})
        columns = np.arange(len(cost), dtype=np.int32)
        if self._highs.changeColsCost(len(columns), columns, cost) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused new costs")
        self._highs.changeObjectiveOffset(offset)
        if start is not None:
            self._highs.setSolution(len(columns), columns, start)
        self._highs.run()
        program = replace(self._program, cost=cost, offset=offset)
        answer = _answer(self._highs, program)
        if answer.ended in ASKED_AGAIN:
            return solve(program, limits, seed=self._seed, start=start, watch=watch)
        return answer

    def _told(self, best: float, bound: float, point: Floats | None) -> bool:
        return self._watch is not None and self._watch(best, bound, point)


class LinearProgram:
    """A linear program that grows by columns (all at least 0) and is solved again from where it was."""

    def __init__(self, row_lower: Floats, row_upper: Floats, seconds: float) -> None:
        self._highs, self.columns = _new(), 0
        _set(self._highs, {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01)})
        for lower, upper in zip(row_lower.tolist(), row_upper.tolist(), strict=True):
            self._highs.addRow(lower, upper, 0, [], [])

    def add(self, cost: Floats, upper: Floats, column: Ints, row: Ints, value: Floats) -> Ints:
        """Add columns by their entries, `column` counted from the first of the new ones; their numbers.

        Entries of the same row and column are added up.
        """
        if len(cost) == 0:
            return np.zeros(0, dtype=np.int64)
        order = np.lexsort((row, column))
        column, row, value = column[order], row[order], value[order]
        first = np.flatnonzero((np.diff(column, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0))
        column, row, value = column[first], row[first].astype(np.int32), np.add.reduceat(value, first)
        counts = np.bincount(column, minlength=len(cost))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
        status = self._highs.addCols(len(cost), cost, np.zeros(len(cost)), upper, len(row), starts, row, value)
        if status == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused new columns")
        self.columns += len(cost)
        return np.arange(self.columns - len(cost), self.columns)

    def add_rows(self, upper: Floats, row: Ints, column: Ints, value: Floats) -> None:
        """Add rows `<= upper` by their entries, `row` counted from the first of the new ones."""
        order = np.lexsort((column, row))
        counts = np.bincount(row, minlength=len(upper))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
        columns = column[order].astype(np.int32)
        lower = np.full(len(upper), -np.inf)
        status = self._highs.addRows(len(upper), lower, upper, len(columns), starts, columns, value[order])
        if status == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused new rows")

    def recost(self, columns: Ints, costs: Floats) -> None:
        """Change the costs of columns."""
        self._highs.changeColsCost(len(columns), columns.astype(np.int32), costs)

    def solve(self) -> tuple[Floats, Floats, float] | None:
        """Point, prices of the rows, and cost; None where the time was over before, or it has no point at all."""
        _run_again_where_contradictory(self._highs)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._highs.getSolution()
        cost = float(self._highs.getInfo().objective_function_value)
        return np.asarray(solution.col_value), np.asarray(solution.row_dual), cost


class Priced:
    """A program with its whole numbers held, solved for the prices of its rows.

    Attributes:
        x: the best point; None where the time was over before.
        cost: of it.
        prices: by row: what the cost changes by for each unit by which the side that binds is raised.
    """

    def __init__(self, program: Program, x: Floats, seconds: float) -> None:
        held = program.fixed(program.integer, x)
        self._program, self._highs = held, _new()
        _set(self._highs, {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01)})
        _pass(self._highs, held)
        self._highs.run()
        answer = _answer(self._highs, held)
        self.x, self.cost = answer.x, float(answer.bound)
        self.prices = np.asarray(self._highs.getSolution().row_dual, dtype=np.float64)

    def again(self, moved: Mapping[int, tuple[float, float]]) -> float | None:
        """What it costs with the sides (lower, upper) of some rows moved by so much; None: no point is left."""
        sides = self._program.row_lower, self._program.row_upper
        for row, (below, above) in moved.items():
            self._highs.changeRowBounds(row, float(sides[0][row]) + below, float(sides[1][row]) + above)
        self._highs.run()
        optimal = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        cost = float(self._highs.getInfo().objective_function_value)
        for row in moved:
            self._highs.changeRowBounds(row, float(sides[0][row]), float(sides[1][row]))
        return cost if optimal else None


def _run(
    program: Program,
    limits: Limits,
    seed: int,
    start: Floats | None,
    watch: Watch | None,
    offered: Offered | None,
    presolve: str,
) -> Answer:
    highs = _new()
    options = {
        "output_flag": False,
        "threads": 1,
        "time_limit": max(limits.seconds, 0.01),
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": 0.0,
        "random_seed": seed,
        "presolve": presolve,
        "mip_feasibility_tolerance": FEASIBILITY,
        **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
    }
    _set(highs, options)
    _pass(highs, program)
    if start is not None:
        known = np.flatnonzero(~np.isnan(start)).astype(np.int32)  # the rest the solver finds by itself
        highs.setSolution(len(known), known, start[known])
    if watch is not None:
        _subscribe(highs, watch)
    if offered is not None:
        _take_up(highs, offered)
    highs.run()
    return _answer(highs, program)


def _run_again_where_contradictory(highs: Any) -> None:
    """Run; what comes out contradictory is asked once more, from nothing and without presolve."""
    highs.run()
    if highs.getModelStatus() in CONTRADICTORY:
        highs.clearSolver()
        _set(highs, {"presolve": "off"})
        highs.run()
        _set(highs, {"presolve": "choose"})


def _new() -> Any:
    return highspy.Highs()  # type: ignore[no-untyped-call]


def version() -> str:
    """HiGHS's own version."""
    return str(_new().version())


def _set(highs: Any, options: dict[str, Any]) -> None:
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SolverError(f"HiGHS refused the option {name} = {value}")


def _pass(highs: Any, program: Program) -> None:
    if highs.passModel(_model(program)) == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refused the model")


def _model(program: Program) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_, model.offset_ = program.columns, program.rows, program.offset
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.matrix.indptr
    model.a_matrix_.index_ = program.matrix.indices
    model.a_matrix_.value_ = program.matrix.data
    if program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    return model


def _subscribe(highs: Any, watch: Watch) -> None:
    # What was told stays from run to run, so that each call says it.
    def improved(event: Any) -> None:
        data = event.data_out
        event.interrupt(watch(data.objective_function_value, data.mip_dual_bound, np.array(data.mip_solution)))

    def asked(event: Any) -> None:
        data = event.data_out
        event.interrupt(watch(data.mip_primal_bound, data.mip_dual_bound, None))

    def asked_in_simplex(event: Any) -> None:
        event.interrupt(watch(np.inf, -np.inf, None))

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
    highs.cbSimplexInterrupt.subscribe(asked_in_simplex)


def _take_up(highs: Any, offered: Offered) -> None:
    def take(event: Any) -> None:
        point = offered()
        if point is not None:
            event.data_in.setSolution(point)

    highs.cbMipUserSolution.subscribe(take)


def _answer(highs: Any, program: Program) -> Answer:
    info, status = highs.getInfo(), highs.getModelStatus()
    if status in CONTRADICTORY:
        return Answer(None, -np.inf, "infeasible")
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(highs.getSolution().col_value, dtype=np.float64) if found else None
    optimal = status == highspy.HighsModelStatus.kOptimal
    if program.integer.any():
        bound = float(info.mip_dual_bound)
    else:
        bound = float(info.objective_function_value) if optimal else -np.inf
    if program.columns == 0:
        x, bound, optimal = np.zeros(0), program.offset, True
    if not np.isfinite(bound):
        return Answer(x, -np.inf, "doubtful" if optimal else "limit")
    return Answer(x, bound, "optimal" if optimal else "limit")
