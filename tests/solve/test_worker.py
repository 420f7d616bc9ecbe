"""Worker: its protocol, a line of JSON and then the program in; lines of JSON and plans out, and nothing else."""

import io
import json
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.solve import engine, worker
from optimizer.solve.events import Progress
from tests.solve.programs import program

ROOT = Path(__file__).parents[2]
TINY = program([2.0], lower=[1.0], upper=[5.0], integer=[True])


def run(content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(engine._command(), cwd=ROOT, input=content, capture_output=True, check=False, timeout=120)


def test_a_search_from_request_to_end() -> None:
    content = TINY.to_bytes()
    request = {
        "search": "optimizer.solve.search", "seconds": 30, "gap": 0.0, "seed": 0, "threads": None,
        "sent": time.monotonic(), "bytes": len(content),
    }  # fmt: skip
    messages, plans = [], []
    with subprocess.Popen(engine._command(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request).encode() + b"\n" + content)
        process.stdin.flush()  # and not closed: the end of input would ask it to stop
        while line := process.stdout.readline():
            messages.append(json.loads(line))
            plans.append(process.stdout.read(messages[-1].get("bytes", 0)))
    assert process.returncode == 0
    assert [message["event"] for message in messages[:3]] == ["preparing", "ready", "progress"]
    assert messages[-1] == {"event": "ended", "bound": 2.0, "bytes": 0}
    assert [len(plan) for plan in plans if plan][-1] == 8


def test_a_search_that_cannot_be_made_is_told() -> None:
    request = {"search": "optimizer.solve.nowhere", "seconds": 30, "gap": 0.0, "seed": 0, "threads": 1,
               "sent": time.monotonic(), "bytes": 0}  # fmt: skip
    told = json.loads(run(json.dumps(request).encode() + b"\n").stdout.splitlines()[-1])
    assert told["event"] == "failed"
    assert "nowhere" in told["trace"]


def test_input_that_ends_at_once_ends_it() -> None:
    assert run(b"").returncode == 0


@pytest.mark.parametrize(("waited", "left"), [(0, 10), (4, 6), (100, 0), (-5, 10)])
def test_what_was_waited_counts(waited: float, left: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.solve.worker.time.monotonic", lambda: 1000.0)
    assert worker._left({"seconds": 10.0, "sent": 1000.0 - waited}) == left


def pipe_with(content: bytes) -> io.FileIO:
    reading, writing = os.pipe()

    def send() -> None:
        with os.fdopen(writing, "wb", buffering=0) as end:
            for k in range(0, len(content), 7):
                end.write(content[k : k + 7])

    threading.Thread(target=send).start()
    return io.FileIO(reading, "rb")


def test_a_program_that_comes_in_pieces() -> None:
    with pipe_with(bytes(range(256)) * 20) as incoming:
        assert worker._exactly(incoming, 5000) == (bytes(range(256)) * 20)[:5000]
        assert worker._exactly(incoming, 120) == (bytes(range(256)) * 20)[5000:]


def test_a_program_that_ends_early() -> None:
    with pipe_with(b"only this") as incoming, pytest.raises(EOFError):
        worker._exactly(incoming, 5000)


def told(outgoing: io.BytesIO) -> list[dict[str, Any]]:
    outgoing.seek(0)
    messages = []
    while line := outgoing.readline():
        messages.append(json.loads(line))
        outgoing.read(messages[-1].get("bytes", 0))
    return messages


def test_progress_is_told_now_and_then_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("optimizer.solve.worker.time.monotonic", lambda: now[0])
    outgoing = io.BytesIO()
    teller = worker.Teller(outgoing)
    for thousandth in range(250):  # a call each millisecond: told at 0, 100 and 200
        now[0] = thousandth / 1000
        teller.progress(Progress(now[0], None, float(thousandth), "first"))
    teller.progress(Progress(now[0], None, 250.0, "second"))  # another phase: at once, in place of the one kept back
    teller.progress(Progress(now[0], None, 251.0, "second"))
    teller.plan(np.array([1.0]), 1.0, True)  # what was kept back comes before it
    teller.progress(Progress(now[0], 1.0, 252.0, "second"))
    teller.catch_up()
    teller.catch_up()
    assert [(message["event"], message.get("bound")) for message in told(outgoing)] == [
        ("progress", 0.0),
        ("progress", 100.0),
        ("progress", 200.0),
        ("progress", 250.0),
        ("progress", 251.0),
        ("plan", None),
        ("progress", 252.0),
    ]


def test_it_loads_nothing_but_what_it_needs() -> None:
    # The time that it takes to load is taken from the search: half a second, and not three.
    watch = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    *call, script = engine._command()
    loaded = subprocess.run([*call, watch + script], input=b"", capture_output=True, check=True, timeout=120).stderr
    assert {"numba", "pandas", "pyomo", "typer"}.isdisjoint(loaded.decode().split())
    assert "highspy" in loaded.decode().split()
