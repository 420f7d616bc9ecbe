"""Confirmations: what was promised is kept or paid for, and what is held to a promise is never better than it.

For a line with a policy, asked for q, confirmed for k (at most q, default q) by the period c (at least its first):

    win, gain     promise = promise_rate × weighted shortage cost × max(k - delivered by c, 0)
                  for `win` k is q, and c its first period
    fill, lose    nothing is delivered before c, and at most k in all; `lose`: its shortage costs nothing

A promise for after the horizon binds to nothing. `promises.csv`, where it is written, tells the lines of `win` and
`gain`, and no other.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.instance import Instance, Line
from optimizer.audit.book.numbers import ZERO, at_most, same_money, same_quantity, total
from optimizer.audit.book.plan import LineKey
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("promise",)
FILE = "promises.csv"
BINDING = ("win", "gain")
HELD = ("fill", "lose")


class Promise(NamedTuple):
    """A row of `promises.csv`."""

    row: int
    item: str
    customer: str
    due: str
    kind: str
    demand_location: str
    reference: str
    policy: str
    promised_period: int
    promised: Fraction
    kept: Fraction
    broken: Fraction
    cost: Fraction

    @property
    def line(self) -> LineKey:
        """The demand line that it names."""
        return self.item, self.customer, self.due, self.kind, self.demand_location, self.reference


class _Policy(NamedTuple):
    """What a line is bound to."""

    name: str
    by: int
    quantity: Fraction


def lines(instance: Instance) -> Iterator[Line]:
    """Lines that may be withdrawn at no cost."""
    for key, policy in _policies(instance).items():
        if policy.name == "lose":
            yield instance.lines[key]._replace(shortage_cost=ZERO)


def costs(book: Book) -> Iterator[Charge]:
    """Broken promises, by demand line, in the period it was due."""
    for key, (_, broken) in _promises(book).items():
        line = book.instance.lines[key]
        rate = book.instance.number("costs", "promise_rate", "10") * line.shortage_cost
        yield Charge(
            account="promise",
            amount=rate * broken,
            item=line.item,
            customer=line.customer,
            period=line.first,
            rate=rate,
        )


def check(book: Book) -> Iterator[Violation]:
    """Refuse what is better than it may be, and a table that tells other promises."""
    for key, policy in _policies(book.instance).items():
        if policy.name not in HELD:
            continue
        rows = book.deliveries.get(key, [])
        for row in rows:
            if row.delivery_period < policy.by:
                yield Violation(
                    rule="confirmation",
                    file="allocations.csv",
                    row=row.row,
                    item=row.item,
                    customer=row.customer,
                    period=book.calendar.name(row.delivery_period),
                    message=f"delivered before it was confirmed for, which its policy {policy.name} forbids",
                )
        delivered = total(row.quantity for row in rows)
        if not at_most(delivered, policy.quantity):
            yield Violation(
                rule="confirmation",
                file="allocations.csv",
                row=rows[-1].row,
                item=key[0],
                customer=key[1],
                message=f"more than was confirmed, which its policy {policy.name} forbids",
                found=show(delivered),
                expected=f"at most {show(policy.quantity)}",
            )
    yield from _table(book)


def _table(book: Book) -> Iterator[Violation]:
    promises = _promises(book)
    refuse = partial(Violation, rule="promises", file=FILE)
    for row in book.plan.load(FILE, Promise) if (book.plan.folder / FILE).exists() else []:
        about = partial(refuse, row=row.row, item=row.item, customer=row.customer)
        if row.line not in promises:
            yield about(message="no such promise binds")
            continue
        policy, broken = promises.pop(row.line)
        rate = book.instance.number("costs", "promise_rate", "10") * book.instance.lines[row.line].shortage_cost
        if (row.policy, row.promised_period) != (policy.name, policy.by):
            yield about(
                message="policy or period is another", expected=f"{policy.name}, {book.calendar.name(policy.by)}"
            )
        figures = ((row.promised, policy.quantity), (row.kept, policy.quantity - broken), (row.broken, broken))
        for found, right in figures:
            if not same_quantity(found, right):
                yield about(message="a quantity is wrong", found=show(found), expected=show(right))
        if not same_money(row.cost, rate * broken, rate / 10**6):
            yield about(message="cost is wrong", found=show(row.cost), expected=show(rate * broken))
    for key, (policy, _) in promises.items():
        yield refuse(item=key[0], customer=key[1], message=f"a promise is not told: {policy.name}, due {key[2]}")


def _promises(book: Book) -> dict[LineKey, tuple[_Policy, Fraction]]:
    """What binds, and what of it is broken."""
    promises = {}
    for key, policy in _policies(book.instance).items():
        if policy.name in BINDING and policy.by < book.calendar.periods:
            in_time = (row.quantity for row in book.deliveries.get(key, ()) if row.delivery_period <= policy.by)
            promises[key] = policy, max(policy.quantity - total(in_time), ZERO)
    return promises


def _policies(instance: Instance) -> dict[LineKey, _Policy]:
    policies: dict[LineKey, _Policy] = {}
    if instance.tables.texts("demand", "policy") <= {"", "redistribute"}:
        return policies
    for row in instance.tables.rows("demand"):
        name = row.text("policy", "redistribute")
        due, kind = row.as_written("due"), row.text("kind", "order")
        key = row.text("item"), row.text("customer"), due, kind, row.text("location"), row.text("reference")
        line = instance.lines.get(key)
        if line is None or name == "redistribute":
            continue
        day, most = row.day("confirmed"), row.number_or_none("confirmed_quantity")
        by = line.due if day is None else instance.calendar.index(day)
        quantity = line.quantity if most is None else min(most, line.quantity)
        win = name == "win"
        policies[key] = _Policy(name, line.first if win else max(by, line.first), line.quantity if win else quantity)
    return policies
