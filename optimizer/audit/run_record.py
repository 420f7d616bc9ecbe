"""Run record: the rows, totals and hashes that `run.json` states of each file are those of the file.

It is what a loader checks its load by. `files` maps the name of a file to `rows` (without the header), `totals` (the
sum of each column of numbers) and `sha256`. A plan without a `run.json`, or with one that states nothing, passes.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import decimal_total, same_money, same_quantity
from optimizer.audit.book.violation import Violation, show

ROWS_AT_ONCE = 10_000


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
    totals = stated.get("totals", {})
    totals = totals if isinstance(totals, dict) else {}
    rows, texts = _texts(book.plan.folder / name, list(totals))
    if stated["rows"] != rows:
        yield _violation(name, "rows", str(stated["rows"]), str(rows))
    for column, sum_stated in totals.items():
        try:
            found = Fraction(sum_stated)
            actual = decimal_total(texts[column])
        except (KeyError, TypeError, ValueError):
            yield _violation(name, f"total of {column}", str(sum_stated), "a column of numbers")
            continue
        if not same_quantity(found, actual) and not same_money(found, actual):
            yield _violation(name, f"total of {column}", show(found), show(actual))


def _texts(path: Path, columns: list[str]) -> tuple[int, dict[str, Counter[str]]]:
    """How many rows a file has, and how often each text stands in a column; without those that it lacks."""
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        reader = csv.reader(file)
        places = {name: place for place, name in enumerate(next(reader, []))}
        count, texts = 0, {column: Counter[str]() for column in columns if column in places}
        while some := list(islice(reader, ROWS_AT_ONCE)):
            rows = [row for row in some if row]
            count += len(rows)
            for column, seen in texts.items():
                place = places[column]
                seen.update(row[place] for row in rows if len(row) > place)
    return count, texts


def _violation(name: str, figure: str, found: str, expected: str) -> Violation:
    return Violation(
        rule="run_record",
        file="run.json",
        message=f"{figure} of {name} is not that of the file",
        found=found,
        expected=expected,
    )
