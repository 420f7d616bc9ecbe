"""Rules that the random instances of `tests.reference` have by themselves."""

import random

from tests.campaigns.drawn.rule import Draw, Drawn, Rule, cells, off


def _setting(section: str, name: str) -> Rule:
    def take(dice: random.Random, drawn: Drawn) -> None:
        drawn.settings[section].pop(name, None)

    return Rule(lambda drawn: bool(drawn.settings.get(section, {}).get(name)), freer=take)


def _whole_packs(dice: random.Random, drawn: Drawn) -> None:
    drawn.settings.setdefault("horizon", {})["whole_packs"] = 0


def _no_overtime() -> Draw:
    return off(("supplier_capacity", "overtime_capacity", "overtime_cost"))


RULES: dict[str, Rule] = {
    "shares": Rule(cells("sourcing", "share_min", "share_max"), freer=off(("sourcing", "share_min", "share_max"))),
    "safety_stock": Rule(
        cells("inventory", "safety_stock"), freer=off(("inventory", "safety_stock", "safety_stock_cost"))
    ),
    "overstock": Rule(cells("inventory", "maximum"), freer=off(("inventory", "maximum", "overstock_cost"))),
    "quantity_step": Rule(cells("items", "quantity_step"), freer=off(("items", "quantity_step"))),
    "joint_orders": Rule(
        cells("suppliers", "order_cost", "minimum_order_value", "maximum_order_value"),
        freer=off(("suppliers", "order_cost", "minimum_order_value", "maximum_order_value")),
    ),
    "order_lines": Rule(
        cells("sourcing", "order_cost", "minimum_quantity", "maximum_quantity"),
        freer=off(("sourcing", "order_cost", "minimum_quantity", "maximum_quantity")),
    ),
    "multiples": Rule(cells("sourcing", "multiple"), freer=_whole_packs),
    "supplier_capacity": Rule(cells("supplier_capacity", "supplier"), freer=off(("supplier_capacity",))),
    "overtime": Rule(cells("supplier_capacity", "overtime_capacity"), barer=_no_overtime()),
    "waiting": Rule(cells("items", "max_delay")),
    "old_orders": Rule(cells("open_orders", "order")),
    "frozen_periods": _setting("horizon", "frozen"),
}
