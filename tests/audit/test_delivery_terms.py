"""The audit of delivery terms: deliveries that keep them pass, others are refused."""

from pathlib import Path

import pytest

from tests.audit.planned import Planned, planned


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    return planned(
        tmp_path,
        inventory=[{"on_hand": 8}],
        sourcing=[{"unit_cost": 2, "lead_time": 2}],
        customers=[{"customer": "C"}, {"customer": "D", "one_delivery": "no"}],
        demand=[
            {"due": 0, "quantity": 10, "minimum_delivery": 4},
            {"customer": "D", "due": 3, "quantity": 5, "complete": "yes", "one_delivery": "yes"},
        ],
    )


def test_a_plan_that_keeps_to_its_terms_passes(plan: Planned) -> None:
    # 6 now and 4 in two weeks.
    assert [row[-3] for row in plan.rows("allocations.csv")[1:]] == ["6", "4", "5"]
    assert plan.violations() == []


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("minimum_delivery", ["5", ""], ["minimum_delivery"]),
        ("minimum_delivery", ["4", "9"], []),
        ("one_delivery", ["yes", ""], ["one_delivery"]),
        ("complete", ["yes", "yes"], []),
    ],
)
def test_other_terms(plan: Planned, column: str, cells: list[str], expected: list[str]) -> None:
    assert plan.violations(demand={**plan.source.text["demand"], column: cells}) == expected


def test_terms_may_be_the_customers(plan: Planned) -> None:
    customers = plan.source.text["customers"]
    assert plan.violations(customers={**customers, "one_delivery": ["yes", "no"]}) == ["one_delivery"]
    assert plan.violations(customers={**customers, "minimum_delivery": ["5", "5"]}) == []  # the line has its own


def test_a_part_of_a_complete_line_is_refused(plan: Planned) -> None:
    plan.cell("allocations.csv", 4, "quantity", "4")
    assert "complete" in plan.violations()


def test_what_gets_nothing_and_what_has_no_terms_break_none(plan: Planned) -> None:
    assert plan.violations(demand={**plan.source.text["demand"], "minimum_delivery": ["", ""]}) == []
    (header, *rows), path = plan.rows("allocations.csv"), plan.folder / "allocations.csv"
    kept = [row for row in rows if row[1] == "C"]
    path.write_text("\n".join(",".join(row) for row in [header, *kept]) + "\n", encoding="utf-8")
    assert not {"complete", "one_delivery", "minimum_delivery"} & set(plan.violations())
