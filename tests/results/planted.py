"""A planted contradiction for every cell that holds at any cost: tables, settings, and what must be named.

Unless said otherwise item A is sold by S for 1 at once, and there is nothing on hand. Most are forced by an order that
the planner fixes (`ORDER`) or by a fill rate (`FILLED`) for the 10 that C asks for.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.models.solved import PLAIN

SOURCE = {"unit_cost": 1, "lead_time": 0}
NEVER = {"supplier": "Z", "unit_cost": 1, "lead_time": 99}
TWO = {"suppliers": [{}, {"supplier": "Z"}]}
ORDER = {"overrides": [{"supplier": "S", "period": 0, "quantity": 5}]}
FILLED: dict[str, Any] = {
    "fill_rates": [{"minimum_fill_rate": 0.8}], "demand": [{"due": 0, "quantity": 10}], "sourcing": []
}  # fmt: skip
HALF = FILLED | {"fill_rates": [{"minimum_fill_rate": 0.5}]}
TEN, FIVE = {"inventory": [{"on_hand": 10}]}, {"inventory": [{"on_hand": 5}]}
SHARED = FILLED | {
    "demand": [{"due": 0, "quantity": 10}, {"due": 0, "quantity": 10, "customer": "D"}],
    "customers": [{"tier": 1}, {"customer": "D", "tier": 2}],
    "fill_rates": [{"customer": "D", "minimum_fill_rate": 0.8}],
}


@dataclass(frozen=True)
class Planted:
    """One contradiction: the place that must be named, the words for it, and what leads to it."""

    table: str
    column: str
    words: str
    tables: dict[str, Any]
    row: int | None = 0
    settings: dict[str, float | None] = field(default_factory=dict)


def _sold(**terms: Any) -> dict[str, Any]:
    return ORDER | {"sourcing": [SOURCE | terms]}


def _moved(**terms: Any) -> dict[str, Any]:
    places = {"locations": [{"location": "main"}, {"location": "shop"}]}
    route = {"from_location": "main", "to_location": "shop", "lead_time": 0}
    asked = {"demand": [{"due": 0, "quantity": 10, "location": "shop"}]}
    stock = {"inventory": [{"on_hand": 5}, {"location": "shop", "on_hand": 0}]}
    return HALF | places | asked | stock | {"transfers": [route | terms]}


def _asked(**terms: Any) -> dict[str, Any]:
    return {"demand": [{"due": 0, "quantity": 10} | terms]}


LATE = {"open_orders": [{"arrival": 2, "quantity": 10}]}
BOTH = {"sourcing": [SOURCE, SOURCE | {"supplier": "Z"}]}
TWO_ORDERS = {"overrides": [*ORDER["overrides"], {"supplier": "Z", "period": 1, "quantity": 5}]}
ONE_PACKED = {"sourcing": [SOURCE], "last_plan": [{"order_period": 0, "quantity": 10}], "budgets": [{"amount": 3}]}
PLANTED = [
    Planted("sourcing", "minimum_quantity", "a minimum quantity of 8 (item A, supplier S)", _sold(minimum_quantity=8)),
    Planted("sourcing", "multiple", "packs of 4 (item A, supplier S)", _sold(multiple=4)),
    Planted("sourcing", "maximum_quantity", "a maximum quantity of 3 (item A, supplier S)", _sold(maximum_quantity=3)),
    Planted("items", "quantity_step", "quantities in steps of 2 (item A)",
            _sold() | {"items": [PLAIN | {"quantity_step": 2}]}),
    Planted("suppliers", "minimum_order_value", "a minimum order of 5,000 (supplier S)",
            _sold() | {"suppliers": [{"minimum_order_value": 5000}]}),
    Planted("suppliers", "maximum_order_value", "a maximum order of 3 (supplier S)",
            _sold() | {"suppliers": [{"maximum_order_value": 3}]}),
    Planted("supplier_capacity", "capacity", "a capacity of 3 (supplier S, week of 2026-11-23)",
            _sold() | {"supplier_capacity": [{"period": 0, "capacity": 3}]}),
    Planted("budgets", "amount", "a budget of 3 (week of 2026-11-23)",
            _sold() | {"budgets": [{"period": 1, "amount": 2}, {"period": 0, "amount": 3}]}, row=1),
    Planted("sourcing", "share_min", "a share of at least 0.5 (item A, supplier Z)",
            ORDER | TWO | {"sourcing": [SOURCE, NEVER | {"share_min": 0.5}]}, row=1),
    Planted("sourcing", "share_max", "a share of at most 0.5 (item A, supplier S)",
            ORDER | TWO | {"sourcing": [SOURCE | {"share_max": 0.5}, NEVER]}),
    Planted("order_calendar", "kind", "closed (supplier S, week of 2026-11-23)",
            _sold() | {"order_calendar": [{"supplier": "S", "period": 0, "kind": "closed"}]}),
    Planted("order_calendar", "kind", "orders are taken in other periods only (supplier S)",
            _sold() | {"order_calendar": [{"supplier": "S", "period": t, "kind": "order"} for t in (1, 2)]}),
    Planted("containers", "minimum_volume", "containers of at least 8 of volume (supplier S)",
            _sold() | {"items": [PLAIN | {"unit_volume": 1}],
                       "containers": [{"volume_capacity": 10, "minimum_volume": 8}]}),
    Planted("containers", "minimum_weight", "containers of at least 8 of weight (supplier S)",
            _sold() | {"items": [PLAIN | {"unit_weight": 1}],
                       "containers": [{"weight_capacity": 10, "minimum_weight": 8}]}),
    Planted("items", "minimum_suppliers", "at least 2 suppliers (item A)",
            ORDER | TWO | {"sourcing": [SOURCE, NEVER], "items": [PLAIN | {"minimum_suppliers": 2}]}),
    Planted("items", "maximum_suppliers", "at most 1 suppliers (item A)",
            TWO_ORDERS | TWO | BOTH | {"items": [PLAIN | {"maximum_suppliers": 1}]}),
    Planted("", "sourcing.maximum_suppliers", "at most 1 suppliers of all items ([sourcing] maximum_suppliers",
            TWO_ORDERS | TWO | BOTH, row=None, settings={"sourcing.maximum_suppliers": 1.0}),
    Planted("", "horizon.frozen", "the first 1 order periods are frozen ([horizon] frozen", _sold(),
            row=None, settings={"horizon.frozen": 1.0}),
    Planted("overrides", "quantity", "5 of A in the week of 2026-11-23 cannot be ordered", _sold(maximum_quantity=3)),
    Planted("overrides", "minimum_quantity", "at least 6 of A in the week of 2026-11-23 cannot be ordered",
            {"sourcing": [SOURCE | {"maximum_quantity": 3}],
             "overrides": [{"period": 0, "minimum_quantity": 6}]}),
    Planted("overrides", "maximum_quantity", "an override of at most 3 (item A, week of 2026-11-23)",
            TWO | BOTH | {"overrides": [*ORDER["overrides"], {"supplier": "", "period": 0, "maximum_quantity": 3}]},
            row=1),
    Planted("last_plan", "quantity", "the 10 of A promised to S for the week of 2026-11-23 must be changed by 6 more",
            ONE_PACKED | {"suppliers": [{"maximum_change": 0.1}]}),
    Planted("suppliers", "maximum_changes", "of S 1 order lines more than the 0 that maximum_changes allows",
            ONE_PACKED | {"suppliers": [{"maximum_changes": 0}]}),
    Planted("customers", "minimum_fill_rate", "C: 8 of 10 must be delivered, and no more than 5 can be",
            _asked() | FIVE | {"customers": [{"minimum_fill_rate": 0.8}]}),
    Planted("fill_rates", "minimum_fill_rate", "customers: 8 of 10 must be delivered, and no more than 5 can be",
            FILLED | FIVE),
    Planted("fair_shares", "kind", "shares in proportion (item A, kind proportional)",
            SHARED | TEN | {"fair_shares": [{"item": "A", "kind": "proportional"}]}),
    Planted("quotas", "minimum_quantity", "A for C: a minimum quantity of 12 cannot be kept, 2 are missing",
            _asked(quantity=20) | TEN | {"quotas": [{"item": "A", "minimum_quantity": 12}]}),
    Planted("quotas", "maximum_quantity", "A for C: a maximum quantity of 7 cannot be kept, 1 are too much",
            FILLED | TEN | {"quotas": [{"item": "A", "maximum_quantity": 7}]}),
    Planted("quotas", "minimum_share", "a minimum share of 0.5 (customer C)",
            SHARED | TEN | {"quotas": [{"minimum_share": 0.5}]}),
    Planted("quotas", "maximum_share", "a maximum share of 0.4 (customer D)",
            SHARED | {"inventory": [{"on_hand": 15}]} | {"quotas": [{"customer": "D", "maximum_share": 0.4}]}),
    Planted("reserved_stock", "quantity", "a reserve of 10 (item A, tier 1)",
            SHARED | TEN | {"reserved_stock": [{"tier": 1, "quantity": 10}]}),
    Planted("demand", "complete", "complete delivery only (item A, customer C, due 2026-11-23)",
            HALF | FIVE | _asked(complete="yes")),
    Planted("demand", "one_delivery", "one delivery only (item A, customer C, due 2026-11-23)",
            FILLED | _asked(one_delivery="yes") | {"inventory": [{"on_hand": 5}, {"location": "shop", "on_hand": 5}]}),
    Planted("demand", "minimum_delivery", "deliveries of at least 6 (item A, customer C, due 2026-11-23)",
            HALF | FIVE | _asked(minimum_delivery=6)),
    Planted("customers", "complete", "complete delivery only (customer C)",
            HALF | FIVE | {"customers": [{"complete": "yes"}]}),
    Planted("customers", "one_delivery", "one delivery only (customer C)",
            FILLED | {"customers": [{"one_delivery": "yes"}],
                      "inventory": [{"on_hand": 5}, {"location": "shop", "on_hand": 5}]}),
    Planted("customers", "minimum_delivery", "deliveries of at least 6 (customer C)",
            HALF | FIVE | {"customers": [{"minimum_delivery": 6}]}),
    Planted("customers", "minimum_shipment", "shipments of at least 6 (customer C)",
            HALF | FIVE | {"customers": [{"minimum_shipment": 6}]}),
    Planted("demand", "policy", "the policy fill (item A, customer C, due 2026-11-23)",
            FILLED | TEN | _asked(policy="fill", confirmed=0, confirmed_quantity=3)),
    Planted("demand", "cancel_share", "a share of 0.9 cancelled in each period (item A",
            FILLED | LATE | _asked(cancel_share=0.9)),
    Planted("items", "cancel_share", "a share of 0.9 cancelled in each period (item A)",
            FILLED | LATE | {"items": [PLAIN | {"cancel_share": 0.9}]}),
    Planted("items", "shelf_life", "a life of 1 periods (item A)",
            FILLED | TEN | _asked(due=2) | {"items": [PLAIN | {"shelf_life": 1}]}),
    Planted("customers", "minimum_remaining_life", "3 periods of life on delivery (customer C)",
            FILLED | TEN | {"items": [PLAIN | {"shelf_life": 2}], "customers": [{"minimum_remaining_life": 3}]}),
    Planted("transfers", "minimum_quantity", "a minimum transfer of 8 (item A", _moved(minimum_quantity=8)),
    Planted("transfers", "maximum_quantity", "a maximum transfer of 0.5 (item A", _moved(maximum_quantity=0.5)),
    Planted("demand", "max_delay", "a wait of at most 1 periods (item A", FILLED | LATE | _asked(max_delay=1)),
    Planted("items", "max_delay", "a wait of at most 1 periods (item A)",
            FILLED | LATE | {"items": [PLAIN | {"max_delay": 1}]}),
    Planted("customers", "substitutes", "no consent to substitutes (customer C)",
            FILLED | {"items": [PLAIN, PLAIN | {"item": "B"}], "inventory": [{"item": "B", "on_hand": 10}],
                      "substitutes": [{"substitute": "B"}], "customers": [{"substitutes": "no"}]}),
]  # fmt: skip
