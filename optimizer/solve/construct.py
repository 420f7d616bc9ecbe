"""A plan to begin with: order nothing, then fix and solve over the model. No rule is known here.

Ordering nothing is always a plan: whatever is decided by whole numbers is held at nothing, and a linear program does
the best that can be done with what is there. A good plan comes from the linear relaxation: its fixed costs are scaled
to what it uses (slopes.py), then block by block is made whole while the blocks that follow stay as the relaxation has
them.

Source: relax-and-fix: Pochet & Wolsey (2006), ch. 3.6.
"""

from dataclasses import replace

import numpy as np

from optimizer.solve.clock import Clock
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.neighbourhoods import Neighbourhoods
from optimizer.solve.program import SHARED, Booleans, Floats, Program
from optimizer.solve.refine import refined

FEASIBLE = (
    1e-6  # a row broken by less than this, relative to the size of its numbers, is kept: ten times HiGHS's tolerance
)
IDLE = 1e-9  # relative: so much less in a row is nothing
IDLE_SECONDS = 5.0  # at most, to find whole numbers that nothing needs
BLOCK_LIMITS = Limits(seconds=20.0, gap=0.001, nodes=100)
KIN_SIZES = (4, 8, 16, 32)  # blocks that are decided together where one alone cannot be
WHOLE = 1e-6  # a number is whole that is this near to one
LATE_GAP = 1e-6  # relative, to which what is decided last is decided


def nothing_ordered(program: Program, seconds: float) -> Floats | None:
    """The best plan in which every whole-number decision is as near to 0 as it may be; None where rules forbid it."""
    return _held(program, np.clip(np.zeros(program.columns), program.lower, program.upper), seconds)


def polished(program: Program, x: Floats, seconds: float) -> Floats | None:
    """The same whole numbers, now exact, and the best quantities for them; None where rounding broke a rule.

    A whole number that costs something and that nothing needs any more is lowered: a search that is cut off, or ends
    within a gap, leaves such.
    """
    exact = np.where(program.integer, np.round(x), x)
    wide = forgiving(program, exact)
    best = _held(wide, exact, seconds)
    if best is None:
        return None
    needed = _without_idle(program, best, seconds)
    lowered = _held(wide, needed, seconds) if (needed != best).any() else None
    return best if lowered is None or program.objective(lowered) > program.objective(best) else lowered


def _without_idle(program: Program, x: Floats, seconds: float) -> Floats:
    """The point with its whole numbers as low as all rows allow around its quantities, at least cost.

    One by one will not do: an order, and the price segment that it takes, are needed by each other alone.
    """
    used = program.integer & (x >= program.lower + 1)
    if not (program.cost[used] > 0).any():
        return x
    slack = IDLE * program.sizes(x)
    loose = replace(program, row_lower=program.row_lower - slack, row_upper=program.row_upper + slack)
    part = replace(loose.restricted(used, x), upper=x[used])
    try:
        answer = solve(part.condensed, Limits(min(seconds, IDLE_SECONDS), 0.0))
    except Infeasible:
        return x
    lower = x.copy()
    if answer.x is not None:
        lower[used] = np.round(answer.x)
    return lower


def forgiving(program: Program, x: Floats) -> Program:
    """The program with its rows as wide as a point needs that breaks them by no more than the tolerance.

    A row that is full to the last unit is broken by rounding alone, and the solver would find no point at all.
    """
    activity, size = program.matrix @ x, abs(program.matrix) @ np.abs(x)
    below, above = program.row_lower - activity, activity - program.row_upper
    forgiven = FEASIBLE / 2 * size
    return replace(
        program,
        row_lower=np.where((below > 0) & (below <= forgiven), activity - below, program.row_lower),
        row_upper=np.where((above > 0) & (above <= forgiven), activity + above, program.row_upper),
    )


def _held(program: Program, at: Floats, seconds: float) -> Floats | None:
    """The best point whose whole numbers are those of `at`, but for those that are decided last: that is now."""
    held = program.integer & ~program.late
    rest = program.fixed(held, at)
    try:
        answer = solve(rest.early, Limits(seconds))  # mostly whole by itself
        if answer.x is not None and _fractional(rest, answer.x):
            answer = solve(rest, Limits(seconds, LATE_GAP))
    except Infeasible:
        return None
    if answer.x is None:
        return None
    x = np.where(held, at, np.clip(answer.x, program.lower, program.upper))
    decided = program.integer & program.late
    if decided.any():
        return _held(replace(program, late=np.zeros_like(decided)), np.where(decided, np.round(x), x), seconds)
    if program.relative_violation(x) > FEASIBLE:  # a column that is below 0 by rounding alone breaks a row by more
        x = refined(program, x)
    return x if program.relative_violation(x) <= FEASIBLE else None


def late_fractional(program: Program, x: Floats) -> bool:
    """Whether a column that is decided last must be whole and is not."""
    return _fractional(replace(program, integer=program.integer & program.late), x)


def _fractional(program: Program, x: Floats) -> bool:
    """Whether any column that must be whole is not."""
    whole = x[program.integer]
    return bool(np.any(np.abs(whole - np.round(whole)) > WHOLE))


def made_whole(
    program: Program, relaxed: Floats, support: Booleans, around: Neighbourhoods, clock: Clock
) -> Floats | None:
    """Relax-and-fix from a point of the relaxation; None where a block cannot be made whole in time.

    Only columns of the support may be used. What blocks share stays fractional until a block that is whole forces it.
    """
    soft = replace(program, integer=program.early.integer & (program.block != SHARED))
    x = np.clip(relaxed, program.lower, program.upper)
    stuck = []
    for blocks in around.one_by_one():
        if clock.over():
            return None
        if not _decided(soft, x, around.freed(blocks, support), clock):
            stuck.append(blocks[0])
    for block in stuck:  # what others hold open forbids it to be whole alone
        groups = (around.kin(block, size) for size in KIN_SIZES)
        if clock.over() or not any(_decided(soft, x, around.freed(kin, support), clock) for kin in groups):
            return None
    return polished(program, x, clock.left())


def taken_over(program: Program, x: Floats, at: Floats, around: Neighbourhoods, clock: Clock) -> Floats | None:
    """A plan that is `at` (NaN: says nothing) block by block, where the rules of the block allow that; None for none.

    Blocks that may not be so are decided again around those that are. `x` is the plan from which it begins.
    """
    soft = replace(program, integer=program.early.integer & (program.block != SHARED))
    said = ~np.isnan(at)
    x = np.where(said, np.clip(at, program.lower, program.upper), x)
    unused = said & (at == 0.0)
    stuck = []
    for blocks in around.one_by_one():
        if clock.over():
            return None
        if not _decided(soft, x, around.freed(blocks, ~said), clock):
            stuck.append(blocks)
    counted_on = [around.others(blocks, x) for blocks in stuck]
    for blocks in stuck:
        x[around.freed(blocks, said)] = 0.0
    for blocks, others in zip(stuck, counted_on, strict=True):
        groups = (blocks, others, *(around.kin(blocks[0], size) for size in KIN_SIZES))
        if clock.over() or not any(_decided(soft, x, around.freed(group, ~unused), clock) for group in groups):
            return None
    return polished(program, x, clock.left())


def _decided(program: Program, x: Floats, free: Booleans, clock: Clock) -> bool:
    """Decide the marked columns, in place; false where that was not possible."""
    limits = replace(BLOCK_LIMITS, seconds=min(BLOCK_LIMITS.seconds, clock.left()))
    try:
        answer = solve(program.restricted(free, x).condensed, limits)
    except Infeasible:
        return False
    if answer.x is None:
        return False
    x[free] = answer.x
    return True
