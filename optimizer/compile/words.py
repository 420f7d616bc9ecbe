"""Words: a rule as a small tree that names index sets, relations, parameters and variables, and holds no Pyomo.

It says what one row is; `evaluate` reads it for all rows at once. A `Slot` is an index letter of the rule or of a sum
(`i`, `t`). Two trees are equal where the rules say the same, so what a rule took from the size of its data shows.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Node: TypeAlias = "Number | Slot | Pick | Sum | Product | Quotient | Negative | Over"


class NotUnderstood(Exception):
    """The rule cannot be read for all rows at once: Pyomo must build the model row by row."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands in the rule."""

    value: float


@dataclass(frozen=True, slots=True)
class Slot:
    """An index letter, and the dimension from which it takes its codes."""

    number: int
    dimension: str


@dataclass(frozen=True, slots=True)
class Pick:
    """An element of a variable or of a parameter."""

    kind: Literal["variable", "parameter"]
    name: str
    index: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms that are added."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One of the two holds no variable."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quotient:
    """The divisor holds no variable."""

    above: Node
    below: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """A term with the other sign."""

    term: Node


@dataclass(frozen=True, slots=True)
class Group:
    """What a sum runs over: a whole index set (no `of`), or the members of one element of a relation's index set."""

    name: str
    of: str
    args: tuple[Node, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """A sum of one term over the elements of one or more groups, the later ones inside the earlier."""

    term: Node
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint. `sides` are (left, right) of `==` and `<=`, and (least, body, most) of `between`."""

    name: str
    index: str
    slots: tuple[Slot, ...]
    sense: Literal["==", "<=", "between"]
    sides: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a variable by element, None where there are none; the kind's own limits hold besides."""

    slots: tuple[Slot, ...]
    lower: "Node | None"
    upper: "Node | None"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its index set, its kind and the limits that all of its elements share."""

    name: str
    index: str
    integer: bool
    lower: float
    upper: float
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class Charged:
    """A rate (a parameter, over its own index set) on a variable, for a cost account."""

    account: str
    rate: str
    variable: str


@dataclass(frozen=True, slots=True)
class Formulation:
    """All that the parts declare, whatever the data."""

    variables: tuple[Variable, ...]
    rules: tuple[Rule, ...]
    charges: tuple[Charged, ...]
    late: tuple[str, ...]  # variables that are decided last
    first: tuple[str, ...] = ()  # variables whose elements are minimised one after the other, before the cost
