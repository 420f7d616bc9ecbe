"""Evaluate: a rule in words, for all of its rows at once.

A frame is a list of places at which an expression is read: the rows of a rule, or, within a sum, the members of each.
An expression becomes a constant (a number, or one for each place) and terms: a column and a coefficient at some places.
Factors are applied in Pyomo's order, so that the last bit is the same.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimizer.compile.places import Columns, Finder, NoElement, Rows
from optimizer.compile.words import Group, Negative, Node, Number, Over, Pick, Product, Quotient, Slot, Sum

Factor = Any  # a number, or an array of one for each place


@dataclass(frozen=True)
class Term:
    """One variable at places `at` (None: at each place once) with its coefficient."""

    at: Rows | None
    column: Rows
    coefficient: Factor


@dataclass(frozen=True)
class Linear:
    """factor × (Σ terms + constant)."""

    terms: tuple[Term, ...]
    constant: Factor = 0.0
    factor: Factor = 1.0

    def multiplied(self) -> "Linear":
        """The same with factor 1."""
        if isinstance(self.factor, float) and self.factor == 1.0:
            return self
        terms = tuple(
            replace(term, coefficient=times(at(self.factor, term.at), term.coefficient)) for term in self.terms
        )
        return Linear(terms, times(self.factor, self.constant))

    def number(self) -> Factor:
        """The constant of what holds no variable.

        Raises:
            ValueError: it holds one.
        """
        if self.terms:
            raise ValueError("a variable stands where a number belongs")
        return self.constant


def times(one: Factor, other: Factor) -> Factor:
    """A product that is not computed where it changes nothing."""
    if isinstance(other, float) and other == 1.0:
        return one
    if isinstance(one, float) and one == 1.0:
        return other
    return one * other


def plus(one: Factor, other: Factor) -> Factor:
    """A sum that is not computed where it changes nothing."""
    if isinstance(other, float) and other == 0.0:
        return one
    if isinstance(one, float) and one == 0.0:
        return other
    return one + other


def at(factor: Factor, places: Rows | None) -> Factor:
    """The factor at some places."""
    return factor if places is None or not isinstance(factor, np.ndarray) else factor[places]


class Frame:
    """The rows of an index set at which a rule is read, or the entries that a sum has there."""

    def __init__(self, finder: Finder, firsts: Mapping[str, int], count: int) -> None:
        self.count = count
        self._finder, self._firsts = finder, firsts
        self._columns: dict[int, tuple[Columns, int]] = {}  # letter -> where its codes stand
        self._entries: Rows | None = None  # at these rows of the columns; None: at each
        self._codes: dict[int, Rows] = {}
        self._found: dict[tuple[str, tuple[Node, ...]], Rows | None] = {}

    @classmethod
    def of_rule(cls, finder: Finder, firsts: Mapping[str, int], index: str, slots: tuple[Slot, ...]) -> "Frame":
        """One place for each element of an index set; one place for a rule that has none.

        Args:
            finder: of the book.
            firsts: first column of each variable.
            index: the index set.
            slots: its letters.
        """
        return _OfRule(finder, firsts, index, slots)

    def read(self, node: Node) -> Linear:
        """An expression at each place."""
        match node:
            case Number(value):
                return Linear((), value)
            case Slot(letter):
                return Linear((), self._code(letter).astype(np.float64))
            case Pick():
                return self._pick(node)
            case Over():
                return self._over(node)
            case _:
                return self._reckon(node)

    def _reckon(self, node: Sum | Product | Quotient | Negative) -> Linear:
        match node:
            case Sum(terms):
                return self._sum([self.read(term) for term in terms])
            case Product(left, right):
                return self._product(self.read(left), self.read(right))
            case Quotient(above, below):
                return self._quotient(self.read(above), self.read(below))
            case Negative(term):
                return self._product(Linear((), -1.0), self.read(term))

    def _sum(self, read: list[Linear]) -> Linear:
        terms: list[Term] = []
        constant: Factor = 0.0
        for one in [linear.multiplied() for linear in read]:
            terms.extend(one.terms)
            constant = plus(constant, one.constant)
        return Linear(tuple(terms), constant)

    def _product(self, left: Linear, right: Linear) -> Linear:
        if left.terms and right.terms:
            raise ValueError("a rule multiplies variables: it is not linear")
        if not left.terms and not right.terms:
            return Linear((), times(left.constant, right.constant))
        number, rest = (right, left) if left.terms else (left, right)
        return replace(rest, factor=times(rest.factor, number.constant))

    def _quotient(self, above: Linear, below: Linear) -> Linear:
        if below.terms:
            raise ValueError("a rule divides by a variable: it is not linear")
        if not np.all(below.constant):
            raise ValueError("a rule divides by 0")
        if not above.terms:
            return Linear((), above.constant / below.constant)
        return replace(above, factor=above.factor / below.constant)

    def _pick(self, node: Pick) -> Linear:
        rows = self._rows(node.index, node.args)
        if node.kind == "parameter":
            values = self._finder.book.values(node.name)
            return Linear((), values if rows is None else values[rows])
        first = self._firsts[node.name]
        columns = np.arange(first, first + self.count, dtype=np.int32) if rows is None else rows + np.int32(first)
        return Linear((Term(None, columns, 1.0),))

    def _rows(self, index: str, args: tuple[Node, ...]) -> Rows | None:
        """The row of `index` at each place; None where each place is the row of its number."""
        key = (index, args)
        if key not in self._found:
            self._found[key] = self._find(index, args)
        return self._found[key]

    def _find(self, index: str, args: tuple[Node, ...]) -> Rows | None:
        return self._finder.places(index).rows([self._place(arg) for arg in args], self.count)

    def _place(self, node: Node) -> Rows | int:
        """A code at each place: a letter's, or a whole number that a formula gives."""
        if isinstance(node, Slot):
            return self._code(node.number)
        value = self.read(node).constant
        whole = np.rint(value)
        if not np.array_equal(whole, value):
            raise ValueError("a rule picks an element by a number that is not whole")
        return whole.astype(np.int64) if isinstance(whole, np.ndarray) else int(whole)

    def _code(self, letter: int) -> Rows:
        if letter not in self._codes:
            columns, k = self._columns[letter]
            self._codes[letter] = columns[k] if self._entries is None else columns[k][self._entries]
        return self._codes[letter]

    def _over(self, node: Over) -> Linear:
        if any(not self._finder.size(group.name, bool(group.of)) for group in node.groups):
            return Linear(())
        frame = self
        here: Rows | None = None  # the place of this frame at each of the innermost
        for group in node.groups:
            frame = inner = _Within(frame, group)
            here = inner.at if here is None else here[inner.at]
        assert here is not None
        read = frame.read(node.term).multiplied()
        terms = tuple(replace(term, at=here if term.at is None else here[term.at]) for term in read.terms)
        return Linear(terms, self._totals(here, read.constant))

    def _totals(self, here: Rows, constant: Factor) -> Factor:
        """The sum of a constant over the places of a sum."""
        if isinstance(constant, float) and constant == 0.0:
            return 0.0
        return np.bincount(here, np.broadcast_to(constant, len(here)), minlength=self.count)


class _OfRule(Frame):
    """The rows of an index set."""

    def __init__(self, finder: Finder, firsts: Mapping[str, int], index: str, slots: tuple[Slot, ...]) -> None:
        super().__init__(finder, firsts, len(finder.places(index)) if index else 1)
        self._index, self._letters = index, slots
        for k, slot in enumerate(slots):
            self._columns[slot.number] = (finder.places(index).columns, k)

    def _find(self, index: str, args: tuple[Node, ...]) -> Rows | None:
        if args == self._letters and self._index:
            if index == self._index:
                return None
            if self._finder.is_part(self._index, index):
                return self._finder.rows_in(self._index, index)
        return super()._find(index, args)


class _Within(Frame):
    """The entries that a group has at each place of an outer frame; `at` is that place."""

    def __init__(self, outer: Frame, group: Group) -> None:
        self._outer, self._group = outer, group
        finder = outer._finder
        self.at, entries = self._every(finder, group) if not group.of else self._related(finder, group)
        super().__init__(finder, outer._firsts, len(self.at))
        self._entries = entries
        columns = finder.members(group.name).columns if group.of else finder.places(group.name).columns
        for k, slot in enumerate(group.slots):
            self._columns[slot.number] = (columns, k)
        # Letters by which the relation's own entries are known: those of its element, and those of its members.
        self._known = {letter: k for k, letter in enumerate([*group.args, *group.slots])}

    def _every(self, finder: Finder, group: Group) -> tuple[Rows, Rows]:
        """All elements of an index set at each place."""
        count = len(finder.places(group.name))
        here = np.repeat(np.arange(self._outer.count, dtype=np.int32), count)
        return here, np.tile(np.arange(count, dtype=np.int32), self._outer.count)

    def _related(self, finder: Finder, group: Group) -> tuple[Rows, Rows | None]:
        """The members of one element at each place."""
        members, rows = finder.members(group.name), self._outer._rows(group.of, group.args)
        if rows is None:
            return members.parent, None
        counts = members.count[rows]
        here = np.repeat(np.arange(self._outer.count, dtype=np.int32), counts)
        first = members.start[rows] - (np.cumsum(counts) - counts)
        return here, np.arange(len(here)) + np.repeat(first, counts)

    def _find(self, index: str, args: tuple[Node, ...]) -> Rows | None:
        if not any(self._uses_own(arg) for arg in args):
            rows = self._outer._rows(index, args)
            return self.at if rows is None else rows[self.at]
        if self._group.of and all(arg in self._known for arg in args):
            # Entries of the relation that no place asks for may be in no row of the index set.
            with suppress(NoElement):
                rows = self._finder.related(self._group.name, index, tuple(self._known[arg] for arg in args))
                return rows if self._entries is None else rows[self._entries]
        return super()._find(index, args)

    def _uses_own(self, node: Node) -> bool:
        """Whether an expression may differ between the entries of a place: all but a letter of an outer frame may."""
        return not isinstance(node, Slot) or node.number in self._columns

    def _code(self, letter: int) -> Rows:
        if letter not in self._columns and letter not in self._codes:
            self._codes[letter] = self._outer._code(letter)[self.at]
        return super()._code(letter) if letter in self._columns else self._codes[letter]
