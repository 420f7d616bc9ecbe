"""Terminal: where commands write, and the exit codes of docs/commands.md.

0 a plan is published; 1 the input has faults that its owner can mend; 2 the call is wrong; 3 our own failure, or the
machine's.
"""

import sys
from contextlib import suppress
from typing import NoReturn

from rich.console import Console

PUBLISHED, FAULTY, WRONG_CALL, FAILED = 0, 1, 2, 3
STOPPED = 130  # by Ctrl-C before there was anything to publish: the shell's own code for it

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def fail(message: str, code: int) -> NoReturn:
    """End with a message and an exit code."""
    say(message)
    raise SystemExit(code)


def say(message: str) -> None:
    """Write to standard error, whatever becomes of it."""
    with suppress(OSError):
        err.print(message, markup=False, soft_wrap=True)


def write(document: bytes) -> None:
    """Write a document for other programs to standard output: UTF-8, whatever the terminal or the system has."""
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
