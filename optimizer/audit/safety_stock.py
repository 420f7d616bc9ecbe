"""Safety stock: what is missing of it at a period's end pays `safety_stock_cost`.

    safety_stock = Σ safety_stock_cost_il × max(safety_stock_il - on_hand[i,l,t], 0)

The cost, where none is given, is four times the holding cost, but not above the smallest weighted backorder cost of the
item's lines: else customers would wait so that safety stock can rest.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO

ACCOUNTS = ("safety_stock",)


def costs(book: Book) -> Iterator[Charge]:
    """By item, location and period, told in `inventory.csv` or not."""
    for (item, location), stock in book.instance.stocks.items():
        if stock.safety_stock > 0:
            for t in range(book.calendar.periods):
                missing = max(stock.safety_stock - book.on_hand(item, location, t), ZERO)
                yield Charge(
                    account="safety_stock",
                    amount=stock.safety_stock_cost * missing,
                    item=item,
                    location=location,
                    period=t,
                    rate=stock.safety_stock_cost,
                )
