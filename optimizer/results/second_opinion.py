"""Second opinion: a plan after all, where the solver says that there is none.

"Contradictory" is never believed from one program. Where the elastic one (`contradictions`), which always has a point,
breaks no rule, that point is a plan, and the solver was wrong before.
"""

from dataclasses import dataclass

import numpy as np

from models.assemble import derive
from models.book import Book
from models.instance import Instance
from models.parts import plain
from optimizer.compile import Broken, Compiled, compile_book
from optimizer.results.contradictions import elastic_program, hard_rows
from optimizer.solve.construct import polished
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import Floats

EXACT = 1e-6  # relative violation that a plan may have


@dataclass(frozen=True)
class AfterAll:
    """A plan that keeps all rules: `x` is a point of `compiled`, which was derived as `book`."""

    x: Floats
    book: Book
    compiled: Compiled


def after_all(instance: Instance, seconds: float) -> AfterAll | None:
    """A plan, if the elastic program has one; None where it breaks a rule, too, or nothing was found in time.

    Args:
        instance: one for which the solver found no plan.
        seconds: that may be taken for it.
    """
    chosen = plain()
    book = derive(instance, chosen)
    try:
        compiled = compile_book(instance, book, chosen)
        program = compiled.program
        answer = solve(elastic_program(program, hard_rows(compiled, chosen)), Limits(seconds, 1e-4))
    except (Infeasible, Broken):
        return None
    if answer.x is None:
        return None
    x = polished(program, answer.x[: program.columns], seconds)  # of the program itself: none where a rule is broken
    kept = x is not None and program.violation(x, np.ones(program.rows, dtype=np.bool_)) <= EXACT
    return AfterAll(x, book, compiled) if kept and x is not None else None
