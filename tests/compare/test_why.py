"""Why a plan differs: each group of changes by hand, the passing of a week, and that the amounts add up."""

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from optimizer.compare.rolled import rows_of
from optimizer.compare.show import shown_why
from optimizer.compare.stages import stages
from optimizer.compare.why import Attribution, tables_of, why
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import published
from tests.audit.planned import Planned, planned
from tests.models.solved import PLAIN
from tests.solve.in_process import InProcess

USUAL: dict[str, Any] = {
    "items": [PLAIN],
    "inventory": [{"on_hand": 0}],
    "sourcing": [{"unit_cost": 2, "lead_time": 1}],
    "demand": [{"due": 1, "quantity": 10}],
}


def reasons(before: Planned, after: Planned) -> Attribution:
    one, other = published(before.folder), published(after.folder)
    return why(one, other, (before.source, after.source), InProcess(), 5.0)  # type: ignore[arg-type]


def test_every_group_has_its_part(tmp_path: Path) -> None:
    # Before: 10 bought at 2. With 4 on hand: 6 at 2, and 4 held for a week. 12 asked: 2 more at 2. 8 at 3 and not 2.
    # With a lead time of 2, 8 wait a week at 3.
    before = planned(tmp_path / "before", **USUAL)
    after = planned(
        tmp_path / "after",
        items=[PLAIN],
        inventory=[{"on_hand": 4}],
        sourcing=[{"unit_cost": 3, "lead_time": 2}],
        demand=[{"due": 1, "quantity": 12}],
    )
    found = reasons(before, after)
    assert {step.group: step.amount for step in found.steps} == pytest.approx(
        {"stock": -4, "demand": 4, "prices": 8, "supply": 24}
    )
    assert (found.before, found.after) == pytest.approx((20, 52))
    assert sum(step.amount for step in found.steps) == pytest.approx(found.difference)
    assert [step.rows for step in found.steps] == [{"inventory": 1}, {"demand": 1}, {"sourcing": 1}, {"sourcing": 1}]
    for step in found.steps:
        assert step.range[0] - 1e-6 <= step.amount <= step.range[1] + 1e-6
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(shown_why(found, "EUR"))
    assert "stock" in capture.get() and "+24" in capture.get()
    assert found.document()["steps"][3] == {
        "group": "supply", "amount": pytest.approx(24), "range": pytest.approx((24, 24)), "rows": {"sourcing": 1},
    }  # fmt: skip


def test_what_does_not_change_costs_nothing(tmp_path: Path) -> None:
    before = planned(tmp_path / "before", **USUAL)
    after = planned(tmp_path / "after", **(USUAL | {"demand": [{"due": 1, "quantity": 11}]}))
    found = reasons(before, after)
    assert [(step.group, step.amount) for step in found.steps] == [
        ("stock", 0.0), ("demand", pytest.approx(2)), ("prices", 0.0), ("supply", 0.0),
    ]  # fmt: skip


def test_a_week_passes(tmp_path: Path) -> None:
    # Before: 10 at 2 now and 5 at 2 in week 2: 30. A week later the 10 are on order: 10 is left to pay. But they are
    # not on order: 10 at 2, and they wait a week at 3: 50 more.
    lines = [{"due": 1, "quantity": 10}, {"due": 3, "quantity": 5}]
    before = planned(tmp_path / "before", **(USUAL | {"demand": lines}))
    after = planned(tmp_path / "after", settings={"start": "2026-11-30"}, **(USUAL | {"demand": lines}))
    found = reasons(before, after)
    assert [(step.group, step.amount) for step in found.steps] == [
        ("weeks", pytest.approx(-20)), ("stock", pytest.approx(50)), ("demand", 0.0), ("prices", 0.0), ("supply", 0.0),
    ]  # fmt: skip
    (weeks, *_) = stages(before.source, after.source, published(before.folder), 1)
    assert weeks[1] is not None
    (order,) = rows_of(weeks[1], "open_orders")
    assert (order["arrival"], order["quantity"], order["supplier"]) == ("2026-11-30", "10", "S")
    with pytest.raises(NoEarlierPlan, match="name the earlier plan first"):
        reasons(after, before)


def test_what_is_left_of_demand_when_a_week_has_passed(tmp_path: Path) -> None:
    # 4 on hand and nobody sells in time: of 10 due now 4 are delivered and 6 wait, one week less; of the forecast of 3
    # nothing is promised, so it has lapsed; what may not wait is gone.
    before = planned(
        tmp_path / "before",
        items=[PLAIN],
        inventory=[{"on_hand": 4}],
        sourcing=[{"unit_cost": 2, "lead_time": 3}],
        demand=[
            {"due": 0, "quantity": 10, "max_delay": 3, "reference": "x"},
            {"due": 0, "quantity": 3, "max_delay": 0, "reference": "y", "shortage_cost": 1},
            {"due": 0, "quantity": 3, "kind": "forecast", "shortage_cost": 1, "max_delay": 2},
            {"due": 2, "quantity": 1, "shortage_cost": 1, "max_delay": 0},
        ],
    )
    after = planned(tmp_path / "after", settings={"start": "2026-11-30"}, **USUAL)
    (weeks, *_) = stages(before.source, after.source, published(before.folder), 1)
    assert weeks[1] is not None
    left = [(row["reference"], row["quantity"], row["max_delay"]) for row in rows_of(weeks[1], "demand")]
    assert left == [("x", "6", "2"), ("", "1", "0")]


def test_tables_that_are_others_by_now_are_told(tmp_path: Path) -> None:
    before = planned(tmp_path / "before", **USUAL)
    plan = published(before.folder)
    assert tables_of(plan, (before.source, [])) is before.source
    with pytest.raises(NoEarlierPlan, match=r"are not what they were when it was planned \(items\.csv\)"):
        tables_of(plan, (before.source, ["items.csv"]))
