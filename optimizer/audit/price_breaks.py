"""Price breaks: what an order line costs where its supplier gives quantity discounts.

With breaks b_1 < b_2 < … at prices c_1, c_2, … and the price c_0 of its sourcing row below b_1, a line of q units costs

    all_units      c_j × q                                        b_j the largest break that q reaches
    incremental    Σ_j c_j × (what of q lies from b_j to b_j+1)
"""

from fractions import Fraction
from functools import lru_cache

from optimizer.audit.book import Book
from optimizer.audit.book.instance import Instance
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.plan import Order


@lru_cache(maxsize=1)
def _ladders(instance: Instance) -> dict[tuple[str, str], tuple[str, list[tuple[Fraction, Fraction]]]]:
    """Kind and breaks, the smallest first, by item and supplier."""
    ladders: dict[tuple[str, str], tuple[str, list[tuple[Fraction, Fraction]]]] = {}
    for row in instance.tables.rows("price_breaks"):
        kind = row.text("kind", "all_units")
        _, breaks = ladders.setdefault((row.text("item"), row.text("supplier")), (kind, []))
        breaks.append((row.number("minimum_quantity"), row.number("unit_cost")))
    return {key: (kind, sorted(breaks)) for key, (kind, breaks) in ladders.items()}


def value(book: Book, order: Order) -> Fraction | None:
    """What the goods cost; None where there are no breaks."""
    source = book.source(order)
    kind, breaks = _ladders(book.instance).get((order.item, order.supplier), ("", []))
    if source is None or not breaks:
        return None
    ladder = [(ZERO, source.unit_cost), *breaks]
    if kind == "all_units":
        return [price for least, price in ladder if at_most(least, order.quantity)][-1] * order.quantity
    ends = [least for least, _ in breaks] + [max(order.quantity, breaks[-1][0])]
    return sum(
        (price * max(min(order.quantity, end) - least, ZERO) for (least, price), end in zip(ladder, ends, strict=True)),
        ZERO,
    )
