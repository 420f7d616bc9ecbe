"""Holding: what is on hand at a period's end pays the item's `holding_cost`.

    holding = Σ holding_cost_i × on_hand[i,l,t]

A `holding_cost` that is not given is price × holding_rate ÷ periods in a year.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book, Charge

ACCOUNTS = ("holding",)


def costs(book: Book) -> Iterator[Charge]:
    """By item, location and period."""
    for row in book.plan.stock_rows:
        rate = book.instance.item(row.item).holding_cost
        yield Charge(
            account="holding",
            amount=rate * row.on_hand,
            item=row.item,
            location=row.location,
            period=row.period,
            rate=rate,
        )
