"""Random small instances over random subsets of the rules on customers and scarce stock.

    python -m tests.campaigns.scarce_stock [--count N] [--seed S]

Each is planned in the default and in the tight formulation, and audited. Told as a fault of ours: an audit that
refuses, a bound of one formulation above the plan of the other, and contradictory rules that only one of them finds.
Plans of strict tiers are audited, but not compared: each run has its own best of the earlier tiers.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from optimizer import planning
from optimizer.read import InputFaults, read
from tests.audit.planned import framed
from tests.models.solved import MONDAY, PLAIN, day
from tests.solve.in_process import InProcess

Tables = dict[str, list[dict[str, Any]]]
EXACT = 1e-5


@dataclass
class Result:
    """How many instances were tried, how many had contradictory rules, and what went wrong."""

    tried: int = 0
    contradictory: int = 0
    wrong: list[str] = field(default_factory=list)


def campaign(count: int, seed: int) -> Result:
    """Try so many instances, with seeds from the one given."""
    result = Result()
    for number in range(seed, seed + count):
        tables, settings = made(random.Random(number))
        result.tried += 1
        try:
            plans = [_planned(tables, settings, formulation) for formulation in ("auto", "tight")]
        except Exception as error:
            result.wrong.append(f"{number}: {type(error).__name__}: {error}")
            continue
        found = [plan for plan in plans if plan is not None]
        result.contradictory += len(found) < len(plans)
        if len(found) == 1:
            result.wrong.append(f"{number}: only one formulation finds a contradiction")
        elif found and "allocation" not in settings and _cross(*found):
            result.wrong.append(f"{number}: bounds cross: {found}")
    return result


def _planned(tables: Tables, settings: dict[str, Any], formulation: str) -> tuple[float, float] | None:
    """Cost and bound of a plan that passed its audit; None where the rules contradict each other."""
    asked = {
        "name": "small", "start": MONDAY.isoformat(), "periods": 5,
        "solve": {"gap": 1e-4, "time_limit": 20, "formulation": formulation}, **settings,
    }  # fmt: skip
    source = read({name: framed(name, rows) for name, rows in tables.items()}, settings=asked)
    try:
        with tempfile.TemporaryDirectory() as folder, patch.object(planning, "Engine", InProcess):
            plan = planning.plan(source, out=Path(folder) / "plan")
    except InputFaults:
        return None
    return plan.objective, plan.bound


def _cross(one: tuple[float, float], other: tuple[float, float]) -> bool:
    slack = EXACT * (1 + abs(one[0]))
    return one[0] < other[1] - slack or other[0] < one[1] - slack


def made(chance: random.Random) -> tuple[Tables, dict[str, Any]]:
    """Tables and settings of an instance of up to three items and customers, in five weeks."""
    items, customers = "ABC"[: chance.randint(1, 3)], "CDE"[: chance.randint(2, 3)]
    tables: Tables = {
        "items": [PLAIN | {"item": item, "class": chance.choice("xy"), **_maybe(chance, 0.4, max_delay=(0, 1, 2)),
                           **_maybe(chance, 0.2, quantity_step=(1,))} for item in items],
        "locations": [{"location": name} for name in ("e", "w")[: chance.choice((1, 1, 2))]],
        "customers": [{"customer": name, "weight": chance.randint(1, 3), "class": chance.choice("pq"),
                       **_maybe(chance, 0.4, tier=(1, 2))} for name in customers],
        "suppliers": [{"supplier": "S", "order_cost": chance.choice((0, 20))}],
        "sourcing": [{"item": item, "unit_cost": chance.choice((2, 5)), "lead_time": chance.randint(0, 2),
                      "order_cost": chance.choice((0, 10, 30)), **_maybe(chance, 0.5, minimum_quantity=(5, 10)),
                      **_maybe(chance, 0.3, multiple=(4,)), **_maybe(chance, 0.4, maximum_quantity=(12,))}
                     for item in items],
        "demand": [{"item": item, "customer": customer, "due": chance.choice([day(-1), *range(4)]),
                    "quantity": chance.randint(1, 12), "reference": reference}
                   for item in items for customer in customers for reference in "ab"[: chance.randint(1, 2)]],
        "supplier_capacity": [{"period": t, "capacity": chance.choice((8, 20, 99))} for t in range(5)],
    }  # fmt: skip
    places = [place["location"] for place in tables["locations"]]
    tables["inventory"] = [{"item": i, "location": l, "on_hand": chance.randint(0, 12)} for i in items for l in places]
    settings: dict[str, Any] = {}
    for rule in RULES:
        if chance.random() < 0.3:
            rule(chance, tables, settings)
    return tables, settings


def _maybe(chance: random.Random, share: float, **cells: tuple[Any, ...]) -> dict[str, Any]:
    """Cells with one of the values each, or none."""
    return {name: chance.choice(values) for name, values in cells.items()} if chance.random() < share else {}


def _some(chance: random.Random, tables: Tables, table: str, *cells: dict[str, Any]) -> None:
    for row in tables[table]:
        if chance.random() < 0.5:
            row.update(chance.choice(cells))


def _any(chance: random.Random, tables: Tables, table: str, column: str) -> str:
    return str(chance.choice(["", *(row[column] for row in tables[table])]))


def _fill_rates(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    tables["fill_rates"] = [{
        "customer": _any(chance, tables, "customers", "customer"), "item": _any(chance, tables, "items", "item"),
        "minimum_fill_rate": chance.choice((0.2, 0.5, 0.8)), **_maybe(chance, 0.6, cost=(20, 150)),
    }]  # fmt: skip


def _quotas(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    limits: tuple[dict[str, Any], ...] = (
        {"minimum_share": 0.3}, {"maximum_share": 0.4}, {"maximum_quantity": 6}, {"minimum_quantity": 4}
    )  # fmt: skip
    tables["quotas"] = [{
        "customer": chance.choice(tables["customers"])["customer"], "item": _any(chance, tables, "items", "item"),
        **chance.choice(limits), **_maybe(chance, 0.4, valid_to=(day(1),)), **_maybe(chance, 0.5, cost=(40,)),
    }]  # fmt: skip


def _reserved_stock(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    tables["reserved_stock"] = [{"tier": chance.randint(1, 2), "quantity": chance.choice((2, 5))}]


def _fair_shares(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    item = _any(chance, tables, "items", "item")
    tables["fair_shares"] = [
        {"item": item, "kind": "proportional", "tolerance": 0.2, **_maybe(chance, 0.6, cost=(30,))},
        {"kind": "max_min", "cost": chance.choice((0, 40))},
    ]


def _ageing(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    tables["backorder_steps"] = [{"periods": chance.randint(0, 1), "added_cost": 2, "step_cost": chance.choice((0, 3))}]
    _some(chance, tables, "items", {"late_cost": 9})


def _cancellations(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    _some(chance, tables, "items", *({"cancel_share": share} for share in (0.1, 0.25, 0.9, 1)))


def _delivery_terms(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    _some(chance, tables, "demand", {"complete": "yes"}, {"one_delivery": "yes"}, {"minimum_delivery": 3})


def _shipments(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    tables["customers"][0]["minimum_shipment"] = chance.choice((3, 8))


def _strict_tiers(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    settings["allocation"] = {"strict_tiers": chance.randint(1, 2)}


def _confirmations(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    _some(chance, tables, "demand", {"policy": "win"}, *({"policy": p, "confirmed": day(1)} for p in ("fill", "lose")))


RULES: tuple[Callable[[random.Random, Tables, dict[str, Any]], None], ...] = (
    _fill_rates, _quotas, _reserved_stock, _fair_shares, _ageing, _cancellations, _delivery_terms, _shipments,
    _strict_tiers, _confirmations,
)  # fmt: skip


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description="Random instances of the rules on customers and scarce stock.")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(json.dumps(vars(campaign(asked.count, asked.seed)), indent=1))


if __name__ == "__main__":
    main()
