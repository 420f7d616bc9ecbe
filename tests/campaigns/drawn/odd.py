"""Forms of sound files that look odd, and odd ids: all of them are to be read, and ids to stay what they are."""

import csv
import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from models import schema
from models.tables import Kind
from tests.campaigns.drawn.changes import MASTERS, naming
from tests.campaigns.drawn.rule import Drawn
from tests.reference.folder import toml_text

IDS = (
    "00123", "0", "-1", "1E5", "1e-7", "1.0", "1,5", "NA", "N/A", "NULL", "null", "nan", "NaN", "None", "inf", "True",
    "FALSE",
    "=1+1", "+49 170", "-5", "@home", "#REF!", "'quoted'", 'say "q"', "a,b", "a;b", "a|b", "a\\b", "{x}", "[y]", "%s",
    "2026-11-23", "1/2", "0x10", "ß", "Å", "A\u030a", "日本", "عربي", "🙂", "a  b", "a.b", "..", "~",
    "CON", "x" * 200, "<b>", "&amp;",
    "$(id)", "a\u00a0b", "Ω", "café", "cafe\u0301", "١٢", "½", "_", "--", "*", "?",
)  # fmt: skip
LATIN = tuple(name for name in IDS if name.encode("cp1252", "ignore").decode("cp1252") == name)
Write = Callable[[random.Random, Path, Drawn], None]


def with_odd_ids(dice: random.Random, drawn: Drawn, among: tuple[str, ...] = IDS) -> Drawn:
    """Every item, supplier, customer and location under an odd id."""
    changed = drawn.copy()
    for master, kind in MASTERS.items():
        columns = naming(changed, master)
        known = sorted({cell for cells in columns for cell in cells if cell})
        if kind == "location" and not known:
            continue
        new = dict(zip(known, dice.sample(among, len(known)), strict=True))
        for cells in columns:
            cells[:] = [new.get(cell, cell) for cell in cells]
    return changed


def write(dice: random.Random, folder: Path, drawn: Drawn, form: str) -> None:
    """The instance as a folder of CSV files in one of the forms."""
    folder.mkdir(parents=True, exist_ok=True)
    read: dict[str, str] = {}
    encoding, end, delimiter, mark = "utf-8", "\n", ",", b""
    match form:
        case "byte order mark":
            mark = b"\xef\xbb\xbf"
        case "line ends of Windows":
            end = "\r\n"
        case "line ends of old Macs":
            end = "\r"
        case "semicolons and decimal commas":
            delimiter, read = ";", {"delimiter": ";", "decimal": ","}
        case "tabs":
            delimiter, read = "\t", {"delimiter": "\t"}
        case "bars":
            delimiter, read = "|", {"delimiter": "|"}
        case "German dates":
            read = {"date_format": "%d.%m.%Y"}
        case "cp1252":
            encoding, read = "cp1252", {"encoding": "cp1252"}
        case "UTF-16":
            encoding, read = "utf-16", {"encoding": "utf-16"}
    for name, of in drawn.tables.items():
        rows = _rows(dice, name, of, form)
        text = io.StringIO()
        quoting: Literal[0, 1] = csv.QUOTE_ALL if form == "everything quoted" else csv.QUOTE_MINIMAL
        csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
        content = text.getvalue()
        if form == "no last line end":
            content = content.removesuffix(end)
        if form == "empty lines":
            content = end + content.replace(end, end + end, 3) + end + delimiter * (len(rows[0]) - 1) + end
        (folder / f"{name}.csv").write_bytes(mark + content.encode(encoding))
    settings = {**drawn.settings, **({"read": read} if read else {})}
    text_of = toml_text(settings).replace("\t", "\\t")
    (folder / "instance.toml").write_bytes(mark + text_of.replace("\n", end if end != "\r" else "\n").encode())


def _rows(dice: random.Random, name: str, of: Mapping[str, list[str]], form: str) -> list[list[str]]:
    """Header and rows of a table as the form has them."""
    declared = schema.tables().get(name)
    kinds = {column.name: column.kind for column in declared.all_columns} if declared else {}
    columns = {header: list(cells) for header, cells in of.items()}
    count = len(next(iter(columns.values()), []))
    for header, cells in columns.items():
        if form == "semicolons and decimal commas" and kinds.get(header) in (Kind.NUMBER, Kind.COUNT):
            cells[:] = [cell.replace(".", ",") for cell in cells]
        if form == "German dates" and kinds.get(header) is Kind.DATE:
            cells[:] = [".".join(reversed(cell.split("-"))) for cell in cells]
        if form == "numbers written otherwise" and kinds.get(header) is Kind.NUMBER:
            cells[:] = [_other_number(dice, cell) for cell in cells]
    names = list(columns)
    if form == "columns of one's own":
        columns |= {"buyer": ["Ann, of 'PC 2'"] * count, "plant\n2": [""] * count}
        names = dice.sample(list(columns), len(columns))
    if form == "a trailing delimiter":
        columns[""] = [""] * count
        names.append("")
    return [names, *([columns[header][row] for header in names] for row in range(count))]


def _other_number(dice: random.Random, cell: str) -> str:
    if not cell or cell.startswith("-"):
        return cell
    return dice.choice((f"+{cell}", f"0{cell}", f"{cell}0" if "." in cell else f"{cell}.0", f"{cell}e0", cell))


FORMS = (
    "plain", "byte order mark", "line ends of Windows", "line ends of old Macs", "semicolons and decimal commas",
    "tabs",
    "bars", "German dates", "cp1252", "UTF-16", "everything quoted", "no last line end", "empty lines",
    "numbers written otherwise", "columns of one's own", "a trailing delimiter", "empty optional tables", "workbook",
)  # fmt: skip
