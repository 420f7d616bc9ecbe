"""Quotas: of what is delivered of an item in a window, a customer gets at least, and at most, so much.

Decides     off_quota[i,c,k] >= 0      by which limit k is missed, where that may be at a cost                [unit]
            beyond[i,c,k] >= 0         above a minimum, or below a maximum                                    [unit]
Subject to  quota              Σ delivered to c - s_k · Σ delivered to all + off_quota - beyond  =   a_k     a minimum
                               Σ delivered to c - s_k · Σ delivered to all - off_quota + beyond  =   a_k     a maximum
Costs       quota  p_k · off_quota[i,c,k]

Over deliveries to lines for the item (or for all items), what they get otherwise (`otherwise[d,t]`) among them, in the
periods from the one that contains `valid_from` to the one that contains `valid_to`. Of table `quotas`: a
`minimum_quantity` or `maximum_quantity`, with s = 0; s `minimum_share` or `maximum_share`, with a = 0; p its `cost`; a
row may say several of them.

Source: allocated available-to-promise quotas: Kilger & Meyr (2015), Demand fulfilment and ATP, in Stadtler, Kilger &
Meyr, ch. 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.dated import valid_periods
from models.demand import DemandLines, delivery_ways
from models.findings import Finding, fault
from models.instance import Array, Codes, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part, Scope
from models.tables import Table, date, money, number, quantity, text
from models.ways import otherwise

QUOTAS = Table(
    "quotas",
    "How much a customer gets: one row per customer, item and window.",
    key=(
        text("customer", "The customer.", refers="customers", example="SHOP-1"),
        text("item", "The item.", refers="items", default="", default_text="all together"),
        date("valid_from", "First day on which deliveries count.", default=None, default_text="the start"),
        date("valid_to", "Last day on which deliveries count.", default=None, default_text="the horizon's end"),
    ),
    columns=(
        quantity("minimum_quantity", "It gets at least this.", default=None),
        quantity("maximum_quantity", "It gets at most this.", default=None, example="100"),
        number(
            "minimum_share",
            "It gets at least this share of what all customers get.",
            unit="share",
            default=None,
            maximum=1.0,
        ),
        number(
            "maximum_share",
            "It gets at most this share of what all customers get.",
            unit="share",
            default=None,
            maximum=1.0,
        ),
        money("cost", "Cost of a unit outside.", per="unit", default=None, default_text="none: it must be kept"),
    ),
    optional=True,
)
LIMITS = ("minimum_quantity", "maximum_quantity", "minimum_share", "maximum_share")


class Quotas(Part):
    """Least and most that a customer gets."""

    scope = Scope.SHARED
    needs = (QUOTAS,)
    uses = ("delivered", "otherwise")
    hard = ("quota",)
    limits = tuple(Limit("quotas", name, f"a {name.replace('_', ' ')} of {{}}", unless="cost") for name in LIMITS)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Rows that say something, and can be kept beside each other."""
        rows = instance["quotas"]
        given = np.column_stack([~np.isnan(rows[name]) for name in LIMITS])
        for k in np.flatnonzero(~given.any(axis=1)):
            yield _at(k, "quota of nothing", f"fill one of {', '.join(LIMITS)}", "minimum_quantity")
        for kind in ("quantity", "share"):
            for k in np.flatnonzero(rows[f"minimum_{kind}"] > rows[f"maximum_{kind}"]):
                most = rows[f"maximum_{kind}"][k]
                message = f"minimum_{kind} is above maximum_{kind} ({most:.10g})"
                yield _at(k, "maximum below minimum", message, f"minimum_{kind}", rows[f"minimum_{kind}"][k])
        yield from _too_many_shares(instance)

    def prepare(self, instance: Instance, book: Book) -> None:
        """A delivery may have to wait for its window though there is stock."""
        if not len(instance["quotas"]):
            return
        first, last = valid_periods(instance, "quotas")
        partly = (first > 0) | (last < instance.calendar.periods - 1)
        item = instance.codes("quotas", "item")[partly]
        if len(item):
            everything = np.arange(len(instance["items"]))
            book.post("held back", everything if (item == -1).any() else np.unique(item))

    def derive(self, instance: Instance, book: Book) -> None:
        """One limit for each cell that is filled, and the deliveries that count."""
        limits = _limits(instance)
        rows, kind = instance["quotas"], limits.kind
        index = book.index("quotas", item=limits.item, customer=limits.customer, limit=np.arange(len(limits.row)))
        sign = np.where(kind % 2 == 0, 1.0, -1.0)
        value = _values(instance, limits)
        book.parameter("quota_sign", "quotas", sign)
        book.parameter("quota_share", "quotas", np.where(kind < 2, 0.0, value))
        book.parameter("quota_quantity", "quotas", np.where(kind < 2, sign * value, 0.0))
        _relate(book, limits)
        cost = rows["cost"][limits.row]
        soft = ~np.isnan(cost)
        book.subset("wanted_quotas", "quotas", soft)
        book.parameter("quota_cost", "wanted_quotas", cost[soft])
        parents = tuple(index[name][soft] for name in index.dimensions)
        book.relation("quota_slack", "quotas", parents, limit=np.flatnonzero(soft))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """By how much a limit is missed, and what that costs."""
        m.off_quota = pyo.Var(m.wanted_quotas, domain=pyo.NonNegativeReals)
        m.beyond = pyo.Var(m.quotas, domain=pyo.NonNegativeReals)
        ledger.cost("quota", m.quota_cost, m.off_quota)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """A customer gets what it must, and no more than it may."""
        m.quota = pyo.Constraint(
            m.quotas,
            rule=lambda m, i, c, k: (
                m.quota_sign[i, c, k]
                * (
                    sum(ledger.total("delivered", m, d, l, t) for d, l, t in m.quota_ways[i, c, k])
                    + sum(ledger.total("otherwise", m, d, t) for d, t in m.quota_otherwise[i, c, k])
                    - m.quota_share[i, c, k]
                    * sum(ledger.total("delivered", m, d, l, t) for d, l, t in m.shared_ways[i, c, k])
                    - m.quota_share[i, c, k]
                    * sum(ledger.total("otherwise", m, d, t) for d, t in m.shared_otherwise[i, c, k])
                )
                + sum(m.off_quota[i, c, j] for j in m.quota_slack[i, c, k])
                - m.beyond[i, c, k]
                == m.quota_quantity[i, c, k]
            ),
        )

    def contradiction(self, instance: Instance, book: Book, rule: str, row: int, missing: float) -> Finding:
        """What would be possible, beside what is asked for."""
        limits = _limits(instance)
        column, k = LIMITS[limits.kind[row]], int(limits.row[row])
        value, rows = float(_values(instance, limits)[row]), instance["quotas"]
        what = f"{rows['item'][k]} for {rows['customer'][k]}" if rows["item"][k] else f"what {rows['customer'][k]} gets"
        by = f"{missing:.10g} are missing" if limits.kind[row] % 2 == 0 else f"{missing:.10g} are too much"
        return _at(
            k,
            "quota that cannot be kept",
            f"{what}{_window(instance, limits.first[row], limits.last[row])}: a {column.replace('_', ' ')} of "
            f"{value:,.10g} cannot be kept, {by}",
            column,
            value,
        )


@dataclass(frozen=True)
class _Limits:
    """Cells of `quotas` that are filled: row, which of `LIMITS`, item (-1: all), customer, window."""

    row: Codes
    kind: Codes
    item: Codes
    customer: Codes
    first: Codes
    last: Codes


def _limits(instance: Instance) -> _Limits:
    rows = instance["quotas"]
    row, kind = np.nonzero(np.column_stack([~np.isnan(rows[name]) for name in LIMITS]))
    item, customer = instance.codes("quotas", "item")[row], instance.codes("quotas", "customer")[row]
    first, last = valid_periods(instance, "quotas")
    return _Limits(row, kind, item, customer, first[row], last[row])


def _values(instance: Instance, limits: _Limits) -> Array:
    """What each filled cell says."""
    cells = np.column_stack([instance["quotas"][name] for name in LIMITS])
    said: Array = cells[limits.row, limits.kind]
    return said


def _relate(book: Book, limits: _Limits) -> None:
    """The deliveries to the customer, and, where a share counts, to all."""
    (lines,) = book.posted("demand lines")
    ways = delivery_ways(book, lines, len(limits.row) > 0)
    other, when = otherwise(book)
    for name, (of, at) in _counted(lines, limits, ways.which, ways.period).items():
        parents = (limits.item[of], limits.customer[of], of)
        members = {"line": ways.line[at], "location": ways.location[at], "period": ways.period[at]}
        book.relation(f"{name}_ways", "quotas", parents, **members)
    for name, (of, at) in _counted(lines, limits, np.searchsorted(lines.row, other), when).items():
        parents = (limits.item[of], limits.customer[of], of)
        book.relation(f"{name}_otherwise", "quotas", parents, line=other[at], period=when[at])


def _counted(lines: DemandLines, limits: _Limits, which: Codes, period: Codes) -> dict[str, tuple[Codes, Codes]]:
    """Pairs (limit, place in the arrays) of what counts: to the customer, and where a share counts, to all."""
    own: list[Codes] = [np.zeros(0, np.int64)]
    everybody: list[Codes] = [np.zeros(0, np.int64)]
    for k in range(len(limits.row)):
        counts = (period >= limits.first[k]) & (period <= limits.last[k])
        if limits.item[k] >= 0:
            counts &= lines.item[which] == limits.item[k]
        own.append(np.flatnonzero(counts & (lines.customer[which] == limits.customer[k])))
        everybody.append(np.flatnonzero(counts if limits.kind[k] >= 2 else np.zeros_like(counts)))
    return {
        name: (np.repeat(np.arange(len(limits.row)), [len(some) for some in chosen[1:]]), np.concatenate(chosen))
        for name, chosen in (("quota", own), ("shared", everybody))
    }


def _too_many_shares(instance: Instance) -> Iterator[Finding]:
    """Minimum shares of one item and window that are more than all of it."""
    rows = instance["quotas"]
    hard = np.where(np.isnan(rows["cost"]), np.nan_to_num(rows["minimum_share"]), 0.0)
    if not (hard > 0).any():
        return
    key = np.column_stack([instance.codes("quotas", "item"), *valid_periods(instance, "quotas")])
    _, which = np.unique(key, axis=0, return_inverse=True)
    total = np.bincount(which.ravel(), hard)
    for group in np.flatnonzero(total > 1 + 1e-9):
        last = int(np.flatnonzero((which.ravel() == group) & (hard > 0))[-1])
        of, who = rows["item"][last] or "all items", rows["customer"][(which.ravel() == group) & (hard > 0)]
        message = (
            f"the minimum shares of {', '.join(dict.fromkeys(who.tolist()))} in {of}"
            f"{_window(instance, *key[last, 1:])} add up to {total[group]:.10g}, more than all of it"
        )
        yield _at(last, "shares of more than all", message, "minimum_share", rows["minimum_share"][last])


def _window(instance: Instance, first: int, last: int) -> str:
    """The periods of a row, where they are not the whole horizon."""
    first, last, horizon = max(int(first), 0), min(int(last), instance.calendar.periods - 1), instance.calendar.periods
    if (first, last) == (0, horizon - 1) or first > last:
        return ""
    days, kind = instance.calendar.first_days().astype(str), instance.calendar.kind
    if first == last:
        return f" in the {kind} of {days[first]}"
    return f" from the {kind} of {days[first]} to that of {days[last]}"


def _at(row: Any, rule: str, message: str, column: str, value: object = "") -> Finding:
    return fault(rule, message, table="quotas", row=int(row), column=column, value=value)
