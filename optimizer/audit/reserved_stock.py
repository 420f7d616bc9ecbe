"""Reserved stock: where a customer of a lower tier is served, the reserve is left and nobody above it waits.

For each row of `reserved_stock`: in every period in which anything of the item is delivered from its location (each,
where none is named) to a customer whose tier is above the row's, or who has none,

    on_hand >= quantity
    every line of the item of the other customers that may be delivered from there in that period, over a lane that is
    short enough where there are lanes, is delivered in full

Nothing else is delivered in place of an item with reserved stock, and it is not delivered in place of another.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, StockKey
from optimizer.audit.book.instance import Line
from optimizer.audit.book.numbers import ZERO, at_most, total
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse deliveries to lower tiers out of a reserve, or before others."""
    tables = book.instance.tables
    tiers = {row.text("customer"): row.number_or_none("tier") for row in tables.rows("customers")}
    for row in tables.rows("reserved_stock"):
        item, place, tier, reserved = row.text("item"), row.text("location"), row.number("tier"), row.number("quantity")
        for one in book.plan.allocations:
            given = book.leaves(one).item
            if given != one.item and item in (given, one.item):
                yield Violation(
                    rule="reserved_stock",
                    file="allocations.csv",
                    row=one.row,
                    item=one.item,
                    customer=one.customer,
                    message=f"{given} is delivered instead, and stock of {item} is reserved",
                )
        if not reserved:
            continue
        lower: dict[StockKey, Fraction] = defaultdict(Fraction)
        for one in book.plan.allocations:
            if one.item == item and place in ("", one.location) and _below(tiers.get(one.customer), tier):
                lower[item, one.location, one.delivery_period] += one.quantity
        for (_, location, t), taken in lower.items():
            refuse = partial(
                Violation, rule="reserved_stock", item=item, location=location, period=book.calendar.name(t)
            )
            if at_most(taken, ZERO):
                continue
            left = book.on_hand(item, location, t)
            if not at_most(reserved, left):
                yield refuse(
                    file="inventory.csv",
                    message=f"customers below tier {show(tier)} are served out of stock that is reserved",
                    found=show(left),
                    expected=f"at least {show(reserved)} on hand at the period's end",
                )
            for line in _waiting(book, item, location, t):
                if not _below(tiers.get(line.customer), tier):
                    message = f"served later than customers below tier {show(tier)}, for whom stock is not reserved"
                    yield refuse(file="allocations.csv", customer=line.customer, message=message)


def _below(tier: Fraction | None, of: Fraction) -> bool:
    return tier is None or tier > of


def _waiting(book: Book, item: str, location: str, t: int) -> Iterator[Line]:
    """Lines that may be delivered from there in a period, and are not in full by its end."""
    rows = list(book.instance.tables.rows("lanes"))
    on_the_way = {row.text("customer"): row.number("lead_time") for row in rows if row.text("location") == location}
    for key, line in book.instance.lines.items():
        served = not rows or (line.customer in on_the_way and on_the_way[line.customer] <= t)
        if served and line.item == item and line.location in ("", location) and line.first <= t <= line.last:
            got = total(row.quantity for row in book.deliveries.get(key, ()) if row.delivery_period <= t)
            if not at_most(line.quantity, got):
                yield line
