"""The audit of transfers: what moves by a stated route passes, anything else is refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, decided_as_a_whole, planned
from tests.models.solved import PLAIN

FILE = "transfers.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        items=[PLAIN | {"quantity_step": 2}],
        locations=[{"location": "east"}, {"location": "west"}],
        inventory=[{"location": "east", "on_hand": 14}, {"location": "west"}],
        demand=[{"due": 1, "quantity": 10, "location": "west"}],
        transfers=[
            {
                "from_location": "east", "to_location": "west", "lead_time": 1, "unit_cost": 2, "shipment_cost": 5,
                "minimum_quantity": 4, "maximum_quantity": 12,
            },
        ],
    )  # fmt: skip


def test_a_plan_with_a_transfer_passes(plan: Planned) -> None:
    assert plan.rows(FILE)[1:] == [["A", "east", "west", "2026-11-23", "2026-11-30", "10", "25"]]
    assert plan.plan.accounts["transfer"] == pytest.approx(25)
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "value", "rules"),
    [
        ("quantity", "8", {"transfers_in", "transfers_out"}), ("quantity", "2", {"transfer"}),
        ("quantity", "14", {"transfer"}), ("quantity", "9", {"transfer"}), ("quantity", "0", {"transfer"}),
        ("to_location", "east", {"transfer"}), ("from_location", "west", {"transfer"}), ("item", "Z", {"transfer"}),
        ("period", "2026-11-30", {"transfer"}), ("arrival_period", "2026-12-07", {"transfer", "transfers_in"}),
        ("cost", "24", {"transfer"}),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_refused(plan: Planned, column: str, value: str, rules: set[str]) -> None:
    plan.cell(FILE, 2, column, value)
    assert rules <= set(plan.violations())


def test_a_second_row_is_refused(plan: Planned) -> None:
    with (plan.folder / FILE).open("a", encoding="utf-8") as file:
        file.write("A,east,west,2026-11-23,2026-11-30,4,13\n")
    assert "transfer" in plan.violations()


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("unit_cost", "3", "account"), ("shipment_cost", "4", "account"), ("minimum_quantity", "11", "transfer"),
        ("maximum_quantity", "9", "transfer"), ("lead_time", "0", "transfer"), ("to_location", "north", "transfer"),
    ],
)  # fmt: skip
def test_another_route_refuses_it(plan: Planned, column: str, value: str, rule: str) -> None:
    routes = plan.source.text["transfers"]
    assert rule in plan.violations(transfers={**routes, column: [value]})


def test_what_is_not_told_does_not_arrive(plan: Planned) -> None:
    (plan.folder / FILE).unlink()
    assert {"account", "transfers_in", "transfers_out"} <= set(plan.violations())


def test_lots_do_not_know_it() -> None:
    tables: dict[str, Any] = {
        "locations": [{"location": "east"}, {"location": "west"}],
        "inventory": [{"location": "east", "on_hand": 10}, {"location": "west"}],
        "sourcing": [{"unit_cost": 2, "lead_time": 1, "location": "west"}],
        "demand": [{"due": 1, "quantity": 10, "location": "west"}],
    }
    assert not decided_as_a_whole(**tables)
    route = {"from_location": "east", "to_location": "west", "lead_time": 1}
    assert decided_as_a_whole(**tables, transfers=[route])
