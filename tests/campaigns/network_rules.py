"""Random small instances with random rules of stock and network: audited in every formulation, one optimum for all.

python -m tests.audit.test_network_together FIRST LAST      more of them
"""

import random
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from models.parts import parts
from optimizer import planning
from optimizer.read import read
from optimizer.solve.engine import Engine
from tests.audit.planned import framed
from tests.models.solved import MONDAY, PLAIN, Row
from tests.models.test_largest_orders import WantsMore, optimum
from tests.solve.in_process import InProcess

RULES = (
    "transfers",
    "storage",
    "handling",
    "substitutes",
    "lanes",
    "shelf_life",
    "cover",
    "value",
    "steps",
    "promises",
)
CUSTOMERS = ("C", "D")


def drawn(seed: int) -> dict[str, list[Row]]:
    """Two items, one or two locations, two customers, five weeks; each rule with even chances."""
    dice = random.Random(seed)
    on = {rule: dice.random() < 0.5 for rule in RULES}
    places = ["east", "west"][: dice.choice([1, 2, 2])]
    stocks = [(item, place) for item in "AB" for place in places]
    perishable = {item for item in "AB" if on["shelf_life"] and dice.random() < 0.7}

    def often(chance: float, row: Row) -> Row:
        return row if dice.random() < chance else {}

    held = {stock: dice.randint(0, 12) for stock in stocks}
    tables: dict[str, list[Row]] = {
        "items": [
            PLAIN
            | {"item": item, "holding_cost": dice.choice([0, 0.5, 1]), "backorder_cost": dice.choice([1, 3])}
            | ({"unit_volume": dice.choice([0, 1, 2])} if on["storage"] else {})
            | ({"handling_use": dice.choice([0.5, 1, 2])} if on["handling"] else {})
            | ({"quantity_step": dice.choice([1, 2])} if on["steps"] else {})
            | ({"shelf_life": dice.randint(1, 4), "waste_cost": dice.choice([0, 1, 5])} if item in perishable else {})
            for item in "AB"
        ],
        "locations": [
            {"location": place}
            | (often(0.7, {"volume_capacity": dice.randint(0, 20), "overflow_cost": 1.5}) if on["storage"] else {})
            for place in places
        ],
        "customers": [
            {"customer": name, "weight": dice.choice([1, 2]), "substitutes": dice.choice(["yes", "no"])}
            | ({"minimum_remaining_life": dice.choice([0, 1])} if perishable and not on["substitutes"] else {})
            for name in CUSTOMERS
        ],
        "suppliers": [{"order_cost": dice.choice([0, 5])}],
        "inventory": [
            {"item": item, "location": place, "on_hand": held[item, place]}
            | (often(0.6, {"maximum_cover": dice.choice([0.5, 1, 2])}) if on["cover"] else {})
            | often(0.2, {"safety_stock": 2})
            for item, place in stocks
        ],
        "sourcing": [
            {"item": item, "unit_cost": dice.choice([2, 5]), "lead_time": dice.randint(0, 2)}
            | {"order_cost": dice.choice([0, 4]), "minimum_quantity": dice.choice([0, 6])}
            | often(0.5, {"location": dice.choice(places)})
            for item in "AB"
        ],
        "demand": [
            {"item": dice.choice("AB"), "customer": dice.choice(CUSTOMERS), "due": dice.randint(0, 4)}
            | {"quantity": dice.randint(1, 12), "reference": str(k)}
            | often(0.4, {"location": dice.choice(places)})
            | often(0.5, {"max_delay": dice.randint(0, 2)})
            | (often(0.4, {"policy": dice.choice(["win", "gain", "fill"]), "confirmed": 2}) if on["promises"] else {})
            for k in range(dice.randint(3, 7))
        ],
        "open_orders": [
            {"order": str(k), "item": dice.choice("AB"), "location": dice.choice(places), "arrival": dice.randint(0, 3)}
            | {"quantity": dice.randint(1, 8), "expiry": 3}
            for k in range(dice.randint(0, 2))
        ],
    }
    if on["transfers"] and len(places) > 1:
        tables["transfers"] = [
            {"item": item, "from_location": one, "to_location": other, "lead_time": dice.randint(0, 1)}
            | {"unit_cost": dice.choice([0, 1]), "shipment_cost": dice.choice([0, 4])}
            | {"minimum_quantity": dice.choice([0, 3])}
            | often(0.4, {"maximum_quantity": dice.choice([4, 8])})
            for item in sorted(set("AB") - perishable)
            for one, other in (("east", "west"), ("west", "east"))
        ]
    if on["handling"]:
        tables["handling"] = [
            {"location": place, "receiving_capacity": dice.randint(3, 12), "receiving_overtime_cost": 0.5}
            | {"shipping_capacity": dice.randint(3, 12), "shipping_overtime_cost": dice.choice([0.5, 4])}
            for place in places
        ]
    if on["substitutes"]:
        tables["substitutes"] = [
            {"item": one, "substitute": other, "ratio": dice.choice([0.5, 1, 2]), "unit_cost": dice.choice([0, 2])}
            | often(0.4, {"customer": dice.choice(CUSTOMERS)})
            for one, other in ("AB", "BA")
        ]
    if on["lanes"]:
        slow = [0] if perishable and on["substitutes"] else [0, 0, 1]
        tables["lanes"] = [
            {"location": place, "customer": name, "unit_cost": dice.choice([0, 1]), "lead_time": dice.choice(slow)}
            for place in places
            for name in CUSTOMERS
            if dice.random() < 0.85
        ]
    if perishable:
        tables["batches"] = [
            {"item": item, "location": place, "expiry": dice.randint(0, 3), "quantity": held[item, place] // 2}
            for item, place in stocks
            if item in perishable
        ]
    if on["value"]:
        tables["value_limits"] = [{"maximum_value": dice.randint(0, 30), "cost": dice.choice([0.1, 1])}]
    return {name: rows for name, rows in tables.items() if rows}


def agreed(seed: int) -> None:
    """Plan an instance in three formulations, audit each, and compare."""
    frames = {name: framed(name, rows) for name, rows in drawn(seed).items()}
    head: dict[str, Any] = {"name": "s", "start": MONDAY.isoformat(), "periods": 5}
    source = read(frames, settings={**head, "solve": {"gap": 0.0, "time_limit": 60}})
    asked, engine = planning.settled(source), cast(Engine, InProcess())
    costs, bounds = [], []
    for formulation in ("plain", "auto", "tight"):
        made = planning.make(
            source, replace(asked, formulation=formulation), engine, lambda progress: None, lots_from=1
        )
        with TemporaryDirectory() as folder:
            planning.publish_plan(source, made, Path(folder) / "plan")
        assert made.status == "optimal"
        costs.append(made.objective)
        bounds.append(made.bound)
    slack = 1e-5 * max(1.0, abs(costs[0]))
    assert max(costs) - min(costs) <= slack and max(bounds) <= min(costs) + slack
    larger, _ = optimum(source.instance, (*parts(), WantsMore()))
    assert larger >= min(costs) - slack


if __name__ == "__main__":
    for number in range(int(sys.argv[1]), int(sys.argv[2])):
        agreed(number)
        print(number, flush=True)
