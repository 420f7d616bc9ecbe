"""Compiled: functions on arrays that are compiled when they are first called, and kept on disk from then on.

What was compiled holds what it calls, so it is kept apart by the content of all files that compile something: after a
change or an update everything is compiled anew. The first run of an installation takes a minute longer for it.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

os.environ.setdefault("NUMBA_OPT", "1")  # compiles in half the time, and what comes out is as fast here

import numba
from numba.core import types

Function = TypeVar("Function", bound=Callable[..., Any])


def _kept_in() -> str:
    """A folder of this user for what these files compile to."""
    content = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_bytes()
        if b"import compiled" in text or path.name == "arrays.py":
            content.update(text)
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(home) / "replenish" / content.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"replenish-{os.getuid() if hasattr(os, 'getuid') else 0}"
    return str(folder)


numba.config.CACHE_DIR = _kept_in()  # type: ignore[attr-defined]


def compiled(function: Function) -> Function:
    """Compile a function; it runs without Python's lock, so two threads can run it at once."""
    return _compiled(function, inline="never")


def inlined(function: Function) -> Function:
    """Compile a function as part of what calls it: less to compile where that is one function, or it is short."""
    return _compiled(function, inline="always")


def _compiled(function: Function, inline: str) -> Function:
    make: Any = numba.njit  # its stubs do not know every option
    made: Any = make(cache=True, nogil=True, fastmath=True, no_cfunc_wrapper=True, inline=inline)(function)
    called, general = made.get_call_template, cast(Any, types).unliteral

    def once(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        """Constants among the arguments are taken for what they are of: else each gets a version of its own."""
        return called(tuple(map(general, args)), {name: general(kind) for name, kind in kws.items()})

    made.get_call_template = once
    return cast(Function, made)
