"""Storage: stock beyond a location's room, or beyond what it bears, is paid for.

overflow = Σ overflow_cost_l × max(Σ unit_volume_i × on_hand[i,l,t] - volume_capacity_l, 0)
         + Σ weight_overflow_cost_l × max(Σ unit_weight_i × on_hand[i,l,t] - weight_capacity_l, 0)
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO

ACCOUNTS = ("overflow",)
MEASURES = (
    ("unit_volume", "volume_capacity", "overflow_cost"),
    ("unit_weight", "weight_capacity", "weight_overflow_cost"),
)


def costs(book: Book) -> Iterator[Charge]:
    """By location and period."""
    tables = book.instance.tables
    for size, capacity, price in MEASURES:
        limits = {
            row.text("location"): (row.number(capacity), row.number(price))
            for row in tables.rows("locations")
            if row.number_or_none(capacity) is not None
        }
        if not limits:
            continue
        sizes = {row.text("item"): row.number(size) for row in tables.rows("items")}
        filled: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        slack: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for stock in book.plan.stock_rows:
            if stock.location in limits:
                of_unit = sizes.get(stock.item, ZERO)
                filled[stock.location, stock.period] += of_unit * stock.on_hand
                slack[stock.location, stock.period] += of_unit
        for (location, t), volume in filled.items():
            room, cost = limits[location]
            yield Charge(
                account="overflow",
                amount=cost * max(volume - room, ZERO),
                location=location,
                period=t,
                rate=cost * slack[location, t],
            )
