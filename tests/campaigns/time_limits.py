"""Plan feasible instances of all sizes within 0.1 to 5 seconds, and see that there is always a plan, in time.

    python -m tests.campaigns.time_limits --count 300 --seed 1

Cases take turns: tiny and small random instances, random instances with random rules, and the family of
`benchmarks.family` with 20, 50, 100 and 200 items, plain and rich. The engine runs as ever, its search in a process of
its own, which is started before the tables are read; time counts from when they have been read to when the plan has
been made. Then it is written and audited, which comes on top. A case is *feasible* unless its rules are told as
contradictory. What is found:

- a feasible case without a plan, or whose plan its audit refuses;
- `no bound`: a bound that is not finite or above the plan, or a gap that is not (cost - bound) / cost;
- `wrong bound`: a bound above the optimum of a tiny instance, or a plan below it, as proven without a time limit;
- `overrun`: more than a second, or a tenth of the limit where that is more, too late.

On a machine that has other things to do, wall time says little. So what this process, the solver's and those that they
started waited for a processor since the limit, while they could have run, is taken off; and where there was no plan by
then, also what they waited before: what comes before the first plan takes as long as it takes, whatever the limit.
Linux only.
"""

import math
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import family
from models.parts import plain
from optimizer import planning
from optimizer.read import Input, InputFaults, read
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.solve.events import Progress
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.drawn.instance import instance as with_rules
from tests.campaigns.rules import solved
from tests.reference.folder import write_instance
from tests.reference.random_instances import random_instance

LIMITS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
LATE, LATE_SHARE = 1.0, 0.1  # seconds, and share of the limit, by which a plan may be late
CLOSE = 1e-5
KINDS = ("tiny", "rules", "small", "rules", "family-20", "rules", "family-50", "tiny", "rich-30", "rules", "family-100",
         "small", "family-200")  # fmt: skip
NANO = 1e9


@dataclass(frozen=True)
class Made:
    """A plan, how long it took from the reading on, and by how much that is too long [seconds]."""

    plan: Plan
    wall: float
    late: float


def case(number: int, run: Run) -> Iterator[str]:
    """An instance of the kind whose turn it is, within some limit."""
    kind, limit, home = KINDS[number % len(KINDS)], random.Random(number).choice(LIMITS), run.folder()
    try:
        _write(kind, number, home / "instance")
        source, made = _made(home / "instance", limit, home / "plan")
    except InputFaults:
        run.counts["contradictory rules"] += 1
        return
    plan = made.plan
    run.counts[f"{kind}: feasible"] += 1
    words = f"{kind}, {limit:g} s: {made.wall:.2f} s, cost {plan.objective:.6g}, bound {plan.bound:.6g}"
    if not math.isfinite(plan.bound) or plan.bound > plan.objective or not _gap_is_right(plan):
        yield f"no bound: {words}"
    if kind == "tiny" and not _keeps_to_optimum(source, plan):
        yield f"wrong bound: {words}"
    run.most("most overrun [seconds]", round(made.late, 2))
    run.most("most overrun by the clock alone [seconds]", round(made.wall - limit, 2))
    if made.late > max(LATE, LATE_SHARE * limit):
        yield f"overrun by {made.late:.2f} s: {words}"


def _write(kind: str, number: int, folder: Path) -> None:
    if kind in ("tiny", "small"):
        write_instance(folder, *random_instance(number, "tiny" if kind == "tiny" else "small"))
    elif kind == "rules":
        drawn = with_rules(number)
        write_instance(folder, drawn.tables, drawn.settings)
    else:
        items = int(kind.partition("-")[2])
        family.write(items, max(3, items // 8), number, folder, "rich" if kind.startswith("rich") else "")


def _made(folder: Path, limit: float, out: Path) -> tuple[Input, Made]:
    waited, planned = [0.0], threading.Event()  # what was waited by when it begins to count

    def tell(progress: Progress) -> None:
        if progress.plan is not None or progress.phase.startswith("priority "):  # whose plans are not told
            planned.set()

    def at_limit() -> None:
        if planned.is_set():
            waited.append(_waited())

    with Engine() as engine:
        source = read(folder)
        waited[0], began, timer = _waited(), time.monotonic(), threading.Timer(limit, at_limit)
        timer.start()
        asked = planning.settled(source, gap=0.0, time_limit=limit, seed=1, threads=1)
        plan = planning.make(source, asked, engine, tell)
        wall = time.monotonic() - began
        timer.cancel()
        late = wall - limit - (_waited() - waited[-1])
    planning.publish_plan(source, plan, out)
    return source, Made(plan, wall, late)


def _waited() -> float:
    """Seconds that threads of this process, and of those that it started, have waited for a processor so far."""
    total = 0
    for pid in (os.getpid(), *descendants()):
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):  # gone meanwhile
                total += int(task.read_text(encoding="ascii").split()[1])
    return total / NANO


def descendants() -> list[int]:
    """Processes that this one started, and those that they did."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [os.getpid()]
    while waiting:
        mine = children.get(waiting.pop(), [])
        found += mine
        waiting += mine
    return found


def _gap_is_right(plan: Plan) -> bool:
    gap = (plan.objective - plan.bound) / abs(plan.objective) if plan.objective else 0.0
    return abs(plan.gap - gap) <= 1e-9 * max(1.0, gap) and plan.gap >= 0.0


def _keeps_to_optimum(source: Input, plan: Plan) -> bool:
    best = solved(source.instance, plain(), 20.0)
    if best is None:
        return False
    slack = CLOSE * max(1.0, abs(best.cost))
    return plan.bound <= best.cost + slack and plan.objective >= best.bound - slack


CAMPAIGN = Campaign("time_limits", 11, "an audited plan and a bound; overrun of 1 s or 10% at most", 300, 0, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
