"""Slopes: which order lines are worth their fixed cost, told by a few linear programs.

The relaxation pays a fixed cost K for a share y of it: K·y. Scaling the rate to K / y, with y from the last solution,
makes it pay the whole of what it used last time; after a few rounds it has gathered its orders in few lines.

Source: dynamic slope scaling: Kim & Pardalos (1999), Operations Research Letters 24(4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.solve.highs import Relaxation
from optimizer.solve.program import Booleans, Floats, Program

ROUNDS = 12
LAST_ROUNDS = 4  # what any of these used is the support
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
    slope, used = np.ones(len(charged)), np.zeros(program.columns, dtype=np.bool_)
    for round_ in range(ROUNDS):
        if over():
            break
        share = x[charged]
        slope = np.where(share > USED, 1.0 / np.maximum(share, LEAST), slope)
        point = relaxation.again(charged, program.cost[charged] * slope)
        if point is None:  # time was over in the midst of it
            break
        x = point
        if round_ >= ROUNDS - LAST_ROUNDS:
            used |= x > USED
    return Sloped(x, ~binary | used | (x > USED))
