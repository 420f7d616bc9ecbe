"""Assemble: parts and tables in, one Pyomo model out.

First every part posts its figures, then each derives its arrays; from these come Pyomo's sets and parameters; then the
parts add variables and rules over them. `derive` alone is enough for whatever needs no Pyomo.
"""

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from models.book import Book, Index, kind
from models.instance import Codes, Instance
from models.ledger import Ledger
from models.part import Part
from models.parts import plain

EVERYWHERE = ""  # for code -1 of a dimension, a row that is for all locations: no id is empty


def posted(instance: Instance, parts: Sequence[Part] | None = None) -> Book:
    """What the parts must know of each other before any of them derives; enough for the demand lines as planned."""
    book = Book()
    for part in plain() if parts is None else parts:
        part.prepare(instance, book)
    return book


def derive(instance: Instance, parts: Sequence[Part] | None = None) -> Book:
    """Index sets, parameters and relations of an instance, as arrays; by default in the plain formulation."""
    chosen, book = plain() if parts is None else parts, posted(instance, parts)
    for part in chosen:
        part.derive(instance, book)
        for name in book.indexes:
            book.made_by.setdefault(name, part.name)
    return book


def build(instance: Instance, book: Book, parts: Sequence[Part] | None = None) -> tuple[Any, Ledger]:
    """The Pyomo model over what was derived, and the ledger with its charges.

    Raises:
        BuildError: a rule was posted to an account that no part totals.
    """
    chosen, m, ledger = plain() if parts is None else parts, pyo.ConcreteModel(), Ledger()
    _add_data(m, instance, book)
    for part in chosen:
        part.declare(m, ledger)
    for part in chosen:
        part.constrain(m, ledger)
    ledger.close()
    m.total_cost = pyo.Objective(rule=ledger.total_cost)
    return m, ledger


def _add_data(m: Any, instance: Instance, book: Book) -> None:
    elements = {name: _elements(instance, index) for name, index in book.indexes.items()}
    for name, index in book.indexes.items():
        m.add_component(name, pyo.Set(initialize=elements[name], dimen=len(index.dimensions)))
    for name, (index_name, values) in book.parameters.items():
        data = dict(zip(elements[index_name], values.tolist(), strict=True))
        m.add_component(name, pyo.Param(m.component(index_name), initialize=data, within=pyo.Any))
    for name, relation in book.relations.items():
        members: dict[Any, list[Any]] = {element: [] for element in elements[relation.of]}
        parents = _labelled(instance, book.indexes[relation.of].dimensions, relation.parents)
        for parent, member in zip(parents, _labelled(instance, relation.dimensions, relation.members), strict=True):
            members[parent].append(member)
        m.add_component(name, pyo.Set(m.component(relation.of), initialize=members, dimen=len(relation.dimensions)))


def _elements(instance: Instance, index: Index) -> list[Any]:
    return _labelled(instance, index.dimensions, index.codes)


def _labelled(instance: Instance, dimensions: Sequence[str], codes: Codes) -> list[Any]:
    """Tuples (single values where there is one dimension) with ids for codes."""
    columns = []
    for dimension, column in zip(dimensions, codes.T, strict=True):
        if kind(dimension) in instance.labels:
            labels = instance.labels[kind(dimension)]
            columns.append([EVERYWHERE if code < 0 else labels[code] for code in column.tolist()])
        else:
            columns.append(column.tolist())
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
