"""Fixed work: the same work for each item at every size, so that sizes can be compared.

    python -m benchmarks.fixed_work --sizes 1000x12,10000x120

A usual run ends by time, so its CPU says nothing of how cost grows with size. Here an instance goes the usual way, from
files to a published plan, in one process and one thread, and only the search is another: prices climb so many steps, a
plan is made lot by lot, each lot is decided again so many times, and a share of the lots gets a chain. Loading the
program, and code that was compiled before, is no work of an item and is counted apart (`load`).
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from benchmarks.compare import WORK
from benchmarks.instances import Size, of_family
from benchmarks.runners import commit, importable, machine

RESULTS = Path("benchmarks/results/fixed_work.jsonl")
STEPS = 10  # of climbing prices
PASSES = (1.0, 0.0)  # shares of the prices that are charged, pass by pass
CHAINS = 0.02  # share of the lots
STAGES = ("prices", "first plan", "passes", "chains")  # of the search, in its order

Within = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Work:
    """What was measured of one size.

    Attributes:
        size: as `1000x12`.
        items: how many.
        gap: of the plan that came of it.
        cpu: seconds of CPU by stage; `load` is no work of an item.
        memory: peak of the process by stage [bytes].
        commit: of this project.
        machine: processor and cores.
    """

    size: str
    items: int
    gap: float
    cpu: Mapping[str, float]
    memory: Mapping[str, int]
    commit: str = ""
    machine: str = ""


class FixedWork:
    """Takes the engine's place: the search does the same work for each lot, and its stages are told to a clock."""

    def __init__(self, within: Within) -> None:
        self._within = within

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def search(self, problem: Any, options: Any, tell: Callable[[Any], None]) -> Any:
        """Prices, a plan, passes and chains."""
        within = self._within
        with within("load"):
            from optimizer.decompose.planner import Planner
            from optimizer.decompose.prices import Pricing
            from optimizer.solve.engine import Outcome

            pricing = Pricing(problem, 1)
            planner = Planner(problem, pricing.arrays, options.seed, lambda: False)
            pricing.warm_up()
            planner.warm_up()
        with within("prices"):
            best = max(pricing.climbed(STEPS, lambda: False), key=lambda at: at.bound)
        with within("first plan"):
            planner.learn(best, pricing.supply_price, pricing.opening)
            plans = [planner.start(np.ones(len(problem.gate_cost), dtype=np.bool_), 1)]
        with within("passes"):
            plans += [planner.sweep(share, 1) for share in PASSES]
        with within("chains"):
            plans.append(planner.eject(planner.losses(best), max(1, int(CHAINS * len(problem))), 1))
        found = min((plan for plan in plans if plan is not None), key=lambda plan: plan.cost)
        return Outcome(found.quantity, found.cost, best.bound)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: each size in a process of its own, one after the other."""
    parser = argparse.ArgumentParser(description="python -m benchmarks.fixed_work: CPU per item where work is fixed")
    parser.add_argument("--sizes", default="1000x12,10000x120", help="items x suppliers, with commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"file that is added to; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for instances; default {WORK}")
    asked = parser.parse_args(arguments)
    for text in asked.sizes.split(","):
        size = Size.parse(text)
        made = _measured(size, asked.seed, asked.work)
        asked.results.parent.mkdir(parents=True, exist_ok=True)
        with asked.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(made)) + "\n")
        print(f"{size}: {1000 * working(made) / size.items:,.2f} ms of CPU per item, gap {100 * made.gap:.2f}%")
    return 0


def _measured(size: Size, seed: int, work: Path) -> Work:
    told = figures(size, seed, work)
    cpu = {name: stage["cpu"] for name, stage in told["stages"].items()}
    memory = {name: stage["memory"] for name, stage in told["stages"].items()}
    return Work(str(size), size.items, told["gap"], cpu, memory, commit(), machine())


def figures(size: Size, seed: int, work: Path) -> dict[str, Any]:
    """What `benchmarks.where_time_goes` says of an instance, in a process of its own."""
    instance = of_family(size, seed, work)
    instance.make()
    path = work / f"fixed-work-{size}.json"
    command = [sys.executable, "-m", "benchmarks.where_time_goes", str(instance.folder), "--fixed-work"]
    environment = {**os.environ, **importable()}
    subprocess.run([*command, "--json", str(path)], check=True, env=environment, stdout=subprocess.DEVNULL)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def working(made: Work) -> float:
    """Seconds of CPU without loading."""
    return sum(seconds for stage, seconds in made.cpu.items() if stage != "load")


def deciding(made: Work) -> float:
    """Seconds of CPU of the search alone."""
    return sum(made.cpu.get(stage, 0.0) for stage in STAGES)


def read_work(path: Path) -> list[Work]:
    """What was measured, of each size the last, in the order of sizes."""
    found: dict[str, Work] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        made = Work(**json.loads(line))
        found[made.size] = made
    return sorted(found.values(), key=lambda made: made.items)


if __name__ == "__main__":
    raise SystemExit(main())
