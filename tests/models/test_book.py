"""The book: index sets, parameters, relations and figures; and how they become a model."""

from functools import partial

import numpy as np
import pytest

from models.assemble import build, derive
from models.book import Book, Values
from models.instance import Instance
from models.part import Part
from tests.models.solved import PLAIN, instance


def test_an_index_set_has_named_columns() -> None:
    index = Book().index("orders", item=np.array([0, 0, 1]), period=np.array([2, 3, 0]))
    assert (len(index), index.dimensions) == (3, ("item", "period"))
    assert index["period"].tolist() == [2, 3, 0]
    with pytest.raises(ValueError):
        index["location"]


@pytest.mark.parametrize(("largest", "bits"), [((1 << 31) - 1, 32), (1 << 31, 64)])
def test_codes_are_kept_narrow_and_given_wide(largest: int, bits: int) -> None:
    index = Book().index("orders", item=np.array([largest, 0]), period=np.array([-1, 3]))
    assert index.codes.dtype.itemsize * 8 == bits
    assert index.codes.tolist() == [[largest, -1], [0, 3]]
    assert (index["item"] * 4)[0] == 4 * largest  # no overflow


def test_columns_of_an_index_set_are_equally_long() -> None:
    with pytest.raises(ValueError, match="rows"):
        Book().index("orders", item=np.array([0, 1]), period=np.array([0]))


def test_a_subset_keeps_the_order() -> None:
    book = Book()
    book.index("orders", item=np.array([5, 6, 7]), period=np.array([2, 3, 0]))
    part = book.subset("late", "orders", np.array([False, True, True]))
    assert part.codes.tolist() == [[6, 3], [7, 0]] and book.indexes["late"] is part


def test_a_parameter_has_one_value_per_row() -> None:
    book = Book()
    book.index("orders", item=np.array([0, 1]))
    book.parameter("cost", "orders", np.array([1, 2]))
    assert book.values("cost").tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="parameter cost: 3 values for 2 rows of orders"):
        book.parameter("cost", "orders", np.array([1, 2, 3]))


def test_figures_are_kept_in_the_order_of_posting() -> None:
    book = Book()
    book.post("need", "first")
    book.post("need", "second")
    assert book.posted("need") == ["first", "second"]
    assert book.posted("reason") == []


def test_values_by_variable() -> None:
    assert Values({"order": np.array([1.0])})["order"].tolist() == [1.0]


class Pairs(Part):
    """Index sets of one dimension and of several, and a relation in which one element has nobody."""

    def derive(self, instance: Instance, book: Book) -> None:
        book.index("things", item=np.array([1, 0]))
        book.index("cells", item=np.array([0, 0, 1]), location=np.array([-1, 0, 1]), period=np.array([0, 1, 1]))
        book.parameter("weight", "cells", np.array([1.5, 2, 0]))
        book.relation("of", "things", (np.array([0, 0]),), location=np.array([1, -1]), period=np.array([0, 3]))
        book.relation("one", "cells", (np.array([0]), np.array([-1]), np.array([0])), supplier=np.array([0]))


def test_codes_become_ids_in_the_model() -> None:
    made = instance(
        items=[PLAIN | {"item": "nut"}, PLAIN | {"item": "rod"}],
        locations=[{"location": "east"}, {"location": "west"}],
    )
    chosen = (Pairs(),)
    m, _ = build(made, derive(made, chosen), chosen)
    assert list(m.things) == ["rod", "nut"]
    assert list(m.cells) == [("nut", "", 0), ("nut", "east", 1), ("rod", "west", 1)]
    assert m.weight["nut", "", 0] == 1.5 and m.weight["rod", "west", 1] == 0
    assert list(m.of["nut"]) == [("west", 0), ("", 3)] and list(m.of["rod"]) == []
    assert list(m.one["nut", "", 0]) == ["S"] and list(m.one["nut", "east", 1]) == []


def test_a_name_is_given_once() -> None:
    book, rows = Book(), np.arange(2)
    book.index("orders", item=rows)
    add = (
        partial(book.index, "orders", item=rows),
        partial(book.subset, "orders", "orders", rows > 0),
        partial(book.parameter, "orders", "orders", np.ones(2)),
        partial(book.relation, "orders", "orders", (rows,), period=rows),
    )
    for again in add:
        with pytest.raises(ValueError, match="two parts derive orders"):
            again()
