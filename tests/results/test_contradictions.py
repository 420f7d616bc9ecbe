"""Contradictions: what cannot be kept is told by the part whose rule it is, and what stands against it beside it."""

from typing import Any

import pytest

from models.parts import parts, plain
from optimizer.planning import plan
from optimizer.read import InputFaults, read
from optimizer.results.contradictions import contradictions
from tests.models.solved import PLAIN, instance
from tests.results.planted import PLANTED, SOURCE, Planted
from tests.solve.in_process import InProcess

ORDER = {"period": 0, "quantity": 5}


def made(**more: Any) -> Any:
    return instance(**{"inventory": [{"on_hand": 5}], "demand": [{"due": 0, "quantity": 10}]} | more)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.table}.{planted.column}")
def test_a_planted_contradiction_is_told_where_it_stands(planted: Planted) -> None:
    told = contradictions(instance(settings=planted.settings, **planted.tables), 600)
    assert any(planted.words in finding.message for finding in told), [finding.message for finding in told]
    assert (planted.table, planted.row) in [(finding.table, finding.row) for finding in told]


def test_every_cell_that_holds_at_any_cost_has_a_planted_contradiction() -> None:
    declared = {(limit.table, limit.column) for part in parts() for limit in part.limits}
    assert {(planted.table, planted.column) for planted in PLANTED} == declared


def test_where_a_plan_is_there_nothing_is_told() -> None:
    assert contradictions(made(), 600) == []
    assert contradictions(made(fill_rates=[{"minimum_fill_rate": 0.5}]), 600) == []


def test_the_least_that_must_give_is_told() -> None:
    rows = [{"minimum_fill_rate": 0.4}, {"customer": "C", "minimum_fill_rate": 0.8}]
    (told,) = contradictions(made(fill_rates=rows), 600)
    assert told.row == 1 and told.message.endswith("do not allow it")


def test_both_sides_are_told_each_where_it_stands() -> None:
    # 10 may be bought for 3,000 in week 1; the planner wants 5 of A, and S takes orders of 5,000 or more.
    terms = {"suppliers": [{"minimum_order_value": 5000}], "budgets": [{"period": 1, "amount": 3000}]}
    sides = contradictions(made(overrides=[{"period": 1, "minimum_quantity": 5}], sourcing=[SOURCE], **terms), 600)
    assert [(told.table, told.row, told.column) for told in sides] == [
        ("overrides", 0, "minimum_quantity"), ("budgets", 0, "amount"), ("suppliers", 0, "minimum_order_value")
    ]  # fmt: skip
    forced = "at least 5 of A in the week of 2026-11-30 cannot be ordered, 5 are missing"
    minimum, budget = "a minimum order of 5,000 (supplier S)", "a budget of 3,000 (week of 2026-11-30)"
    assert [told.message for told in sides] == [
        f"{forced}: {budget}, with {minimum}",
        f"{budget} stands against this: {forced}",
        f"{minimum} stands against this: {forced}",
    ]


def test_what_bars_it_in_another_way_is_told_as_well() -> None:
    terms = {"sourcing": [SOURCE | {"maximum_quantity": 3}], "budgets": [{"amount": 4}]}
    (told, *others) = contradictions(made(overrides=[ORDER], **terms), 600)
    assert told.message.endswith(": a maximum quantity of 3 (item A, supplier S); and a budget of 4")
    assert [other.table for other in others] == ["sourcing", "budgets"]


def test_each_of_two_has_its_own_side() -> None:
    items = [PLAIN | {"item": name} for name in "ABDE"]
    terms = [SOURCE | {"item": name, "maximum_quantity": most} for name, most in zip("ABDE", (3, 9, 2, 1), strict=True)]
    orders = [ORDER | {"item": name} for name in "ABD"]
    told = contradictions(made(items=items, sourcing=terms, overrides=orders), 600)
    assert [(finding.table, finding.row) for finding in told] == [
        ("overrides", 0), ("sourcing", 0), ("overrides", 2), ("sourcing", 2)
    ]  # fmt: skip


def test_without_time_the_rule_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.results.contradictions.EXPLAINED", 0)
    (told,) = contradictions(made(overrides=[ORDER], budgets=[{"amount": 3}], sourcing=[SOURCE]), 600)
    assert told.message.endswith("2 are missing, with the other rules that hold; change it, or them")
    assert contradictions(made(overrides=[ORDER]), 600, [part for part in plain() if not part.hard]) == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Any:
    import pandas as pd

    monkeypatch.setattr("optimizer.planning.Engine", InProcess)
    tables = {
        "items": {"item": ["A"], "price": ["2"]},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["1"], "lead_time": ["0"]},
        "inventory": {"item": ["A"], "location": ["main"], "on_hand": ["5"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-11-23"], "quantity": ["10"]},
        "budgets": {"period": [""], "amount": ["0"]},
    }

    def source(**more: Any) -> Any:
        frames = {name: pd.DataFrame(columns) for name, columns in (tables | more).items()}
        return read(frames, settings={"name": "small", "start": "2026-11-23", "periods": 3})

    return source


def test_a_run_ends_with_faults_of_the_input(small: Any, tmp_path: Any) -> None:
    rate = {"item": ["A"], "minimum_fill_rate": ["0.8"]}
    with pytest.raises(InputFaults, match=r"8 of 10 must be delivered, and no more than 5 can be: a budget of 0"):
        plan(small(fill_rates=rate), out=tmp_path / "plan")
    assert not (tmp_path / "plan").exists()


def test_an_order_for_which_there_is_no_line_at_all_is_a_fault_of_the_input(small: Any) -> None:
    changes = {"supplier": ["S"], "maximum_change": ["0"]}
    promised = {
        "item": ["A"], "supplier": ["S"], "location": ["main"], "order_period": ["2026-11-23"], "quantity": ["4"]
    }  # fmt: skip
    with pytest.raises(InputFaults, match="the 4 of A promised to S") as told:
        plan(small(suppliers=changes, last_plan=promised))
    assert {fault.table for fault in told.value.faults} == {"last_plan", "budgets"}
