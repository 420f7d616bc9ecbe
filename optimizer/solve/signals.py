"""Signals: Ctrl-C, and the signal by which a batch is told to end, taken for a while by whoever can act on them."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TAKEN = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def taken(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` on a signal, in place of ending; elsewhere than in the main thread signals are not ours to take."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: act()) for number in TAKEN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
