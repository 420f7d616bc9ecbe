"""Faults planted in sound files: every one must be told, with its file, row, column and value, and all in one run.

    python -m tests.campaigns.bad_inputs --count 3000 --seed 1

Kinds take turns (`tests.campaigns.drawn.faults` lists them), alone in every third round, else with up to four others
in the same files. A fault counts as told where `check` has a finding of its severity at its place; a place is what
applies of file, row, column and value. A sound instance must have no fault before.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from optimizer.check import check as check_instance
from optimizer.read import Located
from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.drawn.faults import KINDS, Kind, Planted, kinds_in_turn, spoiled

PARTS = ("file", "row", "column", "value")


def case(number: int, run: Run) -> Iterator[str]:
    """One instance with one to five faults."""
    dice = random.Random(number)
    made = spoiled(run.folder(), kinds_in_turn(number, dice), dice)
    report = check_instance(made.folder)
    beside = ", ".join(kind.name for kind, _ in made.planted)
    for kind, planted in made.planted:
        run.counts["planted"] += 1
        run.rules[kind.name] += 1
        named = told(planted, report.findings, kind)
        if named is None:
            run.counts["silently accepted"] += 1
            yield f"{kind.name} ({planted}) is not told, of: {beside}"
            continue
        run.counts.update(f"{part} named" for part in PARTS if named[part])
        lacking = [part for part in PARTS if not named[part]]
        run.counts["all named"] += not lacking
        if lacking:
            run.counts[f"{kind.name}: {', '.join(lacking)} not named"] += 1
    blamed = [found for found in report.faults if not any(_is_about(found, planted) for _, planted in made.planted)]
    run.counts["instances with a fault told that nobody planted"] += bool(blamed)
    for found in blamed[:1]:
        run.figures.setdefault("not planted", []).append(f"{str(found)[:150]}, of: {beside}")
    if report.sound and any(kind.severity == "fault" for kind, _ in made.planted):
        yield f"the instance counts as sound, with: {beside}"


def told(planted: Planted, findings: Sequence[Located], kind: Kind) -> dict[str, bool] | None:
    """Which parts of its place the best finding about a fault names; None where there is none about it."""
    best: dict[str, bool] | None = None
    for found in findings:
        if (found.severity.value == "fault") < (kind.severity == "fault"):
            continue
        named = _named(planted, found)
        if named["file"] and (named["row"] if planted.row is not None else named["column"]):
            best = max(best or named, named, key=lambda parts: sum(parts.values()))
    return best


def _is_about(found: Located, planted: Planted) -> bool:
    named = _named(planted, found)
    return named["file"] and (named["row"] if planted.row is not None else True)


def _named(planted: Planted, found: Located) -> dict[str, bool]:
    files = {f"{planted.table}.csv", f"{planted.table}.toml"}
    rows = {planted.row, *planted.other_rows}
    text = str(found)
    return {
        "file": found.where in files or any(file in text for file in files),
        "row": planted.row is None or found.row in rows or any(f"row {row}" in text for row in rows),
        "column": not planted.column or found.column == planted.column or f"'{planted.column}'" in text,
        "value": not planted.value or found.value == planted.value or planted.value in text,
    }


def _summary(run: Run) -> dict[str, Any]:
    planted = run.counts["planted"] or 1
    beside = Counter(run.figures.pop("not planted", []))
    return {
        "not planted": [text for text, _ in beside.most_common(10)],
        "kinds": len(KINDS),
        "percent with all named": round(100 * run.counts["all named"] / planted, 2),
    }


CAMPAIGN = Campaign(
    "bad_inputs", 2, "0 silently accepted; 99% name file, row, column, value", 3000, 26, case,
    summary=_summary,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
