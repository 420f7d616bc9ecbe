"""Kill publications at random instants, and see that a plan is always whole and nothing stale stays.

    python -m tests.campaigns.kill_publication --count 500 --seed 1

Each case lets a process publish one plan after the other, kills it (SIGKILL), reads what is there, publishes once more
and reads again. Cases take turns: over an earlier plan by exchange, by the swap of systems without one, and into
`plans/NAME/RUN`. In most of them the workbook and the page are stubs, so that more kills fall between the steps of
publication. POSIX only. Prints its figures as JSON; the exit code is 0 where they are as they should be.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write import disk, publish, repair
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.write.plans import no_audit, plan

MODES = ("exchange", "swap", "run")
BAD = ("torn", "missing", "stale", "failed")
LONGEST = 0.5  # seconds until the kill


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed)
    print(json.dumps(figures, indent=2))
    return 0 if figures["found"] == 0 else 1


def campaign(count: int, seed: int) -> dict[str, Any]:
    """So many cases; how many left a torn plan, none, something stale, or could not be run again."""
    chance, began = random.Random(seed), time.monotonic()
    figures: dict[str, Any] = {"campaign": "kill_publication", "row": 12, "count": count, "seed": seed, "seconds": 0.0}
    figures |= {"found": 0, **dict.fromkeys(BAD, 0)}
    figures |= {"left_temporary": 0, "half_swapped": 0, "published": 0}
    for case in range(count):
        with tempfile.TemporaryDirectory() as folder:
            stub = case % 4 != 3
            with _stubs() if stub else nullcontext():
                found = _case(MODES[case % len(MODES)], chance.uniform(0.0, LONGEST), Path(folder))
        for figure, number in found.items():
            figures[figure] += number
    figures |= {"seconds": round(time.monotonic() - began, 1), "found": sum(figures[name] for name in BAD)}
    return figures


def _case(mode: str, seconds: float, folder: Path) -> dict[str, int]:
    out = None if mode == "run" else folder / "out"
    publish(_numbered(0), out, no_audit, base=folder)
    _publish_until_killed(mode, seconds, out, folder)
    home = folder / "Demo-more" if out is None else folder
    left = {name.split(".")[2] if ".tmp-" in name else name for name in os.listdir(home) if name.startswith(".")}
    half = out is not None and not out.exists()
    if out is not None:
        repair(out)
    states = [state(place) for place in places(home, out)]
    result = {
        "torn": states.count("torn"),
        "missing": int(not states),
        "left_temporary": int(bool(left)),
        "half_swapped": int(half),
        "published": sum(int(value) for value in states if value != "torn") if out is not None else len(states) - 1,
    }
    try:
        again = publish(_numbered(1_000_000), out, no_audit, base=folder)
        result["failed"] = int(state(again) != "1000000")
    except Exception as error:
        print(repr(error), file=sys.stderr)
        result["failed"] = 1
    kept = {"latest", *(place.name for place in places(home, out))}
    result["stale"] = int(bool(set(os.listdir(home)) - kept))
    return result


def places(home: Path, out: Path | None) -> list[Path]:
    """Folders that should each be a plan."""
    if out is not None:
        return [out] if out.exists() else []
    return sorted(place for place in home.iterdir() if place.name[0] not in ".l")


def state(folder: Path) -> str:
    """`torn`, or the number of the plan that is there: every file there, and as `run.json` says."""
    run = run_of_whole_plan(folder)
    if run is not None and json.loads((folder / "plan.json").read_bytes())["objective"] == run["seed"]:
        return str(run["seed"])
    return "torn"


def _publish_until_killed(mode: str, seconds: float, out: Path | None, base: Path) -> None:
    child = os.fork()
    if child == 0:
        try:
            with patch.object(disk, "exchange", (lambda one, other: False) if mode == "swap" else disk.exchange):
                for number in range(1, 1_000_000):
                    publish(_numbered(number), out, no_audit, base=base)
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the process that publishes failed by itself")


@contextmanager
def _stubs() -> Iterator[None]:
    with (
        patch("optimizer.write.folder.write_workbook", stub_workbook),
        patch("optimizer.write.folder.report_of", stub_page),
    ):
        yield


def stub_page(shown: Shown, warnings: Sequence[str]) -> bytes:
    return b"a page"


def stub_workbook(shown: Shown, warnings: Sequence[str], path: Path) -> None:
    path.write_bytes(b"a workbook")


def _numbered(number: int) -> Plan:
    small = plan()
    return replace(small, objective=float(number), run={**small.run, "seed": number})


if __name__ == "__main__":
    sys.exit(main())
