"""Plan feasible instances of all sizes within 0.1 to 5 seconds, and see that there is always a plan, in time.

    python -m tests.campaigns.time_limits --count 300 --seed 1

Cases take turns: tiny and small random instances, random instances with random rules, and the family of
`benchmarks.family` with 20, 50, 100 and 200 items, plain and rich. The engine runs as ever, its search in a process of
its own, which is started before the tables are read; time counts from when they have been read to when the plan has
been made. Then it is written and audited, which comes on top. A case is *feasible* unless its rules are told as
contradictory. What is found:

- `no_plan`: a feasible case without a plan, or whose plan its audit refuses;
- `no_bound`: a bound that is not finite or above the plan, or a gap that is not (cost - bound) / cost;
- `wrong_bound`: a bound above the optimum of a tiny instance, or a plan below it, as proven without a time limit;
- `overrun`: more than a second, or a tenth of the limit where that is more, too late.

On a machine that has other things to do, wall time says little. So CPU time is taken beside it, of this process, of the
solver's and of those that it started, and the smaller of the two overruns counts: a case is late only where it is so by
both. Linux only. Prints its figures as JSON; the exit code is 0 where nothing was found.
"""

import argparse
import json
import math
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import family
from models.parts import plain
from optimizer import planning
from optimizer.read import Input, InputFaults, read
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.write import AuditRefused
from tests.campaigns.drawn.instance import instance as with_rules
from tests.campaigns.rules import solved
from tests.reference.folder import write_instance
from tests.reference.random_instances import random_instance

LIMITS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
LATE, LATE_SHARE = 1.0, 0.1  # seconds, and share of the limit, by which a plan may be late
CLOSE = 1e-5
KINDS = ("tiny", "rules", "small", "rules", "family-20", "rules", "family-50", "tiny", "rich-30", "rules", "family-100",
         "small", "family-200")  # fmt: skip
TICKS = os.sysconf("SC_CLK_TCK")
BAD = ("no_plan", "no_bound", "wrong_bound", "overrun")


@dataclass(frozen=True)
class Made:
    """A plan, and how long it took [seconds, from the reading]."""

    plan: Plan
    wall: float
    cpu: float
    published: float


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed, tell=True)
    print(json.dumps(figures, indent=2))
    return 0 if figures["found"] == 0 else 1


def campaign(
    count: int, seed: int, kinds: tuple[str, ...] = KINDS, limits: tuple[float, ...] = LIMITS, *, tell: bool = False
) -> dict[str, Any]:
    """So many feasible cases from number `seed` on."""
    began, found, overruns, findings = time.monotonic(), Counter[str](), [], list[str]()
    number, dice = seed, random.Random(seed)
    while found["feasible"] < count:
        kind, limit = kinds[number % len(kinds)], dice.choice(limits)
        with tempfile.TemporaryDirectory() as scratch:
            outcome = _case(kind, number, limit, Path(scratch))
        found["contradictory" if outcome is None else "feasible"] += 1
        if outcome is not None:
            bad, words, overrun = outcome
            found.update(bad)
            found[f"kind {kind}"] += 1
            overruns += [overrun] if overrun is not None else []
            if bad:
                findings.append(f"{number} {kind}, {limit:g} s: {', '.join(bad)}: {words}")
                if tell:
                    print(findings[-1], file=sys.stderr, flush=True)
        number += 1
    late = sorted(min(wall, cpu) for wall, cpu in overruns)
    return {
        "campaign": "time_limits", "row": 11, "count": count, "seed": seed,
        "seconds": round(time.monotonic() - began, 1), "found": sum(found[name] for name in BAD),
        **{name: found[name] for name in BAD}, "contradictory": found["contradictory"],
        "most_overrun": round(late[-1], 2), "most_overrun_by_wall": round(max(wall for wall, _ in overruns), 2),
        "late_by_wall_alone": sum(wall > LATE for wall, _ in overruns),
        "kinds": {name[5:]: some for name, some in sorted(found.items()) if name.startswith("kind ")},
        "findings": findings[:20],
    }  # fmt: skip


def _case(
    kind: str, number: int, limit: float, scratch: Path
) -> tuple[list[str], str, tuple[float, float] | None] | None:
    """What is wrong, in words, and the overruns (wall, CPU); None where rules are told as contradictory."""
    folder = scratch / "instance"
    try:
        _write(kind, number, folder)
        source, made = _made(folder, limit, scratch / "plan")
    except InputFaults:
        return None
    except AuditRefused as refused:
        return ["no_plan"], f"{refused}", None
    except Exception as error:  # whatever it is, a feasible instance is to be planned
        return ["no_plan"], f"{error!r}", None
    plan, bad = made.plan, []
    if not math.isfinite(plan.bound) or plan.bound > plan.objective or not _gap_is_right(plan):
        bad.append("no_bound")
    if kind == "tiny" and not _keeps_to_optimum(source, plan):
        bad.append("wrong_bound")
    overrun = made.wall - limit, made.cpu - limit
    if min(overrun) > max(LATE, LATE_SHARE * limit):
        bad.append("overrun")
    words = f"{made.wall:.2f} s, {made.cpu:.2f} s of CPU, cost {plan.objective:.6g}, bound {plan.bound:.6g}"
    return bad, words, overrun


def _write(kind: str, number: int, folder: Path) -> None:
    if kind in ("tiny", "small"):
        write_instance(folder, *random_instance(number, "tiny" if kind == "tiny" else "small"))
    elif kind == "rules":
        drawn = with_rules(number)
        write_instance(folder, drawn.tables, drawn.settings)
    else:
        items = int(kind.partition("-")[2])
        family.write(items, max(3, items // 8), number, folder, rich=kind.startswith("rich"))


def _made(folder: Path, limit: float, out: Path) -> tuple[Input, Made]:
    with Engine() as engine:
        source = read(folder)
        began, cpu = time.monotonic(), _cpu()
        asked = planning.settled(source, gap=0.0, time_limit=limit, seed=1, threads=1)
        plan = planning.make(source, asked, engine, lambda progress: None)
        wall = time.monotonic() - began
        used = _cpu() - cpu
    planning.publish_plan(source, plan, out)
    return source, Made(plan, wall, used, time.monotonic() - began)


def _cpu() -> float:
    """Seconds of CPU of this process and of all that it started, also those that have ended."""
    own, ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    total = sum(of.ru_utime + of.ru_stime for of in (own, ended))
    return total + sum(_cpu_of(pid) for pid in descendants())


def _cpu_of(pid: int) -> float:
    """Of a process, and of those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # gone meanwhile
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


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


if __name__ == "__main__":
    sys.exit(main())
