"""An instance in which every rule of every part has a row, and most have several."""

from models.instance import Instance
from tests.models.solved import PLAIN, day, instance


def rich() -> Instance:
    """Three items, two suppliers, two locations, five weeks; dated rows, shares by location and over all."""
    return instance(
        periods=5,
        items=[
            PLAIN | {"item": "nut", "quantity_step": 2, "ending_value": 1.5},
            PLAIN | {"item": "rod", "max_delay": 1, "backorder_cost": 0.5, "shortage_cost": 30},
            {"item": "cap", "price": 4},
        ],
        suppliers=[
            {"supplier": "ACME", "order_cost": 20, "minimum_order_value": 50},
            {"supplier": "BOLT", "order_cost": 3, "maximum_order_value": 400},
        ],
        locations=[{"location": "east"}, {"location": "west"}],
        customers=[{"customer": "shop", "weight": 2}, {"customer": "mill"}],
        sourcing=[
            {
                "item": "nut", "supplier": "ACME", "unit_cost": 2, "lead_time": 1, "order_cost": 4, "multiple": 6,
                "minimum_quantity": 10, "capacity_setup": 1, "share_max": 0.75,
            },
            {"item": "nut", "supplier": "BOLT", "unit_cost": 3, "lead_time": 0, "share_min": 0.25, "capacity_use": 0.5},
            {
                "item": "nut", "supplier": "BOLT", "location": "west", "unit_cost": 2.5, "lead_time": 2,
                "share_min": 0.125, "valid_from": day(2, 2),
            },
            {"item": "rod", "supplier": "BOLT", "unit_cost": 8, "lead_time": 1, "maximum_quantity": 40, "multiple": 4},
            {"item": "rod", "supplier": "ACME", "unit_cost": 7, "lead_time": 3, "valid_to": day(1, 1)},
            {
                "item": "rod", "supplier": "ACME", "unit_cost": 9, "lead_time": 1, "valid_from": day(1, 2),
                "order_cost": 2,
            },
            {"item": "cap", "supplier": "ACME", "unit_cost": 3, "lead_time": 1, "location": "east", "share_max": 0.5},
            {"item": "cap", "supplier": "BOLT", "unit_cost": 4, "lead_time": 2, "capacity_setup": 2},
        ],
        supplier_capacity=[
            {"supplier": "ACME", "period": 0, "capacity": 60, "overtime_capacity": 10, "overtime_cost": 0.25},
            {"supplier": "ACME", "period": 1, "capacity": 20},
            {"supplier": "ACME", "period": 2, "capacity": 20},
            {"supplier": "BOLT", "period": 1, "capacity": 50, "overtime_capacity": 5, "overtime_cost": 2},
        ],
        inventory=[
            {"item": "nut", "location": "east", "on_hand": 7, "safety_stock": 5, "maximum": 25},
            {"item": "rod", "location": "west", "on_hand": 1, "maximum": 9, "overstock_cost": 0.75},
            {"item": "cap", "location": "east", "safety_stock": 3},
        ],
        open_orders=[{"item": "rod", "supplier": "BOLT", "location": "west", "arrival": 1, "quantity": 3}],
        demand=[
            {"item": "nut", "customer": "shop", "due": day(-2), "quantity": 12},
            {"item": "nut", "customer": "mill", "due": 2, "quantity": 20, "kind": "forecast"},
            {"item": "rod", "customer": "shop", "due": 1, "quantity": 6, "location": "east"},
            {"item": "rod", "customer": "mill", "due": 3, "quantity": 6},
            {"item": "cap", "customer": "mill", "due": 3, "quantity": 9, "max_delay": 0},
        ],
        settings={"horizon.whole_packs": 3},
    )  # fmt: skip
