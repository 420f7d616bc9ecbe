"""Plant contradictory rules, and see that they are told where they stand, in the planner's words.

    python -m tests.campaigns.contradictions --count 300 --seed 1

Each case takes one of the plants of `planted` in turn, plants it in a random instance, and runs `replenish plan` (the
search in this process). Whether the reader, a check or the solver finds it makes no difference. A case is *told* where
a single fault stands at the row of one of the rules that contradict each other, and names the item (or customer, or
supplier) and, where a rule holds in one period, the period. What is found: a case that is not told so, though the
target is 95 of a hundred; a word of the solver's in what is shown; an exit code other than 1, or something published.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from rich.console import Console

from optimizer import cli
from optimizer.commands import plan as plan_command
from optimizer.commands import terminal
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.planted import PLANTS, Field, Plant, Planted
from tests.reference.folder import write_instance
from tests.solve.in_process import InProcess

JARGON = re.compile(
    r"infeasib|\bfeasible|constraint|variable|solver|presolve|\bIIS\b|elastic|slack|\bdual|relax|\bLP\b|\bMIP\b|matrix|"
    r"Traceback|Error\b|\binf\b|\bnan\b|\bNone\b|optimi[sz]|binary|integer|our own",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ended:
    """What became of one case: exit code, what was shown, and what is wrong with that."""

    code: int
    faults: list[str]
    bad: list[str]


def case(number: int, run: Run) -> Iterator[str]:
    """The plant whose turn it is, in the random instance of a number."""
    plant = PLANTS[number % len(PLANTS)]
    ended = planned(plant, Field(number), run.folder())
    run.rules[plant.__name__] += 1
    run.counts["told"] += "untold" not in ended.bad
    for bad in ended.bad:
        yield f"{bad}: {plant.__name__}: {ended.code} {' | '.join(ended.faults)}"


def planned(plant: Plant, field: Field, home: Path) -> Ended:
    """What becomes of a field in which a contradiction is planted."""
    made = plant(field)
    write_instance(home / "instance", field.drawn.tables, field.drawn.settings)
    code, shown = _planned(home / "instance", home / "out")
    faults = [line.removeprefix("fault: ") for line in shown.splitlines() if line.startswith("fault: ")]
    bad = [] if any(is_told(line, made) for line in faults) else ["untold"]
    if any(JARGON.search(_without(line, made)) for line in faults or [shown]):
        bad.append("words of the solver's")
    if code != terminal.FAULTY or (home / "out").exists():
        bad.append("wrong exit code, or something published")
    return Ended(code, faults or [shown], bad)


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


CAMPAIGN = Campaign(
    "contradictions", 10, "95% name rule, item, period; no solver's words; the exit code is 1", 300, 6, case
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
