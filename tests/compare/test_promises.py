"""Whom to call: promises that are others than in an earlier plan, and their audit."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from optimizer.compare.promises import promise_changes, with_promises
from optimizer.planning import publish_plan
from optimizer.read.published import published
from tests.audit.planned import Planned, planned
from tests.compare.folders import delivery, publish_one, sunday, waiting, week
from tests.models.solved import PLAIN
from tests.write import plans


@pytest.fixture
def made(tmp_path: Path) -> Planned:
    """A plan since another one.

    Before, 10 were on hand for the 4 and the 6 of week 1. Now 7 are, and nobody sells in time but 3 weeks from now: the
    4, whose waiting is dearer, come in time; of the 6, 3 come in week 3 and wait two weeks.
    """
    lines: list[dict[str, Any]] = [{"quantity": 4, "backorder_cost": 9}, {"quantity": 6, "reference": "r"}]
    lines = [{"due": 1, **line} for line in lines]
    more: dict[str, Any] = {"items": [PLAIN], "sourcing": [{"unit_cost": 2, "lead_time": 3}]}
    forecast = [{"due": 1, "quantity": 1, "kind": "forecast", "backorder_cost": 1, "shortage_cost": 5}]
    before = planned(tmp_path / "before", inventory=[{"on_hand": 11}], demand=[*lines, *forecast], **more)
    after = planned(tmp_path / "after", inventory=[{"on_hand": 7}], demand=[*lines, *forecast], **more)
    told = with_promises(after.plan, published(before.folder))
    folder = tmp_path / "told"
    return Planned(after.source, publish_plan(after.source, told, folder), folder)


def test_a_promise_that_is_later(made: Planned) -> None:
    header, *rows = made.rows("promise_changes.csv")
    assert [dict(zip(header, row, strict=True)) for row in rows] == [
        {
            "change": "later", "item": "A", "customer": "C", "due": "2026-11-30", "kind": "order",
            "demand_location": "", "reference": "r", "quantity": "6", "promise_before": "2026-12-06",
            "promise": "2026-12-20", "short_before": "0", "short_quantity": "0",
        }
    ]  # fmt: skip
    assert made.violations() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("change", "sooner"), ("reference", ""), ("reference", "x"), ("kind", "forecast"), ("quantity", "5"),
        ("promise", "2026-12-13"), ("promise", ""), ("short_quantity", "1"), ("promise_before", "2026-12-27"),
    ],
)  # fmt: skip
def test_another_word_is_refused(made: Planned, column: str, value: str) -> None:
    made.cell("promise_changes.csv", 2, column, value)
    assert "promise_changes" in made.violations()


def test_every_kind_of_change(tmp_path: Path) -> None:
    # The lines of plans: A due in week 1 was to come in week 3, B and C are short by more and by less, D never comes.
    before = publish_one(
        tmp_path / "before",
        [],
        [
            delivery(*cells)
            for cells in (("A", 1, 3, 4), ("B", 1, 1, 4), ("C", 1, 1, 2), ("D", 1, 2, 4), ("E", 1, 1, 4))
        ],
        [waiting("A", 1, 4, 4, 0, 3, 8), waiting("C", 1, 4, 0, 2, 1, 60), waiting("D", 1, 4, 4, 0, 2, 4)],
        [],
    )
    known = plans.tables()
    allocations = [delivery("A", 1, 2, 4), delivery("B", 1, 1, 3), delivery("C", 1, 1, 4), delivery("E", 1, 1, 4)]
    backorders = [waiting("A", 1, 4, 4, 0, 2, 4), waiting("B", 1, 4, 0, 1, 1, 30), waiting("D", 1, 4, 0, 4, None, 90)]
    after = plans.plan(
        tables={
            "allocations": pd.DataFrame(allocations, columns=known["allocations"].columns),
            "backorders": pd.DataFrame(backorders, columns=known["backorders"].columns),
        }
    )
    found = promise_changes(before, after)
    # Cost: D + 86, B + 30, A - 4, C - 60.
    assert found[["item", "change"]].to_numpy().tolist() == [
        ["D", "short"], ["B", "short"], ["A", "sooner"], ["C", "covered"],
    ]  # fmt: skip
    assert found["promise"].tolist() == ["", sunday(1), sunday(2), sunday(1)]
    assert found["due"].tolist() == [week(1)] * 4
    assert with_promises(after, before).run["since"] == str(before.folder)
