"""Let the solver call feasible instances contradictory, and see that nobody believes it.

    python -m tests.campaigns.infeasible --count 300 --seed 1

Random instances, with random rules or lot by lot, are planned as ever, and once more with a solver that lies: in turn,
it says of every program that has presolve on that it has no point; or the whole search says that there is no plan; or
that there was none in time. What is found:

- `believed`: no plan, where there is one, or rules named as contradictory;
- `worse`: a plan of the first kind of lies, or a bound, that the honest run contradicts;
- `unnoticed`: a plan of the others without the warning that the solver failed;
- `changed`: instances that are contradictory, and are not told as that.

Prints its figures as JSON; the exit code is 0 where nothing was found.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from optimizer.planning import make, settled
from optimizer.read import Input, InputFaults, read
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.solve.highs import Infeasible, NoPlan
from tests.campaigns.drawn.instance import instance as with_rules
from tests.campaigns.pure_instances import pure_instance
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess
from tests.solve.liar import lying

GAP, SECONDS = 0.01, 10.0
BAD = ("believed", "worse", "unnoticed", "changed")
CLOSE = 1e-5


class NoSuchPlan(InProcess):
    """Says that there is no plan."""

    error: type[Exception] = Infeasible

    def search(self, *arguments: object) -> Any:
        """No plan."""
        raise self.error


class NoneInTime(NoSuchPlan):
    """Says that there was none in time."""

    error = NoPlan


LIES: tuple[type[InProcess] | None, ...] = (None, NoSuchPlan, NoneInTime)  # None: the solver lies where presolve is on


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed, tell=True)
    print(json.dumps(figures, indent=2))
    return 0 if figures["found"] == 0 else 1


def campaign(count: int, seed: int, *, tell: bool = False) -> dict[str, Any]:
    """So many instances from number `seed` on that can be read."""
    began, found, findings = time.monotonic(), Counter[str](), list[str]()
    number = seed - 1
    while found["instances"] < count:
        number += 1
        source, lots_from = _instance(number)
        if source is None:
            continue
        found["instances"] += 1
        lie = LIES[found["instances"] % len(LIES)]
        for bad, words in _case(source, lots_from, lie, found):
            found[bad] += 1
            findings.append(f"{number} ({'presolve' if lie is None else lie.__name__}): {bad}: {words}")
            if tell:
                print(findings[-1][:2000], file=sys.stderr, flush=True)
    return {
        "campaign": "infeasible", "row": 9, "count": count, "seed": seed,
        "seconds": round(time.monotonic() - began, 1), "found": sum(found[name] for name in BAD),
        **{name: found[name] for name in (*BAD, "contradictory", "lies", "decomposed", "whole")},
        "findings": findings[:20],
    }  # fmt: skip


def _instance(number: int) -> tuple[Input | None, int | None]:
    """An instance, and from how many lots on it is decided lot by lot; None where the reader refuses it."""
    pure = number % 4 == 3
    with tempfile.TemporaryDirectory() as scratch:
        if pure:
            write_instance(Path(scratch) / "in", *pure_instance(number, "odd"))
        else:
            drawn = with_rules(number)
            write_instance(Path(scratch) / "in", drawn.tables, drawn.settings)
        try:
            return read(Path(scratch) / "in"), 0 if pure else None
        except InputFaults:
            return None, None


def _case(
    source: Input, lots_from: int | None, lie: type[InProcess] | None, found: Counter[str]
) -> Iterator[tuple[str, str]]:
    honest = _planned(source, InProcess(), lots_from)
    with pytest.MonkeyPatch.context() as patch:
        asked = lying(patch) if lie is None else []
        told = _planned(source, InProcess() if lie is None else lie(), lots_from)
    found["lies"] += asked.count("choose") if lie is None else 1
    if isinstance(honest, Exception):
        found["contradictory"] += 1
        if not isinstance(told, type(honest)):
            yield "changed", f"{honest!r}, and then {told!r}"
        return
    found[honest.run["road"].partition(":")[0]] += 1
    if isinstance(told, Exception):
        yield "believed", repr(told)
        return
    slack = CLOSE * max(1.0, abs(honest.objective))
    if told.bound > honest.objective + slack or honest.bound > told.objective + slack:
        yield "worse", f"{honest.bound} .. {honest.objective}, and then {told.bound} .. {told.objective}"
    if lie is not None and not any("a failure of ours" in warning for warning in told.warnings):
        yield "unnoticed", f"{told.warnings}"


def _planned(source: Input, engine: InProcess, lots_from: int | None) -> Plan | Exception:
    """The plan, or why there is none."""
    asked = settled(source, gap=GAP, time_limit=SECONDS, threads=1)
    try:
        return make(source, asked, cast(Engine, engine), lambda progress: None, lots_from=lots_from)
    except (InputFaults, Infeasible, NoPlan) as error:
        return error


if __name__ == "__main__":
    sys.exit(main())
