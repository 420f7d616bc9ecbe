"""Delivery terms: lines that take all or nothing, come in one delivery, or in deliveries of some size.

For a line with q asked for and deliveries x, by its own terms or else its customer's:

    complete            Σ x is 0 or q
    one_delivery        there is one x at most
    minimum_delivery    each x is at least min(minimum_delivery, q)
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, at_most, same_quantity, total
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

COLUMNS = ("complete", "one_delivery", "minimum_delivery")


class _Terms(NamedTuple):
    complete: bool
    single: bool
    least: Fraction


def check(book: Book) -> Iterator[Violation]:
    """Refuse deliveries that break the terms of their line."""
    for key, terms in _terms(book).items():
        line, rows = book.instance.lines[key], book.deliveries.get(key, [])
        if not rows:
            continue
        about = partial(Violation, file="allocations.csv", row=rows[-1].row, item=line.item, customer=line.customer)
        delivered = total(row.quantity for row in rows)
        if terms.complete and not same_quantity(delivered, ZERO) and not same_quantity(delivered, line.quantity):
            message, right = "the line takes all or nothing", f"0 or {show(line.quantity)}"
            yield about(rule="complete", message=message, found=show(delivered), expected=right)
        if terms.single and len(rows) > 1:
            yield about(rule="one_delivery", message="the line takes one delivery", found=f"{len(rows)} deliveries")
        least = min(terms.least, line.quantity)
        for row in rows:
            if not at_most(least, row.quantity):
                yield about(
                    rule="minimum_delivery",
                    message="a delivery is smaller than the line takes",
                    found=show(row.quantity),
                    expected=f"at least {show(least)}",
                )


def _terms(book: Book) -> dict[LineKey, _Terms]:
    """Terms of planned lines that have any."""
    tables = book.instance.tables
    customers = {row.text("customer"): row for row in tables.rows("customers")}
    found: dict[LineKey, _Terms] = {}
    if not {cell for table in ("demand", "customers") for column in COLUMNS for cell in tables.texts(table, column)} - {
        ""
    }:
        return found
    for row in tables.rows("demand"):
        customer = customers.get(row.text("customer"))
        own = [
            row.text(column) or (customer.text(column) if customer else "") for column in ("complete", "one_delivery")
        ]
        least = row.number_or_none("minimum_delivery")
        if least is None:
            least = customer.number("minimum_delivery") if customer else ZERO
        terms = _Terms(own[0] == "yes", own[1] == "yes", least)
        key = row.text("item"), row.text("customer"), row.as_written("due"), row.text("kind", "order")
        line = *key, row.text("location"), row.text("reference")
        if (terms.complete or terms.single or terms.least) and line in book.instance.lines:
            found[line] = terms
    return found
