"""Conflicts: the few that contradict are found among many, and nothing else is named."""

from collections.abc import Callable, Sequence

from optimizer.results.conflicts import apart, smallest


def broken_by(*conflicts: set[int]) -> Callable[[Sequence[int]], bool]:
    return lambda kept: any(conflict <= set(kept) for conflict in conflicts)


def test_the_few_that_contradict_are_found_among_many() -> None:
    asked = []

    def contradictory(kept: Sequence[int]) -> bool:
        asked.append(len(kept))
        return broken_by({17, 203})(kept)

    assert smallest(range(1000), contradictory) == [17, 203]
    assert len(asked) < 50  # 2 · 2 · log2(1000 / 2) + 2 · 2 = 40


def test_the_first_are_named_rather_than_the_last() -> None:
    assert smallest(range(10), broken_by({2, 3}, {3, 8})) == [2, 3]
    assert smallest(range(10)[::-1], broken_by({2, 3}, {3, 8})) == [8, 3]


def test_where_none_is_to_blame_none_is_named() -> None:
    assert smallest(range(5), lambda kept: True) == []
    assert smallest([], lambda kept: True) == []
    assert apart(range(5), lambda kept: True, 3) == [[]]


def test_conflicts_that_share_nothing_are_found_one_after_the_other() -> None:
    assert apart(range(9), broken_by({1, 2}, {2, 3}, {7}, {8}), 9) == [[1, 2], [7], [8]]
    assert apart(range(9), broken_by({1, 2}, {7}), 1) == [[1, 2]]
    assert apart(range(9), broken_by({9}), 3) == []
