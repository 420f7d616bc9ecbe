"""Compiled: functions on arrays that are compiled when they are first called, and kept on disk from then on.

What was compiled holds what it calls, so it is kept apart by the content of all files here: after a change or an update
everything is compiled anew. The first run of an installation takes some seconds longer for it.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def _kept_in() -> str:
    """A folder of this user for what these files compile to."""
    content = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content.update(path.read_bytes())
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
    made: Function = numba.njit(cache=True, nogil=True, fastmath=True)(function)
    return made
