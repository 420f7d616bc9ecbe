"""Run record: the rows, totals and hashes that `run.json` states of each file are those of the file.

It is what a loader checks its load by. `files` maps the name of a file to `rows` (without the header), `totals` (the
sum of each column of numbers) and `sha256`. A plan without a `run.json`, or with one that states nothing, passes.
"""

import csv
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from typing import Any

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, decimal, same_money, same_quantity
from optimizer.audit.book.violation import Violation, show


def check(book: Book) -> Iterator[Violation]:
    """Refuse a count, a total or a hash that is another."""
    for name, stated in book.plan.run_files.items():
        yield from _hash(book, name, stated)
        if "rows" in stated:
            yield from _table(book, name, stated)


def _hash(book: Book, name: str, stated: dict[str, Any]) -> Iterator[Violation]:
    digest = sha256((book.plan.folder / name).read_bytes()).hexdigest()
    if stated.get("sha256", digest) != digest:
        yield _violation(name, "sha256", str(stated["sha256"]), digest)


def _table(book: Book, name: str, stated: dict[str, Any]) -> Iterator[Violation]:
    with (book.plan.folder / name).open(encoding="utf-8", newline="", errors="replace") as file:
        rows = list(csv.DictReader(file))
    if stated["rows"] != len(rows):
        yield _violation(name, "rows", str(stated["rows"]), str(len(rows)))
    totals = stated.get("totals", {})
    for column, total in totals.items() if isinstance(totals, dict) else ():
        try:
            found, actual = Fraction(total), sum((decimal(row[column]) for row in rows if row[column]), ZERO)
        except (KeyError, TypeError, ValueError):
            yield _violation(name, f"total of {column}", str(total), "a column of numbers")
            continue
        if not same_quantity(found, actual) and not same_money(found, actual):
            yield _violation(name, f"total of {column}", show(found), show(actual))


def _violation(name: str, figure: str, found: str, expected: str) -> Violation:
    return Violation(
        rule="run_record",
        file="run.json",
        message=f"{figure} of {name} is not that of the file",
        found=found,
        expected=expected,
    )
