"""Branch coverage of the reader, the checker, the audit and the writer, by their own tests: all of it is the target.

    python -m tests.campaigns.coverage

Runs the tests of these packages in this process and prints, as JSON, which lines and branches none of them runs.
`found` is how many. `count` is the number of lines and branches that there are; a seed plays no part. `--paths` and
`--tests` measure other files by other tests.
"""

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from tests.campaigns.mutants import PATHS, TESTS

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, help="of no use here: all is measured")
    parser.add_argument("--seed", type=int, default=0, help="of no use here: nothing is drawn")
    parser.add_argument("--paths", nargs="+", default=PATHS, help="folders or files that are measured")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders or files of tests")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, os.getcwd())
    figures = campaign(asked.paths, asked.tests) | {"seed": asked.seed}
    print(json.dumps(figures, indent=2))
    return 1 if figures["found"] else 0


def campaign(paths: Sequence[str] = PATHS, tests: Sequence[str] = TESTS) -> dict[str, Any]:
    """Measure; nothing of what is measured may be imported yet.

    Raises:
        RuntimeError: a test failed.
    """
    import pytest
    from coverage import Coverage

    began = time.monotonic()
    include = [
        str(Path(path).absolute() / "*") if Path(path).is_dir() else str(Path(path).absolute()) for path in paths
    ]
    watch = Coverage(data_file=None, config_file=str(PROJECT), branch=True, source=None, include=include)
    watch.set_option("run:source", None)
    watch.set_option("run:parallel", False)
    watch.start()
    with redirect_stdout(sys.stderr):
        ended = pytest.main(["-q", "-p", "no:cacheprovider", *tests])
    watch.stop()
    if ended:
        raise RuntimeError(f"the tests do not pass: exit code {int(ended)}")
    with tempfile.TemporaryDirectory() as scratch, redirect_stdout(io.StringIO()):
        told = Path(scratch) / "coverage.json"
        watch.json_report(outfile=str(told))
        report = json.loads(told.read_text(encoding="utf-8"))
    totals = report["totals"]
    missing = {
        path: {"lines": file["missing_lines"], "branches": file["missing_branches"]}
        for path, file in report["files"].items()
        if file["missing_lines"] or file["missing_branches"]
    }
    return {
        "campaign": "coverage", "count": totals["num_statements"] + totals["num_branches"], "seed": 0,
        "seconds": round(time.monotonic() - began, 1), "found": totals["missing_lines"] + totals["missing_branches"],
        "percent": round(totals["percent_covered"], 2), "missing": missing,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
