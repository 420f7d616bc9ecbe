"""Worklist: what to do today, that first on which most money hangs."""

from optimizer.report.text import counted
from optimizer.write.columns import RESULTS
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import Rows

NAME = "To do today"


def write_worklist(book: Book) -> None:
    """The sheet of actions."""
    frame = book.table("actions")
    if frame is None:
        return
    rows = Rows(book, NAME, frame, RESULTS["actions"])
    sentence = f"{counted(len(frame), 'thing')} to do today, that first on which most money hangs."
    rows.head(sentence, len(frame), "actions.csv", frozen=3)
    rows.write()
