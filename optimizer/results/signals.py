"""Signals: what a plan says that no order of this week can mend, with the money that hangs on it.

demand_outgrows_supply   an item of which something is never delivered: capacity to buy, or a price to raise
money: what its lines' waiting and falling short cost
late_supplier            a supplier with overdue open orders for which customers wait
money: waiting cost of what is delivered late when they come, as far as it comes from them;
an estimate, the dearest deliveries first
safety_stock_overdue     an item below its safety stock for `LONG` periods or more
money: what that costs
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from models.findings import shown
from models.instance import Instance

LONG = 4
NAMED = 3  # of each kind, in a warning
PLACE = ["item", "location"]
WORDS = {
    "demand_outgrows_supply": "demand outgrows supply",
    "late_supplier": "customers wait for overdue orders",
    "safety_stock_overdue": "safety stock is not reached for long",
}
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Signal:
    """One of them; names that do not apply are empty. `text` says what was seen."""

    kind: str
    item: str
    location: str
    supplier: str
    money: float
    text: str

    def record(self) -> dict[str, object]:
        """What `plan.json` says of it."""
        return asdict(self)


def signals(instance: Instance, tables: Tables) -> list[Signal]:
    """The signals of a plan, by kind, the dearest first.

    Args:
        instance: what was planned.
        tables: its result tables, `actions` among them.
    """
    found: list[Signal] = []
    for some in (_outgrown(instance, tables), _late(tables), _below(instance, tables)):
        found += sorted(some, key=lambda one: -one.money)
    return found


def _amount(money: float) -> str:
    return f"{money:,.0f}" if abs(money) >= 1000 else shown(round(money, 2))


def sentences(found: list[Signal], currency: str) -> Iterator[str]:
    """A warning for each kind."""
    for kind, words in WORDS.items():
        some = [one for one in found if one.kind == kind]
        if some:
            named = [f"{one.supplier or one.item} ({_amount(one.money)} {currency})" for one in some[:NAMED]]
            more = [f"{len(some) - NAMED:,} more"] if len(some) > NAMED else []
            yield f"{words}: {', '.join([*named, *more])}; plan.json has all signals"


def _outgrown(instance: Instance, tables: Tables) -> Iterator[Signal]:
    lines = tables["backorders"]
    units = dict(zip(instance["items"]["item"], instance["items"]["unit"], strict=True))
    names = ["quantity", "late_quantity", "short_quantity", "cost"]
    for item, row in lines.groupby("item", sort=True)[names].sum().iterrows():
        if row["short_quantity"] > 0:
            short, late = shown(round(row["short_quantity"], 6)), shown(round(row["late_quantity"], 6))
            text = f"{short} {units[item]} are never delivered and {late} come late"
            yield Signal("demand_outgrows_supply", str(item), "", "", round(row["cost"], 9), text)


def _late(tables: Tables) -> Iterator[Signal]:
    actions, given = tables["actions"], tables["allocations"]
    chased = actions[(actions["action"] == "chase") & (actions["supplier"] != "")]
    late = given[given["backorder_cost"] > 0] if len(chased) else given.iloc[:0]
    late = late[pd.MultiIndex.from_frame(late[PLACE]).isin(pd.MultiIndex.from_frame(chased[PLACE]))]
    of_place = dict(iter(late.groupby(PLACE, sort=False)))
    money: dict[str, float] = {}
    orders: dict[str, int] = {}
    left = late["quantity"].astype(float).to_dict()  # of each delivery, for which no overdue order has been told yet
    for one in chased.to_dict("records"):
        orders[one["supplier"]] = orders.get(one["supplier"], 0) + 1
        mine = of_place.get((one["item"], one["location"]), late.iloc[:0])
        mine = mine[mine["delivery_period"] <= one["promise"]]
        mine = mine[mine["delivery_period"] == mine["delivery_period"].max()]  # when it comes, or the last one before
        rest, rates = one["quantity"], (mine["backorder_cost"] / mine["quantity"]).sort_values(ascending=False)
        for k, rate in rates.items():
            part = min(rest, left[k])
            left[k] -= part
            rest -= part
            money[one["supplier"]] = money.get(one["supplier"], 0.0) + part * rate
    for supplier, amount in money.items():
        count = orders[supplier]
        text = f"{count:,} overdue {'order' if count == 1 else 'orders'} for which customers wait (estimate)"
        yield Signal("late_supplier", "", "", supplier, round(amount, 9), text)


def _below(instance: Instance, tables: Tables) -> Iterator[Signal]:
    costs = tables["costs"]
    mine = costs[(costs["account"] == "safety_stock") & (costs["amount"] > 0)]
    periods, kind = instance.calendar.periods, instance.calendar.kind
    for (item, location), rows in mine.groupby(["item", "location"], sort=True):
        count = rows["period"].nunique()
        if count >= LONG:
            text = f"below its safety stock in {count} of {periods} {kind}s"
            money = round(float(rows["amount"].sum()), 9)
            yield Signal("safety_stock_overdue", str(item), str(location), "", money, text)
