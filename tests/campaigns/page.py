"""Page: docs/reliability.md, made from the kept figures alone.

    python -m tests.campaigns.page

What a person has to say, the list of what was found and mended among it, stands in `notes.md` beside this file and goes
in as it is.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.campaigns import results
from tests.campaigns.scoreboard import HERE, ROWS, Row, there

PAGE, NOTES = HERE.parents[1] / "docs" / "reliability.md", HERE / "notes.md"
FRAME = {
    "campaign",
    "row",
    "target",
    "count",
    "seed",
    "seconds",
    "found",
    "wrong",
    "rules",
    "date",
    "commit",
    "command",
}
HEAD = """\
# Reliability

<!-- Made by `python -m tests.campaigns.page` from tests/campaigns/results.jsonl and notes.md; change those. -->

A wrong purchase order costs real money. Each row is something that must never go wrong, and the campaigns that look
for it: each is a command with `--count` and `--seed`, prints its figures as JSON, and ends with 1 where it
found something. The figures are those of the latest run that was kept; *found* is what was wrong with the code of that
commit, and 0 is good.
"""
COMMANDS = """\
## Run them

From a clone with the `test` extra (`pip install -e ".[test]"`; the package alone has no tests folder, and no
campaigns):

```
python -m tests.campaigns                           # the rows, their targets and their commands
python -m tests.campaigns --small                   # all of them, small, as the tests do
python -m tests.campaigns 8 --count 500 --seed 1    # one row
python -m tests.campaigns 8 --record                # and keep its figures: this page is written anew
python -m tests.campaigns.audited --count 1 --seed 77 --keep tests/regressions --shrink 120
```

Case N of a campaign is the same on every machine, so `--count 1 --seed N` is that case alone. `--keep` writes the
instance of which something was wrong, with the check that said so, and `--shrink` makes it smaller before: it drops
tables, items, suppliers, rows, columns and periods while it still fails in the same words. A folder under
`tests/regressions` is tried again with every run of the tests. To make any instance smaller:

```
python -m tests.campaigns.shrink INSTANCE --check audited -o smaller
```
"""


def page(figures: Mapping[str, Mapping[str, Any]], notes: str) -> str:
    """The page's text."""
    table = ["| # | what | target | cases | found | date | commit |", "|---|---|---|---|---|---|---|"]
    for row in ROWS:
        table += _lines(row, figures)
    details = [_details(figures[name]) for row in ROWS for name in row.campaigns if name in figures]
    parts = [HEAD, "\n".join(table), notes, COMMANDS, "## Figures", *details]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _lines(row: Row, figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    known = [figures[name] for name in row.campaigns if name in figures]
    if not known:
        why = "not measured yet" if any(there(name) for name in row.campaigns) else "by tests only"
        return [f"| {row.number} | {row.about} | {row.target} | {why} | | | |"]
    return [
        f"| {row.number if not k else ''} | {row.about if not k else ''} | {row.target if not k else ''} "
        f"| {one['count']:,} `{one['campaign']}` | {one['found']:,} | {one['date']} | {one['commit']} |"
        for k, one in enumerate(known)
    ]


def _details(figures: Mapping[str, Any]) -> str:
    """A campaign's command and its own figures."""
    own = {name: value for name, value in figures.items() if name not in FRAME and not isinstance(value, list)}
    lines = [
        f"**{figures['campaign']}** (row {figures.get('row', '')}): `{figures['command']}`, {figures['seconds']:,.0f} s"
    ]
    lines += ["", "; ".join(f"{name}: {_text(value)}" for name, value in own.items())] if own else []
    kinds = figures.get("rules")
    if isinstance(kinds, dict) and kinds and all(isinstance(count, int) for count in kinds.values()):
        lines += ["", f"{len(kinds)} kinds, of each {min(kinds.values()):,} to {max(kinds.values()):,}."]
    for one in figures.get("wrong", [])[:20]:
        lines += ["", f"- found: {_text(one.get('what', one) if isinstance(one, dict) else one)[:300]}"]
    return "\n".join(lines)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(one)}" for name, one in value.items()) or "none"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def write(target: Path = PAGE) -> None:
    """Write the page."""
    notes = NOTES.read_text(encoding="utf-8") if NOTES.exists() else ""
    target.write_text(page(results.latest(), notes), encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.exit(0)
