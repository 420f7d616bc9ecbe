"""Orders: the shared word for "an order line that may be placed", and the figures that parts post about it.

Accounts of figures, each a function of `OrderLines` that gives one number (or truth) per line:

    closed    this line may not be placed (a frozen period, a closed calendar)
    need      quantity that could be used if it arrived then: demand still deliverable, stock wanted     [unit]
    reason    quantity that a rule may make it worth buying beyond need (a minimum order value)          [unit]
    ceiling   largest quantity allowed, inf for none (a capacity)                                        [unit]
    grain     whole multiples of this are ordered; 0 for none (packs, steps)                             [unit]

Ordering more than `need + reason`, rounded up to the minimum and to whole multiples, costs money and gains none
(an ending value is never above the cheapest price): such an order can be cut back without breaking any rule. That is
what makes it a valid big-M.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from models.book import Book
from models.instance import Codes, Figures


@dataclass(frozen=True)
class OrderLines:
    """Order lines by column: codes, the period placed and of arrival, the sourcing row whose terms hold."""

    item: Codes
    supplier: Codes
    location: Codes
    period: Codes
    arrival: Codes
    row: Codes
    unit_cost: Figures

    def __len__(self) -> int:
        return len(self.item)

    def only(self, keep: Any) -> "OrderLines":
        """The lines that a mask marks, or that an array of places names."""
        return OrderLines(**{name: values[keep] for name, values in vars(self).items()})


OrderFigure = Callable[[OrderLines], Any]


def smallest_lots(book: Book, lines: OrderLines) -> Figures:
    """Smallest quantity of each line of index set `orders`, once it is placed."""
    (smallest,) = book.posted("smallest lots")
    assert len(smallest) == len(lines)
    return smallest  # type: ignore[no-any-return]


def order_lines(book: Book) -> OrderLines:
    """The lines of index set `orders`, row by row; known once sourcing has derived them."""
    (lines,) = book.posted("order lines")
    return lines  # type: ignore[no-any-return]


def total(book: Book, account: str, lines: OrderLines) -> Figures:
    """Sum of what was posted to an account of figures."""
    return sum((figure(lines) for figure in book.posted(account)), np.zeros(len(lines)))


def least(book: Book, account: str, lines: OrderLines) -> Figures:
    """Least of what was posted to an account of figures; inf where nothing was."""
    smallest = np.full(len(lines), np.inf)
    for figure in book.posted(account):
        smallest = np.minimum(smallest, figure(lines))
    return smallest


def common_grain(book: Book, lines: OrderLines) -> Figures:
    """Smallest quantity that is a whole multiple of every grain posted for the line; 0 where none was."""
    common = np.zeros(len(lines))
    for figure in book.posted("grain"):
        common = _common_multiple(common, figure(lines))
    return common


def _common_multiple(first: Figures, second: Figures) -> Figures:
    one = np.maximum(first, second)
    both = (first > 0) & (second > 0) & (first != second)
    if both.any():
        pairs, which = np.unique(np.column_stack([first[both], second[both]]), axis=0, return_inverse=True)
        one[both] = np.array([_exact_common_multiple(a, b) for a, b in pairs])[which.ravel()]
    return one


def _exact_common_multiple(first: float, second: float) -> float:
    a, b = (Fraction(str(number)) for number in (first, second))
    return float(Fraction(lcm(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator))


def rounded_up(quantity: Figures, grain: Figures) -> Figures:
    """The next whole multiple of the grain; the quantity itself where there is none. 1e-9 of a grain is noise."""
    safe = np.where(grain > 0, grain, 1.0)
    return np.where(grain > 0, np.ceil(quantity / safe - 1e-9) * safe, quantity)


def rounded_down(quantity: Figures, grain: Figures) -> Figures:
    """The last whole multiple of the grain; the quantity itself where there is none."""
    safe = np.where(grain > 0, grain, 1.0)
    return np.where(grain > 0, np.floor(quantity / safe + 1e-9) * safe, quantity)
