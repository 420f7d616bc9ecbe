"""Resume: an earlier plan becomes a plan of a program that may have changed since.

1. What the plan says is held, all else decided around it, then quantities for the best: where no rule has changed,
   that is the plan itself.
2. Else only what it did not use stays unused, and how much of the rest is decided anew.
3. Blocks that have changed are decided again, one by one, with everything else as it is.
"""

from collections.abc import Callable

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.construct import polished
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.neighbourhoods import Neighbourhoods, improved
from optimizer.solve.program import Booleans, Floats, Ints, Program
from optimizer.solve.warm import Warm

SHARE, SECONDS = 0.2, 30.0  # of the time that is left, and at most, for each of the steps
GAP, NODES = 1e-4, 50  # to which what the plan does not say is decided
MANY = 0.2  # share of the blocks from which on what has changed is no news


def resumed(program: Program, warm: Warm, clock: Clock) -> Floats | None:
    """A plan as near to the earlier one as its rules allow; None where none was found in time."""
    known = ~np.isnan(warm.x)
    at = np.clip(np.where(known, warm.x, 0.0), program.lower, program.upper)
    unused = known & (at == 0.0)
    for held in (known, unused):
        x = _completed(program, held, at, clock)
        if x is not None:
            return x
    return None


def _completed(program: Program, held: Booleans, at: Floats, clock: Clock) -> Floats | None:
    """The best found with some columns held."""
    rest = program.fixed(held, at)
    try:
        answer = solve(rest.early, Limits(min(SHARE * clock.left(), SECONDS), GAP, NODES))
    except Infeasible:
        return None
    return None if answer.x is None else polished(program, answer.x, max(clock.left(), 1.0))


def changed_again(
    program: Program, x: Floats, first: Ints, around: Neighbourhoods, limits: Limits, over: Callable[[], bool]
) -> Floats:
    """The plan with the blocks that have changed decided again, where they are few."""
    changed = np.intersect1d(first, around.blocks)
    if len(changed) > max(1.0, MANY * len(around.blocks)):
        return x
    everything = np.ones(program.columns, dtype=np.bool_)
    for block in changed:
        if over():
            break
        x = improved(program.early, x, around.freed(np.array([block]), everything), limits, 0, over)
    return x
