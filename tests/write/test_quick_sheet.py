"""Quick sheet: the same bytes as XlsxWriter's own sheet, whatever stands in the cells."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from optimizer.write.sheets import quick_sheet
from optimizer.write.sheets.quick_sheet import QuickSheet
from optimizer.write.sheets.rows import Cell, write_cells
from optimizer.write.workbook import OPTIONS

TEXTS = [
    "P000001", "C 1", "2026-11-23", "a/b.c", "Ä_ß-é", "数量", "x" * 400,
    "", " ", " left", "right ", "two  spaces", "a & b", "<b>", "<r>", "<r></r>", '"', "'",
    "a\nb", "a\tb", "\x07", "\ufffe", "_x0041_", "=1+1", "1,5", "😀", "\u00a0x", "-", "NA", "None", "__x_",
]  # fmt: skip
NUMBERS = [0.0, 1.0, -2.5, 1 / 3, 1e15, 1e-9, 123456789.123456789, 46348.0, 1e22]


def sheet_bytes(path: Path, kind: type[Worksheet]) -> bytes:
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    sheet = book.add_worksheet("Any", kind)
    bold, decimal = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    sheet.set_row(3, None, decimal, {"level": 1})
    sheet.set_column(70, 70, 12, bold)
    for row, text in enumerate(TEXTS):
        number = NUMBERS[row % len(NUMBERS)]
        cells: list[Cell] = [text, number, text, number, *([None] * 64), text, number, number]  # the last in column BS
        write_cells(sheet, row, cells, [bold, decimal, decimal, bold, *([None] * 64), decimal, bold, None])
    book.close()
    with ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("most_known", [100_000, 3])
def test_the_bytes_are_those_of_xlsxwriters_own_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_known: int
) -> None:
    monkeypatch.setattr(quick_sheet, "MOST_KNOWN", most_known)
    quick = sheet_bytes(tmp_path / "quick.xlsx", QuickSheet)
    assert quick == sheet_bytes(tmp_path / "own.xlsx", Worksheet)
    assert quick.count(b"<c ") > 200
