"""Ways: the shared word for deliveries that are not simply from a stock to the door, in one period, of what was asked.

Accounts of figures that other parts post:

    lanes     a function of customers and locations (codes, pair by pair) that gives, for each, the periods on the way
              (-1: the location does not serve the customer) and the cost per unit that leaves; none: every location
              serves every customer at once and for nothing
    served    a function of `Values` that gives what lines get otherwise than as deliveries of fulfilment (`Served`)
"""

from dataclasses import dataclass

import numpy as np

from models.book import Book, Values
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


def served(book: Book, values: Values) -> Served:
    """All that lines get otherwise."""
    nothing = np.zeros(0, dtype=np.int64)
    found = [Served(nothing, nothing, nothing, nothing, np.zeros(0)), *(one(values) for one in book.posted("served"))]
    return Served(*(np.concatenate([getattr(one, name) for one in found]) for name in vars(found[0])))
