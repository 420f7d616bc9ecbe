"""Kill whole runs at random instants, and see that the plan that was there is whole and nothing is left behind.

    python -m tests.campaigns.kill_run --count 50 --seed 1

Each case plans an instance over an earlier plan, in a process of its own, and kills that process (SIGKILL): one of
three while it publishes, two anywhere between start and usual end (again and earlier where the run ended first).
Then OUT must hold the earlier plan or the new one, whole; no process of the run may live on; and planning again must
succeed and leave nothing beside OUT. Cases take turns: `quickstart`, which is proven in no time, and `erp-export`,
which is searched until the time limit, so that the solver is killed at work. Linux only: processes are found by a mark
in their environment. Prints its figures as JSON; the exit code is 0 where they are as they should be.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.campaigns.whole_plan import run_of_whole_plan

ROOT = Path(__file__).parents[2]
INSTANCES = ("quickstart", "erp-export")
TIME_LIMIT = 2  # seconds of search
EARLIER, KILLED, AGAIN = 101, 102, 103  # seeds, by which plans are told apart
MARK = "REPLENISH_KILLED_RUN"
MOST_TRIES = 5  # runs that may end before they are killed, in one case
LIVES_ON = 60.0  # seconds after the kill at which a process of the run is one that lives on
PUBLISHING = 0.3  # seconds that the better part of a publication takes
BAD = ("torn", "lives_on", "failed", "stale")


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed)
    print(json.dumps(figures, indent=2))
    return 0 if figures["found"] == 0 else 1


@dataclass(frozen=True)
class Trial:
    """An instance, an earlier plan of it, and how long a run takes."""

    instance: Path
    earlier: Path
    seconds: float


def campaign(count: int, seed: int, instances: tuple[str, ...] = INSTANCES) -> dict[str, Any]:
    """So many cases; how many left a torn plan, a process or a file, or could not be run again."""
    chance, began = random.Random(seed), time.monotonic()
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        trials = [_prepared(ROOT / "instances" / name, Path(scratch) / Path(name).name) for name in instances]
        for case in range(count):
            home = Path(scratch) / f"case-{case}"
            found += _case(trials[case % len(trials)], case % 3 == 0, chance, home)
            shutil.rmtree(home)
    names = (*BAD, "killed", "ended_first", "earlier", "new", "left_temporary", "outlived_briefly")
    usual = {trial.instance.name: round(trial.seconds, 1) for trial in trials}
    return {
        "campaign": "kill_run", "row": 12, "count": count, "seed": seed, "seconds": round(time.monotonic() - began, 1),
        "found": sum(found[name] for name in BAD), "usual_seconds": usual, **{name: found[name] for name in names},
    }  # fmt: skip


def _prepared(instance: Path, folder: Path) -> Trial:
    folder.mkdir()
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


def _case(trial: Trial, publishing: bool, chance: random.Random, home: Path) -> Counter[str]:
    home.mkdir()
    found: Counter[str] = Counter()
    seconds = trial.seconds
    while not found["killed"] and found["ended_first"] < MOST_TRIES:
        shutil.rmtree(home / "out", ignore_errors=True)
        shutil.copytree(trial.earlier, home / "out")
        mark, began = uuid.uuid4().hex, time.monotonic()
        run = _start(trial.instance, home, KILLED, mark)
        if publishing:
            _wait_for_publication(run, home)
        if _killed(run, chance.uniform(0.0, PUBLISHING if publishing else seconds)):
            found["killed"] += 1
        else:
            found["ended_first"] += 1
            seconds = time.monotonic() - began
    found += _end_of(mark)
    plan = run_of_whole_plan(home / "out")
    found[{EARLIER: "earlier", KILLED: "new"}.get(0 if plan is None else plan["seed"], "torn")] += 1
    found["left_temporary"] = int(set(os.listdir(home)) != {"out", "tmp"})
    again = _start(trial.instance, home, AGAIN, "").wait()
    plan = run_of_whole_plan(home / "out")
    found["failed"] = int(again != 0 or plan is None or plan["seed"] != AGAIN)
    found["stale"] = int(set(os.listdir(home)) != {"out", "tmp"} or any((home / "tmp").iterdir()))
    return found


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


def _end_of(mark: str) -> Counter[str]:
    """Wait until no process of a killed run is left; those that live on are counted and ended."""
    began = time.monotonic()
    briefly = bool(marked(mark))
    while left := marked(mark):
        if time.monotonic() - began > LIVES_ON:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return Counter(lives_on=1)
        time.sleep(0.05)
    return Counter(outlived_briefly=int(briefly))


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


if __name__ == "__main__":
    sys.exit(main())
