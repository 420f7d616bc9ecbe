"""Places: in which row of an index set an element stands, and which members belong to an element, for many at once.

The codes of an element make one whole number. Where these lie close together, the row of each number stands in a table;
else the numbers are sorted and searched. Often neither is needed: the elements asked for are the index set itself, or
a part of it. Row numbers and codes are 32 bits wide wherever they are kept.
"""

from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.book import Book, Index, Relation

Rows = NDArray[Any]  # whole numbers of 32 or 64 bits
SPARSE = 16  # numbers for each element, above which they are searched rather than tabled
SMALL = 1 << 16  # tables up to this size are always worth it
WIDE = 1 << 31
FEW = 10_000


class NoElement(ValueError):
    """A rule asks for an element that is not in the index set (a fault of ours)."""


class Twice(Exception):
    """An index set or a relation has an element twice, which Pyomo's sets hold once."""


class Columns:
    """Columns of codes, each made narrow and contiguous when it is first asked for."""

    def __init__(self, codes: NDArray[np.int64], order: Rows | None = None) -> None:
        self._codes, self._order = codes, order
        self._made: dict[int, Rows] = {}

    def __getitem__(self, k: int) -> Rows:
        if k not in self._made:
            column = self._codes[:, k].astype(np.int32)
            self._made[k] = column if self._order is None else column[self._order]
        return self._made[k]


class Places:
    """Finds the rows of one index set."""

    def __init__(self, index: Index) -> None:
        self.index, self.columns = index, Columns(index.codes)

    def __len__(self) -> int:
        return len(self.index)

    def rows(self, codes: list[Rows | int], count: int) -> Rows:
        """The row of each of `count` elements.

        Raises:
            NoElement: there is none.
        """
        if not count:
            return np.zeros(0, dtype=np.int32)
        if self._is_itself(codes, count):
            return np.arange(count, dtype=np.int32)
        if not len(self):
            raise NoElement(f"{self.index.name} is empty")
        key = self._key(codes)
        rows = self._in_table(key) if self._range <= max(SPARSE * len(self), SMALL) else self._searched(key)
        return np.full(count, rows[0]) if isinstance(key, int) else rows

    def _is_itself(self, codes: list[Rows | int], count: int) -> bool:
        """Whether the elements are those of the index set, in its order: often so, and quickly seen."""
        if count != len(self):
            return False
        for column, own in zip(codes, self.index.codes.T, strict=True):
            if isinstance(column, int) or column[0] != own[0] or column[-1] != own[-1]:
                return False
        return all(np.array_equal(column, own) for column, own in zip(codes, self.index.codes.T, strict=True))

    def _key(self, codes: list[Rows | int]) -> Any:
        """One whole number for each element.

        Raises:
            NoElement: a code is outside those of the index set.
        """
        key: Any = 0
        for k, (column, low) in enumerate(zip(codes, self._limits[0], strict=True)):
            wide = self._range >= WIDE and not isinstance(column, int)
            part: Any = column.astype(np.int64, copy=False) if wide else column  # type: ignore[union-attr]
            part = part - low if low else part
            # Read without its sign, what is below 0 is above all.
            most = part % (1 << 63) if isinstance(part, int) else int(part.view(f"u{part.itemsize}").max())
            if most >= self._spans[k]:
                raise NoElement(f"{self.index.name} has no such {self.index.dimensions[k]}")
            part = part * self._strides[k] if self._strides[k] != 1 else part
            key = part if k == 0 else key + part
        return key

    def _in_table(self, key: Any) -> Rows:
        rows: Rows = self._table[[key] if isinstance(key, int) else key]
        if int(rows.min()) < 0:
            raise NoElement(f"{self.index.name} lacks an element")
        return rows

    def _searched(self, key: Any) -> Rows:
        keys, order = self._sorted
        at = np.minimum(np.searchsorted(keys, [key] if isinstance(key, int) else key), len(self) - 1)
        if not np.array_equal(keys[at], np.atleast_1d(key)):
            raise NoElement(f"{self.index.name} lacks an element")
        return at if order is None else order[at]

    @cached_property
    def _limits(self) -> tuple[list[int], list[int]]:
        """Least and largest code, by dimension."""
        codes = self.index.codes
        return [int(column.min()) for column in codes.T], [int(column.max()) for column in codes.T]

    @cached_property
    def _spans(self) -> list[int]:
        return [high - low + 1 for low, high in zip(*self._limits, strict=True)]

    @cached_property
    def _strides(self) -> list[int]:
        strides = [1]
        for span in self._spans[:0:-1]:
            strides.append(strides[-1] * span)
        return strides[::-1]

    @cached_property
    def _range(self) -> int:
        whole = self._strides[0] * self._spans[0]
        if whole >= 1 << 62:
            raise OverflowError(f"the codes of {self.index.name} are too far apart")
        return whole

    @cached_property
    def _table(self) -> Rows:
        table = np.full(self._range, -1, dtype=np.int32)
        table[self._key(list(self.index.codes.T))] = np.arange(len(self), dtype=np.int32)
        if np.count_nonzero(table >= 0) < len(self):
            raise Twice(f"index set {self.index.name} has an element twice")
        return table

    @cached_property
    def _sorted(self) -> tuple[Rows, Rows | None]:
        key, order = self._key(list(self.index.codes.T)), None
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable").astype(np.int32)
            key = key[order]
            if (key[1:] == key[:-1]).any():
                raise Twice(f"index set {self.index.name} has an element twice")
        return key, order


class Members:
    """A relation by the rows of its index set: row k has `count[k]` members, from entry `start[k]` on.

    Raises:
        NoElement: a parent is not in the relation's index set.
        Twice: it has a member twice.
    """

    def __init__(self, relation: Relation, of: Places) -> None:
        self._relation, self.order = relation, None
        parent = of.rows(list(relation.parents.T), len(relation.parents))
        if (parent[1:] < parent[:-1]).any():
            self.order = _counted(parent, len(of))
            parent = parent[self.order]
        self.parent, self.columns = parent, Columns(relation.members, self.order)
        self.count = np.bincount(parent, minlength=len(of))
        self.start = np.cumsum(self.count) - self.count
        self._check_once()

    def raw(self, k: int) -> Rows:
        """Column k of parents and members together, in the order in which they were derived."""
        parents, members = self._relation.parents, self._relation.members
        width = parents.shape[1]
        return parents[:, k] if k < width else members[:, k - width]

    def _check_once(self) -> None:
        """Members mostly come in order, which shows at once that each is there once."""
        level = self.parent[1:] == self.parent[:-1]
        dimensions = range(self._relation.members.shape[1])
        ahead = ~level
        for k in dimensions:
            if ahead.all():
                return
            column = self.columns[k]
            ahead |= level & (column[1:] > column[:-1])
            level &= column[1:] == column[:-1]
        if ahead.all():
            return
        columns = [self.columns[k] for k in dimensions]
        order = np.lexsort([*columns[::-1], self.parent])
        if np.all([column[order][1:] == column[order][:-1] for column in (self.parent, *columns)], axis=0).any():
            raise Twice(f"relation {self._relation.name} has a member twice")


def _counted(parent: Rows, parents: int) -> Rows:
    """What sorts parents, in their own order where they are equal; many by counting, as sparse matrices are turned."""
    count = len(parent)
    if count < FEW:
        return np.argsort(parent, kind="stable")
    entries = (np.arange(count, dtype=np.int32), parent, np.arange(count + 1, dtype=np.int32))
    order: Rows = sp.csc_array(entries, shape=(parents, count)).tocsr().data
    return order


class Finder:
    """All index sets and relations of a book, made ready when they are asked for."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._places: dict[str, Places] = {}
        self._members: dict[str, Members] = {}
        self._parts: dict[tuple[str, str], Rows] = {}
        self._related: dict[tuple[str, str, tuple[int, ...]], Rows] = {}

    def places(self, index: str) -> Places:
        """An index set."""
        if index not in self._places:
            self._places[index] = Places(self.book.indexes[index])
        return self._places[index]

    def size(self, name: str, of_relation: bool) -> int:
        """How many elements an index set has, or how many members a relation in all."""
        return len(self.book.relations[name].members) if of_relation else len(self.book.indexes[name])

    def members(self, relation: str) -> Members:
        """A relation."""
        if relation not in self._members:
            found = self.book.relations[relation]
            self._members[relation] = Members(found, self.places(found.of))
        return self._members[relation]

    def is_part(self, part: str, whole: str) -> bool:
        """Whether an index set was derived as a subset of another."""
        while part in self.book.parts_of:
            part = self.book.parts_of[part][0]
            if part == whole:
                return True
        return False

    def rows_in(self, part: str, whole: str) -> Rows:
        """The row of `whole` that equals each row of `part`; dimensions in the same order."""
        if (part, whole) not in self._parts:
            if self.is_part(part, whole):
                of, rows = self.book.parts_of[part]
                self._parts[part, whole] = rows if of == whole else self.rows_in(of, whole)[rows]
            else:
                codes = self.book.indexes[part].codes
                self._parts[part, whole] = self.places(whole).rows(list(codes.T), len(codes))
        return self._parts[part, whole]

    def related(self, relation: str, index: str, columns: tuple[int, ...]) -> Rows:
        """The row of an index set for each entry of a relation, given which of its columns pick it."""
        key = (relation, index, columns)
        if key not in self._related:
            members = self.members(relation)
            rows = self.places(index).rows([members.raw(k) for k in columns], len(members.parent))
            self._related[key] = rows if members.order is None else rows[members.order]
        return self._related[key]
