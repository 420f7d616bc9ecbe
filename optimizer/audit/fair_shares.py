"""Fair shares: what falls short of an item falls short for all of its customers alike, or unfairness is paid for.

For each row of `fair_shares` and each item that it is for, customers c with Q_c asked for and S_c never delivered, over
all of their planned lines, Q = Σ Q_c and S = Σ S_c:

    proportional    u_c = max(|S_c - Q_c / Q × S| - tolerance × Q_c, 0);    0, or fairness = cost × Σ u_c
    max_min         fairness = cost × Q × max S_c / Q_c
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("fairness",)


class _Party(NamedTuple):
    """A customer of an item: what it asks for, and what of it is never delivered."""

    asked: Fraction
    short: Fraction


def costs(book: Book) -> Iterator[Charge]:
    """By item, and where shares are proportional by customer."""
    for row, item, parties in _shared(book):
        cost = row.number_or_none("cost")
        if cost is None:
            continue
        if row.text("kind") == "max_min":
            asked = sum((party.asked for party in parties.values()), ZERO)
            worst = max(party.short / party.asked for party in parties.values())
            least = min(party.asked for party in parties.values())
            yield Charge("fairness", cost * asked * worst, None, item=item, rate=cost * asked / least)
            continue
        for customer, off in _unfair(row, parties):
            yield Charge("fairness", cost * off, None, item=item, customer=customer, rate=cost)


def check(book: Book) -> Iterator[Violation]:
    """Refuse shares that are not fair though they must be."""
    for row, item, parties in _shared(book):
        if row.text("kind") == "max_min" or row.number_or_none("cost") is not None:
            continue
        for customer, off in _unfair(row, parties):
            if not at_most(off, ZERO):
                yield Violation(
                    rule="fair_share",
                    file="backorders.csv",
                    item=item,
                    customer=customer,
                    message="what falls short is not shared in proportion",
                    found=f"{show(off)} beyond the tolerance",
                    expected="nothing beyond it",
                )


def _shared(book: Book) -> Iterator[tuple[TableRow, str, dict[str, _Party]]]:
    """Each row and item that it is for, with its customers."""
    rows = list(book.instance.tables.rows("fair_shares"))
    if not rows:
        return
    classes = {row.text("item"): row.text("class") for row in book.instance.tables.rows("items")}
    by_item: dict[str, dict[str, _Party]] = defaultdict(dict)
    for key, line in book.instance.lines.items():
        before = by_item[line.item].get(line.customer, _Party(ZERO, ZERO))
        short = before.short + book.services[key].short
        by_item[line.item][line.customer] = _Party(before.asked + line.quantity, short)
    for row in rows:
        for item, parties in by_item.items():
            if row.text("item") in ("", item) and row.text("item_class") in ("", classes[item]):
                yield row, item, parties


def _unfair(row: TableRow, parties: dict[str, _Party]) -> Iterator[tuple[str, Fraction]]:
    asked = sum((party.asked for party in parties.values()), ZERO)
    short = sum((party.short for party in parties.values()), ZERO)
    for customer, party in parties.items():
        off = abs(party.short - party.asked / asked * short)
        yield customer, max(off - row.number("tolerance") * party.asked, ZERO)
