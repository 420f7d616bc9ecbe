"""Valid but odd files: none is refused, ids come out byte for byte, and the plan costs what it would cost otherwise.

    python -m tests.campaigns.odd_inputs --count 1000 --seed 1

Random instances over all rules get odd ids (`00123`, `NA`, `1E5`, `=1+1`, combining accents, …) and are written in
forms that take turns: a byte order mark, other line ends, delimiters, encodings, dates and decimal signs, everything
quoted, empty lines, columns of one's own, header-only tables, a workbook. Each is read, planned and published; every id
in the files of the plan must be one that was written, and the costs those of the instance as it was drawn.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from models import schema
from models.parts import parts
from optimizer import planning
from optimizer.read import Input, InputFaults, read
from optimizer.solve.engine import Engine
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.drawn import odd
from tests.campaigns.drawn.changes import MASTERS, naming
from tests.campaigns.drawn.files import write_workbook
from tests.campaigns.drawn.instance import instance, source_of
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.solving import Range, apart, compiled, in_balance
from tests.solve.in_process import InProcess

LIGHT = tuple(part for part in parts() if not part.extends)
OUTPUT = {"item": "item", "supplier": "supplier", "location": "location", "customer": "customer",
          "demand_location": "location", "from_location": "location", "to_location": "location",
          "delivered_item": "item"}  # fmt: skip
APART = 100_000
TRIES = 20


def case(number: int, run: Run) -> Iterator[str]:
    """The first instance from a number on that is one, in the form whose turn it is."""
    dice, form = random.Random(number), odd.FORMS[number % len(odd.FORMS)]
    for again in range(TRIES):
        drawn = instance(number + again * APART)
        drawn.settings.pop("allocation", None)
        try:
            plain = source_of(drawn, run.folder())
        except InputFaults:
            continue
        break
    else:
        return
    changed = odd.with_odd_ids(dice, drawn, odd.LATIN if form == "cp1252" else odd.IDS)
    path = _written(dice, run.folder(), changed, form)
    run.counts[form] += 1
    try:
        source = read(path)
    except InputFaults as refused:
        run.instance = changed
        yield f"{form}: refused: {refused.faults[0]}"
        return
    yield from (f"{form}: {text}" for text in _ids_as_written(changed, source))
    program = compiled(plain.instance, LIGHT).program
    best = in_balance(program, run.options.seconds)
    if best is not None:
        yield from (f"{form}: {text}" for text in _planned(source, changed, best, program.objective, run))


def _written(dice: random.Random, home: Path, drawn: Drawn, form: str) -> Path:
    if form == "workbook":
        write_workbook(home / "book.xlsx", drawn)
        return home / "book.xlsx"
    if form == "empty optional tables":
        for name, table in schema.tables().items():
            if table.optional and name not in drawn.tables:
                drawn.tables[name] = {column.name: [] for column in table.all_columns}
    odd.write(dice, home / "folder", drawn, form)
    return home / "folder"


def _ids_as_written(drawn: Drawn, source: Input) -> Iterator[str]:
    for master in MASTERS:
        wanted = sorted({cell for cells in naming(drawn, master) for cell in cells})
        got = sorted({cell for cells in naming(Drawn(source.text, {}), master) for cell in cells})
        if set(got) - {""} != set(wanted) - {""}:
            yield f"{master} are {got}, and were {wanted}"


def _planned(source: Input, drawn: Drawn, best: object, objective: object, run: Run) -> Iterator[str]:
    x, bound = cast(tuple[object, float], best)
    asked = planning.settled(source, gap=0, time_limit=run.options.seconds, seed=0, threads=1)
    out = run.folder() / "plan"
    try:
        made = planning.make(source, asked, cast(Engine, InProcess()), lambda progress: None)
        planning.publish_plan(source, made, out)
    except InputFaults as refused:
        yield f"contradictory rules, which the instance had not: {refused.faults[0]}"
        return
    run.counts["planned"] += 1
    if x is not None:
        cost = cast("float", objective(x))  # type: ignore[operator]
        yield from apart("as drawn", Range(cost, bound), "as written", Range(made.objective, made.bound))
    ids = {kind: {cell for cells in naming(drawn, master) for cell in cells} for master, kind in MASTERS.items()}
    ids["location"] |= {"main"}
    for path in sorted(out.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column, kind in OUTPUT.items():
                    if row.get(column) and row[column] not in ids[kind]:
                        yield f"{path.name} names {kind} {row[column]!r}, which nobody wrote"
                        return


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=5, help="for each solve (5)")


CAMPAIGN = Campaign("odd_inputs", 3, "0 refused; ids byte for byte in the plan", 1000, 4, case, _arguments, first=9)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
