"""Random corruptions of a clean plan: every one must be refused. Prints what it found as JSON.

    python -m tests.audit.campaign [--count N] [--seed S] [INSTANCE PLAN]

INSTANCE is a folder of plain CSV files, PLAN a clean plan of it; without them, the plan made by hand in `example.py` is
corrupted. A corruption changes a cell, swaps two cells of a column, leaves a row out, writes one twice, or changes a
figure of `plan.json`, and always so that the plan says something else.
"""

import argparse
import csv
import json
import random
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from optimizer.audit import audit
from tests.audit.example import Example, columns, rows_of

Tables = Mapping[str, Mapping[str, Sequence[str]]]
FILES = ("purchase_orders.csv", "allocations.csv", "backorders.csv", "inventory.csv", "costs.csv")
FIGURES = ("objective", "bound", "gap", "gap_money", "gap_controllable", "fill_rate_on_time", "fill_rate")


@dataclass
class Result:
    """How many plans were corrupted, and what was done to those that passed all the same."""

    corrupted: int = 0
    missed: list[str] = field(default_factory=list)


def campaign(tables: Tables, settings: Mapping[str, Any], plan: Path, work: Path, *, count: int, seed: int) -> Result:
    """Corrupt the plan `count` times, each in a copy of its own in `work`.

    Raises:
        ValueError: the plan is not clean before.
    """
    if violations := audit(tables, settings, plan):
        raise ValueError(f"the plan is not clean: {violations[0]}")
    chance, result = random.Random(seed), Result()
    while result.corrupted < count:
        shutil.copytree(plan, work, dirs_exist_ok=True)
        (work / "run.json").unlink(missing_ok=True)  # its hashes and totals would give everything away
        told = _corrupt(work, chance)
        if told:
            result.corrupted += 1
            if not audit(tables, settings, work):
                result.missed.append(told)
    return result


def _corrupt(folder: Path, chance: random.Random) -> str:
    """Corrupt a plan and say how; empty where the dice fell on something that changes nothing."""
    name = chance.choice((*FILES, "plan.json"))
    if name == "plan.json":
        return _corrupt_figure(folder / name, chance)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) < 2:
        return ""
    row = chance.randrange(1, len(rows))
    told = chance.choice((_change, _change, _change, _swap, _leave_out, _repeat))(rows, row, chance)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return told and f"{name}, row {row + 1}: {told}"


def _change(rows: list[list[str]], row: int, chance: random.Random) -> str:
    column = chance.randrange(len(rows[0]))
    old = rows[row][column]
    rows[row][column] = new = _another(old, chance)
    return f"{rows[0][column]} {old!r} to {new!r}"


def _another(text: str, chance: random.Random) -> str:
    """Another number, date or id; a number moves by a hundredth at least."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        others = (number + 1, number - 1, number * 1.01 + 0.01, -number - 1, number * 10 + 1)
        return f"{chance.choice(others):.9f}".rstrip("0").rstrip(".")
    try:
        days = chance.choice((-7, -1, 1, 7, 28))
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    except ValueError:
        return chance.choice((text + " ", "0" + text, text.swapcase() + "x", "" if text else "NA"))


def _swap(rows: list[list[str]], row: int, chance: random.Random) -> str:
    """Swap a cell with another row's; in rows that differ nowhere else that would only exchange them."""
    other, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    if sum(a != b for a, b in zip(rows[row], rows[other], strict=True)) < 2 or rows[row][column] == rows[other][column]:
        return ""
    rows[row][column], rows[other][column] = rows[other][column], rows[row][column]
    return f"{rows[0][column]} swapped with row {other + 1}"


def _leave_out(rows: list[list[str]], row: int, _: random.Random) -> str:
    told = rows.pop(row)
    return f"left out: {','.join(told)}" if _says_something(told) else ""


def _repeat(rows: list[list[str]], row: int, _: random.Random) -> str:
    rows.append(rows[row])
    return "written twice" if _says_something(rows[row]) else ""


def _says_something(row: list[str]) -> bool:
    """Whether the row has a number other than 0."""
    return any(cell.strip("-0.") and cell.replace(".", "").strip("-").isdigit() for cell in row)


def _corrupt_figure(path: Path, chance: random.Random) -> str:
    plan, name = json.loads(path.read_text(encoding="utf-8")), chance.choice(FIGURES)
    old = plan[name]
    plan[name] = chance.choice((old + 0.01 + abs(old) / 100, old - 0.01 - abs(old) / 100, -old - 1, None, str(old)))
    path.write_text(json.dumps(plan), encoding="utf-8")
    return f"plan.json: {name} {old} to {plan[name]}"


def read(instance: Path) -> tuple[dict[str, dict[str, list[str]]], dict[str, Any]]:
    """Tables and settings of an instance that is already as the audit wants it: comma, decimal point, ISO dates."""
    tables = {path.stem: columns(rows_of(path.read_text(encoding="utf-8-sig"))) for path in instance.glob("*.csv")}
    return tables, tomllib.loads((instance / "instance.toml").read_text(encoding="utf-8"))


def main(arguments: Sequence[str]) -> int:
    """Run a campaign and print its figures; 1 where a corrupted plan passed."""
    parser = argparse.ArgumentParser(description="Random corruptions of a clean plan: every one must be refused.")
    parser.add_argument("--count", type=int, default=1000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (%(default)s)")
    parser.add_argument("folders", nargs="*", type=Path, metavar="INSTANCE PLAN", help="what to corrupt")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as work:
        example = Example(run={})
        tables, settings, plan = example.tables, example.settings, Path(work) / "plan"
        if options.folders:
            instance, plan = options.folders
            tables, settings = read(instance)
        else:
            example.write(plan)
        result = campaign(tables, settings, plan, Path(work) / "bad", count=options.count, seed=options.seed)
    refused = result.corrupted - len(result.missed)
    print(json.dumps({"corrupted": result.corrupted, "refused": refused, "missed": result.missed}, indent=2))
    return 1 if result.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
