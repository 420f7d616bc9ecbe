"""Random instances over random subsets of all rules, planned and audited as published.

    python -m tests.campaigns.audited --count 2000 --seed 1

Each is planned in process by the engine as a user would have it planned, to its usual gap; every third is sent lot by
lot, however few lots there are, and the road says whether it went. The audit judges the files as written: balances,
windows, minimums, multiples, capacities, budgets, and the cost account by account. It shares no code with the models.
Wrong is a plan that the audit refuses, a run that breaks off, and a folder that is not whole.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import cast

from optimizer import planning
from optimizer.read import InputFaults
from optimizer.solve.engine import Engine
from optimizer.solve.highs import SolverError
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.instance import instance, source_of, there
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.solve.in_process import NO_PLAN, InProcess


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That it is planned, and the plan passes its audit."""
    try:
        source = source_of(drawn, run.folder())
    except InputFaults as refused:
        run.counts.update({f"refused: {one.rule}" for one in refused.faults})
        run.counts["refused by the reader"] += 1
        return
    asked, engine = planning.settled(source, time_limit=run.options.seconds, seed=number, threads=1), InProcess()
    out = run.folder() / "plan"
    try:
        made = planning.make(
            source, asked, cast(Engine, engine), lambda progress: None, lots_from=1 if number % 3 == 0 else None
        )
    except InputFaults:
        run.counts["contradictory rules"] += 1
        return
    except SolverError as error:
        if NO_PLAN not in str(error):
            raise
        run.counts["no plan in time"] += 1  # where rules are hard, ordering nothing is none
        return
    planning.publish_plan(source, made, out)
    if run_of_whole_plan(out) is None:
        yield "the folder is not what run.json says"
    run.counts.update([made.status, made.run["road"].partition(":")[0]])
    run.counts["with orders"] += bool(made.counts["orders"])
    for name in there(drawn):
        run.rules[name] += 1


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=2, help="for each plan (2)")


CAMPAIGN = Campaign(
    "audited", 4, "0 violations; costs agree to 1e-6", 2000, 4, on_instances(instance, check), _arguments,
    first=21,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
