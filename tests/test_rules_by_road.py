"""Rules that planning lot by lot does not know: the engine takes the other road by itself, and its plans are audited.

Each rule is put beside an instance of enough lots, which by itself is decided lot by lot.
"""

from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from models.parts import parts
from optimizer.compile import compile_book
from optimizer.crossroads import DECOMPOSED, chosen_road
from tests.audit.planned import planned
from tests.models.solved import PLAIN, instance

Tables = dict[str, Any]
ITEMS = [f"I{k:02d}" for k in range(DECOMPOSED)]
MANY: Tables = {
    "items": [PLAIN | {"item": item} for item in ITEMS],
    "customers": [{"customer": "C"}, {"customer": "D", "weight": 2}],
    "sourcing": [
        {"item": item, "unit_cost": 2, "lead_time": 1, "minimum_quantity": 6, "order_cost": 5} for item in ITEMS
    ],
    "supplier_capacity": [{"period": t, "capacity": 90} for t in range(3)],
    "inventory": [{"item": item, "on_hand": 4} for item in ITEMS],
    "demand": [
        {"item": item, "customer": customer, "due": k % 2, "quantity": 5 + k % 3}
        for k, item in enumerate(ITEMS)
        for customer in "CD"
    ],
}
RULES: dict[str, Tables] = {
    "fill_rates": {"fill_rates": [{"customer": "C", "minimum_fill_rate": 0.3}]},
    "quotas": {"quotas": [{"customer": "C", "minimum_share": 0.3}]},
    "reserved_stock": {
        "customers": [{"customer": "C"}, {"customer": "D", "weight": 2, "tier": 1}],
        "reserved_stock": [{"item": item, "tier": 1, "quantity": 2} for item in ITEMS],
    },
    "backorder_ageing": {"backorder_steps": [{"periods": 0, "step_cost": 2}, {"periods": 1, "added_cost": 1}]},
    "waiting_discounts": {
        "items": [PLAIN | {"item": item, "max_delay": 0} for item in ITEMS],
        "waiting_discounts": [{"periods": 1, "discount": 1}],
    },
    "cancellations": {"items": [PLAIN | {"item": item, "cancel_share": 0.25} for item in ITEMS]},
    "delivery_terms": {
        "customers": [
            {"customer": "C", "one_delivery": "yes"},
            {"customer": "D", "weight": 2, "minimum_delivery": 3, "tier": 1},
        ]
    },
    "priority_tiers": {"customers": [{"customer": "C", "tier": 2}, {"customer": "D", "weight": 2, "tier": 1}]},
    "shipments": {"customers": [{"customer": "C"}, {"customer": "D", "weight": 2, "minimum_shipment": 30}]},
    "fair_shares": {"fair_shares": [{"kind": "proportional", "tolerance": 0.2}, {"kind": "max_min", "cost": 3}]},
}
SETTINGS: dict[str, dict[str, Any]] = {"priority_tiers": {"allocation": {"strict_tiers": 2}}}
each_rule = pytest.mark.parametrize("rule", RULES)


def many(rule: str = "") -> Instance:
    said = {
        f"{section}.{name}": cell for section, cells in SETTINGS.get(rule, {}).items() for name, cell in cells.items()
    }
    return instance(periods=3, settings=said, **{**MANY, **RULES.get(rule, {})})


def test_without_a_rule_lots_are_decided_one_by_one() -> None:
    assert chosen_road("auto", many()).lots is not None


@each_rule
def test_a_rule_that_lots_do_not_know_takes_the_other_road(rule: str) -> None:
    assert rule in {part.name for part in parts()}
    road = chosen_road("auto", many(rule))
    assert road.lots is None
    assert road.reason == "it has rules or costs that planning lot by lot does not know"


@each_rule
def test_its_rows_are_written_at_once(rule: str, caplog: pytest.LogCaptureFixture) -> None:
    road = chosen_road("auto", many(rule))
    assert road.book is not None
    compiled = compile_book(many(rule), road.book, road.form.parts)
    assert compiled.program.rows and caplog.records == []


@each_rule
def test_its_plan_passes_the_audit(rule: str, tmp_path: Path) -> None:
    settings = {"solve": {"gap": 0.05, "time_limit": 300}, **SETTINGS.get(rule, {})}
    plan = planned(tmp_path, periods=3, settings=settings, **{**MANY, **RULES[rule]})
    assert plan.plan.gap <= 0.1
    assert plan.violations() == []


def test_all_of_them_together(tmp_path: Path) -> None:
    together = dict(MANY)
    for tables in RULES.values():
        for name, rows in tables.items():
            key = name.removesuffix("s")
            before = {row[key]: row for row in together.get(name, []) if key in row}
            together[name] = [{**before.get(row.get(key), {}), **row} for row in rows]
    plan = planned(tmp_path, periods=3, settings={"solve": {"gap": 0.1, "time_limit": 300}}, **together)
    assert plan.violations() == []
