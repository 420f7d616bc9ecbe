"""Guards: what Pyomo lets pass in silence when it makes a rule symbolic, though it would mean another rule.

A rule that branches is only followed down one way: `i == "nut"` is False for a letter, and so is `isinstance(t, int)`.
While a rule is read, each function of ours that it calls is looked at for a branch, and a letter that is compared with
a text says so. Pyomo itself refuses the rest: `value()`, dictionaries, `in`, sums over lists, loops.
"""

import dis
import gc
import logging
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pyomo
from pyomo.core.expr.template_expr import IndexTemplate

from optimizer.compile.words import NotUnderstood

ONE_AT_A_TIME = threading.RLock()  # Pyomo changes `sum` and its own classes while a rule is made symbolic
_LIBRARIES = (str(Path(pyomo.__file__).parent), "<frozen")
_STANDARD = sysconfig.get_paths()["stdlib"]


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection for a while.

    Millions of expressions that are soon gone make it run for nothing, and what others have it call back (test tools,
    notebooks) would be taken for part of a rule.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def watched() -> Iterator[None]:
    """Watch a rule while it is made symbolic.

    Raises:
        NotUnderstood: it branches, or compares a letter with a text.
    """
    called: dict[CodeType, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            called[frame.f_code] = None

    before = sys.getprofile()
    IndexTemplate.__eq__ = _compared
    log = logging.getLogger("pyomo.core.expr.template_expr")
    silent, log.disabled = log.disabled, True
    with without_collection():  # and until nothing is noted any more: it begins at once where it is allowed again
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(before)
            log.disabled = silent
            del IndexTemplate.__eq__
    for code in called:
        if _is_ours(code.co_filename) and (line := _branch(code)):
            raise NotUnderstood(f"it branches in {Path(code.co_filename).name}, line {line}")


def _compared(letter: Any, other: Any) -> Any:
    if isinstance(other, str | bytes | tuple) or other is None:
        raise NotUnderstood(f"it compares a letter with {other!r}")
    return super(IndexTemplate, letter).__eq__(other)


def _is_ours(file: str) -> bool:
    standard = file.startswith(_STANDARD) and "site-packages" not in file and "dist-packages" not in file
    return not standard and not file.startswith(_LIBRARIES) and file != __file__


@cache
def _branch(code: CodeType) -> int:
    """Line of the first branch of a function, 0 where there is none."""
    for step in dis.get_instructions(code):
        if "JUMP_IF" in step.opname or "_IF_" in step.opname:
            return step.positions.lineno or code.co_firstlineno if step.positions else code.co_firstlineno
    return 0
