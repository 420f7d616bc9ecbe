"""The audit of shares in a year that has begun: splits that make up for it pass, others are refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.audit.planned import Planned, planned


def plan(folder: Path, bought: dict[str, float], **z: float) -> Planned:
    """100 wanted; S sells at 2, Z at 3."""
    terms: dict[str, Any] = {"supplier": "Z", "unit_cost": 3, "lead_time": 0, "share_min": 0.3, **z}
    return planned(
        folder,
        suppliers=[{"supplier": "S"}, {"supplier": "Z"}],
        sourcing=[{"supplier": "S", "unit_cost": 2, "lead_time": 0}, terms],
        demand=[{"due": 0, "quantity": 100}],
        bought_before=[{"supplier": s, "quantity": quantity} for s, quantity in bought.items()],
    )


@pytest.mark.parametrize(
    ("bought", "z", "refused"),
    [
        ({"S": 60, "Z": 40}, {}, {"S": 60, "Z": 30}),  # 20 more make 60 of 200; with 30 before, 50 of 190
        ({"S": 150}, {}, {"S": 160}),
        ({"S": 1000}, {}, None),  # Z gets all
        ({"Z": 80, "S": 20}, {"unit_cost": 1, "share_min": 0, "share_max": 0.3}, None),  # Z gets nothing
        ({"Z": 40, "S": 60}, {"unit_cost": 1, "share_min": 0, "share_max": 0.3}, {"Z": 41, "S": 60}),
    ],
)
def test_a_split_is_judged_with_what_was_before(
    tmp_path: Path, bought: dict[str, float], z: dict[str, float], refused: dict[str, float] | None
) -> None:
    made = plan(tmp_path, bought, **z)
    assert made.violations() == []
    if refused:
        other = {"item": ["A"] * len(refused), "supplier": list(refused), "location": [""] * len(refused)}
        assert made.violations(bought_before=other | {"quantity": list(map(str, refused.values()))}) == ["shares"]


def test_who_is_ahead_gets_nothing(tmp_path: Path) -> None:
    made = plan(tmp_path, {"Z": 40, "S": 60}, unit_cost=1, share_min=0, share_max=0.3)
    ahead = {"item": ["A", "A"], "supplier": ["Z", "S"], "location": ["", ""], "quantity": ["80", "20"]}
    assert made.violations(bought_before=ahead) == ["shares"]
