"""Contradictions: which hard rules cannot be kept, when the solver has found that no plan keeps them all.

The rules that parts call `hard` are made elastic: each of their rows may be broken, at a cost relative to the size of
its limit, and nothing else costs anything. What the cheapest plan then breaks is told by the part, in the planner's
words. It is one way out of the contradiction, and a smallest one in that sense; rules that are not `hard` are kept.

Source: elastic programs: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from models.assemble import derive
from models.book import Book
from models.findings import Finding
from models.instance import Instance
from models.part import Part
from models.parts import plain
from optimizer.compile import Compiled, compile_book
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Floats, Ints, Program

BROKEN = 1e-6  # of a limit's size: a row that is broken by less is kept


def contradictions(instance: Instance, seconds: float, parts: Sequence[Part] | None = None) -> list[Finding]:
    """What cannot be kept, a fault for each row of a hard rule; nothing where that cannot be told.

    Args:
        instance: one for which the solver found no plan.
        seconds: that may be taken for it.
        parts: of the plain formulation, by default.
    """
    chosen = plain() if parts is None else parts
    if not any(part.hard for part in chosen):
        return []
    book = derive(instance, chosen)
    compiled = compile_book(instance, book, chosen)
    rows = hard_rows(compiled, chosen)
    elastic = elastic_program(compiled.program, rows)
    try:
        answer = solve(elastic, Limits(seconds, 1e-4))
    except Infeasible:
        return []
    if answer.x is None:
        return []
    missing = np.zeros(compiled.program.rows)
    np.maximum.at(missing, np.tile(rows, 2), answer.x[compiled.program.columns :])
    size = np.maximum(_sizes(compiled.program), 1.0)
    missing[missing <= BROKEN * size] = 0.0
    return [finding for part in chosen for finding in _told(part, instance, book, compiled, missing)]


def _told(part: Part, instance: Instance, book: Book, compiled: Compiled, missing: Floats) -> Iterator[Finding]:
    for rule in part.hard:
        for place, row in enumerate(compiled.rows.get(rule, ())):
            if row >= 0 and missing[row] > 0:
                yield part.contradiction(instance, book, rule, place, float(missing[row]))


def hard_rows(compiled: Compiled, parts: Sequence[Part]) -> Ints:
    """The rows of all hard rules."""
    rows = [_rows(compiled, rule) for part in parts for rule in part.hard]
    return np.concatenate([np.zeros(0, dtype=np.int64), *rows])


def _rows(compiled: Compiled, rule: str) -> Ints:
    rows = compiled.rows.get(rule, np.zeros(0, dtype=np.int64))
    found: Ints = rows[rows >= 0]
    return found


def _sizes(program: Program) -> Floats:
    """Size of the larger limit of each row."""
    limits = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (program.row_lower, program.row_upper)]
    sizes: Floats = np.maximum(*limits)
    return sizes


def elastic_program(program: Program, rows: Ints) -> Program:
    """The program with a column above and one below each of these rows, and no cost but theirs."""
    count = len(rows)
    place = np.arange(count)
    sides = sp.coo_array(
        (np.repeat([1.0, -1.0], count), (np.tile(rows, 2), np.concatenate([place, place + count]))),
        shape=(program.rows, 2 * count),
    )
    price = 1.0 / np.maximum(_sizes(program)[rows], 1.0)
    none = np.zeros(2 * count)
    return replace(
        program,
        cost=np.concatenate([np.zeros(program.columns), np.tile(price, 2)]),
        offset=0.0,
        matrix=sp.csc_array(sp.hstack([program.matrix, sides], format="csc")),
        lower=np.concatenate([program.lower, none]),
        upper=np.concatenate([program.upper, np.full(2 * count, np.inf)]),
        integer=np.concatenate([program.integer, none.astype(np.bool_)]),
        block=np.concatenate([program.block, np.full(2 * count, SHARED)]),
        late=np.concatenate([program.late, none.astype(np.bool_)]),
    )
