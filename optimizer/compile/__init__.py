"""Compiling: what the parts say becomes the arrays of a program.

`compile_book` reads each rule once and writes all of its rows at once; where a rule cannot be read so, Pyomo writes the
model row by row (`compile_stock`), and the log says which rule and why. Both give the same program.
"""

import logging
from collections.abc import Sequence

from models.assemble import build
from models.book import Book
from models.instance import Instance
from models.part import Part
from models.parts import plain
from optimizer.compile.arrays import all_rows
from optimizer.compile.compiled import Broken, ChargedRows, Compiled
from optimizer.compile.places import Twice
from optimizer.compile.stock import compile_model
from optimizer.compile.witness import formulation
from optimizer.compile.words import NotUnderstood

__all__ = ["Broken", "ChargedRows", "Compiled", "compile_book", "compile_model", "compile_stock"]

_log = logging.getLogger(__name__)


def compile_book(
    instance: Instance, book: Book, parts: Sequence[Part] | None = None, *, broken: bool = False
) -> Compiled:
    """The program of what was derived.

    Args:
        instance: what is planned.
        book: what `derive` gave.
        parts: with which it was derived; by default the plain formulation.
        broken: rows without variables that are broken are in it, for whoever asks what is wrong.

    Raises:
        Broken: a row without variables is broken.
        ValueError: a rule is not linear, or picks what is not there (a fault of ours).
    """
    chosen = plain() if parts is None else parts
    try:
        return all_rows(formulation(book, frozenset(instance.labels), chosen), book, broken=broken)
    except (NotUnderstood, Twice) as reason:
        _log.warning("compiled row by row, which is slow: %s", reason)
    return compile_stock(instance, book, chosen)


def compile_stock(instance: Instance, book: Book, parts: Sequence[Part] | None = None) -> Compiled:
    """The same program by Pyomo alone, row by row.

    Raises:
        Broken: a row without variables is broken.
        ValueError: a rule is not linear (a fault of ours).
    """
    m, ledger = build(instance, book, plain() if parts is None else parts)
    return compile_model(m, ledger, book)
