"""Contradictions: what cannot be kept is told by the part whose rule it is."""

from typing import Any

import pytest

from models.parts import plain
from optimizer.planning import plan
from optimizer.read import InputFaults, read
from optimizer.results.contradictions import contradictions
from tests.models.solved import instance
from tests.solve.in_process import InProcess


def made(**more: Any) -> Any:
    return instance(inventory=[{"on_hand": 5}], demand=[{"due": 0, "quantity": 10}], **more)


def test_where_a_plan_is_there_nothing_is_told() -> None:
    assert contradictions(made(), 10) == []
    assert contradictions(made(fill_rates=[{"minimum_fill_rate": 0.5}]), 10) == []


def test_the_least_that_must_give_is_told() -> None:
    rows = [{"minimum_fill_rate": 0.4}, {"customer": "C", "minimum_fill_rate": 0.8}]
    assert [finding.row for finding in contradictions(made(fill_rates=rows), 10)] == [1]


def test_an_override_that_other_rules_leave_no_way_to_keep_is_told() -> None:
    override = [{"period": 0, "quantity": 5}]
    source = [{"unit_cost": 1, "lead_time": 0, "maximum_quantity": 3}]
    against = made(overrides=override, sourcing=source)
    (told,) = contradictions(against, 10)
    assert (told.table, told.row) == ("overrides", 0)
    assert "2 are missing" in told.message
    assert contradictions(against, 10, [part for part in plain() if not part.hard]) == []  # nobody who could tell


def test_a_run_ends_with_faults_of_the_input(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    monkeypatch.setattr("optimizer.planning.Engine", InProcess)
    tables = {
        "items": {"item": ["A"], "price": ["2"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["1"], "lead_time": ["99"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["5"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-11-23"], "quantity": ["10"]},
        "fill_rates": {"item": ["A"], "minimum_fill_rate": ["0.8"]},
    }
    source = read(
        {name: pd.DataFrame(columns) for name, columns in tables.items()},
        settings={"name": "small", "start": "2026-11-23", "periods": 3},
    )
    with pytest.raises(InputFaults, match="8 of 10 must be delivered, and no more than 5"):
        plan(source, out=tmp_path / "plan")
    assert not (tmp_path / "plan").exists()
