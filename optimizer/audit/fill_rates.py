"""Fill rates: so much of what a group of demand lines asks for is delivered at all, or what is missing is paid for.

For a row of `customers` with a `minimum_fill_rate`, and each row of `fill_rates` (its customer, class of customers,
item, class of items; an empty cell fits all), with q what the planned lines ask for and d what they get:

    Σ d >= minimum_fill_rate × Σ q                                       where no cost is given
    fill_rate = cost × max(minimum_fill_rate × Σ q - Σ d, 0)             where one is
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most, total
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("fill_rate",)


class _Group(NamedTuple):
    """Whom a target is for, and what these lines must get and do."""

    customer: str
    item: str
    cost: Fraction | None
    least: Fraction
    delivered: Fraction


def costs(book: Book) -> Iterator[Charge]:
    """What is below each target that has a cost."""
    for group in _groups(book):
        if group.cost is not None:
            yield Charge(
                account="fill_rate",
                amount=group.cost * max(group.least - group.delivered, ZERO),
                period=None,
                item=group.item,
                customer=group.customer,
                rate=group.cost,
            )


def check(book: Book) -> Iterator[Violation]:
    """Refuse less than must be delivered."""
    for group in _groups(book):
        if group.cost is None and not at_most(group.least, group.delivered):
            yield Violation(
                rule="fill_rate",
                file="allocations.csv",
                item=group.item,
                customer=group.customer,
                message="less is delivered than its minimum fill rate",
                found=show(group.delivered),
                expected=f"at least {show(group.least)}",
            )


def _groups(book: Book) -> Iterator[_Group]:
    tables = book.instance.tables
    for row in tables.rows("customers"):
        rate = row.number_or_none("minimum_fill_rate")
        if rate is not None:
            customer = row.text("customer")
            yield _group(book, rate, None, {customer}, None, customer, "")
    for row in tables.rows("fill_rates"):
        customers = _chosen(book, "customer", row.text("customer"), row.text("customer_class"))
        items = _chosen(book, "item", row.text("item"), row.text("item_class"))
        rate, cost = row.number("minimum_fill_rate"), row.number_or_none("cost")
        yield _group(book, rate, cost, customers, items, row.text("customer"), row.text("item"))


def _chosen(book: Book, kind: str, own: str, of_class: str) -> set[str] | None:
    """The ids that a row is for; None: all."""
    if not own and not of_class:
        return None
    chosen = {own}
    if of_class:
        members = {row.text(kind) for row in book.instance.tables.rows(f"{kind}s") if row.text("class") == of_class}
        chosen = members & {own} if own else members
    return chosen


def _group(
    book: Book,
    rate: Fraction,
    cost: Fraction | None,
    customers: set[str] | None,
    items: set[str] | None,
    customer: str,
    item: str,
) -> _Group:
    mine = [
        (line.quantity, book.services[key].delivered)
        for key, line in book.instance.lines.items()
        if (customers is None or line.customer in customers) and (items is None or line.item in items)
    ]
    asked, delivered = total(quantity for quantity, _ in mine), total(got for _, got in mine)
    return _Group(customer, item, cost, rate * asked, delivered)
