"""Engine: a search in a process of its own, watched from here.

Whatever the solver does (overrun, crash, eat the machine), the best plan that it has told so far is kept, and the
process is ended when its time is over. One that dies before it has told any plan is started again.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from models.lots import Lots
from models.riders import Extended
from optimizer.solve.clock import uncounted
from optimizer.solve.construct import late_fractional, polished
from optimizer.solve.events import Progress
from optimizer.solve.guided import Guided
from optimizer.solve.highs import Infeasible, NoPlan, SolverError
from optimizer.solve.program import Floats, Program, finite_bound
from optimizer.solve.search import Options
from optimizer.solve.signals import taken

LOADING = 60.0  # seconds that the worker may take to load; most of a second on a machine that has nothing else to do
GRACE = (
    1.0  # seconds by which the worker may pass its time before it is ended, or a tenth of its time where that is more
)
STOP_GRACE = 15.0  # seconds that it may take to end after it was asked to, for the last exact quantities
FIRST_PLAN = 60.0  # seconds beyond its time that the worker has for a first plan: without one, nothing can be published
PREPARING = 600.0  # seconds that it may take to compile what it runs
TELL_EVERY = 0.2  # seconds between two events of progress
STARTS = 3  # processes that may die before there is a plan
DIED = "the solver's process ended without a plan"
DIED_LATE = "the solver's process ended before its time"
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, MemoryError)  # by what is no message

Message = tuple[dict[str, Any], bytes]
# A whole program, also with lots that guide to its plan; or what it is where lots, gates and riders are all of it.
Problem = Program | Guided | Lots | Extended
# The module that searches each; named, because solving knows nothing of decomposing.
SEARCHES: dict[type[Problem], str] = {
    Program: "optimizer.solve.search",
    Guided: "optimizer.decompose.guided",
    Lots: "optimizer.decompose.search",
    Extended: "optimizer.decompose.extended",
}

# The package around the worker is left empty: what it offers to notebooks takes two seconds to load.
BARE_WORKER = """
import sys, types
sys.path[:] = {path!r}
sys.modules["optimizer"] = types.ModuleType("optimizer")
sys.modules["optimizer"].__path__ = {package!r}
from optimizer.solve.worker import main
main()
"""


@dataclass
class Outcome:
    """What a search ended with.

    Attributes:
        x: the best plan: a point of the program, or the quantity of each option of the lots.
        cost: of it, as the search says.
        bound: proven lower limit on the cost of any plan; -inf where lots were ended before they had one.
        stopped: by the user.
        failure: why the worker ended before its time; the plan is the best that it had told.
        trace: how it went.
        prices: what a later search can begin from; empty where there is nothing, or the worker was ended.
    """

    x: Floats | None = None
    cost: float = np.inf
    bound: float = -np.inf
    stopped: bool = False
    failure: str = ""
    trace: list[Progress] = field(default_factory=list)
    prices: Floats = field(default_factory=lambda: np.zeros(0))


class Engine:
    """A worker process; started early, because it takes a second to load, and given its problem when that is ready."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):  # this machine can start no more just now: the search tries again, and tells
            self._process = _started()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if it still runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

    def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
        """Search until the gap, the time limit or Ctrl-C, which keeps the best plan.

        Raises:
            Infeasible: hard rules contradict each other.
            NoPlan: the time was over before there was any.
            KeyboardInterrupt: so it was when the user stopped it.
            SolverError: the worker failed before it had any plan, or died so `STARTS` times.
        """
        ends = time.monotonic() + options.seconds
        for start in range(1, STARTS + 1):
            watch = self._watched(problem, options, tell)
            if watch.outcome.x is not None and watch.finish():  # whatever the solver says after it, a plan is a plan
                return watch.outcome
            if watch.infeasible:
                raise Infeasible
            if not watch.died or watch.outcome.stopped or start == STARTS:
                break
            self.close()
            options = replace(options, seconds=max(ends - time.monotonic(), 0.0))
        if watch.outcome.stopped:
            raise KeyboardInterrupt
        if not watch.outcome.failure:
            raise NoPlan("the time was over before there was any plan; give it more")
        raise SolverError(watch.outcome.failure)

    def _watched(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> "_Watch":
        """One worker's search, until it ends, dies or is overdue."""
        watch = _Watch(problem, options, tell)
        try:
            process = self._process = self._process or _started()
            messages: queue.Queue[Message | None] = queue.Queue()
            threading.Thread(target=_receive, args=(process, messages), daemon=True).start()
            _send(process, problem, options)
        except OSError as error:
            watch.die(f"the solver's process could not be started: {error.strerror or error}")
            return watch

        def stop() -> None:
            watch.interrupt()
            _ask_to_stop(process)

        with taken(stop):
            while True:
                try:
                    message = messages.get(timeout=0.05)
                except queue.Empty:
                    message = ({"event": "nothing"}, b"")
                if message is None:
                    watch.die("")
                    break
                if watch.take(*message) or watch.overdue():
                    break
        return watch


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _send(process: subprocess.Popen[bytes], problem: Problem, options: Options) -> None:
    """Hand over what is to be searched.

    Raises:
        OSError: the process has died.
    """
    content, stdin = problem.to_bytes(), process.stdin
    warm = b"" if options.warm is None else options.warm.to_bytes()
    assert stdin is not None
    request = {
        "search": SEARCHES[type(problem)], "seconds": options.seconds, "gap": options.gap, "seed": options.seed,
        "threads": options.threads, "sent": time.monotonic(), "bytes": len(content),
        "warm": len(warm),
    }  # fmt: skip
    stdin.write(json.dumps(request).encode() + b"\n")
    stdin.write(warm)
    stdin.write(content)
    stdin.flush()


def _ask_to_stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(b"stop\n")
        process.stdin.flush()


def _receive(process: subprocess.Popen[bytes], messages: "queue.Queue[Message | None]") -> None:
    """Take in messages until the process ends; None is the last."""
    stdout = process.stdout
    assert stdout is not None
    with suppress(OSError, *UNREADABLE):  # torn by the end of the process, or the pipe was closed, or no message
        while line := stdout.readline():
            message = json.loads(line)
            content = stdout.read(message.get("bytes", 0))
            if len(content) == message.get("bytes", 0):  # else torn by the end of the process
                messages.put((message, content))
    messages.put(None)


def _command() -> list[str]:
    """The worker, with the modules of this process: a file `numpy.py` in the folder where it runs is none of them."""
    return [sys.executable, "-P", "-c", BARE_WORKER.format(path=sys.path, package=[str(Path(__file__).parents[1])])]


class _Watch:
    """What the worker has told so far, and when its time is over."""

    def __init__(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> None:
        self.problem, self.options, self.tell = problem, options, tell
        self.outcome = Outcome()
        self.infeasible = False
        self.died = False
        self.ended = False
        self.exact: Floats | None = None  # the last plan with exact whole numbers
        self._grace = max(GRACE, 0.1 * options.seconds)
        self._limit = time.monotonic() + options.seconds
        self._loaded = False
        self._preparing: float | None = None
        self._ends = max(self._limit, time.monotonic() + LOADING) + self._grace
        self._told = -np.inf
        self._untold: list[Progress] = []

    def interrupt(self) -> None:
        """Ctrl-C: the second one does not wait."""
        self._ends = min(self._ends, time.monotonic() + (0.0 if self.outcome.stopped else STOP_GRACE))
        self.outcome.stopped = True

    def overdue(self) -> bool:
        """Whether the worker's time is over."""
        now = time.monotonic()
        return now > self._ends and (
            self.outcome.x is not None or self.outcome.stopped or now > self._ends + FIRST_PLAN
        )

    def die(self, failure: str) -> None:
        """The worker is gone, or there never was one, or it has lost its mind."""
        self.died = True
        self.outcome.failure = failure or self.outcome.failure or (DIED if self.outcome.x is None else DIED_LATE)

    def take(self, message: dict[str, Any], content: bytes) -> bool:
        """Take in one message; true after the last, and after what is none."""
        try:
            last = self._taken(message, content)
        except UNREADABLE as error:
            self.die(f"the solver's process sent what is no message: {error!r}")
            last = True
        while self._untold:
            self.tell(self._untold.pop(0))
        return last

    def _taken(self, message: dict[str, Any], content: bytes) -> bool:
        if message["event"] not in ("nothing", "preparing"):
            self._begin()
        match message["event"]:
            case "preparing":
                self._prepare()
            case "progress":
                self._progress(Progress(message["seconds"], message["plan"], message["bound"], message["phase"]))
            case "plan":
                self.outcome.x, self.outcome.cost = self._point(content), float(message["cost"])
                self.exact = self.outcome.x if message["exact"] else self.exact
            case "infeasible":
                self.infeasible = True
                self.outcome.failure = "the solver found the program contradictory although there is a plan"
                return True
            case "failed":
                self.outcome.failure = message["trace"]
                return True
            case "ended":
                self.ended = True
                self.outcome.prices = np.frombuffer(content, dtype=np.float64)
                return True
        return False

    def _prepare(self) -> None:
        """The worker makes its search ready: that may mean compiling it, once after each installation."""
        self._preparing = time.monotonic()
        if not self.outcome.stopped:
            self._ends = self._preparing + PREPARING
        self._untold.append(
            Progress(0.0, None, None, "getting ready (after an installation, this takes a minute once)")
        )

    def _begin(self) -> None:
        """The search begins, and from now on the worker has to keep to its time; long compiling is not all counted."""
        if not self._loaded and not self.outcome.stopped:
            took = 0.0 if self._preparing is None else time.monotonic() - self._preparing
            self._limit += uncounted(took, self.options.seconds)
            self._ends = max(self._limit, time.monotonic()) + self._grace
        self._loaded = True

    def _progress(self, progress: Progress) -> None:
        if progress.bound is not None:
            self.outcome.bound = max(self.outcome.bound, progress.bound)
        last = self.outcome.trace[-1] if self.outcome.trace else None
        moved = last is None or (last.plan, last.bound, last.phase) != (progress.plan, progress.bound, progress.phase)
        if moved and (progress.seconds - self._told >= TELL_EVERY or last is None or last.phase != progress.phase):
            self.outcome.trace.append(progress)
            self._told = progress.seconds
        self._untold.append(progress)

    def _point(self, content: bytes) -> Floats:
        """A plan as it came: a finite number for each column of the program, or each option of the lots.

        Raises:
            ValueError: it is none.
        """
        x = np.frombuffer(content, dtype=np.float64)
        if len(x) != _size(self.problem) or not np.isfinite(x).all():
            raise ValueError("a plan of another size, or with numbers that are none")
        return x

    def finish(self) -> bool:
        """Whether the outcome has a plan; that of a program has exact whole numbers, and a bound that is finite."""
        program = program_of(self.problem)
        if program is None:  # quantities of lots are always exact
            return True
        outcome = self.outcome
        assert outcome.x is not None
        if outcome.x is not self.exact and not (self.ended and is_whole(program, outcome.x)):
            outcome.x = made_exact(program, outcome.x, self.exact, max(GRACE, 0.1 * self.options.seconds))
            outcome.cost = np.inf if outcome.x is None else program.objective(outcome.x)
        if outcome.bound == -np.inf:
            outcome.bound = finite_bound(program)
        return outcome.x is not None


def is_whole(program: Program, x: Floats) -> bool:
    """Whether a point may be a plan as it is: a solver may leave open what is decided last."""
    return not late_fractional(program, x)


def made_exact(program: Program, x: Floats, exact: Floats | None, seconds: float) -> Floats | None:
    """The best of a point with its whole numbers made exact, and an earlier exact one.

    Where there is neither, the point as the solver gave it; None where what is decided last is not whole in it.
    """
    candidates = [point for point in (polished(program, x, seconds), exact) if point is not None]
    if not candidates and is_whole(program, x):
        candidates = [x]
    return min(candidates, key=program.objective, default=None)


def program_of(problem: Problem) -> Program | None:
    """The program that is searched; None where it is lots that are."""
    match problem:
        case Program():
            return problem
        case Guided():
            return problem.program
    return None


def _size(problem: Problem) -> int:
    """How many numbers a plan has: one for each column of the program, or option of the lots."""
    match problem:
        case Program():
            return problem.columns
        case Guided():
            return problem.program.columns
        case Lots():
            return len(problem.order)
        case Extended():
            return len(problem.lots.order)
