"""Waiting discounts: who is delivered later than the line would wait is one who waits for a discount, and gets it.

With own window τ … τ + max_delay of a line, and the rows of `waiting_discounts` for its item and customer (empty: all):

    the line may wait until τ + max_delay + the largest `periods`
    waiting_discount = Σ (least `discount` of the rows with periods >= t - τ - max_delay) × quantity delivered in t

`waiting_offers.csv`, where it is written, tells what is so delivered of each line and period.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.instance import Instance, Line
from optimizer.audit.book.numbers import ZERO, same_money, same_quantity
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("waiting_discount",)
FILE = "waiting_offers.csv"
Offers = list[tuple[int, Fraction]]  # periods beyond the window, and discount for that


class Offer(NamedTuple):
    """A row of `waiting_offers.csv`."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    delivery_period: int
    quantity: Fraction
    discount: Fraction
    cost: Fraction


def lines(instance: Instance) -> Iterator[Line]:
    """Lines that may wait longer."""
    for key, (last, offers) in _offered(instance).items():
        line = instance.lines[key]
        longest = max((periods for periods, _ in offers), default=0)
        yield line._replace(last=min(last + longest, instance.calendar.periods - 1))


def costs(book: Book) -> Iterator[Charge]:
    """By delivery, in its period."""
    offered = _offered(book.instance)
    for row in book.plan.allocations if offered else ():
        last, offers = offered.get(row.line, (None, []))
        rate = None if last is None else _rate(offers, row.delivery_period - last)
        if rate:
            yield Charge(
                account="waiting_discount",
                amount=rate * row.quantity,
                item=row.item,
                customer=row.customer,
                location=row.location,
                period=row.delivery_period,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse offers that are not those of the deliveries."""
    expected: dict[tuple[LineKey, int], tuple[Fraction, Fraction]] = defaultdict(lambda: (ZERO, ZERO))
    offered = _offered(book.instance)
    for row in book.plan.allocations if offered else ():
        last, offers = offered.get(row.line, (None, []))
        rate = None if last is None else _rate(offers, row.delivery_period - last)
        if rate is not None:
            key = row.line, row.delivery_period
            expected[key] = expected[key][0] + row.quantity, rate
    told = book.plan.load(FILE, Offer) if (book.plan.folder / FILE).exists() else []
    for offer in told:
        named = offer.item, offer.customer, offer.due, offer.kind, offer.demand_location, offer.reference
        quantity, rate = expected.pop((named, offer.delivery_period), (ZERO, ZERO))
        refuse = partial(
            Violation, rule="waiting_offers", file=FILE, row=offer.row, item=offer.item, customer=offer.customer
        )
        if not same_quantity(offer.quantity, quantity):
            message = "it is not what is delivered so late"
            yield refuse(message=message, found=show(offer.quantity), expected=show(quantity))
        for name, found, right in (("discount", offer.discount, rate), ("cost", offer.cost, rate * quantity)):
            if not same_money(found, right):
                yield refuse(message=f"{name} is not by waiting_discounts", found=show(found), expected=show(right))
    for (line_key, t), (quantity, _) in expected.items():
        message = f"what is delivered in {book.calendar.name(t)} for a discount is not told"
        yield Violation(
            rule="waiting_offers", file=FILE, item=line_key[0], customer=line_key[1], message=message,
            expected=show(quantity),
        )  # fmt: skip


def _rate(offers: Offers, beyond: int) -> Fraction | None:
    """What is taken off a unit that comes so much after the window; None where nothing is, or nobody waits."""
    if beyond <= 0:
        return None
    return min((discount for periods, discount in offers if periods >= beyond), default=None)


def _offered(instance: Instance) -> dict[LineKey, tuple[int, Offers]]:
    """Last period of the own window, and the offers, by planned line for which there are any."""
    rows = [
        (row.text("item"), row.text("customer"), (int(row.number("periods")), row.number("discount")))
        for row in instance.tables.rows("waiting_discounts")
    ]
    found: dict[LineKey, tuple[int, Offers]] = {}
    for row in instance.tables.rows("demand") if rows else ():
        item, customer = row.text("item"), row.text("customer")
        key = (
            item, customer, row.as_written("due"), row.text("kind", "order"), row.text("location"),
            row.text("reference"),
        )  # fmt: skip
        offers = [offer for i, c, offer in rows if i in ("", item) and c in ("", customer)]
        own = row.number_or_none("max_delay")
        delay = instance.item(item).max_delay if own is None else own
        if offers and delay is not None and key in instance.lines:
            found[key] = instance.lines[key].first + int(delay), offers
    return found
