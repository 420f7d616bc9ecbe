"""Signals are taken for a while, and given back."""

import os
import signal
import threading

import pytest

from optimizer.solve.signals import TAKEN, taken


@pytest.mark.parametrize("number", TAKEN)
def test_a_signal_calls_and_does_not_end(number: signal.Signals) -> None:
    before, calls = signal.getsignal(number), []
    with taken(lambda: calls.append(number)):
        os.kill(os.getpid(), number)
    assert calls == [number]
    assert signal.getsignal(number) is before


def test_other_threads_leave_signals_alone() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def elsewhere() -> None:
        with taken(lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [before]
