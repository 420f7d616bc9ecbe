"""Contradictions: which hard rules cannot be kept, when the solver has found that no plan keeps them all.

The rules that parts call `hard` are made elastic: each of their rows may be broken, at a cost relative to the size of
its limit, and nothing else costs anything. What the cheapest plan then breaks is told by the part, in the planner's
words. It is one way out of the contradiction, and a smallest one in that sense; rules that are not `hard` are kept.
Where it breaks nothing, the solver was wrong before: what it found is a plan.

Source: elastic programs: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from models.assemble import derive
from models.book import Book
from models.findings import Finding
from models.instance import Instance
from models.part import Part
from models.parts import plain
from optimizer.compile import Compiled, compile_book
from optimizer.solve.construct import polished
from optimizer.solve.highs import Answer, Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Floats, Ints, Program

BROKEN = 1e-6  # of a limit's size: a row that is broken by less is kept


@dataclass(frozen=True)
class Elastic:
    """What the elastic program came to.

    Attributes:
        told: what cannot be kept, a fault for each row of a hard rule; empty where that cannot be told.
        x: a point of `compiled` that keeps all rules; None where none was found.
        book: what was derived from the instance.
        compiled: the program.
    """

    told: list[Finding]
    x: Floats | None
    book: Book
    compiled: Compiled


def contradictions(instance: Instance, seconds: float, parts: Sequence[Part] | None = None) -> list[Finding]:
    """What cannot be kept, a fault for each row of a hard rule; nothing where that cannot be told (see `elastic`)."""
    return elastic(instance, seconds, parts).told


def elastic(instance: Instance, seconds: float, parts: Sequence[Part] | None = None) -> Elastic:
    """Which hard rules cannot be kept, or a plan that keeps them all.

    Args:
        instance: one for which the solver found no plan.
        seconds: that may be taken for it.
        parts: of the plain formulation, by default.
    """
    chosen = plain() if parts is None else parts
    book = derive(instance, chosen)
    compiled = compile_book(instance, book, chosen)
    rows = np.concatenate([np.zeros(0, np.int64), *(_rows(compiled, rule) for part in chosen for rule in part.hard)])
    try:
        answer = solve(_elastic(compiled.program, rows), Limits(seconds, 1e-4))
    except Infeasible:
        answer = Answer(None, -np.inf, "infeasible")
    if answer.x is None:
        return Elastic([], None, book, compiled)
    missing = np.zeros(compiled.program.rows)
    np.maximum.at(missing, np.tile(rows, 2), answer.x[compiled.program.columns :])
    size = np.maximum(_sizes(compiled.program), 1.0)
    missing[missing <= BROKEN * size] = 0.0
    told = [finding for part in chosen for finding in _told(part, instance, book, compiled, missing)]
    x = None if told else polished(compiled.program, answer.x[: compiled.program.columns], seconds)
    return Elastic(told, x, book, compiled)


def _told(part: Part, instance: Instance, book: Book, compiled: Compiled, missing: Floats) -> Iterator[Finding]:
    for rule in part.hard:
        for place, row in enumerate(compiled.rows.get(rule, ())):
            if row >= 0 and missing[row] > 0:
                yield part.contradiction(instance, book, rule, place, float(missing[row]))


def _rows(compiled: Compiled, rule: str) -> Ints:
    rows = compiled.rows.get(rule, np.zeros(0, dtype=np.int64))
    found: Ints = rows[rows >= 0]
    return found


def _sizes(program: Program) -> Floats:
    """Size of the larger limit of each row."""
    limits = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (program.row_lower, program.row_upper)]
    sizes: Floats = np.maximum(*limits)
    return sizes


def _elastic(program: Program, rows: Ints) -> Program:
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
