"""Random corruptions of clean plans: every one must be refused.

    python -m tests.campaigns.corrupted_plans --count 1000 --seed 1

Plans are the one made by hand in `tests.audit.example`, and those of instances drawn over all rules
(`tests.campaigns.rules`), each corrupted some times. A corruption changes a cell, swaps two cells of a column, leaves a
row out, writes one twice, in any table of the plan, or changes a figure, an account or a count of `plan.json`; always
so that the plan says something else. Left alone are words (`why` of actions.csv) and what a later run may begin from.
`found` counts those that the audit let pass, and `missed` says what they were.
"""

import argparse
import csv
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from optimizer import planning
from optimizer.audit import Violation, audit
from optimizer.read import Input, InputFaults, read
from optimizer.solve.highs import Infeasible
from tests.audit.example import Example
from tests.campaigns.drawn.instance import RULES, instance
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

MEMORY = {"basis.csv", "prices.csv"}  # what a later run may begin from, and nothing that the plan says
NOT_AUDITED = {"actions.csv": {"why"}}  # words about the other cells of its row; no program reads them
FIGURES = ("objective", "bound", "gap", "gap_money", "gap_controllable", "fill_rate_on_time", "fill_rate")
COUNTS = ("orders", "orders_to_release", "deliveries", "lines_late_or_short")
EACH = 20  # corruptions of a plan
NEXT_TO_NOTHING: dict[str, Any] = {"gap": 0.05, "time_limit": 10.0}  # any plan will do


@dataclass
class Figures:
    """What a campaign did and found."""

    corrupted: Counter[str] = field(default_factory=Counter)  # by file
    rules: Counter[str] = field(default_factory=Counter)  # plans by rule
    outcomes: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
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


def campaign(count: int, seed: int, each: int = EACH) -> Figures:
    """Corrupt plans `count` times in all.

    Raises:
        ValueError: a plan is not clean before.
    """
    figures = Figures()
    with tempfile.TemporaryDirectory() as scratch:
        for case in _cases(seed, Path(scratch), figures):
            if violations := case.violations(case.folder):
                raise ValueError(f"{case.name}: the plan is not clean: {violations[0]}")
            left = min(each, count - figures.corrupted.total())
            figures.outcomes["plans"] += 1
            _corrupt_often(case, left, random.Random(f"{seed} {case.name}"), Path(scratch) / "bad", figures)
            shutil.rmtree(case.folder)
            if figures.corrupted.total() >= count:
                break
    return figures


def _cases(seed: int, scratch: Path, figures: Figures) -> Iterator[Case]:
    """The plan made by hand, and plans of drawn instances without end."""
    example = Example(run={})
    yield Case("by hand", example.write(scratch / "by hand"), example)
    number = seed
    while True:
        drawn, folder = instance(number), scratch / str(number)
        write_instance(folder / "instance", drawn.tables, drawn.settings)
        try:
            source = read(folder / "instance")
            with patch.object(planning, "Engine", InProcess):
                planning.plan(source, out=folder / "plan", **NEXT_TO_NOTHING)
        except (InputFaults, Infeasible) as refused:
            figures.outcomes[f"not planned: {type(refused).__name__}"] += 1
        else:
            figures.rules.update(name for name, rule in RULES.items() if rule.there(drawn))
            yield Case(f"instance {number}", folder / "plan", source)
        shutil.rmtree(folder)
        number += 1


def _corrupt_often(case: Case, count: int, chance: random.Random, work: Path, figures: Figures) -> None:
    """Corrupt a plan so many times, each in a copy of its own in `work`."""
    done = 0
    while done < count:
        shutil.copytree(case.folder, work)
        (work / "run.json").unlink(missing_ok=True)  # its hashes and totals would give everything away
        told = _corrupt(work, chance)
        if told:
            done += 1
            figures.corrupted[told.split(",")[0].split(":")[0]] += 1
            if not case.violations(work):
                figures.missed.append(f"{case.name}: {told}")
        shutil.rmtree(work)


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
        return chance.choice((text + " ", "0" + text, text.swapcase() + "x", "" if text else "NA"))


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="corrupted plans (1000)")
    parser.add_argument("--seed", type=int, default=1, help="number of the first drawn instance (1)")
    asked, began = parser.parse_args(arguments), time.monotonic()
    figures = campaign(asked.count, asked.seed)
    told: dict[str, Any] = {
        "campaign": "corrupted_plans", "count": figures.corrupted.total(), "seed": asked.seed,
        "seconds": round(time.monotonic() - began, 1), "found": len(figures.missed),
        **dict(sorted(figures.outcomes.items())), "files": dict(sorted(figures.corrupted.items())),
        "rules": dict(sorted(figures.rules.items())), "missed": figures.missed,
    }  # fmt: skip
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return 1 if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
