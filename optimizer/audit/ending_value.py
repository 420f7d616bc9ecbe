"""Ending value: what is left at the end of the horizon is worth something, a negative amount.

    ending_value = - Σ ending_value_i × on_hand[i,l,T-1]

An `ending_value` that is not given is the least that a unit can cost: `unit_cost × (1 - the supplier's best discount)`.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book, Charge

ACCOUNTS = ("ending_value",)


def costs(book: Book) -> Iterator[Charge]:
    """By item and location, in the last period."""
    for row in book.plan.stock_rows:
        if row.period == book.calendar.periods - 1:
            rate = book.instance.item(row.item).ending_value
            yield Charge(
                account="ending_value",
                amount=-rate * row.on_hand,
                item=row.item,
                location=row.location,
                period=row.period,
                rate=rate,
            )
