"""Changed: an instance in other words is read and checked anew, and the rest of it stays as it was."""

from pathlib import Path

import pytest

from models.findings import Severity
from optimizer.read import Input, InputFaults, read
from optimizer.read.changed import _where_it_stood, changed, with_rows
from optimizer.read.located import Located

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"


@pytest.fixture(scope="module")
def source() -> Input:
    """An instance with several tables."""
    return read(QUICKSTART)


def test_a_cell_changes_and_all_else_stays(source: Input) -> None:
    items = {name: list(column) for name, column in source.text["items"].items()}
    items["price"][0] = "12.5"
    other = changed(source, {"items": items})
    assert other.instance["items"]["price"][0] == 12.5
    assert source.instance["items"]["price"][0] != 12.5
    assert other.instance["demand"] is source.instance["demand"]
    assert other.places["demand"] is source.places["demand"]
    assert (other.name, other.path, other.hashes) == (source.name, source.path, source.hashes)


def test_a_setting_changes(source: Input) -> None:
    settings = source.settings_text | {"periods": source.instance.calendar.periods - 1}
    assert changed(source, {}, settings).instance.calendar.periods == source.instance.calendar.periods - 1


def test_a_fault_is_told_where_it_stands(source: Input) -> None:
    items = {name: list(column) for name, column in source.text["items"].items()}
    items["price"][0] = "-1"
    with pytest.raises(InputFaults) as told:
        changed(source, {"items": items})
    assert told.value.findings[0].column == "price"


def test_rows_are_added_to_a_table_that_was_not_there(source: Input) -> None:
    assert "overrides" not in source.text
    item, period = source.text["items"]["item"][0], str(source.instance.calendar.start)
    other = with_rows(source, "overrides", [{"item": item, "period": period, "quantity": "0"}])
    assert other.instance["overrides"]["quantity"].tolist() == [0.0]
    again = with_rows(
        other, "overrides", [{"item": source.text["items"]["item"][1], "period": period, "quantity": "0"}]
    )
    assert len(again.instance["overrides"]) == 2
    assert len(changed(again, {"overrides": {}}).instance["overrides"]) == 0


def test_an_unknown_id_in_a_new_row_is_a_fault(source: Input) -> None:
    with pytest.raises(InputFaults, match="nobody"):
        with_rows(source, "overrides", [{"item": "nobody", "period": "2026-11-23", "quantity": "0"}])


def test_a_table_with_fewer_rows_has_places_of_its_own(source: Input) -> None:
    demand = {name: list(column[1:]) for name, column in source.text["demand"].items()}
    other = changed(source, {"demand": demand})
    assert len(other.places["demand"].rows) == len(other.instance["demand"]) == len(source.instance["demand"]) - 1
    assert other.places["demand"].where != source.places["demand"].where
    same = changed(source, {"demand": source.text["demand"]}).places["demand"]
    assert (same.where, same.rows.tolist()) == (source.places["demand"].where, source.places["demand"].rows.tolist())


def test_a_finding_of_a_table_that_was_not_there_stays_as_it_is(source: Input) -> None:
    found = Located(Severity.WARNING, "odd", "it is odd", "DataFrame overrides", 3, table="overrides")
    assert _where_it_stood(source, found) is found
    known = _where_it_stood(source, Located(Severity.WARNING, "odd", "it is odd", "DataFrame items", 1, table="items"))
    assert (known.where, known.row) == (source.places["items"].where, source.places["items"].rows[1])
