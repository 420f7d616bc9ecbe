"""Followed: what a rule decided, as the plan's tables and what they cost by the contract.

Costs are counted in columns, one block of rows for each account; a code of -1 names nothing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from models.entities import holding_cost, lowest_unit_cost
from models.instance import Codes, Figures, Instance
from models.open_orders import arriving, expected_periods
from optimizer.compare.min_max import Decided, per_stock

KEY = ("item", "customer", "due", "kind", "location", "reference")
LINE = ("item", "customer", "due", "kind", "demand_location", "reference")
KEYS = ("item", "supplier", "customer", "location", "period")
TINY = 1e-9


@dataclass(frozen=True)
class Charges:
    """Rows of one account: codes by name of the key, -1 for none, and the money."""

    account: str
    codes: dict[str, Codes]
    amount: Figures


@dataclass(frozen=True)
class Followed:
    """What a rule decided for an instance."""

    instance: Instance
    decided: Decided

    def accounts(self) -> dict[str, float]:
        """Money by account, of those that have any."""
        found: dict[str, float] = {}
        for charges in self.charges:
            found[charges.account] = found.get(charges.account, 0.0) + float(charges.amount.sum())
        return {name: round(money, 9) for name, money in found.items() if money}

    def fill_rates(self) -> tuple[float, float]:
        """On time, and ever."""
        decided, asked = self.decided, float(self.decided.lines.quantity.sum())
        if not asked:
            return 1.0, 1.0
        on_time = decided.delivered[decided.period <= decided.lines.due[decided.line]].sum()
        return float(on_time) / asked, float(decided.delivered.sum()) / asked

    def tables(self) -> dict[str, pd.DataFrame]:
        """The result tables."""
        return {
            "purchase_orders": self._orders(),
            "allocations": self._allocations(),
            "backorders": self._backorders(),
            "inventory": self._inventory(),
            "costs": self._costs(),
        }

    @cached_property
    def late(self) -> Figures:
        """What each delivery costs because it waited [money]."""
        decided, lines = self.decided, self.decided.lines
        waited = decided.period - lines.first[decided.line]
        late: Figures = lines.waiting_cost[decided.line] * waited * decided.delivered
        return late

    @cached_property
    def short(self) -> Figures:
        """What is never delivered of each line."""
        lines = self.decided.lines
        got = np.bincount(self.decided.line, self.decided.delivered, len(lines.row))
        return np.round(lines.quantity - got, 9)

    @cached_property
    def stock(self) -> tuple[Figures, Figures, Figures, Figures]:
        """Opening, receipts, delivered and on hand, by item, location and period."""
        instance, decided, orders = self.instance, self.decided, self.decided.orders
        on_hand = np.maximum(instance["inventory"]["on_hand"], 0.0)
        opening = per_stock(instance, "inventory", slice(None), on_hand)
        shape = (*opening.shape, instance.calendar.periods)
        receipts, delivered = np.zeros(shape), np.zeros(shape)
        here, expected = arriving(instance), expected_periods(instance)
        item, place = (instance.codes("open_orders", name)[here] for name in ("item", "location"))
        quantity = instance["open_orders"]["quantity"][here]
        np.add.at(receipts, (item, np.maximum(place, 0), expected[here]), quantity)
        np.add.at(receipts, (orders.item, orders.location, orders.arrival), decided.quantity)
        np.add.at(delivered, (decided.lines.item[decided.line], decided.location, decided.period), decided.delivered)
        left = np.round(opening[:, :, None] + (receipts - delivered).cumsum(axis=2), 9)
        return np.concatenate([opening[:, :, None], left[:, :, :-1]], axis=2), receipts, delivered, left

    @cached_property
    def charges(self) -> list[Charges]:
        """All that it costs."""
        return [*self._of_orders(), *self._of_lines(), *self._of_stock()]

    def _of_orders(self) -> list[Charges]:
        orders, rows = self.decided.orders, self.instance["sourcing"]
        keys = {"item": orders.item, "supplier": orders.supplier, "location": orders.location, "period": orders.period}
        supplier, period = np.unique(np.column_stack([orders.supplier, orders.period]), axis=0).T.reshape(2, -1)
        joint = {"supplier": supplier, "period": period}
        return [
            Charges("purchase", keys, orders.unit_cost * self.decided.quantity),
            Charges("ordering", keys, rows["order_cost"][orders.row]),
            Charges("ordering", joint, self.instance["suppliers"]["order_cost"][supplier]),
        ]

    def _of_lines(self) -> list[Charges]:
        decided, lines = self.decided, self.decided.lines
        d = decided.line
        given = {"item": lines.item[d], "customer": lines.customer[d]}
        lost = np.flatnonzero(self.short > TINY)
        missed = {"item": lines.item[lost], "customer": lines.customer[lost], "period": lines.first[lost]}
        return [
            Charges("backorder", {**given, "location": decided.location, "period": decided.period}, self.late),
            Charges("shortage", missed, lines.shortage_cost[lost] * self.short[lost]),
        ]

    def _of_stock(self) -> list[Charges]:
        """Holding, safety stock, overstock and what is left at the end."""
        instance, on_hand = self.instance, self.stock[3]
        last, holding = on_hand.shape[2] - 1, np.nan_to_num(holding_cost(instance))
        value, lowest = instance["items"]["ending_value"], np.nan_to_num(lowest_unit_cost(instance))
        value = np.where(np.isnan(value), lowest, value)
        i, l, t = np.nonzero(on_hand > TINY)
        held = Charges("holding", {"item": i, "location": l, "period": t}, holding[i] * on_hand[i, l, t])
        i, l = np.nonzero(on_hand[:, :, last] > TINY)
        ending = {"item": i, "location": l, "period": np.full(len(i), last)}
        return [held, Charges("ending_value", ending, -value[i] * on_hand[i, l, last]), *self._of_levels(holding)]

    def _of_levels(self, holding: Figures) -> list[Charges]:
        """Below safety stock and above the maximum, at the end of each period."""
        lines, table = self.decided.lines, self.instance["inventory"]
        item, place = self.instance.codes("inventory", "item"), self.instance.codes("inventory", "location")
        place, waits = np.maximum(place, 0), np.full(len(holding), np.inf)
        np.minimum.at(waits, lines.item, lines.waiting_cost)
        four = 4 * holding[item]
        below = np.where(
            np.isnan(table["safety_stock_cost"]), np.minimum(four, waits[item]), table["safety_stock_cost"]
        )
        above = np.where(np.isnan(table["overstock_cost"]), four, table["overstock_cost"])
        on_hand = self.stock[3][item, place]
        lacks = np.maximum(table["safety_stock"][:, None] - on_hand, 0.0)
        more = np.nan_to_num(np.maximum(on_hand - table["maximum"][:, None], 0.0))
        found = []
        for account, rate, amounts in (("safety_stock", below, lacks), ("overstock", above, more)):
            k, t = np.nonzero(amounts > TINY)
            keys = {"item": item[k], "location": place[k], "period": t}
            found.append(Charges(account, keys, rate[k] * amounts[k, t]))
        return found

    def _costs(self) -> pd.DataFrame:
        """`costs`: only amounts that are not 0."""
        blocks = []
        for charges in self.charges:
            count = len(charges.amount)
            named = {name: self._names(name, charges.codes.get(name), count) for name in KEYS}
            blocks.append(pd.DataFrame({"account": charges.account, **named, "amount": charges.amount}))
        rows = pd.concat(blocks, ignore_index=True)
        summed = rows.groupby(["account", *KEYS], sort=False)["amount"].sum().astype(float).round(9)
        return summed[summed != 0].reset_index()

    def _names(self, name: str, codes: Codes | None, count: int) -> object:
        if codes is None:
            return [""] * count
        return self._days[codes] if name == "period" else self.instance.labels[name][codes]

    @cached_property
    def _days(self) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
        return self.instance.calendar.first_days().astype(str).astype(object)

    def _line_keys(self, of: Codes) -> dict[str, object]:
        demand, rows = self.instance["demand"], self.decided.lines.row[of]
        return {told: demand.text(name)[rows] for told, name in zip(LINE, KEY, strict=True)}

    def _orders(self) -> pd.DataFrame:
        orders, quantity = self.decided.orders, self.decided.quantity
        now = orders.period == int(self.instance.setting("horizon.frozen"))
        labels = self.instance.labels
        return pd.DataFrame(
            {
                "item": labels["item"][orders.item], "supplier": labels["supplier"][orders.supplier],
                "location": labels["location"][orders.location], "order_period": self._days[orders.period],
                "arrival_period": self._days[orders.arrival], "quantity": quantity, "unit_cost": orders.unit_cost,
                "value": np.round(quantity * orders.unit_cost, 9), "action": np.where(now, "release", "planned"),
            }
        )  # fmt: skip

    def _allocations(self) -> pd.DataFrame:
        decided = self.decided
        return pd.DataFrame(
            {
                **self._line_keys(decided.line),
                "location": self.instance.labels["location"][decided.location],
                "delivery_period": self._days[decided.period],
                "quantity": decided.delivered,
                "periods_late": (decided.period - decided.lines.due[decided.line]).astype(float),
                "backorder_cost": np.round(self.late, 9),
            }
        )

    def _backorders(self) -> pd.DataFrame:
        decided, lines, instance = self.decided, self.decided.lines, self.instance
        late = decided.period > lines.due[decided.line]
        waits = np.bincount(decided.line[late], decided.delivered[late], len(lines.row))
        cost = np.bincount(decided.line, self.late, len(lines.row)) + lines.shortage_cost * self.short
        last = np.full(len(lines.row), -1)
        np.maximum.at(last, decided.line, decided.period)
        d = np.flatnonzero((waits > TINY) | (self.short > TINY))
        promise = [instance.calendar.last_day(t) if t >= 0 else "" for t in last[d].tolist()]
        return pd.DataFrame(
            {
                **self._line_keys(d), "quantity": lines.quantity[d].astype(float), "late_quantity": waits[d],
                "short_quantity": self.short[d], "promise": promise, "cost": np.round(cost[d], 9),
            }
        )  # fmt: skip

    def _inventory(self) -> pd.DataFrame:
        labels = self.instance.labels
        i, l, t = np.nonzero(np.any([np.abs(figure) > TINY for figure in self.stock], axis=0))
        none = np.zeros(len(i))
        opening, receipts, delivered, on_hand = (np.round(figure[i, l, t], 9) for figure in self.stock)
        return pd.DataFrame(
            {
                "item": labels["item"][i], "location": labels["location"][l], "period": self._days[t],
                "opening": opening, "receipts": receipts, "transfers_in": none, "transfers_out": none,
                "delivered": delivered, "on_hand": on_hand,
            }
        )  # fmt: skip
