"""Comparison: a plan beside one or more others; the first is what the others are compared with.

cost       by account; of plans of other weeks, what falls into the weeks that both have
orders     `optimizer.compare.orders`;  lines  `optimizer.compare.lines`
best       the least that any plan of the tables costs is between the bound and the cost, so the best costs of two
plans' tables differ by something from  bound - cost_before  to  cost - bound_before
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from optimizer.compare.horizon import Window, common
from optimizer.compare.lines import fares, fill_rates, line_changes
from optimizer.compare.orders import counts, order_changes
from optimizer.read.earlier import NoEarlierPlan
from optimizer.read.published import Published

AT_THE_END = "ending_value"  # counts in the last period, which is another one in a plan of other weeks


@dataclass(frozen=True)
class Pair:
    """A plan and another one that is compared with it.

    Attributes:
        before: the one.
        after: the other.
        window: periods that both have.
        accounts: index account; money `before`, `after` and `difference`, of the window.
        orders: `order_changes`.
        order_counts: how many order lines become what.
        lines: `line_changes`.
        line_counts: demand lines in both, `better`, `worse`, and those that only one plan has.
        fill_rates: by plan, on time and ever, of the lines that both have.
        notes: what was left out, one sentence each.
    """

    before: Published
    after: Published
    window: Window
    accounts: pd.DataFrame
    orders: pd.DataFrame
    order_counts: dict[str, int]
    lines: pd.DataFrame
    line_counts: dict[str, int]
    fill_rates: tuple[tuple[float, float], tuple[float, float]]
    notes: list[str]

    @property
    def difference(self) -> float:
        """By how much the other costs more, within the window [money]."""
        return float(self.accounts["difference"].sum())

    @property
    def same_tables(self) -> bool:
        """Whether both are plans of the same tables, as far as their hashes tell."""
        one, other = (
            (plan.run.get("inputs"), [change["text"] for change in plan.run.get("changes", ())])
            for plan in (self.before, self.after)
        )
        return bool(one[0]) and one == other

    @property
    def best(self) -> tuple[float, float] | None:
        """Between which amounts the best costs of both tables differ; None for the same tables, or other weeks."""
        if not self.window.whole or self.same_tables:
            return None
        one, other = self.before.document, self.after.document
        return other["bound"] - one["objective"], other["objective"] - one["bound"]

    def document(self) -> dict[str, Any]:
        """What `--json` tells."""
        return {
            "before": _of_plan(self.before),
            "after": _of_plan(self.after),
            "from": self.window.first,
            "periods": self.window.calendar.periods,
            "same_periods": self.window.whole,
            "difference": self.difference,
            "best_differs": None if self.best is None else list(self.best),
            "accounts": self.accounts.to_dict("index"),
            "orders": self.order_counts,
            "lines": self.line_counts,
            "fill_rate_on_time": [self.fill_rates[0][0], self.fill_rates[1][0]],
            "fill_rate": [self.fill_rates[0][1], self.fill_rates[1][1]],
            "notes": self.notes,
        }


@dataclass(frozen=True)
class Comparison:
    """The first plan against each of the others."""

    pairs: tuple[Pair, ...]

    @property
    def plans(self) -> list[Published]:
        """All of them, the one that is compared with first."""
        return [self.pairs[0].before, *(pair.after for pair in self.pairs)]

    def document(self) -> dict[str, Any]:
        """What `--json` tells."""
        return {"comparisons": [pair.document() for pair in self.pairs]}

    def tables(self) -> dict[str, pd.DataFrame]:
        """`accounts`, `orders` and `lines` of all pairs; `plan` says of which."""
        frames: dict[str, list[pd.DataFrame]] = {"accounts": [], "orders": [], "lines": []}
        for pair in self.pairs:
            name = str(pair.after.folder)
            for table, frame in (
                ("accounts", pair.accounts.reset_index()),
                ("orders", pair.orders),
                ("lines", pair.lines),
            ):
                frames[table].append(frame.assign(plan=name)[["plan", *frame.columns]])
        return {name: pd.concat(found, ignore_index=True) for name, found in frames.items()}


def compared(plans: Sequence[Published]) -> Comparison:
    """The first plan against each of the others.

    Raises:
        NoEarlierPlan: one cannot be read, or has no periods or no currency in common with the first.
    """
    first, *others = plans
    return Comparison(tuple(_pair(first, other) for other in others))


def _pair(before: Published, after: Published) -> Pair:
    currencies = [plan.document.get("currency") for plan in (before, after)]
    if currencies[0] != currencies[1]:
        raise NoEarlierPlan(f"{before.folder} is in {currencies[0]}, {after.folder} in {currencies[1]}.")
    window = common(before, after)
    changes = order_changes(before.purchase_orders, after.purchase_orders, window)
    one, other = fares(before), fares(after)
    both = one.index.intersection(other.index, sort=False)
    lines = line_changes(one, other)
    verdicts = lines["change"].value_counts()
    pair = Pair(
        before,
        after,
        window,
        _accounts(before, after, window),
        changes,
        counts(before.purchase_orders, after.purchase_orders, window, changes),
        lines,
        {
            "both": len(both),
            "better": int(verdicts.get("better", 0)),
            "worse": int(verdicts.get("worse", 0)),
            "only_before": len(one) - len(both),
            "only_after": len(other) - len(both),
        },
        _fill_rates(before, after, window, one.loc[both], other.loc[both]),
        [],
    )
    pair.notes.extend(_notes(pair))
    return pair


def _accounts(before: Published, after: Published, window: Window) -> pd.DataFrame:
    """Money by account within the window, the largest difference first."""
    sides = []
    for plan in (before, after):
        costs = plan.costs
        if not window.whole:
            costs = costs[window.has(costs["period"]) & (costs["account"] != AT_THE_END)]
        sides.append(costs.groupby("account", sort=False)["amount"].sum())
    names = list(dict.fromkeys([*sides[0].index, *sides[1].index]))
    table = pd.DataFrame({"before": sides[0].reindex(names), "after": sides[1].reindex(names)}).fillna(0.0)
    table = table.astype(float).round(9)
    table["difference"] = (table["after"] - table["before"]).round(9)
    table.index.name = "account"
    return table.loc[table["difference"].abs().sort_values(ascending=False, kind="stable").index]


def _fill_rates(
    before: Published, after: Published, window: Window, one: pd.DataFrame, other: pd.DataFrame
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Of the plans as they tell them, where they are of the same periods; else of the lines that both have."""
    if window.whole:
        told = [(plan.document["fill_rate_on_time"], plan.document["fill_rate"]) for plan in (before, after)]
        return told[0], told[1]
    return fill_rates(one), fill_rates(other)


def _notes(pair: Pair) -> list[str]:
    notes = []
    calendar, orders = pair.window.calendar, pair.order_counts
    if not pair.window.whole:
        notes.append(
            f"The plans are of different periods: only the {calendar.periods} {calendar.kind}s from "
            f"{pair.window.first} to {calendar.last_day(calendar.periods - 1)} that both have are compared."
        )
        notes.append("Money of no period, and what stock is worth at the end of each plan, is left out.")
    if orders["past"] or orders["beyond"]:
        notes.append(
            f"{orders['past']:,} order lines of the first plan were placed before them, "
            f"{orders['beyond']:,} of the other arrive after them: they are not compared."
        )
    for plan in (pair.before, pair.after):
        if plan.document.get("what_if"):
            notes.append(f"{plan.folder} is a what-if: {'; '.join(plan.document['what_if'])}.")
    if pair.same_tables:
        bound = max(plan.document["bound"] for plan in (pair.before, pair.after))
        notes.append(f"Both are plans of the same tables: neither can cost less than {bound:,.2f}.")
    return notes


def _of_plan(plan: Published) -> dict[str, Any]:
    names = ("name", "status", "currency", "objective", "bound", "gap", "fill_rate_on_time", "fill_rate")
    told = {"folder": str(plan.folder), "start": plan.run.get("horizon", {}).get("start")}
    return told | {name: plan.document.get(name) for name in names} | {"what_if": plan.document.get("what_if", [])}
