"""Process worker: works on tasks that come through standard input; the other half of `Processes`.

It ends as soon as its input ends, whatever it is doing: its parent has died. A message is its length in eight bytes,
then its bytes.
"""

import importlib
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from queue import SimpleQueue
from typing import IO, Any

from optimizer.decompose.executor import Outcome, attempt

READY = b"ready"
PING = b""  # asks for READY


def main(modules: Sequence[str]) -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # whatever a library prints
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    for module in modules:
        importlib.import_module(module)
    send(outgoing, READY)
    function = b""
    while True:
        request = requests.get()
        if request == PING:
            send(outgoing, READY)
            continue
        new_function, tasks = pickle.loads(request)
        function = function if new_function is None else new_function
        for task in tasks:
            send(outgoing, _packed(attempt(partial(_work, function), task)))


def send(outgoing: IO[bytes], message: bytes) -> None:
    """Write a message."""
    outgoing.write(len(message).to_bytes(8, "little"))
    outgoing.write(message)
    outgoing.flush()


def receive(incoming: IO[bytes]) -> bytes | None:
    """Read a message; None where the input ends, also within it."""
    length = incoming.read(8)
    count = int.from_bytes(length, "little")
    message = incoming.read(count) if len(length) == 8 else b""
    return message if len(length) == 8 and len(message) == count else None


def unpacked(reply: bytes) -> Outcome:
    """An outcome as the parent has it."""
    try:
        outcome: Outcome = pickle.loads(reply)
        return outcome
    except Exception:  # a result that cannot be received
        return False, traceback.format_exc()


def _listen(incoming: IO[bytes], requests: "SimpleQueue[bytes]") -> None:
    while (message := receive(incoming)) is not None:
        requests.put(message)
    os._exit(0)


def _work(function: bytes, task: bytes) -> Any:
    return _function(function)(pickle.loads(task))


@lru_cache(maxsize=1)
def _function(packed: bytes) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = pickle.loads(packed)
    return function


def _packed(outcome: Outcome) -> bytes:
    try:
        return pickle.dumps(outcome, protocol=5)
    except Exception:  # a result that cannot be sent
        return pickle.dumps((False, traceback.format_exc()))
