"""Identities: every item, supplier, customer and location that a plan names is one of the instance's, byte for byte."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from optimizer.audit.book import Book
from optimizer.audit.book.violation import Violation

FILES = {
    "purchase_orders.csv": ("item", "supplier", "location"),
    "allocations.csv": ("item", "customer", "location"),
    "backorders.csv": ("item", "customer"),
    "inventory.csv": ("item", "location"),
    "costs.csv": ("item", "supplier", "customer", "location"),
}


KINDS = ("item", "supplier", "customer", "location")
TABLES = ("items", "suppliers", "customers", "sourcing", "demand", "inventory", "open_orders")


def check(book: Book) -> Iterator[Violation]:
    """Refuse ids that the instance does not have; keys of costs may be empty."""
    tables = book.instance.tables
    known = {kind: set().union(*(tables.texts(table, kind) for table in TABLES)) for kind in KINDS}
    known["location"] = set(book.instance.locations)
    plan = book.plan
    records: dict[str, Sequence[Any]] = {
        "purchase_orders.csv": plan.orders,
        "allocations.csv": plan.allocations,
        "backorders.csv": plan.backorders,
        "inventory.csv": plan.stock_rows,
        "costs.csv": plan.cost_rows,
    }
    for file, kinds in FILES.items():
        for kind in kinds:
            ids = known[kind] | {""} if file == "costs.csv" else known[kind] - {""}
            for record, text in zip(records[file], map(attrgetter(kind), records[file]), strict=True):
                if text not in ids:
                    message = f"no such {kind} in the instance"
                    yield Violation(
                        rule="identity", file=file, row=record.row, message=message, found=text or "nothing"
                    )
