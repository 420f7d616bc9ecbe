"""Refine: the quantities of a plan, made exact where the solver kept its rules to a tolerance only.

A solver's point breaks a row by up to a ten-millionth of the sizes in it. Where much flows through a little stock, that
is more than the stock's own last digits, and what follows from the flows (stocks, lateness, their costs) is no longer
what the point says. So the rows that are at a limit are taken as equations A d = r, r what breaks them, over the
columns that are inside their limits, and the point moves by the solution that changes it least, relative to its size:

    min Σ_j (d_j / x_j)²   such that   A d = r,        which is d = X²Aᵀ y with A X² Aᵀ y = r, X = diag(x)

A row that comes to its limit on the way joins them, and a column that comes to its own leaves, so it is repeated.

Where that is not enough, because a column that is at its limit has to leave it (stock that is 0 by tolerance only), the
least move of the blocks concerned is a linear program, what is missing taken for the unit, so that the solver's
tolerance is a ten-millionth of that:

    min Σ_j (p_j + n_j)   such that   (b - A x) / u <= A (p - n),   0 <= p <= (upper - x) / u,
                                                                    0 <= n <= (x - lower) / u

Source: refinement of linear systems and of linear programs: Gleixner, Steffy & Wolter (2016), Iterative refinement for
linear programming, INFORMS Journal on Computing 28(3).
"""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Booleans, Floats, Program

AT_LIMIT = 1e-9  # of a row's size: with less room a row is at its limit
INSIDE = 1e-9  # of a column's size: nearer to a limit it is at it
EXACT = 1e-14  # of a row's size: what breaks it by less is rounding
TIMES = 8  # that it is repeated at most: measured, four to five lead from 1e-3 to 1e-10 of a row's size
APART = 1e-13  # relative, by which rows that say the same are held apart
CORRECTIONS, CORRECTION_SECONDS = 3, 1.0  # by linear programs, at most; for each block
ENOUGH = 1e-12  # of a row's size: what breaks it by less needs none
FARTHEST = 1e4  # times what is missing that a column may move


def refined(program: Program, x: Floats) -> Floats:
    """A point that keeps the rows of a plan more exactly; whole numbers and columns at a limit stay as they are."""
    best, least = x, program.relative_violation(x)
    for _ in range(TIMES):
        if least <= EXACT:
            break
        x = _moved(program, x)
        broken = program.relative_violation(x)
        if broken < least:
            best, least = x, broken
    for _ in range(CORRECTIONS):
        if least <= ENOUGH:
            break
        x = _corrected(program, best)
        broken = program.relative_violation(x)
        if broken >= least:
            break
        best, least = x, broken
    return best


def _corrected(program: Program, x: Floats) -> Floats:
    """The point with the blocks in which a row is broken moved by as little as possible, one after the other."""
    activity, sizes = program.matrix @ x, program.sizes(x)
    missed = np.maximum(program.row_lower - activity, activity - program.row_upper)
    broken = np.flatnonzero(missed > ENOUGH * sizes)
    blocks = np.unique(program.block[program.by_row[broken].indices])
    for block in blocks[blocks != SHARED]:
        x = _block_corrected(program, x, ~program.integer & (program.block == block))
    return x


def _block_corrected(program: Program, x: Floats, free: Booleans) -> Floats:
    part, here = program.restricted(free, x).condensed, x[free]
    low, high = part.row_lower - part.matrix @ here, part.row_upper - part.matrix @ here
    least, most = part.lower - here, part.upper - here
    unit = float(max(low.max(initial=0.0), -high.min(initial=0.0), least.max(initial=0.0), -most.min(initial=0.0)))
    if unit == 0.0:
        return x
    lower = np.maximum(np.concatenate([least, -most]) / unit, 0.0)  # of moves up, and of moves down
    upper = np.clip(np.concatenate([most, -least]) / unit, 0.0, FARTHEST)
    moves = Program(
        cost=np.ones(len(lower)),
        offset=0.0,
        matrix=sp.csc_array(sp.hstack([part.matrix, -part.matrix])),
        row_lower=low / unit,
        row_upper=high / unit,
        lower=lower,
        upper=np.maximum(lower, upper),
        integer=np.zeros(len(lower), dtype=np.bool_),
        block=np.tile(part.block, 2),
        late=np.zeros(len(lower), dtype=np.bool_),
    )
    try:
        answer = solve(moves, Limits(CORRECTION_SECONDS))
    except Infeasible:  # what blocks share would have to move, too
        return x
    if answer.x is None:
        return x
    moved = x.copy()
    moved[free] = here + unit * (answer.x[: len(here)] - answer.x[len(here) :])
    return np.clip(moved, program.lower, program.upper)


def _moved(program: Program, x: Floats) -> Floats:
    activity, sizes, free = program.matrix @ x, program.sizes(x), _free(program, x)
    below, above = program.row_lower - activity, program.row_upper - activity
    missed = np.maximum(below, 0.0) + np.minimum(above, 0.0)
    rows = np.flatnonzero(np.minimum(-below, above) <= AT_LIMIT * sizes)
    scale, weight = sp.diags_array(1.0 / sizes[rows]), np.abs(x[free])
    system = sp.csr_array(scale @ sp.csr_array(program.matrix)[rows][:, free] @ sp.diags_array(weight))
    moves = np.diff(system.indptr) > 0
    system, wanted = system[moves], (missed[rows] / sizes[rows])[moves]
    square = sp.csc_array(system @ system.T)
    try:
        solver = splu(sp.csc_array(square + sp.diags_array(APART * square.diagonal())), diag_pivot_thresh=0.0)
    except RuntimeError:  # singular all the same
        return x
    moved = x.copy()
    moved[free] += weight * (system.T @ solver.solve(wanted))
    return np.clip(moved, program.lower, program.upper)


def _free(program: Program, x: Floats) -> Booleans:
    """Columns that may move either way."""
    margin = INSIDE * np.abs(x)
    free: Booleans = ~program.integer & (x > program.lower + margin) & (x < program.upper - margin)
    return free
