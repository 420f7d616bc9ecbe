"""Ranges: figures of a model that are so far apart that the solver's tolerances are coarse against the smallest.

    range = largest |a| / smallest |a|      over the coefficients of the program as it is handed to the solver

Above a million the planner is told between which rules, in his own units, and for what: mostly an item that is counted
in grams beside others that are counted in tonnes, or a limit with a few zeros too many.

Source: Klotz & Newman (2013), Practical guidelines for solving difficult mixed integer linear programs, SORMS 18(1-2).
"""

import numpy as np

from models.book import Book, kind
from models.findings import shown
from models.instance import Instance
from optimizer.compile import Compiled
from optimizer.solve.balance import balanced
from optimizer.solve.program import Program

WIDEST = 1e6


def width(program: Program) -> float:
    """Largest coefficient by the smallest; 1 where there are none."""
    sizes = np.abs(program.matrix.data)
    sizes = sizes[sizes > 0]
    return float(sizes.max() / sizes.min()) if len(sizes) else 1.0


def range_warnings(instance: Instance, book: Book, compiled: Compiled) -> list[str]:
    """One sentence where the range is too wide; nothing where it is not."""
    program = compiled.program
    widest = max(width(program), width(balanced(program).program))
    if widest <= WIDEST:
        return []
    sizes = np.abs(program.matrix.data)
    smallest, largest = int(np.where(sizes > 0, sizes, np.inf).argmin()), int(sizes.argmax())
    low, high = (
        f"{shown(float(sizes[place]))} in {_told(instance, book, compiled, int(program.matrix.indices[place]))}"
        for place in (smallest, largest)
    )
    return [
        f"the figures of the model range over a factor of {widest:,.0f}, from {low} to {high}: "
        "against the largest, the solver is not exact in the smallest; "
        "count in units of a like size, and leave out limits that limit nothing"
    ]


def _told(instance: Instance, book: Book, compiled: Compiled, row: int) -> str:
    """A row in words: the rule, and the ids and the period that it is about."""
    for rule, rows in compiled.rows.items():
        place = np.flatnonzero(rows == row)
        if len(place):
            return f"'{rule.replace('_', ' ')}'{_about(instance, book, compiled.over[rule], int(place[0]))}"
    return "a rule"


def _about(instance: Instance, book: Book, over: str, place: int) -> str:
    index = book.indexes.get(over)
    if index is None:
        return ""
    words = []
    for dimension, codes in book.known(index).items():
        code = int(codes[place])
        if kind(dimension) in instance.labels and code >= 0:
            words.append(f"{kind(dimension)} '{instance.labels[kind(dimension)][code]}'")
        elif kind(dimension) == "period" and 0 <= code < instance.calendar.periods:
            words.append(instance.calendar.first_day(code))
    return f" of {', '.join(words)}" if words else ""
