"""Busy: a word for what is being done, where the solver is not at work: reading, writing, auditing.

In a terminal one line with a clock, which goes away; elsewhere (a log, a batch) a plain line after each word that took
long.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from optimizer.report.text import duration

LONG = 5.0  # seconds


@contextmanager
def busy(word: str, console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """Show what is being done while the block runs.

    Args:
        word: what it begins with.
        console: where; standard error by default.

    Yields:
        What to call with the word for what comes next.
    """
    console = console or Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal:
        line = _Line(word)
        with Live(line, console=console, refresh_per_second=4, transient=True):
            yield line.show
    else:
        log = _Log(word, console)
        try:
            yield log.show
        finally:
            log.show("")


class _Line:
    """One line with a clock."""

    def __init__(self, word: str) -> None:
        self.spinner = Spinner("dots")
        self.show(word)

    def show(self, word: str) -> None:
        self.word, self.since = word, time.monotonic()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        row = Table.grid(padding=(0, 1))
        row.add_row(self.spinner, Text(f"{self.word}   {duration(time.monotonic() - self.since)}", no_wrap=True))
        yield row


class _Log:
    """A plain line for what took long."""

    def __init__(self, word: str, console: Console) -> None:
        self.console, self.word, self.since = console, word, time.monotonic()

    def show(self, word: str) -> None:
        took = time.monotonic() - self.since
        if took >= LONG:
            self.console.print(Text(f"{self.word}   {duration(took)}"), soft_wrap=True)
        self.word, self.since = word, time.monotonic()
