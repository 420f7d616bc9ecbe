"""The audit of shipments: those that are large enough pass, smaller ones are refused."""

from pathlib import Path

from tests.audit.planned import planned
from tests.models.solved import PLAIN


def test_a_shipment_of_all_items_together(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        items=[PLAIN, PLAIN | {"item": "B"}],
        sourcing=[{"item": item, "unit_cost": 2, "lead_time": 99} for item in "AB"],
        customers=[{"customer": "C", "minimum_shipment": 7}, {"customer": "D"}],
        inventory=[{"on_hand": 6}, {"item": "B", "on_hand": 3}],
        demand=[
            {"due": 0, "quantity": 4},
            {"item": "B", "due": 1, "quantity": 3},
            {"customer": "D", "due": 0, "quantity": 2},
        ],
    )
    assert plan.violations() == []
    customers = plan.source.text["customers"]
    assert plan.violations(customers={**customers, "minimum_shipment": ["7.1", ""]}) == ["minimum_shipment"]
    assert plan.violations(customers={**customers, "minimum_shipment": ["7", "3"]}) == ["minimum_shipment"]
