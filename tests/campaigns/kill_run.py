"""Kill whole runs at random instants, and see that the plan that was there is whole and nothing is left behind.

    python -m tests.campaigns.kill_run --count 50 --seed 1

Each case plans an instance over an earlier plan, in a process of its own, and kills that process (SIGKILL): one of
three while it publishes, two anywhere between start and usual end (again and earlier where the run ended first).
Then OUT must hold the earlier plan or the new one, whole; no process of the run may live on; and planning again, in
this process, must succeed and leave nothing beside OUT. Cases take turns: `quickstart`, which is proven in no time, and
`erp-export`, which is searched until the time limit, so that the solver is killed at work. Linux only: processes are
found by a mark in their environment.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.command_line import called
from tests.campaigns.whole_plan import run_of_whole_plan

ROOT = Path(__file__).parents[2]
INSTANCES = ("quickstart", "erp-export")
TIME_LIMIT = 2  # seconds of search
EARLIER, KILLED, AGAIN = 101, 102, 103  # seeds, by which plans are told apart
MARK = "REPLENISH_KILLED_RUN"
MOST_TRIES = 5  # runs that may end before they are killed, in one case
LIVES_ON = 60.0  # seconds after the kill at which a process of the run is one that lives on
PUBLISHING = 0.3  # seconds that the better part of a publication takes
PUBLISHED = 3  # one of so many cases is killed while it publishes


@dataclass(frozen=True)
class Trial:
    """An instance, an earlier plan of it, and how long a run takes."""

    instance: Path
    earlier: Path
    seconds: float


def case(number: int, run: Run) -> Iterator[str]:
    """One run, killed, and another after it."""
    names = run.options.instances
    name = names[number % len(names)]
    trial = run.once(Path(name).name, lambda home: _prepared(ROOT / "instances" / name, home))
    run.figures[f"usual seconds of {name}"] = round(trial.seconds, 1)
    for bad in _case(trial, number % PUBLISHED == 0, random.Random(number), run.folder(), run.counts):
        yield f"{bad}: {name}"


def _prepared(instance: Path, folder: Path) -> Trial:
    began = time.monotonic()
    run = _start(instance, folder, EARLIER, "")
    if run.wait():
        raise RuntimeError(f"{instance} could not be planned")
    return Trial(instance, folder / "out", time.monotonic() - began)


def _start(instance: Path, home: Path, seed: int, mark: str) -> "subprocess.Popen[bytes]":
    """A run that plans over `home/out`, all its temporary files in `home/tmp`."""
    (home / "tmp").mkdir(exist_ok=True)
    call = [sys.executable, "-m", "optimizer.cli", "plan", instance, "-o", home / "out"]
    call += ["--seed", seed, "--time-limit", TIME_LIMIT, "--gap", 0]
    return subprocess.Popen(
        [str(word) for word in call], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=os.environ | {MARK: mark, "TMPDIR": str(home / "tmp")},
    )  # fmt: skip


def _case(trial: Trial, publishing: bool, chance: random.Random, home: Path, counts: Counter[str]) -> Iterator[str]:
    seconds, mark = trial.seconds, uuid.uuid4().hex
    for _ in range(MOST_TRIES):
        shutil.rmtree(home / "out", ignore_errors=True)
        shutil.copytree(trial.earlier, home / "out")
        began = time.monotonic()
        run = _start(trial.instance, home, KILLED, mark)
        if publishing:
            _wait_for_publication(run, home)
        if _killed(run, chance.uniform(0.0, PUBLISHING if publishing else seconds)):
            counts["killed"] += 1
            break
        seconds = time.monotonic() - began
        counts["ended before they could be killed"] += 1
    if _lives_on(mark, counts):
        yield "lives on"
    plan = run_of_whole_plan(home / "out")
    found = plan["seed"] if plan is not None else 0
    if found not in (EARLIER, KILLED):
        yield "torn"
    counts["the earlier plan was there"] += found == EARLIER
    counts["the new plan was there"] += found == KILLED
    counts["left something temporary"] += set(os.listdir(home)) != {"out", "tmp"}
    again = called("plan", trial.instance, "-o", home / "out", "--seed", AGAIN, "--time-limit", TIME_LIMIT, longest=60)
    plan = run_of_whole_plan(home / "out")
    if again.code != 0 or plan is None or plan["seed"] != AGAIN:
        yield f"not run again ({again.code}: {again.err[-300:]})"
    if left := {*os.listdir(home)} - {"out", "tmp"} | {*os.listdir(home / "tmp")}:
        yield f"stale: {sorted(left)}"


def _killed(run: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether a run could be killed after so many seconds, and had not ended before."""
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        run.kill()
    return run.wait() == -signal.SIGKILL


def _wait_for_publication(run: "subprocess.Popen[bytes]", home: Path) -> None:
    """Until there is a file in the temporary folder beside OUT, or the run has ended."""
    while run.poll() is None and not _is_written(home):
        time.sleep(0.005)


def _is_written(home: Path) -> bool:
    with suppress(FileNotFoundError):  # it may be gone between the steps of looking
        return any(home.glob(".out.tmp-*/*"))
    return False


def _lives_on(mark: str, counts: Counter[str]) -> bool:
    """Wait until no process of a killed run is left; whether some lived on, which are ended."""
    began = time.monotonic()
    counts["outlived briefly"] += bool(marked(mark))
    while left := marked(mark):
        if time.monotonic() - began > LIVES_ON:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return True
        time.sleep(0.05)
    return False


def marked(mark: str) -> list[int]:
    """Processes that were started with this mark in their environment, and live."""
    wanted = f"{MARK}={mark}".encode()
    pids = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    pids.append(int(folder.name))
            except OSError:  # gone meanwhile, or another user's
                continue
    return pids


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--instances", nargs="+", default=INSTANCES, help="folders under instances")


CAMPAIGN = Campaign(
    "kill_run", 12, "0 torn outputs, a rerun completes, nothing left behind", 200, 0, case, _arguments
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
