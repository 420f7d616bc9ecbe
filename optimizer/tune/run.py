"""Run: what all ways of tuning are given: what is asked for, where to search, when to stop, whom to tell."""

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from optimizer.planning import Asked
from optimizer.read import Input
from optimizer.solve.engine import Engine
from optimizer.solve.events import Progress

Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Run:
    """One run of tuning; its time begins when it is made.

    Attributes:
        asked: gap, time for all, and the rest of what a plan is asked for.
        engine: makes a process to search in.
        stop: whether the user has asked to end.
        tell: gets progress.
    """

    asked: Asked
    engine: Callable[[], Any] = Engine
    stop: Callable[[], bool] = lambda: False
    tell: Tell = lambda progress: None
    began: float = field(default_factory=time.monotonic)
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def passed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds that are left of all."""
        return max(self.asked.time_limit - self.passed(), 0.0)

    def record(self, source: Input, interrupted: bool) -> dict[str, Any]:
        """What `run.json` says of how it was made."""
        return {
            "command": sys.argv,
            "start": self.start.isoformat(timespec="seconds"),
            "settings": asdict(self.asked),
            "instance": None if source.path is None else str(source.path.resolve()),
            "inputs": source.hashes,
            "interrupted": interrupted,
        }
