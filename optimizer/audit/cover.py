"""Cover: stock at a period's end above the demand of the next `maximum_cover` periods pays `cover_cost`.

    cover = Σ cover_cost_il × max(on_hand[i,l,t] - C_ilt, 0),  in the periods t whose next ones are within the horizon

C the demand of i due in them from lines that name l or no location; of a last part of a period, that part. The cost,
where none is given, is four times the holding cost.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO

ACCOUNTS = ("cover",)


def costs(book: Book) -> Iterator[Charge]:
    """By item, location and period."""
    limits = {}
    for row in book.instance.tables.rows("inventory"):
        cover = row.number_or_none("maximum_cover")
        if cover is not None:
            item, location = row.text("item"), row.text("location")
            if not location and len(book.instance.locations) == 1:
                location = book.instance.locations[0]
            limits[item, location] = cover, row.number("cover_cost", 4 * book.instance.item(item).holding_cost)
    if not limits:
        return
    due: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for line in book.instance.lines.values():
        due[line.item, line.location, line.first] += line.quantity
    for stock in book.plan.stock_rows:
        cover, cost = limits.get((stock.item, stock.location), (None, ZERO))
        if cover is None or stock.period + cover > book.calendar.periods - 1:
            continue
        asked, t = ZERO, stock.period
        while cover > 0:
            t += 1
            here = due.get((stock.item, stock.location, t), ZERO) + due.get((stock.item, "", t), ZERO)
            asked += min(cover, Fraction(1)) * here
            cover -= 1
        yield Charge(
            account="cover",
            amount=cost * max(stock.on_hand - asked, ZERO),
            item=stock.item,
            location=stock.location,
            period=stock.period,
            rate=cost,
        )
