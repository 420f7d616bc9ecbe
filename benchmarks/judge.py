"""Judge: what a peer's plan truly costs, from its point, by the program itself; never by the solver's word.

Solvers keep whole numbers and rows within tolerances, which pays where a large factor stands on a binary. So whole
numbers are rounded; where rows are broken then (or the solver worked on a restriction), the quantities are solved for
once more with the whole numbers fixed, outside of its time and in its favour.
"""

from dataclasses import replace

import numpy as np

from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats, Program

BROKEN = 1e-6  # a row may be broken by this share of the size of its numbers
WHOLE = 1e-4  # from a whole number
SECONDS = 600.0


def feasible_point(program: Program, x: Floats, *, polish: bool = False) -> Floats | None:
    """A point that keeps to the program, at or near the one given; None where there is none.

    Args:
        program: what must hold.
        x: the solver's point.
        polish: solve for the quantities again even where the point is sound.
    """
    if x.shape != program.cost.shape or not np.isfinite(x).all():
        return None
    if np.abs(x - x.round())[program.integer].max(initial=0.0) > WHOLE:
        return None
    rounded = np.clip(np.where(program.integer, x.round(), x), program.lower, program.upper)
    candidates = [rounded] if program.relative_violation(rounded) <= BROKEN else []
    if polish or not candidates:
        again = _quantities(program, rounded)
        if again is not None and program.relative_violation(again) <= BROKEN:
            candidates.append(again)
    return min(candidates, key=program.objective, default=None)


def _quantities(program: Program, at: Floats) -> Floats | None:
    """The best quantities for the whole numbers of a point."""
    linear = replace(program.fixed(program.integer, at), integer=np.zeros_like(program.integer))
    try:
        x = solve(linear, Limits(SECONDS)).x
    except Infeasible:
        return None
    return None if x is None else np.clip(x, linear.lower, linear.upper)
