"""Finished: a point of the program as the planner's tables, and the figures that a plan tells beside them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.book import Book
from models.instance import Figures, Instance
from optimizer.compile import Compiled
from optimizer.results.collect import Collected, asked, collect
from optimizer.results.warnings import lacking_supply
from optimizer.solve.program import Booleans, Floats

SIZES = ("demand_lines", "variables", "whole_number_variables", "constraints")


@dataclass(frozen=True)
class Finished:
    """A plan in the planner's tables.

    Attributes:
        collected: result tables and accounts.
        sizes: how many demand lines, variables, whole-number variables and constraints there are.
        asked: quantity of all demand lines.
        lacking: by item, demand above all that can be there.
        memory: tables that a later run can begin from.
    """

    collected: Collected
    sizes: dict[str, int]
    asked: float
    lacking: Figures
    memory: dict[str, pd.DataFrame]


def finished(
    instance: Instance, book: Book, compiled: Compiled, x: Floats, memory: dict[str, pd.DataFrame]
) -> Finished:
    """The plan of a point of the whole program."""
    collected = collect(instance, book, compiled, x)
    everything = np.ones(compiled.program.columns, dtype=np.bool_), np.ones(compiled.program.rows, dtype=np.bool_)
    return Finished(
        collected, counted(compiled, book, *everything), asked(book), lacking_supply(instance, book), memory
    )


def counted(compiled: Compiled, book: Book, columns: Booleans, rows: Booleans) -> dict[str, int]:
    """How much there is of everything, among some columns and rows."""
    counts = len(book.indexes["lines"]), columns.sum(), (columns & compiled.program.integer).sum(), rows.sum()
    return dict(zip(SIZES, map(int, counts), strict=True))
