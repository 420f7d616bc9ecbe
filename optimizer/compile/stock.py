"""Stock: the program by Pyomo's own compiler, row by row. It is right by definition, and slow.

Handing a model over through Pyomo's solver interfaces takes longer than solving it; its standard-form compiler gives
the matrix, and HiGHS takes the arrays as they are.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from models.book import Book
from models.ledger import Ledger
from optimizer.compile.compiled import NOWHERE, Broken, ChargedRows, Compiled, blocks, in_order
from optimizer.compile.guards import without_collection
from optimizer.compile.places import Finder
from optimizer.solve.program import SHARED, Booleans, Floats, Ints, Program

UPPER, LOWER = 1, -1  # what Pyomo's compiler calls a row that is limited from above, from below; 0 is an equation


def compile_model(m: Any, ledger: Ledger, book: Book) -> Compiled:
    """The program of a Pyomo model.

    Raises:
        Broken: a row without variables is broken.
        ValueError: a rule is not linear (a fault of ours).
    """
    declared = {variable.local_name: variable for variable in m.component_objects(pyo.Var)}
    charged = [charge.of.local_name for charge in ledger.charges if len(charge.rate)]
    order = [declared[name] for name in in_order(charged, declared)]
    try:
        with without_collection():
            form = LinearStandardFormCompiler().write(m, mixed_form=True, column_order=order)
    except InfeasibleConstraintException as error:
        raise Broken(str(error)) from error
    columns = _columns(order, form)
    matrix, lower, upper, rows = _rows(m, form)
    program = Program(
        cost=np.asarray(form.c.todense(), dtype=np.float64).reshape(-1),
        offset=float(form.c_offset[0]),
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in form.columns], dtype=np.float64),
        upper=np.array([np.inf if v.ub is None else v.ub for v in form.columns], dtype=np.float64),
        integer=np.array([not v.is_continuous() for v in form.columns], dtype=np.bool_),
        block=_blocks(m, columns, book, len(form.columns)),
        late=_late(ledger, columns, len(form.columns)),
    )
    over = {
        rule.local_name: rule.index_set().local_name if rule.is_indexed() else ""
        for rule in m.component_objects(pyo.Constraint, active=True)
    }
    first = tuple(variable.local_name for variable in ledger.goals)
    of = {variable.local_name: variable.index_set().local_name for variable in order}
    return Compiled(program, columns, rows, list(_charged_rows(ledger, book, columns)), over, first, of)


def _columns(variables: list[Any], form: Any) -> dict[str, Ints]:
    """The column of each element of each variable."""
    place = {id(variable): column for column, variable in enumerate(form.columns)}
    return {
        variable.local_name: np.fromiter(
            (place.get(id(data), NOWHERE) for data in variable.values()), np.int64, len(variable)
        )
        for variable in variables
    }


def _rows(m: Any, form: Any) -> tuple[sp.csc_array, Floats, Floats, dict[str, Ints]]:
    """The matrix, the sides, and the row of each element of each rule; a row with two sides is one row."""
    kinds = np.array([kind for _, kind in form.rows], dtype=np.int64)
    which = [id(rule) for rule, _ in form.rows]
    lower, upper = np.where(kinds == UPPER, -np.inf, form.rhs), np.where(kinds == LOWER, np.inf, form.rhs)
    matrix = sp.csc_array(form.A)
    matrix.eliminate_zeros()
    second = np.array([k > 0 and which[k] == which[k - 1] for k in range(len(which))], dtype=np.bool_)
    if second.any():
        lower[np.flatnonzero(second) - 1] = lower[second]
        matrix, lower, upper = sp.csc_array(sp.csr_array(matrix)[~second]), lower[~second], upper[~second]
    place = {rule: row for row, rule in enumerate(np.array(which, dtype=object)[~second])}
    rows = {
        rule.local_name: np.array(
            [place.get(id(rule[key]), NOWHERE) if key in rule else NOWHERE for key in rule.index_set()], dtype=np.int64
        )
        for rule in m.component_objects(pyo.Constraint, active=True)
    }
    return matrix, lower, upper, rows


def _blocks(m: Any, columns: dict[str, Ints], book: Book, count: int) -> Ints:
    """The item of each column, or SHARED."""
    block = np.full(count, SHARED, dtype=np.int64)
    for variable in m.component_objects(pyo.Var):
        column = columns[variable.local_name]
        block[column[column >= 0]] = blocks(book, variable.index_set().local_name)[column >= 0]
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
    finder = Finder(book)
    for charge in ledger.charges:
        index = book.indexes[charge.rate.index_set().local_name]
        where = finder.rows_in(index.name, charge.of.index_set().local_name)
        yield ChargedRows(
            charge.account, index, book.values(charge.rate.local_name), columns[charge.of.local_name][where]
        )
