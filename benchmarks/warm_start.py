"""Warm start: a plan, a few cells changed, and plans of the changed instance from that plan and from nothing.

    python -m benchmarks.warm_start INSTANCE --time-limit 300 --json warm.json

Changed are the backorder cost of one item and of its demand lines (five times as high), and the quantity of one demand
line of another (half as much again, and 5). The run from the earlier plan is asked for the gap that the first one ended
with; the run from nothing has the time that this took, and so tells what the earlier plan is worth. Seconds count from
the end of reading to the plan in memory.
"""

import argparse
import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from optimizer import plan, read
from optimizer.results.plan import Plan

Row = dict[str, str]
KEY = ["item", "supplier", "location", "order_period"]
TIMES, MORE = 5, 5


@dataclass(frozen=True)
class Run:
    """One run: its seconds, cost, gap, and how its orders differ from the first plan's."""

    run: str
    seconds: float
    objective: float
    gap: float
    orders: int
    lines_changed: int
    items_changed: int


def changed(source: Path, target: Path) -> list[str]:
    """Write a copy of an instance with the cells changed; the items that this is about."""
    shutil.copytree(source, target)
    items = [row["item"] for row in _rows(target / "items.csv")]
    dearer, larger = items[len(items) // 3], items[len(items) // 2]

    def dear(row: Row) -> None:
        if row["item"] == dearer and row.get("backorder_cost"):
            row["backorder_cost"] = f"{TIMES * float(row['backorder_cost']):.10g}"

    _edit(target / "items.csv", dear)
    _edit(target / "demand.csv", dear)
    mine = [k for k, row in enumerate(_rows(target / "demand.csv")) if row["item"] == larger]
    if mine:
        rows = _rows(target / "demand.csv")
        most = max(mine, key=lambda k: float(rows[k]["quantity"]))
        rows[most]["quantity"] = str(int(1.5 * float(rows[most]["quantity"])) + MORE)
        _write(target / "demand.csv", rows)
    return [dearer, larger]


def compared(name: str, made: Plan, first: Plan) -> Run:
    """A run beside the first plan."""
    ours, theirs = (one.purchase_orders[[*KEY, "quantity"]] for one in (made, first))
    both = ours.merge(theirs, on=KEY, how="outer", suffixes=("", "_first"))
    other = both[(both["quantity"] - both["quantity_first"]).abs().fillna(1.0) > 1e-6]
    return Run(name, made.trace[-1].seconds, made.objective, made.gap, len(ours), len(other), other["item"].nunique())


def measured(instance: Path, time_limit: float) -> list[Run]:
    """The three runs."""
    with tempfile.TemporaryDirectory() as scratch:
        first = plan(read(instance), gap=0.0, time_limit=time_limit, out=Path(scratch) / "first")
        changed(instance, Path(scratch) / "changed")
        now = read(Path(scratch) / "changed")
        warm = plan(now, gap=first.gap, time_limit=time_limit, warm_start=Path(scratch) / "first")
        cold = plan(now, gap=first.gap, time_limit=warm.trace[-1].seconds)
    return [compared(name, made, first) for name, made in (("first", first), ("warm", warm), ("cold", cold))]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Sequence[Row]) -> None:
    pd.DataFrame(rows).to_csv(path, index=False)


def _edit(path: Path, change: Callable[[Row], None]) -> None:
    rows = _rows(path)
    for row in rows:
        change(row)
    _write(path, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm_start", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("instance", type=Path, help="a folder of CSV files")
    parser.add_argument("--time-limit", type=float, default=300.0, help="of the first run [s]")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    asked = parser.parse_args(arguments)
    runs = measured(asked.instance, asked.time_limit)
    for run in runs:
        sys.stdout.write(
            f"{run.run:6} {run.seconds:7.1f} s   {run.objective:,.0f}   gap {run.gap:.3%}   "
            f"{run.orders:,} order lines, {run.lines_changed:,} of {run.items_changed:,} items changed\n"
        )
    if asked.json:
        asked.json.write_text(json.dumps([asdict(run) for run in runs], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
