"""Places: rows of elements, by a table, by search, or because they are the index set itself."""

import numpy as np
import pytest

from models.book import Book, Index
from optimizer.compile.places import Finder, NoElement, Places, Twice


def index(*rows: tuple[int, ...]) -> Index:
    return Index("cells", tuple(f"d{k}" for k in range(len(rows[0]))), np.array(rows, dtype=np.int64))


CLOSE = index((2, -1), (0, 3), (0, -1), (1, 0))
APART = index((2, -1), (10**6, 3), (0, 10**5), (1, 0))  # ten million numbers for each element: searched


@pytest.mark.parametrize("cells", [CLOSE, APART], ids=["close", "apart"])
def test_rows_of_elements_in_any_order(cells: Index) -> None:
    places = Places(cells)
    for order in ([3, 0, 0, 2, 1], [0, 1, 2, 3], [1]):
        codes = cells.codes[order]
        assert places.rows(list(codes.T), len(order)).tolist() == order
        assert places.rows([column.astype(np.int32) for column in codes.T], len(order)).tolist() == order


@pytest.mark.parametrize("cells", [CLOSE, APART], ids=["close", "apart"])
def test_one_number_for_all(cells: Index) -> None:
    assert Places(cells).rows([2, np.array([-1, -1, -1])], 3).tolist() == [0, 0, 0]
    assert Places(cells).rows([1, 0], 2).tolist() == [3, 3]


@pytest.mark.parametrize("cells", [CLOSE, APART], ids=["close", "apart"])
@pytest.mark.parametrize("wrong", [(3, -1), (2, -2), (-1, 3), (1, 4), (2, 3), (10**7, 0)])
def test_what_is_not_there_is_told(cells: Index, wrong: tuple[int, int]) -> None:
    for kind in (np.int32, np.int64):
        with pytest.raises(NoElement, match="cells"):
            Places(cells).rows([np.array([2, code], dtype=kind) if k == 0 else np.array([-1, code], dtype=kind)
                                for k, code in enumerate(wrong)], 2)  # fmt: skip
    with pytest.raises(NoElement):
        Places(cells).rows([*wrong], 1)


def test_nothing_is_asked_and_nothing_is_there() -> None:
    empty = Index("cells", ("a",), np.zeros((0, 1), dtype=np.int64))
    assert Places(empty).rows([np.zeros(0, dtype=np.int64)], 0).tolist() == []
    with pytest.raises(NoElement, match="empty"):
        Places(empty).rows([np.zeros(1, dtype=np.int64)], 1)


def test_an_element_twice() -> None:
    with pytest.raises(Twice):
        Places(index((1, 2), (1, 2), (0, 0))).rows([1, 2], 1)
    with pytest.raises(Twice):
        Places(index((1, 2), (1, 2), (10**6, 10**6))).rows([1, 2], 1)


def related(parents: list[int], members: list[int], size: int = 3) -> Finder:
    book = Book()
    book.index("cells", item=np.arange(size))
    book.relation("members", "cells", (np.array(parents),), period=np.array(members))
    return Finder(book)


@pytest.mark.parametrize("many", [1, 5000])
def test_members_stand_with_their_element_in_their_own_order(many: int) -> None:
    parents, members = [2, 0, 2, 0] * many, list(range(4 * many, 0, -1))
    found = related(parents, members).members("members")
    assert found.count.tolist() == [2 * many, 0, 2 * many]
    assert found.parent.tolist() == sorted(parents)
    assert found.columns[0][:2].tolist() == [members[1], members[3]]
    assert found.columns[0][found.start[2] :][:2].tolist() == [members[0], members[2]]


def test_a_member_twice_is_found_wherever_it_stands() -> None:
    with pytest.raises(Twice):
        related([0, 0, 0], [1, 2, 1]).members("members")
    assert related([0, 0, 1], [2, 1, 1]).members("members").count.tolist() == [2, 1, 0]


def test_a_parent_that_is_not_there() -> None:
    with pytest.raises(NoElement):
        related([0, 3], [1, 1]).members("members")


def test_rows_of_a_part_are_found_in_the_whole() -> None:
    book = Book()
    book.index("whole", item=np.array([0, 2, 1, 2]), period=np.array([1, 0, 1, 3]))
    book.index("part", item=np.array([2, 0]), period=np.array([3, 1]))
    book.subset("late", "whole", np.array([True, False, True, True]))
    book.subset("latest", "late", np.array([False, True, True]))
    finder = Finder(book)
    assert finder.rows_in("part", "whole").tolist() == [3, 0]
    assert finder.rows_in("whole", "whole").tolist() == [0, 1, 2, 3]
    assert finder.rows_in("late", "whole").tolist() == [0, 2, 3]
    assert finder.rows_in("latest", "whole").tolist() == [2, 3]
