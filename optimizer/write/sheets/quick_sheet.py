"""Quick sheet: XlsxWriter's sheet, which writes numbers and texts in a fraction of the time, and the same bytes.

A plan of 10,000 items has three million cells. What XlsxWriter does for each of them is looked up, escaped and put
together anew, though few styles and texts are different. Here each different cell of a column is put together once, and
rows are joined from them. Whatever is not plain goes XlsxWriter's own way; a version of it that has not what is used
here goes its own way throughout.
"""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

MOST_KNOWN = 100_000  # texts
BLOCK = 1_000  # rows that are joined at a time
USED = ("_write_cell", "_write_row", "_write_single_row")  # of XlsxWriter's sheet
_PLAIN = re.compile(r"[\w./-](?:[\w ./-]*[\w./-])?").fullmatch  # but `_x0041_`, which Excel reads as a sign

Cell = str | float | None


def write_cells(sheet: Any, row: int, cells: Sequence[Cell], formats: Sequence[Any]) -> None:
    """One row: texts as texts, numbers as numbers, a style alone for an empty text, nothing for None."""
    for place, cell in enumerate(cells):
        _write(sheet, row, place, cell, formats[place])


def _write(sheet: Any, row: int, place: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if not isinstance(cell, str):
        sheet.write_number(row, place, cell, style)
    elif not cell:
        sheet.write_blank(row, place, None, style)
    elif cell.startswith("<r>") and cell.endswith("</r>"):
        # XlsxWriter takes such a text for its own mark-up and would write it unescaped: give it in two pieces.
        sheet.write_rich_string(row, place, cell[:1], style, cell[1:], style)
    else:
        sheet.write_string(row, place, cell, style)


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A sheet in which texts stand in their cells (`constant_memory`)."""

    fh: Any
    previous_row: int

    def __init__(self) -> None:
        super().__init__()
        self._letters = [xl_col_to_name(place) for place in range(64)]
        self._known: dict[str, bool] = {}

    def write_columns(self, first: int, columns: Sequence[Sequence[Cell]], formats: Sequence[Any]) -> None:
        """Columns of one length, from a row below all that were written; each row as `write_cells` writes it.

        What was set of a row holds as it does there.
        """
        count = len(columns[0]) if columns else 0
        if not self.constant_memory or len(columns) > len(self._letters) or not all(hasattr(self, it) for it in USED):
            for row, cells in enumerate(zip(*columns, strict=True), first):
                write_cells(self, row, cells, formats)
            return
        known: list[dict[Cell, str]] = [{None: ""} for _ in columns]
        for start in range(0, count, BLOCK):
            self._write_block(first + start, [cells[start : start + BLOCK] for cells in columns], formats, known)

    def _write_block(
        self, first: int, columns: Sequence[Sequence[Cell]], formats: Sequence[Any], known: list[dict[Cell, str]]
    ) -> None:
        """Rows joined from their cells; `known` is what stands in a cell after the number of its row, by column."""
        if self.table[self.previous_row]:
            self._write_single_row(first)  # the row before
        rows = range(first, first + len(columns[0]))
        numbers = [str(row + 1) for row in rows]
        pieces = [[self._start(row) for row in rows]]
        for place, (cells, style, texts) in enumerate(zip(columns, formats, known, strict=True)):
            if len(texts) > MOST_KNOWN:
                texts.clear()
                texts[None] = ""
            for cell in set(cells) - texts.keys():
                texts[cell] = self._after_number(first, place, cell, style)
            start = f'<c r="{self._letters[place]}'
            ends = map(texts.__getitem__, cells)
            pieces.append([start + number + end if end else "" for number, end in zip(numbers, ends, strict=True)])
        joined = ((start, "".join(cells)) for start, *cells in zip(*pieces, strict=True))
        self.fh.write("".join(start + cells + "</row>" for start, cells in joined if cells))
        self._check_dimensions(rows[-1], 0)
        self.previous_row = rows[-1] + 1  # of which nothing is pending

    def _start(self, row: int) -> str:
        """How a row begins."""
        if row in self.row_info or self.default_row_height != self.original_row_height:
            return self._told(lambda: self._write_row(row, None, self.row_info.get(row)))
        return f'<row r="{row + 1}">'

    def _after_number(self, row: int, place: int, cell: Cell, style: Any) -> str:
        """What stands in a cell after the number of its row, as XlsxWriter would write it there."""
        _write(self, row, place, cell, style)
        if place not in self.table[row]:
            return ""
        stored = self.table[row].pop(place)
        text = self._told(lambda: self._write_cell(row, place, stored))
        return text[len(f'<c r="{self._letters[place]}{row + 1}') :]

    def _told(self, write: Callable[[], None]) -> str:
        """What is written, instead of writing it."""
        kept, self.fh = self.fh, io.StringIO()
        try:
            write()
            return str(self.fh.getvalue())
        finally:
            self.fh = kept

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        if cell.format and col < len(self._letters):
            start = f'<c r="{self._letters[col]}{row + 1}" s="{cell.format._get_xf_index()}"'
            if kind == "Number":
                self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
                return
            if kind == "String" and self.constant_memory and self._is_plain(cell.string):
                self.fh.write(f'{start} t="inlineStr"><is><t>{cell.string}</t></is></c>')
                return
        super()._write_cell(row, col, cell)

    def _is_plain(self, text: str) -> bool:
        """Whether a text stands in XML as it is."""
        plain = self._known.get(text)
        if plain is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            plain = self._known[text] = _PLAIN(text) is not None and "_x" not in text
        return plain
