"""Each hazard in the structure of a folder of CSV files, with the message that the planner gets."""

# ruff: noqa: E501  messages stand in one piece, so that they can be searched for

import errno
import hashlib
from pathlib import Path

import pytest

from optimizer.read import InputFaults, csv_folder, read

from .small import SMALL, SOUND, TOML, findings, read_small, write

ITEMS = "item,price\nA1,10\nB2,20\n"
DEMAND = "item,customer,due,quantity\n"


def test_a_sound_folder_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


def test_hashes_of_every_file_are_kept(tmp_path: Path) -> None:
    hashes = read_small(tmp_path).hashes
    assert set(hashes) == set(SOUND)
    assert hashes["items.csv"] == hashlib.sha256(SOUND["items.csv"].encode()).hexdigest()


def test_rows_with_too_many_or_too_few_cells(tmp_path: Path) -> None:
    rows = "item,supplier,unit_cost,lead_time\nA1,ACME,2,2,9\nA1,BEST,2,2\nB2,ACME,2\n"
    assert findings(tmp_path, {"sourcing.csv": rows}) == [
        "fault: sourcing.csv, row 2: the row has 5 cells, the header 4; "
        "a text with a delimiter in it must stand in quotation marks",
        "fault: sourcing.csv, row 4: the row has 3 cells, the header 4; cells without a value need their delimiters too",
    ]


def test_rows_count_as_lines_in_an_editor(tmp_path: Path) -> None:
    # The header, a cell over two lines (2 and 3), an empty line (4), and the row with the fault.
    rows = 'item,description,price\nA1,"two\nlines",1\n\nB2,x,y\n'
    for end in ("\n", "\r\n", "\r"):
        assert findings(tmp_path, {"items.csv": rows.replace("\n", end)}) == [
            "fault: items.csv, row 5, column price: 'y' is not a number; "
            "leave the cell empty for the default (its lowest unit_cost)"
        ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system(tmp_path: Path, end: str) -> None:
    assert findings(tmp_path, {"items.csv": ITEMS.replace("\n", end)}) == []
    assert findings(tmp_path, {"items.csv": f"item,price{end}A1,1{end}{end}B2,x"})[0].startswith(
        "fault: items.csv, row 4,"
    )


@pytest.mark.parametrize(
    "text",
    [
        "item,price\n\nA1,10\n,\n\nB2,20",
        "\n\nitem,price\nA1,10\nB2,20\n",
        "item,price,\nA1,10,\nB2,20,\n",
    ],
)
def test_empty_lines_trailing_delimiters_and_no_last_line_end_are_harmless(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, {"items.csv": text}) == []
    assert read_small(tmp_path, {"items.csv": text}).text["items"]["item"] == ["A1", "B2"]


def test_an_unquoted_decimal_comma_is_no_trailing_delimiter(tmp_path: Path) -> None:
    """Three cells for two headers: the price was 10,5 and everything behind it has moved, even if the last is empty."""
    (found,) = findings(tmp_path, {"items.csv": "item,price,class\nA1,10,5,\nB2,20,\n"})
    assert found == (
        "fault: items.csv, row 2: the row has 4 cells, the header 3; a text with a delimiter in it must stand in quotation marks"
    )


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": "item,price,price\nA1,1,2\n"}) == [
        "fault: items.csv, row 1, column price: column 'price' stands twice; delete or rename one"
    ]


def test_a_header_without_end(tmp_path: Path) -> None:
    for header in ("item" + ",x" * 3_000, "item," + ",".join(f"c{k}" for k in range(3_000))):
        assert findings(tmp_path, {"items.csv": f"{header}\nA1\n"}) == [
            "fault: items.csv, row 1: the header has 3,001 columns; 2,000 are the most that are read"
        ]


def test_headers_spelled_otherwise(tmp_path: Path) -> None:
    rows = "Item ,SUPPLIER,unit_cost,lead_tme\nA1,ACME,2,2\n"
    assert findings(tmp_path, {"sourcing.csv": rows}) == [
        "fault: sourcing.csv, column Item : column 'Item ' is not read; did you mean 'item'?",
        "fault: sourcing.csv, column SUPPLIER: column 'SUPPLIER' is not read; did you mean 'supplier'?",
        "fault: sourcing.csv, column lead_tme: column 'lead_tme' is not read; did you mean 'lead_time'?",
    ]


def test_a_column_that_is_missing(tmp_path: Path) -> None:
    assert findings(tmp_path, {"sourcing.csv": "item,supplier,lead_time\nA1,ACME,2\n"}) == [
        "fault: sourcing.csv, column unit_cost: column 'unit_cost' (money per unit) is missing"
    ]


def test_columns_nobody_declared_are_told(tmp_path: Path) -> None:
    rows = "item,supplier,unit_cost,lead_time,minimum_quantty,buyer,plant\nA1,ACME,2,2,5,x,y\n"
    assert findings(tmp_path, {"sourcing.csv": rows}) == [
        "warning: sourcing.csv, column minimum_quantty: column 'minimum_quantty' is not read; "
        "did you mean 'minimum_quantity'? Without it, every row has the default (0)",
        "warning: sourcing.csv: columns 'buyer', 'plant' are not read: sourcing has no such columns",
    ]


def test_a_column_without_a_header(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": "item,,price\nA1,x,1\nB2,,2\n"}) == [
        "warning: items.csv: column 2 has no header, and is not read"
    ]


def test_another_delimiter_is_told_once_for_all_files(tmp_path: Path) -> None:
    tables = {name: text for name, text in SOUND.items() if name.endswith(".csv")}
    for sign, words, setting in ((";", "semicolons", ";"), ("\t", "tabs", "\\t"), ("|", "bars", "|")):
        changes = {name: text.replace(",", sign) for name, text in tables.items()}
        assert findings(tmp_path, changes) == [
            f"fault: items.csv, sourcing.csv, demand.csv: cells are separated by {words}; "
            f'write delimiter = "{setting}" under [read] in instance.toml'
        ]


def test_a_header_of_several_cells_has_its_delimiter(tmp_path: Path) -> None:
    found = findings(tmp_path, {"items.csv": "item;price,description\nA1;1,x\n"})
    assert found[0] == "fault: items.csv, column item: column 'item' is missing"
    assert not any("separated" in text for text in found)


def test_one_column_alone_is_told_as_one(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": "item,buyer\nA1,x\nB2,y\n"}) == [
        "warning: items.csv, column buyer: column 'buyer' is not read: items has no such column"
    ]


@pytest.mark.parametrize(("sign", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_another_delimiter_than_the_rest(tmp_path: Path, sign: str, words: str) -> None:
    # The setting alone would only make the others unreadable.
    assert findings(tmp_path, {"items.csv": ITEMS.replace(",", sign)}) == [
        f"fault: items.csv: cells are separated by {words}, those of other files by commas; "
        "save all files alike, with their delimiter under [read] in instance.toml"
    ]
    rest = {name: text.replace(",", "^") for name, text in SOUND.items() if name.endswith(".csv")}
    changes = {**rest, "items.csv": ITEMS, "instance.toml": f'{TOML}[read]\ndelimiter = "^"\n'}
    assert findings(tmp_path, changes) == [
        "fault: items.csv: cells are separated by commas, those of other files by '^'; "
        "save all files alike, with their delimiter under [read] in instance.toml"
    ]


def test_a_european_export_needs_only_the_read_section(tmp_path: Path) -> None:
    toml = (
        TOML
        + '[read]\ndelimiter = ";"\ndecimal = ","\nthousands = "."\ndate_format = "%d.%m.%Y"\nencoding = "cp1252"\n'
    )
    read = read_small(
        tmp_path,
        {
            "instance.toml": toml,
            "items.csv": "item;description;price\nA1;Größe M;1.234,50\nB2;;2\n".encode("cp1252"),
            "sourcing.csv": "item;supplier;unit_cost;lead_time\nA1;ACME;2,5;2\n",
            "demand.csv": "item;customer;due;quantity\nA1;C1;07.12.2026;1.000\n",
        },
    )
    assert read.text["items"] == {
        "item": ["A1", "B2"], "description": ["Größe M", ""], "class": ["", ""], "price": ["1234.5", "2"]
    }  # fmt: skip
    assert (read.text["demand"]["due"], read.text["demand"]["quantity"]) == (["2026-12-07"], ["1000"])
    assert read.as_written("demand", "due") == ["07.12.2026"]
    assert read.warnings == []


def test_byte_order_mark(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": b"\xef\xbb\xbf" + ITEMS.encode(), "instance.toml": "\ufeff" + TOML}) == []


def test_encodings(tmp_path: Path) -> None:
    umlaut = "item,description\nA1,Größe\nB2,x\n"
    assert findings(tmp_path, {"items.csv": ITEMS.encode("utf-16")}) == [
        'fault: items.csv: the file is UTF-16 ("Unicode text"); save it as CSV UTF-8, or write encoding = "utf-16" under [read]'
    ]
    assert findings(tmp_path, {"items.csv": umlaut.encode("latin-1")}) == [
        "fault: items.csv, row 2: the text is not UTF-8; write encoding = \"cp1252\" under [read] if 'A1,Größe' is right, "
        "or save the file as CSV UTF-8"
    ]
    cp1252 = TOML + '[read]\nencoding = "cp1252"\n'
    assert findings(tmp_path, {"instance.toml": cp1252, "items.csv": umlaut}) == [
        'warning: items.csv: the file reads as UTF-8 too; is encoding = "cp1252" under [read] right?'
    ]
    assert findings(tmp_path, {"instance.toml": cp1252, "items.csv": "\ufeff" + umlaut}) == [
        'fault: items.csv: the file is UTF-8; take encoding = "cp1252" out of [read], or save the file so'
    ]
    utf16 = TOML + '[read]\nencoding = "utf-16"\n'
    everything = {name: text.encode("utf-16") for name, text in SOUND.items() if name.endswith(".csv")}
    assert findings(tmp_path, {**everything, "instance.toml": utf16}) == []


def test_nul_characters(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": b"item,price\nA1,1\nB\x002,2\n"}) == [
        "fault: items.csv, row 3: a NUL character stands here; the file is damaged, or not text: export it again"
    ]


@pytest.mark.parametrize("row", ['A1,"abc', 'A1,"5" pipe"'])
def test_quotation_marks_that_are_not_closed(tmp_path: Path, row: str) -> None:
    assert findings(tmp_path, {"items.csv": f"item,description\nB2,x\n{row}\nC3,y\n"}) == [
        "fault: items.csv, row 3: a quotation mark that opens a cell here is not closed; "
        'close it, and double those within the text ("5"" pipe")'
    ]


def test_quotation_marks_within_a_cell_are_text(tmp_path: Path) -> None:
    read = read_small(tmp_path, {"items.csv": 'item,description\nA1,5" pipe\nB2,"6"" pipe, long"\n'})
    assert read.text["items"]["description"] == ['5" pipe', '6" pipe, long']


def test_a_cell_that_is_too_large(tmp_path: Path) -> None:
    assert findings(tmp_path, {"items.csv": f"item,description\nA1,{'x' * 200_000}\n"}) == [
        "fault: items.csv, row 2: a cell holds more than 131,072 characters; is a quotation mark not closed?"
    ]


def test_tables_that_are_missing_or_empty(tmp_path: Path) -> None:
    assert findings(tmp_path / "a", {"demand.csv": None}) == ["fault: demand.csv: the table 'demand' is missing"]
    assert findings(tmp_path / "b", {"demand.csv": DEMAND}) == [
        "fault: demand.csv: the table has no rows; it needs at least one"
    ]
    assert findings(tmp_path / "c", {"inventory.csv": "item,location,on_hand\n"}) == []
    assert findings(tmp_path / "d", {"inventory.csv": ""}) == [
        "warning: inventory.csv: the file is empty: not even a header; the table counts as absent"
    ]


def test_files_spelled_otherwise(tmp_path: Path) -> None:
    changes = {"demand.csv": None, "Demand.csv": SOUND["demand.csv"], "iventory.csv": "item\n", "buyers.csv": "a\n"}
    assert findings(tmp_path, changes) == [
        "fault: Demand.csv: 'Demand' is not read; rename it 'demand'",
        "warning: buyers.csv: 'buyers' is not read: there is no such table",
        "warning: iventory.csv: 'iventory' is not read; did you mean 'inventory'?",
    ]


def test_no_settings_no_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "plant", {"instance.toml": None})
    needs = "it needs a start (start = 2026-11-23) and a number of periods (periods = 26)"
    with pytest.raises(InputFaults) as faults:
        read(folder, declarations=SMALL)
    assert str(faults.value) == f"{folder}: there is no instance.toml; {needs}"
    with pytest.raises(InputFaults) as faults:
        read(tmp_path / "plantt", declarations=SMALL)
    assert str(faults.value) == f"{tmp_path / 'plantt'}: there is no such folder or workbook; did you mean 'plant'?"
    write(folder)
    with pytest.raises(InputFaults) as faults:
        read(tmp_path, declarations=SMALL)
    assert str(faults.value) == f"{tmp_path}: there is no instance.toml; did you mean the folder {folder}?"


def test_a_table_that_is_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, {"items.csv": None})
    (folder / "items.csv").mkdir()
    with pytest.raises(InputFaults) as faults:
        read(folder, declarations=SMALL)
    assert str(faults.value) == "items.csv: this is not a file"


def test_a_link_is_followed_to_a_file_of_its_kind_only(tmp_path: Path) -> None:
    folder = write(tmp_path / "instance")
    (tmp_path / "passwd").write_text("root:x:0:0\n", encoding="utf-8")
    (folder / "inventory.csv").symlink_to(tmp_path / "passwd")
    assert findings(folder) == [
        "fault: inventory.csv: this is a link to a file that does not end in .csv; link to one that does"
    ]
    (folder / "inventory.csv").unlink()
    (folder / "items.csv").rename(tmp_path / "shared.CSV")
    (folder / "items.csv").symlink_to("../shared.CSV")
    assert findings(folder) == []


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    folder = write(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(InputFaults) as faults:
        read(folder, declarations=SMALL)
    assert str(faults.value) == (
        "instance.toml: the file cannot be read (permission denied); close it elsewhere, or see who may read it"
    )


@pytest.mark.parametrize("call", ["is_dir", "exists", "read_bytes", "iterdir"])
def test_a_disk_that_fails_is_no_fault_of_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def broken(path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    folder = write(tmp_path)
    monkeypatch.setattr(Path, call, broken)
    with pytest.raises(OSError, match="Input/output error"):
        read(folder, declarations=SMALL)


def test_many_rows_with_lines_and_without(tmp_path: Path) -> None:
    # More rows than are taken at once (20,000): the number of the last one counts every line before it.
    plain = "".join(f"I{k},{k}\n" for k in range(25_000))
    rows = f'item,price\nA1,1\nB2,2\n{plain}"last\nid",x\n'
    found = findings(tmp_path, {"items.csv": rows})
    assert found[0].startswith("fault: items.csv, row 25004, column price: 'x' is not a number")


def test_an_encoding_that_is_for_other_things(tmp_path: Path) -> None:
    idna = TOML + '[read]\nencoding = "idna"\n'
    found = findings(tmp_path, {"instance.toml": idna, "items.csv": "xn--0.a\n"})
    assert found[0].startswith("fault: items.csv: the file is not idna: ")


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    folder = write(tmp_path / "plant")
    monkeypatch.setattr(Path, "iterdir", locked)
    with pytest.raises(InputFaults) as faults:
        read(folder, declarations=SMALL)
    assert [str(fault) for fault in faults.value.faults] == [
        "plant: the file cannot be read (permission denied); close it elsewhere, or see who may read it"
    ]


def test_paths_that_can_be_none(tmp_path: Path) -> None:
    with pytest.raises(InputFaults, match=r"cannot be read \(\[Errno 36\] File name too long"):
        read(tmp_path / ("x" * 5000), declarations=SMALL)
    for path in (tmp_path / "no" / "where", "a\0b"):
        with pytest.raises(InputFaults, match=r"there is no such folder or workbook$"):
            read(path, declarations=SMALL)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert csv_folder.LARGEST_FILE == 2_000_000_000
    monkeypatch.setattr(csv_folder, "LARGEST_FILE", len(SOUND["sourcing.csv"]))
    assert findings(tmp_path / "just", {"demand.csv": DEMAND + "A1,C1,2026-12-07,10\n"}) == []
    monkeypatch.setattr(csv_folder, "LARGEST_FILE", 40)
    assert findings(tmp_path / "above", {"instance.toml": "start = 2026-11-23\nperiods = 13\n"}) == [
        f"fault: {name}.csv: the file is larger than 40 bytes" for name in ("sourcing", "demand")
    ]


def test_two_files_of_one_table(tmp_path: Path) -> None:
    told = findings(tmp_path, {"items.CSV": ITEMS, "notes.csv": "a\n1\n", "notes.CSV": "a\n1\n"})
    if len(list(tmp_path.glob("**/items.*"))) == 1:
        pytest.skip("the file system does not tell capitals from small letters")
    # Which of them is meant cannot be known: neither is read. What is no table may be there as often as it likes.
    assert "fault: items.csv: the same table as items.CSV; delete one, or give it another name" in told
    assert not [one for one in told if one.startswith("fault") and "items" not in one]
