"""Shares: how what is bought of an item is split over its suppliers.

For each row with share limits, over its location or (rows for all locations) over all, of what is bought, before the
plan (`bought_before`) and by it:

    share_min × everybody's <= the supplier's <= share_max × everybody's

Where the year began off its shares nothing must be ordered to make up for it. A supplier that was behind may still be,
if it gets its share of the new orders and only suppliers that were behind get any; one that was ahead, if it gets none.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.violation import Violation, show

Amounts = dict[tuple[str, str, str], Fraction]  # by item, location (empty: all), supplier (empty: everybody)


def check(book: Book) -> Iterator[Violation]:
    """Refuse splits outside the limits; open orders do not count."""
    new, before = _amounts(), _amounts()
    for order in book.plan.orders:
        _add(new, order.item, order.supplier, order.location, order.quantity)
    for row in book.instance.tables.rows("bought_before"):
        _add(before, row.text("item"), row.text("supplier"), row.text("location"), row.number("quantity"))
    behind = {
        (item, location, supplier)
        for (item, supplier, location), sources in book.instance.sources.items()
        if before[item, location, supplier] < sources[0].share_min * before[item, location, ""]
    }
    behind_get: Amounts = defaultdict(Fraction)
    for item, location, supplier in behind:
        behind_get[item, location, ""] += new[item, location, supplier]
    for (item, supplier, location), sources in book.instance.sources.items():
        key, all_of_it = (item, location, supplier), (item, location, "")
        total, part = new[all_of_it] + before[all_of_it], new[key] + before[key]
        least, most = sources[0].share_min * total, sources[0].share_max * total
        catching_up = (
            key in behind
            and at_most(new[all_of_it], behind_get[all_of_it])
            and at_most(sources[0].share_min * new[all_of_it], new[key])
        )
        paused = before[key] > sources[0].share_max * before[all_of_it] and new[key] == ZERO
        if not (at_most(least, part) or catching_up) or not (at_most(part, most) or paused):
            yield Violation(
                rule="shares",
                file="purchase_orders.csv",
                item=item,
                supplier=supplier,
                location=location,
                message=f"the supplier's part of {show(total)} bought is outside its share",
                found=show(part),
                expected=f"{show(least)} to {show(most)}",
            )


def _amounts() -> Amounts:
    return defaultdict(Fraction)


def _add(amounts: Amounts, item: str, supplier: str, location: str, quantity: Fraction) -> None:
    for place in {location, ""}:
        for whose in (supplier, ""):
            amounts[item, place, whose] += quantity
