"""Rules on customers, backorders and scarce stock."""

import random
from typing import Any

from tests.campaigns.drawn.rule import Drawn, Rule, cells, maybe, off


def _tiers(dice: random.Random, drawn: Drawn) -> None:
    drawn.master("customers", "customer")
    if not drawn.has("customers", "tier"):
        drawn.some(dice, "customers", {"tier": 1}, {"tier": 2}, share=0.7)


def _fill_rates(dice: random.Random, drawn: Drawn) -> None:
    if dice.random() < 0.3:
        drawn.master("customers", "customer")
        drawn.some(dice, "customers", {"minimum_fill_rate": 0.3}, {"minimum_fill_rate": 0.1})
    rows = [
        {"customer": dice.choice(["", *drawn.ids("customer")]), "item": dice.choice(["", *drawn.ids("item")]),
         "minimum_fill_rate": dice.choice([0.2, 0.5, 0.8])} | maybe(dice, 0.7, cost=(20, 150))
        for _ in range(dice.randint(1, 2))
    ]  # fmt: skip
    drawn.put("fill_rates", rows, ("customer", "item"))


def _fair_shares(dice: random.Random, drawn: Drawn) -> None:
    item = maybe(dice, 0.5, item=drawn.ids("item"))
    proportional = {"kind": "proportional", "tolerance": 0.2} | item | maybe(dice, 0.6, cost=(30,))
    drawn.put("fair_shares", [proportional, {"kind": "max_min", "cost": dice.choice([0, 40])}])


def _quotas(dice: random.Random, drawn: Drawn) -> None:
    limits: list[dict[str, Any]] = [
        {"minimum_share": 0.3}, {"maximum_share": 0.4}, {"maximum_quantity": 6}, {"minimum_quantity": 4}
    ]  # fmt: skip
    rows = [
        {"customer": dice.choice(drawn.ids("customer")), "item": dice.choice(["", *drawn.ids("item")])}
        | dice.choice(limits) | maybe(dice, 0.4, valid_to=(drawn.day(dice),)) | maybe(dice, 0.7, cost=(40,))
    ]  # fmt: skip
    drawn.put("quotas", rows)


def _reserved_stock(dice: random.Random, drawn: Drawn) -> None:
    _tiers(dice, drawn)
    rows = [
        {"item": item, "tier": dice.randint(1, 2), "quantity": dice.choice([2, 5])}
        for item in drawn.ids("item") if dice.random() < 0.6
    ]  # fmt: skip
    drawn.put("reserved_stock", rows)


def _strict_tiers(dice: random.Random, drawn: Drawn) -> None:
    if dice.random() < 0.3:  # whose plans are audited, but not compared
        _tiers(dice, drawn)
        drawn.settings["allocation"] = {"strict_tiers": dice.randint(1, 2)}


def _steps(dice: random.Random, drawn: Drawn) -> None:
    row = {"periods": dice.randint(0, 1), "added_cost": dice.choice([0, 2]), "step_cost": dice.choice([1, 3])}
    drawn.put("backorder_steps", [row | maybe(dice, 0.4, item=drawn.ids("item"))])


def _late_cost(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "items", {"late_cost": 9})
    drawn.some(dice, "demand", {"late_cost": 3}, share=0.2)


def _waiting_discounts(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "demand", {"max_delay": 0}, {"max_delay": 1})
    rows = [
        {"periods": periods, "discount": dice.choice([0, 1, 6, 30])} | maybe(dice, 0.4, item=drawn.ids("item"))
        | maybe(dice, 0.3, customer=drawn.ids("customer"))
        for periods in range(1, dice.randint(2, 4))
    ]  # fmt: skip
    drawn.put("waiting_discounts", rows)


def _dear_waiting(dice: random.Random, drawn: Drawn) -> None:
    of = drawn.tables["waiting_discounts"]  # windows stay: reserved stock is for all who may still wait
    of["discount"] = [str(float(cell) + 1000) for cell in of["discount"]]


def _cancellations(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "items", *({"cancel_share": share} for share in (0.1, 0.25, 0.9, 1)))


def _delivery_terms(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "demand", {"complete": "yes"}, {"one_delivery": "yes"}, {"minimum_delivery": 3})
    if dice.random() < 0.3:
        drawn.master("customers", "customer")
        drawn.some(dice, "customers", {"complete": "yes"}, {"minimum_delivery": 2})


def _shipments(dice: random.Random, drawn: Drawn) -> None:
    drawn.master("customers", "customer")
    drawn.some(dice, "customers", {"minimum_shipment": 3}, {"minimum_shipment": 8})


def _confirmations(dice: random.Random, drawn: Drawn) -> None:
    dated = [{"policy": policy, "confirmed": drawn.day(dice)} for policy in ("gain", "fill", "lose", "redistribute")]
    drawn.some(dice, "demand", {"policy": "win"}, *dated, dated[1] | {"confirmed_quantity": 3})


def _no_promises(dice: random.Random, drawn: Drawn) -> None:
    demand = drawn.tables["demand"]  # what may be withdrawn is lost for nothing: that stays
    demand["policy"] = [policy if policy == "lose" else "" for policy in demand["policy"]]


def _consumption(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "items", *({"backward_consumption": b, "forward_consumption": f} for b in (0, 1) for f in (0, 2)))
    if dice.random() < 0.4:
        drawn.settings.setdefault("costs", {})["forecast_weight"] = 0.5


TERMS = ("complete", "one_delivery", "minimum_delivery")
RULES: dict[str, Rule] = {
    "fill_rates": Rule(
        lambda drawn: drawn.has("fill_rates", "minimum_fill_rate") or drawn.has("customers", "minimum_fill_rate"),
        _fill_rates, off(("fill_rates",), ("customers", "minimum_fill_rate")),
    ),
    "fair_shares": Rule(cells("fair_shares", "kind"), _fair_shares, off(("fair_shares",))),
    "quotas": Rule(cells("quotas", "customer"), _quotas, off(("quotas",))),
    "reserved_stock": Rule(cells("reserved_stock", "tier"), _reserved_stock, off(("reserved_stock",))),
    "strict_tiers": Rule(lambda drawn: "allocation" in drawn.settings, _strict_tiers),
    "backorder_steps": Rule(cells("backorder_steps", "step_cost"), _steps, off(("backorder_steps",))),
    "late_cost": Rule(
        lambda drawn: drawn.has("items", "late_cost") or drawn.has("demand", "late_cost"), _late_cost,
        off(("items", "late_cost"), ("demand", "late_cost")),
    ),
    "waiting_discounts": Rule(
        cells("waiting_discounts", "periods"), _waiting_discounts, barer=_dear_waiting
    ),
    "cancellations": Rule(cells("items", "cancel_share"), _cancellations, off(("items", "cancel_share"))),
    "delivery_terms": Rule(
        lambda drawn: drawn.has("demand", *TERMS) or drawn.has("customers", *TERMS), _delivery_terms,
        off(("demand", *TERMS), ("customers", *TERMS)),
    ),
    "shipments": Rule(cells("customers", "minimum_shipment"), _shipments, off(("customers", "minimum_shipment"))),
    "confirmations": Rule(cells("demand", "policy"), _confirmations, _no_promises),
    "forecast_consumption": Rule(
        cells("items", "backward_consumption", "forward_consumption"), _consumption
    ),
}  # fmt: skip
