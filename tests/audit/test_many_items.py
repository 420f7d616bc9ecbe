"""Rules of ordering, each on more items than are planned as a whole by default: whatever road is taken, the audit is
content, and rules that lots do not know lead to the whole."""

from typing import Any

import pytest

from models.assemble import derive
from models.lots_of import lots_of
from optimizer import planning
from optimizer.audit import audit
from optimizer.crossroads import chosen_road
from optimizer.read import read
from tests.audit.planned import framed
from tests.models.solved import MONDAY, PLAIN, day
from tests.solve.in_process import InProcess

ITEMS = [f"item {k}" for k in range(32)]
CONTAINERS: dict[str, Any] = {
    "items": [PLAIN | {"item": item, "unit_volume": 1 + k % 3} for k, item in enumerate(ITEMS)],
    "containers": [{"supplier": "S", "volume_capacity": 60, "minimum_volume": 40, "cost": 30}],
}
CALENDAR = [{"supplier": "S", "period": t, "kind": "order"} for t in (day(1), day(3))]
COUNTS = [
    PLAIN | {"item": item, "minimum_suppliers": 1 + k % 2, "maximum_suppliers": 2} for k, item in enumerate(ITEMS)
]
COMMITTED = [
    {"supplier": "Z", "value": 300, "shortfall_rate": 0.5},
    {"supplier": "Z", "item": ITEMS[0], "quantity": 12, "shortfall_cost": 2},
]
BUDGETS = [{"period": day(0), "amount": 250}, {"supplier": "S", "amount": 500}]
RULES: dict[str, tuple[dict[str, Any], bool]] = {
    "budgets": ({"budgets": BUDGETS}, False),
    "containers": (CONTAINERS, False),
    "order_calendars": ({"order_calendar": [*CALENDAR, {"period": day(2), "kind": "closed"}]}, True),
    "commitments": (
        {"commitments": COMMITTED, "bought_before": [{"item": ITEMS[0], "supplier": "Z", "quantity": 9}]},
        False,
    ),
    "supplier_counts": ({"items": COUNTS}, False),
}


def tables(beside: dict[str, Any]) -> dict[str, Any]:
    """Every item from either of two suppliers, wanted in two weeks of six; few enough to be planned in no time."""
    usual: dict[str, Any] = {
        "items": [PLAIN | {"item": item} for item in ITEMS],
        "suppliers": [{"supplier": "S", "order_cost": 20}, {"supplier": "Z"}],
        "inventory": [{"item": item} for item in ITEMS],
        "sourcing": [
            {"item": item, "supplier": s, "unit_cost": cost, "lead_time": 1}
            for item in ITEMS
            for s, cost in (("S", 2), ("Z", 2.5))
        ],
        "demand": [
            {"item": item, "due": day(t), "quantity": 3 + k % 5} for k, item in enumerate(ITEMS) for t in (1 + k % 2, 4)
        ],
    }
    return {name: framed(name, rows) for name, rows in (usual | beside).items()}


@pytest.mark.parametrize("rule", RULES)
def test_a_plan_of_many_items_is_what_it_should_be(
    rule: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beside, by_lots = RULES[rule]
    monkeypatch.setattr(planning, "Engine", InProcess)
    head = {"name": rule, "start": MONDAY.isoformat(), "periods": 6, "solve": {"gap": 0.05, "time_limit": 400}}
    source = read(tables(beside), settings=head)
    assert (chosen_road("auto", source.instance).lots is not None) == by_lots
    plan = planning.plan(source, out=tmp_path / "plan")
    assert audit(source.text, source.settings_text, tmp_path / "plan") == []
    assert [record.getMessage() for record in caplog.records if "row by row" in record.getMessage()] == []
    assert plan.bound <= plan.objective * (1 + 1e-6) and len(plan.tables["purchase_orders"])


def test_without_the_rules_they_are_planned_lot_by_lot() -> None:
    source = read(tables({}), settings={"name": "plain", "start": MONDAY.isoformat(), "periods": 6})
    assert lots_of(source.instance, derive(source.instance)).pure
