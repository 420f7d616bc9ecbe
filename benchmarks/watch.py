"""Watch: run a command as a child, with a hard time limit, and measure what it and its own children use.

CPU is what the kernel says at the end (`wait4`: the child and all that it waited for), or the largest sum that was seen
in /proc where some of them were killed. Peak memory is the largest sum over all processes of their proportional set
size (memory shared by n of them counts a n-th in each), looked up whenever the plain sum reaches a new height.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds between two looks
NOTICEABLE = 1.02  # a new height of memory is one that is above the last by so much
GRACE = 20.0  # seconds between being asked to end (as by Ctrl-C) and being killed
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watched:
    """How a command ended and what it used.

    Attributes:
        code: exit code; minus the signal's number where one ended it.
        wall: seconds from start to end.
        cpu: seconds of all its processes.
        peak_mb: largest memory of all its processes together [MB].
        late: whether it had to be ended.
        errors: the end of what it wrote to standard error.
    """

    code: int
    wall: float
    cpu: float
    peak_mb: float
    late: bool
    errors: str


def watched(
    command: Sequence[str],
    limit: float,
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    tick: Callable[[float, float], None] = lambda seconds, megabytes: None,
) -> Watched:
    """Run a command.

    Args:
        command: program and arguments.
        limit: seconds after which it is asked to end, and then ended, with all its children.
        log: file for what it writes.
        environment: variables that are set beside those of this process.
        tick: gets seconds and megabytes now and then, for a display.
    """
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
    seen = _Usage(process.pid)
    code: int | None = None
    asked: float | None = None
    try:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                break
            seen.look()
            seconds = time.monotonic() - began
            tick(seconds, seen.peak / 1e6)
            if seconds > limit and asked is None:
                asked = seconds
                _signal([process.pid], signal.SIGINT)
            if asked is not None and seconds > asked + GRACE:
                seen.end()
            time.sleep(EVERY)
    finally:
        if code is None:
            seen.end()
        process.returncode = -1 if code is None else code  # it is waited for here, not by Popen
    seen.end()  # whatever it left behind
    cpu = max(usage.ru_utime + usage.ru_stime, seen.cpu)
    peak = max(seen.peak, usage.ru_maxrss * 1024)
    return Watched(code, time.monotonic() - began, cpu, peak / 1e6, asked is not None, _tail(log))


class _Usage:
    """CPU and memory of a process and all that it started, as /proc has them."""

    def __init__(self, root: int) -> None:
        self.peak, self.cpu = 0.0, 0.0
        self._root, self._height = root, 0.0
        self._known: dict[int, str] = {}  # process -> when it started: an id may be given out anew

    def look(self) -> None:
        """Take in the state of now."""
        family, resident, cpu = _family(self._root), 0.0, 0.0
        for pid, stat in family.items():
            self._known[pid] = stat.started
            resident += stat.resident
            cpu += stat.cpu
        self.cpu = max(self.cpu, cpu)
        if resident > self._height * NOTICEABLE:
            self._height = resident
            self.peak = max(self.peak, sum(map(_proportional, family)))

    def end(self) -> None:
        """Kill what is left of them, the started ones by the ids that were seen."""
        self.look()
        alive = [pid for pid, started in self._known.items() if (stat := _stat(pid)) and stat.started == started]
        _signal(alive, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class _Stat:
    parent: int
    started: str
    cpu: float
    resident: float


def _family(root: int) -> dict[int, _Stat]:
    """A process and its descendants."""
    stats = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    children: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        if stat is not None:
            children.setdefault(stat.parent, []).append(pid)
    found: dict[int, _Stat] = {}
    todo = [root]
    while todo:
        pid = todo.pop()
        stat = stats.get(pid)
        if stat is not None:
            found[pid] = stat
            todo += children.get(pid, [])
    return found


def _stat(pid: int) -> _Stat | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    # Fields 4, 14 to 17, 22 and 24 of proc(5); the third is the first after the name.
    cpu = sum(map(int, fields[11:15])) / TICKS
    return _Stat(int(fields[1]), fields[19], cpu, int(fields[21]) * PAGE)


def _proportional(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) * 1024
    return 0.0


def _signal(processes: Sequence[int], number: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _tail(log: Path, size: int = 2000) -> str:
    return log.read_bytes()[-size:].decode(errors="replace")
