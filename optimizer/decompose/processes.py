"""Processes: tasks spread over Python processes of this machine, any of which may die without any loss.

They are spawned, never forked: after HiGHS has used threads, a fork hangs. Threads would be slower (on two busy cores,
programs of 0.2 to 0.5 s: 1.0 to 1.4 times as fast as one after the other, processes 1.3 to 1.7), and nothing ends one.
"""

import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeVar

from optimizer.decompose.executor import Common, Lost, attempt, result_of
from optimizer.decompose.job import Job
from optimizer.decompose.process_worker import PING, READY, receive, send, unpacked

AHEAD = 0.03  # seconds of small tasks that a process is given at once, so that it never waits for the next
STARTS = 3  # times that a process may die while it loads, before it is left out

# The package around the worker is left empty: what it offers to notebooks takes two seconds to load.
BARE_WORKER = """
import sys, types
sys.path[:] = {path!r}
sys.modules["optimizer"] = types.ModuleType("optimizer")
sys.modules["optimizer"].__path__ = {package!r}
from optimizer.decompose.process_worker import main
main({modules!r})
"""
T = TypeVar("T")
R = TypeVar("R")


class Processes(Common):
    """Processes that begin to load now, in the background.

    This process sends tasks and waits; only until the first of the others has loaded does it work itself. It is left
    free to tell and to stop, and what ends a process (the solver, too little memory) does not end this one.

    Args:
        workers: how many processes.
        modules: what they import before their first task.
        helps: whether this process works on tasks (those without a time limit) until another has loaded.
    """

    def __init__(self, workers: int, modules: Sequence[str] = (), *, helps: bool = True) -> None:
        self.workers, self._helps = workers, helps
        package = [str(Path(__file__).parents[1])]
        script = BARE_WORKER.format(path=sys.path, package=package, modules=list(modules))
        self._processes = [_Process([sys.executable, "-P", "-c", script]) for _ in range(workers)]

    def stream(
        self, function: Callable[[T], R], tasks: Iterable[T], limit: float | None = None
    ) -> Generator[R | Lost, None, None]:
        """See `Executor`."""
        job = Job(function, list(tasks), limit, self.workers, self._helps)
        for process in self._processes:
            threading.Thread(target=process.attend, args=(job,), daemon=True).start()
        return self._results(job)

    def _results(self, job: Job) -> Generator[R | Lost, None, None]:
        try:
            for index in range(len(job.tasks)):
                while (mine := job.wait(index)) is not None:
                    job.finish(mine, attempt(job.function, job.tasks[mine]))
                yield result_of(job.outcome(index))
        finally:
            job.stop()

    def close(self) -> None:
        """See `Executor`."""
        for process in self._processes:
            process.end()


class _Process:
    """A process, started again when it has died, until it is ended for good."""

    _popen: subprocess.Popen[bytes]
    _input: IO[bytes]
    _output: IO[bytes]
    _ready: bool

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._turn = threading.Lock()  # held by the thread that talks to the process
        self._birth = threading.Lock()
        self._ended = False
        self._start()

    def attend(self, job: Job) -> None:
        """Have the process work on a job's tasks until there are none left to take."""
        entered = False
        with self._turn:
            try:
                while self._loaded():
                    if not entered:
                        job.enter()
                        entered = True
                    if self._serve(job):
                        break
            finally:
                job.leave(entered)

    def end(self) -> None:
        """End the process, and all threads that talk to it."""
        with self._birth:
            self._ended = True
            self._popen.kill()
        with self._turn:
            self._bury()

    def _loaded(self) -> bool:
        """Whether the process can take tasks: waits until it has loaded, and starts another where it has died."""
        with suppress(OSError):  # this machine can start no more
            for _ in range(STARTS):
                if self._ended or (self._ready and self._answers()):
                    break
                self._restart()
                self._ready = self._receive() == READY
        return self._ready and not self._ended

    def _answers(self) -> bool:
        """Whether it is alive: one that was killed a moment ago still looks so, and no task is to blame for it."""
        if self._popen.poll() is not None:
            return False
        with suppress(BrokenPipeError):
            send(self._input, PING)
        return self._receive() == READY

    def _restart(self) -> None:
        with self._birth:
            if not self._ended and self._popen.poll() is not None:
                self._bury()
                self._start()

    def _start(self) -> None:
        self._ready = False
        pipe = subprocess.PIPE
        self._popen = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, start_new_session=True)
        assert self._popen.stdin is not None and self._popen.stdout is not None
        self._input, self._output = self._popen.stdin, self._popen.stdout

    def _bury(self) -> None:
        self._popen.wait()
        self._output.close()
        with suppress(BrokenPipeError):
            self._input.close()

    def _serve(self, job: Job) -> bool:
        """Send tasks and take in outcomes until none is left to take; false where the process has died."""
        flight: deque[int] = deque()
        sent, done, began = False, 0, time.monotonic()
        while True:
            room = 1 if job.limit is not None or not done else 1 + int(AHEAD * done / (time.monotonic() - began))
            fresh = job.take(room, len(flight))
            flight.extend(fresh)
            if not flight:
                return True
            if fresh:
                self._send(None if sent else job.packed_function, [job.packed_tasks[index] for index in fresh])
                sent = True
            began_one = time.monotonic()
            reply = self._reply(job.limit)
            if reply is not None:
                job.finish(flight.popleft(), unpacked(reply))
                done += 1
                continue
            if job.limit is not None and time.monotonic() - began_one >= job.limit:
                job.finish(flight[0], Lost(f"task {flight[0]} took longer than {job.limit:g} s"))
            else:
                job.give_back(flight)
            return False

    def _send(self, function: bytes | None, tasks: Sequence[bytes]) -> None:
        with suppress(BrokenPipeError):  # its death shows in the reply
            send(self._input, pickle.dumps((function, tasks), protocol=5))

    def _reply(self, limit: float | None) -> bytes | None:
        """The next outcome; None where the process has died, or is ended for taking too long."""
        if limit is None:
            return self._receive()
        timer = threading.Timer(limit, self._popen.kill)
        timer.daemon = True
        timer.start()
        try:
            return self._receive()
        finally:
            timer.cancel()

    def _receive(self) -> bytes | None:
        message = receive(self._output)
        if message is None:  # its output may end a moment before it does itself
            self._popen.kill()
            self._popen.wait()
        return message
