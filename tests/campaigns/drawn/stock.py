"""Rules on stock and the network."""

import random

from tests.campaigns.drawn.rule import Drawn, Rule, cells, maybe, off


def _perishable(drawn: Drawn) -> set[str]:
    items = drawn.tables["items"]
    return {item for item, life in zip(items["item"], items.get("shelf_life", []), strict=False) if life}


def _transfers(dice: random.Random, drawn: Drawn) -> None:
    places = drawn.ids("location")
    rows = [
        {"item": item, "from_location": one, "to_location": other, "lead_time": dice.choice([0, 0, 1]),
         "unit_cost": dice.choice([0, 1]), "shipment_cost": dice.choice([0, 4])}
        | maybe(dice, 0.4, minimum_quantity=(2, 3)) | maybe(dice, 0.4, maximum_quantity=(4, 8))
        for item in drawn.ids("item") if item not in _perishable(drawn)
        for one in places for other in places if one != other
    ]  # fmt: skip
    drawn.put("transfers", rows)


def _storage(dice: random.Random, drawn: Drawn) -> None:
    drawn.master("locations", "location")
    drawn.some(dice, "items", *({"unit_volume": v, "unit_weight": w} for v in (1, 2) for w in (0, 1)))
    drawn.some(dice, "locations", {"volume_capacity": dice.randint(0, 20), "overflow_cost": 1.5}, share=0.7)
    drawn.some(dice, "locations", {"weight_capacity": dice.randint(0, 20), "weight_overflow_cost": 0.5}, share=0.4)


def _handling(dice: random.Random, drawn: Drawn) -> None:
    drawn.master("locations", "location")
    drawn.some(dice, "items", {"handling_use": 0.5}, {"handling_use": 2})
    rows = [
        {"location": place, "receiving_capacity": dice.randint(3, 12), "receiving_overtime_cost": 0.5,
         "shipping_capacity": dice.randint(3, 12), "shipping_overtime_cost": dice.choice([0.5, 4])}
        for place in drawn.ids("location")
    ]  # fmt: skip
    drawn.put("handling", rows)


def _substitutes(dice: random.Random, drawn: Drawn) -> None:
    items, perishable = drawn.ids("item"), _perishable(drawn)
    customers = drawn.tables.get("customers", {})
    fresh, slow = drawn.has("customers", "minimum_remaining_life"), drawn.has("lanes", "lead_time")
    if customers:
        drawn.some(dice, "customers", {"substitutes": "no"}, share=0.2)
    rows = [
        {"item": one, "substitute": other, "ratio": dice.choice([0.5, 1, 1, 2]), "unit_cost": dice.choice([0, 2])}
        | maybe(dice, 0.3, customer=drawn.ids("customer"))
        for one in items for other in items
        if one != other and dice.random() < 0.6 and not ((fresh or slow) and other in perishable)
    ]  # fmt: skip
    drawn.put("substitutes", rows)


def _lanes(dice: random.Random, drawn: Drawn) -> None:
    drawn.master("locations", "location")
    slow = [0, 0, 1] if not drawn.has("substitutes", "item") else [0]
    rows = [
        {"location": place, "customer": one, "unit_cost": dice.choice([0, 1]), "lead_time": dice.choice(slow)}
        for place in drawn.ids("location") for one in drawn.ids("customer") if dice.random() < 0.85
    ]  # fmt: skip
    drawn.put("lanes", rows)


def _longer_life(dice: random.Random, drawn: Drawn) -> None:
    """Without a shelf life nothing may be thrown away, which can be dearer: so it is a long one."""
    lives = drawn.tables["items"]["shelf_life"]
    drawn.tables["items"]["shelf_life"] = ["999" if life else "" for life in lives]
    off(("batches",), ("customers", "minimum_remaining_life"))(dice, drawn)


def _shelf_life(dice: random.Random, drawn: Drawn) -> None:
    if drawn.has("transfers", "item"):
        return
    drawn.some(dice, "items", *({"shelf_life": n, "waste_cost": c} for n in (1, 2, 4) for c in (0, 1, 5)), share=0.7)
    if not drawn.has("items", "shelf_life"):
        return
    if not drawn.has("substitutes", "item") and dice.random() < 0.5:
        drawn.master("customers", "customer")
        drawn.some(dice, "customers", {"minimum_remaining_life": 1})
    perishable, stock = _perishable(drawn), drawn.tables["inventory"]
    rows = [
        {"item": item, "location": place, "expiry": drawn.day(dice), "quantity": round(float(held or 0) / 2, 1)}
        for item, place, held in zip(stock["item"], stock["location"], stock["on_hand"], strict=True)
        if item in perishable and float(held or 0) > 0 and dice.random() < 0.6
    ]  # fmt: skip
    drawn.put("batches", rows)


def _cover(dice: random.Random, drawn: Drawn) -> None:
    drawn.some(dice, "inventory", *({"maximum_cover": n} for n in (0.5, 1, 2)), {"maximum_cover": 1, "cover_cost": 2})


def _value_limits(dice: random.Random, drawn: Drawn) -> None:
    rows = [{"maximum_value": dice.randint(0, 60), "cost": dice.choice([0.1, 1])}]
    if drawn.has("locations", "location"):
        rows[0] |= maybe(dice, 0.4, location=drawn.ids("location"))
    drawn.put("value_limits", rows)


SPACE = ("volume_capacity", "overflow_cost", "weight_capacity", "weight_overflow_cost")
RULES: dict[str, Rule] = {
    "transfers": Rule(cells("transfers", "item"), _transfers, barer=off(("transfers",))),
    "storage": Rule(
        cells("locations", "volume_capacity", "weight_capacity"), _storage, off(("locations", *SPACE))
    ),
    "handling": Rule(cells("handling", "location"), _handling, off(("handling",))),
    "lanes": Rule(cells("lanes", "location"), _lanes, off(("lanes", "unit_cost"))),
    "shelf_life": Rule(
        cells("items", "shelf_life"), _shelf_life,
        _longer_life,
    ),
    "substitutes": Rule(cells("substitutes", "item"), _substitutes, barer=off(("substitutes",))),
    "cover": Rule(cells("inventory", "maximum_cover"), _cover, off(("inventory", "maximum_cover", "cover_cost"))),
    "stock_value": Rule(cells("value_limits", "cost"), _value_limits, off(("value_limits",))),
}  # fmt: skip
