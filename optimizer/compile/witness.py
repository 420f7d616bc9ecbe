"""Witness: the smallest data over which the parts can say their rules, made up, so that nothing depends on a size.

Each index set gets a few elements, each relation a few members. The rules are made symbolic over two witnesses that
differ in size and in every code. What a rule took from its data (`len(m.periods)`, `m.periods.last()`) then differs,
and is found. What is read is kept by parts and by the names and dimensions of the book: it never depends on the data.

A rule is read when an instance first has rows of it: most use few of the rules that there are.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.template_expr import templatize_constraint, templatize_rule

from models.assemble import build
from models.book import Book
from models.calendar import Calendar
from models.instance import Array, Codes, Instance
from models.ledger import Ledger
from models.part import Part
from optimizer.compile.guards import ONE_AT_A_TIME, watched
from optimizer.compile.translate import Translator
from optimizer.compile.words import Bounds, Charged, Formulation, NotUnderstood, Rule, Variable

SIZES = ((2, 101), (3, 1009))  # elements of each index set, and the code of the first
KNOWN = 16  # shapes of which is kept what was read
Shape = tuple[Any, ...]
_readings: dict[tuple[Shape, frozenset[str], tuple[Part, ...]], "_Reading | NotUnderstood"] = {}


class _Witness(Instance):
    """An instance of which nothing is asked but labels, and that has none: elements are their codes."""

    @cached_property
    def labels(self) -> dict[str, Array]:
        return {}


def formulation(book: Book, labels: frozenset[str], parts: Sequence[Part]) -> Formulation:
    """What the parts declare over a book of this shape, whatever its data.

    Raises:
        NotUnderstood: a rule cannot be read for all rows at once; the message names it.
    """
    with ONE_AT_A_TIME:
        # What a part remembers of the data may be in its rules: such rules are read anew.
        found = _kept(book, labels, tuple(parts)) if not any(map(vars, parts)) else _read(book, labels, parts)
        if isinstance(found, NotUnderstood):
            raise found
        return found.of(book)


def _kept(book: Book, labels: frozenset[str], parts: tuple[Part, ...]) -> "_Reading | NotUnderstood":
    key = (_shape(book), labels, parts)
    if key not in _readings:
        if len(_readings) >= KNOWN:
            _readings.clear()
        _readings[key] = _read(book, labels, parts)
    return _readings[key]


def _read(book: Book, labels: frozenset[str], parts: Sequence[Part]) -> "_Reading | NotUnderstood":
    """What both witnesses say, or why it cannot be read."""
    try:
        return _Reading(book, labels, parts)
    except NotUnderstood as error:
        return error


def _shape(book: Book) -> Shape:
    """The names and dimensions of a book."""
    return (
        tuple((name, index.dimensions) for name, index in book.indexes.items()),
        tuple((name, index) for name, (index, _) in book.parameters.items()),
        tuple((name, relation.of, relation.dimensions) for name, relation in book.relations.items()),
    )


class _Reading:
    """What two witnesses of one shape say alike; rules are read as they are needed."""

    def __init__(self, book: Book, labels: frozenset[str], parts: Sequence[Part]) -> None:
        self._spoken = [_Spoken(book, labels, parts, *size) for size in SIZES]
        self._rules: dict[str, Rule | NotUnderstood] = {}
        first, second = self._spoken
        if first.declared != second.declared or first.rules.keys() != second.rules.keys():
            raise NotUnderstood("what is declared depends on the size of the data")

    def of(self, book: Book) -> Formulation:
        """The formulation for a book; a rule without rows in it has a name and an index set only.

        Raises:
            NotUnderstood: a rule that has rows cannot be read.
        """
        first = self._spoken[0]
        rules = tuple(self._rule(name, book) for name in first.rules)
        return Formulation(first.variables, rules, first.charges, first.late, first.goals)

    def _rule(self, name: str, book: Book) -> Rule:
        index = _index(self._spoken[0].rules[name])
        if index in book.indexes and not len(book.indexes[index]):
            return Rule(name, index, (), "==", ())
        if name not in self._rules:
            self._rules[name] = self._agreed(name)
        found = self._rules[name]
        if isinstance(found, NotUnderstood):
            raise found
        return found

    def _agreed(self, name: str) -> Rule | NotUnderstood:
        try:
            one, other = (_rule(spoken.rules[name], spoken.translator) for spoken in self._spoken)
        except NotUnderstood as error:
            return error
        return one if one == other else NotUnderstood(f"rule {name}: it depends on the size of the data")


class _Spoken:
    """What the parts declare over a witness with `count` elements in each index set; its rules are kept unread."""

    def __init__(self, book: Book, labels: frozenset[str], parts: Sequence[Part], count: int, first: int) -> None:
        made = _made_up(book, count, first)
        blank = _Witness("witness", Calendar(date(2026, 1, 5), count, "week"), {})
        with _rules_kept_back():
            try:
                self.model, ledger = build(blank, made, parts)
            except NotUnderstood:
                raise
            except Exception as error:
                raise NotUnderstood(f"the parts need real data: {error}") from error
        self.translator = Translator(made, labels)
        _only_what_is_known(self.model)
        self.variables = tuple(
            _variable(variable, self.translator) for variable in self.model.component_objects(pyo.Var)
        )
        self.rules = {rule.local_name: rule for rule in self.model.component_objects(pyo.Constraint, active=True)}
        self.charges, self.late, self.goals = _charges(ledger), _names(ledger.followers), _names(ledger.goals)

    @property
    def declared(self) -> Shape:
        """All but the rules."""
        return self.variables, self.charges, self.late, self.goals


def _made_up(book: Book, count: int, first: int) -> Book:
    """A book of the same shape: element k of an index set has code `first + k` in every dimension."""
    codes: Codes = np.arange(first, first + count)
    made = Book()
    for name, index in book.indexes.items():
        made.index(name, **dict.fromkeys(index.dimensions, codes))
    for name, (of, _) in book.parameters.items():
        made.parameter(name, of, codes / 7.0)
    for name, relation in book.relations.items():
        parents = tuple(codes for _ in book.indexes[relation.of].dimensions)
        made.relation(name, relation.of, parents, **dict.fromkeys(relation.dimensions, codes))
    return made


@contextmanager
def _rules_kept_back() -> Iterator[None]:
    """Pyomo keeps rules as they are, and does not write out their rows: elements that are made up do not fit."""
    kept = [(component, component.construct) for component in (pyo.Constraint, pyo.Objective)]

    def keep(component: Any, data: Any = None) -> None:
        component._constructed = True

    for component, _ in kept:
        component.construct = keep
    try:
        yield
    finally:
        for component, construct in kept:
            component.construct = construct


def _only_what_is_known(m: Any) -> None:
    known = (pyo.Set, pyo.Param, pyo.Var, pyo.Constraint, pyo.Objective)
    for component in m.component_objects():
        if component.ctype not in known:
            raise NotUnderstood(f"{component.local_name} is a {component.ctype.__name__}")
    if len(list(m.component_objects(pyo.Objective))) != 1:
        raise NotUnderstood("there is more than the objective of charges")


def _index(rule: Any) -> str:
    return str(rule.index_set().local_name) if rule.is_indexed() else ""


def _rule(rule: Any, translator: Translator) -> Rule:
    try:
        with watched():
            template, letters = templatize_constraint(rule)
        return translator.rule(rule.local_name, _index(rule), template, letters)
    except Exception as error:  # whatever a rule raises when it meets a letter for an id
        raise NotUnderstood(f"rule {rule.local_name}: {error}".splitlines()[0]) from error


def _variable(variable: Any, translator: Translator) -> Variable:
    """Kind and limits of a variable; its limits by element may be a rule too."""
    name, index = variable.local_name, variable.index_set().local_name
    try:
        translator.dimensions(index)
        _untouched(variable)
        domain = variable._rule_domain(None, None, variable)
        bounds = None if variable._rule_bounds is None else _bounds(variable, translator)
    except Exception as error:
        raise NotUnderstood(f"variable {name}: {error}".splitlines()[0]) from error
    lower, upper = domain.bounds()
    return Variable(name, index, bool(domain.isdiscrete()), _or(lower, -math.inf), _or(upper, math.inf), bounds)


def _untouched(variable: Any) -> None:
    """No element has a domain, a limit or a value of its own."""
    if not variable._rule_domain.constant():
        raise NotUnderstood("its domain differs by element")
    block, rule, domain = variable.parent_block(), variable._rule_bounds, variable._rule_domain(None, None, variable)
    least, most = domain.bounds()
    for key, element in variable.items():
        lower, upper = (None, None) if rule is None else rule(block, key)
        limits = max(_or(least, -math.inf), _or(lower, -math.inf)), min(_or(most, math.inf), _or(upper, math.inf))
        if element.fixed or (_or(element.lb, -math.inf), _or(element.ub, math.inf)) != limits:
            raise NotUnderstood("single elements are fixed or limited")
        if element.domain is not domain:
            raise NotUnderstood("single elements have a domain of their own")


def _bounds(variable: Any, translator: Translator) -> Bounds:
    with watched():
        limits, letters = templatize_rule(variable.parent_block(), variable._rule_bounds, variable.index_set())
    slots = translator.letters(variable.index_set().local_name, letters)
    lower, upper = (None if limit is None else translator.node(limit) for limit in limits)
    return Bounds(slots, lower, upper)


def _names(variables: list[Any]) -> tuple[str, ...]:
    return tuple(variable.local_name for variable in variables)


def _charges(ledger: Ledger) -> tuple[Charged, ...]:
    return tuple(Charged(charge.account, charge.rate.local_name, charge.of.local_name) for charge in ledger.charges)


def _or(limit: Any, otherwise: float) -> float:
    return otherwise if limit is None else float(pyo.value(limit))
