"""Overstock: stock above `maximum` at a period's end pays `overstock_cost`.

    overstock = Σ overstock_cost_il × max(on_hand[i,l,t] - maximum_il, 0)

The cost, where none is given, is four times the holding cost.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO

ACCOUNTS = ("overstock",)


def costs(book: Book) -> Iterator[Charge]:
    """By item, location and period."""
    for row in book.plan.stock_rows:
        stock = book.instance.stocks.get((row.item, row.location))
        if stock is not None and stock.maximum is not None:
            yield Charge(
                account="overstock",
                amount=stock.overstock_cost * max(row.on_hand - stock.maximum, ZERO),
                item=row.item,
                location=row.location,
                period=row.period,
                rate=stock.overstock_cost,
            )
