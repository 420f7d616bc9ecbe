"""Orders: the shared word for "an order line that may be placed", and the figures that parts post about it.

Accounts of figures, each a function of `OrderLines` that gives one number (or truth) per line:

    closed    this line may not be placed (a frozen period, a closed calendar)
    need      quantity that could be used if it arrived then: demand still deliverable, stock wanted     [unit]
    reason    quantity that a rule may make it worth buying beyond need (a minimum order value)          [unit]
    ceiling   largest quantity allowed, inf for none (a capacity)                                        [unit]
    sooner    soonest period in which any of it can arrive, where that is before `arrival`
    price     lowest price of a unit that terms may come to, where that is not the list price (a price break)    [money]
    grain     whole multiples of this are ordered; 0 for none (packs, steps)                             [unit]

Ordering more than `need + reason`, rounded up to the minimum and to whole multiples, costs money and gains none
(an ending value is never above the cheapest price): such an order can be cut back without breaking any rule. That is
what makes it a valid big-M.
"""

from collections.abc import Mapping
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


def pairs(lines: OrderLines, **codes: Codes) -> tuple[Codes, Codes]:
    """Pairs (row, line) by place: which order lines each row is for, sorted by row, then line.

    Args:
        lines: order lines.
        codes: what the rows say, by column of `OrderLines` (`item`, `supplier`, …); -1 says nothing and fits all.
    """
    names, said = list(codes), np.column_stack([column != -1 for column in codes.values()])
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for pattern in np.unique(said, axis=0):
        rows = np.flatnonzero((said == pattern).all(axis=1))
        wanted, given = np.zeros(len(rows), np.int64), np.zeros(len(lines), np.int64)
        for name in (name for name, says in zip(names, pattern, strict=True) if says):
            of_rows, of_lines = codes[name][rows], getattr(lines, name)
            size = max(int(of_rows.max(initial=0)), int(of_lines.max(initial=0))) + 1
            wanted, given = wanted * size + of_rows, given * size + of_lines
        order = np.argsort(given, kind="stable")
        start = np.searchsorted(given[order], wanted, side="left")
        count = np.searchsorted(given[order], wanted, side="right") - start
        place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
        found.append((np.repeat(rows, count), order[place]))
    row, line = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((line, row))
    return row[order], line[order]


def smallest_lots(book: Book, lines: OrderLines) -> Figures:
    """Smallest quantity of each line of index set `orders`, once it is placed."""
    (smallest,) = book.posted("smallest lots")
    assert len(smallest) == len(lines)
    return smallest  # type: ignore[no-any-return]


def order_lines(book: Book) -> OrderLines:
    """The lines of index set `orders`, row by row; known once sourcing has derived them."""
    (lines,) = book.posted("order lines")
    return lines  # type: ignore[no-any-return]


def relate_goods(book: Book, of: str, within: Mapping[str, Codes], *members: str) -> None:
    """Relate each row of an index set to what the worth of its order lines is summed over, which is in two accounts.

    Relation `OF_lines` holds the lines, for line_value; `OF_segments` what account break_value adds to it, the prices
    of larger quantities, with a further dimension `segment`.

    Args:
        book: where order lines are known.
        of: the index set.
        within: which lines each of its rows is for, as `pairs` reads it.
        members: dimensions of the lines within a row.
    """
    lines, parents = order_lines(book), book.indexes[of].codes.T.astype(np.int64)
    goods: list[tuple[str, OrderLines, dict[str, Codes]]] = [("lines", lines, {})]
    goods += [("segments", lines.only(line), {"segment": segment}) for line, segment in book.posted("segments")]
    for name, elements, more in goods:
        row, element = pairs(elements, **within)
        codes = {member: getattr(elements, member)[element] for member in members}
        codes |= {dimension: further[element] for dimension, further in more.items()}
        book.relation(f"{of}_{name}", of, tuple(parent[row] for parent in parents), **codes)


def units(book: Book, lines: OrderLines, money: Figures, free: float) -> Figures:
    """Most units of each line that so much money buys; `free` where they cost nothing."""
    price = lowest_price(book, lines)
    return np.where(price > 0, money / np.where(price > 0, price, 1.0), free)


def total(book: Book, account: str, lines: OrderLines) -> Figures:
    """Sum of what was posted to an account of figures."""
    return sum((figure(lines) for figure in book.posted(account)), np.zeros(len(lines)))


def least(book: Book, account: str, lines: OrderLines) -> Figures:
    """Least of what was posted to an account of figures; inf where nothing was."""
    smallest = np.full(len(lines), np.inf)
    for figure in book.posted(account):
        smallest = np.minimum(smallest, figure(lines))
    return smallest


def lowest_price(book: Book, lines: OrderLines) -> Figures:
    """Lowest price of a unit of each line, whatever its quantity."""
    return np.minimum(lines.unit_cost, least(book, "price", lines))


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
