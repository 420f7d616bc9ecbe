"""Live progress in a terminal, plain lines elsewhere."""

import io
import threading
from dataclasses import dataclass

from rich.console import Console

from optimizer.report import progress
from optimizer.report.progress import line


@dataclass(frozen=True)
class Event:
    seconds: float
    plan: float | None = None
    bound: float | None = None
    phase: str = "improving"


def test_a_line_says_what_is_known() -> None:
    assert line(Event(0.5, phase="building")) == "building   0.5 s"
    assert line(Event(12.0, plan=200.0)) == "improving   plan 200   12 s"
    # (200 - 190) / 200 = 5%
    assert line(Event(12.0, plan=200.0, bound=190.0)) == "improving   plan 200   bound 190   gap 5.0%   12 s"
    assert line(Event(12.0, plan=0.0, bound=0.0)) == "improving   plan 0   bound 0   12 s"
    assert line(Event(12.0, bound=-3.0)) == "improving   bound -3   12 s"


def test_a_log_gets_lines_at_growing_intervals() -> None:
    out = io.StringIO()
    with progress(Console(file=out, width=200)) as show:
        for tenth in range(6000):
            show(Event(tenth / 10, plan=1000.0))
    lines = out.getvalue().splitlines()
    # 0, 1, 1.6, 2.6, 4.2, … each 1.6 times the one before: 1.6^13 = 450 < 600.
    assert 13 <= len(lines) <= 16
    assert lines[0] == "improving   plan 1,000   0.0 s"
    assert "\x1b" not in out.getvalue()


def test_a_new_phase_is_told_soon_but_does_not_flood() -> None:
    out = io.StringIO()
    with progress(Console(file=out, width=200)) as show:
        for hundredth in range(300):
            show(Event(hundredth / 100, phase="even" if hundredth % 2 else "odd"))
    assert len(out.getvalue().splitlines()) in (3, 4)


def test_a_terminal_gets_one_line_that_is_gone_in_the_end() -> None:
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, legacy_windows=False, _environ={"TERM": "xterm"})
    with progress(console) as show:
        threads = [threading.Thread(target=show, args=(Event(9.0, 200.0, 190.0, "[red]\x1b]0;x"),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "gap 5.0%" in out.getvalue()
    assert "[red]\N{REPLACEMENT CHARACTER}]0;x" in out.getvalue()
    assert "\x1b]0;x" not in out.getvalue()
    assert out.getvalue().endswith("\x1b[2K")
