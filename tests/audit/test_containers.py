"""The audit of containers: orders that fit their containers and fill them pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    """12 wanted at once, of volume 1 and weight 3, in boxes of 10 that are filled with at least 6: two at 12 each."""
    box = {"container": "box", "volume_capacity": 10, "minimum_volume": 6, "minimum_weight": 12, "cost": 12}
    return planned(
        tmp_path,
        items=[PLAIN | {"unit_volume": 1, "unit_weight": 3}],
        sourcing=[{"unit_cost": 2, "lead_time": 0}],
        demand=[{"due": 0, "quantity": 12}],
        containers=[box, box | {"container": "van", "volume_capacity": "", "weight_capacity": 30, "cost": 50}],
    )


def test_a_plan_in_containers_passes(plan: Planned) -> None:
    assert plan.plan.accounts["freight"] == pytest.approx(24)
    assert plan.rows("containers.csv")[1][3:] == ["box", "2", "24"]
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "rules"),
    [
        ("volume_capacity", ["5", ""], ["container_room"]),
        ("minimum_volume", ["6.1", "6"], ["container_fill"]),
        ("minimum_weight", ["19", "12"], ["container_fill"]),
        ("cost", ["11", "50"], ["account", "container"]),
        ("container", ["boxes", "van"], ["account", "container", "container_room"]),
    ],
)
def test_other_containers_refuse_it(plan: Planned, column: str, cells: list[str], rules: list[str]) -> None:
    assert set(rules) <= set(plan.violations(containers={**plan.source.text["containers"], column: cells}))


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("number", "1", "container_room"),
        ("number", "1.5", "whole_containers"),
        ("number", "3", "container_fill"),
        ("cost", "20", "container"),
        ("container", "crate", "container"),
        ("order_period", "2026-11-30", "container_room"),
    ],
)
def test_containers_told_otherwise_are_refused(plan: Planned, column: str, cell: str, rule: str) -> None:
    plan.cell("containers.csv", 2, column, cell)
    assert rule in plan.violations()


def test_containers_that_are_not_told_are_refused(plan: Planned) -> None:
    (plan.folder / "containers.csv").unlink()
    assert {"account", "container_room"} <= set(plan.violations())


def test_a_kind_that_is_told_twice_is_refused(plan: Planned) -> None:
    rows = (plan.folder / "containers.csv").read_text(encoding="utf-8").splitlines()
    half = rows[1].replace(",2,24", ",1,12")
    (plan.folder / "containers.csv").write_text("\n".join([rows[0], half, half]) + "\n", encoding="utf-8")
    assert "container" in plan.violations()
