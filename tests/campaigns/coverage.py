"""Branch coverage of the reader, the checker, the audit and the writer, by their own tests: all of it is the target.

    python -m tests.campaigns.coverage --known known.json

Each case is a file; what is found are lines and branches that none of the tests of these packages runs. The tests are
run once, before the first case, in a process of their own. `--paths` and `--tests` measure other files by other tests;
`--known FILE` keeps what was noted, for `mutants` too, and is used as long as nothing has changed.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tests.campaigns.baseline import PATHS, TESTS, Baseline, baseline, files_of
from tests.campaigns.campaign import Campaign, Run, main


def case(number: int, run: Run) -> Iterator[str]:
    """What no test runs of a file."""
    known = _known(run)
    files = [path for path in files_of(run.options.paths) if path in known.files]
    path = files[(number - 1) % len(files)]
    found = known.files[path]
    run.counts["lines and branches"] += found["places"]
    yield from (f"{path}: line {line}" for line in found["lines"])
    yield from (f"{path}: from line {first} to {'the end' if last < 0 else last}" for first, last in found["branches"])


def _known(run: Run) -> Baseline:
    return once(run, lambda: baseline(run.options.paths, run.options.tests, run.options.known, whole=True))


Kept = TypeVar("Kept")


def once(run: Run, make: Callable[[], Kept]) -> Kept:
    """What all cases share: made in the first, and where that fails, not tried again in each.

    Raises:
        RuntimeError: it failed.
    """
    if "made" not in run.kept:
        run.kept["made"] = None
        run.kept["made"] = make()
    made: Kept | None = run.kept["made"]
    if made is None:
        raise RuntimeError("there is nothing to measure by: see the first case")
    return made


def _summary(run: Run) -> dict[str, Any]:
    known = _known(run)
    run.found += [{"case": 0, "what": f"{test} failed", "folder": None} for test in known.failed]
    return {"percent": round(known.percent, 2), "tests": len(known.tests)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is measured by what."""
    parser.add_argument("--paths", nargs="+", default=PATHS, help="folders or files that are measured")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders or files of tests")
    parser.add_argument("--known", type=Path, help="file that keeps who runs what")


SMALL = ("--paths", "tests/campaigns/mutations.py", "--tests", "tests/campaigns/test_mutations.py")
CAMPAIGN = Campaign("coverage", 22, "100%", len(files_of(PATHS)), 1, case, arguments, _summary, words=SMALL)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
