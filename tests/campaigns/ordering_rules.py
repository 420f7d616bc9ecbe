"""Random small instances with random rules of ordering: containers, calendars, supplier counts, commitments, budgets.

    python -m tests.campaigns.ordering_rules --count 200 --seed 1

Each is an instance of `tests.reference` with tables of these rules beside it, planned to optimality. A contradiction is
- a plan in which the audit finds anything, or that is not proven;
- another optimum in the tight formulation;
- an optimum that falls where every order line may be larger (its largest quantity was no limit of the contract);
- an optimum that is above that of the same instance with one of the rules relaxed, or left out.

Prints its figures as JSON; exit code 1 on a contradiction.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from models.calendar import Calendar
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer import planning
from optimizer.audit import audit
from optimizer.read import read
from tests.models.test_largest_orders import WantsMore, optimum
from tests.reference.folder import write_instance
from tests.reference.random_instances import Size, random_instance
from tests.solve.in_process import InProcess

Tables = dict[str, dict[str, list[str]]]
CLOSE = 1e-6


def main() -> int:
    """Run the campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    figures = campaign(arguments.count, arguments.seed)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if figures["contradictions"] else 0


def campaign(count: int, seed: int, size: Size | None = None) -> dict[str, Any]:
    """So many instances from `seed` on; how often each rule was there, and what contradicts."""
    rules: Counter[str] = Counter()
    contradictions: list[dict[str, Any]] = []
    for number in range(seed, seed + count):
        tables, settings = instance_with_rules(number, size or ("tiny" if number % 3 else "small"))
        rules.update(name for name in RULES if RULES[name][1](tables))
        contradictions += [
            {"seed": number, "contradiction": text} for text in _contradictions(tables, settings, number)
        ]
    return {"count": count, "seed": seed, "rules": dict(rules), "contradictions": contradictions}


def _contradictions(tables: Tables, settings: dict[str, Any], number: int) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_instance(folder / "instance", tables, settings)
        source = read(folder / "instance")
        best, found = cheapest(source.instance, plain()), []
        with patch.object(planning, "Engine", InProcess):
            plan = planning.plan(source, out=folder / "plan", gap=0, time_limit=60)
        found += [str(one) for one in audit(source.text, source.settings_text, folder / "plan")]
        others = {
            "of the plan": plan.objective,
            "tight": cheapest(source.instance, parts()),
            "with larger lines": cheapest(source.instance, (*plain(), WantsMore())),
        }
        found += [f"the optimum is {best}, {name} {cost}" for name, cost in others.items() if not _same(best, cost)]
        chance = random.Random(number)
        for name, (_, is_there, relaxed) in RULES.items():
            if is_there(tables):
                freer = {table: {column: list(cells) for column, cells in of.items()} for table, of in tables.items()}
                relaxed(chance, freer)
                write_instance(folder / name, freer, settings)
                cost = cheapest(read(folder / name).instance, plain())
                if cost > best + CLOSE * max(1.0, abs(best)):
                    found.append(f"the optimum is {best}, and {cost} with {name} relaxed")
    return found


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE * max(1.0, abs(one))


def cheapest(made: Instance, chosen: tuple[Part, ...]) -> float:
    """Cost of the cheapest plan."""
    return optimum(made, chosen)[0]


def instance_with_rules(seed: int, size: Size) -> tuple[Tables, dict[str, Any]]:
    """A random instance, and about half of the rules beside it."""
    tables, settings = random_instance(seed, size)
    made: Tables = {name: {column: list(cells) for column, cells in of.items()} for name, of in tables.items()}
    chance = random.Random(seed + 1_000_000)
    for add, _, _ in RULES.values():
        if chance.random() < 0.5:
            add(chance, made, settings)
    return made, settings


def _rows(*rows: dict[str, str]) -> dict[str, list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name, "") for row in rows] for name in names}


def _days(settings: dict[str, Any], chance: random.Random) -> Callable[[], str]:
    calendar = Calendar(settings["start"], int(settings["periods"]), settings.get("period", "week"))
    return lambda: calendar.first_day(chance.randrange(calendar.periods))


def _add_containers(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    items = tables["items"]
    count = len(items["item"])
    items["unit_volume"] = [str(chance.choice([0, 0.5, 1, 2])) for _ in range(count)]
    items["unit_weight"] = [str(chance.choice([0, 1, 3])) for _ in range(count)]
    rows = []
    for supplier in tables["suppliers"]["supplier"]:
        by = chance.choice(["volume", "weight", ""])
        for kind in ("small", "large")[: chance.randint(1, 2)] if by else ():
            capacity = chance.choice([4, 10, 25])
            least = chance.choice([0, 0.25, 0.5, 0.75]) * capacity
            cost = str(chance.choice([0, 3, 12]))
            rows.append(
                {
                    "supplier": supplier,
                    "container": kind,
                    f"{by}_capacity": str(capacity),
                    f"minimum_{by}": str(least),
                    "cost": cost,
                }
            )
    if rows:
        tables["containers"] = _rows(*rows)


def _relax_containers(chance: random.Random, tables: Tables) -> None:
    of = tables["containers"]
    for column in [name for name in of if name.startswith("minimum_")] if chance.random() < 0.7 else ["cost"]:
        of[column] = ["0" if cell else "" for cell in of[column]]


def _add_calendar(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    day, rows = _days(settings, chance), {}
    for _ in range(chance.randint(1, 5)):
        supplier, period = chance.choice(["", *tables["suppliers"]["supplier"]]), day()
        rows[supplier, period] = {
            "supplier": supplier,
            "period": period,
            "kind": chance.choice(["order", "closed", "order"]),
        }
    tables["order_calendar"] = _rows(*rows.values())


def _relax_calendar(chance: random.Random, tables: Tables) -> None:
    of = tables["order_calendar"]
    keep = [k for k, kind in enumerate(of["kind"]) if kind == "order"] if chance.random() < 0.5 else []
    tables["order_calendar"] = {column: [cells[k] for k in keep] for column, cells in of.items()}


def _add_counts(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    items, sold = tables["items"], tables["sourcing"]
    sellers = [
        len({s for i, s in zip(sold["item"], sold["supplier"], strict=True) if i == item}) for item in items["item"]
    ]
    items["minimum_suppliers"] = [str(chance.choice([0, n])) if n > 1 else "" for n in sellers]
    items["maximum_suppliers"] = [str(chance.choice([max(n, 1), ""])) for n in sellers]
    if not any(cell not in ("", "0") for cell in items["minimum_suppliers"]):
        items["maximum_suppliers"] = [chance.choice(["1", ""]) if not _shared(tables, i) else "" for i in items["item"]]
    items["supplier_quantity"] = [str(chance.choice([1, 3])) for _ in sellers]


def _shared(tables: Tables, item: str) -> bool:
    """Whether shares speak of the item."""
    sold = tables["sourcing"]
    shares = sold.get("share_min", [""] * len(sold["item"]))
    return any(one == item and share for one, share in zip(sold["item"], shares, strict=True))


def _relax_counts(chance: random.Random, tables: Tables) -> None:
    for column in ("minimum_suppliers", "maximum_suppliers")[: chance.randint(1, 2)]:
        tables["items"][column] = [""] * len(tables["items"]["item"])


def _add_commitments(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    rows = {}
    for _ in range(chance.randint(1, 3)):
        supplier, item = chance.choice(tables["suppliers"]["supplier"]), chance.choice(["", *tables["items"]["item"]])
        row = {"supplier": supplier, "item": item}
        if chance.random() < 0.5:
            row |= {"quantity": str(chance.choice([3, 9, 20])), "shortfall_cost": str(chance.choice([0, 1, 6, 20]))}
        else:
            row |= {"value": str(chance.choice([10, 50, 120])), "shortfall_rate": str(chance.choice([0, 0.5, 1]))}
        rows[supplier, item] = row
    tables["commitments"] = _rows(*rows.values())
    if chance.random() < 0.5:
        one = chance.choice(tables["items"]["item"]), chance.choice(tables["suppliers"]["supplier"])
        tables["bought_before"] = _rows({"item": one[0], "supplier": one[1], "quantity": str(chance.randint(1, 9))})


def _relax_commitments(chance: random.Random, tables: Tables) -> None:
    of = tables["commitments"]
    for column in ("quantity", "value"):
        of[column] = [str(float(cell) / 2) if cell else "" for cell in of.get(column, [""] * len(of["supplier"]))]


def _add_budgets(chance: random.Random, tables: Tables, settings: dict[str, Any]) -> None:
    day, rows = _days(settings, chance), {}
    for _ in range(chance.randint(1, 4)):
        period, supplier = chance.choice(["", day()]), chance.choice(["", *tables["suppliers"]["supplier"]])
        rows[period, supplier] = {
            "period": period,
            "supplier": supplier,
            "amount": str(chance.choice([0, 15, 40, 100, 300])),
        }
    tables["budgets"] = _rows(*rows.values())


def _relax_budgets(chance: random.Random, tables: Tables) -> None:
    amounts = tables["budgets"]["amount"]
    tables["budgets"]["amount"] = [chance.choice([cell, "", str(2 * int(cell))]) for cell in amounts]


def _has(table: str, column: str) -> Callable[[Tables], bool]:
    return lambda tables: any(tables.get(table, {}).get(column, []))


RULES: dict[str, tuple[Callable[..., None], Callable[[Tables], bool], Callable[..., None]]] = {
    "containers": (_add_containers, _has("containers", "supplier"), _relax_containers),
    "order_calendar": (_add_calendar, _has("order_calendar", "period"), _relax_calendar),
    "supplier_counts": (_add_counts, _has("items", "supplier_quantity"), _relax_counts),
    "commitments": (_add_commitments, _has("commitments", "supplier"), _relax_commitments),
    "budgets": (_add_budgets, _has("budgets", "amount"), _relax_budgets),
}


if __name__ == "__main__":
    sys.exit(main())
