"""Ways: the shared word for deliveries that are not simply from a stock to the door, in one period, of what was asked.

Accounts of figures that other parts post:

    lanes     a function of customers and locations (codes, pair by pair) that gives, for each, the periods on the way
              (-1: the location does not serve the customer) and the cost per unit that leaves; none: every location
              serves every customer at once and for nothing
    served    a function of `Values` that gives what lines get otherwise than as deliveries of fulfilment (`Served`)
    other ways  a function of demand lines that gives (rows of demand, periods) in which they may get something so
    own item only  rows of demand that get what they ask for, and nothing else
    no substitute  items that are not delivered in place of others
    added wait  a function of demand lines, places among them and periods of delivery: what a unit costs more
"""

from dataclasses import dataclass

import numpy as np

from models.book import Book, Values
from models.demand import DemandLines
from models.instance import Codes, Figures


@dataclass(frozen=True)
class Served:
    """What demand lines get otherwise, row by row: counted in units of what was asked."""

    line: Codes  # row of the demand table
    item: Codes  # what they get
    location: Codes
    period: Codes  # of delivery
    quantity: Figures


def lanes(book: Book, customer: Codes, location: Codes) -> tuple[Codes, Figures]:
    """Periods on the way (-1: no way) and cost per unit, for each pair of a customer and a location."""
    periods, cost = np.zeros(len(customer), dtype=np.int64), np.zeros(len(customer))
    for lane in book.posted("lanes"):
        periods, cost = lane(customer, location)
    return periods, cost


def leaving(book: Book) -> Codes:
    """Period in which each row of index set `deliveries` leaves its location."""
    for leaves in book.posted("delivery leaves"):
        return leaves  # type: ignore[no-any-return]
    return book.indexes["deliveries"]["period"]


def ways_otherwise(book: Book, lines: DemandLines) -> tuple[Codes, Codes]:
    """Lines, as rows of demand, and periods in which a part may give them something otherwise."""
    pairs = [np.column_stack(one(lines)) for one in book.posted("other ways")]
    found = np.unique(np.concatenate([np.zeros((0, 2), dtype=np.int64), *pairs]), axis=0)
    return found[:, 0], found[:, 1]


def otherwise(book: Book) -> tuple[Codes, Codes]:
    """Lines, as rows of demand, and periods of account `otherwise`."""
    index = book.indexes["other_ways"]
    return index["line"], index["period"]


def served(book: Book, values: Values) -> Served:
    """All that lines get otherwise."""
    nothing = np.zeros(0, dtype=np.int64)
    found = [Served(nothing, nothing, nothing, nothing, np.zeros(0)), *(one(values) for one in book.posted("served"))]
    return Served(*(np.concatenate([getattr(one, name) for one in found]) for name in vars(found[0])))
