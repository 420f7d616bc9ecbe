"""Neighbourhoods: groups of blocks that are decided again while the rest is held.

Source: large-neighbourhood search: Shaw (1998); fix-and-optimise for lot-sizing: Helber & Sahling (2010), International
Journal of Production Economics 123(2).
"""

from collections.abc import Callable, Iterator

import numpy as np
import scipy.sparse as sp

from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Booleans, Floats, Ints, Program


class Neighbourhoods:
    """Groups of blocks that compete for the same things, in a fixed order for one seed."""

    def __init__(self, program: Program, seed: int) -> None:
        self._program = program
        self._random = np.random.default_rng(seed)
        self._rows = sp.csr_array(program.matrix)
        self.blocks: Ints = np.unique(program.block[program.block != SHARED])
        self._kinship = _kinship(program, self.blocks)

    def one_by_one(self) -> Iterator[Ints]:
        """Every block alone, in a random order."""
        for block in self._random.permutation(len(self.blocks)):
            yield self.blocks[[block]]

    def groups(self, size: int) -> Iterator[Ints]:
        """Groups of blocks that share most with each other, until every block was in one."""
        covered: set[int] = set()
        for block in self.blocks[self._random.permutation(len(self.blocks))].tolist():
            if block not in covered:
                group = self.kin(block, size)
                covered.update(group.tolist())
                yield group

    def kin(self, block: int, size: int) -> Ints:
        """A block and those that share most with it; ties fall by chance."""
        first = int(np.searchsorted(self.blocks, block))
        nearness = np.asarray(self._kinship[[first]].todense()).ravel() + self._random.random(len(self.blocks))
        nearness[first] = np.inf
        nearest: Ints = self.blocks[np.argsort(-nearness, kind="stable")[:size]]
        return nearest

    def others(self, blocks: Ints, x: Floats) -> Ints:
        """These blocks, and those that in a point use what they use: they may count on each other."""
        mine = np.isin(self._program.block, blocks) & (x != 0.0)
        rows = np.unique(self._program.matrix[:, mine].indices)
        met = self._rows[rows].indices
        together: Ints = np.setdiff1d(self._program.block[met[x[met] != 0.0]], [SHARED])
        return together

    def freed(self, blocks: Ints, among: Booleans) -> Booleans:
        """Columns of these blocks that are among the given, and what is shared in any of their rows."""
        own: Booleans = np.isin(self._program.block, blocks) & among
        rows = np.unique(self._program.matrix[:, own].indices)
        met = np.zeros(self._program.columns, dtype=np.bool_)
        met[self._rows[rows].indices] = True
        freed: Booleans = own | (met & (self._program.block == SHARED))
        return freed


def _kinship(program: Program, blocks: Ints) -> sp.csr_array:
    """How many rows each two blocks have in common."""
    entries = sp.coo_array(program.matrix)
    row, column = entries.coords
    block = program.block[column]
    inside = block != SHARED
    place = np.searchsorted(blocks, block[inside])
    touches = sp.csr_array((np.ones(int(inside.sum())), (place, row[inside])), shape=(len(blocks), program.rows))
    touches.data[:] = 1.0
    return sp.csr_array(touches @ touches.T)


def improved(
    program: Program, x: Floats, free: Booleans, limits: Limits, seed: int, stop: Callable[[], bool]
) -> Floats:
    """The best point found with only the marked columns free; `x` itself where none is better."""
    part = program.restricted(free, x).condensed
    try:
        answer = solve(part, limits, seed=seed, start=x[free], watch=lambda *_: stop())
    except Infeasible:  # its own start is a point: the solver is wrong, and the plan at hand stands
        return x
    if answer.x is None or part.objective(answer.x) >= program.objective(x):
        return x
    better = x.copy()
    better[free] = answer.x
    return better
