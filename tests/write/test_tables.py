"""CSV text: shortest decimals, ids byte for byte, exact totals."""

import csv
import io
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from optimizer.write.tables import decimal_text, first_formula, written


def csv_text(frame: pd.DataFrame) -> str:
    """A whole table as text."""
    return b"".join(written(frame).blocks()).decode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-12, "0"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "0.000000001"),
        (4e-10, "0"),
        (1e22, "10000000000000000000000"),
        (-2.5, "-2.5"),
        (1 / 3, "0.333333333"),
        (12345678.1, "12345678.1"),
        (9007199254740993.0, "9007199254740992"),
    ],
)
def test_a_number_is_its_shortest_decimal(value: float, text: str) -> None:
    assert decimal_text(value) == text
    assert csv_text(pd.DataFrame({"n": [value, 7.25]})) == f"n\n{text}\n7.25\n"


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
def test_infinity_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="infinite"):
        csv_text(pd.DataFrame({"amount": [1.0, value]}))
    with pytest.raises(ValueError, match="no decimal text"):
        decimal_text(value)


@given(some.floats(allow_nan=False, allow_infinity=False, width=64))
def test_every_number_reads_back_to_nine_places(value: float) -> None:
    text = decimal_text(value)
    assert "e" not in text
    assert text != "-0"
    assert len(text.partition(".")[2]) <= 9
    assert float(text) == round(value, 9)


IDS = [
    "00123",
    "NA",
    "null",
    " A1",
    "A1 ",
    'say "x"',
    "a,b",
    "two\nlines",
    "carriage\rreturn",
    "=1+1",
    "é",
    "1E5",
    "-0",
]


def test_ids_are_written_byte_for_byte() -> None:
    text = csv_text(pd.DataFrame({"item": IDS, "quantity": range(len(IDS))}))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in rows] == ["item", *IDS]
    assert text.endswith("-0,12\n")


ANY_TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=50)
@given(some.lists(some.tuples(ANY_TEXT, ANY_TEXT), max_size=5))
def test_any_texts_read_back(rows: list[tuple[str, str]]) -> None:
    text = csv_text(pd.DataFrame(rows, columns=["a", "b"], dtype=object))
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [list(row) for row in rows]


def test_what_is_not_there_is_an_empty_cell() -> None:
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None, float("nan")], dtype=object),
            "string": pd.Series(["b", None, ""], dtype="str"),
            "number": [1.0, np.nan, 2.0],
            "count": pd.array([1, None, 2], dtype="Int64"),
        }
    )
    assert csv_text(frame) == "text,string,number,count\na,b,1,1\n,,,\n,,2,2\n"


def test_a_table_without_rows_is_its_header() -> None:
    assert csv_text(pd.DataFrame({"item": [], "quantity": []})) == "item,quantity\n"


def test_totals_are_exact_sums_of_what_is_written() -> None:
    # 0.1 three times and 0.2 once: 0.5, where floats give 0.5000000000000001 in another order; ids are no numbers.
    table = written(pd.DataFrame({"item": ["1", "2", "3", "4"], "amount": [0.1, 0.1, 0.2, 0.1], "count": [1, 2, 3, 4]}))
    assert table.totals == {"amount": Decimal("0.5"), "count": Decimal(10)}
    assert len(table) == 4


def test_many_rows_are_written_in_blocks() -> None:
    # More than one block of 50,000 rows.
    text = csv_text(pd.DataFrame({"n": range(120_000)}))
    assert text.splitlines()[1:] == [str(n) for n in range(120_000)]


@pytest.mark.parametrize("cell", ["=1", "+1", "-x", "@x", "\tx", "\rx"])
def test_an_id_that_a_spreadsheet_takes_for_a_formula_is_found(cell: str) -> None:
    assert first_formula(pd.DataFrame({"n": [-1.0, 2.0], "item": ["a", cell]})) == cell
    assert first_formula(pd.DataFrame({"n": [-1.0, 2.0], "item": ["a", "b=1"]})) is None
