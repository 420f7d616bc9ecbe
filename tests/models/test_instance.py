"""Instance: ids in a fixed order, tables that are implied, cells as the user wrote them."""

from typing import Any

import numpy as np
import pytest

from models.findings import Severity, fault, shown, warning
from models.instance import empty_column, repeated
from models.tables import Kind
from tests.models.solved import PLAIN, day, instance


def test_locations_are_those_of_their_table_else_those_named_else_main() -> None:
    named: dict[str, Any] = {
        "inventory": [{"location": "west"}],
        "open_orders": [{"location": "east", "arrival": 0, "quantity": 1}, {"location": "west", "arrival": 0,
                         "quantity": 1, "order": "2"}],
    }  # fmt: skip
    assert instance(**named).labels["location"].tolist() == ["west", "east"]
    stated = instance(locations=[{"location": x} for x in ("north", "west", "east")], **named)
    assert stated.labels["location"].tolist() == ["north", "west", "east"]
    assert instance().labels["location"].tolist() == ["main"]


def test_customers_are_those_of_their_table_else_those_named() -> None:
    demand = [{"customer": name, "due": 0, "quantity": 1} for name in ("Q", "P", "Q")]
    assert instance(demand=demand).labels["customer"].tolist() == ["Q", "P"]
    assert instance().labels["customer"].tolist() == []


def test_codes_are_places_among_the_ids_and_an_empty_cell_is_none() -> None:
    made = instance(
        items=[PLAIN | {"item": "00123"}, PLAIN | {"item": "123"}],
        locations=[{"location": "NA"}, {"location": "main"}],
        sourcing=[
            {"item": "123", "unit_cost": 1, "lead_time": 1},
            {"item": "00123", "unit_cost": 1, "lead_time": 1, "location": "NA"},
        ],
    )
    assert made.codes("sourcing", "item").tolist() == [1, 0]
    assert made.codes("sourcing", "location").tolist() == [-1, 0]
    with pytest.raises(ValueError, match="read-only"):  # they are found once, and belong to all who ask
        made.codes("sourcing", "item")[0] = 0


def test_dates_are_given_back_as_they_were_written() -> None:
    made = instance(demand=[{"due": day(1), "quantity": 1}], sourcing=[{"unit_cost": 1, "lead_time": 1}])
    assert made["demand"].text("due").tolist() == ["2026-11-30"]
    assert made["sourcing"].text("valid_from").tolist() == [""]
    assert made["demand"].text("customer").tolist() == ["C"]


def test_a_setting_without_a_value_is_asked_for_in_vain() -> None:
    made = instance(settings={"horizon.frozen": 2})
    assert made.setting("horizon.frozen") == 2
    with pytest.raises(KeyError, match=r"horizon\.whole_packs"):
        made.setting("horizon.whole_packs")


def test_columns_without_values() -> None:
    assert empty_column(Kind.TEXT, 2).tolist() == ["", ""]
    assert np.isnat(empty_column(Kind.DATE, 1)).all() and np.isnan(empty_column(Kind.NUMBER, 1)).all()
    assert len(empty_column(Kind.COUNT)) == 0


def test_findings_show_numbers_as_people_write_them() -> None:
    assert (shown(12.0), shown(0.1), shown("00123"), shown(1e-7)) == ("12", "0.1", "00123", "1e-07")
    assert fault("x", "y", value=3.0).value == "3" and fault("x", "y").severity is Severity.FAULT
    assert warning("x", "y").severity is Severity.WARNING and warning("x", "y").row is None


def test_the_builder_refuses_what_nobody_declared() -> None:
    with pytest.raises(KeyError, match="has no column prize"):
        instance(items=[{"prize": 3}])
    with pytest.raises(KeyError, match="no part declares gifts"):
        instance(gifts=[{}])
    with pytest.raises(KeyError, match="unit_cost must be filled"):
        instance(sourcing=[{"lead_time": 1}])
    with pytest.raises(KeyError, match=r"no part declares costs\.rate"):
        instance(settings={"costs.rate": 1})


def test_rows_with_one_key_are_told_with_the_first_of_them() -> None:
    again, first = repeated(np.array([[1, 2], [0, 2], [1, 2], [1, 3], [0, 2], [1, 2]]))
    assert again.tolist() == [2, 4, 5] and first.tolist() == [0, 1, 0]
    assert [len(rows) for rows in repeated(np.zeros((0, 2), np.int64))] == [0, 0]
