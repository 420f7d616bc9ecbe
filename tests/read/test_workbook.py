"""Each hazard in a workbook, with the message that the planner gets."""

# ruff: noqa: E501  messages stand in one piece, so that they can be searched for

import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
import xlsxwriter

from optimizer.read import Input, InputFaults, read, workbook
from optimizer.read.workbook_guard import UnsafeWorkbook, _check_sizes, _scan, column_number

from .small import SMALL, SOUND, TOML, read_small

SETTINGS: list[list[Any]] = [["key", "value"], ["start", date(2026, 11, 23)], ["periods", 13], ["solve.gap", 0.02]]
SHEETS: dict[str, list[list[Any]]] = {
    "instance": SETTINGS,
    "items": [["item", "price"], ["A1", 10], ["B2", 20.5]],
    "suppliers": [["supplier"], ["ACME"], ["BEST"]],
    "sourcing": [["item", "supplier", "unit_cost", "lead_time"], ["A1", "ACME", 2.5, 2], ["B2", "BEST", 7, 3]],
    "demand": [
        ["item", "customer", "due", "quantity"],
        ["A1", "C1", date(2026, 12, 7), 10],
        ["B2", "C1", "2026-W51", 5],
    ],
}


def book(path: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """A workbook of `SHEETS` with some changed, or left out (None); texts that begin with = are formulas."""
    workbook = xlsxwriter.Workbook(str(path))
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in {**SHEETS, **(changes or {})}.items():
        if rows is None:
            continue
        sheet = workbook.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(row, column, cell, None, "#N/A" if cell == "=NA()" else 7)
                elif cell is not None:
                    sheet.write(row, column, cell)
    workbook.close()
    return path


def told(path: Path) -> list[str]:
    try:
        return [f"{found.severity.value}: {found}" for found in read(path, declarations=SMALL).warnings]
    except InputFaults as faults:
        return [f"{found.severity.value}: {found}" for found in faults.findings]


def sound(path: Path) -> Input:
    return read(path, declarations=SMALL)


def test_a_sound_workbook_reads_as_its_folder_would(tmp_path: Path) -> None:
    found = sound(book(tmp_path / "plan.xlsx"))
    changes = {
        "items.csv": "item,price\nA1,10\nB2,20.5\n",
        "demand.csv": "item,customer,due,quantity\nA1,C1,2026-12-07,10\nB2,C1,2026-W51,5\n",
    }
    assert found.text == read_small(tmp_path / "folder", changes).text
    assert (found.name, found.solve.gap, found.instance.calendar.periods) == ("plan", 0.02, 13)
    assert list(found.hashes) == ["plan.xlsx"]
    assert found.warnings == []


def test_settings_may_stand_beside_the_workbook(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", {"instance": None})
    assert told(path) == [
        "fault: plan.xlsx: there are no settings: add a sheet 'instance' with a key and a value per row (start, periods), "
        "or a file plan.toml beside it"
    ]
    (tmp_path / "instance.toml").write_text(TOML)
    assert sound(path).name == "small"
    (tmp_path / "plan.toml").write_text(TOML.replace("small", "mine"))
    found = sound(path)
    assert (found.name, sorted(found.hashes)) == ("mine", ["plan.toml", "plan.xlsx"])


def test_a_setting_beyond_all_numbers_is_a_fault(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", {"instance": [["start", "2026-11-23"], ["periods", 424242]]})
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(tmp_path / "plan.xlsx", "w") as other:
        for name in parts.namelist():
            other.writestr(name, parts.read(name).replace(b"424242", b"1e999"))
    message = "fault: plan.xlsx, sheet instance, key periods: periods = inf is not a whole number of periods, 1 to 2000"
    assert message in told(tmp_path / "plan.xlsx")


def test_settings_of_the_sheet_are_checked(tmp_path: Path) -> None:
    rows = [["start", date(2026, 11, 23)], ["periods", 13.5], ["solve", 3], ["solve.gap", 1], ["horizon.frozn", 1]]
    where = "plan.xlsx, sheet instance"
    assert told(book(tmp_path / "plan.xlsx", {"instance": rows})) == [
        f"fault: {where}, row 4: 'solve.gap' is not a setting",
        f"fault: {where}, key periods: periods = 13.5 is not a whole number of periods, 1 to 2000",
        f"fault: {where}, key solve: [solve] is a section: write its keys below a line [solve]",
        f"warning: {where}, key horizon.frozn: 'horizon.frozn' is not a setting, and not read; did you mean 'horizon.frozen'?",
    ]


def test_ids_that_excel_has_changed(tmp_path: Path) -> None:
    items = [["item"], ["A1"], ["B2"], ["00123"], [123], [9007199254740993], [date(2026, 3, 12)], [" C3"]]
    where = "plan.xlsx, sheet items, row"
    assert told(book(tmp_path / "plan.xlsx", {"items": items})) == [
        f"fault: {where} 7, column item: this id is stored as the date 2026-03-12; "
        "format the column as text, and type the id again",
        f"fault: {where} 6, column item: this id is stored as the number 9007199254740992, of which only 15 digits are kept; "
        "format the column as text, and type the id again",
        f"fault: {where} 8, column item: ' C3' has spaces round it, so it is another id than 'C3'; write 'C3'",
        f"warning: {where} 5, column item: 2 ids are stored as numbers, read as '123' for example; "
        "if there are zeros in front, format the column as text",
    ]


def test_numbers_are_no_concern_where_nobody_refers_to_them(tmp_path: Path) -> None:
    # A customer's number names a demand line together with item and date, but no other table has it.
    demand: list[list[Any]] = [
        ["item", "customer", "due", "quantity"],
        ["A1", 10, "2026-12-07", 10],
        ["A1", 20, "2026-12-07", 10],
    ]
    assert told(book(tmp_path / "plan.xlsx", {"demand": demand})) == []
    demand[1][1] = 9007199254740993
    assert told(book(tmp_path / "plan.xlsx", {"demand": demand})) == [
        "fault: plan.xlsx, sheet demand, row 2, column customer: this id is stored as the number 9007199254740992, "
        "of which only 15 digits are kept; format the column as text, and type the id again"
    ]


def test_numbers_and_ids_of_numbers(tmp_path: Path) -> None:
    changes = {"items": [["item", "price"], [123, 0.1 + 0.2], ["B2", 1e-7], ["A1", "=1+6"]]}
    found = sound(book(tmp_path / "plan.xlsx", changes))
    assert found.text["items"]["item"] == ["123", "B2", "A1"]
    # 15 digits, as Excel shows; the formula has the value with which it was saved.
    assert found.text["items"]["price"] == ["0.3", "0.0000001", "7"]


def test_cells_that_are_no_values(tmp_path: Path) -> None:
    items = [["item", "price"], ["A1", "=NA()"], ["B2", True], ["C3", "1,5"], ["D4", date(2026, 1, 1)]]
    default = "leave the cell empty for the default (its lowest unit_cost)"
    where = "plan.xlsx, sheet items, row"
    assert told(book(tmp_path / "plan.xlsx", {"items": items})) == [
        f"fault: {where} 2, column price: the cell shows the error #N/A; mend its formula",
        f"fault: {where} 3, column price: 'TRUE' is not a number; {default}",
        f"fault: {where} 4, column price: '1,5' is not a number; write 1.5",
        f"fault: {where} 5, column price: '2026-01-01' is not a number",
    ]


def test_dates_that_excel_counts(tmp_path: Path) -> None:
    demand = [["item", "customer", "due", "quantity"], ["A1", "C1", 46349, 10]]
    assert told(book(tmp_path / "plan.xlsx", {"demand": demand})) == [
        "fault: plan.xlsx, sheet demand, row 2, column due: "
        "'46349' is not an ISO date but the number by which Excel counts days; write 2026-11-23"
    ]


def test_rows_count_as_excel_counts_them(tmp_path: Path) -> None:
    demand = [[], ["item", "customer", "due", "quantity"], [], ["A1", "C1", date(2026, 12, 7), "x"]]
    assert told(book(tmp_path / "plan.xlsx", {"demand": demand})) == [
        "fault: plan.xlsx, sheet demand, row 4, column quantity: 'x' is not a number; a number (unit) is needed"
    ]


def test_sheets_and_headers(tmp_path: Path) -> None:
    changes = {
        "Notes": [["a"]],
        "items": [["item", "item"], ["A1", "B2"]],
        "inventory": [["item", "location", "on_hand"]],
    }
    assert told(book(tmp_path / "plan.xlsx", changes)) == [
        "fault: plan.xlsx, sheet items, row 1, column item: column 'item' stands twice; delete or rename one",
        "warning: plan.xlsx, sheet Notes: 'Notes' is not read: there is no such table",
    ]


def test_a_formula_that_was_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(book(tmp_path / "plan.xlsx"))
    workbook["items"]["B2"] = "=1+1"
    workbook.save(tmp_path / "plan.xlsx")
    assert told(tmp_path / "plan.xlsx") == [
        "fault: plan.xlsx, sheet items, row 2, column price: "
        "the formula has never been calculated; open the workbook in Excel and save it"
    ]


def test_files_that_are_no_sound_workbook(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    unsound = "fault: plan.xlsx: the file is no sound workbook; open it in Excel and save it again as .xlsx"
    for content in (b"", b"item,price\n", b"PK\x03\x04garbage"):
        path.write_bytes(content)
        assert told(path) == [unsound]
    whole = book(path).read_bytes()
    for length in range(0, len(whole), len(whole) // 9):
        path.write_bytes(whole[:length])
        assert told(path) == [unsound]
    (tmp_path / "old.xls").write_bytes(b"x")
    assert told(tmp_path / "old.xls") == ["fault: old.xls: .xls files are not read; save it as .xlsx"]


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    )  # the header of the container that Excel encrypts into
    assert told(path) == [
        "fault: plan.xlsx: the file is protected by a password, or an old .xls under another name; "
        "open it in Excel and save it as .xlsx without a password"
    ]


def with_member(whole: Path, member: str, old: bytes, new: bytes) -> Path:
    """A copy of a workbook with one of its files changed."""
    path = whole.with_name("changed.xlsx")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            assert name != member or old in data
            archive.writestr(name, data.replace(old, new, 1) if name == member else data)
    return path


def test_files_that_are_damaged_inside(tmp_path: Path) -> None:
    whole = book(tmp_path / "plan.xlsx")
    texts = with_member(whole, "xl/sharedStrings.xml", b"<sst", b"<<sst")
    (message,) = told(texts)
    assert message.startswith("fault: changed.xlsx: the file is no sound workbook (")
    assert message.endswith("); open it in Excel and save it again as .xlsx")
    lost = with_member(whole, "xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml")
    assert told(lost) == ["fault: changed.xlsx, sheet items: the sheet cannot be read (items)"]


def test_a_workbook_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workbook, "inspect", locked)
    assert told(book(tmp_path / "plan.xlsx")) == [
        "fault: plan.xlsx: the file cannot be read (permission denied); close it elsewhere, or see who may read it"
    ]


def test_a_workbook_that_would_fill_the_memory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(210):
            member.write(bytes(1_000_000))
    assert told(path) == [
        "fault: bomb.xlsx: the file would inflate from 0.2 MB to 210 MB, and is not opened; "
        "delete empty rows and columns that are formatted, or bring the tables as CSV"
    ]


@pytest.mark.parametrize(
    ("inflated", "packed", "members", "sound"),
    [
        (2_000_000_000, 20_000_000, 1, True), (2_000_000_001, 1_000_000_000, 1, False),
        (200_000_000, 1, 1, True), (200_000_001, 2_000_000, 1, False), (200_000_001, 2_000_001, 1, True),
        (0, 0, 10_000, True), (0, 0, 10_001, False), (200_000_001, 0, 1, False),
    ],
)  # fmt: skip
def test_how_much_a_workbook_may_inflate(inflated: int, packed: int, members: int, sound: bool) -> None:
    first, rest = zipfile.ZipInfo("first"), [zipfile.ZipInfo("empty")] * (members - 1)
    first.file_size, first.compress_size = inflated, packed

    class Archive:
        def infolist(self) -> list[zipfile.ZipInfo]:
            return [first, *rest]

    with nullcontext() if sound else pytest.raises(UnsafeWorkbook, match="would inflate"):
        _check_sizes(cast(zipfile.ZipFile, Archive()))


@pytest.mark.parametrize(
    ("corner", "sound"),
    [("BFD1048576", False), ("BE1048576", True), ("BF1048576", False), ("XFD3662", True), ("XFD3663", False)],
)
def test_how_far_a_sheet_may_reach(tmp_path: Path, corner: str, sound: bool) -> None:
    # 60,000,000 cells: 57 columns (BE) of 1,048,576 rows are 59,768,832; 16,384 (XFD) of 3,662 rows are 59,998,208.
    path = book(tmp_path / "far.xlsx")
    changed = with_member(path, "xl/worksheets/sheet2.xml", b'r="A2"', f'r="{corner}"'.encode())
    expected = nullcontext() if sound else pytest.raises(UnsafeWorkbook, match="reaches to")
    with zipfile.ZipFile(changed) as archive, expected:
        _scan(archive, archive.getinfo("xl/worksheets/sheet2.xml"), is_sheet=True)


@pytest.mark.parametrize(
    ("put", "corner"),
    [
        (b'<row r="999999999999"', "row 999,999,999 and column B"),
        (b'<row r="1048577"', "row 1,048,577 and column B"),
        (b"<row r = '1048577'", "row 1,048,577 and column B"),
        (b'<x:row r="1048577"', "row 1,048,577 and column B"),
        (b'<row><c r="A99999999999"/></row><row r="2"', "row 999,999,999 and column B"),
        (b"<row><c  s='1' r='A1048577'/></row><row r=\"2\"", "row 1,048,577 and column B"),
        (b'<row><c r="XFE1"/></row><row r="2"', "row 3 and column XFE"),
        (b'<row><c r="zzzzzzzzzzzz1"/></row><row r="2"', "row 3 and column ZZZZZZZZZ"),
        (b'<row><c r="' + b"Z" * 1_000_000 + b'1"/></row><row r="2"', "row 3 and column ZZZZZZZZZ"),
    ],
)
def test_cells_that_no_sheet_has_are_not_laid_out(tmp_path: Path, put: bytes, corner: str) -> None:
    """The reader would ask for more memory than there is, and take the process with it."""
    path = book(tmp_path / "far.xlsx")
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"].replace(b'<row r="2"', put)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    (found,) = told(path)
    assert found.startswith(f"fault: far.xlsx: a sheet reaches to {corner}, and is not opened")


def test_a_sheet_that_is_nearly_all_empty_is_not_laid_out(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(book(tmp_path / "wide.xlsx"))
    workbook["items"]["XFD1048576"] = 1
    workbook.save(tmp_path / "wide.xlsx")
    assert told(tmp_path / "wide.xlsx") == [
        "fault: wide.xlsx: a sheet reaches to row 1,048,576 and column XFD, and is not opened; "
        "delete what stands far below or right of the table"
    ]


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet2.xml"])
def test_xml_entities_are_refused(tmp_path: Path, member: str) -> None:
    whole = book(tmp_path / "plan.xlsx")
    path = tmp_path / "hostile.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == member:
                data = data.replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
            archive.writestr(name, data)
    assert told(path) == [
        "fault: hostile.xlsx: the file declares XML entities, which no workbook needs, and is not opened"
    ]


def test_a_folder_with_a_workbook_only(tmp_path: Path) -> None:
    book(tmp_path / "plan.xlsx")
    assert told(tmp_path) == [
        f"fault: {tmp_path}: there is no instance.toml; to read the workbook, name it: {tmp_path / 'plan.xlsx'}"
    ]


def test_the_sound_folder_and_the_sound_book_have_the_same_tables() -> None:
    assert {name.removesuffix(".csv") for name in SOUND if name.endswith(".csv")} == set(SHEETS) - {"instance"}


def test_errors_outside_the_table_are_told(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(book(tmp_path / "plan.xlsx"))
    workbook["items"]["A1"] = "=1+1"
    workbook.save(tmp_path / "plan.xlsx")
    outside = (
        "warning: plan.xlsx, sheet items: cells outside the table hold errors, or formulas never calculated: row 1"
    )
    assert outside in told(tmp_path / "plan.xlsx")


def test_sheets_that_are_not_where_the_book_says(tmp_path: Path) -> None:
    sound, moved = book(tmp_path / "sound.xlsx"), tmp_path / "moved.xlsx"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(moved, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"worksheets/", b"../../etc/") if name.endswith("workbook.xml.rels") else data
            )
    with pytest.raises(InputFaults) as told:
        read(moved)
    places = {fault.where for fault in told.value.faults if "the sheet cannot be read" in fault.message}
    assert {"moved.xlsx, sheet instance", "moved.xlsx, sheet items"} <= places


def test_a_header_of_too_many_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 3)
    assert any(
        "the header has 4 columns; 3 are the most that are read" in text for text in told(book(tmp_path / "x.xlsx"))
    )


def test_columns_count_as_excel_names_them() -> None:
    # 16,384 = 24 × 26 × 26 + 6 × 26 + 4, the last one that Excel has.
    known = {b"A": 1, b"Z": 26, b"AA": 27, b"AZ": 52, b"BA": 53, b"ZZ": 702, b"AAA": 703, b"XFD": 16384}
    assert {letters: column_number(letters) for letters in known} == known
