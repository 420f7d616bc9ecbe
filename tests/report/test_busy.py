"""Busy: a clock in a terminal that goes away, and a line in a log for what took long."""

import io
import time

import pytest
from rich.console import Console

from optimizer.report.busy import busy


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_log_tells_what_took_long(clock: list[float]) -> None:
    told = io.StringIO()
    with busy("reading", Console(file=told)) as show:
        clock[0] += 7
        show("writing")
        clock[0] += 4.9
        show("auditing")
        clock[0] += 65
    assert told.getvalue().splitlines() == ["reading   7.0 s", "auditing   1 min 05 s"]


def test_a_log_tells_it_of_what_failed_too(clock: list[float]) -> None:
    told = io.StringIO()
    with pytest.raises(KeyError), busy("reading", Console(file=told)):
        clock[0] += 6
        raise KeyError
    assert told.getvalue() == "reading   6.0 s\n"


def test_a_terminal_shows_the_word_and_the_time(clock: list[float]) -> None:
    console = Console(
        file=io.StringIO(), force_terminal=True, width=40, legacy_windows=False, _environ={"TERM": "xterm"}
    )
    with busy("reading", console) as show:
        show("auditing")
        clock[0] += 12
    assert "auditing   12 s" in console.file.getvalue()  # type: ignore[attr-defined]
