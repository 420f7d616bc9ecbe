"""Ids and names that look like formulas, read back from the CSV files and from the workbook of a plan.

    python -m tests.campaigns.formulas --count 300 --seed 1

In `plan.xlsx` nothing may be a formula or a link, every id must be the text that it is, and every number a number. CSV
files hold ids byte for byte, so that they can be loaded; a spreadsheet program may take some for formulas, and the plan
must warn of that.
"""

import csv
import json
import random
import sys
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from tests.campaigns.campaign import Campaign, Run, main
from tests.campaigns.command_line import called, disagreements
from tests.campaigns.drawn.changes import MASTERS, naming
from tests.campaigns.drawn.faults import base
from tests.campaigns.drawn.odd import with_odd_ids
from tests.campaigns.drawn.rule import Drawn
from tests.reference.folder import write_instance

LIVE = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","click")', "@SUM(1+1)", "+1+1", "-2+3", "=A1", "=",
    "=IMPORTXML(A1)", "{=1+1}", "http://x.example", "mailto:a@x.example", "internal:Sheet1!A1", "0042", "1E5",
    "12", "-7", "1.50", "TRUE", "2026-11-23", "#N/A", "'=1+1", "+49170", "@home", "-- DROP", "=\"a\"&\"b\"",
)  # fmt: skip
STARTS = ("=", "+", "-", "@", "\t")


def case(number: int, run: Run) -> Iterator[str]:
    """One plan of an instance whose ids, names and settings look live."""
    dice, home = random.Random(number), run.folder()
    drawn = _dressed(dice)
    run.instance = drawn
    write_instance(home / "instance", drawn.tables, drawn.settings)
    out = home / "plan"
    ended = called("plan", home / "instance", "-o", out, "--time-limit", 5, "--threads", 1, "--seed", number)
    yield from disagreements(ended, out)
    if ended.code != 0:
        yield f"it was not planned: {ended.err[-300:]}"
        return
    yield from _in_workbook(out / "plan.xlsx", drawn, run)
    yield from _in_tables(out, drawn, run)


def _dressed(dice: random.Random) -> Drawn:
    drawn = with_odd_ids(dice, base(dice), tuple(name for name in LIVE if name == name.strip()))
    keep = set(dice.sample(drawn.ids("item"), 3))  # of six
    for name, of in drawn.tables.items():
        if "item" in of:
            rows = [k for k, item in enumerate(of["item"]) if item in keep]
            drawn.tables[name] = {column: [cells[k] for k in rows] for column, cells in of.items()}
    items, demand = drawn.tables["items"], drawn.tables["demand"]
    items["description"] = [dice.choice(LIVE) for _ in items["item"]]
    demand["reference"] = [dice.choice(LIVE) for _ in demand["item"]]
    drawn.settings |= {"name": "formulas", "periods": 8, "solve": {"gap": 0.2}}
    return drawn


def _in_workbook(path: Path, drawn: Drawn, run: Run) -> Iterator[str]:
    texts = {cell for of in drawn.tables.values() for cells in of.values() for cell in cells}
    seen: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of colours that it does not know
        book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                run.counts["cells of workbooks"] += 1
                if cell.data_type == "f" or cell.hyperlink is not None:
                    yield f"{sheet.title}!{cell.coordinate} is live: {cell.value!r}"
                elif isinstance(cell.value, str):
                    seen.add(cell.value)
                    if _is_number(cell.value) and cell.value not in texts:
                        yield f"{sheet.title}!{cell.coordinate} is a number stored as text: {cell.value!r}"
    missing = {item for item in drawn.ids("item") if item not in seen}
    if missing:
        yield f"no sheet has the items {sorted(missing)} as they are"
    with zipfile.ZipFile(path) as archive:
        links = [name for name in archive.namelist() if "externalLink" in name or "connections" in name]
        live = [name for name in archive.namelist() if name.endswith(".xml") and b"<f>" in archive.read(name)]
    if links or live:
        yield f"the workbook has {links + live}"


def _in_tables(out: Path, drawn: Drawn, run: Run) -> Iterator[str]:
    ids = {cell for master in MASTERS for cells in naming(drawn, master) for cell in cells}
    starts = False
    for path in sorted(out.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                run.counts["rows of tables"] += 1
                named: dict[str, Any] = {name: row[name] for name in ("item", "supplier", "customer") if row.get(name)}
                starts |= any(value.startswith(STARTS) for value in named.values())
                strange = {name: value for name, value in named.items() if value not in ids}
                if strange:
                    yield f"{path.name} has {strange}, which nobody wrote"
                    return
    told = any("formula" in text for text in json.loads((out / "plan.json").read_bytes())["warnings"])
    run.counts["plans with ids that a spreadsheet may take for formulas"] += starts
    if starts and not told:
        yield "ids that a spreadsheet may take for formulas, and no warning"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


CAMPAIGN = Campaign("formulas", 17, "0 live; numbers stay numbers", 300, 1, case)

if __name__ == "__main__":
    sys.exit(main(CAMPAIGN, about=__doc__))
