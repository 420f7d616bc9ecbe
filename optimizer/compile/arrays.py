"""Arrays: a formulation in words and a book become the arrays of a program, all rows of a rule at once.

Order: rules and variables as `stock` orders them, rows and columns within them as their index sets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.book import Book
from optimizer.compile.compiled import NOWHERE, Broken, ChargedRows, Compiled, blocks, in_order
from optimizer.compile.evaluate import Factor, Frame, Linear, Term, at, times
from optimizer.compile.places import Finder, NoElement
from optimizer.compile.words import Formulation, Rule, Variable
from optimizer.solve.program import Booleans, Floats, Ints, Program


@dataclass(frozen=True)
class _Rows:
    """The rows of one rule."""

    terms: list[Term]
    lower: Floats
    upper: Floats


def all_rows(formulation: Formulation, book: Book, *, broken: bool = False) -> Compiled:
    """The program of a formulation over a book; `broken`: rows without variables that are broken are in it.

    Raises:
        NoElement: a rule picks what is not there.
        Broken: a row without variables is broken, and not to be in it.
        ValueError: a rule is not linear, or a number in it is none.
    """
    finder = Finder(book)
    variables = _ordered(formulation, book)
    sizes = [len(book.indexes[variable.index]) for variable in variables]
    ends = np.cumsum([0, *sizes])
    firsts = {variable.name: int(end) for variable, end in zip(variables, ends, strict=False)}
    cost = _cost(formulation, finder, firsts, int(ends[-1]))
    matrix, lower, upper, rows = _matrix(formulation, finder, firsts, int(ends[-1]), broken)

    held = (np.diff(matrix.indptr) > 0) | (cost != 0)
    place = _numbered(held)
    columns = {v.name: place[ends[k] : ends[k + 1]] for k, v in enumerate(variables)}
    least, most = _limits(variables, finder, firsts, ends)
    keep: Any = slice(None)
    if not held.all():
        keep, starts = held, matrix.indptr[np.append(held, True)]
        matrix = sp.csc_array((matrix.data, matrix.indices, starts), shape=(matrix.shape[0], len(starts) - 1))
    program = Program(
        cost=cost[keep],
        offset=0.0,
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        lower=least[keep],
        upper=most[keep],
        integer=np.repeat(np.array([v.integer for v in variables], dtype=np.bool_), sizes)[keep],
        block=_joined([blocks(book, variable.index) for variable in variables]).astype(np.int64)[keep],
        late=np.repeat(np.array([v.name in formulation.late for v in variables], dtype=np.bool_), sizes)[keep],
    )
    charges = list(_charges(formulation, finder, columns))
    over = {rule.name: rule.index for rule in formulation.rules}
    of = {variable.name: variable.index for variable in variables}
    return Compiled(program, columns, rows, charges, over, formulation.first, of)


def _ordered(formulation: Formulation, book: Book) -> list[Variable]:
    declared = {variable.name: variable for variable in formulation.variables}
    charged = [charge.variable for charge in formulation.charges if len(book.values(charge.rate))]
    return [declared[name] for name in in_order(charged, declared)]


def _cost(formulation: Formulation, finder: Finder, firsts: dict[str, int], count: int) -> Floats:
    cost = np.zeros(count)
    index = {variable.name: variable.index for variable in formulation.variables}
    for charge in formulation.charges:
        over, rates = finder.book.parameters[charge.rate]
        whole = index[charge.variable]
        rows = slice(None, len(rates)) if over == whole else finder.rows_in(over, whole)
        cost[firsts[charge.variable] :][rows] += rates
    return cost


def _charges(formulation: Formulation, finder: Finder, columns: dict[str, Ints]) -> Iterator[ChargedRows]:
    """Each charge as arrays: the column of the variable at each row of the rate's index set."""
    index = {variable.name: variable.index for variable in formulation.variables}
    for charge in formulation.charges:
        over, rates = finder.book.parameters[charge.rate]
        column = columns[charge.variable]
        if over != index[charge.variable]:
            column = column[finder.rows_in(over, index[charge.variable])]
        yield ChargedRows(charge.account, finder.book.indexes[over], rates, column)


def _limits(variables: list[Variable], finder: Finder, firsts: dict[str, int], ends: Ints) -> tuple[Floats, Floats]:
    """Limits of each element of each variable."""
    lower = np.repeat(np.array([variable.lower for variable in variables], dtype=np.float64), np.diff(ends))
    upper = np.repeat(np.array([variable.upper for variable in variables], dtype=np.float64), np.diff(ends))
    for k, variable in enumerate(variables):
        if variable.bounds is not None:
            here = slice(ends[k], ends[k + 1])
            frame = Frame.of_rule(finder, firsts, variable.index, variable.bounds.slots)
            if variable.bounds.lower is not None:
                lower[here] = np.maximum(lower[here], frame.read(variable.bounds.lower).number())
            if variable.bounds.upper is not None:
                upper[here] = np.minimum(upper[here], frame.read(variable.bounds.upper).number())
    return lower, upper


def _matrix(
    formulation: Formulation, finder: Finder, firsts: dict[str, int], columns: int, broken: bool
) -> tuple[sp.csc_array, Floats, Floats, dict[str, Ints]]:
    """The matrix, the sides of its rows, and the row of each element of each rule."""
    written = [_written(rule, finder, firsts) for rule in formulation.rules]
    ends = np.cumsum([0, *(len(rule.lower) for rule in written)])
    count = int(ends[-1])
    pieces = [(int(start), term) for start, rule in zip(ends, written, strict=False) for term in rule.terms]
    lower, upper = _joined([rule.lower for rule in written]), _joined([rule.upper for rule in written])
    del written
    matrix = _filled(pieces, count, columns)
    # A sum is finite only where all are. A side may be infinite.
    if not np.isfinite(matrix.data.sum()) or np.isnan(lower).any() or np.isnan(upper).any():
        raise ValueError("a rule has a coefficient or a side that is no number")
    holds = np.bincount(matrix.indices, minlength=count) > 0
    holds |= broken & ((lower > 0) | (upper < 0))
    place = _numbered(holds)
    rows = {rule.name: place[ends[k] : ends[k + 1]] for k, rule in enumerate(formulation.rules)}
    if not holds.all():
        _check_kept(lower, upper, holds, rows)
        indices = place[matrix.indices].astype(matrix.indices.dtype)
        matrix = sp.csc_array((matrix.data, indices, matrix.indptr), shape=(int(holds.sum()), columns))
        lower, upper = lower[holds], upper[holds]
    return matrix, lower, upper, rows


def _filled(pieces: list[tuple[int, Term]], rows: int, columns: int) -> sp.csc_array:
    """The matrix from terms, each with the first row of its rule; what stands twice is added."""
    size = sum(len(term.column) for _, term in pieces)
    row, column, data = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size)
    end = 0
    while pieces:
        start, term = pieces.pop(0)
        here = slice(end, end := end + len(term.column))
        row[here] = (np.arange(len(term.column), dtype=np.int32) if term.at is None else term.at) + np.int32(start)
        column[here], data[here] = term.column, term.coefficient
    matrix = sp.coo_array((data, (row, column)), shape=(rows, columns)).tocsc()
    if not matrix.data.all():
        matrix.eliminate_zeros()
    return matrix


def _numbered(kept: Booleans) -> Ints:
    """The number of each one that is kept, NOWHERE for the others."""
    return np.arange(len(kept)) if kept.all() else np.where(kept, np.cumsum(kept) - 1, NOWHERE)


def _check_kept(lower: Floats, upper: Floats, holds: Booleans, rows: dict[str, Ints]) -> None:
    """Rows without variables say nothing, or what is not so."""
    broken = ~holds & ((lower > 0) | (upper < 0))
    if broken.any():
        ends = np.cumsum([len(row) for row in rows.values()])
        name = list(rows)[int(np.searchsorted(ends, np.flatnonzero(broken)[0], side="right"))]
        raise Broken(f"rule {name} has a row without variables that is broken")


def _written(rule: Rule, finder: Finder, firsts: dict[str, int]) -> _Rows:
    """All rows of a rule."""
    if rule.index and not len(finder.book.indexes[rule.index]):
        return _Rows([], np.zeros(0), np.zeros(0))
    frame = Frame.of_rule(finder, firsts, rule.index, rule.slots)
    try:
        read = [frame.read(side).multiplied() for side in rule.sides]
        return _between(read, frame.count) if rule.sense == "between" else _compared(read, frame.count, rule.sense)
    except NoElement as error:
        raise NoElement(f"rule {rule.name}: {error}") from error
    except ValueError as error:
        raise ValueError(f"rule {rule.name}: {error}") from error


def _between(read: list[Linear], count: int) -> _Rows:
    least, body, most = read
    lower, upper = least.number() - body.constant, most.number() - body.constant
    return _Rows(list(body.terms), _each(lower, count), _each(upper, count))


def _compared(read: list[Linear], count: int, sense: str) -> _Rows:
    """`left == right` or `left <= right` with all variables on one side.

    As Pyomo has it: where one side holds no variable in a row (a sum over nothing), the other keeps its sign.
    """
    left, right = read
    flipped = _only_right(left, right, count)
    sign: Factor = -1.0
    side = _each(right.constant, count) - left.constant
    if flipped is not None:
        sign = np.where(flipped, 1.0, -1.0)
        side = np.where(flipped, -side, side)
    moved = [replace(term, coefficient=times(at(sign, term.at), term.coefficient)) for term in right.terms]
    terms = [*left.terms, *moved]
    if sense == "==":
        return _Rows(terms, side, side)
    if flipped is None:
        return _Rows(terms, np.full(count, -np.inf), side)
    return _Rows(terms, np.where(flipped, side, -np.inf), np.where(flipped, np.inf, side))


def _only_right(left: Linear, right: Linear, count: int) -> Booleans | None:
    """The rows in which only the right side holds a variable, be its coefficient 0 or not; None for no row."""
    if not right.terms or any(term.at is None for term in left.terms):
        return None
    on_left, on_right = (_holds(side, count) for side in (left, right))
    only: Booleans = ~on_left & on_right
    return only if only.any() else None


def _holds(side: Linear, count: int) -> Booleans:
    """Whether a side holds a variable, row by row."""
    holds = np.zeros(count, dtype=np.bool_)
    for term in side.terms:
        holds[slice(None) if term.at is None else term.at] = True
    return holds


def _each(number: Factor, count: int) -> Floats:
    return np.array(np.broadcast_to(number, count), dtype=np.float64)


def _joined(arrays: list[Any]) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0)
