"""The same instance by several solvers, settings and formulations: bounds and plans must not contradict each other.

    python -m tests.campaigns.solvers --count 1000 --seed 1

Of each random instance over all rules the plain program is solved by HiGHS as it comes, without presolve, with another
seed and with two threads, and by SCIP; the program with the cuts that strengthen and the tight one by HiGHS; and the
engine plans it. A contradiction is a bound of one above a plan of another, and a plan of one where another says that
there is none. Where HiGHS says that, it is asked once more without presolve, as the engine does; how often its presolve
was wrong is among the figures. Instances with strict tiers have an optimum of their own for each solve, and are solved
as if they had none. Lot by lot against the whole is the campaign `roads`.
"""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from typing import cast

from models.parts import parts, plain
from optimizer import planning
from optimizer.read import Input, InputFaults
from optimizer.solve.engine import Engine
from optimizer.solve.program import Program
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.instance import instance, source_of
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.solving import Range, apart, by_highs, by_scip, compiled
from tests.solve.in_process import InProcess

LIGHT = tuple(part for part in parts() if not part.extends)


def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
    """That nobody's bound is above anybody's plan."""
    drawn.settings.pop("allocation", None)
    try:
        source = source_of(drawn, run.folder())
    except InputFaults:
        run.counts["refused by the reader"] += 1
        return
    claims, seconds = {"the engine": _planned(source, run)}, run.options.seconds
    program = compiled(source.instance, plain()).program
    asked_twice = partial(_asked_twice, run=run, seconds=seconds)
    claims["HiGHS"] = asked_twice(program)
    claims["HiGHS without presolve"] = by_highs(program, seconds, presolve="off")
    claims["HiGHS with another seed"] = asked_twice(program, seed=number + 1)
    claims["HiGHS with two threads"] = asked_twice(program, threads=2)
    claims["SCIP"] = by_scip(program, seconds)
    claims["strengthened"] = asked_twice(compiled(source.instance, LIGHT).program)
    claims["tight"] = asked_twice(compiled(source.instance, parts()).program)
    for one, another in combinations(claims, 2):
        run.counts["comparisons"] += 1
        yield from apart(one, claims[one], another, claims[another])
    run.counts["contradictory rules" if claims["HiGHS"] is None else "planned"] += 1
    for found in claims.values():
        run.counts["proven"] += found is not None and found.cost - found.bound <= 1e-6 * max(1.0, abs(found.cost))


def _asked_twice(program: Program, run: Run, seconds: float, seed: int = 0, threads: int = 1) -> Range | None:
    """HiGHS's claim; that there is no plan is believed only where it says so without presolve, too."""
    found = by_highs(program, seconds, seed=seed, threads=threads)
    if found is not None:
        return found
    found = by_highs(program, seconds, presolve="off", seed=seed, threads=threads)
    run.counts["HiGHS's presolve was wrong"] += found is not None
    return found


def _planned(source: Input, run: Run) -> Range | None:
    asked = planning.settled(source, gap=0, time_limit=run.options.seconds, seed=0, threads=1)
    try:
        made = planning.make(source, asked, cast(Engine, InProcess()), lambda progress: None)
    except InputFaults:
        return None
    planning.publish_plan(source, made, run.folder() / "plan")
    return Range(made.objective, made.bound)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=5, help="for each solve (5)")


CAMPAIGN = Campaign(
    "solvers", 7, "0 contradictions between solvers, settings and formulations", 1000, 1, on_instances(instance, check),
    _arguments,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
