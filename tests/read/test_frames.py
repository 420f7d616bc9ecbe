"""DataFrames: typed columns, what is missing in them, and where a fault stands."""

import numpy as np
import pandas as pd
import pytest

from optimizer.read import Input, InputFaults, read

from .small import SMALL

SETTINGS = {"name": "frames", "start": "2026-11-23", "periods": 13, "solve": {"gap": 0.0}}


def frames() -> dict[str, pd.DataFrame]:
    return {
        "items": pd.DataFrame({"item": ["A1", "00123"], "price": [1.5, np.nan]}),
        "suppliers": pd.DataFrame({"supplier": ["ACME"]}),
        "sourcing": pd.DataFrame(
            {"item": ["A1"], "supplier": ["ACME"], "valid_from": [pd.NaT], "unit_cost": [2], "lead_time": [2.0]}
        ),
        "demand": pd.DataFrame(
            {
                "item": ["A1", "00123"],
                "customer": ["C1", "C2"],
                "due": pd.to_datetime(["2026-12-07", "2026-12-14"]),
                "quantity": [1, 2],
            }
        ),
    }


def read_frames(tables: dict[str, pd.DataFrame]) -> Input:
    return read(tables, settings=SETTINGS, declarations=SMALL)


def test_typed_columns() -> None:
    found = read_frames(frames())
    assert found.text["items"]["price"] == ["1.5", ""]
    assert found.text["sourcing"]["valid_from"] == [""]
    assert found.text["demand"]["due"] == ["2026-12-07", "2026-12-14"]
    assert (found.name, found.path, found.solve.gap, found.warnings) == ("frames", None, 0.0, [])
    assert found.hashes["items"] != read_frames(frames() | {"items": frames()["items"].fillna(0)}).hashes["items"]


def test_rows_are_named_by_their_position() -> None:
    tables = frames()
    tables["demand"].loc[1, "item"] = "123"
    tables["Items"] = tables["items"]
    with pytest.raises(InputFaults) as faults:
        read_frames(tables)
    assert [str(found) for found in faults.value.findings] == [
        "DataFrame demand, row 1, column item: '123' is not in items; did you mean '00123'?",
        "DataFrame Items: 'Items' is not read: there is no such table",
    ]


def test_settings_are_checked_too() -> None:
    with pytest.raises(InputFaults) as faults:
        read(frames(), declarations=SMALL)
    assert [found.column for found in faults.value.faults] == ["start", "periods"]


def test_headers_that_stand_twice() -> None:
    tables = frames()
    tables["items"].columns = ["item", "item"]
    with pytest.raises(InputFaults, match=r"^DataFrame items, column item: column 'item' stands twice$"):
        read_frames(tables)


def test_a_required_table_without_rows() -> None:
    with pytest.raises(InputFaults, match=r"^DataFrame demand: the table has no rows; it needs at least one$"):
        read_frames(frames() | {"demand": frames()["demand"].iloc[:0]})


def test_numbers_that_cannot_be_counted_with() -> None:
    tables = frames()
    tables["items"]["price"] = [np.inf, 1e301]
    with pytest.raises(InputFaults) as faults:
        read_frames(tables)
    assert [str(found) for found in faults.value.faults] == [
        "DataFrame items, row 0, column price: 'inf' is not a number that can be counted with; "
        "leave the cell empty for the default (its lowest unit_cost)",
        "DataFrame items, row 1, column price: '1e+301' is too large to be counted exactly; "
        "1,000,000,000,000,000 is the limit",
    ]
