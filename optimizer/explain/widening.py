"""Widening: a question decided in wider and wider circles, as long as each can be decided to the end.

The narrowest circle is decided in a moment. What was found there is where the next one begins, which may take a few
times as long: what is told is of the widest circle in which the plan as it is and every alternative are decided to the
end, so that each difference is exact. Of the first circle that could not be, between what it lies there is told beside.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from optimizer.explain.neighbourhood import Neighbourhood
from optimizer.explain.point import Point
from optimizer.explain.resolve import Changed, Difference, Missing, Resolved, Solution

PATIENCE = 5.0  # times as long as the last circle took, that the next one may take
LEAST_SECONDS = 2.0


@dataclass(frozen=True)
class Wider:
    """A circle that was not decided to the end: what was free, and what was found of each alternative."""

    around: str
    differences: Sequence[Difference | None]


@dataclass(frozen=True)
class Widened:
    """What was decided.

    Attributes:
        resolved: the circle, and the plan as it is in it.
        found: of each alternative.
        wider: a circle around it that could not be decided in time, if one was tried.
    """

    resolved: Resolved
    found: Sequence[Solution | Missing]
    wider: Wider | None = None

    @property
    def decided(self) -> bool:
        """Whether all is known: the base, and of each alternative the best, or that there is none."""
        return self.resolved.base.proven and all(_decided(one) for one in self.found)

    @property
    def difference(self) -> list[Difference | None]:
        """What each alternative costs more."""
        return [self.resolved.difference(one) if isinstance(one, Solution) else None for one in self.found]


def widened(point: Point, circles: Iterable[Neighbourhood], alternatives: Sequence[Changed], seconds: float) -> Widened:
    """The widest circle that is decided.

    Args:
        point: the plan.
        circles: one within the next, at least one.
        alternatives: that only forbid something; none: only the plan as it is.
        seconds: at most.
    """
    until, best, took = time.monotonic() + seconds, None, 0.0
    for near in circles:
        began = time.monotonic()
        left = until - began
        if best is not None:
            if left <= 0:
                break
            if any(isinstance(one, Solution) for one in best.found) or not best.found:
                left = min(left, max(PATIENCE * took, LEAST_SECONDS))
        found = _in_circle(point, near, alternatives, left, best)
        took = time.monotonic() - began
        undecided = best is not None and not found.decided
        best = replace(best, wider=Wider(near.words, found.difference)) if best and undecided else found
        if not found.decided:
            break
    assert best is not None
    return best


def _in_circle(
    point: Point, near: Neighbourhood, alternatives: Sequence[Changed], seconds: float, inner: Widened | None
) -> Widened:
    """All of it in one circle, from what was found in the one within."""
    start = None if inner is None else inner.resolved.base.x
    resolved = Resolved(point, near, seconds, alternatives=len(alternatives), start=start)
    found: list[Solution | Missing] = []
    for place, one in enumerate(alternatives):
        known = None if inner is None else inner.found[place]
        begin = known.x if isinstance(known, Solution) else None
        found.append(resolved.solved(one, resolved.left(len(alternatives) - place), start=begin))
    for solution in found:
        if isinstance(solution, Solution):
            resolved.learn(solution)
    return Widened(resolved, found)


def _decided(found: Solution | Missing) -> bool:
    return found.proven if isinstance(found, Solution) else found is Missing.IMPOSSIBLE
