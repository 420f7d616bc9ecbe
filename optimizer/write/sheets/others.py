"""Others: a sheet for each further result table that a part gives, under its own name."""

from optimizer.report.text import counted
from optimizer.write.columns import RESULTS
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import Rows

SHOWN_ELSEWHERE = {"purchase_orders", "allocations", "backorders", "inventory", "costs", "actions"}


def write_others(book: Book) -> None:
    """One sheet for each table that no other sheet shows."""
    for name, columns in RESULTS.items():
        frame = None if name in SHOWN_ELSEWHERE else book.table(name)
        if frame is None:
            continue
        rows = Rows(book, name.replace("_", " ").capitalize(), frame, columns)
        rows.head(f"{counted(len(frame), 'row')}.", len(frame), f"{name}.csv")
        rows.write()
