"""A plan to begin with: order nothing, then fix and solve over the model, block by block. No rule is known here.

Ordering nothing is always a plan: whatever is decided by whole numbers is held at nothing, and a linear program does the
best that can be done with what is there. From then on a plan only gets better: some blocks (items) are freed together
with all that blocks share, the rest is held, and the small program is solved from the plan at hand.

Source: large-neighbourhood search, Shaw (1998); fix-and-optimise for lot-sizing, Helber & Sahling (2010), International
Journal of Production Economics 123(2).
"""

from collections.abc import Callable, Iterator

import numpy as np
import scipy.sparse as sp

from optimizer.solve.highs import Answer, Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Floats, Ints, Program

FEASIBLE = 1e-6  # a point that breaks nothing by more than this, in the rows' own units, is a plan: HiGHS's own tolerance


def nothing_ordered(program: Program, seconds: float) -> Floats | None:
    """The best plan in which every whole-number decision is as near to 0 as it may be; None where rules forbid it."""
    at = np.clip(np.zeros(program.columns), program.lower, program.upper)
    return _held(program, at, seconds)


def polished(program: Program, x: Floats, seconds: float) -> Floats | None:
    """The same whole numbers, now exact, and the best quantities for them; None where rounding broke a rule."""
    return _held(program, np.where(program.integer, np.round(x), x), seconds)


def _held(program: Program, at: Floats, seconds: float) -> Floats | None:
    """The best point whose whole numbers are those of `at`."""
    try:
        answer = solve(program.fixed(program.integer, at), Limits(seconds))
    except Infeasible:
        return None
    if answer.x is None:
        return None
    x = np.where(program.integer, at, np.clip(answer.x, program.lower, program.upper))
    return x if program.violation(x) <= FEASIBLE * scale(program) else None


def scale(program: Program) -> float:
    """Size of the numbers in the rows, for tolerances: 1, or a thousandth of the largest limit where that is more."""
    limits = np.concatenate([program.row_lower, program.row_upper])
    return max(1.0, 1e-3 * float(np.abs(limits[np.isfinite(limits)]).max(initial=0.0)))


class Neighbourhoods:
    """Groups of blocks that compete for the same things, in a fixed order for one seed."""

    def __init__(self, program: Program, seed: int) -> None:
        self._program = program
        self._random = np.random.default_rng(seed)
        self.blocks: Ints = np.unique(program.block[program.block != SHARED])
        self._kinship = _kinship(program, self.blocks)

    def one_by_one(self) -> Iterator[Ints]:
        """Every block alone, in a random order."""
        for block in self._random.permutation(len(self.blocks)):
            yield self.blocks[[block]]

    def groups(self, size: int) -> Iterator[Ints]:
        """Every block once, each with those that share most with it."""
        for first in self._random.permutation(len(self.blocks)):
            kin = np.asarray(self._kinship[[first]].todense()).ravel() + self._random.random(len(self.blocks))
            kin[first] = np.inf
            yield self.blocks[np.argsort(-kin, kind="stable")[:size]]

    def freed(self, blocks: Ints) -> np.ndarray:
        """The columns of these blocks, and all that is shared."""
        return np.isin(self._program.block, blocks) | (self._program.block == SHARED)


def _kinship(program: Program, blocks: Ints) -> sp.csr_array:
    """How many rows each two blocks have in common."""
    entries = sp.coo_array(program.matrix)
    block = program.block[entries.coords[1]]
    inside = block != SHARED
    place = np.searchsorted(blocks, block[inside])
    touches = sp.csr_array(
        (np.ones(inside.sum()), (place, entries.coords[0][inside])), shape=(len(blocks), program.rows)
    )  # fmt: skip
    touches.data[:] = 1.0
    return sp.csr_array(touches @ touches.T)


def improved(program: Program, x: Floats, free: np.ndarray, limits: Limits, seed: int, stop: Callable[[], bool]) -> Floats:
    """The best point found with only the marked columns free; `x` itself where none is better."""
    part = program.restricted(free, x)

    def watch(_best: float, _bound: float, _point: Floats | None) -> bool:
        return stop()

    try:
        answer: Answer = solve(part, limits, seed=seed, start=x[free], watch=watch)
    except Infeasible:  # its own start is a point: the solver is wrong, and the plan at hand stands
        return x
    if answer.x is None or part.objective(answer.x) >= program.objective(x):
        return x
    better = x.copy()
    better[free] = answer.x
    return better
