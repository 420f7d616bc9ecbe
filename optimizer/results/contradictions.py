"""Contradictions: which hard rules cannot be kept, and what stands against each, when no plan keeps them all.

The rules that parts call `hard` are made elastic: each of their rows may be broken, at a cost relative to the size of
its limit, and nothing else costs anything. What the cheapest plan then breaks is one way out of the contradiction, and
a smallest one in that sense. Against each rule so broken stand few of the cells that parts call `limits`, found by
freeing the others: without one of them the rule could be kept. Both sides are told, each where it stands.

Source: elastic programs and irreducible conflicts: Chinneck (2008), Feasibility and Infeasibility in Optimization.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import scipy.sparse as sp

from models.assemble import derive
from models.book import Book
from models.findings import Finding, fault
from models.instance import Codes, Instance
from models.limits import Cell, in_force, told, without
from models.part import Part
from models.parts import plain
from optimizer.compile import Broken, Compiled, compile_book
from optimizer.results.conflicts import apart
from optimizer.solve.highs import Infeasible, Limits, solve
from optimizer.solve.program import SHARED, Floats, Ints, Program

BROKEN = 1e-6  # of a limit's size: a row that is broken by less is kept
EXPLAINED = 20  # rules against which it is looked for what stands
WAYS = 3  # that a rule is barred, of which each would be enough
FEW = 3  # items with which nothing is gained by looking at one of them alone


def contradictions(instance: Instance, seconds: float, parts: Sequence[Part] | None = None) -> list[Finding]:
    """What cannot be kept, a fault for each row of a hard rule and for what stands against it; nothing if unknown.

    Args:
        instance: one for which the solver found no plan.
        seconds: that may be taken for it.
        parts: of the plain formulation, by default.
    """
    chosen = plain() if parts is None else parts
    if not any(part.hard for part in chosen):
        return []
    search = _Search(instance, chosen, time.monotonic() + seconds)
    broken = _broken(instance, chosen, seconds / 2)
    sides: dict[tuple[str, int | None, str], Finding] = {}
    for k, finding in enumerate(broken):
        ways = search.against(finding, broken) if k < EXPLAINED else None
        whole = replace(finding, message=f"{finding.message}{_because(instance, ways)}")
        sides.setdefault((finding.table, finding.row, finding.column), whole)
        for cell in [cell for way in ways or () for cell in way]:
            limit, row = cell.limit, cell.rows[0] if cell.rows else None
            message = f"{told(instance, cell)} stands against this: {finding.message}"
            column = limit.column if limit.table else ""
            other = fault("against a rule that must be kept", message, table=limit.table, row=row, column=column)
            sides.setdefault((limit.table, row, limit.column), other)
    return list(sides.values())


def _because(instance: Instance, ways: list[list[Cell]] | None) -> str:
    if ways is None:
        return ", with the other rules that hold; change it, or them"
    if ways == [[]]:
        return ", whatever else is given up: what is on hand, and what can arrive in time, do not allow it"
    return ": " + "; and ".join(_side([told(instance, cell) for cell in way]) for way in ways)


def _side(words: list[str]) -> str:
    return words[0] + (f", with {' and '.join(words[1:])}" if len(words) > 1 else "")


class _TimeIsOver(Exception):
    """It is not known by then."""


class _Search:
    """What stands against a rule, as far as it is found in time."""

    def __init__(self, instance: Instance, parts: Sequence[Part], ends: float) -> None:
        self._instance, self._parts, self._ends = instance, parts, ends
        limits = [limit for part in parts if not part.hard for limit in part.limits]
        asking = [limit for part in parts if part.hard for limit in part.limits]
        self._cells = [*in_force(instance, limits), *in_force(instance, asking)]  # what asks is the last to be named

    def against(self, finding: Finding, broken: Sequence[Finding]) -> list[list[Cell]] | None:
        """Ways in which a rule is barred, each by a few cells; one without any where freeing all does not help.

        None where that is not known.
        """
        own = {cell for cell in self._cells if cell.stands_at(finding.table, finding.row, finding.column)}
        others = [one for one in broken if one != finding]
        freed = [cell for one in others for cell in self._cells if cell.stands_at(one.table, one.row, one.column)]
        given = own | set(freed)
        candidates = [cell for cell in self._cells if cell not in given]
        for items in (self._item(finding), None):
            if items is None or len(self._instance["items"]) > FEW:
                try:
                    none = partial(self._none, candidates, freed, items)
                    ways = apart(candidates, none, WAYS, certain=items is None and not freed)
                    if ways and (items is None or self._none(candidates, freed, None, ways[0])):
                        return ways
                except _TimeIsOver:
                    return None
        return None

    def _none(
        self, candidates: Sequence[Cell], freed: Sequence[Cell], items: Codes | None, kept: Sequence[Cell]
    ) -> bool:
        """Whether no plan keeps these of the candidates; of all items, or of some alone."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise _TimeIsOver
        keep = set(kept)
        without_them = without(self._instance, [*freed, *(cell for cell in candidates if cell not in keep)])
        some = without_them if items is None else without_them.only_items(items)
        try:
            compiled = compile_book(some, derive(some, self._parts), self._parts)
            solve(replace(compiled.program, cost=np.zeros(compiled.program.columns)), Limits(left, 1e-4))
        except (Infeasible, Broken):
            return True
        return False

    def _item(self, finding: Finding) -> Codes | None:
        """The item that a finding is about, as far as its row names one."""
        records = self._instance.tables.get(finding.table)
        if records is None or finding.row is None or "item" not in records.columns:
            return None
        code = self._instance.codes(finding.table, "item")[finding.row : finding.row + 1]
        return code if code >= 0 else None


def _broken(instance: Instance, chosen: Sequence[Part], seconds: float) -> list[Finding]:
    """The hard rules that give way where they may, as their parts tell it."""
    book = derive(instance, chosen)
    try:
        compiled = compile_book(instance, book, chosen, broken=True)
        rows = hard_rows(compiled, chosen)
        answer = solve(elastic_program(compiled.program, rows), Limits(seconds, 1e-4))
    except (Infeasible, Broken):
        return []
    if answer.x is None:
        return []
    missing = np.zeros(compiled.program.rows)
    np.maximum.at(missing, np.tile(rows, 2), answer.x[compiled.program.columns :])
    size = np.maximum(_sizes(compiled.program), 1.0)
    missing[missing <= BROKEN * size] = 0.0
    return list(dict.fromkeys(one for part in chosen for one in _told(part, instance, book, compiled, missing)))


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
