"""Clock: how much of a search's time is left, and whether it was asked to stop."""

import time
from collections.abc import Callable

COMPILING = 10.0  # seconds: who takes longer to get ready compiles, once after each installation
COMPILED_SHARE = 0.5  # of the limit, at most, goes to compiling; what it takes beyond that is not counted
LAST_SHARE = 0.1  # of the time that is left, kept for the last exact quantities, within these limits:
LAST_SECONDS = (0.1, 10.0)


def uncounted(took: float, limit: float) -> float:
    """Seconds by which a search may end later, where it took so long to get ready for a limit."""
    return max(0.0, took - COMPILED_SHARE * limit) if took >= COMPILING else 0.0


class Clock:
    """Time of one search, from when it is made."""

    def __init__(self, limit: float, stop: Callable[[], bool]) -> None:
        self._began, self._limit, self._stop = time.monotonic(), limit, stop

    def counts_from(self, moment: float) -> None:
        """It runs since then already, of the monotonic clock: getting ready is part of the search, too."""
        self._began = min(self._began, moment)

    def seconds(self) -> float:
        """Since the search began."""
        return time.monotonic() - self._began

    def left(self) -> float:
        """Seconds left for searching; never less than nothing."""
        rest = self._limit - self.seconds()
        return max(0.0, rest - min(max(LAST_SHARE * rest, LAST_SECONDS[0]), LAST_SECONDS[1]))

    def rest(self) -> float:
        """Seconds left in all."""
        return max(0.0, self._limit - self.seconds())

    def over(self) -> bool:
        """Whether time is up, or the search was asked to stop."""
        return self.left() <= 0 or self._stop()
