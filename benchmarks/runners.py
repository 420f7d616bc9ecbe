"""Runners: one solver on one instance as a child process, and what is recorded of it."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import arrays
from benchmarks.instances import Instance
from benchmarks.judge import feasible_point
from benchmarks.peers.solvers import PEERS
from benchmarks.results import Point, Run, thinned
from benchmarks.watch import Watched, watched

OURS = "replenish"
SWITCHES = "REPLENISH_WITHOUT"  # names of ideas that are switched off, for ablations
ROOT = Path(__file__).parents[1]
Tick = Callable[[float, float], None]


@dataclass(frozen=True)
class Limits:
    """What every solver is given: seconds, the gap at which to stop, cores."""

    seconds: float
    gap: float = 0.0
    cores: int = 2


def run_ours(
    instance: Instance,
    limits: Limits,
    work: Path,
    *,
    without: Sequence[str] = (),
    tick: Tick = lambda seconds, megabytes: None,
) -> Run:
    """`replenish plan` on an instance, as anybody would call it."""
    plan, log = work / "plans" / instance.name, _log(work, instance, OURS)
    shutil.rmtree(plan, ignore_errors=True)
    plan.parent.mkdir(parents=True, exist_ok=True)
    command = [
        _program(), "plan", str(instance.folder), "-o", str(plan), "--time-limit", str(limits.seconds),
        "--gap", str(limits.gap), "--threads", str(limits.cores),
    ]  # fmt: skip
    switches = {SWITCHES: ",".join(without)} if without else {}
    begun = _begun(instance, OURS, limits)
    ended = watched(command, 1.2 * limits.seconds + 1200, log, environment=switches, tick=tick)
    run = replace(_used(begun, ended), without=",".join(without), version=f"replenish {version('replenish')}")
    if ended.code != 0:
        return replace(run, note=_why(ended))
    told, record = _json(plan / "plan.json"), _json(plan / "run.json")
    last = (told["seconds"], told["objective"], told["bound"])
    return replace(
        run,
        plan=told["objective"],
        bound=told["bound"],
        purchase=told["accounts"].get(arrays.ACCOUNT, 0.0),
        trace=thinned([*_progress(record), last]),
        phases=_phases(record, told["seconds"], ended.wall),
        note=record.get("failure", "").strip().rpartition("\n")[2],
    )


def run_peer(
    name: str,
    instance: Instance,
    limits: Limits,
    work: Path,
    *,
    tick: Tick = lambda seconds, megabytes: None,
) -> Run:
    """A peer on the arrays of an instance, which are made where they are not there yet; its plan is judged here."""
    begun, formulation = _begun(instance, PEERS[name].title, limits), PEERS[name].formulation
    folder = work / "arrays" / f"{instance.name}-{formulation}"
    if not (folder / "about.json").exists():
        options = ["--formulation", formulation]
        command = [sys.executable, "-m", "benchmarks.arrays", str(instance.folder), str(folder), *options]
        made = watched(command, 3600, _log(work, instance, "arrays"), environment=importable(), tick=tick)
        if made.code != 0:
            return replace(begun, note=f"not compiled: {_why(made)}")
    out, log = work / "peers" / f"{instance.name}-{name}", _log(work, instance, name)
    shutil.rmtree(out, ignore_errors=True)
    command = [
        sys.executable, "-m", "benchmarks.peers", name, str(instance.folder), str(folder), str(out),
        "--seconds", str(limits.seconds), "--gap", str(limits.gap), "--cores", str(limits.cores),
    ]  # fmt: skip
    ended = watched(command, 1.5 * limits.seconds + 300, log, environment=importable(), tick=tick)
    run = _used(begun, ended)
    if not (out / "answer.json").exists():
        return replace(run, note="ended at the hard limit" if ended.late else _why(ended))
    told = _json(out / "answer.json")
    told["trace"] = [tuple(point) for point in told["trace"]]
    run = replace(run, **told)
    return _judged(run, folder, out / "point.npy")


def _judged(run: Run, folder: Path, point: Path) -> Run:
    """What the plan costs, from its point."""
    if not point.exists():
        return run
    program = arrays.program(folder)
    x = feasible_point(program, np.load(point, allow_pickle=False), polish=not run.bound_holds)
    if x is None:
        return replace(run, note=f"{run.note}; its plan breaks the rules".removeprefix("; "))
    purchase = np.load(folder / "purchase.npy", allow_pickle=False)
    return replace(run, plan=program.objective(x), purchase=float(purchase @ x))


def _progress(record: dict[str, Any]) -> list[Point]:
    """The trace that `run.json` keeps."""
    told = record.get("progress", {})
    return list(zip(told.get("seconds", []), told.get("plan", []), told.get("bound", []), strict=True))


def _phases(record: dict[str, Any], planned: float, wall: float) -> dict[str, float]:
    """Seconds by what was done: from one event of the trace to the next, and what is before and after."""
    told = record.get("progress", {})
    seconds, names = told.get("seconds", []), told.get("phase", [])
    found = {"building the program, starting": seconds[0]} if seconds else {}
    for name, begin, end in zip(names, seconds, [*seconds[1:], planned], strict=False):
        found[name] = found.get(name, 0.0) + max(end - begin, 0.0)
    return found | {"starting up, reading, auditing, writing": max(wall - planned, 0.0)}


def _begun(instance: Instance, solver: str, limits: Limits) -> Run:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return Run(
        instance.name, solver, limits.seconds, limits.cores, commit=commit(), machine=machine(), when=when,
        known=known_optimum(instance.folder),
    )  # fmt: skip


def _used(run: Run, ended: Watched) -> Run:
    return replace(run, wall=ended.wall, cpu=ended.cpu, peak_mb=ended.peak_mb)


def _why(ended: Watched) -> str:
    last = ended.errors.strip().rpartition("\n")[2].strip()
    return f"exit code {ended.code}: {last[:200]}"


def known_optimum(folder: Path) -> float | None:
    """The optimum that is published for an instance; expectations with a loose gap are our own plans, not optima."""
    path = folder / "expected.json"
    if not path.exists() or folder.resolve().parent.name != "benchmarks":
        return None
    return float(_json(path)["objective"])


@cache
def commit() -> str:
    """Of this project; with a `+` where files differ from it."""
    try:
        said = [["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--untracked-files=no"]]
        head, changes = (
            subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
            for words in said
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changes else "")


@cache
def machine() -> str:
    """Processor and cores."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def _program() -> str:
    """The installed command, of this Python before any other."""
    beside = Path(sys.executable).parent / "replenish"
    found = str(beside) if beside.exists() else shutil.which("replenish")
    if not found:
        raise FileNotFoundError("the command replenish is not installed")
    return found


def importable() -> dict[str, str]:
    """The variable that says where a child finds this package."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


def _log(work: Path, instance: Instance, name: str) -> Path:
    folder = work / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{instance.name}-{name}.log"


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
