"""The audit of transport modes: parts of orders that come as a mode brings them pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN

FILE = "expedited.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"quantity_step": 1}],
        sourcing=[{"unit_cost": 2, "lead_time": 2, "order_cost": 20}],
        demand=[{"due": 0, "quantity": 10}, {"due": 2, "quantity": 10}],
        transport_modes=[
            {"item": "", "mode": "air", "lead_time": 0, "unit_cost": 4, "order_cost": 3, "minimum_quantity": 5},
            {"item": "A", "mode": "sea", "lead_time": 1, "unit_cost": 40},
        ],
    )


def test_a_plan_with_a_part_by_air_passes(plan: Planned) -> None:
    assert plan.rows(FILE)[1:] == [["A", "S", "main", "2026-11-23", "air", "2026-11-23", "10", "43"]]
    assert plan.plan.accounts["expedite"] == pytest.approx(43)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("quantity", "21", "expedited"), ("quantity", "9", "receipts"), ("quantity", "0", "expedited"),
        ("quantity", "9.5", "expedited"), ("mode", "sea", "expedited"), ("mode", "rail", "expedited"),
        ("arrival_period", "2026-11-30", "expedited"), ("arrival_period", "2026-12-07", "expedited"),
        ("order_period", "2026-11-30", "expedited"), ("cost", "40", "expedited"), ("supplier", "Z", "expedited"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_refused(plan: Planned, column: str, value: str, rule: str) -> None:
    plan.cell(FILE, 2, column, value)
    assert rule in plan.violations()


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("unit_cost", "5", "account"), ("order_cost", "4", "account"), ("minimum_quantity", "11", "expedited"),
        ("maximum_quantity", "9", "expedited"), ("lead_time", "1", "expedited"), ("item", "B", "expedited"),
        ("location", "north", "expedited"),
    ],
)  # fmt: skip
def test_another_mode_refuses_it(plan: Planned, column: str, value: str, rule: str) -> None:
    modes = plan.source.text["transport_modes"]
    changed = [value if mode == "air" else cell for mode, cell in zip(modes["mode"], modes[column], strict=True)]
    assert rule in plan.violations(transport_modes={**modes, column: changed})


@pytest.mark.parametrize(
    "cells",
    [
        {"quantity": "9.5", "cost": "41"},  # half a piece
        {"mode": "sea", "arrival_period": "2026-11-30", "quantity": "0", "cost": "0"},
    ],
)
def test_a_row_that_costs_what_it_says_is_refused_too(plan: Planned, cells: dict[str, str]) -> None:
    for column, value in cells.items():
        plan.cell(FILE, 2, column, value)
    assert "expedited" in plan.violations()


def test_of_two_modes_of_one_name_that_which_fits_counts(plan: Planned) -> None:
    modes = plan.source.text["transport_modes"]
    for dearer in ("5", "3"):
        more = {name: [*cells, dearer if name == "unit_cost" else cells[0]] for name, cells in modes.items()}
        assert plan.violations(transport_modes=more | {"item": ["", "A", "A"]}) == []


def test_what_is_not_told_does_not_arrive(plan: Planned) -> None:
    (plan.folder / FILE).unlink()
    assert {"account", "receipts"} <= set(plan.violations())
