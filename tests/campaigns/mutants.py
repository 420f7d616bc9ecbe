"""Mutants: one small thing of the reader, the checker, the audit or the writer made wrong; a test must fail for it.

    python -m tests.campaigns.mutants --count 300 --seed 1 --known known.json

First it is noted which line each test of these packages runs (`tests.campaigns.baseline`). Case N is the N-th of all
places in an order of chance (`tests.campaigns.mutations` says what is made wrong there). The tests that run its line
are run with that made wrong (`tests.campaigns.tested`), those of the module's own file first, then the quickest, until
one fails: then the mutant is killed. Who needs far more CPU than usual is killed, too. Who lives through `--seconds` of
CPU counts as survived, though a test that takes longer might kill it, and so does what only a process of its own would
notice.

`EQUIVALENT` are survivors that no test can tell from the original, with the reason. `score` is killed ÷ (tried − them).
What is found is by how many the survivors are more than a tenth. `--paths`, `--tests`, `--known` as for `coverage`.
"""

import argparse
import ast
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.campaigns import coverage
from tests.campaigns.baseline import TESTS, Baseline, baseline, files_of
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.equivalent import EQUIVALENT
from tests.campaigns.mutations import Place, mutated, places
from tests.campaigns.tested import SURVIVED, Tested

ENOUGH = 0.9  # of the mutants killed
UNTESTED = "no test runs it"


@dataclass(frozen=True)
class Mutant:
    """A file with one place made wrong."""

    path: str
    number: int
    place: Place

    @property
    def name(self) -> str:
        """As in `EQUIVALENT`: the file, the first line of the statement, and what is made wrong in it."""
        line = Path(self.path).read_text(encoding="utf-8").splitlines()[self.place.first - 1].strip()
        return f"{self.path}: {line}: {self.place.told}"


@dataclass
class _Kept:
    """What all cases share."""

    mutants: list[Mutant]
    known: Baseline
    tested: Tested
    scratch: "tempfile.TemporaryDirectory[str]"


def case(number: int, run: Run) -> Iterator[str]:
    """One mutant; never wrong by itself, as some may survive."""
    kept = _kept(run)
    mutant = kept.mutants[(number - 1) % len(kept.mutants)]
    place = mutant.place
    tests = kept.known.running(mutant.path, place.first, place.last, place.function)
    outcome = UNTESTED
    if tests:
        code = compile(mutated(Path(mutant.path).read_text(encoding="utf-8"), mutant.number), mutant.path, "exec")
        names = [name for name, _ in tests]
        outcome = kept.tested.by(mutant.path, code, names, run.options.seconds, place.function)
    run.counts[outcome] += 1
    if outcome in (SURVIVED, UNTESTED):
        reason = EQUIVALENT.get(mutant.name, "")
        run.counts["equivalent"] += bool(reason)
        told = {"case": number, "where": f"{mutant.path}:{place.first}", "what": place.told, "outcome": outcome}
        run.figures.setdefault("survivors", []).append(told | ({"equivalent": reason} if reason else {}))
        print(f"{number}: {told['where']}: {place.told}: {reason or outcome}", file=sys.stderr, flush=True)
    yield from ()


def _kept(run: Run) -> _Kept:
    return coverage.once(run, lambda: _made(run.options))


def _made(asked: argparse.Namespace) -> _Kept:
    files = files_of(asked.paths)
    every = [
        Mutant(path, number, place)
        for path in files
        for number, place in enumerate(places(ast.parse(Path(path).read_text(encoding="utf-8"))))
    ]
    random.Random("mutants").shuffle(every)
    known = baseline(asked.paths, asked.tests, asked.known, whole=False)
    scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    tested = Tested(asked.tests, files, Path(scratch.name), libraries=tuple(asked.tests) == TESTS)
    return _Kept(every, known, tested, scratch)


def _summary(run: Run) -> dict[str, Any]:
    kept = _kept(run)
    kept.tested.close()
    kept.scratch.cleanup()
    alive = run.counts[SURVIVED] + run.counts[UNTESTED] - run.counts["equivalent"]
    judged = run.cases - run.counts["equivalent"]
    for _ in range(alive - int((1 - ENOUGH) * judged + 1e-9)):
        run.found.append({"case": 0, "what": "a survivor more than a tenth", "folder": None})
    return {"score": round(1 - alive / max(1, judged), 4), "places": len(kept.mutants)}


def _arguments(parser: argparse.ArgumentParser) -> None:
    coverage.arguments(parser)
    parser.add_argument("--seconds", type=float, default=10, help="of CPU for each mutant (10)")


CAMPAIGN = Campaign("mutants", 22, "90%", 300, 3, case, _arguments, _summary, words=coverage.SMALL)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
