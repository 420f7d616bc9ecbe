"""Peak memory by size of instance, below a ceiling that is committed here.

    python -m tests.campaigns.memory --count 4 --sizes 20x12 200x12 1000x12 10000x120

Each case plans an instance of the benchmark family with the installed command, in processes of its own, and takes the
largest sum over them of what they hold (shared pages counted in parts). The ceilings are a third above the largest that
was measured in a minute on two cores. Linux only.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import family
from benchmarks.watch import watched
from tests.campaigns.campaign import Campaign, Run, main
from tests.reference.folder import write_instance

CEILING = {"20x12": 500, "50x12": 1150, "200x12": 1150, "1000x12": 1700, "1000x60": 3000, "10000x120": 5000}  # MB
SMALLEST = "20x12"
ROOT = Path(__file__).parents[2]


def case(number: int, run: Run) -> Iterator[str]:
    """The size whose turn it is."""
    size = run.options.sizes[(number - 1) % len(run.options.sizes)]
    items, suppliers = map(int, size.split("x"))
    home = run.folder()
    tables = {
        name: {str(column): [str(cell) for cell in cells] for column, cells in table.items()}
        for name, table in family.tables(items, suppliers, number).items()
    }
    write_instance(home / "instance", tables, {"name": size, "start": family.START, "periods": family.WEEKS})
    call = [sys.executable, "-m", "optimizer.cli", "plan", str(home / "instance"), "-o", str(home / "plan")]
    call += ["--time-limit", str(run.options.seconds), "--gap", "0"]
    ended = watched(call, 20 * run.options.seconds + 600, home / "log", environment={"PYTHONPATH": str(ROOT)})
    run.counts[f"{size}: megabytes, of {CEILING[size]:,}"] = round(ended.peak_mb)
    if ended.code != 0:
        yield f"{size}: it ended with {ended.code}: {ended.errors[-300:]}"
    if ended.peak_mb > CEILING[size]:
        yield f"{size}: {ended.peak_mb:,.0f} MB, above {CEILING[size]:,}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", nargs="+", choices=tuple(CEILING), default=["20x12", "200x12", "1000x12"])
    parser.add_argument("--seconds", type=float, default=30, help="for each plan (30)")


CAMPAIGN = Campaign("memory", 20, "below a committed ceiling", 3, 0, case, _arguments)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
