"""The Lagrangian bound by its definition, for small programs: what the decomposition's bounds are compared with.

Linking rows  l <= a·x <= u  get prices p; every block, and what is shared, is then solved for itself:

    L(p)  =  offset  +  Σ_r min { p_r s : l_r <= s <= u_r }  +  Σ_b min { (c - Aᵀp)_b x_b : own rows, limits, whole }

For any p, L(p) <= the cost of any plan; L is concave in p; at the best p it is at least the bound of the linear
relaxation. A price is what one unit more on the right costs, so it is positive for "at least" and negative for "at
most": with the other sign L is -inf. Solved through scipy, which shares no code with `optimizer`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse as sp

from optimizer.solve.program import Booleans, Floats, Program
from tests.reference.random_instances import Size
from tests.solve.programs import compiled, random_input

# Its types differ between the versions of scipy's stubs, which one may have installed or not.
OPTIMIZE: Any = scipy.optimize


@dataclass(frozen=True)
class Bound:
    """The Lagrangian bound at some prices, and where it comes from.

    Attributes:
        total: the bound; -inf where a part is unbounded.
        of: of each block (SHARED among them) its minimum at the prices.
        rows: what the linking rows' own sides give at the prices.
        x: a point that is best for each block at the prices; not a plan, it may break linking rows.
    """

    total: float
    of: dict[int, float]
    rows: float
    x: Floats


def random_program(seed: int, size: Size = "small") -> Program:
    """The program of a small random instance; blocks are its items."""
    return compiled(random_input(seed, size))[2].program


def linking_rows(program: Program) -> Booleans:
    """Rows with columns of at least two blocks, what is shared counted as one."""
    rows = sp.csr_array(program.matrix)
    ends = zip(rows.indptr, rows.indptr[1:], strict=False)
    blocks = [set(program.block[rows.indices[start:end]]) for start, end in ends]
    return np.array([len(each) > 1 for each in blocks], dtype=np.bool_)


def lagrangian(program: Program, linking: Booleans, prices: Floats) -> Bound:
    """The bound at prices on the linking rows.

    Args:
        program: a small one, every column of which has limits or a cost that keep it from going to infinity.
        linking: of each row; all others may have columns of one block only.
        prices: of each linking row, money per unit of the row.

    Raises:
        ValueError: a row that is not linking has columns of several blocks, or a block has no point at all.
    """
    if (linking_rows(program) & ~linking).any():
        raise ValueError("a row that is not linking has columns of several blocks")
    rows = sp.csr_array(program.matrix)
    reduced = program.cost - rows[linking].T @ prices
    side = np.where(prices > 0, program.row_lower[linking], program.row_upper[linking])
    own = float((prices[prices != 0] * side[prices != 0]).sum())
    of: dict[int, float] = {}
    x = np.zeros(program.columns)
    for block in np.unique(program.block):
        columns = program.block == block
        touched = ~linking & (abs(rows) @ columns.astype(np.float64) > 0)
        of[int(block)], x[columns] = _least(program, reduced, columns, rows[touched][:, columns], touched)
    return Bound(program.offset + own + sum(of.values()), of, own, x)


def linear_prices(program: Program, linking: Booleans) -> tuple[float, Floats]:
    """The linear relaxation's optimum, and its prices of the linking rows: where L is at least that optimum."""
    rows = sp.csr_array(program.matrix)
    equal = program.row_lower == program.row_upper
    above = ~equal & np.isfinite(program.row_upper)
    below = ~equal & np.isfinite(program.row_lower)
    answer = OPTIMIZE.linprog(
        program.cost, sp.vstack([rows[above], -rows[below]]),
        np.concatenate([program.row_upper[above], -program.row_lower[below]]),
        rows[equal], program.row_upper[equal], np.column_stack([program.lower, program.upper]),
    )  # fmt: skip
    if answer.status != 0:
        raise ValueError(answer.message)
    prices = np.zeros(program.rows)
    prices[above] += answer.ineqlin.marginals[: above.sum()]
    prices[below] -= answer.ineqlin.marginals[above.sum() :]
    prices[equal] = answer.eqlin.marginals
    return float(answer.fun) + program.offset, prices[linking]


def best_bound(program: Program, linking: Booleans, passes: int = 50) -> tuple[Bound, Floats]:
    """The highest bound found by subgradient steps from the linear relaxation's prices, and its prices."""
    rows = sp.csr_array(program.matrix)[linking]
    low, high = program.row_lower[linking], program.row_upper[linking]
    value, prices = linear_prices(program, linking)
    best, at, step = lagrangian(program, linking, prices), prices, 1.0
    for _ in range(passes):
        found = lagrangian(program, linking, prices)
        if found.total > best.total:
            best, at = found, prices
        else:
            step *= 0.8
        activity = rows @ found.x
        missing = np.where(prices > 0, low, np.where(prices < 0, high, np.clip(activity, low, high))) - activity
        norm = float(missing @ missing)
        if norm < 1e-12:
            break
        prices = at + step * 0.01 * max(abs(value), 1.0) / norm * missing
        prices = np.clip(prices, np.where(np.isfinite(high), -np.inf, 0.0), np.where(np.isfinite(low), np.inf, 0.0))
    return best, at


def optimum(program: Program) -> float:
    """The cost of the best plan of a small program."""
    everything = np.ones(program.columns, dtype=np.bool_)
    value, _ = _least(
        program, program.cost, everything, sp.csr_array(program.matrix), np.ones(program.rows, dtype=np.bool_)
    )
    return value + program.offset


def _least(
    program: Program, cost: Floats, columns: Booleans, matrix: sp.csr_array, rows: Booleans
) -> tuple[float, Floats]:
    limits = [OPTIMIZE.LinearConstraint(matrix, program.row_lower[rows], program.row_upper[rows])] if rows.any() else []
    answer = OPTIMIZE.milp(
        cost[columns],
        integrality=program.integer[columns].astype(np.int64),
        bounds=OPTIMIZE.Bounds(program.lower[columns], program.upper[columns]),
        constraints=limits,
        options={"mip_rel_gap": 0.0},
    )
    if answer.status == 3:
        return -np.inf, np.zeros(int(columns.sum()))
    if answer.status != 0:
        raise ValueError(answer.message)
    proven = answer.fun if answer.mip_dual_bound is None else min(answer.fun, answer.mip_dual_bound)
    return float(proven), np.asarray(answer.x, dtype=np.float64)
