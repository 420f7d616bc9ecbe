"""Random corruptions of clean plans: every one must be refused.

    python -m tests.campaigns.corrupted_plans --count 1000 --seed 1

Plans are the one made by hand in `tests.audit.example`, and those of instances drawn over all rules
(`tests.campaigns.rules`), each corrupted some times. A corruption changes a cell, swaps two cells of a column, leaves a
row out, writes one twice, in any table of the plan, or changes a figure, an account or a count of `plan.json`; always
so that the plan says something else. Left alone are words (`why` of actions.csv) and what a later run may begin from.
Found is what the audit lets pass.
"""

import csv
import json
import random
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from optimizer import planning
from optimizer.audit import Violation, audit
from optimizer.read import Input, InputFaults, read
from optimizer.solve.highs import Infeasible
from tests.audit.example import Example
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.drawn.instance import instance, there
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

MEMORY = {"basis.csv", "prices.csv"}  # what a later run may begin from, and nothing that the plan says
NOT_AUDITED = {"actions.csv": {"why"}}  # words about the other cells of its row; no program reads them
FIGURES = ("objective", "bound", "gap", "gap_money", "gap_controllable", "fill_rate_on_time", "fill_rate")
COUNTS = ("orders", "orders_to_release", "deliveries", "lines_late_or_short")
EACH = 20  # corruptions of a plan
BY_HAND = 50  # of so many plans one is that made by hand
APART = 100_000  # numbers of instances that take the place of one that has no plan
NEXT_TO_NOTHING: dict[str, Any] = {"gap": 0.05, "time_limit": 10.0}  # any plan will do


@dataclass(frozen=True)
class Clean:
    """A clean plan and how it is audited."""

    name: str
    folder: Path
    source: Example | Input

    def violations(self, folder: Path) -> list[Violation]:
        """What is wrong with a plan of this instance."""
        if isinstance(self.source, Example):
            return audit(self.source.tables, self.source.settings, folder)
        written = planning.dates_as_written(self.source)
        return audit(self.source.text, self.source.settings_text, folder, written=written)


def case(number: int, run: Run) -> Iterator[str]:
    """One corruption; so many in a row are of the same plan.

    Raises:
        ValueError: the plan is not clean before.
    """
    of = number // EACH
    clean: Clean = run.once(f"plan-{of}", lambda home: _clean(of, home, run))
    chance, told = random.Random(number), ""
    while not told:
        work = run.folder() / "plan"
        shutil.copytree(clean.folder, work)
        (work / "run.json").unlink(missing_ok=True)  # its hashes and totals would give everything away
        told = _corrupt(work, chance)
    run.counts[told.split(",")[0].split(":")[0]] += 1
    if not clean.violations(work):
        yield f"{clean.name}: {told}"


def _clean(number: int, home: Path, run: Run) -> Clean:
    """The plan of a number: of some the one made by hand, else that of the first drawn instance that has one."""
    if number % BY_HAND == 0:
        example = Example(run={})
        made = Clean("by hand", example.write(home / "plan"), example)
    else:
        made = next(plan for again in count() if (plan := _planned(number + again * APART, home, run)))
    if violations := made.violations(made.folder):
        raise ValueError(f"{made.name}: the plan is not clean: {violations[0]}")
    run.counts["plans"] += 1
    return made


def _planned(number: int, home: Path, run: Run) -> Clean | None:
    drawn, folder = instance(number), home / str(number)
    write_instance(folder / "instance", drawn.tables, drawn.settings)
    try:
        source = read(folder / "instance")
        with patch.object(planning, "Engine", InProcess):
            planning.plan(source, out=folder / "plan", **NEXT_TO_NOTHING)
    except (InputFaults, Infeasible) as refused:
        run.counts[f"not planned: {type(refused).__name__}"] += 1
        return None
    run.rules.update(there(drawn))
    return Clean(f"instance {number}", folder / "plan", source)


def _corrupt(folder: Path, chance: random.Random) -> str:
    """Corrupt a plan and say how; empty where the dice fell on something that changes nothing."""
    name = chance.choice([*sorted({path.name for path in folder.glob("*.csv")} - MEMORY), "plan.json"])
    if name == "plan.json":
        return _corrupt_figure(folder / name, chance)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) < 2:
        return ""
    row = chance.randrange(1, len(rows))
    column = chance.choice([k for k, header in enumerate(rows[0]) if header not in NOT_AUDITED.get(name, ())])
    told = chance.choice((_change, _change, _change, _swap, _leave_out, _repeat))(rows, row, column, chance)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return told and f"{name}, row {row + 1}: {told}"


def _change(rows: list[list[str]], row: int, column: int, chance: random.Random) -> str:
    old = rows[row][column]
    rows[row][column] = new = _another(old, chance)
    return f"{rows[0][column]} {old!r} to {new!r}"


def _another(text: str, chance: random.Random) -> str:
    """Another number, date or id; a number moves by a hundredth at least."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        number = float(text)
        others = (number + 1, number - 1, number * 1.01 + 0.01, -number - 1, number * 10 + 1)
        return f"{chance.choice(others):.9f}".rstrip("0").rstrip(".")
    try:
        days = chance.choice((-7, -1, 1, 7, 28))
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    except ValueError:
        # An empty cell is not made 0, which may mean the same.
        return chance.choice([text + " ", "0" + text, text.swapcase() + "x", ""] if text else [" ", "x", "NA"])


def _swap(rows: list[list[str]], row: int, column: int, chance: random.Random) -> str:
    """Swap a cell with another row's; in rows that differ nowhere else, but in rank, that would only exchange them."""
    other = chance.randrange(1, len(rows))
    said = [k for k, header in enumerate(rows[0]) if header != "rank"]
    if sum(rows[row][k] != rows[other][k] for k in said) < 2 or rows[row][column] == rows[other][column]:
        return ""
    rows[row][column], rows[other][column] = rows[other][column], rows[row][column]
    return f"{rows[0][column]} swapped with row {other + 1}"


def _leave_out(rows: list[list[str]], row: int, *_: object) -> str:
    told = rows.pop(row)
    return f"left out: {','.join(told)}" if _says_something(told) else ""


def _repeat(rows: list[list[str]], row: int, *_: object) -> str:
    rows.append(rows[row])
    return "written twice" if _says_something(rows[row]) else ""


def _says_something(row: list[str]) -> bool:
    """Whether the row has a number other than 0."""
    return any(cell.strip("-0.") and cell.replace(".", "").strip("-").isdigit() for cell in row)


def _corrupt_figure(path: Path, chance: random.Random) -> str:
    plan = json.loads(path.read_text(encoding="utf-8"))
    places = [(plan, name) for name in FIGURES]
    places += [(plan["accounts"], name) for name in plan.get("accounts", ())]
    places += [(plan["counts"], name) for name in COUNTS if name in plan.get("counts", ())]
    figures, name = chance.choice(places)
    old = figures[name]
    figures[name] = chance.choice((old + 0.01 + abs(old) / 100, old - 0.01 - abs(old) / 100, -old - 1, None, str(old)))
    path.write_text(json.dumps(plan), encoding="utf-8")
    return f"plan.json: {name} {old} to {figures[name]}"


CAMPAIGN = Campaign("corrupted_plans", 5, "all refused by the audit", 2000, 30, case, first=10)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
