"""Where time goes: one instance from its files to a published plan, in this process, by stage.

    python -m benchmarks.where_time_goes instances/quickstart --time-limit 20 --json stages.json
    python -m benchmarks.where_time_goes INSTANCE --fixed-work

    stage      what is in it
    load       importing the program
    read       files to tables, with all checks of the parts
    check      plausibility
    derive     index sets and parameters, lots
    compile    the rules to arrays
    search     everything else of planning: the solver, in whatever process
    collect    result tables, costs, warnings about supply
    write      the plan's files, synced and put in place
    audit      the files as written, in exact fractions

Seconds are those of the wall, CPU those of this process. Memory is the peak of this process in the stage (on Linux;
elsewhere the peak so far), and that of the largest child process. Stages are found by wrapping the functions that
planning calls, so one within another counts once; what a later version calls by another name counts as `search`.

With `--fixed-work` the search runs in this process, does the same work for each lot (`benchmarks.fixed_work`), and has
stages of its own: prices, first plan, passes, chains.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.table import Table

from benchmarks import fixed_work

STAGES = {  # functions that `optimizer.planning`, `crossroads` and `roads` call, by stage
    "check": ("plausibility", "grouped"),
    "derive": ("derive", "in_pieces", "lots_of"),
    "compile": ("compile_book", "balanced"),
    "collect": ("finished", "supply_warnings"),
    "write": ("prepare", "publish"),
    "audit": ("audit",),
}
ORDER = ("load", "read", "check", "derive", "compile", *fixed_work.STAGES, "search", "collect", "write", "audit")
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Stage:
    """What a stage took: seconds of the wall and of this process's CPU, its peak memory in bytes."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


class Stages:
    """A clock that always runs for one stage: the innermost."""

    def __init__(self) -> None:
        self.of: dict[str, Stage] = {}
        self._open: list[str] = []
        self._since = time.perf_counter(), time.process_time()

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        """Count what runs in the block to a stage, but for what other stages within take."""
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """A function whose time counts to a stage."""

        def measured(*args: Any, **more: Any) -> Any:
            with self.within(name):
                return function(*args, **more)

        return measured

    def _book(self) -> None:
        now = time.perf_counter(), time.process_time()
        if self._open:
            stage = self.of.setdefault(self._open[-1], Stage())
            stage.seconds += now[0] - self._since[0]
            stage.cpu += now[1] - self._since[1]
            stage.memory = max(stage.memory, peak())
        with suppress(OSError):
            RESET.write_text("5")  # the peak counts from here again
        self._since = now


def peak() -> int:
    """Largest memory of this process [bytes]: since it was last reset on Linux, else so far."""
    with suppress(OSError):
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return _largest(resource.RUSAGE_SELF)


def _largest(who: int) -> int:
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Now:
    """In place of what `roads` makes in another thread meanwhile: made at once, so that stages do not overlap."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._made = make()

    def result(self) -> Any:
        """What was made."""
        return self._made


def run(
    instance: Path,
    out: Path,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    seed: int | None = None,
    fixed: bool = False,
) -> dict[str, Any]:
    """Plan an instance and publish it in `out`; `fixed`: with the same work for each lot.

    Returns:
        The figures: `stages` by name, `child_memory` [bytes], and of the plan `items, demand_lines, objective, gap`.
    """
    stages = Stages()
    with stages.within("load"):
        from optimizer import crossroads, planning, roads
        from optimizer.read import read
        from optimizer.solve.engine import Engine
    kept = [
        (module, name, getattr(module, name), stage)
        for stage, names in STAGES.items()
        for name in names
        for module in (planning, crossroads, roads)
        if hasattr(module, name)
    ]
    try:
        for module, name, function, stage in kept:
            setattr(module, name, stages.wrapped(function, stage))
        if fixed:
            kept.append((roads, "_Meanwhile", roads._Meanwhile, ""))
            roads._Meanwhile = _Now  # type: ignore[assignment, misc]
        with cast(Engine, fixed_work.FixedWork(stages.within)) if fixed else Engine() as engine:
            with stages.within("read"):
                source = read(instance)
            with stages.within("search"):
                asked = planning.settled(source, gap, time_limit, seed, 1 if fixed else None)
                made = planning.make(source, asked, engine, lambda progress: None, lots_from=0 if fixed else None)
            with stages.within("write"):
                made = planning.publish_plan(source, made, out)
    finally:
        for module, name, function, _ in kept:
            setattr(module, name, function)
    return {
        "instance": made.name,
        "items": made.counts.get("items"),
        "demand_lines": made.counts.get("demand_lines"),
        "objective": made.objective,
        "gap": made.gap,
        "stages": {name: asdict(stages.of[name]) for name in ORDER if name in stages.of},
        "child_memory": _largest(resource.RUSAGE_CHILDREN),
    }


def table(figures: dict[str, Any]) -> Table:
    """The figures for people."""
    title = f"{figures['instance']}: {figures['items']:,} items, {figures['demand_lines']:,} demand lines"
    shown = Table(title=title, title_justify="left")
    shown.add_column("stage")
    for header in ("seconds", "CPU seconds", "peak MB"):
        shown.add_column(header, justify="right")
    stages = figures["stages"]
    for name, stage in stages.items():
        shown.add_row(name, f"{stage['seconds']:.2f}", f"{stage['cpu']:.2f}", f"{stage['memory'] / 1e6:,.0f}")
    seconds, cpu = (sum(stage[key] for stage in stages.values()) for key in ("seconds", "cpu"))
    shown.add_section()
    most = max(stage["memory"] for stage in stages.values())
    shown.add_row("in all", f"{seconds:.2f}", f"{cpu:.2f}", f"{most / 1e6:,.0f}")
    shown.add_row("largest child process", "", "", f"{figures['child_memory'] / 1e6:,.0f}")
    return shown


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.where_time_goes", description=__doc__.split("\n")[0])
    parser.add_argument("instance", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="keep the plan in this folder")
    parser.add_argument("--gap", type=float)
    parser.add_argument("--time-limit", type=float, metavar="SECONDS")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--fixed-work", action="store_true", help="the same work for each lot, in this process")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        out = asked.output or Path(scratch) / "plan"
        limits = {"gap": asked.gap, "time_limit": asked.time_limit, "seed": asked.seed}
        figures = run(asked.instance, out, **limits, fixed=asked.fixed_work)
    Console(highlight=False).print(table(figures))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
