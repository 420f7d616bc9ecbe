"""Rules on sourcing and ordering."""

import random
from typing import Any

from tests.campaigns.drawn.rule import Drawn, Rule, cells, maybe, off


def _sources(drawn: Drawn) -> list[tuple[str, str]]:
    sold = drawn.tables["sourcing"]
    return list(dict.fromkeys(zip(sold["item"], sold["supplier"], strict=True)))


def _containers(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "items", *({"unit_volume": v, "unit_weight": w} for v in (0.5, 1, 2) for w in (0, 1, 3)))
    rows = []
    for supplier in drawn.ids("supplier"):
        by = dice.choice(["volume", "weight", ""])
        for kind in ("small", "large")[: dice.randint(1, 2)] if by else ():
            capacity = dice.choice([4, 10, 25])
            rows.append({
                "supplier": supplier, "container": kind, f"{by}_capacity": capacity,
                f"minimum_{by}": dice.choice([0, 0.25, 0.5, 0.75]) * capacity, "cost": dice.choice([0, 3, 12]),
            })  # fmt: skip
    drawn.put("containers", rows)


def _freer_containers(dice: random.Random, drawn: Drawn) -> None:
    of = drawn.tables["containers"]
    for column in [name for name in of if name.startswith("minimum_")] if dice.random() < 0.7 else ["cost"]:
        of[column] = ["0" if cell else "" for cell in of[column]]


def _calendar(dice: random.Random, drawn: Drawn) -> None:
    rows = [
        {"supplier": dice.choice(["", *drawn.ids("supplier")]), "period": drawn.day(dice),
         "kind": dice.choice(["order", "closed", "order"])}
        for _ in range(dice.randint(1, 5))
    ]  # fmt: skip
    drawn.put("order_calendar", rows, ("supplier", "period"))


def _any_day(dice: random.Random, drawn: Drawn) -> None:
    of = drawn.tables["order_calendar"]
    keep = [k for k, kind in enumerate(of["kind"]) if kind == "closed"]
    drawn.tables["order_calendar"] = {column: [cells_of[k] for k in keep] for column, cells_of in of.items()}


def _counts(dice: random.Random, drawn: Drawn) -> None:
    for item in drawn.ids("item"):
        count = sum(one == item for one, _ in _sources(drawn))
        row = drawn.tables["items"]["item"].index(item)
        if count > 1 and dice.random() < 0.5:
            _cell(drawn, "items", row, "minimum_suppliers", count)
            _cell(drawn, "items", row, "supplier_quantity", dice.choice([1, 3]))
        elif not _has_shares(drawn, item):
            _cell(drawn, "items", row, "maximum_suppliers", 1)


def _cell(drawn: Drawn, table: str, row: int, column: str, cell: object) -> None:
    of = drawn.tables[table]
    of.setdefault(column, [""] * len(next(iter(of.values()))))[row] = str(cell)


def _has_shares(drawn: Drawn, item: str) -> bool:
    sold = drawn.tables["sourcing"]
    shares = sold.get("share_min", [""] * len(sold["item"]))
    return any(one == item and share for one, share in zip(sold["item"], shares, strict=True))


def _commitments(dice: random.Random, drawn: Drawn) -> None:
    rows = []
    for _ in range(dice.randint(1, 3)):
        row: dict[str, Any] = {
            "supplier": dice.choice(drawn.ids("supplier")),
            "item": dice.choice(["", *drawn.ids("item")]),
        }
        by_quantity = {"quantity": dice.choice([3, 9, 20]), "shortfall_cost": dice.choice([0, 1, 6, 20])}
        by_value = {"value": dice.choice([10, 50, 120]), "shortfall_rate": dice.choice([0, 0.5, 1])}
        rows.append(row | dice.choice([by_quantity, by_value]))
    drawn.put("commitments", rows, ("supplier", "item"))


def _bought_before(dice: random.Random, drawn: Drawn) -> None:
    item, supplier = dice.choice(_sources(drawn))
    drawn.put("bought_before", [{"item": item, "supplier": supplier, "quantity": dice.randint(1, 9)}])


def _budgets(dice: random.Random, drawn: Drawn) -> None:
    rows = [
        {"period": dice.choice(["", drawn.day(dice)]), "supplier": dice.choice(["", *drawn.ids("supplier")]),
         "amount": dice.choice([0, 15, 40, 100, 300])}
        for _ in range(dice.randint(1, 4))
    ]  # fmt: skip
    drawn.put("budgets", rows, ("period", "supplier"))


def _price_breaks(dice: random.Random, drawn: Drawn) -> None:
    sold, rows = drawn.tables["sourcing"], []
    for item, supplier in _sources(drawn):
        if dice.random() < 0.6:
            kind, price = dice.choice(["all_units", "incremental"]), min(
                float(cost) for cost, *of in zip(sold["unit_cost"], sold["item"], sold["supplier"], strict=True)
                if of == [item, supplier]
            )  # fmt: skip
            for k, least in enumerate(sorted(dice.sample(range(2, 12), dice.randint(1, 2))), start=1):
                cost = round(price * (1 - 0.1 * k), 2)
                rows.append({"item": item, "supplier": supplier, "minimum_quantity": least, "unit_cost": cost,
                             "kind": kind})  # fmt: skip
    drawn.put("price_breaks", rows)


def _order_discounts(dice: random.Random, drawn: Drawn) -> None:
    drawn.drop("items", "ending_value")  # those that were drawn may be above what a unit costs with a discount
    rows: list[dict[str, Any]] = []
    for supplier in drawn.ids("supplier"):
        kind, steps = dice.choice(["all_units", "incremental"]), dice.randint(0, 2)
        for k, least in enumerate(sorted(dice.sample([8, 20, 45, 90], steps)), start=1):
            rows.append({"supplier": supplier, "minimum_value": least, "discount": 0.08 * k, "kind": kind})
    drawn.put("order_discounts", rows)


def _list_prices(dice: random.Random, drawn: Drawn) -> None:
    drawn.drop("order_discounts")
    items = drawn.tables["items"]  # what is left is worth no more than before, by default or not
    items["ending_value"] = [cell or "0" for cell in items.get("ending_value", [""] * len(items["item"]))]


def _modes(dice: random.Random, drawn: Drawn) -> None:
    rows = [
        {"item": item, "supplier": supplier, "mode": "air", "lead_time": dice.choice([0, 0, 1]),
         "unit_cost": dice.choice([0, 1, 4])}
        | maybe(dice, 0.4, order_cost=(3, 10)) | maybe(dice, 0.3, minimum_quantity=(2, 5))
        | maybe(dice, 0.3, maximum_quantity=(6, 15))
        for item, supplier in _sources(drawn) if dice.random() < 0.6
    ]  # fmt: skip
    drawn.put("transport_modes", rows)


def _overrides(dice: random.Random, drawn: Drawn) -> None:
    rows = []
    for item, supplier in _sources(drawn):
        if dice.random() < 0.4:
            said = dice.choice([{"quantity": 0}, {"maximum_quantity": dice.choice([0, 5])}, {"minimum_quantity": 1},
                                {"maximum_quantity": 20}, {"quantity": 12}])  # fmt: skip
            who = maybe(dice, 0.5, supplier=(supplier,))
            rows.append({"item": item, "supplier": "", "period": drawn.day(dice)} | who | said)
    drawn.put("overrides", rows, ("item", "supplier", "period"))


def _last_plan(dice: random.Random, drawn: Drawn) -> None:
    choices: list[dict[str, Any]] = [{"change_cost": 5}, {"change_rate": 0.2}, {"maximum_changes": dice.randint(0, 3)},
               {"maximum_change": 0.5}]  # fmt: skip
    drawn.some(dice, "suppliers", *choices, share=0.8)
    rows = [
        {"item": item, "supplier": supplier, "location": dice.choice(drawn.ids("location")),
         "order_period": drawn.day(dice), "quantity": dice.choice([2, 6, 12])}
        for item, supplier in _sources(drawn) if dice.random() < 0.7
    ]  # fmt: skip
    drawn.put("last_plan", rows)


CHANGES = ("change_cost", "change_rate", "maximum_changes", "maximum_change")
CHANGEABLE = ("sooner_periods", "sooner_cost", "later_periods", "later_cost", "cancel_cost", "change_cost")


def _open_order_changes(dice: random.Random, drawn: Drawn) -> None:
    if not drawn.has("open_orders", "order"):
        return
    some: list[dict[str, Any]] = [
        {"sooner_periods": 1, "sooner_cost": 1},
        {"later_periods": 2, "later_cost": 0.5},
        {"cancel_cost": 1},
    ]
    for one in some:
        drawn.some(dice, "open_orders", one | maybe(dice, 0.4, change_cost=(2,)))


RULES: dict[str, Rule] = {
    "containers": Rule(cells("containers", "supplier"), _containers, _freer_containers),
    "order_calendar": Rule(
        lambda drawn: "order" in drawn.tables.get("order_calendar", {}).get("kind", []), _calendar, _any_day
    ),
    "supplier_counts": Rule(
        cells("items", "minimum_suppliers", "maximum_suppliers"),
        _counts,
        off(("items", "minimum_suppliers", "maximum_suppliers", "supplier_quantity")),
    ),
    "commitments": Rule(cells("commitments", "supplier"), _commitments, off(("commitments",))),
    "bought_before": Rule(cells("bought_before", "item"), _bought_before),
    "budgets": Rule(cells("budgets", "amount"), _budgets, off(("budgets",))),
    "price_breaks": Rule(cells("price_breaks", "item"), _price_breaks),
    "order_discounts": Rule(cells("order_discounts", "supplier"), _order_discounts, barer=_list_prices),
    "transport_modes": Rule(cells("transport_modes", "supplier"), _modes, barer=off(("transport_modes",))),
    "overrides": Rule(cells("overrides", "item"), _overrides, off(("overrides",))),
    "plan_stability": Rule(
        lambda drawn: drawn.has("last_plan", "item") and drawn.has("suppliers", *CHANGES), _last_plan,
        off(("last_plan",)),
    ),
    "open_order_changes": Rule(
        cells("open_orders", *CHANGEABLE), _open_order_changes, barer=off(("open_orders", *CHANGEABLE))
    ),
}  # fmt: skip
