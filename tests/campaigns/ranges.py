"""How far the coefficients of every solve are apart, and that the planner is told where it is too far.

    python -m tests.campaigns.ranges --count 500 --seed 1

Each case plans a random instance over all rules; in every second one some figures are made a million times larger or
smaller. Of every program that HiGHS gets while it is planned the largest coefficient is divided by the smallest. Above
a million the plan must have a warning that names the rules and the ids.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import cast
from unittest.mock import patch

from models import schema
from models.tables import Kind
from optimizer import planning
from optimizer.read import InputFaults
from optimizer.results.ranges import WIDEST, width
from optimizer.solve import highs
from optimizer.solve.engine import Engine
from optimizer.solve.highs import SolverError
from optimizer.solve.program import Program
from tests.campaigns.campaign import Campaign, Run, main, on_instances
from tests.campaigns.drawn.changes import text_of
from tests.campaigns.drawn.instance import instance, source_of
from tests.campaigns.drawn.rule import Drawn
from tests.solve.in_process import NO_PLAN, InProcess

FACTORS = (Decimal("1e-6"), Decimal("1e-3"), Decimal("1e3"), Decimal("1e6"))


def drawn(number: int) -> Drawn:
    """A random instance; of every second one some cells are far too large or too small."""
    made, dice = instance(number // 2), random.Random(number)
    if number % 2:
        for _ in range(dice.randint(1, 3)):
            _stretch(made, dice)
    return made


def _stretch(made: Drawn, dice: random.Random) -> None:
    name = dice.choice([name for name in made.tables if name in schema.tables()])
    kinds = {column.name: column.kind for column in schema.tables()[name].all_columns}
    places = [
        (column, row)
        for column, cells in made.tables[name].items()
        for row, cell in enumerate(cells)
        if kinds.get(column) is Kind.NUMBER and cell and not column.startswith(("share", "minimum_share"))
    ]
    if places:
        column, row = dice.choice(places)
        cells = made.tables[name][column]
        cells[row] = text_of(Decimal(cells[row]) * dice.choice(FACTORS))


def check(made: Drawn, number: int, run: Run) -> Iterator[str]:
    """That every solve is within the range, or the planner is told."""
    try:
        source = source_of(made, run.folder())
    except InputFaults:
        run.counts["refused by the reader"] += 1
        return
    widths: list[float] = []
    handed_over = highs._model

    def measured(program: Program) -> object:
        widths.append(width(program))
        return handed_over(program)

    asked = planning.settled(source, time_limit=run.options.seconds, seed=number, threads=1)
    with patch.object(highs, "_model", measured):
        try:
            plan = planning.make(source, asked, cast(Engine, InProcess()), lambda progress: None)
        except InputFaults:
            run.counts["contradictory rules"] += 1
            return
        except SolverError as error:
            if NO_PLAN not in str(error):
                raise
            run.counts["no plan in time"] += 1
            return
    widest = max(widths, default=1.0)
    told = any("range over" in text for text in plan.warnings)
    run.counts["planned"] += 1
    run.counts["solves"] += len(widths)
    run.counts["solves beyond the range"] += sum(one > WIDEST for one in widths)
    run.counts["plans that tell of a wide range"] += told
    run.most("widest that is not told", 0.0 if told else widest)
    if widest > WIDEST and not told:
        yield f"coefficients range over {widest:.1e}, and no warning"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=2, help="for each plan (2)")


CAMPAIGN = Campaign(
    "ranges", 21, "at most 1e6, or a warning that names the data", 500, 2, on_instances(drawn, check), _arguments
)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
