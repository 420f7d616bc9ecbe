"""Translate: a rule that Pyomo made symbolic, into words.

Whatever is not listed here is not understood, and says so: nothing is guessed.
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr import numeric_expr as numeric
from pyomo.core.expr import relational_expr as relational
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression

from models.book import Book, kind
from optimizer.compile.words import (
    Group,
    Negative,
    Node,
    NotUnderstood,
    Number,
    Over,
    Pick,
    Product,
    Quotient,
    Rule,
    Slot,
    Sum,
)  # fmt: skip


class Translator:
    """Reads the symbolic rules of one model.

    Args:
        book: names and dimensions of its index sets, parameters and relations.
        labels: kinds of dimension whose elements are ids, and not numbers.
    """

    def __init__(self, book: Book, labels: frozenset[str]) -> None:
        self._book, self._labels = book, labels
        self._known: dict[int, Slot] = {}

    def rule(self, name: str, index: str, template: Any, letters: tuple[Any, ...]) -> Rule:
        """A constraint.

        Raises:
            NotUnderstood: it says something that cannot be read for all rows at once.
        """
        slots = self.letters(index, letters)
        match template:
            case relational.EqualityExpression():
                return Rule(name, index, slots, "==", self._sides(template))
            case relational.InequalityExpression() if not template._strict:
                return Rule(name, index, slots, "<=", self._sides(template))
            case relational.RangedExpression() if template._strict in (False, (False, False)):
                return Rule(name, index, slots, "between", self._sides(template))
        raise NotUnderstood(f"it is no equation or limit but {_shown(template)}")

    def letters(self, index: str, letters: tuple[Any, ...]) -> tuple[Slot, ...]:
        """Begin a rule: the letters of its index set."""
        self._known = {}
        return self._named(self.dimensions(index) if index else (), letters)

    def _sides(self, template: Any) -> tuple[Node, ...]:
        return tuple(self.node(side) for side in template.args)

    def node(self, said: Any) -> Node:
        """One expression."""
        if said.__class__ in native_numeric_types and not isinstance(said, bool):
            return Number(float(said))
        for kinds, read in _READERS:
            if isinstance(said, kinds):
                return read(self, said)
        raise NotUnderstood(f"it holds {_shown(said)}")

    def _slot(self, said: Any) -> Slot:
        if id(said) not in self._known:
            raise NotUnderstood(f"the letter {said} comes from no index set")
        return self._known[id(said)]

    def _number_of(self, said: Any) -> Node:
        slot = self._slot(said)
        if kind(slot.dimension) in self._labels:
            raise NotUnderstood(f"it counts with the {slot.dimension}")
        return slot

    def _sum(self, said: Any) -> Node:
        return Sum(tuple(self.node(term) for term in said.args))

    def _product(self, said: Any) -> Node:
        left, right = said.args
        return Product(self.node(left), self.node(right))

    def _quotient(self, said: Any) -> Node:
        above, below = said.args
        return Quotient(self.node(above), self.node(below))

    def _negative(self, said: Any) -> Node:
        return Negative(self.node(said.args[0]))

    def _pick(self, said: Any) -> Node:
        component, *args = said.args
        name = getattr(component, "local_name", "")
        if isinstance(component, pyo.Var):
            index = component.index_set().local_name
            return Pick("variable", name, index, self._places(index, args))
        if isinstance(component, pyo.Param) and name in self._book.parameters:
            index = self._book.parameters[name][0]
            return Pick("parameter", name, index, self._places(index, args))
        raise NotUnderstood(f"it picks from {_shown(component)}")

    def _over(self, said: Any) -> Node:
        groups = tuple(self._group(letters) for letters in said.template_iters())
        (term,) = said._local_args_
        return Over(self.node(term), groups)

    def _group(self, letters: tuple[Any, ...]) -> Group:
        chosen = letters[0]._set
        name = getattr(chosen, "local_name", "")
        if name in self._book.indexes:
            return Group(name, "", (), self._named(self.dimensions(name), letters))
        if isinstance(chosen, GetItemExpression):
            component, *args = chosen.args
            relation = self._book.relations.get(getattr(component, "local_name", ""))
            if relation is not None:
                places = self._places(relation.of, args)
                return Group(relation.name, relation.of, places, self._named(relation.dimensions, letters))
        raise NotUnderstood(f"it sums over {_shown(chosen)}, which the book does not know")

    def _named(self, dimensions: tuple[str, ...], letters: tuple[Any, ...]) -> tuple[Slot, ...]:
        if len(dimensions) != len(letters):
            raise NotUnderstood(f"{len(letters)} letters stand for {len(dimensions)} dimensions")
        slots = []
        for dimension, letter in zip(dimensions, letters, strict=True):
            self._known[id(letter)] = Slot(letter._id, dimension)
            slots.append(self._known[id(letter)])
        return tuple(slots)

    def dimensions(self, index: str) -> tuple[str, ...]:
        """The dimensions of an index set of the book."""
        if index not in self._book.indexes:
            raise NotUnderstood(f"its index set {index} is not in the book")
        return self._book.indexes[index].dimensions

    def _places(self, index: str, args: list[Any]) -> tuple[Node, ...]:
        """What picks an element: ids by the letter that stands for them, numbers also by a formula."""
        dimensions = self.dimensions(index)
        if len(dimensions) != len(args):
            raise NotUnderstood(f"{len(args)} places pick from the {len(dimensions)} dimensions of {index}")
        return tuple(self._place(dimension, said) for dimension, said in zip(dimensions, args, strict=True))

    def _place(self, dimension: str, said: Any) -> Node:
        wanted = kind(dimension) if kind(dimension) in self._labels else None
        if isinstance(said, IndexTemplate):
            slot = self._slot(said)
            given = kind(slot.dimension) if kind(slot.dimension) in self._labels else None
            if given != wanted:
                raise NotUnderstood(f"a {slot.dimension} stands where a {dimension} belongs")
            return slot
        if wanted:
            raise NotUnderstood(f"{_shown(said)} stands where the id of a {dimension} belongs")
        return self.node(said)


_READERS: tuple[tuple[tuple[type, ...], Callable[[Translator, Any], Node]], ...] = (
    ((TemplateSumExpression,), Translator._over),
    ((GetItemExpression,), Translator._pick),
    ((IndexTemplate,), Translator._number_of),
    ((numeric.SumExpression, numeric.LinearExpression, numeric.NPV_SumExpression), Translator._sum),
    (
        (numeric.ProductExpression, numeric.NPV_ProductExpression, numeric.MonomialTermExpression),
        Translator._product,
    ),
    ((numeric.DivisionExpression, numeric.NPV_DivisionExpression), Translator._quotient),
    ((numeric.NegationExpression, numeric.NPV_NegationExpression), Translator._negative),
)


def _shown(said: Any) -> str:
    return f"{str(said)[:60]} ({type(said).__name__})"
