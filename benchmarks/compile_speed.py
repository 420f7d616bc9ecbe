"""Compile speed: from a book to the arrays of a program, and on to HiGHS, by each way in turn.

    python -m benchmarks.compile_speed --sizes 5x12,50x12,500x12 --repeats 9

by hand    numpy, written for this model alone (`compile_by_hand`): as fast as it gets
ours       each rule once, all of its rows at once
pyomo      the same rules in stock Pyomo, and its own standard-form compiler; left out above `--stock-up-to`
linopy     the same model in linopy; an extra, left out where it is not installed

Every number is seconds of CPU of one core, the median of runs that take turns. What a process pays once is told apart:
the import of Pyomo, and reading the rules for the first time. All ways must give one program, bit for bit (linopy: one
with as many columns, rows and coefficients). The figures go to a JSON file, from which pages can be made.
"""

import argparse
import gc
import importlib.util
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import highspy
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.compile_by_hand import ByHand
from benchmarks.compile_in_linopy import in_linopy
from benchmarks.instances import Size, of_family
from benchmarks.runners import machine
from models.assemble import derive
from models.book import Book
from models.instance import Instance
from optimizer import read
from optimizer.compile import compile_book, compile_stock
from optimizer.solve.program import Program

RESULTS = Path("benchmarks/results/compile_speed.json")
WORK = Path(".benchmarks")
ENOUGH = 60.0  # seconds after which a way that has run three times is not run again
ONCE = """
import sys, time
from pathlib import Path
begun = time.process_time()
import pyomo.environ
imported = time.process_time() - begun
from models.assemble import derive
from optimizer import read
from optimizer.compile import compile_book
source = read(Path(sys.argv[1])).instance
book = derive(source)
begun = time.process_time()
compile_book(source, book)
first = time.process_time() - begun
begun = time.process_time()
compile_book(source, book)
print(imported, first - (time.process_time() - begun))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    asked = _parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    rows: list[dict[str, Any]] = []
    once: dict[str, float] = {}
    for size in (Size.parse(text) for text in asked.sizes.split(",")):
        made = of_family(size, asked.seed, asked.work)
        made.make()
        once = once or _once(made.folder, asked.processes)
        with_stock = size.items <= Size.parse(asked.stock_up_to).items
        rows.append({"size": str(size), **_measured(read(made.folder).instance, asked.repeats, with_stock, console)})
        console.print(_table(rows[-1]))
    report = {"machine": machine(), "once": once, "sizes": rows}
    asked.results.parent.mkdir(parents=True, exist_ok=True)
    asked.results.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if once:
        console.print(
            f"once in a process: import of Pyomo {once['pyomo']:.2f} s, reading the rules {once['rules']:.2f} s"
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="python -m benchmarks.compile_speed: from a book to arrays, by each way"
    )
    parser.add_argument("--sizes", default="5x12,50x12,500x12", help="items x suppliers of the family, with commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=9, help="runs of each way")
    parser.add_argument("--processes", type=int, default=3, help="in which to measure what is paid once; 0: do not")
    parser.add_argument("--stock-up-to", default="50x12", help="largest size for stock Pyomo")
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"JSON file; default {RESULTS}")
    parser.add_argument("--work", type=Path, default=WORK, help=f"folder for instances; default {WORK}")
    return parser


def _once(folder: Path, processes: int) -> dict[str, float]:
    """What a process pays once [s], the median of some."""
    found = []
    for _ in range(processes):
        done = subprocess.run([sys.executable, "-c", ONCE, str(folder)], capture_output=True, text=True, check=True)
        found.append([float(number) for number in done.stdout.split()])
    return {"pyomo": median(row[0] for row in found), "rules": median(row[1] for row in found)} if found else {}


def _measured(instance: Instance, repeats: int, with_stock: bool, console: Console) -> dict[str, Any]:
    """Sizes of the program, and seconds by way: arrays alone, and with the hand-over to HiGHS."""
    book = derive(instance)
    ways: dict[str, Callable[[], Program]] = {
        "by hand": lambda: ByHand(book).program(),
        "ours": lambda: compile_book(instance, book).program,
    }
    if with_stock:
        ways["pyomo"] = lambda: compile_stock(instance, book).program
    programs = {name: way() for name, way in ways.items()}
    first = programs["by hand"]
    for name, other in programs.items():
        if not same(first, other):
            raise AssertionError(f"{name} gives another program than by hand")
    timed: dict[str, Callable[[], object]] = {**ways}
    if importlib.util.find_spec("linopy"):
        timed["linopy"] = lambda: _by_linopy(book, first)
        timed["linopy"]()
    else:
        console.print("linopy is not installed, and left out")
    timed["hand-over"] = lambda: _handed_over(first)
    del programs
    seconds = _in_turn(timed, repeats)
    over = seconds.pop("hand-over")
    return {
        "columns": first.columns,
        "rows": first.rows,
        "coefficients": int(first.matrix.nnz),
        "arrays": seconds,
        "hand_over": over,
        "with_hand_over": {name: taken + over for name, taken in seconds.items()},
    }


def _in_turn(ways: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median seconds of CPU of each way."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            if len(taken[name]) >= 3 and sum(taken[name]) > ENOUGH:
                continue
            gc.collect()
            begun = time.process_time()
            way()
            taken[name].append(time.process_time() - begun)
    return {name: median(runs) for name, runs in taken.items()}


def _by_linopy(book: Book, first: Program) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        counts = in_linopy(ByHand(book))
    if counts != (first.columns, first.rows, first.matrix.nnz):
        raise AssertionError(f"linopy gives another program: {counts}")


def _handed_over(program: Program) -> None:
    """Into HiGHS, as arrays."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    matrix = program.matrix
    highs.passModel(
        program.columns, program.rows, matrix.nnz, int(highspy.MatrixFormat.kColwise), 1, program.offset,
        program.cost, program.lower, program.upper, program.row_lower, program.row_upper,
        matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, program.integer.astype(np.int32),
    )  # fmt: skip


def same(one: Program, other: Program) -> bool:
    """Whether two programs are the same, bit for bit."""
    names = ("cost", "row_lower", "row_upper", "lower", "upper", "integer", "block", "late")
    arrays = [(getattr(one, name), getattr(other, name)) for name in names]
    arrays += [(getattr(one.matrix, name), getattr(other.matrix, name)) for name in ("data", "indices", "indptr")]
    return one.offset == other.offset and all(np.array_equal(mine, theirs) for mine, theirs in arrays)


def _table(row: dict[str, Any]) -> Table:
    table = Table(
        title=f"{row['size']}: {row['columns']:,} columns, {row['rows']:,} rows, {row['coefficients']:,} coefficients"
    )
    for name in ("way", "arrays [s]", "times by hand", "with hand-over [s]", "times by hand"):
        table.add_column(name, justify="left" if name == "way" else "right")
    for name, taken in row["arrays"].items():
        whole = row["with_hand_over"]
        ratios = taken / row["arrays"]["by hand"], whole[name] / whole["by hand"]
        table.add_row(name, f"{taken:.4f}", f"{ratios[0]:.1f}", f"{whole[name]:.4f}", f"{ratios[1]:.1f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
