"""The table of hazards in `docs/input.md`: every message in it is what the reader says today."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .small import SOUND, TOML, Content, findings
from .test_workbook import book, told

PAGE = Path(__file__).parents[2] / "docs" / "input.md"

S = "item,supplier,unit_cost,lead_time\n"
D = "item,customer,due,quantity\n"
I = "item,price\n"

# What went wrong, and the file in which it did.
FOLDERS: list[tuple[str, Mapping[str, Content]]] = [
    (
        "Leading zeros lost in one of two files",
        {"items.csv": "item\n00123\nA1\nB2\n", "demand.csv": f"{D}123,C1,2026-12-07,1\n"},
    ),
    ("An id in capitals here, in small letters there", {"demand.csv": f"{D}a1,C1,2026-12-07,1\n"}),
    (
        "An id that a spreadsheet took for a number",
        {"items.csv": "item\n1E5\nA1\nB2\n", "demand.csv": f"{D}100000,C1,2026-12-07,1\n"},
    ),
    ("A long id that it has shortened", {"demand.csv": f'{D}A1,"4,00638E+12",2026-12-07,1\n'}),
    ("Spaces round an id", {"demand.csv": f"{D} A1,C1,2026-12-07,1\n"}),
    ("A character in an id that cannot be seen", {"demand.csv": f"{D}A1,C\u200b1,2026-12-07,1\n"}),
    ("A comma as decimal sign", {"sourcing.csv": f'{S}A1,ACME,"3,5",2\n'}),
    ("Thousands separators, English", {"sourcing.csv": f'{S}A1,ACME,"1,234",2\n'}),
    ("Thousands separators, German", {"sourcing.csv": f'{S}A1,ACME,"1.234,50",2\n'}),
    ("A part of a period", {"sourcing.csv": f"{S}A1,ACME,2,3.5\n"}),
    ("A percent sign", {"sourcing.csv": f"{S}A1,ACME,12%,2\n"}),
    ("A currency sign", {"sourcing.csv": f"{S}A1,ACME,€ 12,2\n"}),
    ("`NA`, `-`, `none` for an empty cell", {"items.csv": f"{I}A1,NA\nB2,1\n"}),
    ("`inf`, `nan`", {"items.csv": f"{I}A1,inf\nB2,1\n"}),
    ("A negative number", {"sourcing.csv": f"{S}A1,ACME,-2,2\n"}),
    ("Negative stock", {"inventory.csv": "item,location,on_hand\nA1,main,-5\n"}),
    ("A number of more than 15 digits", {"sourcing.csv": f"{S}A1,ACME,9007199254740993,2\n"}),
    ("A cell that must be filled", {"sourcing.csv": f"{S}A1,ACME,,2\n"}),
    ("A German date", {"demand.csv": f"{D}A1,C1,07.12.2026,1\n"}),
    ("A date that may be two", {"demand.csv": f"{D}A1,C1,03/04/2026,1\n"}),
    ("A day that does not exist", {"demand.csv": f"{D}A1,C1,2026-02-30,1\n"}),
    ("A week that does not exist", {"demand.csv": f"{D}A1,C1,2026-W54,1\n"}),
    ("A calendar week, not as ISO has it", {"demand.csv": f"{D}A1,C1,KW48/2026,1\n"}),
    ("A date as Excel counts days", {"demand.csv": f"{D}A1,C1,46349,1\n"}),
    ("A word that is not allowed", {"demand.csv": "item,customer,due,kind,quantity\nA1,C1,2026-12-07,Forecast,1\n"}),
    ("A row with a cell too many", {"demand.csv": f"{D}A1,C1,2026-12-07,1,1\nA1,C2,2026-12-07,1\n"}),
    ("A row with a cell too few", {"demand.csv": f"{D}A1,C1,2026-12-07\nA1,C2,2026-12-07,1\n"}),
    ("A quotation mark that is not closed", {"items.csv": 'item,description\nA1,"abc\nB2,x\n'}),
    ("A header spelled otherwise", {"sourcing.csv": f"{S.replace('item', 'ITEM ')}A1,ACME,2,2\n"}),
    ("A header misspelled, of a column with a default", {"items.csv": "item,prize\nA1,1\nB2,2\n"}),
    ("A column of your own", {"items.csv": "item,buyer\nA1,x\nB2,y\n"}),
    ("A column that is missing", {"sourcing.csv": "item,supplier,lead_time\nA1,ACME,2\n"}),
    ("A header that stands twice", {"items.csv": "item,price,price\nA1,1,2\n"}),
    ("Two rows with one key", {"items.csv": f"{I}A1,1\nB2,2\nA1,3\n"}),
    ("Semicolons between cells", {name: SOUND[name].replace(",", ";") for name in SOUND if name.endswith(".csv")}),
    ("Semicolons in one file only", {"sourcing.csv": f"{S}A1,ACME,2,2\n".replace(",", ";")}),
    ("A file of another encoding", {"items.csv": "item,description\nA1,Größe\nB2,x\n".encode("cp1252")}),
    ("A file saved as Unicode Text", {"items.csv": f"{I}A1,1\n".encode("utf-16")}),
    ("A NUL character", {"items.csv": f"{I}A1,1\nB\x002,2\n"}),
    ("A file that is missing", {"demand.csv": None}),
    ("A file named otherwise", {"demand.csv": None, "Demand.csv": D}),
    ("A table with a header only, that must have rows", {"demand.csv": D}),
    ("A setting misspelled", {"instance.toml": f"{TOML}[horizon]\nfrozn = 1\n"}),
    ("A setting that is not allowed", {"instance.toml": f"{TOML}[solve]\ngap = 2\n"}),
]
BOOKS: list[tuple[str, Mapping[str, Any]]] = [
    ("Excel: ids typed as numbers", {"items": [["item"], [123], ["A1"], ["B2"]]}),
    ("Excel: an id turned into a date", {"items": [["item"], [date(2026, 3, 12)], ["A1"], ["B2"]]}),
    ("Excel: an id of more than 15 digits", {"items": [["item"], ["A1"], ["B2"], [9007199254740993]]}),
    ("Excel: an error in a cell", {"items": [["item", "price"], ["A1", "=NA()"], ["B2", 1]]}),
    ("Excel: TRUE or FALSE for a number", {"items": [["item", "price"], ["A1", True], ["B2", 1]]}),
    ("Excel: a number stored as text", {"items": [["item", "price"], ["A1", "1,5"], ["B2", 1]]}),
]


def row(what: str, found: list[str]) -> str:
    """A row of the page: what went wrong, and the first thing that is said of it."""
    message = found[0].replace("|", "\\|").replace("\u200b", "")
    return f"| {what} | `{message}` |"


def test_every_message_of_the_page_is_what_the_reader_says(tmp_path: Path) -> None:
    rows = [row(what, findings(tmp_path / str(k), changes)) for k, (what, changes) in enumerate(FOLDERS)]
    rows += [row(what, told(book(tmp_path / "plan.xlsx", changes))) for what, changes in BOOKS]
    assert [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line in rows] == rows, "\n".join(rows)
