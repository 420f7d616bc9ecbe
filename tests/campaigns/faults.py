"""Fail every call at the boundary to the disk in turn, and see that a plan is published whole or not at all.

    python -m tests.campaigns.faults --count 2000 --seed 1

A clean run of `replenish plan` over a small instance counts the calls that touch its instance and its plan (see
`boundaries`). Then each of them fails, in a run of its own: for a moment or from then on, with a full disk, a disk that
has become read-only, an I/O error, a refused permission, or too little memory. Further runs get too little memory, or
Ctrl-C, at a random call of a function of ours. All of that over an earlier plan by exchange, by the swap of systems
without one, where there is no plan yet, and into `plans/NAME/RUN`. What is looked for:

- `partial`: a folder that is no whole plan where a plan should be;
- `changed`: the earlier plan is another, and the exit code says that nothing was published; or the other way round;
- `wrong code`: an exit code that is not what happened (3; 1 too where who runs it may not read a table; 130 after
  Ctrl-C);
- `traceback`: a failure of the disk that is told as a failure of the program;
- `not run again`, `stale`: a run after it that fails, or leaves anything but plans.

The search runs in this process; what the solver's process may do wrong is the matter of `kill_worker`. `failing calls`
says how many cases of them there are: all are run where the count is a quarter more.
"""

import argparse
import errno
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import GeneratorType
from typing import Any
from unittest.mock import patch

from optimizer import cli
from optimizer.commands import plan as plan_command
from optimizer.write import disk, repair
from tests.campaigns.boundaries import Boundaries, Call, Interrupted
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

OURS = [Path(__file__).parents[2] / package for package in ("optimizer", "models")]
MODES = ("exchange", "swap", "new", "run")
EARLIER, FAILED, AGAIN = 101, 102, 103  # seeds, by which plans are told apart
ANYWHERE = 5  # one of so many cases is too little memory, or Ctrl-C, anywhere
SAMPLED_RERUNS = 10  # one of so many cases that left nothing is run again all the same
TABLES = {
    "items": {
        "item": ["A"], "holding_cost": ["1"], "backorder_cost": ["5"], "shortage_cost": ["50"], "ending_value": ["0"],
    },
    "suppliers": {"supplier": ["S"]},
    "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["1"], "order_cost": ["3"]},
    "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["1"]},
    "demand": {"item": ["A", "A"], "customer": ["C", "C"], "due": ["2026-11-23", "2026-12-09"], "quantity": ["4", "2"]},
}  # fmt: skip
SETTINGS = {"name": "small", "start": "2026-11-23", "periods": 4}


@dataclass(frozen=True)
class Kind:
    """A way to fail: the error (0: too little memory), which calls can end so, and whether all later ones do."""

    name: str
    code: int
    fits: Callable[[Call], bool]
    lasts: bool = False

    def error(self, call: Call) -> BaseException:
        """What the call ends with."""
        return OSError(self.code, os.strerror(self.code), call.place) if self.code else MemoryError()


def _adds(call: Call) -> bool:
    return call.changes and not call.removes


def _changes(call: Call) -> bool:
    return call.changes


def _asks(call: Call) -> bool:
    return call.name not in ("read", "write", "fsync", "fstat", "flock")


def _any(call: Call) -> bool:
    return True


KINDS = (
    Kind("disk full", errno.ENOSPC, _adds, lasts=True),
    Kind("disk full for a moment", errno.ENOSPC, _adds),
    Kind("read-only", errno.EROFS, _changes, lasts=True),
    Kind("I/O error", errno.EIO, _any),
    Kind("I/O errors", errno.EIO, _any, lasts=True),
    Kind("permission denied", errno.EACCES, _asks),
    Kind("too little memory", 0, _any),
)
MEMORY, CTRL_C = Kind("too little memory anywhere", 0, _any), Kind("Ctrl-C anywhere", errno.EINTR, _any)


@dataclass(frozen=True)
class Case:
    """The n-th call of a run in one mode fails in one way."""

    mode: str
    kind: Kind
    number: int


class Trial:
    """One mode: an instance, an earlier plan where there is to be one, and the calls of a clean run over it."""

    def __init__(self, mode: str, home: Path) -> None:
        self.mode, self.home = mode, home / "home"
        home = self.home
        self.out = None if mode == "run" else home / "out"
        write_instance(home / "instance", TABLES, SETTINGS)
        if mode != "new":
            self._must_run(EARLIER)
        self.kept = home.with_name("earlier")
        shutil.copytree(home, self.kept, symlinks=True)
        with Boundaries([home]) as boundaries:
            self._must_run(FAILED)
        self.calls = boundaries.calls
        self._set_up()
        with Interrupted(OURS) as counted:
            self._must_run(FAILED)
        self.functions = counted.calls

    def cases(self) -> Iterator[Case]:
        """Every call in every way that it can fail."""
        for kind in KINDS:
            yield from (Case(self.mode, kind, number) for number, call in enumerate(self.calls) if kind.fits(call))

    def run(self, case: Case, rerun: bool, counts: Counter[str]) -> Iterator[str]:
        """What is wrong with a case."""
        self._set_up()
        before, where = self._plans(), ""
        if case.kind in (MEMORY, CTRL_C):
            with Interrupted(OURS, case.number, _no_memory if case.kind is MEMORY else _ctrl_c) as interrupted:
                code, told = self._run(FAILED)
            where = interrupted.where
        else:
            failed: list[Call] = []

            def fails(number: int, call: Call) -> BaseException | None:
                if number == case.number or (case.kind.lasts and number > case.number and case.kind.fits(call)):
                    failed.append(call)
                    return case.kind.error(call)
                return None

            with Boundaries([self.home], fails):
                code, told = self._run(FAILED)
            where = f"{failed[0].name} {os.path.relpath(failed[0].place, self.home)}" if failed else ""
        left = self._left()
        bad = [*self._judged(case, where, code, told, before)]
        if rerun or bad or left:
            bad += self._after()
        counts.update([f"{case.kind.name}: exit code {code}"])
        counts["not reached"] += not where
        for text in bad:
            yield f"{text}: {case.mode}, {case.kind.name}, call {case.number} ({where}): {code} {told}"

    def _judged(self, case: Case, where: str, code: int, told: str, before: dict[str, Any]) -> Iterator[str]:
        if self.out is not None:
            repair(self.out)
        plans = self._plans()
        if None in plans.values():
            yield "partial"
        fresh = [name for name, plan in plans.items() if plan is not None and plan["seed"] == FAILED]
        if (code == 0) != (len(fresh) == 1) or (code != 0 and plans != before):
            yield "changed"
        allowed = {0, 3}
        if case.kind is CTRL_C:
            allowed = {0, 130}
        elif " instance" in where and case.kind.code == errno.EACCES:
            allowed = {0, 1, 3}
        if code not in allowed:
            yield "wrong code"
        if "Traceback" in told:
            yield "traceback"

    def _after(self) -> Iterator[str]:
        """What a run without any failure finds and leaves."""
        code, told = self._run(AGAIN)
        plans = self._plans()
        if code != 0 or None in plans.values() or not any(plan["seed"] == AGAIN for plan in plans.values() if plan):
            print(told, file=sys.stderr)
            yield "not run again"
        if self._left():
            yield "stale"

    def _left(self) -> set[str]:
        """What lies about that is no plan, nor leads to the latest."""
        home = self.home if self.out is not None else self.home / "plans" / "small"
        usual = {"instance", "out", "latest"} if self.out is not None else {"latest", *self._plans()}
        return set(os.listdir(home)) - usual if home.is_dir() else set()

    def _plans(self) -> dict[str, Any]:
        """By name, what is where a plan should be: `run.json` and all bytes of a whole plan, or None."""
        if self.out is not None:
            places = [self.out] if os.path.lexists(self.out) else []
        else:
            places = sorted(place for place in (self.home / "plans" / "small").glob("[!.]*") if place.name != "latest")
        plans: dict[str, Any] = {}
        for place in places:
            run = run_of_whole_plan(place)
            plans[place.name] = run and {"seed": run["seed"], "files": _bytes(place)}
        return plans

    def _set_up(self) -> None:
        """The home as it was before the first case."""
        shutil.rmtree(self.home)
        shutil.copytree(self.kept, self.home, symlinks=True)

    def _must_run(self, seed: int) -> None:
        code, told = self._run(seed)
        if code:
            raise RuntimeError(f"a clean run ends with {code}: {told}")

    def _run(self, seed: int) -> tuple[int, str]:
        """Exit code and standard error of the command line."""
        call = ["replenish", "plan", str(self.home / "instance"), "--seed", str(seed), "--gap", "0"]
        if self.out is not None:
            call += ["-o", str(self.out)]
        with (
            tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as shown, _in(self.home),
            patch.object(sys, "argv", call), patch.object(plan_command, "Engine", InProcess), redirect_stderr(told),
            redirect_stdout(shown), patch.object(sys, "unraisablehook", _unraisable),
            patch.object(disk, "exchange", lambda one, other: False) if self.mode == "swap" else nullcontext(),
        ):  # fmt: skip
            code = 0
            try:
                cli.main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            except BaseException as error:  # nothing may come out of the command line but its exit code
                code = -1
                told.write(f"\nTraceback: {error!r}")
            with suppress(ValueError):
                told.seek(0)
                return code, told.read()
        return code, ""


def case(number: int, run: Run) -> Iterator[str]:
    """Of five cases four are failing calls, drawn without repetition; one is too little memory, or Ctrl-C, anywhere."""
    modes = run.options.modes
    trials: dict[str, Trial] = {mode: run.once(mode, partial(Trial, mode)) for mode in modes}
    every: list[Case] = run.once("every", lambda home: _shuffled(trials))
    run.figures["failing calls"] = len(every)
    turn, of = divmod(number, ANYWHERE)
    if of:
        drawn = every[(turn * (ANYWHERE - 1) + of - 1) % len(every)]
    else:
        mode, chance = modes[turn % len(modes)], random.Random(number)
        kind = (MEMORY, CTRL_C)[turn // len(modes) % 2]
        drawn = Case(mode, kind, chance.randrange(trials[mode].functions))
    yield from trials[drawn.mode].run(drawn, number % SAMPLED_RERUNS == 0, run.counts)


def _shuffled(trials: dict[str, Trial]) -> list[Case]:
    """Every failing call of every mode, always in the same order of chance."""
    every = [case for trial in trials.values() for case in trial.cases()]
    random.Random(0).shuffle(every)
    return every


def _unraisable(failure: "sys.UnraisableHookArgs") -> None:
    """Nobody can catch what fails while a generator is closed that nobody needs any more; nothing is lost by it."""
    ours = isinstance(failure.exc_value, MemoryError | KeyboardInterrupt)
    if not ours or not isinstance(failure.object, GeneratorType):
        sys.__unraisablehook__(failure)


def _no_memory() -> None:
    raise MemoryError


def _ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)


CAMPAIGN = Campaign(
    "faults", 13, "0 partial publications; the right exit code", 2000, 0, case, _arguments
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
