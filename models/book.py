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


@dataclass(frozen=True)
class Index:
    """An index set: one row per element, in the order in which everything about it is listed."""

    name: str
    dimensions: tuple[str, ...]
    codes: Codes  # (rows, dimensions)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, dimension: str) -> Codes:
        column: Codes = self.codes[:, self.dimensions.index(dimension)]
        return column


def kind(dimension: str) -> str:
    """What a dimension's codes are places of: `location` for `from_location`."""
    return dimension.rpartition("_")[2]


@dataclass(frozen=True)
class Relation:
    """An indexed set: for each element of `of`, the elements that belong to it, possibly none."""

    name: str
    of: str
    dimensions: tuple[str, ...]
    parents: Codes  # (rows, dimensions of `of`)
    members: Codes  # (rows, dimensions)


class Book:
    """Everything that the parts derived."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.relations: dict[str, Relation] = {}
        self.parameters: dict[str, tuple[str, Figures]] = {}
        self._stand_for: dict[str, dict[str, Codes]] = {}
        self._figures: dict[str, list[Any]] = defaultdict(list)

    def index(self, name: str, **dimensions: Codes) -> Index:
        """Add an index set with one row for each entry of the (equally long) codes."""
        codes = np.column_stack(list(dimensions.values())).astype(np.int64)
        self.indexes[name] = Index(name, tuple(dimensions), codes)
        return self.indexes[name]

    def subset(self, name: str, of: str, keep: NDArray[np.bool_]) -> Index:
        """Add an index set with the rows of another that `keep` marks."""
        whole = self.indexes[of]
        self.indexes[name] = Index(name, whole.dimensions, whole.codes[keep])
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
            np.column_stack(parents).astype(np.int64),
            np.column_stack(list(members.values())).astype(np.int64),
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

    def post(self, account: str, figure: Any) -> None:
        """Post a figure: an array, or a function that gives one when it is known what is asked."""
        self._figures[account].append(figure)

    def posted(self, account: str) -> list[Any]:
        """The figures posted to an account, in the order of the parts."""
        return self._figures[account]

    def values(self, name: str) -> Figures:
        """The values of a parameter, row by row of its index set."""
        return self.parameters[name][1]


@dataclass(frozen=True)
class Values:
    """What the solver chose: for each variable, one number per row of its index set."""

    by_variable: Mapping[str, Figures]

    def __getitem__(self, variable: str) -> Figures:
        return self.by_variable[variable]
