"""One peer on one instance, in a process of its own.

    python -m benchmarks.peers SOLVER INSTANCE ARRAYS OUT --seconds S [--gap G] [--cores N]

Writes OUT/point.npy, its best point, and OUT/answer.json: its bound, trace, version and notes. What the point costs is
judged elsewhere.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.arrays import load
from benchmarks.peers import solvers
from benchmarks.peers.task import Task
from benchmarks.results import thinned


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.peers: one solver on one instance")
    parser.add_argument("solver", choices=solvers.NAMES)
    parser.add_argument("instance", type=Path)
    parser.add_argument("arrays", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--gap", type=float, default=0.0)
    parser.add_argument("--cores", type=int, default=2)
    asked = parser.parse_args(arguments)
    solve = solvers.solver(asked.solver)
    asked.out.mkdir(parents=True, exist_ok=True)
    task = Task(load(asked.arrays), asked.arrays, asked.instance, asked.seconds, asked.gap, asked.cores, asked.out)
    answer = solve(replace(task, began=time.monotonic()))
    if answer.x is not None:
        np.save(asked.out / "point.npy", answer.x)
    told = {
        "bound": answer.bound,
        "bound_holds": answer.bound_holds,
        "ready": answer.ready,
        "trace": thinned(answer.trace),
        "note": answer.note,
        "version": answer.version,
    }
    (asked.out / "answer.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
