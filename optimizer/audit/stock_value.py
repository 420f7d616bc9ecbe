"""Stock value: what lies on hand above `maximum_value` of a row of `value_limits` pays its `cost`.

    stock_value = Σ_r cost_r × max(Σ price_i × on_hand[i,l,t] - maximum_value_r, 0)

over the row's location or all, in its period or every one. A price that is not given is the lowest in `sourcing`.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO

ACCOUNTS = ("stock_value",)


def costs(book: Book) -> Iterator[Charge]:
    """By period."""
    rows = list(book.instance.tables.rows("value_limits"))
    if not rows:
        return
    value: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    slack: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for stock in book.plan.stock_rows:
        price = book.instance.item(stock.item).price
        for where in (stock.location, ""):
            value[where, stock.period] += price * stock.on_hand
            slack[where, stock.period] += price
    for row in rows:
        day, cost = row.day("period"), row.number("cost")
        for t in range(book.calendar.periods):
            if day is None or book.calendar.index(day) == t:
                key = row.text("location"), t
                above = value.get(key, ZERO) - row.number("maximum_value")
                rate = cost * slack.get(key, ZERO)
                yield Charge(account="stock_value", amount=cost * max(above, ZERO), period=t, rate=rate)
