"""Compiled: a program, and the way back from its columns and rows to variables, rules and cost accounts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.book import Book, Index, Values
from optimizer.solve.program import SHARED, Booleans, Floats, Ints, Program

NOWHERE = -1  # the column of a variable that occurs nowhere, the row of a rule's element that limits nothing


class Broken(ValueError):
    """A row without variables says what is not so."""


@dataclass(frozen=True)
class ChargedRows:
    """One cost account's charge: rate × the variable's column, row by row of an index set."""

    account: str
    index: Index
    rate: Floats
    column: Ints  # NOWHERE where nothing holds the variable


@dataclass(frozen=True)
class Compiled:
    """The program, and what its columns and rows are, row by row of the index set of each variable and rule."""

    program: Program
    columns: dict[str, Ints]
    rows: dict[str, Ints]
    charges: list[ChargedRows]
    over: dict[str, str]  # the index set of each rule; "" for none
    first: tuple[str, ...] = ()  # variables whose elements are minimised one after the other, before the cost
    of: dict[str, str] = field(default_factory=dict)  # the index set of each variable

    @property
    def goals(self) -> Ints:
        """Columns that are minimised one after the other, before the cost."""
        columns = [self.columns[name] for name in self.first]
        found: Ints = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
        return found[found >= 0]

    def shared_rows(self, book: Book) -> Booleans:
        """Rows of rules that are about no single item: what a supplier's period allows."""
        shared = np.zeros(self.program.rows, dtype=np.bool_)
        for rule, rows in self.rows.items():
            index = book.indexes.get(self.over[rule])
            if index is None or book.items(index) is None:
                shared[rows[rows >= 0]] = True
        return shared

    def values(self, x: Floats) -> Values:
        """The value of each variable, row by row of its index set; 0 where it occurs nowhere."""
        padded = np.append(x, 0.0)
        return Values({name: padded[columns] for name, columns in self.columns.items()})

    def amounts(self, x: Floats) -> Iterator[tuple[ChargedRows, Floats]]:
        """The money of each charge, row by row."""
        padded = np.append(x, 0.0)
        for charge in self.charges:
            yield charge, charge.rate * padded[charge.column]


def in_order(charged: Iterable[str], declared: Iterable[str]) -> list[str]:
    """The order of variables: as the first charge of each comes, then those without a charge, as they are declared."""
    return list(dict.fromkeys([*charged, *declared]))


def blocks(book: Book, index: str) -> Ints:
    """The item of each row of an index set, or SHARED."""
    items = book.items(book.indexes[index])
    return np.full(len(book.indexes[index]), SHARED, dtype=np.int64) if items is None else items
