"""Campaign: the frame of every campaign. Numbered cases, what is wrong with each, and the figures as JSON.

    def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
        run.counts["with orders"] += 1          # figures of its own
        yield "what is wrong, in one sentence"

    CAMPAIGN = Campaign("audited", 4, "0 violations", 2000, 10, on_instances(instance, check))
    if __name__ == "__main__":
        sys.exit(main(CAMPAIGN, about=__doc__))

Cases are numbered from the seed on, so that `--count 1 --seed N` is case N alone. A case that breaks off by an
exception is wrong by that. Of an instance that is wrong, the folder is written under `--keep`, smaller where `--shrink`
is asked for; each folder under tests/regressions is a test, which calls the `check` of the campaign's module again.
Progress is shown where standard error is a terminal. Ctrl-C prints what there is by then. The exit code is 1 where
anything was found.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.campaigns import regressions
from tests.campaigns.drawn.rule import Drawn

REDRAWN = 0.5  # seconds between two lines of progress
SHARED = "shared"
LONGEST = 2000  # characters of what is told of a case


@dataclass
class Run:
    """One run of a campaign: what its cases are given, and what they note.

    Attributes:
        options: of the command line; a campaign has those that it adds.
        scratch: a folder that is thrown away.
        counts: how often something occurred.
        rules: how often each rule did.
        figures: other figures of the report.
        found: of each thing that is wrong, the case, what it is, and the folder that was kept.
        cases: how many there were.
        instance: what the case at hand is about.
        kept: what a campaign makes in its first case and needs in all; its summary ends it.
        at_end: what is closed after the last case.
    """

    options: argparse.Namespace
    scratch: Path
    counts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    figures: dict[str, Any] = field(default_factory=dict)
    found: list[dict[str, Any]] = field(default_factory=list)
    cases: int = 0
    instance: Drawn | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    at_end: ExitStack = field(default_factory=ExitStack)

    def folder(self) -> Path:
        """A new folder, that is thrown away after the case."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def once(self, name: str, make: Callable[[Path], Any]) -> Any:
        """What cases share: the first that asks for it makes it, in a folder that stays until the end."""
        if name not in self.kept:
            home = self.scratch / SHARED / name
            home.mkdir(parents=True, exist_ok=True)
            self.kept[name] = make(home)
        return self.kept[name]

    def most(self, name: str, value: float) -> None:
        """Keep the largest value of a figure."""
        self.figures[name] = max(value, self.figures.get(name, value))


Case = Callable[[int, Run], Iterator[str]]
Check = Callable[[Drawn, int, Run], Iterator[str]]
Summary = Callable[[Run], dict[str, Any]]


@dataclass(frozen=True)
class Campaign:
    """What a campaign is.

    Attributes:
        name: of its module.
        row: of the scoreboard.
        target: what its figures should be.
        usual: cases of a full run.
        small: cases that run with the tests, in a second or two.
        case: yields what is wrong with a case.
        arguments: adds options of its own.
        summary: figures that are made of the notes at the end.
        first: seed of the small run.
        words: options of the small run.
    """

    name: str
    row: int
    target: str
    usual: int
    small: int
    case: Case
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    summary: Summary = lambda run: {}
    first: int = 1
    words: tuple[str, ...] = ()

    def parser(self, about: str = "") -> argparse.ArgumentParser:
        """Its command line."""
        parser = argparse.ArgumentParser(
            prog=f"python -m tests.campaigns.{self.name}",
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--count", type=int, default=self.usual, help=f"cases ({self.usual:,})")
        parser.add_argument("--seed", type=int, default=1, help="number of the first (1)")
        parser.add_argument("--at-most", type=float, default=math.inf, help="seconds after which no case is begun")
        parser.add_argument("--keep", type=Path, help="folder that gets the instances of which something is wrong")
        parser.add_argument(
            "--shrink", type=float, default=0, metavar="SECONDS", help="make each smaller before, so long"
        )
        self.arguments(parser)
        return parser


def carried_out(
    campaign: Campaign, count: int, seed: int, *words: str, keep: Path | None = None, tell: bool = False
) -> Run:
    """Run so many cases from number `seed` on; further words are options of the command line."""
    options = campaign.parser().parse_args(words)
    options.keep = keep or options.keep
    began, shown = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(options, Path(scratch))
        try:
            for number in range(seed, seed + count):
                if time.monotonic() - began > options.at_most:
                    break
                _one(campaign, number, run)
                now = time.monotonic()
                if tell and (now - shown > REDRAWN or run.cases == count):
                    shown = now
                    told = f"{campaign.name}: {run.cases:,} of {count:,}, {len(run.found)} found"
                    print(f"\r{told}, {now - began:.0f} s", end="", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            run.figures["stopped"] = True
        finally:
            run.at_end.close()
            if tell:
                print(file=sys.stderr)
    run.figures |= campaign.summary(run)
    return run


def on_instances(draw: Callable[[int], Drawn], check: Check) -> Case:
    """The cases of a campaign that checks one instance each."""

    def case(number: int, run: Run) -> Iterator[str]:
        run.instance = draw(number)
        yield from check(run.instance, number, run)

    return case


def wrong_with(case: Iterator[str]) -> list[str]:
    """All that is wrong, the exception by which it breaks off included."""
    wrong = []
    try:
        for text in case:
            wrong.append(text)
    except Exception as error:  # whatever it is, the case was to come to an end
        wrong.append(f"{type(error).__name__}: {error}")
    return wrong


def again(name: str, drawn: Drawn, number: int) -> list[str]:
    """What the check of a campaign says of an instance now."""
    module = import_module(f"tests.campaigns.{name}")
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(module.CAMPAIGN.parser().parse_args([]), Path(scratch))
        return wrong_with(module.check(drawn, number, run))


def _one(campaign: Campaign, number: int, run: Run) -> None:
    run.instance = None
    wrong = wrong_with(campaign.case(number, run))
    run.cases += 1
    for folder in run.scratch.iterdir():
        if folder.name != SHARED:
            shutil.rmtree(folder)
    if wrong:
        kept = _kept(campaign, number, run, wrong)
        run.found += [{"case": number, "what": text[:LONGEST], "folder": kept} for text in wrong]


def _kept(campaign: Campaign, number: int, run: Run, wrong: Sequence[str]) -> str | None:
    """The folder of the instance that the case was about; None where nothing is to be kept."""
    if run.instance is None or run.options.keep is None:
        return None
    drawn = run.instance
    if run.options.shrink:
        from tests.campaigns.shrink import smaller_with  # which imports this

        drawn = smaller_with(drawn, campaign.name, number, wrong[0], run.options.shrink)
    folder = run.options.keep / f"{campaign.name}-{number}"
    regressions.write(folder, drawn, regressions.Case(campaign.name, number, wrong[0][:LONGEST]))
    return str(folder)


def report(campaign: Campaign, run: Run, seed: int, seconds: float) -> dict[str, Any]:
    """The figures as they are printed."""
    return {
        "campaign": campaign.name,
        "row": campaign.row,
        "target": campaign.target,
        "count": run.cases,
        "seed": seed,
        "seconds": round(seconds, 1),
        "found": len(run.found),
        **dict(sorted(run.counts.items())),
        **run.figures,
        **({"rules": dict(sorted(run.rules.items()))} if run.rules else {}),
        "wrong": run.found,
    }


def main(campaign: Campaign, argv: Sequence[str] | None = None, about: str = "") -> int:
    """Run a campaign from the command line and print its figures."""
    words = list(sys.argv[1:] if argv is None else argv)
    asked, began = campaign.parser(about).parse_args(words), time.monotonic()
    run = carried_out(campaign, asked.count, asked.seed, *words, tell=sys.stderr.isatty())
    figures = report(campaign, run, asked.seed, time.monotonic() - began)
    json.dump(figures, sys.stdout, indent=2, ensure_ascii=False, default=str)
    print()
    return 1 if run.found else 0
