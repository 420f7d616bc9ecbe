"""Task: what every peer is given, and what it answers; and a trace that it fills on the way."""

import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.arrays import Arrays, Floats
from benchmarks.results import Point


@dataclass(frozen=True)
class Task:
    """An instance as arrays and as a folder, and the limits.

    Attributes:
        arrays: the program that every peer gets.
        arrays_folder: where it was loaded from.
        instance: folder of its tables, for those that build a model of their own.
        seconds: time limit, from when the instance or the arrays are in memory [s].
        gap: at which to stop.
        cores: that may be used.
        scratch: folder for files.
        began: `time.monotonic()` at the start.
    """

    arrays: Arrays
    arrays_folder: Path
    instance: Path
    seconds: float
    gap: float
    cores: int
    scratch: Path
    began: float = field(default_factory=time.monotonic)

    def spent(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self.began

    def on(self, arrays: Arrays) -> "Task":
        """The same task on another form of its program, begun now: the form is in memory, as arrays are."""
        return replace(self, arrays=arrays, began=time.monotonic())

    def left(self) -> float:
        """Seconds left, at least a moment."""
        return max(self.seconds - self.spent(), 0.1)


@dataclass
class Answer:
    """What a solver ended with.

    Attributes:
        version: of the solver.
        x: its best point, by the program's columns.
        bound: what it says to have proven, the program's offset included.
        bound_holds: whether it was proven for the program itself, not for a restriction of it.
        ready: seconds spent before the solver began.
        trace: see `Trace`.
        note: what else must be known.
    """

    version: str
    x: Floats | None = None
    bound: float | None = None
    bound_holds: bool = True
    ready: float = 0.0
    trace: list[Point] = field(default_factory=list)
    note: str = ""


class Trace:
    """Seconds, plan and bound, a point whenever one of them moves.

    Args:
        task: whose clock is taken.
        offset: what is added to the solver's figures.
    """

    def __init__(self, task: Task, offset: float = 0.0) -> None:
        self.points: list[Point] = []
        self._task, self._offset = task, offset
        self._plan: float | None = None
        self._bound: float | None = None

    @property
    def bound(self) -> float | None:
        """The best so far."""
        return self._bound

    def add(self, plan: float | None, bound: float | None, seconds: float | None = None) -> None:
        """Take in what the solver says; what is absurdly large or not finite is nothing."""
        before = self._plan, self._bound
        plan, bound = self._sound(plan), self._sound(bound)
        if plan is not None:
            self._plan = plan if self._plan is None else min(plan, self._plan)
        if bound is not None:
            self._bound = bound if self._bound is None else max(bound, self._bound)
        if (self._plan, self._bound) != before:
            at = self._task.spent() if seconds is None else seconds
            self.points.append((at, self._plan, self._bound))

    def _sound(self, value: float | None) -> float | None:
        if value is None or not math.isfinite(value) or abs(value) >= 1e19:
            return None
        return value + self._offset
