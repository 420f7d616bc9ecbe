"""Plant contradictory rules, and see that they are told where they stand, in the planner's words.

    python -m tests.campaigns.contradictions --count 300 --seed 1

Each case takes one of the plants of `planted` in turn, plants it in a random instance, and runs `replenish plan` (the
search in this process). Whether the reader, a check or the solver finds it makes no difference. A case is *told* where
a single fault stands at the row of one of the rules that contradict each other, and names the item (or customer, or
supplier) and, where a rule holds in one period, the period. What is found:

- `untold`: cases that are not told so; at least 95% must be, so fewer than 5% are no finding yet;
- `jargon`: a word of the solver's in what is shown;
- `wrong_code`: an exit code other than 1, or something published.

Prints its figures as JSON; the exit code is 0 where nothing was found. `--show` prints the faults of each plant once.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

from optimizer import cli
from optimizer.commands import plan as plan_command
from optimizer.commands import terminal
from tests.campaigns.planted import PLANTS, Field, Plant, Planted
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

ENOUGH = 0.95  # of the cases are told
JARGON = re.compile(
    r"infeasib|\bfeasible|constraint|variable|solver|presolve|\bIIS\b|elastic|slack|\bdual|relax|\bLP\b|\bMIP\b|matrix|"
    r"Traceback|Error\b|\binf\b|\bnan\b|\bNone\b|optimi[sz]|binary|integer|our own",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Case:
    """What became of one case: exit code, what was shown, and what is wrong with that."""

    plant: str
    code: int
    faults: list[str]
    bad: list[str]


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed, tell=True, show=arguments.show)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 0 if figures["found"] == 0 else 1


def campaign(
    count: int, seed: int, plants: Sequence[Plant] = PLANTS, *, tell: bool = False, show: bool = False
) -> dict[str, Any]:
    """So many cases from number `seed` on."""
    began, found, by_plant = time.monotonic(), Counter[str](), Counter[str]()
    findings: list[str] = []
    for k in range(count):
        case = run(plants[k % len(plants)], seed + k)
        found.update(case.bad)
        by_plant[case.plant] += "untold" in case.bad
        if case.bad:
            findings.append(f"{seed + k} {case.plant}: {', '.join(case.bad)}: {case.code} {' | '.join(case.faults)}")
        if tell and (case.bad or (show and k < len(plants))):
            print(f"{seed + k} {case.plant}: {', '.join(case.bad) or 'told'}", *case.faults, sep="\n    ",
                  file=sys.stderr, flush=True)  # fmt: skip
    missed = found["untold"] if found["untold"] > (1 - ENOUGH) * count else 0
    return {
        "campaign": "contradictions", "row": 10, "count": count, "seed": seed,
        "seconds": round(time.monotonic() - began, 1),
        "found": missed + found["jargon"] + found["wrong_code"],
        "plants": len(plants), "told": count - found["untold"],
        "told_percent": round(100 - 100 * found["untold"] / count, 1),
        "jargon": found["jargon"], "wrong_code": found["wrong_code"],
        "untold": {name: number for name, number in sorted(by_plant.items()) if number}, "findings": findings[:20],
    }  # fmt: skip


def run(plant: Plant, number: int | None) -> Case:
    """One case, in the random instance of a number, or (None) in a plain one."""
    field = Field.plain() if number is None else Field(number)
    planted = plant(field)
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "instance", Path(scratch) / "out"
        write_instance(folder, field.drawn.tables, field.drawn.settings)
        code, shown = _planned(folder, out)
        published = out.exists()
    faults = [line.removeprefix("fault: ") for line in shown.splitlines() if line.startswith("fault: ")]
    bad = [] if any(is_told(line, planted) for line in faults) else ["untold"]
    if any(JARGON.search(_without(line, planted)) for line in faults or [shown]):
        bad.append("jargon")
    if code != terminal.FAULTY or published:
        bad.append("wrong_code")
    return Case(plant.__name__, code, faults or [shown], bad)


def is_told(fault: str, planted: Planted) -> bool:
    """Whether a fault stands where it was planted, and names whom and when it is about."""
    place, _, message = fault.partition(": ")
    stands = any(place.startswith(f"{table}.csv, row {row + 2}") for table, row in planted.rows)
    return stands and all(word in message for word in (*planted.names, *([planted.period] if planted.period else [])))


def _without(text: str, planted: Planted) -> str:
    """Without the ids, which may be any words."""
    for name in planted.names:
        text = text.replace(name, "")
    return text


def _planned(folder: Path, out: Path) -> tuple[int, str]:
    """Exit code and standard error of the command line."""
    told, shown = StringIO(), StringIO()
    call = ["replenish", "plan", str(folder), "-o", str(out), "--gap", "0.05", "--time-limit", "10"]
    with (
        patch.object(sys, "argv", call), patch.object(plan_command, "Engine", InProcess),
        patch.object(terminal, "err", Console(file=told, width=10_000, highlight=False)),
        redirect_stderr(told), redirect_stdout(shown),
    ):  # fmt: skip
        try:
            cli.main()
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else int(ended.code is not None), told.getvalue()
    return 0, told.getvalue()


if __name__ == "__main__":
    sys.exit(main())
