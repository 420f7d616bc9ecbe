"""Pegging: which receipt serves which demand line, first in first out; losses and what stays beside."""

from optimizer.report.pegging import COLUMNS
from optimizer.report.text import counted
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import Rows


def write_pegging(book: Book) -> None:
    """The sheet of who is served by which order."""
    frame = book.shown.pegging
    if not len(frame):
        return
    rows = Rows(book, "Pegging", frame, COLUMNS)
    served = frame[frame["use"] == "delivery"]
    lines = counted(len(served[["item", "customer", "due", "kind", "reference"]].drop_duplicates()), "demand line")
    sentence = f"Which receipt serves whom, first in first out: {lines} served, and what is lost or stays."
    rows.head(sentence, len(frame), "allocations.csv (deliveries)")
    rows.write()
