"""Ways: what lanes and others tell about deliveries, and that nothing is told where nobody speaks."""

import numpy as np

from models.book import Book, Values
from models.ways import Served, lanes, served


def test_without_lanes_everything_is_there_at_once_and_for_nothing() -> None:
    periods, cost = lanes(Book(), np.array([0, 1]), np.array([1, 1]))
    assert (periods.tolist(), cost.tolist()) == ([0, 0], [0, 0])


def test_lanes_are_asked_pair_by_pair() -> None:
    book = Book()
    book.post("lanes", lambda customer, location: (customer * 10 + location, customer / 2))
    periods, cost = lanes(book, np.array([1, 2]), np.array([3, 0]))
    assert (periods.tolist(), cost.tolist()) == ([13, 20], [0.5, 1])


def test_what_is_served_otherwise_is_put_together() -> None:
    book, values = Book(), Values({"much": np.array([7.0])})
    assert len(served(book, values).line) == 0
    for line in (4, 2):
        code = np.array([line])
        book.post("served", lambda values, code=code: Served(code, code, code, code, values["much"]))
    assert (served(book, values).line.tolist(), served(book, values).quantity.tolist()) == ([4, 2], [7, 7])
