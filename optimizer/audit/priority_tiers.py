"""Priority tiers: what waiting and shortage cost the tiers that go first is what the plan says of them.

With `[allocation] strict_tiers` n: of the n lowest tiers of customers who ask for anything, each costs

    Σ over its lines of backorder_cost × (t - first) × delivered in t + shortage_cost × never delivered

`tiers.csv`, where it is written, tells that, and `goals` of `run.json`, in the order of the tiers, with bounds that are
not above it. That no other plan serves a tier better cannot be seen from the files: the bounds are believed.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, at_most_money, same_money, same_quantity
from optimizer.audit.book.violation import Violation, show

FILE = "tiers.csv"
MONEY_KEPT = Fraction(1, 10**5)  # by which a later goal may worsen an earlier one of no size


class Tier(NamedTuple):
    """A row of `tiers.csv`."""

    row: int
    tier: Fraction
    asked: Fraction
    delivered: Fraction
    cost: Fraction


class _Served(NamedTuple):
    """A tier as it is served; `rates` is how much a unit more or less could change its cost."""

    asked: Fraction = ZERO
    delivered: Fraction = ZERO
    cost: Fraction = ZERO
    rates: Fraction = ZERO


def check(book: Book) -> Iterator[Violation]:
    """Refuse tiers that are told otherwise than they are served."""
    served = _served(book)
    goals = book.plan.run.get("goals")
    if isinstance(goals, list) and len(goals) == len(served):
        for told, (tier, is_served) in zip(goals, sorted(served.items()), strict=True):
            yield from _goal(told, tier, is_served)
    refuse = partial(Violation, rule="tiers", file=FILE)
    told_tiers = set()
    for row in book.plan.load(FILE, Tier) if (book.plan.folder / FILE).exists() else []:
        if row.tier in told_tiers:
            yield refuse(row=row.row, message=f"tier {show(row.tier)} is told twice")
        told_tiers.add(row.tier)
        right = served.get(row.tier, _Served())
        if not same_quantity(row.asked, right.asked) or not same_quantity(row.delivered, right.delivered):
            expected = f"{show(right.delivered)} of {show(right.asked)}"
            yield refuse(
                row=row.row, message=f"tier {show(row.tier)} asks for or gets something else", expected=expected
            )
        if not same_money(row.cost, right.cost, right.rates * QUANTITY_ABSOLUTE):
            yield refuse(row=row.row, message="cost is wrong", found=show(row.cost), expected=show(right.cost))
    for tier in set(served) - told_tiers:
        yield refuse(message=f"tier {show(tier)} is not told")


def _goal(told: object, tier: Fraction, served: _Served) -> Iterator[Violation]:
    figures = told if isinstance(told, dict) else {}
    value, bound = (_number(figures.get(name)) for name in ("value", "bound"))
    slack = served.rates * QUANTITY_ABSOLUTE + MONEY_KEPT
    reached = value is not None and at_most_money(served.cost, value + slack)
    if value is None or bound is None or not reached or not at_most_money(bound, value):
        yield Violation(
            rule="tiers",
            file="run.json",
            message=f"tier {show(tier)} is served worse than its goal, or the goal is below its bound",
            found=f"value {value}, bound {bound}",
            expected=show(served.cost),
        )


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) else None


def _served(book: Book) -> dict[Fraction, _Served]:
    count = book.instance.number("allocation", "strict_tiers", "0")
    tiers = {row.text("customer"): row.number_or_none("tier") for row in book.instance.tables.rows("customers")}
    if not count:
        return {}
    served: dict[Fraction, _Served] = {}
    for key, line in book.instance.lines.items():
        tier = tiers.get(line.customer)
        if tier is None:
            continue
        before, service = served.get(tier, _Served()), book.services[key]
        waits = [(row.delivery_period - line.first, row.quantity) for row in book.deliveries.get(key, ())]
        waiting = line.backorder_cost * sum((w * quantity for w, quantity in waits), ZERO)
        served[tier] = _Served(
            before.asked + line.quantity,
            before.delivered + service.delivered,
            before.cost + waiting + line.shortage_cost * service.short,
            before.rates + line.shortage_cost + line.backorder_cost * sum(abs(w) for w, _ in waits),
        )
    return {tier: served[tier] for tier in sorted(served)[: int(count)]}
