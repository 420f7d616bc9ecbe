"""Supplier capacity: what a period's orders use of it, and what is used beyond it at a price.

    use[s,t]  = Σ (capacity_use × quantity + capacity_setup) over its order lines
    use[s,t] <= capacity_st + overtime_capacity_st
    overtime  = Σ overtime_cost_st × max(use[s,t] - capacity_st, 0)

A supplier and period without a row, or with an empty capacity, is unlimited.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("overtime",)


@dataclass(frozen=True, slots=True)
class _Load:
    """What a supplier can do in a period, and what is asked of it."""

    supplier: str
    period: int
    capacity: Fraction
    overtime_capacity: Fraction
    overtime_cost: Fraction
    use: Fraction


def _loads(book: Book) -> Iterator[_Load]:
    use: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for order in book.plan.orders:
        source = book.source(order)
        if source is not None:
            load = source.capacity_use * order.quantity + source.capacity_setup
            use[order.supplier, order.order_period] += load
    for row in book.instance.tables.rows("supplier_capacity"):
        day, capacity, supplier = row.day("period"), row.number_or_none("capacity"), row.text("supplier")
        if day is not None and capacity is not None and 0 <= book.calendar.index(day) < book.calendar.periods:
            t = book.calendar.index(day)
            overtime, cost = row.number("overtime_capacity"), row.number("overtime_cost")
            yield _Load(supplier, t, capacity, overtime, cost, use.get((supplier, t), ZERO))


def costs(book: Book) -> Iterator[Charge]:
    """Overtime, by supplier and period."""
    for load in _loads(book):
        yield Charge(
            account="overtime",
            amount=load.overtime_cost * max(load.use - load.capacity, ZERO),
            supplier=load.supplier,
            period=load.period,
            rate=load.overtime_cost,
        )


def check(book: Book) -> Iterator[Violation]:
    """Refuse orders beyond capacity and overtime."""
    for load in _loads(book):
        if not at_most(load.use, load.capacity + load.overtime_capacity):
            yield Violation(
                rule="supplier_capacity",
                file="purchase_orders.csv",
                supplier=load.supplier,
                period=book.calendar.name(load.period),
                message="the period's orders use more than capacity and overtime",
                found=show(load.use),
                expected=f"at most {show(load.capacity)} + {show(load.overtime_capacity)} overtime",
            )
