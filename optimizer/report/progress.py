"""Progress: the best plan, the bound, the gap and the time, while the solver works.

In a terminal one line that changes; elsewhere (a log, a batch) plain lines, at first often and then ever more seldom.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from optimizer.report.text import amount, duration, percent, printable

FIRST_LINE = 1.0  # seconds
GROWTH = 1.6


class Event(Protocol):
    """What happened in the solver: seconds since its start, cost of the best plan, bound, and what it is doing."""

    @property
    def seconds(self) -> float:
        """Since the solver started."""

    @property
    def plan(self) -> float | None:
        """Cost of the best plan; None while there is none."""

    @property
    def bound(self) -> float | None:
        """Proven lower limit; None while there is none."""

    @property
    def phase(self) -> str:
        """What is being done, in a word or two."""


@contextmanager
def progress(console: Console | None = None) -> Iterator[Callable[[Event], None]]:
    """Show progress while the block runs.

    Args:
        console: where; standard error by default.

    Yields:
        What to call with each event, from any thread.
    """
    console = console or Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal:
        line = _Line()
        with Live(line, console=console, refresh_per_second=4, transient=True):
            yield line.show
    else:
        yield _Log(console).show


def line(event: Event, seconds: float | None = None) -> str:
    """An event as one line: `improving   plan 1,234,567   bound 1,200,000   gap 2.8%   12 s`."""
    known = [printable(event.phase)]
    if event.plan is not None:
        known.append(f"plan {amount(event.plan)}")
    if event.bound is not None:
        known.append(f"bound {amount(event.bound)}")
    if event.plan and event.bound is not None:
        known.append(f"gap {percent(max(event.plan - event.bound, 0.0) / abs(event.plan))}")
    known.append(duration(event.seconds if seconds is None else seconds))
    return "   ".join(known)


class _Line:
    """One line whose clock goes on between events."""

    def __init__(self) -> None:
        self.event: Event | None = None
        self.since = time.monotonic()
        self.spinner = Spinner("dots")

    def show(self, event: Event) -> None:
        self.since = time.monotonic() - event.seconds
        self.event = event

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        event, seconds = self.event, time.monotonic() - self.since
        text = line(event, seconds) if event else duration(seconds)
        row = Table.grid(padding=(0, 1))
        row.add_row(self.spinner, Text(text, no_wrap=True, overflow="ellipsis"))
        yield row


class _Log:
    """A plain line at growing intervals, and soon after the phase changes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last, self.next = float("-inf"), 0.0
        self.phase = ""
        self.lock = threading.Lock()

    def show(self, event: Event) -> None:
        with self.lock:
            if event.seconds < (self.next if event.phase == self.phase else self.last + FIRST_LINE):
                return
            self.phase, self.last = event.phase, event.seconds
            self.next = max(FIRST_LINE, event.seconds * GROWTH)
            self.console.print(Text(line(event)), soft_wrap=True)
