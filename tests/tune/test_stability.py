"""Stability: the frontier of the example in docs/rules/plan-stability.md, worked out by hand."""

from pathlib import Path

import pytest

from optimizer.read import Input, read
from optimizer.read.earlier import NoEarlierPlan
from optimizer.tune.refused import TuneRefused
from optimizer.tune.stability import stability
from tests.results.frames import frames
from tests.tune.breaking_even import run

DAYS = ["2026-11-23", "2026-11-30", "2026-12-07"]


def weekly(promised: bool = True) -> Input:
    """10 units in each of three weeks; a unit costs 2, an order 15, a week on stock 1; 10 a week were promised."""
    tables = {
        "items": {
            "item": ["A"], "price": ["4"], "holding_cost": ["1"], "shortage_cost": ["1000"], "ending_value": ["0"],
            "max_delay": ["0"],
        },
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["0"], "order_cost": ["15"]},
        "inventory": {"item": ["A"], "location": ["main"]},
        "demand": {"item": ["A"] * 3, "customer": ["C"] * 3, "due": DAYS, "quantity": ["10"] * 3},
    }  # fmt: skip
    last = {"last_plan": {
        "item": ["A"] * 3, "supplier": ["S"] * 3, "location": ["main"] * 3, "order_period": DAYS,
        "quantity": ["10"] * 3,
    }}  # fmt: skip
    settings = {"name": "weekly", "start": DAYS[0], "periods": 3}
    return read(frames({**tables, **(last if promised else {})}), settings=settings)


def test_the_frontier_of_the_example() -> None:
    result = stability(weekly(), None, run(), 5)
    # Keeping to it: 60 + 45 = 105. Two orders, 20 and 10: 60 + 30 + 10 = 100, and two lines are others, which pays
    # below 2.5 a line. A line is worth 10 x 4: charges are 0.4, 2.25, 12.6, 71 and 400.
    assert result.points["charge"].tolist() == pytest.approx([0.4, 2.2494, 12.649, 71.131, 400], rel=1e-3)
    assert result.points["cost_other"].tolist() == pytest.approx([100, 100, 105, 105, 105])
    assert result.points["changed_lines"].tolist() == pytest.approx([2, 2, 0, 0, 0])
    assert result.points["dominated"].tolist() == [0, 1, 0, 1, 1]
    assert result.down
    assert "3 order lines were promised; between 0 and 2" in result.sentences[0]


def test_the_last_plan_may_be_a_folder(tmp_path: Path) -> None:
    lines = [f"A,S,main,{day},10" for day in DAYS]
    text = "item,supplier,location,order_period,quantity\n" + "\n".join(lines) + "\n"
    (tmp_path / "purchase_orders.csv").write_text(text, encoding="utf-8")
    result = stability(weekly(promised=False), tmp_path, run(), 2)
    assert result.points["changed_lines"].tolist() == pytest.approx([2, 0])


def test_without_a_last_plan_there_is_nothing_to_change(tmp_path: Path) -> None:
    with pytest.raises(TuneRefused, match="no last plan"):
        stability(weekly(promised=False), None, run(), 2)
    with pytest.raises(NoEarlierPlan):
        stability(weekly(promised=False), tmp_path, run(), 2)
