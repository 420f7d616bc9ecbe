"""Engine: whatever the worker does, the best plan is kept, the parent goes on, and no process is left behind.

Most workers here are a few lines that do what a real one should not. `{tell}` sends a message, `{plan}` a plan.
"""

import os
import signal
import struct
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.solve import engine as engine_module
from optimizer.solve.engine import Engine, Outcome, Problem
from optimizer.solve.events import Progress
from optimizer.solve.highs import Infeasible, NoPlan, SolverError
from optimizer.solve.search import Options
from tests.decompose.lots import family_lots, keeps_gates
from tests.solve.programs import is_plan, lots, program

ROOT = Path(__file__).parents[2]
HARD = lots(14, 16, capacity=100).program  # minutes to prove
ODD = replace(program([1.0], [([2.0], 3, 3)], upper=[5.0], integer=[True]), late=np.array([True]))  # 1.5 is not whole
FEW = family_lots().restricted(np.array([0]))  # small enough for a pipe that nobody reads
TINY = program([2.0], lower=[1.0], upper=[5.0], integer=[True], offset=1)  # the best is 1, and costs 3

PRELUDE = """
import json, os, struct, sys, time
request = json.loads(sys.stdin.buffer.readline())
def tell(content=b"", **message):
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\\n" + content)
    sys.stdout.buffer.flush()
def progress(plan=None, bound=None):
    tell(event="progress", seconds=0.0, plan=plan, bound=bound, phase="testing")
def plan(x, torn=0):
    content = struct.pack("d", x)
    tell(content[torn:], event="plan", cost=0.0, exact=x == round(x), bytes=len(content))
"""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has the next engines run a worker of a few lines."""

    def use(lines: str) -> None:
        script = PRELUDE + textwrap.dedent(lines)
        monkeypatch.setattr(engine_module, "_command", lambda: [sys.executable, "-S", "-c", script])

    return use


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that engines start; all have ended when the test has."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def listen(*arguments: object, **more: object) -> subprocess.Popen[bytes]:
        processes.append(start(*arguments, **more))  # type: ignore[call-overload]
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", listen)
    yield processes
    assert processes
    assert all(process.returncode is not None for process in processes)


def searched(made: Problem, seconds: float, tell: Callable[[Progress], None] = lambda progress: None) -> Outcome:
    with Engine() as engine:
        return engine.search(made, Options(seconds, gap=0.0), tell)


Started = list[subprocess.Popen[bytes]]
Use = Callable[[str], None]


def test_what_the_worker_tells_is_the_outcome(worker: Use, started: Started) -> None:
    worker("""
        progress()
        plan(4.0)
        progress(plan=9.0, bound=2.0)
        plan(1.0)
        progress(plan=3.0, bound=2.5)
        tell(event="ended", bound=2.5)
    """)
    told: list[Progress] = []
    outcome = searched(TINY, 20, told.append)
    assert outcome.x is not None
    assert (outcome.x.tolist(), outcome.bound, outcome.stopped) == ([1.0], 2.5, False)
    assert [progress.plan for progress in told] == [None, 9.0, 3.0]
    assert outcome.trace[0].phase == "testing"


def test_a_worker_that_overruns_is_ended_and_its_plan_kept(worker: Use, started: Started) -> None:
    worker("""
        plan(0.99999999)
        progress(plan=3.0)
        time.sleep(300)
    """)
    outcome = searched(TINY, 0.1)
    assert outcome.x is not None
    assert outcome.x.tolist() == [1.0]  # whole numbers are made exact here
    assert outcome.bound == 3.0  # of finite_bound: 2 * 1 + 1


@pytest.mark.parametrize(
    ("end", "error"),
    [("'ended', bound=1.0", NoPlan), ("'infeasible'", Infeasible), ("'failed', trace='oh'", SolverError)],
)
def test_a_point_that_leaves_open_what_is_decided_last_is_no_plan(
    end: str, error: type[Exception], worker: Use
) -> None:
    worker(f"""
        plan(1.5)
        tell(event={end})
    """)
    with pytest.raises(error):
        searched(ODD, 20)


def test_a_worker_that_loads_slowly_has_its_time_all_the_same(worker: Use) -> None:
    worker("""
        time.sleep(1.5)
        plan(1.0)
        tell(event="ended", bound=3.0)
    """)
    assert searched(TINY, 0.1).x is not None


def test_a_worker_that_never_comes_up_is_not_waited_for(
    worker: Use, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOADING", 0.1)
    monkeypatch.setattr(engine_module, "FIRST_PLAN", 0.1)
    monkeypatch.setattr(engine_module, "STOP_GRACE", 0.1)
    worker("time.sleep(300)")
    with pytest.raises(NoPlan, match="over before there was any plan"):
        searched(TINY, 0.1)
    with pytest.raises(KeyboardInterrupt), Engine() as engine:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        engine.search(TINY, Options(0.1), lambda progress: None)
    assert len(started) == 2


@pytest.mark.parametrize(
    "end", ["", "sys.exit(3)", "os.kill(os.getpid(), 9)", "print('not a message', flush=True)", "plan(7.0, torn=3)"]
)
def test_however_the_worker_ends_its_last_plan_is_kept(end: str, worker: Use, started: Started) -> None:
    worker(f"""
        plan(2.0)
        progress(plan=5.0, bound=1.0)
        {end}
    """)
    outcome = searched(TINY, 30)
    assert outcome.x is not None
    assert (outcome.x.tolist(), outcome.bound) == ([2.0], 1.0)
    assert outcome.failure == "the solver's process ended before its time"
    assert len(started) == 1


GARBAGE = ["print('[]')", "tell(event='plan', cost=1.0, exact=True, bytes=10**30)", "os.write(1, bytes(range(256)))"]
NO_MESSAGE: list[tuple[dict[str, Any], bytes]] = [
    ({"plan": 3.0}, b""),
    ({"event": "progress", "seconds": 0.0}, b""),
    ({"event": "progress", "seconds": 0.0, "plan": 1.0, "bound": "high", "phase": "testing"}, b""),
    ({"event": "plan", "cost": 1.0, "exact": True}, b"123"),
    ({"event": "plan", "cost": "dear", "exact": True}, struct.pack("d", 1.0)),
    ({"event": "plan", "cost": 1.0, "exact": True}, struct.pack("d", np.nan)),
    ({"event": "plan", "cost": 1.0, "exact": True}, struct.pack("dd", 1.0, 1.0)),
]


@pytest.mark.parametrize(("message", "content"), NO_MESSAGE)
def test_a_message_that_makes_no_sense_is_the_last(message: dict[str, Any], content: bytes) -> None:
    watch = engine_module._Watch(TINY, Options(30), lambda progress: None)
    assert not watch.take({"event": "plan", "cost": 5.0, "exact": True}, struct.pack("d", 2.0))
    assert watch.take(message, content)
    assert watch.died and watch.outcome.failure.startswith("the solver's process sent what is no message: ")
    assert watch.outcome.x is not None and watch.outcome.x.tolist() == [2.0]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_message_ends_it_and_the_last_plan_is_kept(garbage: str, worker: Use, started: Started) -> None:
    worker(f"""
        plan(2.0)
        {garbage}
        time.sleep(300)
    """)
    outcome = searched(TINY, 30)
    assert outcome.x is not None
    assert outcome.x.tolist() == [2.0]
    assert outcome.failure.startswith("the solver's process ")


def test_one_that_dies_before_it_has_a_plan_is_started_again(worker: Use, started: Started, tmp_path: Path) -> None:
    worker(f"""
        tries = open({str(tmp_path / "tries")!r}, "a+")
        tries.write("x"); tries.flush(); tries.seek(0)
        if len(tries.read()) < {engine_module.STARTS}: os.kill(os.getpid(), 9)
        plan(1.0)
        tell(event="ended")
    """)
    outcome = searched(TINY, 30)
    assert outcome.x is not None
    assert (outcome.x.tolist(), outcome.failure, len(started)) == ([1.0], "", engine_module.STARTS)


def test_one_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def full(*arguments: object, **more: object) -> None:
        calls.append(arguments)
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(SolverError, match="could not be started: Resource temporarily unavailable"):
        searched(TINY, 30)
    assert len(calls) == 1 + engine_module.STARTS


def test_who_listens_may_fail(worker: Use, started: Started) -> None:
    def tell(progress: Progress) -> None:
        raise KeyError("not the worker's fault")

    worker("progress()")
    with pytest.raises(KeyError, match="not the worker's fault"):
        searched(TINY, 30, tell)


@pytest.mark.parametrize("end", ["sys.exit(0)", "os.kill(os.getpid(), 9)", "plan(7.0, torn=3)"])
def test_without_a_plan_it_is_an_error_in_clear_words(end: str, worker: Use, started: Started) -> None:
    worker(end)
    with pytest.raises(SolverError, match="the solver's process ended without a plan"):
        searched(TINY, 30)
    assert len(started) == engine_module.STARTS


def test_a_failure_of_the_worker_is_told(worker: Use, started: Started) -> None:
    worker('tell(event="failed", trace="ZeroDivisionError: in the worker")')
    with pytest.raises(SolverError, match="ZeroDivisionError: in the worker"):
        searched(TINY, 30)


def test_contradictory_rules_are_told(worker: Use, started: Started) -> None:
    worker('tell(event="infeasible")')
    with pytest.raises(Infeasible):
        searched(TINY, 30)


def test_a_second_ctrl_c_does_not_wait(worker: Use, started: Started) -> None:
    worker("""
        plan(2.0)
        progress(plan=5.0)
        progress(plan=5.0)
        time.sleep(300)
    """)
    outcome = searched(TINY, 300, lambda progress: os.kill(os.getpid(), signal.SIGINT))
    assert outcome.stopped
    assert outcome.x is not None


def test_an_engine_that_was_never_used_leaves_no_process(started: Started) -> None:
    with Engine():
        pass
    assert started[0].returncode == -signal.SIGKILL


def test_files_of_the_folder_where_it_runs_are_not_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("numpy", "json", "optimizer"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('executed')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = searched(TINY, 20)
    assert outcome.x is not None
    assert outcome.x.tolist() == [1.0]
    assert outcome.bound == pytest.approx(3.0)


def test_the_request_names_the_search_and_all_options(worker: Use) -> None:
    worker("""
        asked = [request[name] for name in ("search", "seconds", "gap", "seed", "threads")]
        tell(event="failed", trace=repr(asked))
    """)
    for made, search in ((TINY, "optimizer.solve.search"), (FEW, "optimizer.decompose.search")):
        with Engine() as engine, pytest.raises(SolverError) as told:
            engine.search(made, Options(30.0, 0.5, 7, 3), lambda progress: None)
        assert str(told.value) == f"['{search}', 30.0, 0.5, 7, 3]"


def test_quantities_of_lots_are_taken_as_they_are(worker: Use, started: Started) -> None:
    count = len(FEW.order)
    worker(f"""
        tell(struct.pack("d", 2.5) * {count}, event="plan", cost=8.0, exact=True, bytes=8 * {count})
        progress(plan=8.0)
        os.kill(os.getpid(), 9)
    """)
    outcome = searched(FEW, 30)
    assert outcome.x is not None
    assert (outcome.x.tolist(), outcome.cost, outcome.bound) == ([2.5] * count, 8.0, -np.inf)


# From here on: the real worker.


def test_lots_are_searched(started: Started) -> None:
    lots = family_lots()
    with Engine() as engine:
        outcome = engine.search(lots, Options(60.0, 0.2, 0, 2), lambda progress: None)
    assert outcome.x is not None
    assert keeps_gates(lots, outcome.x)
    assert -np.inf < outcome.bound <= outcome.cost


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_batch_that_ends_keep_the_best_plan(number: signal.Signals, started: Started) -> None:
    before = signal.getsignal(number)
    sent: list[Progress] = []

    def tell(progress: Progress) -> None:
        if progress.plan is not None and not sent:
            sent.append(progress)
            os.kill(os.getpid(), number)

    outcome = searched(HARD, 300, tell)
    assert outcome.stopped
    assert outcome.x is not None
    assert is_plan(HARD, outcome.x)
    assert outcome.bound <= HARD.objective(outcome.x)
    assert signal.getsignal(number) is before


def test_a_worker_that_is_killed_leaves_its_best_plan(started: Started) -> None:
    def tell(progress: Progress) -> None:
        if progress.plan is not None:
            started[0].kill()

    outcome = searched(HARD, 300, tell)
    assert outcome.x is not None
    assert is_plan(HARD, outcome.x)
    assert -np.inf < outcome.bound <= HARD.objective(outcome.x)
    assert not outcome.stopped


PARENT = """
import os, signal
from optimizer.solve.engine import Engine
from optimizer.solve.search import Options
from tests.solve.test_engine import HARD

def tell(progress):
    if progress.plan is not None:
        print(engine._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

with Engine() as engine:
    engine.search(HARD, Options(300, gap=0.0), tell)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_no_worker_is_left_when_its_parent_is_killed() -> None:
    parent = subprocess.run([sys.executable, "-c", PARENT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert parent.returncode == -signal.SIGKILL, parent.stderr
    worker = int(parent.stdout)
    until = time.monotonic() + 30
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # ended just now, or a system without /proc
        return not sys.platform.startswith("linux")
