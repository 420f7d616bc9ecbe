"""Slopes: which order lines are worth their fixed cost, told by a few linear programs.

The relaxation pays a fixed cost K for a share y of it: K·y. Scaling the rate to K / y, with y from the last solution,
makes it pay the whole of what it used last time; after a few rounds it has gathered its orders in few lines. A line
that was left pays by the largest share it ever had, and so may come back (with its last share it hardly ever does).

Source: dynamic slope scaling: Kim & Pardalos (1999), Operations Research Letters 24(4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.solve.highs import Relaxation
from optimizer.solve.program import Booleans, Floats, Program

ROUNDS = 12
LAST_ROUNDS = 4  # what any of these used is the support
WORTHWHILE = 0.001  # a round that lowers the whole cost by less than this share of it is the last
USED = 1e-6  # share of a fixed cost below which it was not used
LEAST = 1e-4  # slopes are held below 1 / LEAST times the cost, for the sake of the solver's numbers


@dataclass(frozen=True)
class Sloped:
    """The last point, and the columns that are worth deciding on."""

    x: Floats
    support: Booleans


def sloped(program: Program, relaxation: Relaxation, x: Floats, over: Callable[[], bool]) -> Sloped:
    """Scale the slopes of all yes-or-no columns with a cost, from the relaxation's point `x`, until time is over."""
    binary = program.integer & (program.lower == 0) & (program.upper == 1)
    charged = np.flatnonzero(binary & (program.cost > 0)).astype(np.int32)
    largest, whole = np.zeros(len(charged)), np.inf
    used: list[Booleans] = []
    for _ in range(ROUNDS):
        if over():
            break
        share = x[charged]
        largest = np.maximum(largest, share)
        paid = np.where(share > USED, share, np.where(largest > USED, largest, 1.0))
        point = relaxation.again(charged, program.cost[charged] / np.maximum(paid, LEAST))
        if point is None:  # time was over in the midst of it
            break
        x = point
        used.append(x > USED)
        before, whole = whole, program.objective(np.where(binary, np.ceil(x - USED), x))
        if whole > before - WORTHWHILE * abs(whole):
            break
    return Sloped(x, ~binary | np.any(used[-LAST_ROUNDS:] or [x > USED], axis=0))
