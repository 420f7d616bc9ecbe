"""Point: an instance as a program, a plan as a point of it, and the way from columns and rows to names.

Nothing here knows a rule. A row is named by its rule and by what its index stands for, so a rule that is written
tomorrow is explained tomorrow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.assemble import derive
from models.book import Book
from models.instance import Codes, Instance
from models.parts import plain
from optimizer.compile import Compiled, compile_book
from optimizer.solve.program import Booleans, Floats, Ints, Program

SHOWN = ("item", "supplier", "customer", "location", "from_location", "to_location", "period")


@dataclass(frozen=True)
class Named:
    """A row in words: its rule, the part that says it, and what it is about (ids, first days of periods)."""

    rule: str
    part: str
    about: Mapping[str, str]

    @property
    def words(self) -> str:
        """`minimum order value of ACME in 2026-12-07`."""
        names = [text for name, text in self.about.items() if text and name != "period"]
        when = self.about.get("period", "")
        said = self.rule.replace("_", " ") + (f" of {', '.join(names)}" if names else "")
        return f"{said} in {when}" if when else said


@dataclass(frozen=True)
class Point:
    """A plan as a point of its instance's program.

    Attributes:
        instance: what is planned.
        book: its index sets.
        compiled: its program, in the plain formulation.
        x: one number for each column.
    """

    instance: Instance
    book: Book
    compiled: Compiled
    x: Floats

    @property
    def program(self) -> Program:
        """The program."""
        return self.compiled.program

    @cached_property
    def cost(self) -> float:
        """What the plan costs [money]."""
        return self.program.objective(self.x)

    @cached_property
    def days(self) -> list[str]:
        """First day of each period of the horizon."""
        return [str(day) for day in self.instance.calendar.first_days()[:-1]]

    def quantity(self, variable: str, x: Floats | None = None) -> Floats:
        """The values of a variable, row by row of its index set; 0 where it occurs nowhere."""
        return np.append(self.x if x is None else x, 0.0)[self.compiled.columns[variable]]

    def accounts(self, x: Floats) -> dict[str, float]:
        """Money by account."""
        found: dict[str, float] = {}
        for charge, amounts in self.compiled.amounts(x):
            found[charge.account] = found.get(charge.account, 0.0) + float(amounts.sum())
        return found

    @cached_property
    def _rule_of_row(self) -> tuple[list[str], Ints, Ints]:
        rules, rule, place = (
            list(self.compiled.rows),
            np.zeros(self.program.rows, np.int64),
            np.zeros(self.program.rows, np.int64),
        )
        for number, name in enumerate(rules):
            rows = self.compiled.rows[name]
            kept = np.flatnonzero(rows >= 0)
            rule[rows[kept]], place[rows[kept]] = number, kept
        return rules, rule, place

    def named(self, row: int) -> Named:
        """What a row of the program says."""
        rules, rule, place = self._rule_of_row
        name = rules[int(rule[row])]
        index = self.compiled.over[name]
        return Named(name, self.book.made_by.get(index, ""), self.about(index, int(place[row])))

    def about(self, index: str, place: int) -> dict[str, str]:
        """What an element of an index set stands for: ids, and first days of periods."""
        if index not in self.book.indexes:
            return {}
        found = {}
        for name, codes in self.known(index).items():
            code, kind = int(codes[place]), name.rpartition("_")[2]
            if kind == "period":
                found[name] = self.days[code] if 0 <= code < len(self.days) else ""
            elif kind in self.instance.labels:
                found[name] = str(self.instance.labels[kind][code]) if code >= 0 else ""
        return {name: found[name] for name in SHOWN if name in found}

    def known(self, index: str) -> Mapping[str, Codes]:
        """Codes of what the rows of an index set are about."""
        if index not in self._known:
            self._known[index] = self.book.known(self.book.indexes[index])
        return self._known[index]

    @cached_property
    def _known(self) -> dict[str, Mapping[str, Codes]]:
        return {}

    def rows_about(self, **codes: int) -> Booleans:
        """Rows of the program whose index stands for all of these (`item=3, period=7`)."""
        found = np.zeros(self.program.rows, dtype=np.bool_)
        for name, rows in self.compiled.rows.items():
            index = self.compiled.over[name]
            if index not in self.book.indexes or not len(rows):
                continue
            known = self.known(index)
            if all(dimension in known for dimension in codes):
                kept = (rows >= 0) & np.all([known[d] == code for d, code in codes.items()], axis=0)
                found[rows[kept]] = True
        return found

    @cached_property
    def gates(self) -> Ints:
        """Of each column about an order: the supplier's code times all periods, plus its period; of others -1."""
        found = np.full(self.program.columns, -1, dtype=np.int64)
        for name, columns in self.compiled.columns.items():
            index = self.compiled.of.get(name, "")
            known = self.known(index) if index in self.book.indexes and len(columns) else {}
            if "supplier" in known and "period" in known:
                gate = known["supplier"] * len(self.days) + known["period"]
                kept = (columns >= 0) & (known["supplier"] >= 0) & (known["period"] >= 0)
                found[columns[kept]] = gate[kept]
        return found

    @cached_property
    def rows(self) -> sp.csr_array:
        """The matrix row by row."""
        return sp.csr_array(self.program.matrix)


def programmed(instance: Instance) -> tuple[Book, Compiled]:
    """The program of an instance, as the business says it."""
    book = derive(instance, plain())
    return book, compile_book(instance, book, plain())


def carried(point: Point, instance: Instance) -> Point:
    """The point in the program of a changed instance: what is not new keeps its value, the rest is 0.

    It may break rules of the new program there where the instance was changed: a place to begin from, no plan yet.
    """
    book, compiled = programmed(instance)
    x = np.zeros(compiled.program.columns)
    for name, columns in compiled.columns.items():
        index, before = compiled.of.get(name, ""), point.compiled.columns.get(name)
        if before is None or not len(columns) or not len(before):
            continue
        if index in book.indexes:
            at = _places(point.book.indexes[index].codes, book.indexes[index].codes)
        else:
            at = np.zeros(len(columns), dtype=np.int64)
        kept = (columns >= 0) & (at >= 0)
        kept[kept] = before[at[kept]] >= 0
        x[columns[kept]] = point.x[before[at[kept]]]
    return Point(instance, book, compiled, x)


def _places(known: Codes, asked: Codes) -> Ints:
    """The row of each asked row among the known ones; -1 where it is new."""
    if known.shape == asked.shape and np.array_equal(known, asked):
        return np.arange(len(known))
    both, inverse = np.unique(np.concatenate([known, asked]).astype(np.int64), axis=0, return_inverse=True)
    row = np.full(len(both), -1, dtype=np.int64)
    inverse = inverse.ravel()
    row[inverse[: len(known)]] = np.arange(len(known))
    found: Ints = row[inverse[len(known) :]]
    return found
