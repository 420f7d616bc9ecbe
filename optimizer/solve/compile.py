"""Compile: a Pyomo model to arrays, by Pyomo's own compiler.

Handing a model over through Pyomo's solver interfaces takes longer than solving it; its standard-form compiler gives
the matrix, and HiGHS takes the arrays as they are.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from models.book import Book, Index, Values
from models.ledger import Ledger
from optimizer.solve.program import SHARED, Booleans, Floats, Ints, Program

UPPER, LOWER = 1, -1  # what Pyomo's compiler calls a row that is limited from above, from below; 0 is an equation


@dataclass(frozen=True)
class ChargedRows:
    """One cost account's charge: rate × the variable's column, row by row of an index set."""

    account: str
    index: Index
    rate: Floats
    column: Ints  # -1 where the compiler dropped the variable because nothing holds it


@dataclass(frozen=True)
class Compiled:
    """The program, and the way back from its columns to variables and cost accounts."""

    program: Program
    columns: dict[str, Ints]  # variable -> column of each row of its index set; -1 where it occurs nowhere
    charges: list[ChargedRows]

    def values(self, x: Floats) -> Values:
        """The value of each variable, row by row of its index set; 0 where it occurs nowhere."""
        padded = np.append(x, 0.0)
        return Values({name: padded[columns] for name, columns in self.columns.items()})

    def amounts(self, x: Floats) -> Iterator[tuple[ChargedRows, Floats]]:
        """The money of each charge, row by row."""
        padded = np.append(x, 0.0)
        for charge in self.charges:
            yield charge, charge.rate * padded[charge.column]


def compile_model(m: Any, ledger: Ledger, book: Book) -> Compiled:
    """Compile a model to arrays.

    Raises:
        ValueError: a rule is not linear (a fault of ours).
    """
    with _no_garbage_collection():
        form = LinearStandardFormCompiler().write(m, mixed_form=True)
    place = {id(variable): column for column, variable in enumerate(form.columns)}
    columns = {
        variable.local_name: np.fromiter(
            (place.get(id(data), -1) for data in variable.values()), np.int64, len(variable)
        )
        for variable in m.component_objects(pyo.Var)
    }
    kinds = np.array([kind for _, kind in form.rows], dtype=np.int64)
    matrix = sp.csc_array(form.A)
    matrix.eliminate_zeros()
    program = Program(
        cost=np.asarray(form.c.todense(), dtype=np.float64).reshape(-1),
        offset=float(form.c_offset[0]),
        matrix=matrix,
        row_lower=np.where(kinds == UPPER, -np.inf, form.rhs),
        row_upper=np.where(kinds == LOWER, np.inf, form.rhs),
        lower=np.array([-np.inf if v.lb is None else v.lb for v in form.columns], dtype=np.float64),
        upper=np.array([np.inf if v.ub is None else v.ub for v in form.columns], dtype=np.float64),
        integer=np.array([not v.is_continuous() for v in form.columns], dtype=np.bool_),
        block=_blocks(m, columns, book, len(form.columns)),
        late=_late(ledger, columns, len(form.columns)),
    )
    return Compiled(program, columns, list(_charged_rows(ledger, book, columns)))


def _blocks(m: Any, columns: dict[str, Ints], book: Book, count: int) -> Ints:
    """The item of each column, or SHARED."""
    block = np.full(count, SHARED, dtype=np.int64)
    for variable in m.component_objects(pyo.Var):
        known, column = book.known(book.indexes[variable.index_set().local_name]), columns[variable.local_name]
        if "item" in known:
            block[column[column >= 0]] = known["item"][column >= 0]
    return block


def _late(ledger: Ledger, columns: dict[str, Ints], count: int) -> Booleans:
    """The columns that are decided last."""
    late = np.zeros(count, dtype=np.bool_)
    for variable in ledger.followers:
        of_variable = columns[variable.local_name]
        late[of_variable[of_variable >= 0]] = True
    return late


def _charged_rows(ledger: Ledger, book: Book, columns: dict[str, Ints]) -> Iterator[ChargedRows]:
    """Each charge as arrays: the column of the variable at each row of the rate's index set."""
    for charge in ledger.charges:
        index = book.indexes[charge.rate.index_set().local_name]
        of = book.indexes[charge.of.index_set().local_name]
        where = rows_in(index, of)
        yield ChargedRows(
            charge.account, index, book.values(charge.rate.local_name), columns[charge.of.local_name][where]
        )


def rows_in(part: Index, whole: Index) -> Ints:
    """The row of `whole` that equals each row of `part`; dimensions in the same order."""
    if part.name == whole.name:
        return np.arange(len(part))
    both = np.concatenate([whole.codes, part.codes])
    _, first, which = np.unique(both, axis=0, return_index=True, return_inverse=True)
    rows: Ints = first[which.ravel()[len(whole) :]]
    return rows


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of short-lived expressions make the collector run for nothing: it takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
