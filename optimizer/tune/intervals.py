"""Intervals: what all plans and bounds of a sweep together say of the least cost at each of its factors.

V(f), the least cost at factor f, is the least of the plans' cost lines c(f)·x. Where c is concave in f (a line where a
factor multiplies a cost), so is V: between two proven bounds their chord is a bound. Where c only grows, so does V.

    lower_k   the largest of the proven bound, the chords of all others over f_k, and where costs only grow, the bounds
              before it
    upper_k   the least cost line of any plan at f_k

A lower limit above an upper one contradicts: the solver has proven what is not so.

Source: parametric programming: Geoffrion & Nauss (1977), Management Science 23(5); Jenkins (1990), Parametric mixed
integer programming, Annals of Operations Research 27.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from optimizer.solve.program import Floats, Program

NOISE = 1e-7  # relative: cells have nine decimals, and costs follow them
TRUSTED = 1e-6  # relative: a bound that is above a plan by more is none


@dataclass(frozen=True)
class Intervals:
    """Limits of the least cost at each factor [money].

    Attributes:
        lower: proven.
        upper: of the cheapest plan known.
        carried: whether chords were used; costs that are not concave along the sweep allow none.
        contradicted: places where a bound is above a plan.
    """

    lower: Floats
    upper: Floats
    carried: bool
    contradicted: tuple[int, ...]


@dataclass(frozen=True)
class Shape:
    """How costs run along a sweep.

    Attributes:
        concave: chords of bounds are bounds.
        growing: no cost is lower at a later point, so that a bound holds for all points behind it.
        offset: of each program [money].
    """

    concave: bool
    growing: bool
    offset: Floats


def shape(positions: Sequence[float], programs: Sequence[Program]) -> Shape:
    """The shape of a sweep; columns that may be negative allow to carry nothing."""
    at = np.asarray(positions, dtype=np.float64)
    growing = not (programs[0].lower < 0).any() and all(
        bool((one.cost <= other.cost).all()) for one, other in pairwise(programs)
    )
    return Shape(concave(at, programs), growing, np.array([program.offset for program in programs]))


def intervals(positions: Sequence[float], shape: Shape, bounds: Floats, upper: Floats) -> Intervals:
    """The intervals of a sweep.

    Args:
        positions: along the sweep, ascending; the factor, or how far a factor has come.
        shape: of the costs along it.
        bounds: proven on the cost at each [money]; -inf where nothing was.
        upper: cost of the cheapest plan known at each [money].
    """
    at = np.asarray(positions, dtype=np.float64)
    lower = bounds - shape.offset
    if shape.concave:
        lower = np.maximum(lower, _chords(at, lower))
    if shape.growing:
        lower = np.maximum.accumulate(lower)
    lower = lower + shape.offset
    wrong = np.flatnonzero(lower > upper + TRUSTED * np.maximum(np.abs(upper), 1.0))
    return Intervals(np.minimum(lower, upper), upper, shape.concave, tuple(wrong.tolist()))


def concave(at: Floats, programs: Sequence[Program]) -> bool:
    """Whether costs lie on or above the chord of their neighbours, and columns are never negative."""
    if any((program.lower < 0).any() for program in programs[:1]):
        return False
    for k in range(1, len(at) - 1):
        share = (at[k] - at[k - 1]) / (at[k + 1] - at[k - 1])
        before, here, after = (programs[j].cost for j in (k - 1, k, k + 1))
        chord = (1 - share) * before + share * after
        if (here < chord - NOISE * np.maximum(np.abs(chord), 1.0)).any():
            return False
    return True


def _chords(at: Floats, bounds: Floats) -> Floats:
    """The upper concave hull of the points, at each of them; -inf before the first bound and behind the last."""
    hull: list[int] = []
    for k in np.flatnonzero(np.isfinite(bounds)).tolist():
        while len(hull) > 1 and _turns_up(at, bounds, hull[-2], hull[-1], k):
            hull.pop()
        hull.append(k)
    if not hull:
        return bounds
    values: Floats = np.interp(at, at[hull], bounds[hull], left=-np.inf, right=-np.inf)
    return values


def _turns_up(at: Floats, values: Floats, a: int, b: int, c: int) -> bool:
    """Whether the middle one is on or below the chord of the others."""
    return bool((values[b] - values[a]) * (at[c] - at[a]) <= (values[c] - values[a]) * (at[b] - at[a]))
