"""Each hazard in a cell, with the message that the planner gets."""

# ruff: noqa: E501  messages stand in one piece, so that they can be searched for

from pathlib import Path

import pytest

from models.instance import as_texts
from models.tables import Column, Kind, quantity
from optimizer.read.cells import Cell, reader
from optimizer.read.plain_cells import plain_cells
from optimizer.read.source import Dialect

from .small import SMALL, TOML, findings, read_small

SOURCING = "item,supplier,unit_cost,lead_time\n"
DEMAND = "item,customer,due,quantity\n"
GERMAN = TOML + '[read]\ndecimal = ","\nthousands = "."\ndate_format = "%d.%m.%Y"\n'
GERMAN_DATES = TOML + '[read]\ndate_format = "%d.%m.%Y"\n'
EMPTY_PRICE = "a number (money per unit) is needed"
AT_COST = "fault: sourcing.csv, row 2, column unit_cost: "
AT_TIME = "fault: sourcing.csv, row 2, column lead_time: "
AT_DUE = "fault: demand.csv, row 2, column due: "


def cost(folder: Path, cell: str, toml: str = TOML) -> list[str]:
    quoted = f'"{cell}"' if "," in cell else cell
    return findings(folder, {"instance.toml": toml, "sourcing.csv": f"{SOURCING}A1,ACME,{quoted},2\n"})


def due(folder: Path, cell: str, toml: str = TOML) -> list[str]:
    return findings(folder, {"instance.toml": toml, "demand.csv": f"{DEMAND}A1,C1,{cell},10\n"})


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "1,234",
            '\'1,234\' is not a number; write 1234 or 1.234, or set thousands = "," or decimal = "," under [read]',
        ),
        ("1,5", "'1,5' is not a number; write 1.5, or set decimal = \",\" under [read]"),
        (
            "1.234,50",
            '\'1.234,50\' is not a number; write 1234.5, or set decimal = "," and thousands = "." under [read]',
        ),
        (
            "1,234.50",
            '\'1,234.50\' is not a number; write 1234.5, or set decimal = "." and thousands = "," under [read]',
        ),
        ("1 234", "'1 234' is not a number; write 1234, or set thousands = \" \" under [read]"),
        ("1'234", "'1'234' is not a number; write 1234, or set thousands = \"'\" under [read]"),
        ("1.234.567", "'1.234.567' is not a number; write 1234567, or set thousands = \".\" under [read]"),
        ("1.2.3", "'1.2.3' is not a number"),
        ("12%", "'12%' is not a number; write 0.12"),
        ("€ 12", "'€ 12' is not a number; write 12"),
        ("12.5 EUR", "'12.5 EUR' is not a number; write 12.5"),
        ("inf", f"'inf' is not a number that can be counted with; {EMPTY_PRICE}"),
        ("nan", f"'nan' is not a number that can be counted with; {EMPTY_PRICE}"),
        ("NA", f"'NA' is not a number; {EMPTY_PRICE}"),
        ("twelve", f"'twelve' is not a number; {EMPTY_PRICE}"),
        ("0x10", "'0x10' is not a number"),
        ("1E999999999", "'1E999999999' is not a number"),
        ("١٢", "'١٢' is not a number"),
        ("-5", "'-5' is negative; write 0 or more (money per unit)"),
        ("5-", "'5-' is negative; write 0 or more (money per unit)"),
        ("1.5,2.5,3", "'1.5,2.5,3' is not a number"),
        ("1,5-", "'1,5-' is not a number; write -1.5, or set decimal = \",\" under [read]"),
        ("1e40", "'1e40' is too large to be counted exactly; 1,000,000,000,000,000 is the limit"),
        (
            "9007199254740993",
            "'9007199254740993' is too large to be counted exactly; 1,000,000,000,000,000 is the limit",
        ),
        ("1e400", "'1e400' is too large to be counted exactly; 1,000,000,000,000,000 is the limit"),
        ("", f"the cell is empty; {EMPTY_PRICE}"),
        ("  ", f"the cell is empty; {EMPTY_PRICE}"),
    ],
)
def test_a_number_that_is_none_is_told_with_what_would_be_right(tmp_path: Path, cell: str, message: str) -> None:
    assert cost(tmp_path, cell) == [AT_COST + message]


@pytest.mark.parametrize(
    ("cell", "canonical", "value"),
    [("1e5", "100000", 1e5), ("007", "7", 7.0), (".5", "0.5", 0.5), ("5.", "5", 5.0), ("2.50", "2.5", 2.5), (" 3 ", "3", 3.0),
     ("1e-3", "0.001", 0.001), ("1e-40", "0", 0.0), ("+4", "4", 4.0), ("0.1", "0.1", 0.1), ("-0", "0", 0.0)],
)  # fmt: skip
def test_numbers_are_read_however_a_machine_writes_them(
    tmp_path: Path, cell: str, canonical: str, value: float
) -> None:
    read = read_small(tmp_path, {"sourcing.csv": f"{SOURCING}A1,ACME,{cell},2\n"})
    assert read.text["sourcing"]["unit_cost"] == [canonical]
    assert read.instance["sourcing"]["unit_cost"].tolist() == [value]


@pytest.mark.parametrize(
    ("cell", "canonical"), [("1.234,50", "1234.5"), ("2,5", "2.5"), ("1.234", "1234"), ("12", "12"), ("0,5", "0.5")]
)
def test_european_numbers_need_only_the_read_section(tmp_path: Path, cell: str, canonical: str) -> None:
    read = read_small(tmp_path, {"instance.toml": GERMAN, "sourcing.csv": f'{SOURCING}A1,ACME,"{cell}",2\n'})
    assert read.text["sourcing"]["unit_cost"] == [canonical]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("12.50", "'12.50' is not a number; write 12,5, or set decimal = \".\" under [read]"),
        (
            "1,234.50",
            '\'1,234.50\' is not a number; write 1234,5, or set decimal = "." and thousands = "," under [read]',
        ),
    ],
)
def test_an_english_number_in_a_european_file_is_told_as_that_file_writes_it(
    tmp_path: Path, cell: str, message: str
) -> None:
    assert cost(tmp_path, cell, GERMAN) == [AT_COST + message]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("3.5", "'3.5' is not a whole number of periods; write 4"),
        ('"3,5"', "'3,5' is not a whole number of periods; write 4"),
        ("2 weeks", "'2 weeks' is not a whole number of periods"),
        ("-1", "'-1' is negative; write 0 or more (periods)"),
    ],
)
def test_periods_are_whole(tmp_path: Path, cell: str, message: str) -> None:
    assert findings(tmp_path, {"sourcing.csv": f"{SOURCING}A1,ACME,2,{cell}\n"}) == [AT_TIME + message]


def test_limits_of_a_column(tmp_path: Path) -> None:
    rows = "item,supplier,unit_cost,lead_time,share_max,multiple\nA1,ACME,2,2,1.5,0\n"
    assert findings(tmp_path, {"sourcing.csv": rows}) == [
        "fault: sourcing.csv, row 2, column multiple: "
        "'0' must be above 0 (unit); leave the cell empty for the default (none)",
        "fault: sourcing.csv, row 2, column share_max: "
        "'1.5' is above 1 (share), the most allowed; leave the cell empty for the default (1)",
    ]


def test_negative_stock_counts_as_nothing_with_a_warning(tmp_path: Path) -> None:
    read = read_small(tmp_path, {"inventory.csv": "item,location,on_hand\nA1,main,-5\n"})
    assert [str(found) for found in read.warnings] == [
        "inventory.csv, row 2, column on_hand: '-5' is negative and counts as 0"
    ]
    assert read.instance["inventory"]["on_hand"].tolist() == [0.0]
    assert read.text["inventory"]["on_hand"] == ["-5"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "23.11.2026",
            "'23.11.2026' is not an ISO date; write 2026-11-23, or set date_format = \"%d.%m.%Y\" under [read]",
        ),
        (
            "11/23/2026",
            "'11/23/2026' is not an ISO date; write 2026-11-23, or set date_format = \"%m/%d/%Y\" under [read]",
        ),
        (
            "03/04/2026",
            "'03/04/2026' is not an ISO date; write 2026-04-03 or 2026-03-04, "
            'or set date_format = "%d/%m/%Y" or "%m/%d/%Y" under [read]',
        ),
        ("20261123", "'20261123' is not an ISO date; write 2026-11-23, or set date_format = \"%Y%m%d\" under [read]"),
        ("2026-1-5", "'2026-1-5' is not an ISO date; write 2026-01-05, or set date_format = \"%Y-%m-%d\" under [read]"),
        (
            "2026-11-23 00:00:00",
            "'2026-11-23 00:00:00' is not an ISO date; write 2026-11-23, "
            'or set date_format = "%Y-%m-%d %H:%M:%S" under [read]',
        ),
        ("46349", "'46349' is not an ISO date but the number by which Excel counts days; write 2026-11-23"),
        ("2026-02-30", "'2026-02-30' is no day: February 2026 has 28 days"),
        ("2026-23-11", "'2026-23-11' is no day: there is no month 23; write 2026-11-23"),
        ("0000-01-01", "'0000-01-01' is no day: there is no year 0"),
        ("2026-W54", "'2026-W54' is no day: 2026 has no week 54"),
        ("KW48/2026", "'KW48/2026' is not an ISO date; write 2026-W48"),
        ("2026W48", "'2026W48' is not an ISO date; write 2026-W48"),
        ("tomorrow", "'tomorrow' is not an ISO date; write it as 2026-11-23 or 2026-W48"),
        ("0206-11-23", "'0206-11-23' lies before 1900; is the year right?"),
        ("", "the cell is empty; a date is needed"),
    ],
)
def test_a_date_that_is_none_is_told_with_what_would_be_right(tmp_path: Path, cell: str, message: str) -> None:
    assert due(tmp_path, cell) == [AT_DUE + message]


def test_weeks_are_their_monday_and_output_can_name_them_as_written(tmp_path: Path) -> None:
    read = read_small(tmp_path, {"demand.csv": f"{DEMAND}A1,C1,2026-W48,10\n"})
    assert read.text["demand"]["due"] == ["2026-11-23"]  # Monday of week 48
    assert read.as_written("demand", "due") == ["2026-W48"]
    assert list(read.instance["demand"].text("due")) == ["2026-W48"]


def test_a_date_format_is_read_beside_iso(tmp_path: Path) -> None:
    rows = f"{DEMAND}A1,C1,07.12.2026,10\nA1,C1,2026-12-14,10\n"
    read = read_small(tmp_path, {"instance.toml": GERMAN_DATES, "demand.csv": rows})
    assert read.text["demand"]["due"] == ["2026-12-07", "2026-12-14"]
    assert due(tmp_path, "2026/11/23", GERMAN_DATES) == [
        AT_DUE + "'2026/11/23' is not a date as 23.11.2026; write 23.11.2026"
    ]


def test_a_format_that_begins_with_the_year_shuts_iso_out_so_that_no_text_means_two_days(tmp_path: Path) -> None:
    toml = TOML + '[read]\ndate_format = "%Y-%d-%m"\n'
    read = read_small(tmp_path, {"instance.toml": toml, "demand.csv": f"{DEMAND}A1,C1,2026-03-12,10\n"})
    assert read.text["demand"]["due"] == ["2026-12-03"]
    assert len(due(tmp_path, "2026-11-23", toml)) == 1


def test_ids_are_kept_byte_for_byte(tmp_path: Path) -> None:
    ids = [
        "00123",
        "123",
        "1E5",
        "NA",
        "NULL",
        "null",
        "nan",
        "None",
        "N/A",
        "9007199254740993",
        "é",
        "=1+1",
        "inf",
        "A1",
        "B2",
    ]
    rows = "".join(f"{name},{name},2026-12-07,1\n" for name in ids)
    read = read_small(tmp_path, {"items.csv": "item\n" + "\n".join(ids), "demand.csv": DEMAND + rows})
    assert read.text["items"]["item"] == ids
    assert list(read.instance["demand"]["customer"]) == ids
    assert read.warnings == []


@pytest.mark.parametrize(
    ("known", "said", "meant"),
    [
        ("1E5", "100000", "1E5"),
        ("1E5", "1,00E+05", "1E5"),
        ("100000", "1.00E+05", "100000"),
        ("1e5", "100000,0", "1e5"),
        ("4006381333931", "4,00638E+12", ""),  # its digits are lost
        ("1E5", "1E6", "1E5"),  # only alike
        ("1E5", "9E99", ""),
    ],
)
def test_an_id_that_a_spreadsheet_has_changed(tmp_path: Path, known: str, said: str, meant: str) -> None:
    rows = {"items.csv": f'item\n"{known}"\nB2\n', "sourcing.csv": f"{SOURCING}B2,BEST,7,3\n"}
    found = findings(tmp_path, rows | {"demand.csv": f'{DEMAND}"{said}",C1,2026-12-07,1\n'})
    hint = f"; did you mean '{meant}'?" if meant else ""
    assert found[0] == f"fault: demand.csv, row 2, column item: '{said}' is not in items{hint}"
    looks = f"warning: demand.csv, row 2, column item: '{said}' looks like a long number that a spreadsheet has "
    assert found[1:] == ([looks + "shortened; if it is, export it again as text"] if "E+" in said else [])


def test_spaces_round_an_id_never_make_two_ids(tmp_path: Path) -> None:
    rows = f"{DEMAND} A1,C1,2026-12-07,10\nA1 ,C1,2026-12-07,10\n"
    trim = "or write trim = true under [read] to take them off every id"
    assert findings(tmp_path, {"demand.csv": rows}) == [
        "fault: demand.csv, row 2, column item: "
        f"' A1' has spaces round it, so it is another id than 'A1'; write 'A1', {trim}",
        "fault: demand.csv, row 3, column item: "
        f"'A1 ' has spaces round it, so it is another id than 'A1'; write 'A1', {trim}",
    ]


def test_spaces_are_taken_off_where_that_is_asked_for(tmp_path: Path) -> None:
    toml = TOML + "[read]\ntrim = true\n"
    read = read_small(tmp_path, {"instance.toml": toml, "demand.csv": f"{DEMAND} A1,C1 ,2026-12-07,10\n"})
    assert (read.text["demand"]["item"], read.text["demand"]["customer"]) == (["A1"], ["C1"])
    # Two ids that differ in spaces only are then one, and two rows of it a fault.
    assert findings(tmp_path, {"instance.toml": toml, "items.csv": "item\nA1\nA1 \nB2\n"}) == [
        "fault: items.csv, row 3, column item: item 'A1' stands in row 2 already; one row for each item: join or delete them"
    ]


def test_characters_that_cannot_be_seen_are_told(tmp_path: Path) -> None:
    rows = f"{DEMAND}A1,C\u200b1,2026-12-07,10\nA1\u00a0,C1,2026-12-07,10\n"
    found = findings(tmp_path, {"demand.csv": rows})
    assert found[0].startswith("fault: demand.csv, row 3, column item: 'A1\u00a0' has invisible characters round it")
    assert found[1] == (
        "warning: demand.csv, row 2, column customer: "
        "'C\u200b1' holds a character that cannot be seen (U+200B, zero width space); it makes another id than without"
    )


def test_spaces_alone_are_no_id_where_ids_are_trimmed(tmp_path: Path) -> None:
    toml = TOML + "[read]\ntrim = true\n"
    assert findings(tmp_path, {"instance.toml": toml, "demand.csv": f"{DEMAND}  ,C1,2026-12-07,1\n"}) == [
        "fault: demand.csv, row 2, column item: the cell is empty; a text is needed"
    ]


TEXTS = [
    *("", " ", "a", " a", "a ", "a\u200b", "4,0E+12", "x" * 501, "order", " order", "Order"),
    *("0", "-0", "7", "007", "2.50", "2,5", "1.234", "1.234,5", "-3", "5-", "1e5", "1e400", "inf", "0.5", "0,5", "16"),
    *("1" * 15, "1" * 16, "2026-11-23", "23.11.2026", "2026-W48"),
]
COLUMNS = [
    *[known for table in SMALL.tables.values() for known in table.all_columns],
    quantity("change", "May be negative.", minimum=None),
    quantity("part", "Above 0.5.", minimum=0.5, positive=True, maximum=16.0),
]


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("known", COLUMNS, ids=lambda known: known.name)
def test_what_is_read_at_once_is_what_would_be_read_one_by_one(known: Column, decimal: str) -> None:
    dialect = Dialect(decimal=decimal, thousands="." if decimal == "," else "", date_format="%d.%m.%Y")
    for in_key in (False, True):
        texts, values, sound = plain_cells(known, in_key, dialect, as_texts(TEXTS))
        read = reader(known, in_key, dialect)
        for text, canonical, value, is_sound in zip(TEXTS, texts, values, sound, strict=True):
            if is_sound:
                assert read(text) == Cell(canonical, value)
            elif known.kind is Kind.NUMBER and read(text).complaint is None:
                assert text not in ("7", "16")  # these were evident


def test_an_id_has_a_length(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": f"item\nA1\nB2\n{'x' * 501}\n"}) == [
        "fault: items.csv, row 4, column item: an id of 501 characters; 500 are the most allowed"
    ]


def test_choices(tmp_path: Path) -> None:
    rows = "item,customer,due,kind,quantity\nA1,C1,2026-12-07,Forecast,1\nA1,C2,2026-12-07,sale,1\n"
    default = "leave the cell empty for the default (order)"
    assert findings(tmp_path, {"demand.csv": rows}) == [
        "fault: demand.csv, row 2, column kind: "
        f"'Forecast' is not 'order' or 'forecast'; did you mean 'forecast'?, or {default}",
        f"fault: demand.csv, row 3, column kind: 'sale' is not 'order' or 'forecast'; {default}",
    ]


def test_after_a_hundred_of_a_kind_they_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"A1,C{k},23.11.2026,1\n" for k in range(250))
    found = findings(tmp_path, {"demand.csv": DEMAND + rows})
    assert len(found) == 101
    assert found[-1] == "fault: demand.csv, column due: … and 150 more cells like these"


def test_defaults_fill_records_and_leave_texts_empty(tmp_path: Path) -> None:
    read = read_small(tmp_path)
    assert list(read.instance["demand"]["kind"]) == ["order", "order"]
    assert read.text["demand"]["kind"] == ["", ""]
    assert read.instance["sourcing"]["share_max"].tolist() == [1.0, 1.0]
    assert len(read.instance["inventory"]) == 0
    assert "inventory" not in read.text
