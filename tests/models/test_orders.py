"""Orders: figures about order lines, common multiples and rounding."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.book import Book
from models.orders import (
    OrderLines,
    common_grain,
    least,
    order_lines,
    pairs,
    relate_goods,
    rounded_down,
    rounded_up,
    total,
    units,
)


def lines(count: int) -> OrderLines:
    codes = np.arange(count)
    return OrderLines(codes, codes, codes, codes, codes, codes, np.linspace(1, 2, count))


def grain(*columns: Sequence[float]) -> list[float]:
    """Common grain of lines whose grains are posted column by column."""
    book = Book()
    for column in columns:
        book.post("grain", lambda of, column=column: np.array(column, dtype=float))
    result: list[float] = common_grain(book, lines(len(columns[0]))).tolist()
    return result


def test_without_figures_there_is_no_need_no_limit_and_no_grain() -> None:
    assert total(Book(), "need", lines(2)).tolist() == [0, 0]
    assert least(Book(), "ceiling", lines(2)).tolist() == [np.inf, np.inf]
    assert common_grain(Book(), lines(2)).tolist() == [0, 0]


def test_figures_add_up_and_the_least_of_ceilings_holds() -> None:
    book = Book()
    for figures in ([1.0, 5.0], [3.0, 2.0]):
        book.post("need", lambda of, figures=figures: np.array(figures))
        book.post("ceiling", lambda of, figures=figures: np.array(figures))
    assert total(book, "need", lines(2)).tolist() == [4, 7]
    assert least(book, "ceiling", lines(2)).tolist() == [1, 2]


def test_a_common_multiple_line_by_line() -> None:
    assert grain([6, 4, 0, 5, 0], [4, 4, 3, 0, 0]) == [12, 4, 3, 5, 0]
    assert grain([6], [4], [5]) == [60]
    assert grain([0.75], [0.5]) == [1.5]
    assert grain([0.1], [0.25]) == [0.5]  # exact, though 0.1 is no binary fraction
    assert grain([1], [2.5]) == [5]


@given(first=st.integers(1, 400).map(lambda n: n / 20), second=st.integers(1, 400).map(lambda n: n / 20))
def test_a_common_multiple_is_a_multiple_of_both_and_the_smallest(first: float, second: float) -> None:
    (common,) = grain([first], [second])
    for one in (first, second):
        assert common / one == pytest.approx(round(common / one), abs=1e-9)
    a, b = round(first * 20), round(second * 20)
    assert common * 20 == pytest.approx(np.lcm(a, b))


@pytest.mark.parametrize(
    ("quantity", "of", "up", "down"),
    [
        (7, 5, 10, 5),
        (10, 5, 10, 10),
        (0, 5, 0, 0),
        (7.25, 0, 7.25, 7.25),  # no grain: any quantity
        (0.3, 0.1, 0.3, 0.3),  # 0.3 ÷ 0.1 is 2.9999…
        (0.35, 0.1, 0.4, 0.3),
        (10 + 1e-12, 5, 10, 10),
        (10.01, 5, 15, 10),
        (9.99, 5, 10, 5),
        (np.inf, 5, np.inf, np.inf),
        (np.inf, 0, np.inf, np.inf),
    ],
)
def test_rounding_to_whole_multiples(quantity: float, of: float, up: float, down: float) -> None:
    assert rounded_up(np.array([quantity]), np.array([of]))[0] == pytest.approx(up)
    assert rounded_down(np.array([quantity]), np.array([of]))[0] == pytest.approx(down)


def test_lines_are_chosen_by_mask_or_by_place() -> None:
    chosen = lines(3).only(np.array([True, False, True]))
    assert chosen.item.tolist() == [0, 2] and chosen.unit_cost.tolist() == [1, 2]
    assert lines(3).only(np.array([2, 0])).period.tolist() == [2, 0]
    assert len(lines(3)) == 3


def test_order_lines_are_known_once_they_are_derived() -> None:
    book, known = Book(), lines(2)
    with pytest.raises(ValueError, match="not enough values"):
        order_lines(book)
    book.post("order lines", known)
    assert order_lines(book) is known


def test_rows_find_the_lines_that_they_are_for() -> None:
    item, supplier = np.array([0, 0, 1, 0]), np.array([0, 1, 0, 0])
    codes = np.arange(4)
    some = OrderLines(item, supplier, codes, codes, codes, codes, np.ones(4))
    row, line = pairs(some, item=np.array([1, 0, 0, 2]), supplier=np.array([-1, 0, -1, 0]))
    # Row 0 is for item 1 of anybody; row 1 for item 0 of supplier 0; row 2 for item 0 of anybody; row 3 for no line.
    assert list(zip(row.tolist(), line.tolist(), strict=True)) == [(0, 2), (1, 0), (1, 3), (2, 0), (2, 1), (2, 3)]
    assert [len(column) for column in pairs(some, item=np.zeros(0, np.int64))] == [0, 0]


def test_units_that_money_buys() -> None:
    book, some = Book(), lines(3)
    assert units(book, some, np.array([10.0, 10.0, 0.0]), np.inf).tolist() == pytest.approx([10, 10 / 1.5, 0])
    book.post("price", lambda of: np.array([0.0, 0.5, 2.0]))
    assert units(book, some, np.full(3, 10.0), 7.0).tolist() == [7, 20, 5]


def test_goods_are_related_by_line_and_by_segment_of_prices() -> None:
    book, codes = Book(), np.arange(3)
    supplier = np.array([0, 1, 0])
    some = OrderLines(codes, supplier, codes, np.zeros(3, np.int64), codes, codes, np.ones(3))
    book.post("order lines", some)
    book.post("segments", (np.array([0, 2, 2]), np.array([-1, -1, 4])))
    book.index("limits", supplier=np.array([0, -1]), period=np.array([0, 9]))
    relate_goods(book, "limits", {"supplier": np.array([0, -1])}, "item")
    by_line, by_segment = book.relations["limits_lines"], book.relations["limits_segments"]
    assert by_line.dimensions == ("item",) and by_segment.dimensions == ("item", "segment")
    assert [(p.tolist(), m.tolist()) for p, m in zip(by_line.parents, by_line.members, strict=True)] == [
        ([0, 0], [0]), ([0, 0], [2]), ([-1, 9], [0]), ([-1, 9], [1]), ([-1, 9], [2]),
    ]  # fmt: skip
    assert by_segment.parents.tolist() == [[0, 0]] * 3 + [[-1, 9]] * 3
    assert by_segment.members.tolist() == [[0, -1], [2, -1], [2, 4]] * 2
