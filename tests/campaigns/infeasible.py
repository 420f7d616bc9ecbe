"""Let the solver call feasible instances contradictory, and see that nobody believes it.

    python -m tests.campaigns.infeasible --count 300 --seed 1

Random instances, with random rules or lot by lot, are planned as ever, and once more with a solver that lies: in turn,
it says of every program that has presolve on that it has no point; or the whole search says that there is no plan; or
that there was none in time. What is found:

- `believed`: no plan, where there is one, or rules named as contradictory;
- `worse`: a plan of the first kind of lies, or a bound, that the honest run contradicts;
- `unnoticed`: a plan of the others without the warning that the solver failed;
- `changed`: instances that are contradictory, and are not told as that.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest

from optimizer.planning import make, settled
from optimizer.read import Input, InputFaults
from optimizer.results.plan import Plan
from optimizer.solve.engine import Engine
from optimizer.solve.highs import Infeasible, NoPlan
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.instance import instance as with_rules
from tests.campaigns.drawn.instance import source_of
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.pure_instances import pure_instance
from tests.solve.in_process import InProcess
from tests.solve.liar import lying

GAP = 0.01
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


def instance(number: int) -> Drawn:
    """With random rules, or one that is decided lot by lot."""
    return Drawn(*pure_instance(number, "odd")) if _lot_by_lot(number) else with_rules(number)


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That a solver that lies is not believed."""
    try:
        source = source_of(drawn, run.folder())
    except InputFaults:
        run.counts["refused by the reader"] += 1
        return
    lots_from, lie = 0 if _lot_by_lot(number) else None, LIES[number % len(LIES)]
    honest = _planned(source, InProcess(), lots_from, run.options.seconds)
    with pytest.MonkeyPatch.context() as patch:
        asked = lying(patch) if lie is None else []
        told = _planned(source, InProcess() if lie is None else lie(), lots_from, run.options.seconds)
    run.counts["lies"] += asked.count("choose") if lie is None else 1
    if isinstance(honest, Exception):
        run.counts["contradictory rules"] += 1
        if not isinstance(told, type(honest)):
            yield f"changed: {honest!r}, and then {told!r}"
        return
    run.counts[honest.run["road"].partition(":")[0]] += 1
    if isinstance(told, Exception):
        yield f"believed: {told!r}"
        return
    slack = CLOSE * max(1.0, abs(honest.objective))
    if told.bound > honest.objective + slack or honest.bound > told.objective + slack:
        yield f"worse: {honest.bound} .. {honest.objective}, and then {told.bound} .. {told.objective}"
    if lie is not None and not any("a failure of ours" in warning for warning in told.warnings):
        yield f"unnoticed: {told.warnings}"


def _lot_by_lot(number: int) -> bool:
    return number % 4 == 3


def _planned(source: Input, engine: InProcess, lots_from: int | None, seconds: float) -> Plan | Exception:
    """The plan, or why there is none."""
    asked = settled(source, gap=GAP, time_limit=seconds, threads=1)
    try:
        return make(source, asked, cast(Engine, engine), lambda progress: None, lots_from=lots_from)
    except (InputFaults, Infeasible, NoPlan) as error:
        return error


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=10, help="for each plan (10)")


CAMPAIGN = Campaign(
    "infeasible", 9, "never believed once", 300, 1, on_instances(instance, check), _arguments, first=3,
    words=("--seconds", "2"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
