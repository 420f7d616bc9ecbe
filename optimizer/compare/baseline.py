"""Baseline: what a plan by another rule would have cost, judged by the same audit as ours.

Its orders and deliveries are priced by the contract and written as a plan; the audit recomputes them from the tables,
with every rule. Where it finds anything, the rule does not keep what must be kept, and there is no figure.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pandas as pd

from models.demand import DemandLines
from models.entities import holding_cost, lowest_unit_cost
from models.instance import Array, Figures, Instance
from models.open_orders import arriving, expected_periods
from optimizer.audit import audit
from optimizer.compare.min_max import Decided, min_max
from optimizer.planning import dates_as_written
from optimizer.read.input import Input
from optimizer.results.plan import Plan
from optimizer.write import disk
from optimizer.write.documents import as_json
from optimizer.write.tables import written

KNOWN = frozenset(
    ("items", "suppliers", "locations", "customers", "inventory", "open_orders", "sourcing", "supplier_capacity")
) | {"demand"}
KEY = ("item", "customer", "due", "kind", "location", "reference")
LINE = ("item", "customer", "due", "kind", "demand_location", "reference")
ORDER = ("item", "supplier", "location", "order_period", "arrival_period")
TINY = 1e-9


BaselineRule = Literal["min-max"]


@dataclass(frozen=True)
class Baseline:
    """What a rule's plan costs; `cost` None where it has none, and `note` says why, or what it left out."""

    rule: str
    cost: float | None
    accounts: Mapping[str, float]
    fill_rate_on_time: float | None
    fill_rate: float | None
    note: str

    def record(self) -> dict[str, Any]:
        """What `plan.json` says of it."""
        return asdict(self)


def by_min_max(source: Input, bound: float) -> Baseline:
    """The plan of a min/max rule.

    Args:
        source: what is planned.
        bound: no plan costs less.
    """
    others = sorted(name for name, table in source.text.items() if name not in KNOWN and len(source.instance[name]))
    if others:
        return _without(f"the rule knows nothing of {', '.join(others)}")
    decided, lines = min_max(source.instance)
    tables = tables_of(source.instance, decided, lines)
    accounts = {str(name): float(sum_) for name, sum_ in tables["costs"].groupby("account")["amount"].sum().items()}
    asked, given = float(lines.quantity.sum()), tables["allocations"]
    on_time = given.loc[given["periods_late"] <= 0, "quantity"].sum()
    rates = (float(on_time) / asked, float(given["quantity"].sum()) / asked) if asked else (1.0, 1.0)
    cost = sum(accounts.values())
    violations = _audited(source, tables, accounts, min(bound, cost), rates)
    if violations:
        return _without(f"it does not keep the rules: {violations[0]}")
    left = (
        f"{len(decided.given_up):,} items are not ordered, as it cannot keep their shares" if decided.given_up else ""
    )
    return Baseline("min-max", cost, accounts, *rates, left)


def with_baseline(made: Plan, source: Input) -> Plan:
    """The plan with what min/max would have cost, for the summary and `plan.json`."""
    try:
        found = by_min_max(source, made.bound)
    except Exception as error:  # a figure beside the plan: its failure does not take the plan away
        found = _without(f"a failure of ours: {error!r}")
    return replace(made, run=made.run | {"baseline": found.record()})


def _without(note: str) -> Baseline:
    return Baseline("min-max", None, {}, None, None, note)


def _audited(
    source: Input,
    tables: Mapping[str, pd.DataFrame],
    accounts: Mapping[str, float],
    bound: float,
    rates: tuple[float, float],
) -> list[str]:
    """What the audit says of it."""
    cost = sum(accounts.values())
    gap, controllable = cost - bound, abs(cost - accounts.get("purchase", 0.0))
    document = {
        "status": "feasible", "objective": cost, "bound": bound, "gap_money": gap,
        "gap": gap / abs(cost) if cost else 0.0, "gap_controllable": gap / controllable if controllable else 0.0,
        "fill_rate_on_time": rates[0], "fill_rate": rates[1], "accounts": dict(accounts),
    }  # fmt: skip
    with TemporaryDirectory() as scratch:
        for name, frame in tables.items():
            disk.write_file(Path(scratch) / f"{name}.csv", written(frame).blocks())
        disk.write_file(Path(scratch) / "plan.json", [as_json(document)])
        found = audit(source.text, source.settings_text, Path(scratch), written=dates_as_written(source))
    return [str(violation) for violation in found]


def tables_of(instance: Instance, decided: Decided, lines: DemandLines) -> dict[str, pd.DataFrame]:
    """The result tables of what a rule decided."""
    days = [str(day) for day in instance.calendar.first_days()]
    names = {name: instance.labels[name] for name in ("item", "supplier", "location")}
    orders = pd.DataFrame(
        [
            (
                names["item"][o.item], names["supplier"][o.supplier], names["location"][o.location], days[o.period],
                days[o.arrival], quantity, o.unit_cost, round(quantity * o.unit_cost, 9),
                "release" if o.period == int(instance.setting("horizon.frozen")) else "planned",
            )
            for o, quantity in decided.orders
        ],
        columns=[*ORDER, "quantity", "unit_cost", "value", "action"],
    )  # fmt: skip
    keys = [instance["demand"].text(name)[lines.row] for name in KEY]
    key = list(zip(*keys, strict=True))
    given = [
        (*key[d], names["location"][l], days[t], quantity, float(t - lines.due[d]),
         round(float(lines.waiting_cost[d] * (t - lines.first[d]) * quantity), 9))
        for (d, l, t), quantity in sorted(decided.deliveries.items())
    ]  # fmt: skip
    columns = [*LINE, "location", "delivery_period", "quantity", "periods_late", "backorder_cost"]
    allocations = pd.DataFrame(given, columns=columns)
    stock = _stock_rows(instance, decided, lines)
    tables = {
        "purchase_orders": orders,
        "allocations": allocations,
        "backorders": _backorders(instance, decided, lines, key),
        "inventory": stock,
    }
    return {**tables, "costs": _costs(instance, tables, lines, decided, stock)}


def _backorders(instance: Instance, decided: Decided, lines: DemandLines, key: list[tuple[str, ...]]) -> pd.DataFrame:
    got, late, cost = (np.zeros(len(lines.row)) for _ in range(3))
    last = np.full(len(lines.row), -1)
    for (d, _, t), quantity in decided.deliveries.items():
        got[d] += quantity
        late[d] += quantity if t > lines.due[d] else 0.0
        cost[d] += lines.waiting_cost[d] * (t - lines.first[d]) * quantity
        last[d] = max(last[d], t)
    short = np.round(lines.quantity - got, 9)
    cost += lines.shortage_cost * short
    rows = [
        (*key[d], float(lines.quantity[d]), late[d], short[d],
         instance.calendar.last_day(int(last[d])) if last[d] >= 0 else "", round(cost[d], 9))
        for d in np.flatnonzero((late > TINY) | (short > TINY))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*LINE, "quantity", "late_quantity", "short_quantity", "promise", "cost"])


def _stock_rows(instance: Instance, decided: Decided, lines: DemandLines) -> pd.DataFrame:
    """`inventory`, and the code of its item and location in `i`, `l`, `t`."""
    shape = (len(instance.labels["item"]), len(instance.labels["location"]), instance.calendar.periods)
    opening, receipts, delivered = np.zeros(shape[:2]), np.zeros(shape), np.zeros(shape)
    item, place = (instance.codes("inventory", name) for name in ("item", "location"))
    np.add.at(opening, (item, np.maximum(place, 0)), np.maximum(instance["inventory"]["on_hand"], 0.0))
    here, expected = arriving(instance), expected_periods(instance)
    item, place = (instance.codes("open_orders", name)[here] for name in ("item", "location"))
    np.add.at(receipts, (item, np.maximum(place, 0), expected[here]), instance["open_orders"]["quantity"][here])
    for offer, quantity in decided.orders:
        receipts[offer.item, offer.location, offer.arrival] += quantity
    for (d, place_of, when), quantity in decided.deliveries.items():
        delivered[lines.item[d], place_of, when] += quantity
    on_hand = np.round(opening[:, :, None] + (receipts - delivered).cumsum(axis=2), 9)
    before = np.concatenate([opening[:, :, None], on_hand[:, :, :-1]], axis=2)
    figures: tuple[Figures, ...] = (before, receipts, delivered, on_hand)
    i, l, t = np.nonzero(np.any([np.abs(figure) > TINY for figure in figures], axis=0))
    named = {"item": instance.labels["item"][i], "location": instance.labels["location"][l]}
    days = instance.calendar.first_days().astype(str).astype(object)
    none = np.zeros(len(i))
    values = [np.round(figure[i, l, t], 9) for figure in figures]
    return pd.DataFrame(
        {
            **named, "period": days[t], "opening": values[0], "receipts": values[1], "transfers_in": none,
            "transfers_out": none, "delivered": values[2], "on_hand": values[3],
        }
    )  # fmt: skip


def _costs(
    instance: Instance, tables: Mapping[str, pd.DataFrame], lines: DemandLines, decided: Decided, stock: pd.DataFrame
) -> pd.DataFrame:
    """`costs` by the contract; only amounts that are not 0."""
    names = [instance.labels[name] for name in ("item", "supplier", "location", "customer")]
    days = instance.calendar.first_days().astype(str).astype(object)
    rows: list[tuple[str, str, str, str, str, str, float]] = []
    joint = {(offer.supplier, offer.period) for offer, _ in decided.orders}
    for offer, quantity in decided.orders:
        keys = names[0][offer.item], names[1][offer.supplier], "", names[2][offer.location], days[offer.period]
        rows += [("purchase", *keys, offer.unit_cost * quantity), ("ordering", *keys, offer.order_cost)]
    for s, t in sorted(joint):
        rows.append(("ordering", "", names[1][s], "", "", days[t], float(instance["suppliers"]["order_cost"][s])))
    short = lines.quantity.astype(float).copy()
    for (d, l, t), quantity in decided.deliveries.items():
        short[d] -= quantity
        who = names[0][lines.item[d]], "", names[3][lines.customer[d]], names[2][l], days[t]
        rows.append(("backorder", *who, float(lines.waiting_cost[d] * (t - lines.first[d]) * quantity)))
    for d in np.flatnonzero(short > TINY).tolist():
        who = names[0][lines.item[d]], "", names[3][lines.customer[d]], "", days[lines.first[d]]
        rows.append(("shortage", *who, float(lines.shortage_cost[d] * short[d])))
    rows += _of_stock(instance, lines, stock, days)
    found = pd.DataFrame(rows, columns=["account", "item", "supplier", "customer", "location", "period", "amount"])
    summed = found.groupby(list(found.columns[:-1]), sort=False)["amount"].sum().astype(float).round(9)
    return summed[summed != 0].reset_index()


def _of_stock(
    instance: Instance, lines: DemandLines, stock: pd.DataFrame, days: Array
) -> list[tuple[str, str, str, str, str, str, float]]:
    """Holding, safety stock, overstock and what is left at the end."""
    labels, holding = instance.labels["item"].tolist(), np.nan_to_num(holding_cost(instance))
    place = {item: k for k, item in enumerate(labels)}
    value, lowest = instance["items"]["ending_value"], np.nan_to_num(lowest_unit_cost(instance))
    value = np.where(np.isnan(value), lowest, value)
    rows: list[tuple[str, str, str, str, str, str, float]] = []
    on_hand: dict[tuple[str, str, str], float] = {}
    for item, location, period, quantity in zip(
        *(stock[n] for n in ("item", "location", "period", "on_hand")), strict=True
    ):
        on_hand[item, location, period] = quantity
        rows.append(("holding", item, "", "", location, period, float(holding[place[item]] * quantity)))
        if period == days[instance.calendar.periods - 1]:
            rows.append(("ending_value", item, "", "", location, period, float(-value[place[item]] * quantity)))
    waits = np.full(len(labels), np.inf)
    np.minimum.at(waits, lines.item, lines.waiting_cost)
    table, only = instance["inventory"], instance.labels["location"][0]
    for k, item in enumerate(table["item"]):
        four, location = 4 * holding[place[item]], table["location"][k] or only
        below, above = table["safety_stock_cost"][k], table["overstock_cost"][k]
        below = min(four, waits[place[item]]) if np.isnan(below) else below
        above = four if np.isnan(above) else above
        for day in days[:-1]:
            quantity = on_hand.get((item, location, day), 0.0)
            lacks, more = max(table["safety_stock"][k] - quantity, 0.0), max(quantity - table["maximum"][k], 0.0)
            if lacks > TINY:
                rows.append(("safety_stock", item, "", "", location, day, float(below * lacks)))
            if more > TINY:
                rows.append(("overstock", item, "", "", location, day, float(above * more)))
    return rows
