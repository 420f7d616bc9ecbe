"""Quick sheet: the same bytes as XlsxWriter's own sheet, whatever stands in the cells."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from optimizer.write.sheets import quick_sheet
from optimizer.write.sheets.quick_sheet import Cell, QuickSheet, write_cells
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


def table_bytes(path: Path, kind: type[Worksheet]) -> bytes:
    """A heading, columns with gaps, of which some rows are hidden or empty, and a row below."""
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    sheet = book.add_worksheet("Any", kind)
    bold, decimal = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    sheet.write_string(0, 0, "Heading", bold)
    sheet.write_comment(0, 0, "What it is")
    texts: list[Cell] = [*TEXTS[:9], None, *TEXTS[9:]]
    numbers: list[Cell] = [None if row % 5 == 4 else NUMBERS[row % len(NUMBERS)] for row in range(len(texts))]
    empty: list[Cell] = [None] * len(texts)
    nothing: list[Cell] = [""] * len(texts)  # without a style it is no cell at all
    columns, formats = [texts, numbers, empty, nothing, texts], [bold, decimal, bold, None, decimal]
    for row in (2, 5, 10, len(texts)):  # the third of them has no cells
        sheet.set_row(row, None, None, {"hidden": True})
    if isinstance(sheet, QuickSheet):
        sheet.write_columns(1, columns, formats)
    else:
        for row, cells in enumerate(zip(*columns, strict=True), 1):
            write_cells(sheet, row, cells, formats)
    write_cells(sheet, len(texts) + 3, ["below"], [bold])
    book.close()
    with ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("block", "most_known"), [(1_000, 100_000), (7, 3), (1, 100_000)])
def test_columns_are_the_bytes_that_their_rows_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, most_known: int
) -> None:
    monkeypatch.setattr(quick_sheet, "MOST_KNOWN", most_known)
    monkeypatch.setattr(quick_sheet, "BLOCK", block)
    quick = table_bytes(tmp_path / "quick.xlsx", QuickSheet)
    assert quick == table_bytes(tmp_path / "own.xlsx", Worksheet)
    assert quick.count(b"hidden") == 3


def test_a_version_without_what_is_used_goes_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_sheet, "USED", ("_no_such_method",))
    assert table_bytes(tmp_path / "quick.xlsx", QuickSheet) == table_bytes(tmp_path / "own.xlsx", Worksheet)
