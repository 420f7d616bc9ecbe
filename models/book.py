"""Book: index sets, parameters and relations of one model, as arrays, before any Pyomo.

Parts derive them from the tables in numpy, all rows at once; the model is then built over them. Dimensions are
`item`, `supplier`, `location`, `customer` (codes: places in `Instance.labels`), `period` (0 … T-1), and others that a
part explains (`stands_for`: a demand `line` is its item, customer and period). A second location is `from_location`: a
dimension is of the kind that its name ends with.

The book also has accounts of *figures*: what parts must know of each other before an index set can be made (which
stocks exist, what would be the largest sensible order). Any part posts, one part reads; posting comes first for all.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Codes, Figures

NOISE = 1e-7  # a value below this is the solver's tolerance, not a decision                                [unit]
NarrowCodes = NDArray[Any]  # codes of 32 bits, or of 64 where they are large


@dataclass(frozen=True)
class Index:
    """An index set: one row per element, in the order in which everything about it is listed.

    `codes` are kept narrow (32 bits where they fit): what is computed with them is computed with `index[dimension]`.
    """

    name: str
    dimensions: tuple[str, ...]
    codes: NarrowCodes  # (rows, dimensions), column by column

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, dimension: str) -> Codes:
        return self.codes[:, self.dimensions.index(dimension)].astype(np.int64)


def kind(dimension: str) -> str:
    """What a dimension's codes are places of: `location` for `from_location`."""
    return dimension.rpartition("_")[2]


@dataclass(frozen=True)
class Relation:
    """An indexed set: for each element of `of`, the elements that belong to it, possibly none."""

    name: str
    of: str
    dimensions: tuple[str, ...]
    parents: NarrowCodes  # (rows, dimensions of `of`)
    members: NarrowCodes  # (rows, dimensions)


class Book:
    """Everything that the parts derived."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.relations: dict[str, Relation] = {}
        self.parameters: dict[str, tuple[str, Figures]] = {}
        self.parts_of: dict[str, tuple[str, Codes]] = {}  # subset -> its whole, and the row there of each of its rows
        self.made_by: dict[str, str] = {}  # index set -> the part that derived it
        self._stand_for: dict[str, dict[str, Codes]] = {}
        self._figures: dict[str, list[Any]] = defaultdict(list)

    def index(self, name: str, **dimensions: Codes) -> Index:
        """Add an index set with one row for each entry of the (equally long) codes."""
        self.indexes[name] = Index(name, tuple(dimensions), _narrow(*dimensions.values()))
        return self.indexes[name]

    def subset(self, name: str, of: str, keep: NDArray[np.bool_]) -> Index:
        """Add an index set with the rows of another that `keep` marks."""
        whole = self.indexes[of]
        self.indexes[name] = Index(name, whole.dimensions, whole.codes.T[:, keep].T)
        self.parts_of[name] = (of, np.flatnonzero(keep))
        return self.indexes[name]

    def parameter(self, name: str, index: str, values: Figures) -> None:
        """Add a parameter with one value for each row of an index set."""
        if len(values) != len(self.indexes[index]):
            raise ValueError(f"parameter {name}: {len(values)} values for {len(self.indexes[index])} rows of {index}")
        self.parameters[name] = (index, np.asarray(values, dtype=np.float64))

    def relation(self, name: str, of: str, parents: tuple[Codes, ...], **members: Codes) -> None:
        """Add an indexed set: row k says that `members[k]` belongs to `parents[k]`, an element of index set `of`."""
        self.relations[name] = Relation(
            name,
            of,
            tuple(members),
            _narrow(*parents),
            _narrow(*members.values()),
        )

    def stands_for(self, dimension: str, **codes: Codes) -> None:
        """Say what the codes of a dimension mean: an array per known dimension, by code."""
        self._stand_for[dimension] = codes

    def known(self, index: Index) -> dict[str, Codes]:
        """The known dimensions of an index set, row by row: its own first, then what its others stand for."""
        found: dict[str, Codes] = {}
        for dimension in sorted(index.dimensions, key=lambda dimension: dimension in self._stand_for):
            meaning = self._stand_for.get(dimension, {kind(dimension): np.arange(0)})
            for name, codes in meaning.items():
                if name not in found:
                    found[name] = codes[index[dimension]] if dimension in self._stand_for else index[dimension]
        return found

    def items(self, index: Index) -> Codes | None:
        """The item of each row of an index set; None where its rows belong to none."""
        return self._items(index.dimensions, index.codes)

    def _items(self, dimensions: tuple[str, ...], codes: Codes) -> Codes | None:
        """The item by a dimension of its own, else by what another dimension stands for."""
        for column, dimension in zip(codes.T, dimensions, strict=True):
            if dimension not in self._stand_for and kind(dimension) == "item":
                own: Codes = column
                return own
        for column, dimension in zip(codes.T, dimensions, strict=True):
            if "item" in self._stand_for.get(dimension, {}):
                meant: Codes = self._stand_for[dimension]["item"][column]
                return meant
        return None

    def post(self, account: str, figure: Any) -> None:
        """Post a figure: an array, or a function that gives one when it is known what is asked."""
        self._figures[account].append(figure)

    def posted(self, account: str) -> list[Any]:
        """The figures posted to an account, in the order of the parts."""
        return self._figures[account]

    def values(self, name: str) -> Figures:
        """The values of a parameter, row by row of its index set."""
        return self.parameters[name][1]


def _narrow(*columns: Codes) -> NarrowCodes:
    """Columns side by side, each in one piece of memory.

    Raises:
        ValueError: they are not equally long.
    """
    if len({len(column) for column in columns}) != 1:
        raise ValueError(f"columns of {[len(column) for column in columns]} rows")
    ends = [end for column in columns if len(column) for end in (column.min(), column.max())]
    narrow = all(-(1 << 31) <= end < 1 << 31 for end in ends)
    codes = np.empty((len(columns), len(columns[0])), dtype=np.int32 if narrow else np.int64)
    for row, column in zip(codes, columns, strict=True):
        row[:] = column
    return codes.T


@dataclass(frozen=True)
class Values:
    """What the solver chose: for each variable, one number per row of its index set."""

    by_variable: Mapping[str, Figures]

    def __getitem__(self, variable: str) -> Figures:
        return self.by_variable[variable]
