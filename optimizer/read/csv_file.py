"""CSV file: bytes to a sheet of text, with every structural fault at its line."""

import csv
import io
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from models.instance import as_texts
from optimizer.read.located import MOST_OF_A_KIND, Findings
from optimizer.read.source import MOST_COLUMNS, Dialect, Sheet
from optimizer.read.spelling import first_repeated

if TYPE_CHECKING:
    from _csv import Reader

CHUNK = 500  # rows turned into columns at a time: few enough to stay in the cache, and out of the garbage collector
_LONE = "surrogatepass"  # halves of pairs, which UTF-7 may hold
_NO_ROWS = np.empty(0, dtype=np.int64)
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}


@dataclass
class Misread:
    """Files whose header is one cell because their delimiter is another: told once, by delimiter."""

    files: dict[str, list[str]] = field(default_factory=dict)

    def report(self, read: str, findings: Findings) -> None:
        """One fault for each delimiter that was found.

        Args:
            read: the delimiter by which other files of the folder were read; "" where there is no such file.
            findings: takes the faults.
        """
        for delimiter, names in self.files.items():
            spelled = "\\t" if delimiter == "\t" else delimiter
            message = f"cells are separated by {DELIMITERS[delimiter]}"
            if read:
                message += f", those of other files by {DELIMITERS.get(read, repr(read))}; "
                message += "save all files alike, with their delimiter under [read] in instance.toml"
            else:
                message += f'; write delimiter = "{spelled}" under [read] in instance.toml'
            findings.fault("delimiter", message, ", ".join(names))


def decode(data: bytes, dialect: Dialect, where: str, findings: Findings) -> str | None:
    """Bytes as text; None, with a fault, where they are in another encoding."""
    encoding = dialect.encoding
    is_utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and "16" not in encoding:
        findings.fault(
            "encoding",
            'the file is UTF-16 ("Unicode text"); save it as CSV UTF-8, or write encoding = "utf-16" under [read]',
            where,
        )
        return None
    if data.startswith(b"\xef\xbb\xbf") and not is_utf8:
        findings.fault(
            "encoding", f'the file is UTF-8; take encoding = "{encoding}" out of [read], or save the file so', where
        )
        return None
    try:
        text = data.decode("utf-8-sig" if is_utf8 else encoding)
    except UnicodeError as error:
        _tell_encoding(data, error, encoding, where, findings)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        findings.fault(
            "encoding", "a NUL character stands here; the file is damaged, or not text: export it again", where, line
        )
        return None
    if not is_utf8 and not data.isascii() and "16" not in encoding and _is_utf8(data):
        findings.warn("encoding", f'the file reads as UTF-8 too; is encoding = "{encoding}" under [read] right?', where)
    return text


def _tell_encoding(data: bytes, error: UnicodeError, encoding: str, where: str, findings: Findings) -> None:
    if not isinstance(error, UnicodeDecodeError):
        findings.fault("encoding", f"the file is not {encoding}: {error}", where)
        return
    line = data.count(b"\n", 0, error.start) + 1
    start = max(data.rfind(b"\n", 0, error.start), data.rfind(b"\r", 0, error.start)) + 1
    word = data[max(start, error.start - 12) : error.start + 12].splitlines()[0].decode("cp1252", "replace")
    hint = f"; write encoding = \"cp1252\" under [read] if '{word}' is right, or save the file as CSV UTF-8"
    findings.fault("encoding", f"the text is not {encoding.upper()}{hint}", where, line, value=word)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeError:
        return False
    return True


def read_csv(
    data: bytes, table: str, dialect: Dialect, *, known: Collection[str], misread: Misread, findings: Findings
) -> Sheet | None:
    """One file as a sheet; rows count as lines in an editor, so a cell over several lines counts as several.

    Args:
        data: the file's bytes.
        table: name of the table; the file is `table`.csv.
        dialect: delimiter and encoding.
        known: declared headers, by which another delimiter is recognised.
        misread: takes the file's name where the delimiter is another.
        findings: takes faults and warnings.

    Returns:
        The sheet; None, with a fault, where it could not be read. Rows that are wholly empty are left out, and so are
        rows with too many or too few cells, with a fault each.
    """
    where = f"{table}.csv"
    text = decode(data, dialect, where, findings)
    if text is None:
        return None
    try:
        return _read_text(text, Sheet(table, where, (), (), _NO_ROWS, dialect), known, misread, findings)
    except csv.Error as error:
        if "field larger" in str(error):
            message = f"a cell holds more than {csv.field_size_limit():,} characters; is a quotation mark not closed?"
        else:
            message = (
                "a quotation mark that opens a cell here is not closed; close it, and double those within the text "
                '("5"" pipe")'
            )
        findings.fault("quotation marks", message, where, _line_of_error(text, dialect.delimiter), table=table)
        return None


def _read_text(text: str, empty: Sheet, known: Collection[str], misread: Misread, findings: Findings) -> Sheet | None:
    reader = csv.reader(_lines_of(text), delimiter=empty.dialect.delimiter, strict=True)
    line = 0
    headers: list[str] = []
    for headers in reader:
        if any(headers):
            break
        line = reader.line_num
    if not any(headers):
        message = "the file is empty: not even a header; the table counts as absent"
        findings.warn("empty file", message, empty.where, table=empty.table)
        return empty
    if delimiter := _other_delimiter(headers, empty.dialect.delimiter, known):
        misread.files.setdefault(delimiter, []).append(empty.where)
        return None
    widest = len(headers)  # delimiters at the end of the header may stand at the end of rows too
    while not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        message = f"the header has {len(headers):,} columns; {MOST_COLUMNS:,} are the most that are read"
        findings.fault("header", message, empty.where, line + 1, table=empty.table)
        return None
    if (twice := first_repeated(headers)) is not None:
        message = f"column '{twice}' stands twice; delete or rename one"
        findings.fault("header", message, empty.where, line + 1, twice, table=empty.table)
        return None
    rows = _Rows(reader, len(headers), widest, empty, findings)
    columns = rows.columns()
    if rows.ragged and not rows.lines:
        return None  # no row could be read: not the same as a table without rows
    lines = np.array(rows.lines, dtype=np.int64)
    cells = tuple(as_texts(column) for column in columns)
    return replace(empty, headers=tuple(headers), cells=cells, rows=lines, lost=frozenset(rows.lost))


def _lines_of(text: str) -> io.TextIOWrapper:
    """The lines, with their ends as they are; a StringIO would hold the text once more at four bytes a character."""
    return io.TextIOWrapper(io.BytesIO(text.encode("utf-8", _LONE)), "utf-8", _LONE, newline="")


def _other_delimiter(headers: list[str], delimiter: str, known: Collection[str]) -> str:
    """The delimiter that a header of one cell shows, if another one fits; "" where this one does."""
    if len(headers) != 1 or headers[0] in known:
        return ""
    parts = {other: headers[0].split(other) for other in DELIMITERS if other != delimiter and other in headers[0]}
    fits = {other: sum(part.strip('"') in known for part in cells) for other, cells in parts.items()}
    best = max(fits, key=fits.__getitem__, default="")
    return best if best and fits[best] else ""


def _line_of_error(text: str, delimiter: str) -> int:
    """First line of the row that cannot be read."""
    reader = csv.reader(_lines_of(text), delimiter=delimiter, strict=True)
    last = 0
    with suppress(csv.Error):
        for _ in reader:
            last = reader.line_num
    return last + 1


def _lines(row: list[str]) -> int:
    """Lines that a row spans in the file."""
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)


class _Rows:
    """The rows below the header, as columns.

    Attributes:
        lines: first line of each row that was kept.
        last: last line read.
        ragged: how many rows have too many or too few cells.
        lost: texts of their cells.
    """

    def __init__(self, reader: "Reader", width: int, widest: int, empty: Sheet, findings: Findings) -> None:
        self.reader = reader
        self.width = width
        self.widest = widest
        self.where = empty.where
        self.table = empty.table
        self.findings = findings
        self.lines: list[int] = []
        self.last = reader.line_num
        self.ragged = 0
        self.lost: set[str] = set()

    def columns(self) -> list[list[str]]:
        """Every cell, by column.

        Raises:
            csv.Error: a quotation mark is not closed.
        """
        columns: list[list[str]] = [[] for _ in range(self.width)]
        # Cells repeat: keeping one string for each text takes a tenth of the memory.
        seen: list[dict[str, str]] = [{} for _ in columns]
        while (rows := self._chunk()) is not None:
            for column, texts, cells in zip(columns, seen, zip(*rows, strict=True), strict=False):
                column.extend(map(texts.setdefault, cells, cells))
        if self.ragged > MOST_OF_A_KIND:
            self.findings.fault(
                "cells in a row",
                f"… and {self.ragged - MOST_OF_A_KIND:,} more rows like these",
                self.where,
                table=self.table,
            )
        return columns

    def _chunk(self) -> list[list[str]] | None:
        """The next rows that are whole; None after the last one."""
        rows = list(islice(self.reader, CHUNK))
        if not rows:
            return None
        first = self.last + 1
        lines = self.reader.line_num - self.last
        self.last = self.reader.line_num
        starts: Sequence[int] = range(first, first + lines)
        if lines != len(rows):  # some cell spans several lines
            starts = list(accumulate((_lines(row) for row in rows[:-1]), initial=first))
        if set(map(len, rows)) == {self.width} and all(map(itemgetter(0), rows)):
            self.lines.extend(starts)
            return rows
        whole = [(start, kept) for start, row in zip(starts, rows, strict=True) if (kept := self._whole(row, start))]
        self.lines.extend(start for start, _ in whole)
        return [row for _, row in whole]

    def _whole(self, row: list[str], line: int) -> list[str] | None:
        """A row of the header's width; None, with a fault, where it has another, and where it is empty."""
        if not any(row):
            return None
        if len(row) < self.width or len(row) > self.widest or any(row[self.width :]):
            self._tell_ragged(row, line)
            return None
        return row[: self.width]

    def _tell_ragged(self, row: list[str], line: int) -> None:
        self.ragged += 1
        self.lost.update(row)
        if self.ragged > MOST_OF_A_KIND:
            return
        if len(row) > self.width:
            hint = "a text with a delimiter in it must stand in quotation marks"
        else:
            hint = "cells without a value need their delimiters too"
        message = f"the row has {len(row)} cells, the header {self.width}; {hint}"
        self.findings.fault("cells in a row", message, self.where, line, table=self.table)
