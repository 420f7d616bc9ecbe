"""Workbook guard: looks into an .xlsx before it is opened, for what would fill the memory or be lost in silence.

Sizes come from the zip directory; then each sheet's XML is streamed once. Cells with an error (#N/A) and formulas that
were never calculated would come out of the reader as empty, that is, as the default: so they are noted here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

LARGEST = 2_000_000_000  # bytes inflated
LARGEST_INFLATED = 200_000_000  # bytes above which a file that inflates a hundredfold is refused
HIGHEST_RATIO = 100
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # that Excel has; further ones are a trap for who lays out a sheet
MOST_CELLS = 60_000_000  # rows times columns of a sheet: the reader lays it out in full
LONGEST = 9  # letters or digits of a reference that are looked at: enough to be beyond all limits
CHUNK = 1 << 20
OVERLAP = 4096  # a cell with its formula is shorter than this

# As loose as the reader: either quotation mark, any prefix, any number of letters and digits.
_REFERENCE = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]+)([0-9]+)""")
_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\s[^>]*?\br\s*=\s*["']([0-9]+)""")
_ERROR = re.compile(
    rb'<c (?=[^>]*?t="e")[^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>'
)
_UNCALCULATED = re.compile(
    rb'<c [^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*><f[^>]*?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Excel writes round an encrypted workbook, and of old an .xls
_NOT_CALCULATED = "the formula has never been calculated; open the workbook in Excel and save it"

# What zipfile and the XML parser raise on files that are damaged, encrypted or something else.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, KeyError, NotImplementedError, RuntimeError,
    ValueError,
)  # fmt: skip


class UnsafeWorkbook(Exception):
    """The workbook is refused; the text says why."""


@dataclass
class Oddities:
    """Cells of one sheet that the reader would take for empty: what to say of each, by (row, column), both from 1."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)


def inspect(path: Path) -> dict[str, Oddities]:
    """Oddities by sheet name.

    Raises:
        UnsafeWorkbook: it is no workbook, or would inflate to too much, or declares XML entities.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        if file.read(len(_OLD_FORMAT)) == _OLD_FORMAT:
            raise UnsafeWorkbook(
                "the file is protected by a password, or an old .xls under another name; "
                "open it in Excel and save it as .xlsx without a password"
            )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            sheets = _sheet_files(archive)
            odd = {}
            for info in archive.infolist():
                names = [name for name, file in sheets.items() if file == info.filename]
                found = _scan(archive, info, is_sheet=bool(names))
                odd.update(dict.fromkeys(names, found))
            return odd
    except _DAMAGE as error:
        raise UnsafeWorkbook("the file is no sound workbook; open it in Excel and save it again as .xlsx") from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    inflated = sum(info.file_size for info in archive.infolist())
    packed = sum(info.compress_size for info in archive.infolist()) or 1
    if (
        inflated > LARGEST
        or (inflated > LARGEST_INFLATED and inflated > HIGHEST_RATIO * packed)
        or len(archive.infolist()) > 10_000
    ):
        raise UnsafeWorkbook(
            f"the file would inflate from {packed / 1e6:,.1f} MB to {inflated / 1e6:,.0f} MB, and is not opened; "
            "delete empty rows and columns that are formatted, or bring the tables as CSV"
        )


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """File of each sheet in the archive, by sheet name."""
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        _scan(archive, archive.getinfo(name), is_sheet=False)
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    files = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            files[element.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return files


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Pieces of a member that overlap, so that no cell is cut in all of them; its checksum is checked at the end."""
    tail = b""
    with archive.open(info) as member:
        while piece := member.read(CHUNK):
            yield tail + piece
            tail = piece[-OVERLAP:]


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, is_sheet: bool) -> Oddities:
    odd = Oddities()
    columns: set[bytes] = set()
    last_row = 0
    for chunk in _chunks(archive, info):
        if _DOCUMENT_TYPE.search(chunk) and info.filename.endswith((".xml", ".rels")):
            raise UnsafeWorkbook("the file declares XML entities, which no workbook needs, and is not opened")
        if not is_sheet:
            continue
        cells = set(_REFERENCE.findall(chunk))
        columns.update(letters[:LONGEST].upper() for letters, _ in cells)
        rows = {row[:LONGEST] for row in (*_ROW.findall(chunk), *(row for _, row in cells))}
        last_row = max(last_row, *map(int, rows), 0)
        last_column = max(map(column_number, columns), default=0)
        if last_column * last_row > MOST_CELLS or last_row > MOST_ROWS or last_column > MOST_COLUMNS:
            corner = f"row {last_row:,} and column {max(columns, key=column_number, default=b'A').decode()}"
            raise UnsafeWorkbook(
                f"a sheet reaches to {corner}, and is not opened; delete what stands far below or right of the table"
            )
        for reference, text in _ERROR.findall(chunk):
            odd.cells[_place(reference)] = (
                f"the cell shows the error {text.decode('utf-8', 'replace')}; mend its formula"
            )
        if b"<f" in chunk:
            for reference in _UNCALCULATED.findall(chunk):
                odd.cells[_place(reference)] = _NOT_CALCULATED
    return odd


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _place(reference: bytes) -> tuple[int, int]:
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]), column_number(letters)
