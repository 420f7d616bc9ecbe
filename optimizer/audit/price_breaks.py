"""Price breaks: what an order line costs where its supplier gives quantity discounts.

With breaks b_1 < b_2 < … at prices c_1, c_2, … and the price c_0 of its sourcing row below b_1, a line of q units costs

    all_units      c_j × q                                        b_j the largest break that q reaches
    incremental    Σ_j c_j × (what of q lies from b_j to b_j+1)

A row holds in the periods from that of `valid_from` to that of `valid_to`. For an order, the rows of its location
count, or where none holds those of no location; of them, those that hold on the period's first day, or else those that
begin first.
"""

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.instance import Instance
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.plan import Order


class _Break(NamedTuple):
    """A row of `price_breaks`."""

    least: Fraction
    price: Fraction
    kind: str
    valid_from: date
    valid_to: date


@lru_cache(maxsize=1)
def _rows(instance: Instance) -> dict[tuple[str, str, str], list[_Break]]:
    """Rows by item, supplier and location (empty: all)."""
    found: dict[tuple[str, str, str], list[_Break]] = {}
    for row in instance.tables.rows("price_breaks"):
        dates = row.day("valid_from") or date.min, row.day("valid_to") or date.max
        figures = row.number("minimum_quantity"), row.number("unit_cost"), row.text("kind", "all_units")
        key = row.text("item"), row.text("supplier"), row.text("location")
        found.setdefault(key, []).append(_Break(*figures, *dates))
    return found


def _ladder(instance: Instance, order: Order) -> list[_Break]:
    """The breaks that hold for an order, the smallest first."""
    calendar, t = instance.calendar, order.order_period
    day = calendar.first_days[t]
    for location in (order.location, ""):
        rows = _rows(instance).get((order.item, order.supplier, location), ())
        rows = [row for row in rows if calendar.index(row.valid_from) <= t <= calendar.index(row.valid_to)]
        now = [row for row in rows if row.valid_from <= day <= row.valid_to]
        if rows:
            return sorted(now or [row for row in rows if row.valid_from == min(rows, key=_begins).valid_from])
    return []


def _begins(row: _Break) -> date:
    return row.valid_from


def value(book: Book, order: Order) -> Fraction | None:
    """What the goods cost; None where there are no breaks."""
    source = book.source(order)
    rows = _ladder(book.instance, order)
    if source is None or not rows:
        return None
    breaks = [(row.least, row.price) for row in rows]
    ladder = [(ZERO, source.unit_cost), *breaks]
    if rows[0].kind == "all_units":
        return [price for least, price in ladder if at_most(least, order.quantity)][-1] * order.quantity
    ends = [least for least, _ in breaks] + [max(order.quantity, breaks[-1][0])]
    return sum(
        (price * max(min(order.quantity, end) - least, ZERO) for (least, price), end in zip(ladder, ends, strict=True)),
        ZERO,
    )
