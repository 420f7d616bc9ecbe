"""The workbook, read back: what planners see, and that nothing in it is alive."""

import errno
import gc
import io
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from models.tables import quantity, text
from optimizer.report.shown import Shown
from optimizer.results.plan import Plan
from optimizer.write.columns import RESULTS
from optimizer.write.sheets import rows as rows_module
from optimizer.write.sheets.projection import most_at_stake
from optimizer.write.workbook import _abandon, _Packed, write_workbook
from tests.write.plans import FORMULA, WEEKS, instance, plan, tables

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")


def read(folder: Path, shown: Plan, warnings: tuple[str, ...] = ()) -> Any:
    path = folder / "plan.xlsx"
    path.unlink(missing_ok=True)
    write_workbook(Shown(shown), warnings, path)
    assert os.listdir(folder) == ["plan.xlsx"]
    return openpyxl.load_workbook(path)


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheets_and_their_set_up(tmp_path: Path) -> None:
    book = read(tmp_path, plan())
    assert book.sheetnames == [
        *["To do today", "Summary", "Release now", "Allocations", "Backorders", "Stock projection", "Pegging"]
    ]
    for name in {*book.sheetnames} - {"Summary"}:
        sheet = book[name]
        assert sheet.freeze_panes.endswith("3")
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.print_title_rows == "$2:$2"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert all(cell.comment is not None for cell in sheet[2])
    notes = {cell.value: cell.comment.text for cell in book["Release now"][2]}
    assert notes["quantity"] == "How much. [the item's unit]"
    assert notes["unit cost"] == "Purchase price. [EUR per unit]"


def test_release_now_is_grouped_by_supplier_with_subtotals(tmp_path: Path) -> None:
    more = tables()
    orders = more["purchase_orders"]
    others = pd.DataFrame(
        [
            ["NA", "ACME", "main", WEEKS[0], WEEKS[1], 2.5, 4.0, 10.0, "release"],
            ["00123", "ACME", "main", WEEKS[0], WEEKS[1], 3.0, 1.0, 3.0, "release"],
            ["NA", "ACME", "main", WEEKS[2], WEEKS[3], 1.0, 4.0, 4.0, "planned"],
        ],
        columns=orders.columns,
    )
    more["purchase_orders"] = pd.concat([orders, others])
    book = read(tmp_path, plan(tables=more))
    assert cells(book["Release now"])[0][0] == "Send now: 3 lines to 2 suppliers, 38.00 EUR."
    day = datetime(2026, 11, 30)
    # = before A: suppliers in the order of their texts. 25; 3 + 10 = 13; 25 + 13 = 38.
    # One waits when the 10 arrive. The other two are not in the hand-made stock: 0 on hand when they arrive, so without
    # them there is less than nothing.
    out = "without it, out of stock from 2026-11-30"
    assert cells(book["Release now"])[2:] == [
        [FORMULA, "00123", "Gloves, size 8", "main", "customers wait for it", datetime(2026, 12, 7), 10, 2.5, 25],
        [f"{FORMULA}: in all", None, None, None, None, None, None, None, 25],
        ["ACME", "00123", "Gloves, size 8", "main", out, day, 3, 1, 3],
        ["ACME", "NA", FORMULA, "main", out, day, 2.5, 4, 10],
        ["ACME: in all", None, None, None, None, None, None, None, 13],
        ["All suppliers", None, None, None, None, None, None, None, 38],
    ]
    assert book["Release now"].row_dimensions[3].outlineLevel == 1
    assert cells(book["Later orders"])[2][:3] == [datetime(2026, 12, 7), "ACME", "NA"]
    assert [cell.number_format for cell in book["Release now"][3]][5:] == [
        "yyyy-mm-dd",
        "#,##0.00",  # a column with 2.5 in it shows decimals throughout
        "#,##0.00##",
        "#,##0.00",
    ]


def test_nothing_to_order_is_said(tmp_path: Path) -> None:
    book = read(tmp_path, plan(tables={}, accounts={}, objective=0.0))
    assert book.sheetnames == ["Summary", "Release now"]
    assert cells(book["Release now"])[0][0] == "Nothing is to be ordered now."


def test_backorders_have_promise_dates_and_colours(tmp_path: Path) -> None:
    sheet = read(tmp_path, plan())["Backorders"]
    rows = cells(sheet)
    assert rows[0][0] == "2 demand lines late or short, which costs 21.50 EUR. Promise: when the last of it is there."
    header = [name.replace(" ", "_") for name in rows[1]]
    found = [dict(zip(header, row, strict=True)) for row in rows[2:]]
    # The dearest first: 21, then 0.5.
    assert [(row["item"], row["promise"], row["cost"]) for row in found] == [
        ("NA", None, 21),
        ("00123", datetime(2026, 12, 13), 0.5),
    ]
    ranges = {str(key.sqref): rule.operator for key in sheet.conditional_formatting for rule in key.rules}
    assert ranges == {"I3:I4": "greaterThan", "J3:J4": "greaterThan"}


def test_the_projection_opens_on_what_is_at_stake_with_a_chart_over_all_rows(tmp_path: Path) -> None:
    sheet = read(tmp_path, plan())["Stock projection"]
    rows = cells(sheet)
    # Shortage of NA costs 21, waiting of 00123 only 0.5.
    assert rows[0][0].startswith("Shown: NA at main.")
    seen = [row[0].value for row in sheet.iter_rows(min_row=3) if not sheet.row_dimensions[row[0].row].hidden]
    assert seen == ["NA"] * 4
    assert rows[3] == ["00123", "Gloves, size 8", "main", datetime(2026, 11, 30), 6, 1, 3, 0, 0, 5, 0, 5, 0, 0]
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "'Stock projection'!$K$3:$K$10" in chart
    assert '<c:plotVisOnly val="1"/>' in chart


HOSTILE = [
    FORMULA,
    "@SUM(A1)",
    "+1",
    "-1",
    "http://example.org",
    "mailto:a@b",
    "<r>&</r>",
    "<r><t>x</t></r>",
    "_x0041_",
    "tab\tand\nline",
    "\x01",
    " two ",
    "00123",
    "1E5",
    "TRUE",
    "#N/A",
    "{=1+1}",
    "'quoted",
    "é\N{GRINNING FACE}",
]


def test_the_pegging_tells_who_is_served_by_which_order(tmp_path: Path) -> None:
    rows = cells(read(tmp_path, plan())["Pegging"])
    assert rows[0][0] == (
        "Which receipt serves whom, first in first out: 3 demand lines served, and what is lost or stays."
    )
    names = [name.replace(" ", "_") for name in rows[1]]
    late = dict(zip(names, rows[5], strict=True))
    assert (late["receipt"], late["supplier"], late["customer"], late["quantity"]) == ("order", FORMULA, "@c2", 1)


def test_texts_stay_texts_whatever_they_look_like(tmp_path: Path) -> None:
    backorders = pd.concat([tables()["backorders"].iloc[:1]] * len(HOSTILE), ignore_index=True)
    backorders["item"] = HOSTILE
    backorders["customer"] = HOSTILE[::-1]
    book = read(tmp_path, plan(name="&D =1+1", tables={**tables(), "backorders": backorders}), tuple(HOSTILE))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "snd"
                assert cell.hyperlink is None
    column = [cell.value for cell in book["Backorders"]["A"]][2:]
    assert [openpyxl.utils.escape.unescape(text) for text in column] == HOSTILE
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >]|<hyperlink", archive.read(name))
            assert "externalLink" not in name


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    book = read(tmp_path, plan(warnings=[]), ("x" * 40_000,))
    assert [row[0] for row in cells(book["Summary"])][-1] == "x" * 32_766 + "…"


def test_more_rows_than_there_is_room_for_are_cut_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "ROW_LIMIT", 3)
    monkeypatch.setattr("optimizer.write.sheets.orders.ROW_LIMIT", 3)
    monkeypatch.setattr("optimizer.write.sheets.projection.ROW_LIMIT", 4)
    many = tables()
    many["purchase_orders"] = pd.concat([many["purchase_orders"]] * 9)
    book = read(tmp_path, plan(tables=many))
    assert cells(book["Allocations"])[0][0].startswith("ONLY 3 OF 4 ROWS ARE SHOWN; all are in allocations.csv. Who")
    assert len(cells(book["Allocations"])) == 5
    assert cells(book["Release now"])[0][0].startswith("ONLY 3 OF 11 ROWS ARE SHOWN; all are in purchase_orders.csv.")
    assert len(cells(book["Release now"])) == 4
    assert {row[0] for row in cells(book["Stock projection"])[2:]} == {"NA"}


def test_old_dates_weeks_and_missing_numbers(tmp_path: Path) -> None:
    odd = tables()
    odd["backorders"]["promise"] = ["1899-12-31", "soon-ish!!"]
    odd["backorders"]["late_quantity"] = [float("nan"), 1 / 3]
    book = read(tmp_path, plan(tables=odd))
    rows = cells(book["Backorders"])
    assert [row[rows[1].index("promise")] for row in rows[2:]] == ["soon-ish!!", "1899-12-31"]
    assert [row[rows[1].index("late quantity")] for row in rows[2:]] == [0.333333333, None]


def test_summary_shows_cost_quality_suppliers_and_warnings(tmp_path: Path) -> None:
    found = {row[0]: row[1:] for row in cells(read(tmp_path, plan(), ("Beware.",))["Summary"])}
    assert found["Cost [EUR]"][0] == 59.7
    assert found["purchase"][:2] == [25, pytest.approx(25 / 59.7)]
    assert found["Delivered on time, of the quantity asked"][0] == 0.68
    assert found[FORMULA] == [1, 25, 0, 0]
    assert "Beware." in found


def test_many_suppliers_are_cut_on_the_summary(tmp_path: Path) -> None:
    more = tables()
    orders = pd.concat([more["purchase_orders"]] * 20, ignore_index=True)
    orders["supplier"] = [f"S{k:02d}" for k in range(20)]
    more["purchase_orders"] = orders
    found = {row[0]: row[1:] for row in cells(read(tmp_path, plan(tables=more))["Summary"])}
    assert found["and 5 more"] == [5, 125, 0, 0]  # 5 × 25


def test_a_further_table_has_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        RESULTS, "late_calls", (text("customer", "Whom to call."), quantity("quantity", "How much waits."))
    )
    calls = pd.DataFrame({"customer": ["SHOP"], "quantity": [2.0]})
    book = read(tmp_path, plan(tables={**tables(), "late_calls": calls}))
    assert cells(book["Late calls"])[0][0] == "1 row."
    assert cells(book["Late calls"])[2][:2] == ["SHOP", 2]


def test_items_without_descriptions(tmp_path: Path) -> None:
    bare = instance()
    tables_of = {name: records for name, records in bare.tables.items() if name != "items"}
    shown = plan(instance=type(bare)(bare.name, bare.calendar, tables_of))
    object.__setattr__(shown.instance, "labels", {"location": bare.labels["location"]})
    assert "description" not in cells(read(tmp_path, shown)["Allocations"])[1]


def test_the_file_is_the_same_each_time_and_dated_by_the_run(tmp_path: Path) -> None:
    book = read(tmp_path, plan())
    first = (tmp_path / "plan.xlsx").read_bytes()
    assert book.properties.created == datetime(2026, 11, 23, 6)
    read(tmp_path, plan())
    assert (tmp_path / "plan.xlsx").read_bytes() == first
    assert read(tmp_path, plan(run={})).properties.created == datetime(2000, 1, 1)


def test_a_full_disk_is_an_error_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    # Where XlsxWriter packs the file it wraps the error; where it writes a row it does not.
    for place in ("workbook.Workbook._store_workbook", "worksheet.Worksheet._write_single_row"):
        with monkeypatch.context() as patch:
            patch.setattr(f"xlsxwriter.{place}", full)
            with pytest.raises(OSError, match="No space left") as failure:
                write_workbook(Shown(plan()), [], tmp_path / "plan.xlsx")
        assert failure.value.errno == errno.ENOSPC


def test_what_a_failure_leaves_unpacked_is_no_noise_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("zipfile.ZipFile.write", memory)  # the archive is open, and nobody ends it
    with pytest.raises(MemoryError):
        write_workbook(Shown(plan()), [], tmp_path / "plan.xlsx")
    gc.collect()  # what is ended now must not fail: the tests take that for an error
    packed = _Packed()
    packed.close()
    assert packed.write(b"end") == 3
    assert not (tmp_path / "plan.xlsx").exists()


def test_an_error_of_our_own_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.write.workbook.SHEETS", (lambda book: book.add("Summary"),) * 2)
    with pytest.raises(XlsxWriterException, match="already in use"):
        write_workbook(Shown(plan()), [], tmp_path / "plan.xlsx")


def test_where_nobody_waits_the_item_most_asked_for_is_shown() -> None:
    rows = [("a", "x", 3.0), ("a", "y", 4.0), ("b", "x", 6.0)]
    frame = pd.DataFrame(rows, columns=["item", "location", "demand"])
    costs = pd.DataFrame([("shortage", "b", 0.0), ("holding", "b", 9.0)], columns=["account", "item", "amount"])
    for known in ({}, {"costs": costs}, {"costs": costs[1:]}):
        assert most_at_stake(known, frame) == ("a", "y")
    assert most_at_stake({"costs": costs.assign(amount=1.0)}, frame) == ("b", "x")


def test_a_book_that_keeps_nothing_open_is_abandoned_too() -> None:
    book = xlsxwriter.Workbook(io.BytesIO())
    book.add_worksheet("a")
    _abandon(book)
    assert book.fileclosed
