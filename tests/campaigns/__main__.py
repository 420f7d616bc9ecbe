"""The scoreboard as a command: list its rows, run one of them or all, and keep the figures.

    python -m tests.campaigns                       the rows, their targets and their commands
    python -m tests.campaigns --small               all of them, small: what the tests run
    python -m tests.campaigns 8 --count 500         one row
    python -m tests.campaigns 8 --record            the same, and its figures are kept for docs/reliability.md
    python -m tests.campaigns --record-file F ...   figures that a campaign printed before are kept

It needs the tests folder, so a clone of the repository with the `test` extra. Further options go to the campaign
(`--seed`, `--keep FOLDER`, `--shrink SECONDS`, …). The figures are printed as JSON, one object a campaign.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.campaigns import page, results
from tests.campaigns.campaign import Campaign, carried_out, report
from tests.campaigns.scoreboard import ROWS, Row, there

PYTHON = [sys.executable, "-m"]


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 1 where a campaign found something."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="numbers of rows; none: list them")
    parser.add_argument("--small", action="store_true", help="as small as in the tests")
    parser.add_argument("--record", action="store_true", help="keep the figures, and write docs/reliability.md anew")
    parser.add_argument("--record-file", type=Path, nargs="+", default=[], help="keep figures that were printed before")
    asked, more = parser.parse_known_args(argv)
    chosen = [row for row in ROWS if row.number in asked.rows or (asked.small and not asked.rows)]
    if not chosen and not asked.record_file:
        print(listing(ROWS))
        return 0
    wrong = 0
    for path in asked.record_file:
        results.keep(json.loads(path.read_text(encoding="utf-8")), [])
    for name in [name for row in chosen for name in row.campaigns if there(name)]:
        figures = _small(name) if asked.small else _full(name, more)
        wrong += bool(figures["found"])
        print(json.dumps(figures, indent=2, ensure_ascii=False), flush=True)
        if asked.record:
            results.keep(figures, [] if asked.small else more)
    if asked.record or asked.record_file:
        page.write()
    return 1 if wrong else 0


def listing(rows: Sequence[Row]) -> str:
    """Rows, targets, commands."""
    lines = []
    for row in rows:
        lines.append(f"{row.number:>2}  {row.about}\n    target: {row.target}")
        lines += [f"    python -m tests.campaigns.{name}" for name in row.campaigns if there(name)]
    return "\n".join(lines)


def _small(name: str) -> dict[str, Any]:
    campaign: Campaign = import_module(f"tests.campaigns.{name}").CAMPAIGN
    began = time.monotonic()
    run = carried_out(campaign, campaign.small, campaign.first, *campaign.words, tell=sys.stderr.isatty())
    return report(campaign, run, campaign.first, time.monotonic() - began)


def _full(name: str, more: Sequence[str]) -> dict[str, Any]:
    """The campaign as a command; whatever it prints but JSON is a failure of the campaign."""
    ended = subprocess.run([*PYTHON, f"tests.campaigns.{name}", *more], stdout=subprocess.PIPE, text=True, check=False)
    try:
        figures: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        return {
            "campaign": name,
            "count": 0,
            "seconds": 0.0,
            "found": 1,
            "wrong": [f"it ended with {ended.returncode}"],
        }
    return {"campaign": name, "found": 0, **figures}


if __name__ == "__main__":
    sys.exit(main())
