"""Conflicts: few of the planner's cells that already contradict each other, looked for by freeing the others.

Source: QuickXplain: Junker (2004), Preferred explanations and relaxations for over-constrained problems, AAAI 2004.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def smallest(candidates: Sequence[T], contradictory: Callable[[Sequence[T]], bool]) -> list[T]:
    """Some of them that contradict, none of which could be left out; the first are kept rather than the last.

    Args:
        candidates: which contradict all together.
        contradictory: whether no plan keeps these, what is no candidate kept anyway.

    Returns:
        None of them where no plan keeps what is no candidate.
    """

    def within(kept: Sequence[T], told: bool, some: Sequence[T]) -> list[T]:
        if told and contradictory(kept):
            return []
        if len(some) <= 1:
            return list(some)
        half = len(some) // 2
        first, second = some[:half], some[half:]
        of_second = within([*kept, *first], bool(first), second)
        return [*within([*kept, *of_second], bool(of_second), first), *of_second]

    return within([], True, candidates)


def apart(
    candidates: Sequence[T], contradictory: Callable[[Sequence[T]], bool], most: int, *, certain: bool = False
) -> list[list[T]]:
    """Such conflicts, up to so many that share nothing; one that is empty where no plan keeps what is no candidate.

    `certain`: it is known that there is one.
    """
    found: list[list[T]] = []
    left = list(candidates)
    while len(found) < most and ((certain and not found) or contradictory(left)):
        found.append(smallest(left, contradictory))
        if not found[-1]:
            break
        left = [one for one in left if one not in found[-1]]
    return found
