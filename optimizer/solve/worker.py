"""Worker: the process in which the solver runs, so that it can be stopped whatever it does.

`optimizer.solve.engine` starts it. It reads one JSON line with the options, the module that makes the search and
the lengths of the problem and of what to begin from, then the bytes of the latter and of the problem, from standard
input; a further line, or the end of input (the parent has died), asks it to stop. It writes JSON lines; one that
announces a plan, or prices at the end, is followed by that many bytes of float64.

A module that makes searches has `searching(content, options, tell, keep, stop)`; it is loaded only when asked for.
"""

import importlib
import io
import json
import os
import signal
import threading
import time
import traceback
from typing import Any, BinaryIO, Protocol, cast

import numpy as np

from optimizer.solve.clock import Clock, uncounted
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible
from optimizer.solve.program import Floats
from optimizer.solve.search import Options
from optimizer.solve.warm import Warm

TELL_EVERY = 0.1  # seconds between two messages of progress in one phase


class Searching(Protocol):
    """A search that is ready to run."""

    bound: float
    clock: Clock

    @property
    def prices(self) -> Floats:
        """What a later search can begin from besides the plan; empty for nothing."""

    def run(self) -> None:
        """Search until the gap, the time or the stop."""


def main() -> None:
    """Serve one search."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    incoming, outgoing = io.FileIO(0, closefd=False), _own_output()
    line = incoming.readline()
    if not line:
        return
    request = json.loads(line)
    try:
        parts = [_exactly(incoming, request.get(part, 0)) for part in ("warm", "bytes")]
    except EOFError:  # the parent has died, or needs no search any more
        return
    stop = threading.Event()
    threading.Thread(target=_listen, args=(incoming, stop), daemon=True).start()
    teller = Teller(outgoing)
    try:
        _write(outgoing, {"event": "preparing"})
        began = time.monotonic()
        search = _search(request, parts, teller, stop)
        search.clock.counts_from(began + uncounted(time.monotonic() - began, request["seconds"]))
        _write(outgoing, {"event": "ready"})
        search.run()
        teller.catch_up()
        prices = search.prices.tobytes()
        _write(outgoing, {"event": "ended", "bound": _number(search.bound), "bytes": len(prices)}, prices)
    except Infeasible:
        _write(outgoing, {"event": "infeasible"})
    except Exception:
        teller.catch_up()
        _write(outgoing, {"event": "failed", "trace": traceback.format_exc()})


def _search(request: dict[str, Any], parts: list[bytes], teller: "Teller", stop: threading.Event) -> Searching:
    """The search that was asked for, of what the list holds, which is emptied for the room."""
    searching = importlib.import_module(request["search"]).searching
    content, warm = parts.pop(), parts.pop()
    begun = Warm.from_bytes(warm) if warm else None
    options = Options(_left(request), request["gap"], request["seed"], request["threads"], begun)
    return cast(Searching, searching(content, options, teller.progress, teller.plan, stop.is_set))


def _own_output() -> BinaryIO:
    """Standard output for messages alone: whatever a library prints goes to standard error."""
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return messages


def _exactly(incoming: io.RawIOBase, count: int) -> bytes:
    """So many bytes; input is not buffered, because a thread that waits in a buffered read cannot be left behind."""
    content = bytearray()
    while len(content) < count:
        piece = incoming.read(count - len(content))
        if not piece:
            raise EOFError("the program ended early")
        content += piece
    return bytes(content)


def _left(request: dict[str, Any]) -> float:
    """Seconds that are left of those asked for: the request may have waited while this process was loading."""
    waited = time.monotonic() - float(request["sent"])
    return float(request["seconds"]) - min(max(waited, 0.0), float(request["seconds"]))


def _listen(incoming: io.RawIOBase, stop: threading.Event) -> None:
    incoming.readline()
    stop.set()


class Teller:
    """Tells plans at once, and progress at once where the phase changes; else the latest, now and then.

    The solver calls back at every node: a message for each would keep the parent busy.
    """

    def __init__(self, outgoing: BinaryIO) -> None:
        self._outgoing, self._phase, self._told = outgoing, "", -np.inf
        self._kept_back: Progress | None = None

    def progress(self, progress: Progress) -> None:
        """How far the search is."""
        self._kept_back = progress
        if progress.phase != self._phase or time.monotonic() - self._told >= TELL_EVERY:
            self.catch_up()

    def plan(self, x: Floats, cost: float, exact: bool) -> None:
        """A better plan, and whether its whole numbers are exact."""
        self.catch_up()
        content = np.ascontiguousarray(x, dtype=np.float64).tobytes()
        _write(self._outgoing, {"event": "plan", "cost": cost, "exact": exact, "bytes": len(content)}, content)

    def catch_up(self) -> None:
        """Tell what was kept back."""
        latest = self._kept_back
        if latest is not None:
            self._phase, self._told, self._kept_back = latest.phase, time.monotonic(), None
            _write(self._outgoing, {"event": "progress", "seconds": latest.seconds, "plan": latest.plan,
                                    "bound": latest.bound, "phase": latest.phase})  # fmt: skip


def _write(outgoing: BinaryIO, message: dict[str, Any], content: bytes = b"") -> None:
    outgoing.write(json.dumps(message).encode() + b"\n" + content)
    outgoing.flush()


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
