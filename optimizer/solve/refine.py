"""Refine: the quantities of a plan, made exact where the solver kept its rules to a tolerance only.

A solver's point breaks a row by up to a ten-millionth of the sizes in it. Where much flows through a little stock, that
is more than the stock's own last digits, and what follows from the flows (stocks, lateness, their costs) is no longer
what the point says. So the rows that are at a limit are taken as equations A d = r, r what breaks them, over the
columns that are inside their limits, and the point moves by the solution that changes it least, relative to its size:

    min Σ_j (d_j / x_j)²   such that   A d = r

Source: refinement of linear systems and of linear programs: Gleixner, Steffy & Wolter (2016), Iterative refinement for
linear programming, INFORMS Journal on Computing 28(3); solved by LSMR: Fong & Saunders (2011).
"""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import lsmr

from optimizer.solve.program import Booleans, Floats, Program

AT_LIMIT = 1e-9  # of a row's size: with less room a row is at its limit
EXACT = 1e-12  # of a row's size: what breaks it by less is rounding
INSIDE = 1e-9  # of a column's size: nearer to a limit it is at it
TIMES = 3  # that it is repeated: each takes off most of what is left
STEPS = 500  # of one solution, at most
FINE = 1e-13  # relative, to which it is solved


def refined(program: Program, x: Floats) -> Floats:
    """A point that keeps the rows of a plan more exactly; whole numbers and columns at a limit stay as they are."""
    for _ in range(TIMES):
        broken = program.relative_violation(x)
        if broken <= EXACT:
            return x
        better = _moved(program, x)
        if program.relative_violation(better) >= broken:
            return x
        x = better
    return x


def _moved(program: Program, x: Floats) -> Floats:
    activity, sizes, free = program.matrix @ x, program.sizes(x), _free(program, x)
    below, above = program.row_lower - activity, program.row_upper - activity
    missed = np.maximum(below, 0.0) + np.minimum(above, 0.0)
    rows = np.flatnonzero(np.minimum(-below, above) <= AT_LIMIT * sizes)
    weight = np.abs(x[free])
    cells = sp.csr_array(program.matrix)[rows][:, free]
    system = sp.csr_array(sp.diags_array(1.0 / sizes[rows]) @ cells @ sp.diags_array(weight))
    steps = lsmr(system, missed[rows] / sizes[rows], atol=FINE, btol=FINE, conlim=0.0, maxiter=STEPS)[0]
    moved = x.copy()
    moved[free] += weight * steps
    return np.clip(moved, program.lower, program.upper)


def _free(program: Program, x: Floats) -> Booleans:
    """Columns that may move either way."""
    margin = INSIDE * np.abs(x)
    free: Booleans = ~program.integer & (x > program.lower + margin) & (x < program.upper - margin)
    return free
