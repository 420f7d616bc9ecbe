"""The command line in this process, as a batch would call it, and whether exit code, files and words agree.

The search runs in this process as well, which saves a second a case. A case that takes longer than a limit is broken
off: a hang is a finding. The limit is of processor time, so that a busy machine makes no hangs, and sixty times as
much by the clock, for what waits and does nothing.
"""

import contextlib
import io
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

from optimizer import cli
from optimizer.commands import plan as plan_command
from optimizer.commands import terminal
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.solve.in_process import InProcess

LONGEST = 10.0  # seconds of processor time
BY_CLOCK = 60.0  # times as many seconds
CODES = {terminal.PUBLISHED, terminal.FAULTY, terminal.WRONG_CALL, terminal.FAILED, terminal.STOPPED}
STATUS = {"optimal", "feasible"}


class Hang(BaseException):
    """It took too long; no handler of exceptions may take it for a fault of its own."""


@dataclass(frozen=True)
class Ended:
    """How a call ended: exit code (None: it was broken off), what it wrote, and how long it took."""

    code: int | None
    out: str
    err: str
    seconds: float  # of processor time


def called(*words: object, longest: float = LONGEST) -> Ended:
    """Call the command line; Python's warnings count as failures of ours."""
    out, err, began = io.StringIO(), io.StringIO(), time.process_time()
    code: int | None = None
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(plan_command, "Engine", InProcess))
        stack.enter_context(patch.object(sys, "argv", ["replenish", *map(str, words)]))
        stack.enter_context(patch.object(terminal, "out", Console(file=out, highlight=False, width=200)))
        stack.enter_context(patch.object(terminal, "err", Console(file=err, highlight=False, width=200)))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("error")
        try:
            with within(longest):
                cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except Hang:
            pass
    return Ended(code, out.getvalue(), err.getvalue(), time.process_time() - began)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Breaks off what takes longer, by `Hang`; on systems without timers nothing is."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(number: int, frame: Any) -> None:
        raise Hang

    timers = ((signal.ITIMER_REAL, signal.SIGALRM, BY_CLOCK * seconds), (signal.ITIMER_PROF, signal.SIGPROF, seconds))
    before = [signal.signal(number, over) for _, number, _ in timers]
    for timer, _, limit in timers:
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for (timer, number, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def disagreements(ended: Ended, out: Path, earlier: int | None = None) -> Iterator[str]:
    """What of a call of `plan -o OUT` does not fit together.

    Args:
        ended: how it ended.
        out: where the plan was to go.
        earlier: seed of a plan that was there before; None where there was none.
    """
    if ended.code is None:
        yield f"it hung for {ended.seconds:.1f} s"
        return
    if ended.code not in CODES:
        yield f"the exit code is {ended.code}"
    if "Traceback" in ended.err + ended.out or ended.code == terminal.FAILED:
        yield f"it failed ({ended.code}): {_end(ended.err)}"
    run = run_of_whole_plan(out)
    left = [path.name for path in out.parent.iterdir() if path.name.startswith(f".{out.name}.")]
    if left:
        yield f"temporary files are left: {left}"
    if ended.code == terminal.PUBLISHED:
        if run is None:
            yield "exit code 0, and there is no whole plan"
        elif _status(out) not in STATUS:
            yield f"exit code 0, and plan.json says {_status(out)}"
    elif not ended.err.strip():
        yield f"exit code {ended.code}, and not a word on standard error"
    elif earlier is None and os.path.lexists(out):
        yield f"exit code {ended.code}, and something was published"
    elif earlier is not None and (run is None or run["seed"] != earlier):
        yield f"exit code {ended.code}, and the earlier plan is not what it was"


def _status(out: Path) -> str:
    import json

    return str(json.loads((out / "plan.json").read_bytes())["status"])


def _end(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("File ", "Traceback")) or "Error" in line or "Warning" in line]
    return " | ".join((told or lines)[-4:])
