"""Kill publications at random instants, and see that a plan is always whole and nothing stale stays.

    python -m tests.campaigns.kill_publication --count 500 --seed 1

Each case lets a process publish one plan after the other, kills it (SIGKILL), reads what is there, publishes once more
and reads again. Cases take turns: over an earlier plan by exchange, by the swap of systems without one, and into
`plans/NAME/RUN`. In most of them the workbook and the page are stubs, so that more kills fall between the steps of
publication. POSIX only.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write import disk, publish, repair
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.write.plans import no_audit, plan

MODES = ("exchange", "swap", "run")
WITHOUT_STUBS = 4  # one of so many cases
LONGEST = 0.5  # seconds until the kill


def case(number: int, run: Run) -> Iterator[str]:
    """One process that publishes, killed."""
    mode, seconds, folder = MODES[number % len(MODES)], random.Random(number).uniform(0.0, LONGEST), run.folder()
    with nullcontext() if number % WITHOUT_STUBS == 0 else _stubs():
        for bad in _case(mode, seconds, folder, run.counts):
            yield f"{bad}: {mode}, killed after {seconds:.3f} s"


def _case(mode: str, seconds: float, folder: Path, counts: Counter[str]) -> Iterator[str]:
    out = None if mode == "run" else folder / "out"
    publish(_numbered(0), out, no_audit, base=folder)
    _publish_until_killed(mode, seconds, out, folder)
    home = folder / "Demo-more" if out is None else folder
    counts["left something temporary"] += any(name.startswith(".") for name in os.listdir(home))
    if out is not None:
        counts["half swapped"] += not out.exists()
        repair(out)
    states = [state(place) for place in places(home, out)]
    counts["published"] += sum(int(of) for of in states if of != "torn") if out is not None else len(states) - 1
    if "torn" in states:
        yield "torn"
    if not states:
        yield "missing"
    again = publish(_numbered(1_000_000), out, no_audit, base=folder)
    if state(again) != "1000000":
        yield "not run again"
    kept = {"latest", *(place.name for place in places(home, out))}
    if left := set(os.listdir(home)) - kept:
        yield f"stale: {sorted(left)}"


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


CAMPAIGN = Campaign(
    "kill_publication", 12, "0 torn outputs, a rerun completes, nothing left behind", 500,
    6 if hasattr(os, "fork") else 0, case,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
