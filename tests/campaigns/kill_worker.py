"""Let the solver's process die, or say what makes no sense, at every point, and see that there is a plan all the same.

    python -m tests.campaigns.kill_worker --count 200 --seed 1

Each case plans an instance over an earlier plan by the command line, the solver in a process of its own. Either that
process, or one that it started, is killed (SIGKILL) at a random instant; or at one of its messages it kills itself,
ends, sends bytes that are no message, half a message, a plan of another size, a plan that is none, or runs out of
memory; once, or each time that it is started; or it cannot be started. Cases take turns over instances that are
planned as a whole, lot by lot in several processes, and with strict tiers (a process for each goal). What is found:

- `no plan`: a process was lost once, and no plan was published (3 is right only where it is lost every time before it
  has told a plan, runs out of memory, or lies);
- `partial`, `changed`: the folder holds no whole plan, or another than the exit code says;
- `untold`: a plan of a search that broke off, without a warning;
- `lives on`: a process of the run is there after it.

Many instances in one batch, of which one ends its process, are another matter, for when there are batches. Linux only.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from benchmarks import family
from optimizer import cli
from optimizer.solve import engine
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.kill_run import MARK, marked
from tests.campaigns.time_limits import descendants
from tests.campaigns.whole_plan import run_of_whole_plan

TIME_LIMIT = 2.0
EARLIER, FAILED = 101, 102  # seeds, by which plans are told apart
LIVES_ON = 5.0  # seconds after the run at which a process of it is one that lives on
TRIALS = ("whole", "lots", "tiers")

# At message `number`, and then only once unless `always`, the worker does what `act` says in place of telling it.
FAULTY = """
import os, sys, time
from optimizer.solve import worker
write, told = worker._write, 0
def once():
    if {always}: return True
    try: os.close(os.open({flag!r}, os.O_CREAT | os.O_EXCL))
    except FileExistsError: return False
    return True
def faulty(outgoing, message, content=b""):
    global told
    told += 1
    if told > {number} and {fits} and once():
        {act}
    write(outgoing, message, content)
worker._write = faulty
worker.main()
"""
ACTS = {
    "kills itself": "os.kill(os.getpid(), 9)",
    "ends": "os._exit(0)",
    "no message": 'outgoing.write(bytes(range(200, 256)) + b"\\n"); outgoing.flush(); time.sleep(30)',
    "half a message": 'outgoing.write(worker.json.dumps(message)[:9].encode()); outgoing.flush(); os._exit(1)',
    "half a plan": 'write(outgoing, message, content[:-5]); os._exit(1)',
    "another size": "content = content[:-8]; message = message | dict(bytes=len(content))",
    "no plan": 'content = b"\\x9a\\x99\\x99\\x99\\x99\\x99\\xd9\\x3f" * (len(content) // 8)',
    "no memory": "raise MemoryError",
}  # fmt: skip
OF_PLANS = ("half a plan", "another size", "no plan")
MAY_FAIL = ("no plan", "no memory")


@dataclass(frozen=True)
class Hurt:
    """What happens: at a message (`act`), at an instant (None), or "no start"; once, or always."""

    act: str | None
    at: float  # share of the usual messages, or of the usual time
    always: bool

    def __str__(self) -> str:
        return f"{self.act or 'killed'} at {self.at:.2f}{', always' if self.always else ''}"


def case(number: int, run: Run) -> Iterator[str]:
    """A worker of the instance whose turn it is comes to grief."""
    name, hurt = TRIALS[number % len(TRIALS)], _drawn(random.Random(number))
    trial: Trial = run.once(name, lambda home: Trial(name, home))
    bad, words = trial.run(hurt)
    run.counts[f"{hurt.act or 'killed'}{', always' if hurt.always else ''}: exit code {words.partition(' ')[0]}"] += 1
    for text in bad:
        yield f"{text}: {name}, {hurt}: {words}"


def _drawn(chance: random.Random) -> Hurt:
    act = chance.choice([None, None, None, "no start", *ACTS])
    at = chance.choice([0.0, chance.random(), chance.random()])
    return Hurt(act, at, act is not None and chance.random() < 0.2)


class Trial:
    """An instance with an earlier plan, how long its search takes, and how many messages it sends."""

    def __init__(self, name: str, home: Path) -> None:
        self.home, self.out = home, home / "out"
        INSTANCES[name](home / "instance")
        code, told = self._run(EARLIER)
        if code:
            raise RuntimeError(f"{name} could not be planned: {told}")
        shutil.copytree(self.out, home / "earlier")
        run = json.loads((self.out / "run.json").read_bytes())
        self.seconds, self.messages = TIME_LIMIT, max(12, 2 * len(run["progress"]["seconds"]))

    def run(self, case: Hurt) -> tuple[list[str], str]:
        """What is wrong after a case, and how it ended: the exit code and what was told."""
        shutil.rmtree(self.out)
        shutil.copytree(self.home / "earlier", self.out)
        mark = uuid.uuid4().hex
        flag = self.home / f"flag-{mark}"
        with patch.dict(os.environ, {MARK: mark}), self._hurt(case, flag):
            code, told = self._run(FAILED)
        return list(self._judged(case, code, mark, lost=flag.exists())), f"{code} {told[-600:]}"

    def _judged(self, case: Hurt, code: int, mark: str, lost: bool) -> Iterator[str]:
        run = run_of_whole_plan(self.out)
        if run is None:
            yield "partial"
            return
        if run["seed"] != (FAILED if code == 0 else EARLIER):
            yield "changed"
        if code not in (0, 3) or (code == 3 and not case.always and case.act not in MAY_FAIL):
            yield "no plan"
        document = json.loads((self.out / "plan.json").read_bytes())
        told = any("a failure of ours" in warning for warning in document["warnings"])
        if code == 0 and bool(run["failure"]) != told:
            yield "untold"
        until = time.monotonic() + LIVES_ON
        while marked(mark):
            if time.monotonic() > until:
                for pid in marked(mark):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                yield "lives on"
                return
            time.sleep(0.05)

    @contextmanager
    def _hurt(self, case: Hurt, flag: Path) -> Iterator[None]:
        """What happens to the processes of the next run."""
        if case.act is None:
            timer = threading.Timer(case.at * self.seconds, _kill_one, (random.Random(case.at),))
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
        elif case.act == "no start":
            with patch.object(engine, "_started", _not_started(engine._started, case.always)):
                yield
        else:
            number = int(case.at * self.messages) if case.act not in OF_PLANS else int(case.at * 4)
            fits = 'message["event"] == "plan"' if case.act in OF_PLANS else "True"
            lines = FAULTY.format(number=number, fits=fits, act=ACTS[case.act], always=case.always, flag=str(flag))
            command = engine._command()
            script = command[-1][: command[-1].index("from optimizer.solve.worker import main")]
            with patch.object(engine, "_command", lambda: [*command[:-1], script + lines]):
                yield

    def _run(self, seed: int) -> tuple[int, str]:
        """Exit code and standard error of the command line."""
        call = ["replenish", "plan", self.home / "instance", "-o", self.out, "--seed", seed, "--gap", 0]
        call += ["--time-limit", TIME_LIMIT, "--threads", 2]
        with (
            tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as shown,
            patch.object(sys, "argv", [str(word) for word in call]), redirect_stderr(told), redirect_stdout(shown),
        ):  # fmt: skip
            code = 0
            try:
                cli.main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            told.seek(0)
            return code, told.read()


def _kill_one(chance: random.Random) -> None:
    """Kill the solver's process, or one that it started."""
    with suppress(IndexError, ProcessLookupError):
        os.kill(chance.choice(descendants()), signal.SIGKILL)


def _not_started(
    real: Callable[[], "subprocess.Popen[bytes]"], always: bool
) -> Callable[[], "subprocess.Popen[bytes]"]:
    """A start that fails, the first time or always."""
    calls = []

    def started() -> "subprocess.Popen[bytes]":
        calls.append(1)
        if always or len(calls) == 1:
            raise OSError(11, "Resource temporarily unavailable")
        return real()

    return started


def _lots(folder: Path) -> None:
    family.write(36, 6, 3, folder)


def _whole(folder: Path) -> None:
    family.write(6, 3, 3, folder)


def _tiers(folder: Path) -> None:
    family.write(3, 3, 5, folder)
    customers = pd.read_csv(folder / "customers.csv", dtype=str)
    customers["tier"] = ["1", "2", "3"]
    customers.to_csv(folder / "customers.csv", index=False)
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write("\n[allocation]\nstrict_tiers = 2\n")


INSTANCES: dict[str, Callable[[Path], None]] = {"whole": _whole, "lots": _lots, "tiers": _tiers}

CAMPAIGN = Campaign("kill_worker", 16, "a plan wherever a process was lost once; none lives on", 200, 0, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
